// Any bytes as the file of a table: problems in file order with both languages, and columns that
// are as long as the table, whatever the bytes say.
//
// The first byte picks the form and the job's options.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/assert.h"
#include "factor/library.h"
#include "read/input_tables.h"
#include "rules/pack_reader.h"

namespace {

constexpr const char* kUnits = R"({"units": {"t": {"kind": "mass"},
  "kg": {"kind": "mass", "ratio": "1/1000", "of": "t"}}})";

constexpr const char* kPack =
    R"({"pack": "x.rules", "version": "1", "title": {"en": "x", "zh": "x"},
  "authority": "x", "document": "x", "applies": {"from": "2021-01-01"}, "rounding": "half-even",
  "tables": {
    "entity": {"key": ["entity"], "columns": {"name": {"input": "text", "optional": true}}},
    "use": {"key": ["entity", "month"], "columns": {
      "FC": {"input": "number", "unit": "t", "decimals": 2, "optional": true, "label": {"en": "used", "zh": "用量"}},
      "kind": {"input": {"a": {"en": "first", "zh": "甲"}, "b": {"en": "second", "zh": "乙"}}, "optional": true},
      "since": {"input": "date", "optional": true}, "dry": {"input": "bool", "optional": true},
      "E": {"unit": "t", "formula": "FC * 2"}}}}})";

struct World {
  qz::exact::UnitCatalogue units;
  qz::factor::Library factors;
  std::vector<std::shared_ptr<const qz::rules::Pack>> installed;
  std::optional<qz::rules::CheckedPacks> packs;
};

World make_world() {
  World out;
  out.units = *qz::factor::read_units({{"units.json", kUnits}});
  qz::base::Findings problems;
  for (qz::rules::Pack& pack : qz::rules::read_packs({{"p.json", kPack, "digest"}}, problems)) {
    out.installed.push_back(std::make_shared<const qz::rules::Pack>(std::move(pack)));
  }
  qz::rules::PackRequest request;
  request.packs = {"x.rules"};
  request.cycle = {"c", 2021, 2022};
  request.as_of = qz::base::Date::of(2022, 12, 31);
  out.packs = qz::rules::check_packs(out.installed, request, out.factors, out.units, problems);
  QZ_ASSERT(out.packs.has_value());
  return out;
}

qz::read::TableFile file(const char* table, std::string name, std::string bytes) {
  qz::read::TableFile out;
  out.table = table;
  out.name = std::move(name);
  out.bytes = std::make_shared<const std::string>(std::move(bytes));
  return out;
}

void check(const qz::read::InputTables& tables, const qz::base::Findings& problems) {
  for (const qz::read::InputTable& table : tables.tables) {
    for (const qz::table::Column& key : table.keys) QZ_ASSERT(key.size() == table.rows);
    for (const qz::read::InputColumn& column : table.columns) {
      QZ_ASSERT(column.cells.size() == table.rows);
      const bool is_number = column.cells.type() == qz::table::Type::kNumber;
      QZ_ASSERT(column.places.size() == (is_number ? table.rows : 0));
      QZ_ASSERT(column.written_unit.size() == column.places.size());
      for (const auto& [name, ids] : column.companions) QZ_ASSERT(ids.size() == table.rows);
    }
    QZ_ASSERT(table.line.size() == table.rows && table.file.size() == table.rows);
    QZ_ASSERT(table.is_context.size() == table.rows);
  }
  std::uint32_t line = 0;
  for (const qz::base::Finding& one : problems) {
    QZ_ASSERT(!one.code.empty() && !one.message.en.empty() && !one.message.zh.empty());
    if (one.place.file.rfind("u.", 0) != 0) continue;
    QZ_ASSERT(one.place.line >= line);
    line = one.place.line;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const World world = make_world();
  if (size == 0) return 0;
  static constexpr const char* kNames[] = {"u.csv", "u.json", "u.xml", "u.csv"};
  const std::uint8_t options = data[0];
  qz::read::TableFile use = file("use", kNames[options & 3u],
                                 std::string(reinterpret_cast<const char*>(data) + 1, size - 1));
  if ((options & 3u) == 3) use.across = "month";
  if ((options & 4u) != 0) use.with = {{"entity", "A"}};
  if ((options & 8u) != 0) use.columns = {{"FC", "mine"}};
  use.ignore_rest = (options & 16u) != 0;
  use.context = (options & 32u) != 0;
  if ((options & 64u) != 0) use.missing = {"-"};
  if ((options & 128u) != 0) use.skip = "sum";
  qz::table::TextPool pool;
  qz::base::Findings problems;
  qz::base::Findings findings;
  const qz::read::InputTables tables =
      qz::read::read_tables({file("entity", "e.csv", "entity\nA\nB\n"), use}, *world.packs,
                            world.units, pool, problems, findings);
  check(tables, problems);
  return 0;
}
