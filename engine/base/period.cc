// Period: parsing, printing, containment. Everything goes through the first day of the period.

#include "base/period.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/assert.h"

namespace qz::base {
namespace {

constexpr std::array<std::string_view, 6> kNames = {"hour",    "day",  "month",
                                                    "quarter", "year", "cycle"};

// The integer that `text` spells with digits only; -1 otherwise.
int digits(std::string_view text) {
  if (text.empty()) return -1;
  int value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

// Floor division for a positive divisor.
std::int32_t floor_div(std::int32_t a, std::int32_t b) {
  return a >= 0 ? a / b : -((-a + b - 1) / b);
}

int parse_year(std::string_view text) {
  const int year = text.size() == 4 ? digits(text) : -1;
  return year >= 1 ? year : -1;
}

std::optional<Period> parse_hour(std::string_view text) {
  if (text.size() != 13 || text[10] != 'T') return std::nullopt;
  const std::optional<Date> day = Date::parse(text.substr(0, 10));
  const int hour = digits(text.substr(11, 2));
  if (!day || hour < 0 || hour > 23) return std::nullopt;
  return Period{PeriodKind::kHour, day->days() * 24 + hour};
}

std::optional<Period> parse_month(std::string_view text) {
  if (text.size() != 7 || text[4] != '-') return std::nullopt;
  const int year = parse_year(text.substr(0, 4));
  const int month = digits(text.substr(5, 2));
  if (year < 0 || month < 1 || month > 12) return std::nullopt;
  return Period{PeriodKind::kMonth, year * 12 + month - 1};
}

std::optional<Period> parse_quarter(std::string_view text) {
  if (text.size() != 7 || text[4] != '-' || text[5] != 'Q') return std::nullopt;
  const int year = parse_year(text.substr(0, 4));
  const int quarter = digits(text.substr(6, 1));
  if (year < 0 || quarter < 1 || quarter > 4) return std::nullopt;
  return Period{PeriodKind::kQuarter, year * 4 + quarter - 1};
}

std::int32_t index_of_day(PeriodKind kind, Date day) {
  switch (kind) {
    case PeriodKind::kHour:
      return day.days() * 24;
    case PeriodKind::kDay:
      return day.days();
    case PeriodKind::kMonth:
      return day.year() * 12 + day.month() - 1;
    case PeriodKind::kQuarter:
      return day.year() * 4 + (day.month() - 1) / 3;
    case PeriodKind::kYear:
      return day.year();
    case PeriodKind::kCycle:
      return 0;
  }
  return 0;
}

}  // namespace

std::optional<PeriodKind> period_kind(std::string_view key_column) {
  const auto* found = std::find(kNames.begin(), kNames.end(), key_column);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<PeriodKind>(found - kNames.begin());
}

std::string_view period_kind_name(PeriodKind kind) {
  return kNames[static_cast<std::size_t>(kind)];
}

std::optional<Period> parse_period(PeriodKind kind, std::string_view text, const Cycle& cycle) {
  switch (kind) {
    case PeriodKind::kHour:
      return parse_hour(text);
    case PeriodKind::kDay: {
      const std::optional<Date> day = Date::parse(text);
      if (!day) return std::nullopt;
      return Period{kind, day->days()};
    }
    case PeriodKind::kMonth:
      return parse_month(text);
    case PeriodKind::kQuarter:
      return parse_quarter(text);
    case PeriodKind::kYear: {
      const int year = parse_year(text);
      if (year < 0) return std::nullopt;
      return Period{kind, year};
    }
    case PeriodKind::kCycle:
      if (text != cycle.id) return std::nullopt;
      return Period{kind, 0};
  }
  return std::nullopt;
}

std::string period_text(Period period, const Cycle& cycle) {
  char buffer[24];
  switch (period.kind) {
    case PeriodKind::kHour:
      std::snprintf(buffer, sizeof buffer, "T%02d",
                    period.index - floor_div(period.index, 24) * 24);
      return first_day(period, cycle).to_string() + buffer;
    case PeriodKind::kDay:
      return Date(period.index).to_string();
    case PeriodKind::kMonth:
      std::snprintf(buffer, sizeof buffer, "%04d-%02d", period.index / 12, period.index % 12 + 1);
      return buffer;
    case PeriodKind::kQuarter:
      std::snprintf(buffer, sizeof buffer, "%04d-Q%d", period.index / 4, period.index % 4 + 1);
      return buffer;
    case PeriodKind::kYear:
      std::snprintf(buffer, sizeof buffer, "%04d", period.index);
      return buffer;
    case PeriodKind::kCycle:
      return cycle.id;
  }
  return {};
}

Date first_day(Period period, const Cycle& cycle) {
  switch (period.kind) {
    case PeriodKind::kHour:
      return Date(floor_div(period.index, 24));
    case PeriodKind::kDay:
      return Date(period.index);
    case PeriodKind::kMonth:
      return Date::of(period.index / 12, period.index % 12 + 1, 1);
    case PeriodKind::kQuarter:
      return Date::of(period.index / 4, period.index % 4 * 3 + 1, 1);
    case PeriodKind::kYear:
      return Date::of(period.index, 1, 1);
    case PeriodKind::kCycle:
      return cycle.first_day();
  }
  return {};
}

Date last_day(Period period, const Cycle& cycle) {
  switch (period.kind) {
    case PeriodKind::kHour:
    case PeriodKind::kDay:
      return first_day(period, cycle);
    case PeriodKind::kCycle:
      return cycle.last_day();
    default:
      break;
  }
  const Period next{period.kind, period.index + 1};
  return first_day(next, cycle).plus_days(-1);
}

std::optional<Period> containing(Period period, PeriodKind kind, const Cycle& cycle) {
  QZ_ASSERT(kind >= period.kind);
  if (kind == period.kind) return period;
  const Date day = first_day(period, cycle);
  if (kind == PeriodKind::kCycle && !cycle.covers(day)) return std::nullopt;
  return Period{kind, index_of_day(kind, day)};
}

bool overlap(Period a, Period b, const Cycle& cycle) {
  if (a.kind > b.kind) std::swap(a, b);
  const std::optional<Period> longer = containing(a, b.kind, cycle);
  return longer && *longer == b;
}

std::vector<Period> periods_between(PeriodKind kind, Date from, Date to) {
  std::vector<Period> out;
  if (to < from) return out;
  const std::int32_t last = index_of_day(kind, to) + (kind == PeriodKind::kHour ? 23 : 0);
  for (std::int32_t i = index_of_day(kind, from); i <= last; ++i) out.push_back({kind, i});
  return out;
}

std::string_view period_example(PeriodKind kind) {
  switch (kind) {
    case PeriodKind::kHour:
      return "2022-03-31T05";
    case PeriodKind::kDay:
      return "2022-03-31";
    case PeriodKind::kMonth:
      return "2022-03";
    case PeriodKind::kQuarter:
      return "2022-Q1";
    case PeriodKind::kYear:
      return "2022";
    case PeriodKind::kCycle:
      return "the id of the job's cycle";
  }
  return {};
}

}  // namespace qz::base
