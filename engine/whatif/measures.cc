// Measures: conditions as "at most zero", costs in one unit, and choices as variants of the job.

#include "whatif/measures.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace qz::whatif {
namespace {

using exact::Number;

// One side of a comparison, which lives as long as the whole.
rules::Formula side_of(const rules::Formula& condition, std::size_t side) {
  rules::Formula out = condition;
  const rules::Expression* const part = condition.expression->operands[side].get();
  out.expression = std::shared_ptr<const rules::Expression>(condition.expression, part);
  return out;
}

bool is_upper_limit(const rules::Formula& condition) {
  return condition.expression->kind == rules::ExpressionKind::kLess ||
         condition.expression->kind == rules::ExpressionKind::kLessEqual;
}

// The written left side: all before the sign that compares, whose place counts characters.
std::string left_text(const rules::Formula& condition) {
  const std::uint32_t characters = condition.expression->place.column - condition.place.column;
  std::size_t bytes = 0;
  for (std::uint32_t seen = 0; bytes < condition.text.size(); ++bytes) {
    const bool begins = (static_cast<unsigned char>(condition.text[bytes]) & 0xC0U) != 0x80U;
    if (begins && seen++ == characters) break;
  }
  std::string out = condition.text.substr(0, bytes);
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

// Costs and budgets in one unit, by the years of the cycle.
class Money {
 public:
  Money(const BaseJob& base, MeasuresResult& out, base::Findings& problems)
      : base_(base), out_(out), problems_(problems) {}

  void read(const WrittenMeasures& written) {
    for (const auto& [name, amount] : written.budget) {
      check_year(name, amount, "budget");
      out_.budget_names.push_back(name);
      out_.candidates.budgets.push_back(in_unit(amount));
    }
    for (std::size_t i = 0; i < written.list.size(); ++i) {
      const WrittenMeasure& measure = written.list[i];
      Candidate& candidate = out_.candidates.list[i];
      for (const auto& [name, amount] : measure.cost) {
        check_year(name, amount, measure.id);
        candidate.cost += in_unit(amount);
      }
      for (const std::string& budget : out_.budget_names) {
        candidate.takes.push_back(taken(measure, budget, candidate.cost));
      }
    }
  }

 private:
  void check_year(const std::string& name, const Amount& amount, const std::string& of) {
    const std::vector<std::string>& years = base_.loaded().job.years;
    if (name == kWholeCycle || std::find(years.begin(), years.end(), name) != years.end()) return;
    problems_.push_back(base::failure(
        "unknown-year", amount.place,
        fmt::format("{}: \"{}\" is no year of the job's cycle (nor \"cycle\")", of, name),
        fmt::format("{}：\"{}\" 不是任务周期中的年份（也不是 \"cycle\"）", of, name)));
  }

  Number in_unit(const Amount& amount) {
    const auto unit = base_.units().parse(amount.unit.empty() ? "1" : amount.unit);
    if (!unit) {
      problems_.push_back(unit.failure());
      problems_.back().place = amount.place;
      return {};
    }
    if (!known_) {
      out_.money = *unit;
      known_ = true;
    }
    if (unit->converts_to(out_.money)) return amount.number * unit->factor_to(out_.money);
    problems_.push_back(
        base::failure("unit-clash", amount.place,
                      fmt::format("\"{}\": other costs are in {}", amount.text, out_.money.text),
                      fmt::format("\"{}\"：其他费用的单位是 {}", amount.text, out_.money.text)));
    return {};
  }

  Number taken(const WrittenMeasure& measure, const std::string& budget, const Number& cost) {
    if (budget == kWholeCycle) return cost;
    const auto year = measure.cost.find(budget);
    if (year != measure.cost.end()) return in_unit(year->second);
    const auto whole = measure.cost.find(kWholeCycle);
    if (whole == measure.cost.end() || whole->second.number.is_zero()) return {};
    problems_.push_back(base::failure(
        "cost-without-year", whole->second.place,
        fmt::format("measure {} has a cost for the whole cycle, but {} has a budget of its own: "
                    "give its cost by year",
                    measure.id, budget),
        fmt::format("措施 {} 的费用按整个周期给出，而 {} 年有单独的预算：请按年份给出费用",
                    measure.id, budget)));
    return {};
  }

  const BaseJob& base_;
  MeasuresResult& out_;
  base::Findings& problems_;
  bool known_ = false;
};

// Asks the evaluator for choices.
class Answers {
 public:
  Answers(const BaseJob& base, const WrittenMeasures& written, std::vector<Changes> changes,
          std::size_t first_target, const EvaluatorOptions& options)
      : written_(written), changes_(std::move(changes)), first_(first_target), base_(base) {
    std::vector<SelectionPtr> selections;
    for (const Changes& of_measure : changes_) {
      for (const Change& change : of_measure) {
        if (std::find(selections.begin(), selections.end(), change.selection) == selections.end()) {
          selections.push_back(change.selection);
        }
      }
    }
    evaluator_ = std::make_unique<Evaluator>(base, std::move(selections), options);
  }

  Truth base_truth() const { return truth_of(evaluator_->base_targets()); }

  std::vector<Truth> ask(std::span<const Choice> choices) {
    std::vector<Truth> out;
    out.reserve(choices.size());
    std::size_t next = 0;
    auto failure = evaluator_->run(
        [&](Changes& changes) {
          if (next == choices.size()) return false;
          for (const std::uint32_t taken : choices[next]) {
            changes.insert(changes.end(), changes_[taken].begin(), changes_[taken].end());
          }
          ++next;
          return true;
        },
        [&](const Outcome& outcome) { out.push_back(truth_of(outcome.targets)); });
    if (failure && !failure_) failure_ = std::move(failure);
    Truth unknown;
    unknown.known = false;
    unknown.shortfalls.resize(written_.target.size());
    out.resize(choices.size(), unknown);
    return out;
  }

  const std::optional<base::Finding>& failure() const { return failure_; }

 private:
  Truth truth_of(std::span<const Value> targets) const {
    const auto value = [&](std::size_t i) -> const Value& { return targets[first_ + i]; };
    Truth out;
    out.reached = true;
    const std::size_t conditions = written_.target.size();
    for (std::size_t g = 0; g < conditions; ++g) {
      const Value& holds = value(3 * g);
      const Value& left = value(3 * g + 1);
      const Value& right = value(3 * g + 2);
      out.known = out.known && holds.has_value() && left.has_value() && right.has_value();
      out.reached = out.reached && holds.id != 0;
      const Number limit =
          right.number *
          base_.target_unit(first_ + 3 * g + 2).factor_to(base_.target_unit(first_ + 3 * g + 1));
      out.shortfalls.push_back(is_upper_limit(written_.target[g]) ? left.number - limit
                                                                  : limit - left.number);
    }
    const Value& level = written_.effect ? value(3 * conditions) : value(1);
    out.known = out.known && level.has_value();
    const bool grows = !written_.effect && !is_upper_limit(written_.target.front());
    out.level = grows ? -level.number : level.number;
    return out;
  }

  const WrittenMeasures& written_;
  std::vector<Changes> changes_;
  std::size_t first_;
  const BaseJob& base_;
  std::unique_ptr<Evaluator> evaluator_;
  std::optional<base::Finding> failure_;
};

void name_targets(const BaseJob& base, const WrittenMeasures& written, std::size_t first,
                  MeasuresResult& out) {
  for (std::size_t g = 0; g < written.target.size(); ++g) {
    out.conditions.push_back(written.target[g].text);
    out.condition_units.push_back(base.target_unit(first + 3 * g + 1));
  }
  if (written.effect) {
    out.level_name = written.effect->text;
    out.level_unit = base.target_unit(first + 3 * written.target.size());
  } else {
    out.level_name = left_text(written.target.front());
    out.level_unit = base.target_unit(first + 1);
    out.level_grows = !is_upper_limit(written.target.front());
  }
}

// What is better: that of a search that ended early, or that of the solver.
Best better_of(Best searched, Best proposed, bool by_level, const Candidates& candidates) {
  const std::uint64_t asked = searched.asked + proposed.asked;
  const auto key = [&](const Best& b) {
    return std::pair(by_level ? b.truth.level : Number(0), b.cost);
  };
  const bool take_proposed =
      proposed.choice &&
      (!searched.choice || key(proposed) < key(searched) ||
       (key(proposed) == key(searched) && simpler(candidates, *proposed.choice, *searched.choice)));
  Best out = take_proposed ? proposed : searched;
  if (!out.choice && proposed.nearest &&
      (!out.nearest || nearer(proposed.nearest_truth, out.nearest_truth))) {
    out.nearest = proposed.nearest;
    out.nearest_truth = proposed.nearest_truth;
  }
  // The search's bound holds in any case, the solver's only if effects at most add up.
  out.cost_at_least = searched.cost_at_least;
  out.bound_by_solver = false;
  out.proven = false;
  out.asked = asked;
  return out;
}

Best found(const Question& question, bool by_level, bool by_solver) {
  const auto propose = [&] {
    return by_level ? proposed_strongest(question) : proposed_cheapest(question);
  };
  if (by_solver || question.candidates.list.size() > kEnumeratedMax) return propose();
  Best searched = by_level ? strongest_choice(question) : cheapest_choice(question);
  if (searched.proven) return searched;
  return better_of(std::move(searched), propose(), by_level, question.candidates);
}

void answer(const WrittenMeasures& written, const Ask& ask, MeasuresResult& out) {
  out.alone = effects_alone(out.candidates, out.base, ask);
  out.curve = cost_curve(out.candidates, out.alone, ask);
  const Question question{out.candidates,          out.base, out.alone, ask, written.asked_max,
                          written.at_most_additive};
  if (!written.target.empty()) out.cheapest = found(question, false, written.by_solver);
  const bool out_of_reach = out.cheapest && !out.cheapest->choice;
  if (!out.cheapest || (out_of_reach && !written.budget.empty())) {
    out.strongest = found(question, true, written.by_solver);
  }
}

}  // namespace

std::vector<Target> measure_targets(const WrittenMeasures& written) {
  std::vector<Target> out;
  for (const rules::Formula& condition : written.target) {
    out.push_back({condition.text, condition, "", condition.place});
    for (const std::size_t side : {0, 1}) {
      out.push_back({condition.text, side_of(condition, side), "", condition.place});
    }
  }
  if (written.effect) {
    out.push_back({written.effect->text, *written.effect, "", written.effect->place});
  }
  return out;
}

ResolvedMeasures resolve_measures(const BaseJob& base, Resolver& resolver,
                                  const WrittenMeasures& written, std::size_t first_target,
                                  base::Findings& problems) {
  ResolvedMeasures out;
  out.first_target = first_target;
  MeasuresResult& result = out.result;
  result.at_most_additive = written.at_most_additive;
  result.asked_max = written.asked_max;
  result.candidates.order = written.order;
  for (std::size_t i = 0; i < written.list.size(); ++i) {
    Candidate candidate;
    candidate.id = written.list[i].id;
    candidate.excludes = written.excludes[i];
    candidate.needs = written.needs[i];
    result.candidates.list.push_back(std::move(candidate));
    result.titles.push_back(written.list[i].title);
    out.changes.push_back(resolver.resolve(written.list[i].changes, problems));
    std::uint64_t touched = 0;
    for (const Change& change : out.changes.back()) touched += change.selection->size();
    result.touched.push_back(touched);
  }
  Money(base, result, problems).read(written);
  name_targets(base, written, first_target, result);
  return out;
}

base::Result<MeasuresResult> run_measures(const BaseJob& base, const WrittenMeasures& written,
                                          ResolvedMeasures resolved,
                                          const EvaluatorOptions& options) {
  MeasuresResult& out = resolved.result;
  Answers answers(base, written, std::move(resolved.changes), resolved.first_target, options);
  out.base = answers.base_truth();
  if (!out.base.known) {
    const std::string& name = written.target.empty() ? out.level_name : written.target.front().text;
    return base::failure(
        "target-missing", written.place,
        fmt::format("\"{}\" has no value in the base job, so measures cannot be compared by it",
                    name),
        fmt::format("基准任务中 \"{}\" 没有值，无法据此比较措施", name));
  }
  answer(
      written, [&](std::span<const Choice> choices) { return answers.ask(choices); }, out);
  if (answers.failure()) return *answers.failure();
  return std::move(out);
}

}  // namespace qz::whatif
