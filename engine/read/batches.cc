// Batches: the plan, its workers, and what is put together when all pieces are read.

#include "read/batches.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "read/detail/batch_plan.h"
#include "read/detail/batch_worker.h"
#include "read/detail/registers.h"

namespace qz::read {
namespace {

using detail::BatchFile;
using detail::BatchNote;
using detail::BatchPiece;
using detail::BatchPlan;
using detail::BatchWorker;

class CsvBatches : public BatchReader {
 public:
  CsvBatches(std::int32_t table, const std::vector<bool>& wanted, const rules::CheckedPacks& packs,
             const exact::UnitCatalogue& units, table::TextPool& pool, const BatchOptions& options)
      : table_(table),
        packs_(packs),
        units_(units),
        pool_(pool),
        plan_(table, wanted, packs, units, pool, options) {}

  bool add_files(const std::vector<TableFile>& files) { return plan_.add_files(files); }

  std::size_t pieces() const override { return plan_.pieces().size(); }

  std::unique_ptr<Worker> worker() override { return std::make_unique<BatchWorker>(plan_); }

  void read(std::size_t piece, Worker& worker,
            const std::function<void(const Batch&)>& take) override {
    if (plan_.declined) return;
    if (!static_cast<BatchWorker&>(worker).read(piece, take)) plan_.declined = true;
    if (++pieces_read_ == pieces()) add_up();
  }

  bool declined() const override { return plan_.declined; }

  std::uint32_t row_number(std::size_t piece, std::size_t record) const override {
    return plan_.pieces()[piece].records_before + static_cast<std::uint32_t>(record) + 1;
  }

  base::Place place(std::size_t piece, std::uint32_t line) const override {
    const BatchPiece& one = plan_.pieces()[piece];
    const BatchFile& file = plan_.files()[one.file];
    return {file.file.name, file.first_line + one.lines_before + line, 0};
  }

  bool finish(InputTables& out, base::Findings& findings) override {
    if (plan_.declined || lacks_parents(out)) return false;
    std::vector<std::size_t> rows(plan_.files().size(), 0);
    for (std::size_t p = 0; p < plan_.pieces().size(); ++p) {
      BatchPiece& piece = plan_.pieces()[p];
      rows[piece.file] += piece.records;
      give_notes(p, piece, findings);
    }
    std::size_t next = 0;
    for (FileSummary& file : out.files) {
      if (file.table != checked().name || file.context || next == rows.size()) continue;
      file.rows = rows[next++];
    }
    return true;
  }

 private:
  const rules::CheckedTable& checked() const {
    return packs_.tables[static_cast<std::size_t>(table_)];
  }

  // Sums over the pieces; after all of them.
  void add_up() {
    std::uint32_t records = 0;
    std::uint32_t lines = 0;
    std::size_t file = 0;
    for (BatchPiece& piece : plan_.pieces()) {
      if (piece.file != file) lines = 0;
      file = piece.file;
      piece.records_before = records;
      piece.lines_before = lines;
      records += piece.records;
      lines += piece.lines;
    }
  }

  void give_notes(std::size_t p, BatchPiece& piece, base::Findings& findings) const {
    std::stable_sort(piece.notes.begin(), piece.notes.end(),
                     [](const BatchNote& a, const BatchNote& b) { return a.record < b.record; });
    for (BatchNote& note : piece.notes) {
      note.finding.place = place(p, note.line);
      if (checked().ends_in_row) {
        note.finding.key.back().second = std::to_string(row_number(p, note.record));
      }
      findings.push_back(std::move(note.finding));
    }
    piece.notes.clear();
  }

  // Asks the registers among `out` for every value that rows have.
  bool lacks_parents(InputTables& out) {
    const std::vector<std::int32_t>& columns = plan_.register_columns();
    const std::vector<std::int32_t> tuples = plan_.register_tuples();
    if (columns.empty() || tuples.empty()) return false;
    InputTable seen;
    seen.table = table_;
    seen.rows = tuples.size() / columns.size();
    for (std::size_t k = 0; k < checked().key_size; ++k) {
      seen.keys.emplace_back(checked().columns[k].type, seen.rows, table::State::kNull);
    }
    for (std::size_t k = 0; k < columns.size(); ++k) {
      const auto c = static_cast<std::size_t>(columns[k]);
      if (!plan_.is_present(c)) continue;
      table::Column cells(checked().columns[c].type, seen.rows, table::State::kNull);
      for (std::size_t row = 0; row < seen.rows; ++row) {
        const std::int32_t id = tuples[row * columns.size() + k];
        if (id >= 0) cells.set_id(row, id);
      }
      if (c < checked().key_size) {
        seen.keys[c] = std::move(cells);
      } else {
        InputColumn& column = seen.columns.emplace_back();
        column.column = columns[k];
        column.cells = std::move(cells);
      }
    }
    base::Findings unused;
    detail::Session session(packs_, units_, pool_, unused);
    std::swap(session.out, out);
    std::swap(session.out.tables[static_cast<std::size_t>(table_)], seen);
    const bool lacks = detail::any_row_lacks_parent(session, table_);
    std::swap(session.out.tables[static_cast<std::size_t>(table_)], seen);
    std::swap(session.out, out);
    return lacks;
  }

  std::int32_t table_;
  const rules::CheckedPacks& packs_;
  const exact::UnitCatalogue& units_;
  table::TextPool& pool_;
  BatchPlan plan_;
  std::atomic<std::size_t> pieces_read_ = 0;
};

}  // namespace

std::unique_ptr<BatchReader> open_batches(const std::vector<TableFile>& files, std::int32_t table,
                                          const std::vector<bool>& wanted,
                                          const rules::CheckedPacks& packs,
                                          const exact::UnitCatalogue& units, table::TextPool& pool,
                                          const BatchOptions& options) {
  if (!packs.tables[static_cast<std::size_t>(table)].ends_in_row) return nullptr;
  auto out = std::make_unique<CsvBatches>(table, wanted, packs, units, pool, options);
  if (!out->add_files(files)) return nullptr;
  return out;
}

}  // namespace qz::read
