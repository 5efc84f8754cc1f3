// Study, loading: the file, its base job, and every name in it.

#include "whatif/study.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/nearest_name.h"
#include "job/files.h"
#include "seal/sha256.h"
#include "whatif/slots.h"

namespace qz::whatif {
namespace {

constexpr std::uint64_t kScenariosBytesMax = 64u << 20;

constexpr const char* kParts[] = {"sensitivity", "sweep", "seek", "uncertainty", "measures"};

base::Finding too_many_steps(const base::Place& place) {
  return base::failure("change-value", place,
                       fmt::format("more than {} steps: take a larger step", kPointsMax),
                       fmt::format("步数超过 {}：请加大步长", kPointsMax));
}

// An expression may stand in several targets (a condition and its sides): what is wrong with it is
// said once.
void say_once(base::Findings& problems) {
  const auto same = [](const base::Finding& a, const base::Finding& b) {
    return a.code == b.code && a.message == b.message && a.place.to_string() == b.place.to_string();
  };
  base::Findings out;
  for (base::Finding& one : problems) {
    if (std::none_of(out.begin(), out.end(), [&](const auto& other) { return same(one, other); }))
      out.push_back(std::move(one));
  }
  problems = std::move(out);
}

}  // namespace

exact::Number Study::Dimension::value(std::uint64_t i) const {
  if (!listed.empty()) return listed[i];
  return from + step * exact::Number(static_cast<std::int64_t>(i));
}

bool Study::chosen(const std::string& part) const {
  return options_.only.empty() || options_.only == part;
}

// Every expression of the file, in its order, and where each stands.
std::vector<Target> Study::collect_targets() {
  std::vector<Target> targets;
  TargetPlaces& places = targets_;
  for (const WrittenReport& one : file_.report) {
    places.report.push_back(targets.size());
    targets.push_back({one.name, one.formula, one.unit, one.place});
  }
  if (file_.seek) {
    places.seek = targets.size();
    targets.push_back({file_.seek->until.text, file_.seek->until, "", file_.seek->until.place});
  }
  if (file_.sensitivity) {
    places.sensitivity = targets.size();
    targets.push_back(
        {file_.sensitivity->of, file_.sensitivity->of_formula, "", file_.sensitivity->of_place});
  }
  if (file_.target) {
    places.target = targets.size();
    targets.push_back({file_.target->text, *file_.target, "", file_.target->place});
  }
  places.uncertainty = targets.size();
  if (uncertainty_) targets.insert(targets.end(), uncertainty_->of.begin(), uncertainty_->of.end());
  places.measures = targets.size();
  if (measures_) {
    for (Target& one : measure_targets(*measures_)) targets.push_back(std::move(one));
  }
  return targets;
}

std::unique_ptr<Study> Study::load(const std::string& file, const StudyOptions& options,
                                   job::Refusal& refusal) {
  std::unique_ptr<Study> out(new Study());
  out->options_ = options;
  refusal.fault = job::Fault::kJob;
  const auto bytes = job::read_file(file, file, kScenariosBytesMax);
  if (!bytes) {
    refusal.problems.push_back(bytes.failure());
    return nullptr;
  }
  auto read = read_scenarios(**bytes, file, refusal.problems);
  if (!read) return nullptr;
  out->file_ = std::move(*read);
  out->file_.sha256 = seal::sha256_hex(**bytes);
  if (!out->read_parts(refusal.problems)) return nullptr;
  std::vector<Target> targets = out->collect_targets();
  job::RunOptions run = options.run;
  run.job_file = job::joined(job::folder_of(file), out->file_.base);
  refusal.fault = job::Fault::kNone;
  out->base_ = BaseJob::load(run, std::move(targets), refusal);
  if (!out->base_) {
    say_once(refusal.problems);
    return nullptr;
  }
  out->resolver_ = std::make_unique<Resolver>(*out->base_);
  if (out->resolve(refusal.problems)) return out;
  refusal.fault = job::Fault::kJob;
  return nullptr;
}

bool Study::resolve(base::Findings& problems) {
  const std::size_t before = problems.size();
  std::vector<std::string> names(std::begin(kParts), std::end(kParts));
  for (const WrittenScenario& one : file_.scenarios) {
    names.push_back(one.name);
    scenarios_.push_back({&one, resolver_->resolve(one.changes, problems)});
    if (problems.size() == before) try_pins(scenarios_.back(), problems);
  }
  if (!options_.only.empty() &&
      std::find(names.begin(), names.end(), options_.only) == names.end()) {
    const std::string hint = base::nearest_hint(options_.only, names);
    problems.push_back(
        base::failure("unknown-scenario", {file_.file, 0, 0},
                      fmt::format("no scenario is called \"{}\"{}", options_.only, hint),
                      fmt::format("没有名为 \"{}\" 的情景{}", options_.only, hint)));
  }
  if (file_.sensitivity) resolve_sensitivity(problems);
  if (file_.sweep) resolve_sweep(problems);
  if (file_.seek) resolve_seek(problems);
  resolve_parts(problems);
  return problems.size() == before;
}

// A pinned edition may refuse the job's data: better known before anything is written.
void Study::try_pins(const Scenario& scenario, base::Findings& problems) const {
  const bool pins =
      std::any_of(scenario.changes.begin(), scenario.changes.end(),
                  [](const Change& one) { return one.selection->kind == Touched::kEdition; });
  if (!pins) return;
  Slots slots(*base_, selections(scenario.changes));
  slots.apply(scenario.changes);
  const auto made =
      job::recompute(base_->loaded(), base_->results(), slots.edits(), base_->run(), base_->more());
  if (made) return;
  base::Finding problem = made.failure();
  if (problem.place.file.empty()) problem.place = scenario.written->place;
  problems.push_back(std::move(problem));
}

bool Study::set_steps(const Amount& from, const Amount& to, const Amount& step,
                      const base::Place& place, Dimension& out, base::Findings& problems) {
  const auto in = [&](const Amount& amount) {
    return resolver_->amount_in(*out.selection, out.action, amount, problems);
  };
  const auto first = in(from), last = in(to), width = in(step);
  if (!first || !last || !width) return false;
  const exact::Number span = *last - *first;
  if (width->is_zero() || (span.sign() != 0 && span.sign() != width->sign())) {
    problems.push_back(base::failure(
        "change-value", place,
        fmt::format("a step of {} does not lead from {} to {}", step.text, from.text, to.text),
        fmt::format("步长 {} 不能从 {} 到 {}", step.text, from.text, to.text)));
    return false;
  }
  const auto steps = (span / *width).floor().to_int64();
  if (!steps || *steps >= kPointsMax) {
    problems.push_back(too_many_steps(place));
    return false;
  }
  out.from = *first;
  out.step = *width;
  out.count = static_cast<std::uint64_t>(*steps) + 1;
  return true;
}

std::optional<Study::Dimension> Study::dimension(const WrittenVary& vary,
                                                 base::Findings& problems) {
  Dimension out;
  out.selection = resolver_->select(vary.target, problems);
  out.action = vary.action;
  if (!out.selection) return std::nullopt;
  if (out.selection->type != table::Type::kNumber) {
    problems.push_back(base::failure("change-value", vary.place,
                                     vary.target.set + " is no number: it cannot vary in steps",
                                     vary.target.set + " 不是数值，不能按步长变化"));
    return std::nullopt;
  }
  if (vary.range.values.empty()) {
    const WrittenRange& range = vary.range;
    if (!set_steps(range.from, range.to, range.step, vary.place, out, problems))
      return std::nullopt;
    return out;
  }
  for (const Amount& one : vary.range.values) {
    if (auto number = resolver_->amount_in(*out.selection, out.action, one, problems))
      out.listed.push_back(*number);
  }
  out.count = out.listed.size();
  if (out.listed.size() != vary.range.values.size()) return std::nullopt;
  return out;
}

void Study::resolve_sweep(base::Findings& problems) {
  exact::Number points(1);
  for (const WrittenVary& one : file_.sweep->vary) {
    auto found = dimension(one, problems);
    if (!found) continue;
    points *= exact::Number(static_cast<std::int64_t>(found->count));
    sweep_.push_back(std::move(*found));
  }
  const auto count = points.to_int64();
  if (!count || *count > kPointsMax) return problems.push_back(too_many_steps(file_.sweep->place));
  points_ = static_cast<std::uint64_t>(*count);
}

void Study::resolve_sensitivity(base::Findings& problems) {
  if (base_->is_condition(*targets_.sensitivity)) {
    problems.push_back(base::failure("type-clash", file_.sensitivity->of_place,
                                     "\"of\" is a condition: a swing is of a number",
                                     "of 是条件：波动应为数值"));
  }
  for (const WrittenSensitivity& one : file_.sensitivity->inputs) {
    WrittenVary vary{one.target, one.action, {{one.low, one.high}, {}, {}, {}}, one.place};
    const auto found = dimension(vary, problems);
    if (!found) continue;
    ends_.push_back({found->selection, found->action, found->listed[0], found->listed[1]});
  }
}

void Study::resolve_seek(base::Findings& problems) {
  const WrittenSeek& seek = *file_.seek;
  if (!base_->is_condition(*targets_.seek)) {
    problems.push_back(base::failure("type-clash", seek.until.place,
                                     "\"until\" is a number: it must be a condition",
                                     "until 是数值：应为条件"));
  }
  Dimension out;
  out.selection = resolver_->select(seek.target, problems);
  out.action = seek.action;
  if (!out.selection) return;
  if (out.selection->type != table::Type::kNumber) {
    problems.push_back(base::failure("change-value", seek.target.place,
                                     seek.target.set + " is no number: no goal can be sought in it",
                                     seek.target.set + " 不是数值，不能求解"));
    return;
  }
  const auto step = resolver_->amount_in(*out.selection, out.action, seek.step, problems);
  const auto low = resolver_->amount_in(*out.selection, out.action, seek.low, problems);
  const auto high = resolver_->amount_in(*out.selection, out.action, seek.high, problems);
  if (!step || !low || !high) return;
  if (step->sign() <= 0 || *high < *low) {
    problems.push_back(base::failure("change-value", seek.place,
                                     "a goal needs a step above zero, and \"between\" in order",
                                     "求解需要大于零的 step，且 between 由低到高"));
    return;
  }
  // Multiples of the step alone.
  const auto first = (*low / *step).ceiling().to_int64(), last = (*high / *step).floor().to_int64();
  if (!first || !last || *last - *first >= kPointsMax)
    return problems.push_back(too_many_steps(seek.place));
  out.from = *step * exact::Number(seek.largest ? *last : *first);
  out.step = seek.largest ? -*step : *step;
  out.count = *last < *first ? 0 : static_cast<std::uint64_t>(*last - *first) + 1;
  seek_ = std::move(out);
}

const Scenario* Study::scenario_named(const std::string& name) const {
  for (const Scenario& one : scenarios_) {
    if (one.written->name == name) return &one;
  }
  return nullptr;
}

Changes Study::scenario_changes(const std::string& name) const {
  const Scenario* const scenario = name.empty() ? nullptr : scenario_named(name);
  return scenario == nullptr ? Changes{} : scenario->changes;
}

std::vector<SelectionPtr> Study::selections(const Changes& changes) const {
  std::vector<SelectionPtr> out;
  for (const Change& one : changes) out.push_back(one.selection);
  return out;
}

}  // namespace qz::whatif
