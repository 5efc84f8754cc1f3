// What-if results as one long table, written as they come.

#include <fmt/format.h>

#include <utility>

#include "cli/listing.h"
#include "cli/print_findings.h"
#include "cli/whatif_sections.h"
#include "cli/whatif_writers.h"

namespace qz::cli {
namespace {

using whatif::Figure;

class CsvResults : public whatif::ResultSink {
 public:
  explicit CsvResults(WriteBytes write) : write_(std::move(write)) {}

  void begin(const whatif::ResultHeader&) override {
    line({"part", "name", "at", "table", "entity", "key", "column", "unit", "base", "value",
          "difference", "change"});
  }

  void scenario(const whatif::ScenarioResult& result) override {
    for (const auto* const list : {&result.report, &result.figures}) {
      for (const Figure& one : *list) {
        figure("scenario", result.name, "", one);
        for (std::size_t i = 0; i < one.parts.size(); ++i)
          figure_part("scenario", result.name, one, one.parts[i], result.changes[i].text);
      }
    }
    for (const auto& [what, findings] :
         {std::pair("appeared", &result.appeared), std::pair("vanished", &result.vanished)}) {
      for (const base::Finding& one : *findings) {
        line({what, result.name, one.code, one.table, "", key_text(one.key), one.column, "", "", "",
              "", one.message.en});
      }
    }
    flush();
  }

  void sensitivity(const whatif::SensitivityResult& result) override {
    for (const whatif::Swing& one : result.swings) {
      figure("sensitivity", result.of, "low", one.low, one.change.text);
      figure("sensitivity", result.of, "high", one.high, one.change.text);
      line({"sensitivity", result.of, "swing", "", "", "", result.of, result.unit, "", "",
            one.swing, one.change.text});
    }
    flush();
  }

  void begin_sweep(const whatif::SweepShape& shape) override { sweep_ = shape; }

  void point(const whatif::SweepPoint& point) override {
    std::string at;
    for (std::size_t i = 0; i < point.values.size(); ++i) {
      at += fmt::format("{}{} {} {}", at.empty() ? "" : "; ", sweep_.dimensions[i].set,
                        sweep_.dimensions[i].action, point.values[i]);
    }
    const std::string name = std::to_string(point.index);
    for (const Figure& one : point.report) figure("sweep", name, at, one);
    for (const Figure& one : point.figures) figure("sweep", name, at, one);
    if (point.report.empty() && point.figures.empty())
      line({"sweep", name, at, "", "", "", "", "", "", "", "", ""});
    if (out_.size() > kFlushBytes) flush();
  }

  void end_sweep() override { flush(); }

  void seek(const whatif::SeekResult& result) override {
    const std::string found = result.found.value_or("");
    line({"seek", result.until, result.halved ? "bisection" : "scan", "", "", "", result.change.set,
          result.change.action == "times" ? "" : result.change.unit, "", found, "",
          result.change.text});
    for (const Figure& one : result.report) figure("seek", result.until, found, one);
    for (const Figure& one : result.figures) figure("seek", result.until, found, one);
    flush();
  }

  void section(const whatif::Section& section) override {
    section_lines(section, [&](std::string_view part, std::string_view name, std::string_view at,
                               std::string_view column, std::string_view value) {
      line({part, name, at, "", "", "", column, "", "", value, "", ""});
    });
    flush();
  }

  void end() override { flush(); }

 private:
  static constexpr std::size_t kFlushBytes = std::size_t{1} << 16;

  // Nothing for what is missing or not applicable, as in every table; an error by its name.
  static std::string cell(const std::string& value, const std::string& state) {
    const bool empty = state == "missing" || state == "not-applicable";
    return state.empty() ? value : empty ? "" : "error: " + state;
  }

  void line(const std::vector<std::string_view>& cells) { append_csv_row(out_, cells); }

  void figure(std::string_view part, std::string_view name, std::string_view at, const Figure& one,
              std::string_view change = {}) {
    line({part, name, at, one.table, one.entity, key_text(one.key), one.column, one.unit,
          cell(one.base, one.base_state), cell(one.value, one.value_state), one.difference,
          change});
  }

  void figure_part(std::string_view part, std::string_view name, const Figure& one,
                   std::string_view difference, std::string_view change) {
    line({part, name, "", one.table, one.entity, key_text(one.key), one.column, one.unit, "", "",
          difference, change});
  }

  void flush() { write_(std::exchange(out_, {})); }

  WriteBytes write_;
  std::string out_;
  whatif::SweepShape sweep_;
};

}  // namespace

std::unique_ptr<whatif::ResultSink> whatif_csv(WriteBytes write) {
  return std::make_unique<CsvResults>(std::move(write));
}

}  // namespace qz::cli
