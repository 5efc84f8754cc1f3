// Stages: columns of one table together as long as rows compute them from themselves, each after
// what it reads.

#include <algorithm>

#include "compute/detail/stage_compile.h"
#include "plan/reads.h"

namespace qz::compute::detail {
namespace {

using plan::ColumnRef;

class Orderer {
 public:
  Orderer(const Basis& basis, const Cone& cone, const KnownCells& known)
      : basis_(basis), cone_(cone), known_(known), is_done_(cone.steps.size(), 0) {
    for (const plan::Step& step : cone.steps) {
      std::set<ColumnRef>& reads = reads_.emplace_back();
      for (const ColumnRef& ref : step.columns) {
        for (const plan::Read& read : plan::reads_of(basis.data.packs, ref)) {
          if (is_computed(read.column)) reads.insert(read.column);
        }
      }
      for (const ColumnRef& ref : step.columns) reads.erase(ref);
    }
  }

  std::vector<Stage> run() {
    for (std::size_t left = cone_.steps.size(); left > 0; --left) {
      const std::size_t next = pick();
      is_done_[next] = 1;
      add(cone_.steps[next]);
      for (const ColumnRef& ref : cone_.steps[next].columns) done_.insert(ref);
    }
    close();
    finish();
    return std::move(stages_);
  }

 private:
  struct Open {
    plan::Step columns;
    std::vector<std::unique_ptr<StageCompiler>> compilers;  // by segment; null: only read
  };

  bool is_computed(ColumnRef ref) const {
    for (const plan::Step& step : cone_.steps) {
      if (std::find(step.columns.begin(), step.columns.end(), ref) != step.columns.end())
        return true;
    }
    return false;
  }

  // The next step whose reads are done: of the open stage's table if there is one.
  std::size_t pick() const {
    std::size_t out = cone_.steps.size();
    for (std::size_t i = 0; i < cone_.steps.size(); ++i) {
      const bool ready = is_done_[i] == 0 &&
                         std::all_of(reads_[i].begin(), reads_[i].end(),
                                     [&](const ColumnRef& ref) { return done_.contains(ref); });
      if (!ready) continue;
      const bool fits = !cone_.steps[i].loops && table_ == cone_.steps[i].columns.front().table;
      if (fits) return i;
      out = std::min(out, i);
    }
    QZ_ASSERT(out < cone_.steps.size());
    return out;
  }

  void add(const plan::Step& step) {
    const ColumnRef ref = step.columns.front();
    if (step.loops) {
      general(step);
      return;
    }
    if (ref.table != table_) open(ref.table);
    StageCompiler::Answer answer = take(ref);
    if (answer == StageCompiler::Answer::kAfterOthers && !now_.columns.columns.empty()) {
      open(ref.table);
      answer = take(ref);
    }
    if (answer == StageCompiler::Answer::kTaken) {
      now_.columns.columns.push_back(ref);
    } else {
      general(step);
    }
  }

  StageCompiler::Answer take(ColumnRef ref) {
    for (std::size_t s = 0; s < now_.compilers.size(); ++s) {
      if (!now_.compilers[s]) continue;
      const StageCompiler::Answer answer = now_.compilers[s]->take(ref.column);
      if (answer == StageCompiler::Answer::kTaken) continue;
      for (std::size_t before = 0; before < s; ++before)
        if (now_.compilers[before]) now_.compilers[before]->give_back();
      return answer;
    }
    return StageCompiler::Answer::kTaken;
  }

  void open(std::int32_t table) {
    close();
    table_ = table;
    const Stack& stack = cone_.stacks.at(table);
    for (std::size_t s = 0; s < stack.segments.size(); ++s) {
      const bool computed = stack.segments[s].begin < stack.computed;
      now_.compilers.push_back(
          computed ? std::make_unique<StageCompiler>(basis_, cone_, known_, table, s) : nullptr);
    }
  }

  void close() {
    if (!now_.columns.columns.empty()) {
      Stage& made = stages_.emplace_back();
      made.columns = std::move(now_.columns);
      made.table = table_;
      compilers_.push_back(std::move(now_.compilers));
    }
    now_ = {};
    table_ = -1;
  }

  void general(const plan::Step& step) {
    close();
    stages_.push_back({step, step.columns.front().table, {}});
    compilers_.emplace_back();
  }

  // Which columns somebody outside of their stage reads.
  void finish() {
    std::set<ColumnRef> read;
    for (std::size_t w = 0; w < basis_.wanted.size(); ++w) {
      const Wanted& one = basis_.wanted[w];
      if (cone_.wanted_reached[w] == 0) continue;
      if (one.formula == nullptr) {
        read.insert(one.column);
        continue;
      }
      for (const plan::Read& by : plan::reads_of(basis_.data.packs, one.column.table, *one.formula))
        read.insert(by.column);
    }
    for (const Stage& stage : stages_) {
      for (const ColumnRef& ref : stage.columns.columns) {
        for (const plan::Read& by : plan::reads_of(basis_.data.packs, ref)) {
          const auto& own = stage.columns.columns;
          if (std::find(own.begin(), own.end(), by.column) == own.end()) read.insert(by.column);
        }
      }
    }
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      std::set<std::int32_t> stored;
      for (const ColumnRef& ref : stages_[i].columns.columns)
        if (read.contains(ref)) stored.insert(ref.column);
      for (const std::unique_ptr<StageCompiler>& one : compilers_[i]) {
        stages_[i].programs.emplace_back();
        if (one) stages_[i].programs.back() = one->finish(stored);
      }
    }
  }

  const Basis& basis_;
  const Cone& cone_;
  const KnownCells& known_;
  std::vector<std::uint8_t> is_done_;       // by step
  std::vector<std::set<ColumnRef>> reads_;  // by step: of other steps
  std::set<ColumnRef> done_;
  std::int32_t table_ = -1;  // of the stage that is open
  Open now_;
  std::vector<Stage> stages_;
  std::vector<std::vector<std::unique_ptr<StageCompiler>>> compilers_;  // by stage
};

}  // namespace

std::vector<Stage> make_stages(const Basis& basis, const Cone& cone, const KnownCells& known) {
  return Orderer(basis, cone, known).run();
}

}  // namespace qz::compute::detail
