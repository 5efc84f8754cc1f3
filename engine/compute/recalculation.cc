// Recalculation: chunks of variations to threads, each part of a chunk to its cone, outcomes in
// order.

#include "compute/recalculation.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <thread>

#include "compute/detail/cone.h"
#include "compute/detail/side_by_side.h"
#include "compute/detail/stage.h"
#include "compute/evaluate.h"

namespace qz::compute {

using detail::Basis;
using detail::Cone;
using detail::KnownCells;
using detail::SideBySide;
using table::Column;
using table::State;

namespace {

// Lanes of the largest table of a block: enough to be worth the while, few enough for the caches.
constexpr std::size_t kBlockLanes = 1u << 15;
constexpr std::size_t kBlockMost = 256;
// Of a chunk, which a thread computes as a whole.
constexpr std::size_t kChunkMost = 512;
constexpr std::size_t kChunkCells = 1u << 20;
// Cones that are kept; where variations edit targets in more ways, they take the whole one.
constexpr std::size_t kConesMax = 256;
// Cones whose tables a thread keeps.
constexpr std::size_t kTablesMost = 32;

std::size_t block_for(const Cone& cone) {
  std::size_t slots = 1;
  for (const auto& [table, stack] : cone.stacks) slots = std::max(slots, stack.slots());
  return std::clamp<std::size_t>(kBlockLanes / slots, 1, kBlockMost);
}

// A cone with what no variation changes in it.
struct ReadyCone {
  Cone cone;
  KnownCells known;
  std::vector<detail::Stage> stages;
  std::size_t block = 1;
};

// One thread's: the tables of each cone that it met.
class Worker {
 public:
  Worker(const Basis& basis,
         std::function<const ReadyCone&(const std::vector<std::uint32_t>&)> cone,
         const std::vector<std::uint32_t>& group_of)
      : basis_(basis), cone_(std::move(cone)), group_of_(group_of) {}

  // Puts the wanted cells of all `variations` into `out`, which has them as the base has.
  void compute(const std::vector<Variation>& variations, std::vector<Column>& out) {
    std::map<const ReadyCone*, std::vector<std::uint32_t>> parts;
    std::vector<std::uint32_t> groups;
    const ReadyCone* last = nullptr;
    std::vector<std::uint32_t> last_groups;
    for (std::uint32_t v = 0; v < variations.size(); ++v) {
      groups.clear();
      for (const Edit& edit : variations[v].edits) groups.push_back(group_of_[edit.target]);
      std::sort(groups.begin(), groups.end());
      groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
      if (groups.empty()) continue;
      if (last == nullptr || groups != last_groups) {
        last = &cone_(groups);
        last_groups = groups;
      }
      parts[last].push_back(v);
    }
    for (const auto& [cone, some] : parts) compute_part(*cone, variations, some, out);
  }

 private:
  void compute_part(const ReadyCone& cone, const std::vector<Variation>& variations,
                    const std::vector<std::uint32_t>& some, std::vector<Column>& out) {
    if (cone.cone.stacks.empty()) return;
    SideBySide& tables = tables_of(cone);
    std::vector<const Variation*> block;
    for (std::size_t first = 0; first < some.size(); first += cone.block) {
      block.clear();
      for (std::size_t i = first; i < std::min(some.size(), first + cone.block); ++i)
        block.push_back(&variations[some[i]]);
      tables.run(block);
      for (std::size_t w = 0; w < out.size(); ++w) {
        for (std::uint32_t v = 0; v < block.size(); ++v)
          tables.give(w, v, some[first + v] * basis_.wanted[w].rows.size(), out[w]);
      }
    }
  }

  SideBySide& tables_of(const ReadyCone& cone) {
    const auto found = tables_.find(&cone);
    if (found != tables_.end()) return *found->second;
    if (tables_.size() >= kTablesMost) tables_.clear();
    auto made =
        std::make_unique<SideBySide>(basis_, cone.cone, cone.known, cone.stages, cone.block);
    return *tables_.emplace(&cone, std::move(made)).first->second;
  }

  const Basis& basis_;
  std::function<const ReadyCone&(const std::vector<std::uint32_t>&)> cone_;
  const std::vector<std::uint32_t>& group_of_;
  std::map<const ReadyCone*, std::unique_ptr<SideBySide>> tables_;
};

}  // namespace

Target Target::cell(plan::ColumnRef column, std::uint32_t row) {
  Target out;
  out.column = column;
  out.row = row;
  return out;
}

Target Target::constant(std::int32_t edition, std::string name) {
  Target out;
  out.kind = Kind::kConstant;
  out.edition = edition;
  out.name = std::move(name);
  return out;
}

Target Target::factor_cell(std::int32_t factor, std::int32_t field, std::uint32_t row) {
  Target out;
  out.kind = Kind::kFactor;
  out.factor = factor;
  out.field = field;
  out.row = row;
  return out;
}

std::size_t Outcome::first(std::size_t wanted) const {
  return variation_ * (*wanted_)[wanted].rows.size();
}
State Outcome::state(std::size_t wanted, std::size_t at) const {
  return cells(wanted).state(first(wanted) + at);
}
exact::Number Outcome::number(std::size_t wanted, std::size_t at) const {
  return cells(wanted).number(first(wanted) + at);
}
std::int32_t Outcome::id(std::size_t wanted, std::size_t at) const {
  return cells(wanted).id(first(wanted) + at);
}

struct Recalculation::State {
  State(const plan::Program& of, const Results& results, std::vector<Target> to_change,
        std::vector<Wanted> to_know, const RecalculationOptions& as)
      : program(of),
        base(results),
        targets(std::move(to_change)),
        wanted(std::move(to_know)),
        options(as),
        texts(intern_texts(*results.packs, *results.pool)),
        relations(*results.packs, results.tables),
        data{*results.packs, *results.pool,        results.tables, relations,
             texts,          results.totals.get(), results.rung},
        basis{program, data, targets, wanted} {
    number_groups();
  }

  // Targets that are expected to change together have one number.
  void number_groups() {
    std::map<std::tuple<Target::Kind, plan::ColumnRef, std::int32_t, std::string, std::int32_t,
                        std::int32_t, std::int32_t>,
             std::uint32_t>
        known;
    for (const Target& one : targets) {
      const auto next = static_cast<std::uint32_t>(known.size());
      group_of.push_back(known
                             .try_emplace({one.kind, one.column, one.edition, one.name, one.factor,
                                           one.field, one.group},
                                          next)
                             .first->second);
    }
  }

  std::unique_ptr<ReadyCone> ready(const std::vector<std::uint32_t>& chosen, std::string& why) {
    std::optional<Cone> made = detail::make_cone(program, data, targets, chosen, wanted, why);
    if (!made) return nullptr;
    auto out = std::make_unique<ReadyCone>();
    out->cone = std::move(*made);
    out->known = detail::known_cells(basis, out->cone);
    if (options.one_by_one) {
      for (const plan::Step& step : out->cone.steps)
        out->stages.push_back({step, step.columns.front().table, {}});
    } else {
      out->stages = detail::make_stages(basis, out->cone, out->known);
    }
    out->block = options.block == 0 ? block_for(out->cone) : options.block;
    return out;
  }

  // The cone of the targets in `groups`, made when first asked for.
  const ReadyCone& cone_of(const std::vector<std::uint32_t>& groups) {
    const std::lock_guard lock(mutex);
    const auto found = cones.find(groups);
    if (found != cones.end()) return *found->second;
    if (cones.size() >= kConesMax) return *whole;
    std::vector<std::uint32_t> chosen;
    for (std::uint32_t at = 0; at < targets.size(); ++at) {
      if (std::binary_search(groups.begin(), groups.end(), group_of[at])) chosen.push_back(at);
    }
    std::string why;
    std::unique_ptr<ReadyCone> made = ready(chosen, why);
    QZ_ASSERT(made != nullptr);  // it is within the whole one
    return *cones.emplace(groups, std::move(made)).first->second;
  }

  // The wanted cells of the base, for `n` variations side by side.
  std::vector<Column> base_cells(std::size_t n) const {
    std::vector<Column> out;
    for (std::size_t w = 0; w < wanted.size(); ++w) {
      std::vector<std::uint32_t> order;
      order.reserve(n * wanted[w].rows.size());
      for (std::size_t v = 0; v < n; ++v) {
        for (std::uint32_t i = 0; i < wanted[w].rows.size(); ++i) order.push_back(i);
      }
      out.push_back(base_wanted[w].picked(order));
    }
    return out;
  }

  void find_base_cells() {
    FormulaRunner runner(data);
    for (const Wanted& one : wanted) {
      if (one.formula == nullptr) {
        base_wanted.push_back(base.tables[static_cast<std::size_t>(one.column.table)]
                                  .columns[static_cast<std::size_t>(one.column.column)]
                                  .picked(one.rows));
      } else {
        base_wanted.push_back(
            runner.run(*one.formula, one.column.table, Lanes{one.rows.size(), {one.rows}}));
      }
    }
  }

  std::size_t chunk() const {
    std::size_t cells = 1;
    for (const Wanted& one : wanted) cells += one.rows.size();
    return std::clamp<std::size_t>(kChunkCells / cells, 1, kChunkMost);
  }

  const plan::Program& program;
  const Results& base;
  std::vector<Target> targets;
  std::vector<Wanted> wanted;
  RecalculationOptions options;
  std::vector<std::vector<std::vector<std::int32_t>>> texts;
  Relations relations;
  Data data;
  Basis basis;
  std::vector<std::uint32_t> group_of;  // by target
  std::vector<Column> base_wanted;
  std::unique_ptr<ReadyCone> whole;
  // A worker that nobody has, with the tables that it made in another run.
  std::unique_ptr<Worker> worker() {
    const std::lock_guard lock(mutex);
    if (!idle.empty()) {
      std::unique_ptr<Worker> out = std::move(idle.back());
      idle.pop_back();
      return out;
    }
    return std::make_unique<Worker>(
        basis,
        [this](const std::vector<std::uint32_t>& groups) -> const ReadyCone& {
          return cone_of(groups);
        },
        group_of);
  }
  void give_back(std::unique_ptr<Worker> one) {
    const std::lock_guard lock(mutex);
    idle.push_back(std::move(one));
  }

  std::mutex mutex;
  std::map<std::vector<std::uint32_t>, std::unique_ptr<ReadyCone>> cones;  // by groups
  std::vector<std::unique_ptr<Worker>> idle;
};

namespace {

// What the threads of one run share: who is next to take, and next to give.
class Turns {
 public:
  Turns(const Recalculation::Source& source, const Recalculation::Sink& sink)
      : source_(source), sink_(sink) {}

  // The next variations, in place of `out`; their chunk's number. False: there are none.
  bool take(std::size_t most, std::vector<Variation>& out, std::uint64_t& chunk,
            std::uint64_t& first) {
    const std::lock_guard lock(taking_);
    if (done_) return false;
    out.resize(most);
    std::size_t n = 0;
    for (; n < most && !done_; ++n) {
      out[n].edits.clear();
      if (!source_(out[n])) {
        done_ = true;
        break;
      }
    }
    out.resize(n);
    if (n == 0) return false;
    chunk = chunks_++;
    first = taken_;
    taken_ += n;
    return true;
  }

  // Waits for its turn. False: some thread has failed.
  template <class Give>
  bool give(std::uint64_t chunk, const Give& give) {
    std::unique_lock lock(giving_);
    turn_.wait(lock, [&] { return failed_ || given_ == chunk; });
    if (failed_) return false;
    give(sink_);
    ++given_;
    turn_.notify_all();
    return true;
  }

  void fail(std::exception_ptr why) {
    {
      const std::lock_guard lock(taking_);
      done_ = true;
    }
    const std::lock_guard lock(giving_);
    if (!failed_) failure_ = std::move(why);
    failed_ = true;
    turn_.notify_all();
  }

  void finish() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  const Recalculation::Source& source_;
  const Recalculation::Sink& sink_;
  std::mutex taking_, giving_;
  std::condition_variable turn_;
  std::uint64_t chunks_ = 0, taken_ = 0, given_ = 0;
  bool done_ = false, failed_ = false;
  std::exception_ptr failure_;
};

}  // namespace

base::Result<Recalculation> Recalculation::make(const plan::Program& program, const Results& base,
                                                std::vector<Target> targets,
                                                std::vector<Wanted> wanted,
                                                const RecalculationOptions& options) {
  auto state =
      std::make_unique<State>(program, base, std::move(targets), std::move(wanted), options);
  std::vector<std::uint32_t> all(state->targets.size());
  for (std::uint32_t at = 0; at < all.size(); ++at) all[at] = at;
  std::string why;
  state->whole = state->ready(all, why);
  if (!state->whole) return base::failure("beyond-recalculation", {}, why);
  state->find_base_cells();
  return Recalculation(std::move(state));
}

Recalculation::Recalculation(std::unique_ptr<State> state) : state_(std::move(state)) {}
Recalculation::~Recalculation() = default;
Recalculation::Recalculation(Recalculation&&) noexcept = default;
Recalculation& Recalculation::operator=(Recalculation&&) noexcept = default;

void Recalculation::run(const Source& source, const Sink& sink, int threads) const {
  State& state = *state_;
  Turns turns(source, sink);
  const std::size_t most = state.chunk();
  const auto work = [&] {
    try {
      std::unique_ptr<Worker> worker = state.worker();
      std::vector<Variation> variations;
      std::uint64_t chunk = 0, first = 0;
      while (turns.take(most, variations, chunk, first)) {
        std::vector<Column> cells = state.base_cells(variations.size());
        worker->compute(variations, cells);
        const bool given = turns.give(chunk, [&](const Sink& to) {
          Outcome outcome;
          outcome.cells_ = &cells;
          outcome.wanted_ = &state.wanted;
          for (std::size_t v = 0; v < variations.size(); ++v) {
            outcome.variation_ = v;
            to(first + v, outcome);
          }
        });
        if (!given) return;
      }
      state.give_back(std::move(worker));
    } catch (...) {
      turns.fail(std::current_exception());
    }
  };
  std::vector<std::thread> pool;
  for (int t = 1; t < threads; ++t) pool.emplace_back(work);
  work();
  for (std::thread& one : pool) one.join();
  turns.finish();
}

std::vector<std::uint8_t> Recalculation::reached(std::size_t wanted) const {
  const Wanted& one = state_->wanted[wanted];
  const Cone& cone = state_->whole->cone;
  std::vector<std::uint8_t> out(one.rows.size(), 0);
  if (cone.wanted_reached[wanted] == 0) return out;
  if (one.formula != nullptr) {
    out.assign(out.size(), 1);
    return out;
  }
  const detail::RowSet& set = *cone.reached.of(one.column.table, one.column.column);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = set[one.rows[i]];
  return out;
}

}  // namespace qz::compute
