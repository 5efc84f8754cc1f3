// Measures file, reading: a list of measures, or an object that has the list and what is asked.

#include "whatif/measures_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "exact/decimal.h"
#include "whatif/detail/written_members.h"
#include "whatif/measure_rules.h"

namespace qz::whatif {
namespace {

using detail::need;
using detail::problem;
using job::Reading;
using text::JsonValue;

// "1200000", or {"2021": "400000", "2022": "800000"}.
ByYear read_by_year(const Reading& reading, const JsonValue& value, std::string_view what) {
  ByYear out;
  if (!value.is(JsonValue::Kind::kObject)) {
    if (auto amount = read_amount(reading, value, what)) out[kWholeCycle] = std::move(*amount);
    return out;
  }
  for (const auto& [year, member] : value.members) {
    if (auto amount = read_amount(reading, member, what)) out[year] = std::move(*amount);
  }
  if (value.members.empty()) {
    problem(reading, value, fmt::format("{} names no year", what),
            fmt::format("{} 没有年份", what));
  }
  return out;
}

std::vector<std::string> read_ids(const Reading& reading, const JsonValue& value,
                                  std::string_view what) {
  std::vector<std::string> out;
  if (value.is(JsonValue::Kind::kArray) && value.items.empty()) return out;
  job::read_list(reading, value, what, [&](const JsonValue& item) {
    out.push_back(job::read_text(reading, item, what));
  });
  return out;
}

WrittenMeasure read_measure(const Reading& reading, const JsonValue& value) {
  WrittenMeasure out;
  out.place = reading.place(value);
  const bool is_object = job::read_object(
      reading, value, "a measure",
      {{"id", [&](const JsonValue& v) { out.id = job::read_text(reading, v, "id"); }},
       {"title", [&](const JsonValue& v) { out.title = job::read_bilingual(reading, v, "title"); }},
       {"note", [](const JsonValue&) {}},
       {"changes", [&](const JsonValue& v) { out.changes = read_changes(reading, v); }},
       {"cost", [&](const JsonValue& v) { out.cost = read_by_year(reading, v, "cost"); }},
       {"excludes", [&](const JsonValue& v) { out.excludes = read_ids(reading, v, "excludes"); }},
       {"requires", [&](const JsonValue& v) { out.needs = read_ids(reading, v, "requires"); }}});
  if (is_object) need(reading, value, "a measure", {"id", "changes", "cost"});
  return out;
}

void read_measure_list(const Reading& reading, const JsonValue& value, WrittenMeasures& out) {
  std::set<std::string> ids;
  job::read_list(reading, value, "measures", [&](const JsonValue& item) {
    if (out.list.size() >= kMeasuresMax) return;
    WrittenMeasure one = read_measure(reading, item);
    if (!one.id.empty() && !ids.insert(one.id).second) {
      problem(reading, item, fmt::format("two measures have the id \"{}\"", one.id),
              fmt::format("有两项措施的 id 都是 \"{}\"", one.id));
    }
    out.list.push_back(std::move(one));
  });
  if (value.items.size() <= kMeasuresMax) return;
  problem(reading, value, fmt::format("measures: at most {} are allowed", kMeasuresMax),
          fmt::format("measures：最多 {} 项", kMeasuresMax));
}

void read_asked_max(const Reading& reading, const JsonValue& value, WrittenMeasures& out) {
  const auto number = exact::parse_decimal(value.text);
  const auto whole = number ? number->value.to_int64() : std::nullopt;
  if (whole && *whole > 0 && static_cast<std::uint64_t>(*whole) <= kAskedMax) {
    out.asked_max = static_cast<std::uint64_t>(*whole);
    return;
  }
  problem(reading, value, fmt::format("evaluations is a whole number from 1 to {}", kAskedMax),
          fmt::format("evaluations 应为 1 到 {} 的整数", kAskedMax));
}

// Calls `known` if `value` is the text `wanted`, the only one that the member may have.
void read_word(const Reading& reading, const JsonValue& value, std::string_view what,
               std::string_view wanted, bool& out) {
  out = value.is(JsonValue::Kind::kString) && value.text == wanted;
  if (out) return;
  problem(reading, value, fmt::format("{} can only be \"{}\"", what, wanted),
          fmt::format("{} 只能是 \"{}\"", what, wanted));
}

void read_what_is_asked(const Reading& reading, const JsonValue& value, WrittenMeasures& out) {
  const bool is_object = job::read_object(
      reading, value, "measures",
      {{"list", [&](const JsonValue& v) { read_measure_list(reading, v, out); }},
       {"budget", [&](const JsonValue& v) { out.budget = read_by_year(reading, v, "budget"); }},
       {"effect", [&](const JsonValue& v) { out.effect = read_formula(reading, v, "effect"); }},
       {"targets",
        [&](const JsonValue& v) {
          job::read_list(reading, v, "targets", [&](const JsonValue& item) {
            if (auto f = read_formula(reading, item, "targets"))
              out.target.push_back(std::move(*f));
          });
        }},
       {"evaluations", [&](const JsonValue& v) { read_asked_max(reading, v, out); }},
       {"suppose",
        [&](const JsonValue& v) {
          read_word(reading, v, "suppose", "effects-at-most-add-up", out.at_most_additive);
        }},
       {"method",
        [&](const JsonValue& v) { read_word(reading, v, "method", "solver", out.by_solver); }},
       {"note", [](const JsonValue&) {}}});
  if (is_object) need(reading, value, "measures", {"list"});
}

bool is_comparison(const rules::Formula& formula) {
  switch (formula.expression->kind) {
    case rules::ExpressionKind::kLess:
    case rules::ExpressionKind::kLessEqual:
    case rules::ExpressionKind::kGreater:
    case rules::ExpressionKind::kGreaterEqual:
      return true;
    default:
      return false;
  }
}

void check_question(const Reading& reading, const JsonValue& value, const WrittenMeasures& out) {
  for (const rules::Formula& one : out.target) {
    if (is_comparison(one)) continue;
    reading.problems.push_back(base::failure(
        "malformed-scenarios", one.place,
        fmt::format("target: \"{}\" must compare two numbers by <, <=, > or >=", one.text),
        fmt::format("target：\"{}\" 应以 <、<=、> 或 >= 比较两个数", one.text)));
  }
  if (out.target.empty() && !out.effect) {
    problem(reading, value,
            "measures need a \"target\" to reach, or an \"effect\" to make small within a "
            "\"budget\"",
            "措施需要目标 \"target\"，或预算 \"budget\" 内应尽量小的 \"effect\"");
  }
  if (out.target.empty() && out.budget.empty()) {
    problem(reading, value, "measures without a \"target\" need a \"budget\"",
            "没有 \"target\" 的措施需要 \"budget\"");
  }
}

}  // namespace

std::optional<WrittenMeasures> read_measures(const ScenariosFile& file, base::Findings& problems) {
  const Reading reading = reading_of(file.file, problems);
  const std::size_t before = problems.size();
  WrittenMeasures out;
  out.place = reading.place(file.measures);
  if (file.target) out.target.push_back(*file.target);
  if (file.measures.is(JsonValue::Kind::kArray)) {
    read_measure_list(reading, file.measures, out);
  } else {
    read_what_is_asked(reading, file.measures, out);
  }
  check_question(reading, file.measures, out);
  if (problems.size() == before) check_rules(out, problems);
  if (problems.size() > before) return std::nullopt;
  return out;
}

}  // namespace qz::whatif
