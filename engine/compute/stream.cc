// Stream: workers in any order; what they found is put together by key, so the order is of no
// meaning.

#include "compute/stream.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>

#include "compute/evaluate.h"
#include "compute/run_before.h"
#include "compute/stream_kept.h"
#include "compute/stream_worker.h"

namespace qz::compute {
namespace {

using plan::Grouping;
using table::Column;
using table::KeyIndex;
using table::State;

class Pass {
 public:
  Pass(const plan::Program& program, StreamedTable& table, read::InputTables& inputs,
       const std::shared_ptr<table::TextPool>& pool, const exact::UnitCatalogue& units, int threads,
       Rung rung)
      : program_(program),
        packs_(*program.packs),
        table_(table),
        inputs_(inputs),
        pool_(pool),
        units_(units),
        threads_(threads),
        rung_(rung) {}

  bool run(Streamed& out, base::Findings& findings) {
    find_groupings();
    const std::vector<TableRows> above = rows_above();
    const auto texts = intern_texts(packs_, *pool_);
    const std::size_t count = std::max<std::size_t>(
        1, std::min<std::size_t>(static_cast<std::size_t>(threads_), table_.reader->pieces()));
    for (std::size_t w = 0; w < count; ++w)
      workers_.push_back(
          std::make_unique<StreamWorker>(packs_, *pool_, table_.plan, shape_, above, texts, rung_));
    read_all();
    if (table_.reader->declined() || !table_.reader->finish(inputs_, findings)) return false;
    if (!keep_rows()) return false;
    merge(out);
    return !too_long_;
  }

 private:
  const rules::CheckedTable& shape() const {
    return packs_.tables[static_cast<std::size_t>(table_.plan.table)];
  }

  std::size_t grouping(const Grouping& wanted) {
    const auto known = std::find(shape_.groupings.begin(), shape_.groupings.end(), wanted);
    if (known != shape_.groupings.end())
      return static_cast<std::size_t>(known - shape_.groupings.begin());
    shape_.groupings.push_back(wanted);
    return shape_.groupings.size() - 1;
  }

  // True if rows that differ in `coarse` differ in `fine` too.
  bool tells_apart(const Grouping& fine, const Grouping& coarse) const {
    const bool columns = std::all_of(coarse.columns.begin(), coarse.columns.end(), [&](auto one) {
      return std::find(fine.columns.begin(), fine.columns.end(), one) != fine.columns.end();
    });
    return columns && (!coarse.period || coarse.period == fine.period ||
                       (fine.period && *fine.period == shape().period));
  }

  // One for each way that folds tell rows apart. Who is called for, and who is there, is told by
  // one row of each group, if the groups are fine enough for it.
  void find_groupings() {
    for (const plan::StreamedFold& fold : table_.plan.folds)
      shape_.grouping_of_fold.push_back(grouping(plan::grouping_of(packs_, fold.list())));
    const auto need = [&](const Grouping& wanted) {
      if (std::none_of(shape_.groupings.begin(), shape_.groupings.end(),
                       [&](const Grouping& one) { return tells_apart(one, wanted); }))
        shape_.groupings.push_back(wanted);
    };
    for (const plan::Call& call : program_.calls) {
      if (call.caller == table_.plan.table) need(grouping_of_call(call));
    }
    const auto subject = shape().settled.find(packs_.subject);
    if (subject != shape().settled.end() && subject->second.via_table < 0)
      need({{subject->second.column}, std::nullopt});
  }

  Grouping grouping_of_call(const plan::Call& call) const {
    const rules::CheckedTable& called = packs_.tables[static_cast<std::size_t>(call.called)];
    Grouping out;
    for (std::size_t i = 0; i < called.key_size; ++i) {
      const rules::CheckedColumn& key = called.columns[i];
      if (key.type == table::Type::kPeriod) {
        out.period = key.period;
      } else {
        out.columns.push_back(shape().settled.at(key.name).column);
      }
    }
    // Who reads a row above does so by the edition of its own period.
    if (!call.lists && shape().period_column) out.period = shape().period;
    return out;
  }

  std::vector<TableRows> rows_above() {
    if (!table_.plan.above.empty())
      return run_before(program_, inputs_, pool_, table_.plan.before, threads_, rung_);
    std::vector<TableRows> out(packs_.tables.size());
    return out;
  }

  void read_all() {
    std::atomic<std::size_t> next{0};
    std::vector<std::exception_ptr> failures(workers_.size());
    const auto work = [&](std::size_t w) {
      try {
        const auto reading = table_.reader->worker();
        for (std::size_t piece = next++; piece < table_.reader->pieces(); piece = next++) {
          if (table_.reader->declined()) break;
          table_.reader->read(piece, *reading,
                              [&](const read::Batch& batch) { workers_[w]->take(batch); });
        }
      } catch (...) {
        failures[w] = std::current_exception();
      }
    };
    std::vector<std::thread> threads;
    for (std::size_t w = 1; w < workers_.size(); ++w) threads.emplace_back(work, w);
    work(0);
    for (std::thread& one : threads) one.join();
    for (const std::exception_ptr& failure : failures) {
      if (failure) std::rethrow_exception(failure);
    }
  }

  bool keep_rows() {
    std::vector<KeptRecord> kept;
    std::vector<std::pair<std::size_t, std::uint32_t>> first_lines;
    for (const auto& worker : workers_) {
      kept.insert(kept.end(), worker->kept.begin(), worker->kept.end());
      first_lines.insert(first_lines.end(), worker->first_lines.begin(), worker->first_lines.end());
    }
    if (kept.empty()) return true;
    return read_kept(table_, std::move(kept), first_lines, packs_, units_, *pool_, inputs_);
  }

  void merge(Streamed& out) {
    read::InputTable& callers = out.callers[static_cast<std::size_t>(table_.plan.table)];
    std::vector<std::vector<std::int32_t>> keys(shape().key_size);
    for (std::size_t g = 0; g < shape_.groupings.size(); ++g) merge_grouping(g, out, keys);
    callers.table = table_.plan.table;
    callers.given = true;
    callers.rows = keys.front().size();
    callers.is_context.assign(callers.rows, 0);
    const auto subject = shape().settled.find(packs_.subject);
    if (subject != shape().settled.end() && subject->second.via_table < 0) {
      const auto& who = keys[static_cast<std::size_t>(subject->second.column)];
      out.subjects.insert(out.subjects.end(), who.begin(), who.end());
      std::sort(out.subjects.begin(), out.subjects.end());
      out.subjects.erase(std::unique(out.subjects.begin(), out.subjects.end()), out.subjects.end());
    }
    for (std::size_t i = 0; i < keys.size(); ++i) {
      callers.keys.push_back(Column::from_ids(shape().columns[i].type, std::move(keys[i]),
                                              std::vector<State>(callers.rows, State::kValue)));
    }
    for (const auto& worker : workers_) {
      out.used_factors.merge(worker->used_factors);
      out.used_factors.merge(worker->quick().used_factors());
    }
  }

  // The groups of all workers as one, and the folds over them.
  void merge_grouping(std::size_t g, Streamed& out, std::vector<std::vector<std::int32_t>>& keys) {
    auto index = std::make_unique<KeyIndex>(workers_[0]->groups[g].keys().width());
    std::vector<std::vector<std::uint32_t>> to(workers_.size());
    for (std::size_t w = 0; w < workers_.size(); ++w) {
      const StreamGroups& groups = workers_[w]->groups[g];
      for (std::size_t i = 0; i < groups.keys().rows(); ++i) {
        bool added = false;
        to[w].push_back(index->insert(groups.keys().key(i), &added));
        if (!added) continue;
        for (std::size_t k = 0; k < keys.size(); ++k) keys[k].push_back(groups.row_of(i)[k]);
      }
    }
    for (std::size_t f = 0; f < table_.plan.folds.size(); ++f) {
      if (shape_.grouping_of_fold[f] == g) merge_fold(f, *index, to, *out.totals);
    }
    out.totals->groups.push_back(std::move(index));
  }

  void merge_fold(std::size_t f, const KeyIndex& groups,
                  const std::vector<std::vector<std::uint32_t>>& to, StreamTotals& out) {
    const rules::Node& node = table_.plan.folds[f].what();
    StreamFold whole(node.op, node.type);
    whole.grow(groups.rows());
    for (std::size_t w = 0; w < workers_.size(); ++w) {
      StreamFold& part = workers_[w]->folds[f];
      part.grow(to[w].size());
      workers_[w]->quick().pour(f, part);
      whole.merge(part, to[w]);
    }
    too_long_ = too_long_ || whole.too_long();
    StreamTotal total;
    total.groups = &groups;
    total.cells = Column(node.type, groups.rows(), State::kNull);
    for (std::size_t g = 0; g < groups.rows() && !too_long_; ++g) {
      if (!whole.has_failed(g)) {
        whole.finish(g, total.cells, g);
        continue;
      }
      total.failed.resize(groups.rows());
      total.failed[g] = 1;
    }
    out.by_node.emplace(&node, std::move(total));
  }

  const plan::Program& program_;
  const rules::CheckedPacks& packs_;
  StreamedTable& table_;
  read::InputTables& inputs_;
  const std::shared_ptr<table::TextPool>& pool_;
  const exact::UnitCatalogue& units_;
  int threads_;
  Rung rung_;
  StreamShape shape_;
  std::vector<std::unique_ptr<StreamWorker>> workers_;
  bool too_long_ = false;
};

}  // namespace

std::optional<Streamed> pass_streams(const plan::Program& program,
                                     std::vector<StreamedTable>& tables, read::InputTables& inputs,
                                     const std::shared_ptr<table::TextPool>& pool,
                                     const exact::UnitCatalogue& units, int threads, Rung rung,
                                     base::Findings& findings) {
  Streamed out;
  out.callers.resize(program.packs->tables.size());
  for (StreamedTable& table : tables) {
    if (!Pass(program, table, inputs, pool, units, threads, rung).run(out, findings))
      return std::nullopt;
  }
  return out;
}

}  // namespace qz::compute
