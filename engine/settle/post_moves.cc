#include "settle/post_moves.h"

#include <algorithm>

#include "settle/posting.h"
#include "settle/refusals.h"
#include "settle/registry_tables.h"

namespace qz::settle {
namespace {

// A lot that a file lists lacks nothing that its instrument asks for.
void check_listed_lots(const rules::CheckedPacks& packs, const table::TextPool& pool,
                       const read::InputTables& inputs, base::Findings& findings) {
  const rules::CheckedTable& shape = packs.tables[static_cast<std::size_t>(*packs.table("lot"))];
  const read::InputTable& lots = inputs.tables[static_cast<std::size_t>(*packs.table("lot"))];
  for (std::size_t row = 0; lots.given && row < lots.rows; ++row) {
    const std::string& name = pool.text(lots.keys[0].id(row));
    const rules::CheckedInstrument* of = packs.instrument(name);
    if (of == nullptr) continue;
    for (const std::string& column : of->lot_required) {
      const std::optional<std::int32_t> index = shape.column(column);
      const bool there =
          std::any_of(lots.columns.begin(), lots.columns.end(), [&](const read::InputColumn& one) {
            return index && one.column == *index && one.cells.has_value(row);
          });
      if (there) continue;
      base::Finding out;
      out.code = "missing-value";
      out.table = "lot";
      out.key = {{"instrument", name}, {"lot", pool.text(lots.keys[1].id(row))}};
      out.column = column;
      out.place = {inputs.files[lots.file[row]].name, lots.line[row], 0};
      out.message = {"the cell is empty, and a lot of " + name + " needs it",
                     "单元格为空，但 " + name + " 的批次必须填写"};
      findings.push_back(std::move(out));
    }
  }
}

}  // namespace

void post_moves(const rules::CheckedPacks& packs, const read::Moves& moves, table::TextPool& pool,
                read::InputTables& inputs, base::Findings& findings) {
  if (packs.instruments.empty()) return;
  check_listed_lots(packs, pool, inputs, findings);
  Registry registry(packs, moves, pool, inputs);
  const RegistryReads reads(packs);
  const Posted posted = Poster(packs, moves, registry, reads.costs()).run();
  report_refusals(posted, moves, registry, packs, findings);
  for (const read::Moves::File& file : moves.files)
    inputs.files.push_back({"", file.name, file.rows, false});
  fill_tables(packs, posted, moves, registry, reads, pool, inputs);
}

}  // namespace qz::settle
