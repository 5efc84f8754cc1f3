// Study, runs: sensitivities, sweeps and goals, streamed.

#include <algorithm>
#include <atomic>
#include <utility>

#include "exact/decimal.h"
#include "whatif/figure_text.h"
#include "whatif/study.h"

namespace qz::whatif {
namespace {

const char* action_name(Action action) {
  return action == Action::kTo ? "to" : action == Action::kTimes ? "times" : "plus";
}

Change change_of(const SelectionPtr& selection, Action action, exact::Number amount) {
  Change out;
  out.selection = selection;
  out.action = action;
  out.amount = std::move(amount);
  return out;
}

}  // namespace

std::optional<base::Finding> Study::run_sensitivity(ResultSink& sink) {
  const WrittenTornado& written = *file_.sensitivity;
  std::vector<SelectionPtr> touched;
  for (const Ends& one : ends_) touched.push_back(one.selection);
  Evaluator evaluator(*base_, touched, {options_.run.threads, false, options_.one_by_one});
  const std::size_t target = *targets_.sensitivity;
  const Value before = evaluator.base_targets()[target];
  std::size_t asked = 0;
  std::vector<Value> values;
  const auto refused = evaluator.run(
      [&](Changes& out) {
        if (asked == 2 * ends_.size()) return false;
        const Ends& one = ends_[asked / 2];
        out.push_back(change_of(one.selection, one.action, asked % 2 == 0 ? one.low : one.high));
        ++asked;
        return true;
      },
      [&](const Outcome& outcome) { values.push_back(outcome.targets[target]); });
  if (refused) return refused;
  SensitivityResult result;
  const Figure base = target_figure(*base_, target, before, before);
  result.of = written.of;
  result.unit = base.unit;
  result.base = base.base;
  std::vector<std::pair<exact::Number, Swing>> swings;
  for (std::size_t i = 0; i < ends_.size(); ++i) {
    const WrittenSensitivity& in = written.inputs[i];
    const Value &low = values[2 * i], &high = values[2 * i + 1];
    Swing one;
    one.change = change_result(*base_, *ends_[i].selection, &in.target, action_name(in.action),
                               in.low.text + " … " + in.high.text, sink.wants_all_touched());
    one.title = in.title;
    one.low = target_figure(*base_, target, before, low);
    one.high = target_figure(*base_, target, before, high);
    exact::Number width(-1);  // without a value: last
    if (low.has_value() && high.has_value()) {
      width = (high.number - low.number).abs();
      one.swing = exact_text(width);
    }
    swings.emplace_back(std::move(width), std::move(one));
  }
  std::stable_sort(swings.begin(), swings.end(),
                   [](const auto& a, const auto& b) { return b.first < a.first; });
  for (auto& [width, one] : swings) result.swings.push_back(std::move(one));
  sink.sensitivity(result);
  return std::nullopt;
}

std::optional<base::Finding> Study::run_sweep(ResultSink& sink) {
  const WrittenSweep& written = *file_.sweep;
  const Changes first = scenario_changes(written.scenario);
  SweepShape shape;
  shape.scenario = written.scenario;
  shape.points = points_;
  std::vector<SelectionPtr> touched = selections(first);
  for (std::size_t i = 0; i < sweep_.size(); ++i) {
    touched.push_back(sweep_[i].selection);
    shape.dimensions.push_back(change_result(*base_, *sweep_[i].selection, &written.vary[i].target,
                                             action_name(sweep_[i].action), "",
                                             sink.wants_all_touched()));
  }
  const bool watch = file_.report.empty();
  Evaluator evaluator(*base_, touched, {options_.run.threads, watch, options_.one_by_one});
  const std::vector<Value> before = evaluator.base_targets();
  const auto value = [&](std::uint64_t point, std::size_t dimension) {
    for (std::size_t i = sweep_.size(); --i > dimension;) point /= sweep_[i].count;
    return sweep_[dimension].value(point % sweep_[dimension].count);
  };
  sink.begin_sweep(shape);
  std::uint64_t asked = 0;
  const auto source = [&](Changes& out) {
    if (asked == points_) return false;
    out = first;
    for (std::size_t i = 0; i < sweep_.size(); ++i)
      out.push_back(change_of(sweep_[i].selection, sweep_[i].action, value(asked, i)));
    ++asked;
    return true;
  };
  const auto refused = evaluator.run(source, [&](const Outcome& outcome) {
    SweepPoint point;
    point.index = outcome.index;
    for (std::size_t i = 0; i < sweep_.size(); ++i)
      point.values.push_back(exact_text(value(outcome.index, i)));
    point.report = report(before, outcome.targets);
    for (const Moved& one : outcome.moved)
      point.figures.push_back(figure_of(*base_, evaluator, one.cell, one.value));
    sink.point(point);
  });
  if (refused) return refused;
  sink.end_sweep();
  return std::nullopt;
}

std::optional<base::Finding> Study::scan(const Changes& first, SeekResult& result,
                                         std::optional<std::uint64_t>& found) {
  std::vector<SelectionPtr> touched = selections(first);
  touched.push_back(seek_->selection);
  Evaluator evaluator(*base_, touched, {options_.run.threads, false, options_.one_by_one});
  std::atomic<bool> done = false;  // the sink may be ahead of nobody, the source ahead of it
  std::uint64_t asked = 0;
  const auto source = [&](Changes& out) {
    if (done || asked == seek_->count) return false;
    out = first;
    out.push_back(change_of(seek_->selection, seek_->action, seek_->value(asked++)));
    return true;
  };
  const std::size_t target = *targets_.seek;
  return evaluator.run(source, [&](const Outcome& outcome) {
    if (done) return;
    const Value& holds = outcome.targets[target];
    ++result.evaluations;
    if (!holds.has_value()) ++result.unknown;
    if (!holds.has_value() || holds.id == 0) return;
    found = outcome.index;
    done = true;
  });
}

std::optional<base::Finding> Study::halve(const Changes& first, SeekResult& result,
                                          std::optional<std::uint64_t>& found) {
  std::vector<SelectionPtr> touched = selections(first);
  touched.push_back(seek_->selection);
  Evaluator evaluator(*base_, touched, {options_.run.threads, false, options_.one_by_one});
  std::optional<base::Finding> refused;
  const auto holds = [&](std::uint64_t at) {
    bool asked = false, out = false;
    refused = evaluator.run(
        [&](Changes& changes) {
          if (std::exchange(asked, true)) return false;
          changes = first;
          changes.push_back(change_of(seek_->selection, seek_->action, seek_->value(at)));
          return true;
        },
        [&](const Outcome& outcome) {
          const Value& value = outcome.targets[*targets_.seek];
          ++result.evaluations;
          if (!value.has_value()) ++result.unknown;
          out = value.has_value() && value.id != 0;
        });
    return out;
  };
  result.halved = true;
  std::uint64_t high = seek_->count - 1;
  if (holds(0)) {
    found = 0;
    return refused;
  }
  if (refused || high == 0 || !holds(high)) return refused;
  std::uint64_t low = 0;  // does not hold
  while (high - low > 1 && !refused) {
    const std::uint64_t middle = low + (high - low) / 2;
    (holds(middle) ? high : low) = middle;
  }
  found = high;
  return refused;
}

// The figures at the value that was found.
std::optional<base::Finding> Study::show_found(const Changes& first, std::uint64_t found,
                                               SeekResult& result) {
  std::vector<SelectionPtr> touched = selections(first);
  touched.push_back(seek_->selection);
  Evaluator evaluator(*base_, touched, {options_.run.threads, true, options_.one_by_one});
  const std::vector<Value> before = evaluator.base_targets();
  bool asked = false;
  return evaluator.run(
      [&](Changes& out) {
        if (std::exchange(asked, true)) return false;
        out = first;
        out.push_back(change_of(seek_->selection, seek_->action, seek_->value(found)));
        return true;
      },
      [&](const Outcome& outcome) {
        result.report = report(before, outcome.targets);
        for (const Moved& one : outcome.moved)
          result.figures.push_back(figure_of(*base_, evaluator, one.cell, one.value));
      });
}

std::optional<base::Finding> Study::run_seek(ResultSink& sink) {
  const WrittenSeek& written = *file_.seek;
  const Changes first = scenario_changes(written.scenario);
  SeekResult result;
  result.scenario = written.scenario;
  result.change = change_result(*base_, *seek_->selection, &written.target,
                                action_name(seek_->action), "", sink.wants_all_touched());
  result.until = written.until.text;
  result.step = written.step.text;
  result.low = written.low.text;
  result.high = written.high.text;
  result.largest = written.largest;
  result.candidates = seek_->count;
  std::optional<std::uint64_t> found;
  if (seek_->count > 0) {
    auto refused = written.monotone ? halve(first, result, found) : scan(first, result, found);
    if (refused) return refused;
  }
  if (found) {
    result.found = exact_text(seek_->value(*found));
    if (*found > 0) result.fails = exact_text(seek_->value(*found - 1));
    if (auto refused = show_found(first, *found, result)) return refused;
  }
  if (!found) worst_ = base::Severity::kError;
  sink.seek(result);
  return std::nullopt;
}

std::optional<base::Finding> Study::run(ResultSink& sink) {
  const seal::Header& header = base_->loaded().header;
  sink.begin({file_.file, file_.sha256, header.job, base_root(), header.engine_version});
  std::optional<base::Finding> refused = run_scenarios(sink);
  if (!refused && file_.sensitivity && chosen("sensitivity")) refused = run_sensitivity(sink);
  if (!refused && file_.sweep && chosen("sweep")) refused = run_sweep(sink);
  if (!refused && file_.seek && chosen("seek")) refused = run_seek(sink);
  if (!refused && uncertain_ && chosen("uncertainty")) refused = run_uncertainty_part(sink);
  if (!refused && candidates_ && chosen("measures")) refused = run_measures_part(sink);
  if (!refused) sink.end();
  return refused;
}

}  // namespace qz::whatif
