// Period: an hour, day, month, quarter, year or the job's cycle, as a kind and a count.
//
// Invariants: periods of one kind are in time order by `index`, without gaps, so that
// "three months later" is index + 3; each period lies in exactly one of every longer kind (a year
// in the cycle only if the cycle lists it).

#ifndef QZ_BASE_PERIOD_H_
#define QZ_BASE_PERIOD_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"

namespace qz::base {

// From short to long.
enum class PeriodKind : std::uint8_t { kHour, kDay, kMonth, kQuarter, kYear, kCycle };

// The kind that a key column named so has ("month"), if it is one of the six names.
std::optional<PeriodKind> period_kind(std::string_view key_column);
std::string_view period_kind_name(PeriodKind kind);

// The job's compliance period: an id and consecutive years. The one period of kind kCycle.
struct Cycle {
  std::string id;
  int year_first = 0;
  int year_last = 0;

  bool covers(Date day) const { return day.year() >= year_first && day.year() <= year_last; }
  Date last_day() const { return Date::of(year_last, 12, 31); }
  Date first_day() const { return Date::of(year_first, 1, 1); }
};

struct Period {
  PeriodKind kind = PeriodKind::kYear;
  // hour: hours since 1970-01-01T00; day: days since then; month: year*12 + month-1;
  // quarter: year*4 + quarter-1; year: the year; cycle: 0.
  std::int32_t index = 0;

  auto operator<=>(const Period&) const = default;
};

// The period that `text` names in the form of `kind` (2022-03-31T05, 2022-03-31, 2022-03, 2022-Q1,
// 2022, the cycle's id); empty if it is another form or does not exist.
std::optional<Period> parse_period(PeriodKind kind, std::string_view text, const Cycle& cycle);
std::string period_text(Period period, const Cycle& cycle);

// First and last day.
Date first_day(Period period, const Cycle& cycle);
Date last_day(Period period, const Cycle& cycle);

// The period of the longer (or same) kind that `period` lies in; empty where a year (or what lies
// in one) is asked for its cycle and the cycle does not list it. Precondition: kind is not shorter.
std::optional<Period> containing(Period period, PeriodKind kind, const Cycle& cycle);

// True if one of the two lies in the other (or they are equal).
bool overlap(Period a, Period b, const Cycle& cycle);

// All periods of `kind` from the one that holds `from` to the one that holds `to`, in order.
std::vector<Period> periods_between(PeriodKind kind, Date from, Date to);

// An example of the written form: "2022-03".
std::string_view period_example(PeriodKind kind);

}  // namespace qz::base

#endif  // QZ_BASE_PERIOD_H_
