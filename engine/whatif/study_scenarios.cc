// Study, scenarios: each beside the base, its differences divided among its changes, its findings,
// its ledger.

#include <algorithm>
#include <map>
#include <utility>

#include "job/files.h"
#include "seal/from_results.h"
#include "seal/sealer.h"
#include "whatif/decompose.h"
#include "whatif/figure_text.h"
#include "whatif/slots.h"
#include "whatif/study.h"

namespace qz::whatif {
namespace {

// Beyond this many scenarios their findings are compared only where the file asks for it.
constexpr std::size_t kFindingsScenariosMax = 100;

// What makes a finding the same one in two jobs; its message may speak of figures.
std::string identity(const base::Finding& finding) {
  std::string out = finding.code + '\n' + finding.table + '\n' + finding.column + '\n' +
                    finding.place.to_string();
  for (const auto& [name, value] : finding.key) out += '\n' + name + '=' + value;
  return out;
}

// Findings of `of` that are not in `other`, each as often as it is missing there.
base::Findings beyond(const base::Findings& of, const base::Findings& other) {
  std::map<std::string, std::size_t> count;
  for (const base::Finding& one : other) ++count[identity(one)];
  base::Findings out;
  for (const base::Finding& one : of) {
    std::size_t& left = count[identity(one)];
    if (left > 0) {
      --left;
    } else {
      out.push_back(one);
    }
  }
  return out;
}

// The subsets of one scenario after another, as variants.
class Subsets {
 public:
  explicit Subsets(std::vector<const Scenario*> scenarios) : scenarios_(std::move(scenarios)) {}

  bool next(Changes& out) {
    while (at_ < scenarios_.size()) {
      const Changes& changes = scenarios_[at_]->changes;
      const Decomposition shape(changes.size());
      if (subset_ == shape.subsets()) {
        ++at_;
        subset_ = 0;
        continue;
      }
      for (std::size_t i = 0; i < changes.size(); ++i) {
        if (shape.contains(subset_, i)) out.push_back(changes[i]);
      }
      ++subset_;
      return true;
    }
    return false;
  }

 private:
  std::vector<const Scenario*> scenarios_;
  std::size_t at_ = 0;
  std::size_t subset_ = 0;
};

std::vector<std::string> part_texts(const BaseJob& base, const CellRef& cell,
                                    const std::vector<exact::Number>& parts) {
  std::vector<std::string> out;
  for (const exact::Number& one : parts) out.push_back(difference_text(base, cell, one));
  return out;
}

}  // namespace

std::vector<std::size_t> Study::reported() const {
  std::vector<std::size_t> out = targets_.report;
  if (targets_.target) out.push_back(*targets_.target);
  return out;
}

std::vector<Figure> Study::report(const std::vector<Value>& before,
                                  std::span<const Value> after) const {
  std::vector<Figure> out;
  for (const std::size_t target : reported())
    out.push_back(target_figure(*base_, target, before[target], after[target]));
  return out;
}

const std::string& Study::base_root() {
  if (!base_root_.empty()) return base_root_;
  seal::Sealer sealer({});
  seal::give_leaves(base_->loaded().header, base_->results(), base_->findings(), sealer,
                    options_.run.threads);
  return base_root_ = sealer.finish().root;
}

bool Study::compares_findings() const {
  return file_.findings.value_or(scenarios_.size() <= kFindingsScenariosMax);
}

std::optional<base::Finding> Study::write_ledger(const Scenario& scenario,
                                                 job::Recomputed recomputed) {
  const std::string& name = scenario.written->name;
  const std::size_t slash = file_.file.rfind('/');
  const std::string file = slash == std::string::npos ? file_.file : file_.file.substr(slash + 1);
  recomputed.header.sources.push_back({"scenario", file + "#" + name, "", file_.sha256, {}});
  recomputed.header.sources.push_back({"base", recomputed.header.job, "", base_root(), {}});
  const job::ComputedJob computed{base_->loaded().job,
                                  recomputed.rules,
                                  std::move(recomputed.header),
                                  std::move(recomputed.results),
                                  std::move(recomputed.findings),
                                  base_->loaded().shown};
  const auto written = job::write_ledger(computed, job::joined(options_.ledgers, name),
                                         {options_.run.threads, true, true});
  if (written) return std::nullopt;
  return written.failure();
}

// What only a whole job tells: findings, and the ledger.
std::optional<base::Finding> Study::complete(const Scenario& scenario, ScenarioResult& result) {
  if (!compares_findings() && options_.ledgers.empty()) return std::nullopt;
  Slots slots(*base_, selections(scenario.changes));
  slots.apply(scenario.changes);
  auto made =
      job::recompute(base_->loaded(), base_->results(), slots.edits(), base_->run(), base_->more());
  if (!made) return made.failure();
  if (compares_findings()) {
    result.findings_compared = true;
    result.appeared = beyond(made->findings, base_->findings());
    result.vanished = beyond(base_->findings(), made->findings);
    for (const base::Finding& one : result.appeared) worst_ = std::max(worst_, {one.severity});
  }
  if (options_.ledgers.empty()) return std::nullopt;
  return write_ledger(scenario, std::move(*made));
}

std::optional<base::Finding> Study::run_scenarios(ResultSink& sink) {
  std::vector<const Scenario*> chosen_ones;
  std::vector<SelectionPtr> touched;
  for (const Scenario& one : scenarios_) {
    if (!chosen(one.written->name)) continue;
    chosen_ones.push_back(&one);
    for (const Change& change : one.changes) touched.push_back(change.selection);
  }
  if (chosen_ones.empty()) return std::nullopt;
  Evaluator evaluator(*base_, touched, {options_.run.threads, true, options_.one_by_one});
  const std::vector<Value> before = evaluator.base_targets();
  Subsets subsets(chosen_ones);
  std::size_t at = 0, subset = 0;  // of the outcome that comes next
  std::optional<Decomposition> division;
  std::optional<base::Finding> problem;
  const auto take = [&](const Outcome& outcome) {
    if (problem) return;
    const Scenario& scenario = *chosen_ones[at];
    if (!division) division.emplace(scenario.changes.size());
    for (const Moved& one : outcome.moved)
      division->add(subset, one.cell, evaluator.base_value(one.cell), one.value);
    for (const std::size_t target : reported()) {
      const CellRef cell{base_->target_table(), base_->target_column(target), 0};
      if (!(outcome.targets[target] == before[target]))
        division->add(subset, cell, before[target], outcome.targets[target]);
    }
    if (++subset < division->subsets()) return;
    ScenarioResult result;
    result.name = scenario.written->name;
    result.title = scenario.written->title;
    result.division = division->division();
    for (std::size_t i = 0; i < scenario.changes.size(); ++i) {
      result.changes.push_back(change_result(
          *base_, scenario.changes[i], scenario.written->changes[i], sink.wants_all_touched()));
    }
    for (const Moved& one : outcome.moved) {
      Figure figure = figure_of(*base_, evaluator, one.cell, one.value);
      if (!figure.difference.empty())
        figure.parts = part_texts(*base_, one.cell, division->parts(one.cell));
      result.figures.push_back(std::move(figure));
    }
    for (const std::size_t target : reported()) {
      const CellRef cell{base_->target_table(), base_->target_column(target), 0};
      Figure figure = target_figure(*base_, target, before[target], outcome.targets[target]);
      if (!figure.difference.empty())
        figure.parts = part_texts(*base_, cell, division->parts(cell));
      result.report.push_back(std::move(figure));
    }
    problem = complete(scenario, result);
    if (problem) return;
    sink.scenario(result);
    division.reset();
    subset = 0;
    ++at;
  };
  auto refused = evaluator.run([&](Changes& out) { return subsets.next(out); }, take);
  if (problem) return problem;
  if (refused && at < chosen_ones.size()) refused->place = chosen_ones[at]->written->place;
  return refused;
}

}  // namespace qz::whatif
