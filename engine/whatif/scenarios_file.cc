// Scenarios file, reading: one function for each member; every problem in one pass.

#include "whatif/scenarios_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/nearest_name.h"
#include "exact/decimal.h"
#include "rules/parser.h"
#include "whatif/detail/written_members.h"

namespace qz::whatif {
namespace {

using detail::need;
using detail::problem;
using detail::too_many;
using job::Reading;
using text::JsonValue;

std::string_view action_name(Action action) {
  return action == Action::kTo ? "to" : action == Action::kTimes ? "times" : "plus";
}

constexpr Action kActions[] = {Action::kTo, Action::kTimes, Action::kPlus};

// Exactly one of "to", "times", "plus" must stand in `value`; calls `found` with it.
template <class Found>
void read_action(const Reading& reading, const JsonValue& value, std::string_view what,
                 const Found& found) {
  int count = 0;
  for (const Action action : kActions) {
    const JsonValue* const member = value.find(action_name(action));
    if (member == nullptr) continue;
    if (++count == 1) found(action, *member);
  }
  if (count == 1 || !value.is(JsonValue::Kind::kObject)) return;
  problem(reading, value, fmt::format("{} needs one of \"to\", \"times\" and \"plus\"", what),
          fmt::format("{} 需要 \"to\"、\"times\"、\"plus\" 之一", what));
}

job::Members with_actions(job::Members members) {
  for (const Action action : kActions)
    members.emplace_back(std::string(action_name(action)), [](const JsonValue&) {});
  return members;
}

// A value that `to` may give: a number, or a text, a truth or a date as the column has it.
void read_new_value(const Reading& reading, const JsonValue& value, WrittenChange& out) {
  if (value.is(JsonValue::Kind::kBool)) {
    out.is_number = false;
    out.amount.text = value.boolean ? "true" : "false";
    out.amount.place = reading.place(value);
    return;
  }
  base::Findings unused;
  const Reading quiet{reading.file, unused, reading.malformed};
  if (auto amount = read_amount(quiet, value, "to")) {
    out.amount = std::move(*amount);
    return;
  }
  out.is_number = false;
  out.amount.text = job::read_text(reading, value, "to");
  out.amount.place = reading.place(value);
}

void read_pin(const Reading& reading, const JsonValue& value, WrittenChange& out) {
  out.pin = job::read_text(reading, value, "pin");
  const std::size_t at = out.pin.find('@');
  if (out.pin.empty() || (at != std::string::npos && at > 0 && at + 1 < out.pin.size())) return;
  problem(reading, value,
          fmt::format("pin: \"{}\" names no edition (write \"id@version\")", out.pin),
          fmt::format("pin：\"{}\" 不是版本（请写 \"id@version\"）", out.pin));
}

WrittenChange read_change(const Reading& reading, const JsonValue& value) {
  WrittenChange out;
  out.place = reading.place(value);
  if (value.find("pin") != nullptr) {
    job::read_object(reading, value, "a pin",
                     {{"pin", [&](const JsonValue& v) { read_pin(reading, v, out); }},
                      {"note", [](const JsonValue&) {}}});
    return out;
  }
  job::Members members = target_members(reading, out.target);
  members.emplace_back("pin", [](const JsonValue&) {});
  members.emplace_back("note", [](const JsonValue&) {});
  if (!job::read_object(reading, value, "a change", with_actions(std::move(members)))) return out;
  need(reading, value, "a change", {"set"});
  read_action(reading, value, "a change", [&](Action action, const JsonValue& v) {
    out.action = action;
    if (action == Action::kTo) return read_new_value(reading, v, out);
    if (auto amount = read_amount(reading, v, action_name(action))) out.amount = *amount;
  });
  return out;
}

// A name that a result is called by: short, and fit for a file's name.
std::string read_name(const Reading& reading, const JsonValue& value, std::string_view what) {
  constexpr std::size_t kNameBytesMax = 120;
  const std::string name = job::read_text(reading, value, what);
  const bool plain = name.find_first_of("/\\\"<>|:*?\n\r\t") == std::string::npos &&
                     name.size() <= kNameBytesMax && (name.empty() || name.front() != '.');
  if (plain) return name;
  problem(
      reading, value,
      fmt::format("{}: a name has at most {} bytes, no / \\ : * ? \" < > | and no point in front",
                  what, kNameBytesMax),
      fmt::format("{}：名称不超过 {} 字节，不含 / \\ : * ? \" < > |，且不以点开头", what,
                  kNameBytesMax));
  return "";
}

WrittenScenario read_scenario(const Reading& reading, const JsonValue& value) {
  WrittenScenario out;
  out.place = reading.place(value);
  job::read_object(
      reading, value, "a scenario",
      {{"name", [&](const JsonValue& v) { out.name = read_name(reading, v, "name"); }},
       {"title", [&](const JsonValue& v) { out.title = job::read_bilingual(reading, v, "title"); }},
       {"note", [](const JsonValue&) {}},
       {"changes", [&](const JsonValue& v) { out.changes = read_changes(reading, v); }}});
  need(reading, value, "a scenario", {"name", "changes"});
  return out;
}

void read_scenario_list(const Reading& reading, const JsonValue& value, ScenariosFile& out) {
  std::set<std::string> names;
  job::read_list(reading, value, "scenarios", [&](const JsonValue& item) {
    if (out.scenarios.size() >= kScenariosMax) return;
    WrittenScenario one = read_scenario(reading, item);
    if (!one.name.empty() && !names.insert(one.name).second) {
      problem(reading, item, fmt::format("two scenarios are called \"{}\"", one.name),
              fmt::format("有两个情景同名 \"{}\"", one.name));
    }
    out.scenarios.push_back(std::move(one));
  });
  if (value.items.size() > kScenariosMax) too_many(reading, value, "scenarios", kScenariosMax);
}

// The member of that name as an amount.
std::function<void(const JsonValue&)> amount_member(const Reading& reading, Amount& out,
                                                    std::string_view what) {
  return [&reading, &out, what](const JsonValue& v) {
    if (auto amount = read_amount(reading, v, what)) out = std::move(*amount);
  };
}

void read_range(const Reading& reading, const JsonValue& value, std::string_view what,
                WrittenRange& out) {
  if (value.is(JsonValue::Kind::kArray)) {
    job::read_list(reading, value, what, [&](const JsonValue& item) {
      if (auto amount = read_amount(reading, item, what)) out.values.push_back(std::move(*amount));
    });
    return;
  }
  const bool is_object = job::read_object(reading, value, what,
                                          {{"from", amount_member(reading, out.from, "from")},
                                           {"to", amount_member(reading, out.to, "to")},
                                           {"step", amount_member(reading, out.step, "step")}});
  if (!is_object) return;
  need(reading, value, what, {"from", "to", "step"});
}

WrittenVary read_vary(const Reading& reading, const JsonValue& value) {
  WrittenVary out;
  out.place = reading.place(value);
  if (!job::read_object(reading, value, "vary",
                        with_actions(target_members(reading, out.target)))) {
    return out;
  }
  need(reading, value, "vary", {"set"});
  read_action(reading, value, "vary", [&](Action action, const JsonValue& v) {
    out.action = action;
    read_range(reading, v, action_name(action), out.range);
  });
  return out;
}

WrittenSweep read_sweep(const Reading& reading, const JsonValue& value) {
  WrittenSweep out;
  out.place = reading.place(value);
  job::read_object(reading, value, "sweep",
                   {{"scenario",
                     [&](const JsonValue& v) {
                       out.scenario = job::read_text(reading, v, "scenario");
                       out.scenario_place = reading.place(v);
                     }},
                    {"note", [](const JsonValue&) {}},
                    {"vary", [&](const JsonValue& v) {
                       job::read_list(reading, v, "vary", [&](const JsonValue& item) {
                         if (out.vary.size() < kVaryMax)
                           out.vary.push_back(read_vary(reading, item));
                       });
                       if (v.items.size() > kVaryMax) too_many(reading, v, "vary", kVaryMax);
                     }}});
  need(reading, value, "sweep", {"vary"});
  return out;
}

// [low, high], in this order.
void read_pair(const Reading& reading, const JsonValue& value, std::string_view what, Amount& low,
               Amount& high) {
  if (value.is(JsonValue::Kind::kArray) && value.items.size() == 2) {
    amount_member(reading, low, what)(value.items[0]);
    amount_member(reading, high, what)(value.items[1]);
    return;
  }
  problem(reading, value, fmt::format("{} is a list of two: [low, high]", what),
          fmt::format("{} 应为两个数的列表：[低, 高]", what));
}

WrittenSensitivity read_input(const Reading& reading, const JsonValue& value) {
  WrittenSensitivity out;
  out.place = reading.place(value);
  job::Members members = target_members(reading, out.target);
  members.emplace_back(
      "title", [&](const JsonValue& v) { out.title = job::read_bilingual(reading, v, "title"); });
  if (!job::read_object(reading, value, "an input", with_actions(std::move(members)))) return out;
  need(reading, value, "an input", {"set"});
  read_action(reading, value, "an input", [&](Action action, const JsonValue& v) {
    out.action = action;
    read_pair(reading, v, action_name(action), out.low, out.high);
  });
  return out;
}

WrittenTornado read_sensitivity(const Reading& reading, const JsonValue& value) {
  WrittenTornado out;
  out.place = reading.place(value);
  job::read_object(reading, value, "sensitivity",
                   {{"of",
                     [&](const JsonValue& v) {
                       out.of_place = reading.place(v);
                       if (auto formula = read_formula(reading, v, "of")) {
                         out.of = formula->text;
                         out.of_formula = std::move(*formula);
                       }
                     }},
                    {"note", [](const JsonValue&) {}},
                    {"inputs", [&](const JsonValue& v) {
                       job::read_list(reading, v, "inputs", [&](const JsonValue& item) {
                         if (out.inputs.size() < kUncertainMax)
                           out.inputs.push_back(read_input(reading, item));
                       });
                       if (v.items.size() > kUncertainMax)
                         too_many(reading, v, "inputs", kUncertainMax);
                     }}});
  need(reading, value, "sensitivity", {"of", "inputs"});
  return out;
}

// "fuel_month.FC", or an object with "where" and dates.
void read_sought(const Reading& reading, const JsonValue& value, Written& out) {
  if (!value.is(JsonValue::Kind::kString)) {
    job::read_object(reading, value, "vary", target_members(reading, out));
    need(reading, value, "vary", {"set"});
    return;
  }
  out.set = job::read_text(reading, value, "vary");
  out.place = reading.place(value);
}

// Whether the member says `word`, the one word (or one of two) that it may say.
bool read_word(const Reading& reading, const JsonValue& value, std::string_view what,
               std::string_view word, std::string_view usual = {}) {
  const std::string text = job::read_text(reading, value, what);
  if (text == word) return true;
  if (text.empty() || (!usual.empty() && text == usual)) return false;
  const std::string either =
      usual.empty() ? fmt::format("\"{}\"", word) : fmt::format("\"{}\" or \"{}\"", usual, word);
  problem(reading, value, fmt::format("{} may only be {}", what, either),
          fmt::format("{} 只能是 {}", what, either));
  return false;
}

WrittenSeek read_seek(const Reading& reading, const JsonValue& value) {
  WrittenSeek out;
  out.place = reading.place(value);
  const auto formula = [&](const JsonValue& v) {
    if (auto read = read_formula(reading, v, "until")) out.until = std::move(*read);
  };
  const bool is_object = job::read_object(
      reading, value, "seek",
      with_actions({{"scenario",
                     [&](const JsonValue& v) {
                       out.scenario = job::read_text(reading, v, "scenario");
                       out.scenario_place = reading.place(v);
                     }},
                    {"vary", [&](const JsonValue& v) { read_sought(reading, v, out.target); }},
                    {"until", formula},
                    {"step", amount_member(reading, out.step, "step")},
                    {"note", [](const JsonValue&) {}},
                    {"assume",
                     [&](const JsonValue& v) {
                       out.monotone = read_word(reading, v, "assume", "monotone");
                     }},
                    {"take",
                     [&](const JsonValue& v) {
                       out.largest = read_word(reading, v, "take", "largest", "smallest");
                     }},
                    {"between", [&](const JsonValue& v) {
                       read_pair(reading, v, "between", out.low, out.high);
                     }}}));
  if (!is_object) return out;
  need(reading, value, "seek", {"vary", "until", "step", "between"});
  read_action(reading, value, "seek", [&](Action action, const JsonValue& v) {
    out.action = action;
    if (v.is(JsonValue::Kind::kBool) && v.boolean) return;
    problem(reading, v, fmt::format("{} is true: the goal seeks its value", action_name(action)),
            fmt::format("{} 应为 true：其值由求解得出", action_name(action)));
  });
  return out;
}

WrittenReport read_report(const Reading& reading, const JsonValue& value) {
  WrittenReport out;
  out.place = reading.place(value);
  const auto formula = [&](const JsonValue& v) {
    if (auto read = read_formula(reading, v, "of")) out.formula = std::move(*read);
  };
  if (value.is(JsonValue::Kind::kString)) {
    formula(value);
  } else {
    job::read_object(
        reading, value, "report",
        {{"name", [&](const JsonValue& v) { out.name = read_name(reading, v, "name"); }},
         {"of", formula},
         {"unit", [&](const JsonValue& v) { out.unit = job::read_text(reading, v, "unit"); }}});
    need(reading, value, "report", {"of"});
  }
  if (out.name.empty()) out.name = out.formula.text;
  return out;
}

void read_reports(const Reading& reading, const JsonValue& value, ScenariosFile& out) {
  std::set<std::string> names;
  job::read_list(reading, value, "report", [&](const JsonValue& item) {
    if (out.report.size() >= kReportsMax) return;
    out.report.push_back(read_report(reading, item));
    const std::string& name = out.report.back().name;
    if (name.empty() || names.insert(name).second) return;
    problem(reading, item, fmt::format("report names \"{}\" twice", name),
            fmt::format("report 中 \"{}\" 出现两次", name));
  });
  if (value.items.size() > kReportsMax) too_many(reading, value, "report", kReportsMax);
}

// A scenario that a sweep or goal stands on must be one of the file.
void check_scenario_name(const Reading& reading, const ScenariosFile& file, const std::string& name,
                         const base::Place& place) {
  if (name.empty()) return;
  std::vector<std::string> names;
  for (const WrittenScenario& one : file.scenarios) {
    if (one.name == name) return;
    names.push_back(one.name);
  }
  const std::string hint = base::nearest_hint(name, names);
  reading.problems.push_back(base::failure(
      "unknown-scenario", place, fmt::format("no scenario is called \"{}\"{}", name, hint),
      fmt::format("没有名为 \"{}\" 的情景{}", name, hint)));
}

std::optional<bool> read_flag(const Reading& reading, const JsonValue& value,
                              std::string_view what) {
  if (value.is(JsonValue::Kind::kBool)) return value.boolean;
  problem(reading, value, fmt::format("{} is true or false", what),
          fmt::format("{} 应为 true 或 false", what));
  return std::nullopt;
}

bool asks_for_nothing(const JsonValue& document) {
  constexpr const char* kWork[] = {"scenarios", "sweep",       "sensitivity", "seek",
                                   "measures",  "uncertainty", "report"};
  return std::none_of(std::begin(kWork), std::end(kWork),
                      [&](const char* name) { return document.find(name) != nullptr; });
}

}  // namespace

job::Reading reading_of(const std::string& file, base::Findings& problems) {
  return {file, problems, "malformed-scenarios"};
}

std::optional<Amount> read_amount(const Reading& reading, const JsonValue& value,
                                  std::string_view what) {
  const bool is_text = value.is(JsonValue::Kind::kString) || value.is(JsonValue::Kind::kNumber);
  Amount out;
  out.place = reading.place(value);
  out.text = value.text;
  std::string digits = value.text;
  const std::size_t open = digits.find('[');
  if (open != std::string::npos && digits.back() == ']') {
    out.unit = digits.substr(open + 1, digits.size() - open - 2);
    digits.resize(open);
    while (!digits.empty() && digits.back() == ' ') digits.pop_back();
  }
  std::optional<exact::Number> number;
  if (is_text && digits.size() <= 2 * exact::kDigitsMax) number = exact::parse_ratio(digits);
  if (number && (open == std::string::npos || !out.unit.empty())) {
    out.number = std::move(*number);
    return out;
  }
  problem(
      reading, value,
      is_text ? fmt::format("{}: \"{}\" is not a number (write \"0.97\" or \"-500[t]\")", what,
                            value.text)
              : fmt::format("{} must be a number in a text (write \"0.97\" or \"-500[t]\")", what),
      is_text ? fmt::format("{}：\"{}\" 不是数字（请写 \"0.97\" 或 \"-500[t]\"）", what, value.text)
              : fmt::format("{} 应为文本中的数字（请写 \"0.97\" 或 \"-500[t]\"）", what));
  return std::nullopt;
}

std::optional<rules::Formula> read_formula(const Reading& reading, const JsonValue& value,
                                           std::string_view what) {
  rules::Formula out;
  out.text = job::read_text(reading, value, what);
  if (out.text.empty()) return std::nullopt;
  out.place = reading.place(value);
  ++out.place.column;  // after the quote
  auto parsed = rules::parse_expression(out.text, out.place);
  if (!parsed) {
    reading.problems.push_back(parsed.failure());
    return std::nullopt;
  }
  out.expression = std::shared_ptr<const rules::Expression>(std::move(*parsed));
  return out;
}

std::optional<base::Date> read_date(const Reading& reading, const JsonValue& value,
                                    std::string_view what) {
  const std::string text = job::read_text(reading, value, what);
  if (text.empty()) return std::nullopt;
  const std::optional<base::Date> date = base::Date::parse(text);
  if (!date) {
    problem(reading, value, fmt::format("{}: \"{}\" is not a date (write 2022-07-01)", what, text),
            fmt::format("{}：\"{}\" 不是日期（请写 2022-07-01）", what, text));
  }
  return date;
}

job::Members target_members(const Reading& reading, Written& out) {
  return {
      {"set",
       [&reading, &out](const JsonValue& v) {
         out.set = job::read_text(reading, v, "set");
         out.place = reading.place(v);
       }},
      {"where",
       [&reading, &out](const JsonValue& v) { out.where = read_formula(reading, v, "where"); }},
      {"from", [&reading, &out](const JsonValue& v) { out.from = read_date(reading, v, "from"); }},
      {"until",
       [&reading, &out](const JsonValue& v) { out.until = read_date(reading, v, "until"); }}};
}

std::vector<WrittenChange> read_changes(const Reading& reading, const JsonValue& value) {
  std::vector<WrittenChange> out;
  if (value.is(JsonValue::Kind::kArray) && value.items.empty()) return out;  // nothing changes
  job::read_list(reading, value, "changes", [&](const JsonValue& item) {
    if (out.size() < kChangesMax) out.push_back(read_change(reading, item));
  });
  if (value.items.size() > kChangesMax) too_many(reading, value, "changes", kChangesMax);
  return out;
}

std::optional<ScenariosFile> read_scenarios(std::string_view bytes, const std::string& file,
                                            base::Findings& problems) {
  const auto document = text::parse_json(bytes, file);
  if (!document) {
    problems.push_back(document.failure());
    return std::nullopt;
  }
  const std::size_t before = problems.size();
  const Reading reading = reading_of(file, problems);
  ScenariosFile out;
  out.file = file;
  const bool is_object = job::read_object(
      reading, *document, "the scenarios file",
      {{"base",
        [&](const JsonValue& v) {
          out.base = job::read_text(reading, v, "base");
          out.base_place = reading.place(v);
        }},
       {"title", [&](const JsonValue& v) { job::read_bilingual(reading, v, "title"); }},
       {"note", [](const JsonValue&) {}},
       {"scenarios", [&](const JsonValue& v) { read_scenario_list(reading, v, out); }},
       {"report", [&](const JsonValue& v) { read_reports(reading, v, out); }},
       {"sweep", [&](const JsonValue& v) { out.sweep = read_sweep(reading, v); }},
       {"sensitivity", [&](const JsonValue& v) { out.sensitivity = read_sensitivity(reading, v); }},
       {"seek", [&](const JsonValue& v) { out.seek = read_seek(reading, v); }},
       {"target", [&](const JsonValue& v) { out.target = read_formula(reading, v, "target"); }},
       {"findings", [&](const JsonValue& v) { out.findings = read_flag(reading, v, "findings"); }},
       {"measures", [&](const JsonValue& v) { out.measures = v; }},
       {"uncertainty", [&](const JsonValue& v) { out.uncertainty = v; }}});
  if (is_object) {
    need(reading, *document, "the scenarios file", {"base"});
    if (out.sweep)
      check_scenario_name(reading, out, out.sweep->scenario, out.sweep->scenario_place);
    if (out.seek) check_scenario_name(reading, out, out.seek->scenario, out.seek->scenario_place);
    if (asks_for_nothing(*document)) {
      problem(reading, *document,
              "the file asks for nothing: give it scenarios, a sweep, a seek or measures",
              "文件没有要求任何计算：请给出 scenarios、sweep、seek 或 measures");
    }
  }
  if (problems.size() > before) return std::nullopt;
  return out;
}

}  // namespace qz::whatif
