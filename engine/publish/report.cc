#include "publish/report.h"

#include <algorithm>

#include "text/json.h"

namespace qz::publish {

void ReportSink::header(const seal::Header& header) {
  report_.job = header.job;
  report_.as_of = header.as_of;
  report_.subject = header.subject;
}

void ReportSink::begin_entity(const std::string& entity) { entity_ = entity; }

void ReportSink::entry(const seal::Entry& entry) { add(entry, false); }

void ReportSink::total(const seal::Total& total) { add(total, true); }

void ReportSink::position(const seal::Position& position) {
  report_.positions.push_back({entity_, position});
}

void ReportSink::add(const seal::Entry& entry, bool total) {
  if (entry.key.size() > 1) return;
  const std::string name = entry.key.empty() ? "" : entry.key.front().first;
  if (!name.empty() && name != "year" && name != "cycle") return;
  ReportedTable& table = tables_[{total, entry.table}];
  table.name = entry.table;
  table.period = name;
  table.totals = total;
  const std::string period = name.empty() ? "" : entry.key.front().second;
  const std::string entity = total ? "" : entity_;
  const bool same = !table.rows.empty() && table.rows.back().entity == entity &&
                    table.rows.back().period == period;
  if (!same) table.rows.push_back({entity, period, {}});
  const ReportedColumn column(entry.column, entry.unit.value_or(""));
  table.rows.back().cells[column] = {entry.value, entry.error};
  const auto at = std::lower_bound(table.columns.begin(), table.columns.end(), column);
  if (at == table.columns.end() || *at != column) table.columns.insert(at, column);
}

Report ReportSink::take() {
  for (auto& [key, table] : tables_) report_.tables.push_back(std::move(table));
  tables_.clear();
  return std::move(report_);
}

namespace {

class Json {
 public:
  explicit Json(const Report& report) : report_(report) {}

  std::string write(ReportKind kind) {
    out_ = "{\"report\":";
    text(kind == ReportKind::kPositions ? "positions" : "cycle");
    member("job", report_.job);
    member("as_of", report_.as_of);
    if (kind == ReportKind::kPositions) {
      positions();
    } else {
      tables();
    }
    return out_ + "]}\n";
  }

 private:
  void text(const std::string& value) { text::append_json_string(out_, value); }
  void member(const std::string& name, const std::string& value) {
    out_ += ',';
    text(name);
    out_ += ':';
    text(value);
  }
  void next_line() { out_ += out_.back() == '[' ? "\n" : ",\n"; }

  void positions() {
    out_ += ",\"rows\":[";
    for (const ReportedPosition& one : report_.positions) {
      next_line();
      out_ += '{';
      text(report_.subject);
      out_ += ':';
      text(one.entity);
      member("instrument", one.position.instrument);
      member("lot", one.position.lot);
      member("state", one.position.state);
      member("quantity", one.position.quantity);
      member("unit", one.position.unit);
      out_ += '}';
    }
  }

  void tables() {
    out_ += ",\"tables\":[";
    for (const ReportedTable& table : report_.tables) {
      next_line();
      out_ += "{\"table\":";
      text(table.name);
      out_ += ",\"units\":{";
      for (const auto& [name, unit] : table.columns) {
        if (unit.empty()) continue;
        if (out_.back() != '{') out_ += ',';
        text(name);
        out_ += ':';
        text(unit);
      }
      out_ += "},\"rows\":[";
      for (const ReportedRow& row : table.rows) add_row(table, row);
      out_ += "]}";
    }
  }

  void add_row(const ReportedTable& table, const ReportedRow& row) {
    next_line();
    out_ += '{';
    if (!table.totals) {
      text(report_.subject);
      out_ += ':';
      text(row.entity);
    }
    if (!table.period.empty()) {
      if (out_.back() != '{') out_ += ',';
      text(table.period);
      out_ += ':';
      text(row.period);
    }
    for (const auto& [column, cell] : row.cells) {
      if (out_.back() != '{') out_ += ',';
      text(column.first);
      out_ += ':';
      if (cell.value) {
        text(*cell.value);
      } else if (cell.error.empty()) {
        out_ += "null";
      } else {
        text("error: " + cell.error);
      }
    }
    out_ += '}';
  }

  const Report& report_;
  std::string out_;
};

}  // namespace

std::string report_json(const Report& report, ReportKind kind) { return Json(report).write(kind); }

}  // namespace qz::publish
