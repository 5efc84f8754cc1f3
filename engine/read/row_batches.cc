// Row batches: what read_tables() read, handed on in batches.

#include <algorithm>

#include "read/batches.h"

namespace qz::read {
namespace {

constexpr std::size_t kPieceRows = 2 * kBatchRows + 1;

class RowBatches : public BatchReader {
 public:
  RowBatches(InputTables read, base::Findings findings, std::int32_t table,
             const std::vector<bool>& wanted, std::size_t width)
      : read_(std::move(read)),
        in_(read_.tables[static_cast<std::size_t>(table)]),
        findings_(std::move(findings)),
        wanted_(wanted),
        width_(width) {
    for (std::size_t row = 0; row < in_.rows; ++row) {
      if (begins_.empty() || row - begins_.back() == kPieceRows ||
          in_.file[row] != in_.file[begins_.back()])
        begins_.push_back(row);
    }
  }

  std::size_t pieces() const override { return begins_.size(); }
  std::unique_ptr<Worker> worker() override { return std::make_unique<Worker>(); }
  bool declined() const override { return false; }

  void read(std::size_t piece, Worker&,
            const std::function<void(const Batch&)>& take) override {
    const std::size_t end = piece + 1 < begins_.size() ? begins_[piece + 1] : in_.rows;
    for (std::size_t at = begins_[piece]; at < end; at += kBatchRows) {
      std::vector<std::uint32_t> rows;
      for (std::size_t row = at; row < std::min(end, at + kBatchRows); ++row)
        rows.push_back(static_cast<std::uint32_t>(row));
      Batch batch;
      batch.piece = piece;
      batch.first = at - begins_[piece];
      batch.rows = rows.size();
      batch.columns.resize(width_);
      batch.largest.resize(width_);
      for (std::size_t k = 0; k < in_.keys.size(); ++k) {
        if (wanted_[k] && in_.keys[k].type() != table::Type::kRow)
          batch.columns[k] = in_.keys[k].picked(rows);
      }
      for (const InputColumn& one : in_.columns) {
        const auto column = static_cast<std::size_t>(one.column);
        if (!wanted_[column]) continue;
        batch.columns[column] = one.cells.picked(rows);
        const table::Column& cells = batch.columns[column];
        for (std::size_t i = 0; i < rows.size() && cells.is_scaled(); ++i)
          batch.largest[column] = std::max(batch.largest[column], std::abs(cells.mantissas()[i]));
      }
      for (const std::uint32_t row : rows)
        batch.lines.push_back(in_.line[row] - in_.line[begins_[piece]]);
      take(batch);
    }
  }

  std::uint32_t row_number(std::size_t piece, std::size_t record) const override {
    return static_cast<std::uint32_t>(begins_[piece] + record + 1);
  }

  base::Place place(std::size_t piece, std::uint32_t line) const override {
    const std::size_t row = begins_[piece];
    return {read_.files[in_.file[row]].name, in_.line[row] + line, 0};
  }

  bool finish(InputTables& out, base::Findings& findings) override {
    for (const FileSummary& mine : read_.files) {
      for (FileSummary& file : out.files) {
        if (file.table == mine.table && file.name == mine.name) file.rows = mine.rows;
      }
    }
    findings.insert(findings.end(), findings_.begin(), findings_.end());
    return true;
  }

 private:
  InputTables read_;
  const InputTable& in_;
  base::Findings findings_;
  std::vector<bool> wanted_;
  std::size_t width_;
  std::vector<std::size_t> begins_;
};

}  // namespace

std::unique_ptr<BatchReader> open_batches(const std::vector<TableFile>& files, std::int32_t table,
                                          const std::vector<bool>& wanted,
                                          const rules::CheckedPacks& packs,
                                          const exact::UnitCatalogue& units,
                                          table::TextPool& pool) {
  for (const TableFile& file : files) {
    if (!file.name.ends_with(".csv") || !file.across.empty()) return nullptr;
  }
  base::Findings problems, findings;
  InputTables read = read_tables(files, packs, units, pool, problems, findings);
  if (!problems.empty()) return nullptr;
  return std::make_unique<RowBatches>(std::move(read), std::move(findings), table, wanted,
                                      packs.tables[static_cast<std::size_t>(table)].columns.size());
}

}  // namespace qz::read
