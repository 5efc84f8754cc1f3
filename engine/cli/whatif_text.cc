// What-if results as tables for people: what was changed, then base, value and difference, with one
// column for each change's part.

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "cli/listing.h"
#include "cli/print_findings.h"
#include "cli/whatif_sections.h"
#include "cli/whatif_writers.h"
#include "exact/decimal.h"
#include "exact/rounding.h"

namespace qz::cli {
namespace {

using whatif::ChangeResult;
using whatif::Figure;

constexpr std::size_t kPartsShown = 5;  // columns for parts; more are in CSV and JSON
constexpr std::int32_t kPlacesShown = 6;

// An exact text for the eye: what has no short form is rounded, and says so.
std::string shown(const std::string& exact_text) {
  const std::size_t point = exact_text.find('.');
  const bool is_short = exact_text.find('/') == std::string::npos &&
                        (point == std::string::npos ||
                         exact_text.size() - point - 1 <= static_cast<std::size_t>(kPlacesShown));
  if (is_short) return exact_text;
  const auto number = exact::parse_ratio(exact_text);
  if (!number) return exact_text;
  const exact::RoundingRule rule{kPlacesShown, exact::Rounding::kHalfEven, false};
  return "≈" + exact::decimal_text(exact::round(*number, rule), kPlacesShown);
}

std::string with_sign(const std::string& exact_text) {
  std::string text = shown(exact_text);
  const bool bare = exact_text.empty() || exact_text == "0" || exact_text.front() == '-';
  const std::string_view about = "≈";
  if (!bare) text.insert(text.starts_with(about) ? about.size() : 0, "+");
  return text;
}

class TextResults : public whatif::ResultSink {
 public:
  TextResults(WriteBytes write, const Options& options)
      : write_(std::move(write)), options_(options) {}

  void begin(const whatif::ResultHeader& header) override {
    out_ = fmt::format("{} {}\n{} {}\n", say("what if   ", "情景文件 "), header.file,
                       say("base      ", "基准任务 "), header.job);
    flush();
  }

  void scenario(const whatif::ScenarioResult& result) override {
    const std::string& title = result.title.in(options_.language);
    heading(say("scenario", "情景"), title.empty() ? result.name : result.name + ": " + title);
    for (std::size_t i = 0; i < result.changes.size(); ++i) change(i + 1, result.changes[i]);
    if (result.changes.empty()) add("  {}\n", say("no change", "没有变更"));
    figures(result.report, result.changes.size());
    by_entity(result.figures, result.changes.size());
    if (result.division == whatif::Division::kShapley) {
      add("{}\n", say("parts: the mean of what each change adds, over all orders; they sum to the "
                      "difference exactly",
                      "分解：各变更在所有先后次序下增量的平均值，合计恰为差值"));
    } else if (result.division == whatif::Division::kInTurn) {
      add("{}\n", say("parts: what each change adds to those before it, in the file's order; they "
                      "sum to the difference exactly",
                      "分解：按文件次序，各变更在其前变更之上的增量，合计恰为差值"));
    }
    findings(say("new finding", "新增问题"), result.appeared);
    findings(say("no longer found", "不再出现的问题"), result.vanished);
    if (!result.findings_compared)
      add("{}\n", say("findings: not compared (\"findings\": true asks for it)",
                      "问题：未比较（\"findings\": true 可要求比较）"));
    flush();
  }

  void sensitivity(const whatif::SensitivityResult& result) override {
    heading(say("sensitivity", "敏感性"),
            fmt::format("{} = {}{}", result.of, result.base, unit_text(result.unit)));
    Listing listing({{"input", {"input", "输入"}},
                     {"range", {"low … high", "低 … 高"}},
                     {"low", {"at low", "取低值"}},
                     {"high", {"at high", "取高值"}},
                     {"swing", {"swing", "波动"}}});
    for (const whatif::Swing& one : result.swings) {
      const std::string& title = one.title.in(options_.language);
      const std::string name =
          one.change.where.empty() ? one.change.set : one.change.set + " where " + one.change.where;
      listing.add({title.empty() ? name : title, one.change.action + " " + one.change.amount,
                   value(one.low.value, one.low.value_state),
                   value(one.high.value, one.high.value_state), shown(one.swing)});
    }
    out_ += listing.text(options_.language);
    flush();
  }

  void begin_sweep(const whatif::SweepShape& shape) override {
    heading(say("sweep", "扫描"), fmt::format("{} {}", shape.points, say("points", "个点")));
    if (!shape.scenario.empty()) add("  {} {}\n", say("on scenario", "基于情景"), shape.scenario);
    for (std::size_t i = 0; i < shape.dimensions.size(); ++i) change(i + 1, shape.dimensions[i]);
    flush();
  }

  // Lines as they come cannot know the widths of those that follow.
  void point(const whatif::SweepPoint& point) override {
    for (const std::string& one : point.values) add("{}  ", one);
    std::string line;
    for (const Figure& one : point.report) {
      line += fmt::format("{}{} {}{}", line.empty() ? "" : "; ", one.column,
                          value(one.value, one.value_state), unit_text(one.unit));
      if (!one.difference.empty()) line += fmt::format(" ({})", with_sign(one.difference));
    }
    if (point.report.empty()) {
      line = fmt::format("{} {}", point.figures.size(), say("figures moved", "个数值变动"));
      const auto total = std::find_if(point.figures.begin(), point.figures.end(),
                                      [](const Figure& one) { return one.entity.empty(); });
      if (total != point.figures.end()) {
        line += fmt::format("; {}.{} {} {}{}", total->table, total->column, key_text(total->key),
                            value(total->value, total->value_state), unit_text(total->unit));
      }
    }
    add("{}\n", line);
    if (out_.size() > kFlushBytes) flush();
  }

  void end_sweep() override { flush(); }

  void seek(const whatif::SeekResult& result) override {
    heading(say("goal", "求解"), result.until);
    if (!result.scenario.empty()) add("  {} {}\n", say("on scenario", "基于情景"), result.scenario);
    change(1, result.change);
    const std::string bracket =
        fmt::format("{} … {}, {} {}", result.low, result.high, say("step", "步长"), result.step);
    if (result.found) {
      add("{} {} ({})\n", say("found", "解"), *result.found, bracket);
      if (result.fails)
        add("{} {}\n", say("the next multiple outward does not do:", "向外的下一个倍数不满足："),
            *result.fails);
    } else {
      add("{} ({})\n", say("no multiple of the step does", "没有满足条件的倍数"), bracket);
    }
    if (result.halved) {
      add(say("looked at {} of {} multiples, by halving: the file vouches that more never does "
              "less\n",
              "考察了 {} / {} 个倍数：二分法，单调性由文件声明\n"),
          result.evaluations, result.candidates);
    } else {
      add(say("looked at {} of {} multiples, one after another from the {}\n",
              "考察了 {} / {} 个倍数：由{}开始逐一检验\n"),
          result.evaluations, result.candidates,
          result.largest ? say("largest", "大") : say("smallest", "小"));
    }
    if (result.unknown > 0)
      add("{} {}\n", result.unknown, say("of them without an answer", "个没有结果"));
    figures(result.report, 0);
    by_entity(result.figures, 0);
    flush();
  }

  void section(const whatif::Section& section) override {
    out_ += "\n" + section_text(section, options_);
    flush();
  }

  void end() override { flush(); }

 private:
  static constexpr std::size_t kFlushBytes = std::size_t{1} << 16;

  std::string_view say(std::string_view en, std::string_view zh) const {
    return options_.say(en, zh);
  }
  template <class... Parts>
  void add(std::string_view format, const Parts&... parts) {
    out_ += fmt::format(fmt::runtime(format), parts...);
  }
  void heading(std::string_view what, std::string_view name) { add("\n{} {}\n", what, name); }

  static std::string unit_text(const std::string& unit) {
    return unit.empty() || unit == "1" ? "" : " " + unit;
  }

  std::string value(const std::string& text, const std::string& state) const {
    if (state.empty()) return shown(text);
    if (state == "missing") return std::string(say("missing", "缺失"));
    if (state == "not-applicable") return "-";
    return "error: " + state;
  }

  void change(std::size_t number, const ChangeResult& of) {
    add("  {}  {}\n", number, of.text);
    std::string names;
    for (std::size_t i = 0; i < of.touched.size() && i < 3; ++i) {
      names += (names.empty() ? "" : "; ") + of.touched[i].name;
      if (!of.touched[i].value.empty()) names += ": " + of.touched[i].value;
    }
    if (of.count > 3) names += "; …";
    add("     {} {}: {}\n", say("touches", "触及"), of.count, names);
  }

  void figures(const std::vector<Figure>& list, std::size_t changes) {
    if (list.empty()) return;
    const bool parts = changes > 1 && changes <= kPartsShown;
    std::vector<Listing::Heading> headings = {{"figure", {"figure", "数值"}},
                                              {"base", {"base", "基准"}},
                                              {"value", {"value", "情景"}},
                                              {"difference", {"difference", "差值"}}};
    for (std::size_t i = 0; parts && i < changes; ++i) {
      const std::string number = std::to_string(i + 1);
      headings.push_back({number, {"by " + number, "变更 " + number}});
    }
    headings.push_back({"unit", {"unit", "单位"}});
    Listing listing(std::move(headings));
    for (const Figure& one : list) {
      std::string name = one.table.empty() ? one.column : one.table + "." + one.column;
      if (!one.key.empty()) name += " " + key_text(one.key);
      Listing::Row row = {std::move(name), value(one.base, one.base_state),
                          value(one.value, one.value_state), with_sign(one.difference)};
      for (std::size_t i = 0; parts && i < changes; ++i)
        row.push_back(i < one.parts.size() ? with_sign(one.parts[i]) : "");
      row.push_back(one.unit == "1" ? "" : one.unit);
      listing.add(std::move(row));
    }
    out_ += listing.text(options_.language);
  }

  // Years and longer; of shorter periods, how many there are.
  void by_entity(const std::vector<Figure>& list, std::size_t changes) {
    std::map<std::string, std::vector<Figure>> entities;
    std::size_t shorter = 0;
    for (const Figure& one : list) {
      if (one.is_short) {
        ++shorter;
      } else {
        entities[one.entity].push_back(one);
      }
    }
    for (const auto& [entity, of] : entities) {
      add("{}\n", entity.empty() ? say("totals", "合计") : std::string_view(entity));
      figures(of, changes);
    }
    if (list.empty()) add("{}\n", say("no reported figure moved", "没有报告数值变动"));
    if (shorter > 0) {
      add(say("{} figures of months and other short periods moved too (--format csv has them)\n",
              "另有 {} 个月度等短期间的数值变动（--format csv 可列出）\n"),
          shorter);
    }
  }

  void findings(std::string_view what, const base::Findings& list) {
    for (const base::Finding& one : list) {
      add("{}: {} {}{}{}: {}\n", what, one.code, one.table, one.key.empty() ? "" : " ",
          key_text(one.key), one.message.in(options_.language));
    }
  }

  void flush() { write_(std::exchange(out_, {})); }

  WriteBytes write_;
  Options options_;
  std::string out_;
};

}  // namespace

std::unique_ptr<whatif::ResultSink> whatif_text(WriteBytes write, const Options& options) {
  return std::make_unique<TextResults>(std::move(write), options);
}

}  // namespace qz::cli
