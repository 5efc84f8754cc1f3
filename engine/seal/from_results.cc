// From results: entities one after another, each table's rows in key order.

#include "seal/from_results.h"

#include <algorithm>
#include <map>

#include "compute/cell_text.h"

namespace qz::seal {
namespace {

using compute::Results;

// Where a table's subject stands in its key; −1 for tables that belong to no entity.
std::int32_t subject_column(const Results& results, std::size_t table) {
  const rules::CheckedTable& of = results.packs->tables[table];
  for (std::size_t i = 0; i < of.key_size; ++i) {
    if (of.columns[i].name == results.packs->subject) return static_cast<std::int32_t>(i);
  }
  return -1;
}

class Leaves {
 public:
  Leaves(const Results& results, const base::Findings& findings, LeafSink& sink)
      : results_(results), findings_(findings), sink_(sink) {}

  void run() {
    for (std::size_t t = 0; t < results_.tables.size(); ++t)
      subject_.push_back(subject_column(results_, t));
    group_rows();
    group_findings();
    for (const auto& [entity, rows] : rows_) give_entity(entity, rows);
    give_totals();
    for (const std::size_t i : common_findings_) sink_.finding(findings_[i]);
  }

 private:
  using RowsByTable = std::map<std::size_t, std::vector<std::uint32_t>>;

  void group_rows() {
    std::map<std::int32_t, RowsByTable*> by_id;
    for (std::size_t t = 0; t < results_.tables.size(); ++t) {
      if (subject_[t] < 0) continue;
      const compute::TableRows& in = results_.tables[t];
      const table::Column& entities = in.columns[static_cast<std::size_t>(subject_[t])];
      const bool reports = reports_anything(t);
      std::int32_t last = -1;
      std::vector<std::uint32_t>* rows = nullptr;
      for (std::size_t row = 0; row < in.rows; ++row) {
        if (in.is_context[row] != 0) continue;
        if (rows == nullptr || entities.id(row) != last) {
          last = entities.id(row);
          RowsByTable*& tables = by_id[last];
          if (tables == nullptr) tables = &rows_[results_.pool->text(last)];
          rows = &(*tables)[t];
        }
        if (reports) rows->push_back(static_cast<std::uint32_t>(row));
      }
    }
  }

  bool reports_anything(std::size_t table) const {
    const auto& columns = results_.packs->tables[table].columns;
    return std::any_of(columns.begin(), columns.end(),
                       [](const rules::CheckedColumn& one) { return one.report; });
  }

  void group_findings() {
    for (std::size_t i = 0; i < findings_.size(); ++i) {
      const base::Key& key = findings_[i].key;
      const auto entity = std::find_if(key.begin(), key.end(), [&](const auto& part) {
        return part.first == results_.packs->subject;
      });
      if (entity == key.end()) {
        common_findings_.push_back(i);
      } else {
        entity_findings_[entity->second].push_back(i);
        rows_[entity->second];  // an entity is also who has nothing but a finding
      }
    }
  }

  void give_entity(const std::string& entity, const RowsByTable& tables) {
    sink_.begin_entity(entity);
    for (const auto& [table, rows] : tables) {
      for (const std::uint32_t row : rows) give_row(table, row, true);
    }
    for (const std::size_t i : entity_findings_[entity]) {
      base::Finding finding = findings_[i];
      std::erase_if(finding.key,
                    [&](const auto& part) { return part.first == results_.packs->subject; });
      sink_.finding(finding);
    }
    sink_.end_entity();
  }

  void give_totals() {
    for (std::size_t t = 0; t < results_.tables.size(); ++t) {
      if (subject_[t] >= 0 || !reports_anything(t)) continue;
      for (std::size_t row = 0; row < results_.tables[t].rows; ++row) {
        if (results_.tables[t].is_context[row] == 0)
          give_row(t, static_cast<std::uint32_t>(row), false);
      }
    }
  }

  void give_row(std::size_t table, std::uint32_t row, bool entity) {
    const rules::CheckedTable& of = results_.packs->tables[table];
    for (std::size_t c = of.key_size; c < of.columns.size(); ++c) {
      const auto t = static_cast<std::int32_t>(table);
      const auto column = static_cast<std::int32_t>(c);
      if (!of.columns[c].report) continue;
      const rules::ColumnRule* rule = compute::rule_of(results_, t, column, row);
      if (rule != nullptr && !rule->definition->report) continue;
      const table::State state = results_.tables[table].columns[c].state(row);
      if (state == table::State::kNotApplicable) continue;
      const Entry entry = entry_of(results_, t, column, row);
      if (entity) {
        sink_.entry(entry);
      } else {
        sink_.total(entry);
      }
    }
  }

  const Results& results_;
  const base::Findings& findings_;
  LeafSink& sink_;
  std::vector<std::int32_t> subject_;
  std::map<std::string, RowsByTable> rows_;
  std::map<std::string, std::vector<std::size_t>> entity_findings_;
  std::vector<std::size_t> common_findings_;
};

}  // namespace

Entry entry_of(const Results& results, std::int32_t table, std::int32_t column, std::uint32_t row) {
  const rules::CheckedTable& of = results.packs->tables[static_cast<std::size_t>(table)];
  const rules::CheckedColumn& read = of.columns[static_cast<std::size_t>(column)];
  const compute::TableRows& rows = results.tables[static_cast<std::size_t>(table)];
  const rules::ColumnRule* rule = compute::rule_of(results, table, column, row);
  compute::CellText text = compute::cell_text(results, table, column, row);
  Entry out;
  out.table = of.name;
  out.key = results.key(table, row);
  std::erase_if(out.key, [&](const auto& part) { return part.first == results.packs->subject; });
  out.column = read.name;
  out.value = std::move(text.value);
  out.unit = std::move(text.unit);
  out.error = table::error_code(text.state);
  const std::string pack =
      rule != nullptr
          ? results.packs->editions[static_cast<std::size_t>(rule->edition)].pack->name()
          : results.packs->packs[static_cast<std::size_t>(std::max(0, read.pack_index))];
  out.rule = pack + "/" + of.name + "." + read.name;
  const std::vector<std::uint8_t>& cases = rows.cases[static_cast<std::size_t>(column)];
  const bool has_formula = rule != nullptr && !rule->cases.empty();
  if (rule == nullptr) {  // no edition covers the row
    out.how = read.has_formula ? "formula" : "measured";
  } else if (!has_formula) {
    out.how = "measured";
  } else if (cases.empty() || cases[row] == compute::kCaseInput) {
    out.how = "override";
  } else {
    out.how = cases[row] == compute::kCaseNone ? "formula" : rule->cases[cases[row]].how;
  }
  if (rule != nullptr) {
    out.cite = rule->definition->cite;
    if (has_formula && !cases.empty() && cases[row] < rule->cases.size())
      out.cite = rule->cases[cases[row]].cite;
  }
  return out;
}

void give_leaves(const Header& header, const Results& results, const base::Findings& findings,
                 LeafSink& sink) {
  sink.header(header);
  Leaves(results, findings, sink).run();
}

}  // namespace qz::seal
