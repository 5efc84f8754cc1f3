// Any bytes as a table that passes by in batches: either the batches are what read_tables() gives,
// number by number, or the reader declines.
//
// The first byte picks the size of the pieces, the form of the scan and the job's options.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/assert.h"
#include "factor/library.h"
#include "read/batches.h"
#include "rules/pack_reader.h"

namespace {

constexpr const char* kUnits = R"({"units": {"t": {"kind": "mass"},
  "kg": {"kind": "mass", "ratio": "1/1000", "of": "t"}}})";

constexpr const char* kPack =
    R"({"pack": "x.rules", "version": "1", "title": {"en": "x", "zh": "x"},
  "authority": "x", "document": "x", "applies": {"from": "2021-01-01"}, "rounding": "half-even",
  "tables": {
    "use": {"key": ["entity", "month", "row"], "columns": {
      "FC": {"input": "number", "unit": "t", "decimals": 2, "optional": true},
      "kind": {"input": {"a": {"en": "first", "zh": "甲"}, "b": {"en": "second", "zh": "乙"}}, "optional": true},
      "since": {"input": "date", "optional": true}, "note": {"input": "text", "optional": true},
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

// The rows [first, …) of `whole` are those of the batch.
void check_batch(const qz::read::Batch& batch, const qz::read::InputTable& whole,
                 std::size_t first) {
  QZ_ASSERT(first + batch.rows <= whole.rows);
  for (const qz::read::InputColumn& column : whole.columns) {
    const qz::table::Column& cells = batch.columns[static_cast<std::size_t>(column.column)];
    QZ_ASSERT(cells.size() == batch.rows);
    for (std::size_t row = 0; row < batch.rows; ++row) {
      QZ_ASSERT(cells.state(row) == column.cells.state(first + row));
      if (!cells.has_value(row)) continue;
      if (cells.type() == qz::table::Type::kNumber) {
        QZ_ASSERT(cells.number(row) == column.cells.number(first + row));
      } else {
        QZ_ASSERT(cells.id(row) == column.cells.id(first + row));
      }
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const World world = make_world();
  if (size == 0) return 0;
  const std::uint8_t options = data[0];
  qz::read::TableFile use;
  use.table = "use";
  use.name = "u.csv";
  use.bytes =
      std::make_shared<const std::string>(reinterpret_cast<const char*>(data) + 1, size - 1);
  if ((options & 4u) != 0) use.with = {{"entity", "A"}};
  if ((options & 16u) != 0) use.ignore_rest = true;
  if ((options & 32u) != 0) use.missing = {"-", "0"};
  if ((options & 64u) != 0) use.skip = "sum";
  qz::read::BatchOptions cut;
  if ((options & 1u) != 0) cut.piece_bytes = 64;
  if ((options & 2u) != 0) cut.stretch_bytes = 48;
  if ((options & 8u) != 0) cut.scan = qz::text::ScanForm::kWords;

  // First the whole table, so that its texts are in the pool and ids can be compared.
  qz::table::TextPool pool;
  qz::base::Findings problems;
  qz::base::Findings findings;
  const qz::read::InputTables tables =
      qz::read::read_tables({use}, *world.packs, world.units, pool, problems, findings);
  const std::int32_t table = *world.packs->table("use");
  const qz::read::InputTable& whole = tables.tables[static_cast<std::size_t>(table)];
  const std::size_t columns = world.packs->tables[static_cast<std::size_t>(table)].columns.size();
  const auto reader = qz::read::open_batches({use}, table, std::vector<bool>(columns, true),
                                             *world.packs, world.units, pool, cut);
  if (!reader) return 0;
  const auto worker = reader->worker();
  std::size_t rows = 0;
  for (std::size_t piece = 0; piece < reader->pieces(); ++piece) {
    reader->read(piece, *worker, [&](const qz::read::Batch& batch) {
      if (problems.empty()) check_batch(batch, whole, rows);
      rows += batch.rows;
    });
  }
  if (reader->declined()) return 0;
  QZ_ASSERT(problems.empty() && rows == whole.rows);
  return 0;
}
