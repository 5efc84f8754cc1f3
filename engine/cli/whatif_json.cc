// What-if results as one JSON object, written as they come.

#include <fmt/format.h>

#include <utility>

#include "cli/findings_json.h"
#include "cli/whatif_sections.h"
#include "cli/whatif_writers.h"
#include "text/json.h"

namespace qz::cli {
namespace {

using whatif::ChangeResult;
using whatif::Figure;

// Members and items with their commas; names and texts escaped.
class Json {
 public:
  void open(char bracket) {
    comma();
    out_ += bracket;
    fresh_ = true;
  }
  void close(char bracket) {
    out_ += bracket;
    fresh_ = false;
  }
  void name(std::string_view text) {
    comma();
    text::append_json_string(out_, text);
    out_ += ':';
    fresh_ = true;
  }
  void text(std::string_view value) {
    comma();
    text::append_json_string(out_, value);
  }
  void bare(std::string_view value) {
    comma();
    out_ += value;
  }
  void member(std::string_view key, std::string_view value) {
    name(key);
    text(value);
  }
  void optional(std::string_view key, std::string_view value) {
    if (!value.empty()) member(key, value);
  }
  void number(std::string_view key, std::uint64_t value) {
    name(key);
    bare(std::to_string(value));
  }
  void line() { out_ += '\n'; }
  std::string take() { return std::exchange(out_, {}); }
  std::string& out() { return out_; }

 private:
  void comma() {
    if (!fresh_) out_ += ',';
    fresh_ = false;
  }
  std::string out_;
  bool fresh_ = true;  // no comma before what comes next
};

void put_bilingual(Json& json, std::string_view name, const base::Bilingual& text) {
  if (text == base::Bilingual{}) return;
  json.name(name);
  json.open('{');
  json.optional("en", text.en);
  json.optional("zh", text.zh);
  json.close('}');
}

// A value, or null with the reason under `<name>_state`.
void put_value(Json& json, const std::string& name, const std::string& value,
               const std::string& state) {
  json.name(name);
  if (state.empty()) return json.text(value);
  json.bare("null");
  json.member(name + "_state", state);
}

void put_figure(Json& json, const Figure& figure) {
  json.line();
  json.open('{');
  if (figure.table.empty()) {
    json.member("name", figure.column);
  } else {
    json.member("table", figure.table);
    json.optional("entity", figure.entity);
    json.name("key");
    json.open('{');
    for (const auto& [part, value] : figure.key) json.member(part, value);
    json.close('}');
    json.member("column", figure.column);
  }
  json.optional("unit", figure.unit);
  put_value(json, "base", figure.base, figure.base_state);
  put_value(json, "value", figure.value, figure.value_state);
  json.optional("difference", figure.difference);
  if (!figure.parts.empty()) {
    json.name("parts");
    json.open('[');
    for (const std::string& part : figure.parts) json.text(part);
    json.close(']');
  }
  json.close('}');
}

void put_figures(Json& json, std::string_view name, const std::vector<Figure>& figures) {
  json.name(name);
  json.open('[');
  for (const Figure& one : figures) put_figure(json, one);
  json.close(']');
}

void put_change(Json& json, const ChangeResult& change) {
  json.open('{');
  if (change.action == "pin") {
    json.member("pin", change.set);
  } else {
    json.member("set", change.set);
    json.member("action", change.action);
    json.optional("amount", change.amount);
    json.optional("where", change.where);
    json.optional("from", change.from);
    json.optional("until", change.until);
    json.optional("unit", change.unit);
  }
  json.number("count", change.count);
  json.name("touched");
  json.open('[');
  for (const whatif::TouchedValue& one : change.touched) {
    json.open('{');
    json.member("name", one.name);
    json.optional("value", one.value);
    json.close('}');
  }
  json.close(']');
  json.close('}');
}

class JsonResults : public whatif::ResultSink {
 public:
  explicit JsonResults(WriteBytes write) : write_(std::move(write)) {}

  void begin(const whatif::ResultHeader& header) override {
    json_.open('{');
    json_.member("schema", "urn:qingzhang:whatif:1");
    json_.member("scenarios_file", header.file);
    json_.member("sha256", header.sha256);
    json_.member("job", header.job);
    json_.member("base_root", header.base_root);
    json_.member("engine", header.engine);
    flush();
  }

  void scenario(const whatif::ScenarioResult& result) override {
    if (!in_scenarios_) {
      json_.name("scenarios");
      json_.open('[');
      in_scenarios_ = true;
    }
    json_.line();
    json_.open('{');
    json_.member("name", result.name);
    put_bilingual(json_, "title", result.title);
    json_.name("changes");
    json_.open('[');
    for (const ChangeResult& one : result.changes) put_change(json_, one);
    json_.close(']');
    json_.member("division", result.division == whatif::Division::kShapley  ? "shapley"
                             : result.division == whatif::Division::kInTurn ? "in-turn"
                                                                            : "none");
    put_figures(json_, "report", result.report);
    put_figures(json_, "figures", result.figures);
    if (result.findings_compared) {
      put_findings("appeared", result.appeared);
      put_findings("vanished", result.vanished);
    }
    json_.close('}');
    flush();
  }

  void sensitivity(const whatif::SensitivityResult& result) override {
    end_scenarios();
    json_.name("sensitivity");
    json_.open('{');
    json_.member("of", result.of);
    json_.optional("unit", result.unit);
    json_.optional("base", result.base);
    json_.name("inputs");
    json_.open('[');
    for (const whatif::Swing& one : result.swings) {
      json_.line();
      json_.open('{');
      json_.name("change");
      put_change(json_, one.change);
      put_bilingual(json_, "title", one.title);
      json_.name("low");
      put_end(one.low);
      json_.name("high");
      put_end(one.high);
      json_.optional("swing", one.swing);
      json_.close('}');
    }
    json_.close(']');
    json_.close('}');
    flush();
  }

  void begin_sweep(const whatif::SweepShape& shape) override {
    end_scenarios();
    json_.name("sweep");
    json_.open('{');
    json_.optional("scenario", shape.scenario);
    json_.name("dimensions");
    json_.open('[');
    for (const ChangeResult& one : shape.dimensions) put_change(json_, one);
    json_.close(']');
    json_.number("count", shape.points);
    json_.name("points");
    json_.open('[');
  }

  void point(const whatif::SweepPoint& point) override {
    json_.line();
    json_.open('{');
    json_.number("index", point.index);
    json_.name("values");
    json_.open('[');
    for (const std::string& one : point.values) json_.text(one);
    json_.close(']');
    put_figures(json_, "report", point.report);
    put_figures(json_, "figures", point.figures);
    json_.close('}');
    if (json_.out().size() > kFlushBytes) flush();
  }

  void end_sweep() override {
    json_.close(']');
    json_.close('}');
    flush();
  }

  void seek(const whatif::SeekResult& result) override {
    end_scenarios();
    json_.name("seek");
    json_.open('{');
    json_.optional("scenario", result.scenario);
    json_.name("change");
    put_change(json_, result.change);
    json_.member("until", result.until);
    json_.member("step", result.step);
    json_.name("between");
    json_.open('[');
    json_.text(result.low);
    json_.text(result.high);
    json_.close(']');
    json_.member("take", result.largest ? "largest" : "smallest");
    json_.name("found");
    result.found ? json_.text(*result.found) : json_.bare("null");
    if (result.fails) json_.member("fails", *result.fails);
    json_.member("method", result.halved ? "bisection" : "scan");
    json_.number("candidates", result.candidates);
    json_.number("evaluations", result.evaluations);
    json_.number("unknown", result.unknown);
    put_figures(json_, "report", result.report);
    put_figures(json_, "figures", result.figures);
    json_.close('}');
    flush();
  }

  void section(const whatif::Section& section) override {
    end_scenarios();
    json_.name(section.heading.code);
    json_.bare(section_json(section));
    flush();
  }

  void end() override {
    end_scenarios();
    json_.close('}');
    json_.line();
    flush();
  }

  bool wants_all_touched() const override { return true; }

 private:
  static constexpr std::size_t kFlushBytes = std::size_t{1} << 16;

  void put_end(const Figure& figure) {
    json_.open('{');
    put_value(json_, "value", figure.value, figure.value_state);
    json_.optional("difference", figure.difference);
    json_.close('}');
  }

  void put_findings(std::string_view name, const base::Findings& findings) {
    json_.name(name);
    json_.bare("");
    append_findings_json(json_.out(), findings);
  }

  void end_scenarios() {
    if (std::exchange(in_scenarios_, false)) json_.close(']');
  }
  void flush() { write_(json_.take()); }

  WriteBytes write_;
  Json json_;
  bool in_scenarios_ = false;
};

}  // namespace

std::unique_ptr<whatif::ResultSink> whatif_json(WriteBytes write) {
  return std::make_unique<JsonResults>(std::move(write));
}

}  // namespace qz::cli
