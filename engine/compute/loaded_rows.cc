// Loaded rows: batches of narrow arrays, which threads take by turns.

#include "compute/loaded_rows.h"

#include <algorithm>
#include <atomic>
#include <bitset>
#include <exception>
#include <functional>
#include <limits>
#include <thread>
#include <tuple>

#include "compute/stream_groups.h"

namespace qz::compute {

using table::KeyIndex;

namespace {

// Taken at once by a thread; enough that threads seldom meet.
constexpr std::size_t kTurn = 4;
// Batches as they are read become one until they have so many rows: every batch costs something by
// itself, and what is computed of one has to stay in the nearer caches.
constexpr std::size_t kRowsHeld = 2000;
// The cells of one column in a batch, in the narrowest of four widths.
struct LoadedCells {
  std::vector<std::uint8_t> tiny;      // ids only
  std::vector<std::int32_t> distinct;  // of tiny ids: which there are
  std::vector<std::uint16_t> small;    // ids, and numbers below 2^16 and not below zero
  std::vector<std::int32_t> narrow;
  std::vector<std::int64_t> wide;
  std::vector<std::uint8_t> missing;
  std::int64_t denominator = 1;
  std::int64_t least = 0;
  std::int64_t largest = 0;
};

template <typename To, typename From>
std::vector<To> narrowed(std::span<const From> from) {
  std::vector<To> out(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) out[i] = static_cast<To>(from[i]);
  return out;
}

template <typename From>
void hold(std::span<const From> values, bool are_ids, LoadedCells& to) {
  From low = values[0], high = values[0];
  for (const From one : values) {
    low = std::min(low, one);
    high = std::max(high, one);
  }
  to.least = low;
  if (are_ids && low >= 0 && high < 256) {
    to.tiny = narrowed<std::uint8_t>(values);
    std::bitset<256> seen;
    for (const std::uint8_t one : to.tiny) seen.set(one);
    for (std::int32_t id = 0; id < 256; ++id) {
      if (seen.test(static_cast<std::size_t>(id))) to.distinct.push_back(id);
    }
  } else if (low >= 0 && high <= std::numeric_limits<std::uint16_t>::max()) {
    to.small = narrowed<std::uint16_t>(values);
  } else if (low >= std::numeric_limits<std::int32_t>::min() &&
             high <= std::numeric_limits<std::int32_t>::max()) {
    to.narrow = narrowed<std::int32_t>(values);
  } else {
    to.wide = narrowed<std::int64_t>(values);
  }
}

std::size_t bytes_of(const LoadedCells& one) {
  return one.tiny.size() + one.small.size() * 2 + one.narrow.size() * 4 + one.wide.size() * 8 +
         one.missing.size();
}

// The groups of a batch's rows by one grouping.
struct GroupsOfRows {
  std::vector<std::int32_t> narrow;
  std::vector<std::uint16_t> small;  // where all numbers fit
};

struct LoadedBatch {
  std::size_t rows = 0;
  std::int32_t first_period = 0, last_period = 0;
  std::vector<std::optional<LoadedCells>> columns;
  std::vector<GroupsOfRows> groups;  // by grouping
};

// Runs work(0) to work(count - 1) side by side; throws what one of them threw.
void side_by_side(std::size_t count, const std::function<void(std::size_t)>& work) {
  std::vector<std::exception_ptr> failures(count);
  const auto guarded = [&](std::size_t w) {
    try {
      work(w);
    } catch (...) {
      failures[w] = std::current_exception();
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t w = 1; w < count; ++w) threads.emplace_back(guarded, w);
  guarded(0);
  for (std::thread& one : threads) one.join();
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

// What one thread loads.
class Loader {
 public:
  Loader(const rules::CheckedPacks& packs, const plan::Stream& stream,
         const std::vector<plan::Grouping>& groupings)
      : stream_(stream), shape_(packs.tables[static_cast<std::size_t>(stream.table)]) {
    for (const plan::Grouping& one : groupings) groups.emplace_back(packs, stream, one);
  }

  // False: the batch is not for arrays.
  bool take(const read::Batch& batch) {
    if (batch.rows == 0) return true;
    if (!batch_inputs(batch, stream_, shape_.key_size, missing_, inputs_)) return false;
    if (rows_ > 0 && (rows_ + batch.rows > kRowsHeld || !goes_with_gathered())) give();
    gathered_.resize(inputs_.size());
    groups_of_rows_.resize(groups.size());
    for (std::size_t c = 0; c < inputs_.size(); ++c) gather(inputs_[c], gathered_[c]);
    for (std::size_t g = 0; g < groups.size(); ++g) {
      const std::vector<std::int32_t>& more = groups[g].assign(batch.columns, batch.rows);
      if (groups[g].has_outsiders()) return false;
      groups_of_rows_[g].insert(groups_of_rows_[g].end(), more.begin(), more.end());
    }
    rows_ += batch.rows;
    return true;
  }

  // When all are taken.
  void finish() {
    if (rows_ > 0) give();
  }

  std::vector<StreamGroups> groups;  // by grouping
  std::vector<LoadedBatch> batches;

 private:
  // A column of the batches that become one; nothing in it: it is not read.
  struct Gathered {
    std::vector<std::int64_t> wide;
    std::vector<std::int32_t> narrow;
    std::vector<std::uint8_t> missing;
    std::int64_t denominator = 1;
    std::int64_t largest = 0;
    bool has_rows() const { return !wide.empty() || !narrow.empty(); }
  };

  bool goes_with_gathered() const {
    for (std::size_t c = 0; c < inputs_.size(); ++c) {
      const bool given = !inputs_[c].wide.empty() || !inputs_[c].narrow.empty();
      if (given != gathered_[c].has_rows() || inputs_[c].denominator != gathered_[c].denominator)
        return false;
    }
    return true;
  }

  void gather(const BatchInput& from, Gathered& to) const {
    to.wide.insert(to.wide.end(), from.wide.begin(), from.wide.end());
    to.narrow.insert(to.narrow.end(), from.narrow.begin(), from.narrow.end());
    to.denominator = from.denominator;
    to.largest = std::max(to.largest, from.largest);
    if (from.missing.empty() && to.missing.empty()) return;
    to.missing.resize(rows_);
    to.missing.insert(to.missing.end(), from.missing.begin(), from.missing.end());
    to.missing.resize(std::max(to.wide.size(), to.narrow.size()));
  }

  void give() {
    LoadedBatch& out = batches.emplace_back();
    out.rows = rows_;
    if (shape_.period_column) {
      const auto at = static_cast<std::size_t>(*shape_.period_column);
      std::tie(out.first_period, out.last_period) = least_and_most(gathered_[at].narrow);
    }
    for (Gathered& one : gathered_) {
      std::optional<LoadedCells>& to = out.columns.emplace_back();
      if (!one.has_rows()) continue;
      to.emplace();
      to->denominator = one.denominator;
      to->largest = one.largest;
      to->missing = std::move(one.missing);
      one.wide.empty() ? hold(std::span<const std::int32_t>(one.narrow), true, *to)
                       : hold(std::span<const std::int64_t>(one.wide), false, *to);
    }
    for (std::vector<std::int32_t>& one : groups_of_rows_) {
      out.groups.emplace_back().narrow = std::move(one);
      one.clear();
    }
    gathered_.clear();
    rows_ = 0;
  }

  const plan::Stream& stream_;
  const rules::CheckedTable& shape_;
  MissingCells missing_;
  std::vector<BatchInput> inputs_;
  std::size_t rows_ = 0;  // gathered
  std::vector<Gathered> gathered_;
  std::vector<std::vector<std::int32_t>> groups_of_rows_;  // by grouping
};

// `columns` is for its arrays.
QuickBatch opened(const LoadedBatch& batch, std::vector<BatchInput>& columns) {
  columns.assign(batch.columns.size(), {});
  for (std::size_t c = 0; c < batch.columns.size(); ++c) {
    if (!batch.columns[c]) continue;
    const LoadedCells& from = *batch.columns[c];
    BatchInput& to = columns[c];
    to.tiny = from.tiny;
    to.small = from.small;
    to.narrow = from.narrow;
    to.wide = from.wide;
    to.missing = from.missing;
    to.denominator = from.denominator;
    to.least = from.least;
    to.largest = from.largest;
    to.distinct = from.distinct;
  }
  return {batch.rows, batch.first_period, batch.last_period, columns};
}

}  // namespace

struct LoadedRows::Rows {
  std::vector<plan::Grouping> groupings;
  std::vector<std::unique_ptr<KeyIndex>> groups;  // by grouping
  std::vector<LoadedBatch> batches;
  std::size_t rows = 0;

  // The batches of all loaders, their groups counted as one.
  void put_together(std::vector<Loader>& loaders) {
    for (std::size_t g = 0; g < groupings.size(); ++g) {
      groups.push_back(std::make_unique<KeyIndex>(loaders[0].groups[g].keys().width()));
      std::vector<std::vector<std::int32_t>> numbers;
      for (const Loader& one : loaders) {
        const KeyIndex& keys = one.groups[g].keys();
        std::vector<std::int32_t>& to = numbers.emplace_back();
        for (std::size_t i = 0; i < keys.rows(); ++i)
          to.push_back(static_cast<std::int32_t>(groups[g]->insert(keys.key(i))));
      }
      for (std::size_t w = 0; w < loaders.size(); ++w) renumber(loaders[w].batches, g, numbers[w]);
    }
    for (Loader& one : loaders) {
      for (LoadedBatch& batch : one.batches) {
        rows += batch.rows;
        batches.push_back(std::move(batch));
      }
    }
  }

  void renumber(std::vector<LoadedBatch>& of, std::size_t g,
                const std::vector<std::int32_t>& numbers) const {
    for (LoadedBatch& batch : of) {
      GroupsOfRows& groups_of = batch.groups[g];
      for (std::int32_t& one : groups_of.narrow) one = numbers[static_cast<std::size_t>(one)];
      if (groups[g]->rows() > std::numeric_limits<std::uint16_t>::max()) continue;
      groups_of.small = narrowed<std::uint16_t>(std::span<const std::int32_t>(groups_of.narrow));
      groups_of.narrow = {};
    }
  }
};

LoadedRows::LoadedRows(std::unique_ptr<Rows> rows) : rows_(std::move(rows)) {}
LoadedRows::~LoadedRows() = default;
LoadedRows::LoadedRows(LoadedRows&&) noexcept = default;
LoadedRows& LoadedRows::operator=(LoadedRows&&) noexcept = default;

std::optional<LoadedRows> LoadedRows::load(const rules::CheckedPacks& packs,
                                           const StreamedTable& table, int threads) {
  auto out = std::make_unique<Rows>();
  for (const plan::StreamedFold& fold : table.plan.folds) {
    plan::Grouping one = plan::grouping_of(packs, fold.list());
    if (std::find(out->groupings.begin(), out->groupings.end(), one) == out->groupings.end())
      out->groupings.push_back(std::move(one));
  }
  const std::size_t count = std::max<std::size_t>(
      1, std::min<std::size_t>(static_cast<std::size_t>(threads), table.reader->pieces()));
  std::vector<Loader> loaders;
  for (std::size_t w = 0; w < count; ++w) loaders.emplace_back(packs, table.plan, out->groupings);
  std::atomic<std::size_t> next{0};
  std::atomic<bool> fits{true};
  side_by_side(count, [&](std::size_t w) {
    const auto reading = table.reader->worker();
    for (std::size_t piece = next++; piece < table.reader->pieces() && fits; piece = next++) {
      table.reader->read(piece, *reading, [&](const read::Batch& batch) {
        if (fits && !loaders[w].take(batch)) fits = false;
      });
    }
    loaders[w].finish();
  });
  if (!fits || table.reader->declined()) return std::nullopt;
  out->put_together(loaders);
  return LoadedRows(std::move(out));
}

std::size_t LoadedRows::rows() const { return rows_->rows; }

std::size_t LoadedRows::bytes() const {
  std::size_t out = 0;
  for (const LoadedBatch& batch : rows_->batches) {
    for (const std::optional<LoadedCells>& one : batch.columns) out += one ? bytes_of(*one) : 0;
    for (const GroupsOfRows& one : batch.groups)
      out += one.narrow.size() * 4 + one.small.size() * 2;
  }
  return out;
}

const KeyIndex* LoadedRows::groups(const rules::CheckedPacks& packs,
                                   const rules::List& list) const {
  const auto found =
      std::find(rows_->groupings.begin(), rows_->groupings.end(), plan::grouping_of(packs, list));
  if (found == rows_->groupings.end()) return nullptr;
  return rows_->groups[static_cast<std::size_t>(found - rows_->groupings.begin())].get();
}

std::optional<Recalculated> LoadedRows::recalculate(const Data& data, const plan::Stream& stream,
                                                    int threads) const {
  StreamShape shape;
  shape.groupings = rows_->groupings;
  for (const plan::StreamedFold& fold : stream.folds) {
    const auto found = std::find(shape.groupings.begin(), shape.groupings.end(),
                                 plan::grouping_of(data.packs, fold.list()));
    if (found == shape.groupings.end()) return std::nullopt;
    shape.grouping_of_fold.push_back(static_cast<std::size_t>(found - shape.groupings.begin()));
  }
  const std::vector<LoadedBatch>& batches = rows_->batches;
  const std::size_t count = std::clamp<std::size_t>((batches.size() + kTurn - 1) / kTurn, 1,
                                                    static_cast<std::size_t>(threads));
  std::vector<std::unique_ptr<StreamQuick>> workers;
  for (std::size_t w = 0; w < count; ++w)
    workers.push_back(std::make_unique<StreamQuick>(data, stream, shape));
  if (!workers[0]->is_quick()) return std::nullopt;
  std::atomic<std::size_t> next{0};
  std::atomic<bool> fits{true};
  side_by_side(count, [&](std::size_t w) {
    std::vector<BatchInput> columns;
    StreamQuick& quick = *workers[w];
    for (std::size_t at = next++ * kTurn; at < batches.size() && fits; at = next++ * kTurn) {
      for (std::size_t i = at; i < std::min(at + kTurn, batches.size()); ++i) {
        if (!quick.compute(opened(batches[i], columns))) {
          fits = false;
          return;
        }
        for (std::size_t g = 0; g < shape.groupings.size(); ++g) {
          if (!quick.asks_for(g)) continue;
          const GroupsOfRows& of = batches[i].groups[g];
          const std::size_t groups = rows_->groups[g]->rows();
          of.small.empty() ? quick.add(g, std::span(of.narrow), groups)
                           : quick.add(g, std::span(of.small), groups);
        }
      }
    }
  });
  if (!fits) return std::nullopt;
  Recalculated out;
  for (const auto& one : workers) out.used_factors.merge(one->used_factors());
  for (std::size_t w = 1; w < count; ++w) workers[0]->merge(*workers[w]);
  for (std::size_t f = 0; f < stream.folds.size(); ++f)
    out.cells.push_back(workers[0]->cells(f, rows_->groups[shape.grouping_of_fold[f]]->rows()));
  return out;
}

}  // namespace qz::compute
