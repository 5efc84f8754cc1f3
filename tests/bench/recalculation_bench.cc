// Recalculation: the rows of a bench.w1 job, loaded once into compact columns, computed and summed
// again and again by two threads. The totals must be those of the job's own ledger. The job is that
// of QZ_BENCH_JOB, with the factors of QZ_BENCH_FACTORS.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "compute/batch_program.h"
#include "compute/batch_sums.h"
#include "compute/evaluate.h"
#include "job/files.h"
#include "job/run_job.h"
#include "read/batches.h"
#include "read/input_tables.h"

namespace qz {
namespace {

constexpr int kThreads = 2;

// One input column in its narrowest form, with the largest magnitude of each batch.
struct Loaded {
  std::vector<std::int64_t> wide;
  std::vector<std::int32_t> narrow;
  std::vector<std::uint8_t> tiny;
  std::vector<std::uint8_t> missing;  // empty: every row has a value
  std::vector<std::int64_t> largest;  // by batch
  std::int64_t denominator = 1;

  explicit Loaded(const table::Column& cells) {
    const bool is_number = cells.type() == table::Type::kNumber;
    std::int64_t most = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i % read::kBatchRows == 0) largest.push_back(0);
      const std::int64_t value = !cells.has_value(i) ? 0
                                 : is_number         ? cells.mantissas()[i]
                                                     : cells.id(i);
      largest.back() = std::max(largest.back(), std::abs(value));
      most = std::max(most, largest.back());
      wide.push_back(value);
      if (!cells.all_have_values()) missing.push_back(cells.has_value(i) ? 0 : 1);
    }
    if (is_number) denominator = cells.denominator();
    if (!is_number && most < 256) {
      tiny.assign(wide.begin(), wide.end());
    } else if (most <= std::numeric_limits<std::int32_t>::max()) {
      narrow.assign(wide.begin(), wide.end());
    } else {
      return;
    }
    wide = {};
  }

  compute::BatchInput batch(std::size_t first, std::size_t rows) const {
    const auto part = [&](const auto& values) {
      return std::span(values).subspan(values.empty() ? 0 : first, values.empty() ? 0 : rows);
    };
    compute::BatchInput out;
    out.wide = part(wide);
    out.narrow = part(narrow);
    out.tiny = part(tiny);
    out.missing = part(missing);
    out.denominator = denominator;
    out.largest = largest[first / read::kBatchRows];
    return out;
  }
};

class LoadedJob {
 public:
  // Empty where the job is refused, is another than bench.w1, or has formulas beyond batches.
  static std::unique_ptr<LoadedJob> load(const char* job_file, const char* factors) {
    job::RunOptions options;
    options.job_file = job_file;
    if (factors != nullptr) options.factors.push_back(factors);
    options.threads = kThreads;
    job::Refusal refusal;
    auto computed = job::compute_job(options, refusal);
    if (!computed || !computed->results.packs->table("activity")) return nullptr;
    auto out = std::unique_ptr<LoadedJob>(new LoadedJob(std::move(*computed)));
    return out->read_rows() ? std::move(out) : nullptr;
  }

  // Totals of every facility, column after column.
  std::vector<exact::Number> recalculate() const {
    std::vector<compute::GroupSums> sums(kThreads, compute::GroupSums(wanted_.size()));
    const auto work = [&](std::size_t begin, std::size_t end, compute::GroupSums& into) {
      run_batches(begin, end, into);
    };
    const std::size_t half = rows_ / 2 / read::kBatchRows * read::kBatchRows;
    std::thread other(work, half, rows_, std::ref(sums[1]));
    work(0, half, sums[0]);
    other.join();
    std::vector<exact::Number> out;
    for (std::size_t column = 0; column < wanted_.size(); ++column) {
      for (std::size_t group = 0; group < groups_; ++group) {
        out.push_back(sums[0].total(column, group) + sums[1].total(column, group));
      }
    }
    return out;
  }

  // Whether `totals` are the reported figures of the job, in the order of facilities' first rows.
  bool agrees(const std::vector<exact::Number>& totals) const {
    const std::int32_t year = *computed_.results.packs->table("facility_year");
    const rules::CheckedTable& shape = computed_.results.packs->tables[index(year)];
    const compute::TableRows& reported = computed_.results.tables[index(year)];
    for (std::size_t column = 0; column < wanted_.size(); ++column) {
      const std::int32_t at = *shape.column(shape_.columns[index(wanted_[column])].name);
      for (std::size_t row = 0; row < reported.rows; ++row) {
        const std::size_t group = group_of_text_[index(reported.columns[0].id(row))];
        if (totals[column * groups_ + group] != reported.columns[index(at)].number(row))
          return false;
      }
    }
    return reported.rows == groups_;
  }

  std::size_t rows() const { return rows_; }

 private:
  static std::size_t index(std::int32_t i) { return static_cast<std::size_t>(i); }

  explicit LoadedJob(job::ComputedJob&& computed)
      : computed_(std::move(computed)),
        table_(*computed_.results.packs->table("activity")),
        shape_(computed_.results.packs->tables[index(table_)]),
        texts_(compute::intern_texts(*computed_.results.packs, *computed_.results.pool)),
        relations_(*computed_.results.packs, computed_.results.tables),
        data_{*computed_.results.packs, *computed_.results.pool, computed_.results.tables,
              relations_, texts_} {}

  bool read_rows() {
    for (const char* gas : {"CO2", "CH4", "N2O"}) wanted_.push_back(*shape_.column(gas));
    program_ = compute::BatchProgram::compile(data_, table_, 0, wanted_);
    if (!program_ || !program_->ups().empty()) return false;
    std::vector<read::TableFile> files;
    for (const job::JobFile& file : computed_.job.files) {
      files.push_back(file.table);
      const std::string path = job::joined(computed_.job.folder, file.table.name);
      const auto bytes = job::read_file(path, file.table.name, job::kTableBytesMax);
      if (!bytes) return false;
      files.back().bytes = *bytes;
    }
    base::Findings problems;
    base::Findings findings;
    const read::InputTables inputs =
        read::read_tables(files, *computed_.results.packs, computed_.rules->units,
                          *computed_.results.pool, problems, findings);
    const read::InputTable& table = inputs.tables[index(table_)];
    rows_ = table.rows;
    for (const std::int32_t wanted : program_->inputs()) {
      const auto found =
          std::find_if(table.columns.begin(), table.columns.end(),
                       [&](const read::InputColumn& one) { return one.column == wanted; });
      if (found == table.columns.end()) return false;
      inputs_.emplace_back(found->cells);
    }
    for (std::size_t row = 0; row < rows_; ++row)
      facilities_.push_back(group(table.keys[0].id(row)));
    return problems.empty();
  }

  std::int32_t group(std::int32_t text) {
    if (group_of_text_.size() <= index(text)) group_of_text_.resize(index(text) + 1, kNoGroup);
    std::size_t& group = group_of_text_[index(text)];
    if (group == kNoGroup) group = groups_++;
    return static_cast<std::int32_t>(group);
  }

  void run_batches(std::size_t begin, std::size_t end, compute::GroupSums& into) const {
    const auto scratch = program_->scratch();
    std::vector<compute::BatchInput> batch;
    std::vector<compute::BatchOutput> out;
    into.grow(groups_);
    for (std::size_t first = begin; first < end; first += read::kBatchRows) {
      const std::size_t rows = std::min(read::kBatchRows, end - first);
      batch.clear();
      for (const Loaded& input : inputs_) batch.push_back(input.batch(first, rows));
      if (!program_->run(rows, batch, compute::Rung::kAuto, *scratch, out)) continue;
      into.add(std::span(facilities_).subspan(first, rows), out);
    }
  }

  static constexpr std::size_t kNoGroup = static_cast<std::size_t>(-1);

  job::ComputedJob computed_;
  std::int32_t table_;
  const rules::CheckedTable& shape_;
  std::vector<std::vector<std::vector<std::int32_t>>> texts_;
  compute::Relations relations_;
  compute::Data data_;
  std::vector<std::int32_t> wanted_;
  std::optional<compute::BatchProgram> program_;
  std::size_t rows_ = 0;
  std::vector<Loaded> inputs_;
  std::vector<std::int32_t> facilities_;    // by row: its group
  std::vector<std::size_t> group_of_text_;  // by text id
  std::size_t groups_ = 0;
};

void recalculate_loaded_rows(benchmark::State& state) {
  static const std::unique_ptr<LoadedJob> job =
      LoadedJob::load(std::getenv("QZ_BENCH_JOB"), std::getenv("QZ_BENCH_FACTORS"));
  if (job == nullptr || !job->agrees(job->recalculate())) {
    state.SkipWithError("QZ_BENCH_JOB is no job of bench.w1, or its totals differ");
    return;
  }
  for (auto unused : state) {
    (void)unused;
    benchmark::DoNotOptimize(job->recalculate());
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * job->rows()));
}

const bool kRegistered = [] {
  if (std::getenv("QZ_BENCH_JOB") == nullptr) return false;
  benchmark::RegisterBenchmark("recalculate_loaded_rows", recalculate_loaded_rows)
      ->Unit(benchmark::kMillisecond)
      ->UseRealTime();
  return true;
}();

}  // namespace
}  // namespace qz
