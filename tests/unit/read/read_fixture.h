// A small world of tables for the tests of this folder: two registers, a monthly table whose packs
// change in 2022, records without a key, a link.

#ifndef QZ_TESTS_UNIT_READ_READ_FIXTURE_H_
#define QZ_TESTS_UNIT_READ_READ_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "read/input_tables.h"
#include "support/packs_for_tests.h"

namespace qz::read {

inline constexpr const char* kUnits = R"({"units": {
  "t": {"kind": "mass"}, "kg": {"kind": "mass", "ratio": "1/1000", "of": "t"},
  "lot": {"kind": "mass", "ratio": "1/3", "of": "t"},
  "GJ": {"kind": "energy"}, "MWh": {"kind": "energy", "ratio": "3.6", "of": "GJ"}}})";

inline constexpr const char* kPack2021 = R"({
  "pack": "x.rules", "version": "2021", "title": {"en": "x", "zh": "x"}, "authority": "x",
  "document": "x", "applies": {"from": "2021-01-01", "to": "2021-12-31"}, "rounding": "half-even",
  "tables": {
    "district": {"key": ["district"], "columns": {
      "name": {"input": "text", "optional": true}}},
    "entity": {"key": ["entity"], "columns": {
      "district": {"input": "text", "link": true, "optional": true},
      "kind": {"input": {"air": {"en": "air-cooled", "zh": "空冷"}, "water": {"en": "water-cooled", "zh": "水冷"}}, "optional": true},
      "opened": {"input": "date", "optional": true}, "dry": {"input": "bool", "optional": true}}},
    "unit": {"key": ["entity", "unit"], "columns": {
      "name": {"input": "text", "optional": true}}},
    "use_month": {"key": ["entity", "unit", "month"], "columns": {
      "FC": {"input": "number", "unit": "t", "decimals": 2, "optional": true, "label": {"en": "Fuel consumed", "zh": "消耗量"}},
      "heat": {"input": "number", "unit": "GJ", "optional": true, "label": {"en": "Heat", "zh": "供热量"}},
      "old": {"input": "number", "unit": "t", "optional": true},
      "E": {"unit": "t", "formula": "FC * 2"}}},
    "meter_hour": {"key": ["entity", "hour"], "columns": {
      "load": {"input": "number", "unit": "1", "optional": true}}},
    "site": {"key": [], "columns": {"area": {"input": "number", "unit": "1", "optional": true}}},
    "weighing": {"key": ["entity", "row"], "columns": {
      "mass": {"input": "number", "unit": "t", "optional": true}}}
  }})";

inline constexpr const char* kPack2022 = R"({
  "pack": "x.rules", "version": "2022", "extends": "2021", "title": {"en": "x", "zh": "x"},
  "authority": "x", "document": "x", "applies": {"from": "2022-01-01"},
  "tables": {
    "use_month": {"columns": {
      "FC": {"input": "number", "unit": "kg", "optional": true, "decimals": 0, "label": {"en": "Fuel consumed", "zh": "消耗量"}},
      "old": null,
      "new": {"input": "number", "unit": "1", "optional": true}}}
  }})";

inline std::unique_ptr<testing_support::TestPacks> test_packs() {
  return testing_support::check_packs({kPack2021, kPack2022}, kUnits, 2021, 2022);
}

// One reading: the tables and what was said.
struct Reading {
  std::unique_ptr<testing_support::TestPacks> world;
  std::shared_ptr<table::TextPool> pool = std::make_shared<table::TextPool>();
  InputTables tables;
  base::Findings problems;
  base::Findings findings;

  const InputTable& table(const std::string& name) const {
    return tables.tables[static_cast<std::size_t>(*world->packs->table(name))];
  }
  // The cells of a column, missing as "-", joined with spaces; numbers as exact values.
  std::string column(const std::string& name, const std::string& column_name) const {
    const InputTable& one = table(name);
    const rules::CheckedTable& checked = world->packs->tables[static_cast<std::size_t>(one.table)];
    const auto index = static_cast<std::size_t>(*checked.column(column_name));
    const table::Column* cells = nullptr;
    if (index < one.keys.size()) cells = &one.keys[index];
    for (const InputColumn& input : one.columns) {
      if (input.column == static_cast<std::int32_t>(index)) cells = &input.cells;
    }
    if (cells == nullptr) return "no such column";
    EXPECT_EQ(cells->size(), one.rows) << column_name;
    std::string out;
    for (std::size_t row = 0; row < cells->size(); ++row) {
      if (row > 0) out += ' ';
      out += text(*cells, row, checked);
    }
    return out;
  }
  std::string text(const table::Column& cells, std::size_t row,
                   const rules::CheckedTable& checked) const {
    if (!cells.has_value(row)) return "-";
    switch (cells.type()) {
      case table::Type::kNumber:
        return cells.number(row).to_string();
      case table::Type::kText:
        return pool->text(cells.id(row));
      case table::Type::kBool:
        return cells.id(row) != 0 ? "true" : "false";
      case table::Type::kDate:
        return base::Date(cells.id(row)).to_string();
      case table::Type::kPeriod:
        return base::period_text({checked.period, cells.id(row)}, world->packs->cycle);
      case table::Type::kRow:
        return std::to_string(cells.id(row));
    }
    return "?";
  }
  std::string said(const char* language = "en") const {
    return testing_support::lines(problems, language);
  }
  std::string noted() const { return testing_support::lines(findings); }
};

inline TableFile file(const std::string& table, const std::string& name, const std::string& bytes) {
  TableFile out;
  out.table = table;
  out.name = name;
  out.bytes = std::make_shared<const std::string>(bytes);
  return out;
}

inline Reading read_files(const std::vector<TableFile>& files) {
  Reading out;
  out.world = test_packs();
  if (!out.world->packs) return out;
  out.tables = read_tables(files, *out.world->packs, out.world->units, *out.pool, out.problems,
                           out.findings);
  return out;
}

// Most tests need one monthly file.
inline Reading read_month(const std::string& csv) {
  return read_files({file("use_month", "m.csv", csv)});
}

}  // namespace qz::read

#endif  // QZ_TESTS_UNIT_READ_READ_FIXTURE_H_
