// Uncertain targets: distributions in the units of what they are about, rows that share draws, and
// draws as changes of the job.

#include "whatif/uncertain_targets.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "base/nearest_name.h"

namespace qz::whatif {
namespace {

using exact::Number;

base::Finding bad_distribution(const base::Place& place, std::string en, std::string zh) {
  return base::failure("bad-distribution", place, std::move(en), std::move(zh));
}

// The distribution that a source declares; empty with a problem where there is none.
class Declared {
 public:
  Declared(Resolver& resolver, const WrittenUncertain& source, const Selection& target,
           base::Findings& problems)
      : resolver_(resolver), source_(source), target_(target), problems_(problems) {}

  std::optional<Distribution> distribution() {
    std::vector<Number> amounts;
    for (const Amount& amount : source_.amounts) {
      const auto number = converted(amount);
      if (!number) return std::nullopt;
      amounts.push_back(*number);
    }
    switch (source_.shape) {
      case Shape::kNormal:
        return normal(amounts.front());
      case Shape::kLognormal:
        return lognormal(amounts.front());
      case Shape::kUniform:
      case Shape::kTriangular:
        return bounded(amounts);
    }
    return std::nullopt;
  }

 private:
  std::optional<Number> converted(const Amount& amount) {
    return resolver_.amount_in(target_, source_.action, amount, problems_);
  }

  std::nullopt_t refuse(std::string en, std::string zh) {
    problems_.push_back(bad_distribution(source_.place, std::move(en), std::move(zh)));
    return std::nullopt;
  }

  std::optional<Distribution::Limits> limits() {
    Distribution::Limits out;
    if (source_.action == Action::kTimes) out.at_least = Number(0);
    for (const auto& [written, to] :
         {std::pair(&source_.at_least, &out.at_least), std::pair(&source_.at_most, &out.at_most)}) {
      if (!*written) continue;
      const auto number = converted(**written);
      if (!number) return std::nullopt;
      *to = *number;
    }
    return out;
  }

  std::optional<Distribution> limited(std::optional<Distribution> out) {
    if (out) return out;
    return refuse(fmt::format("{}: nothing worth drawing lies within its limits", source_.name),
                  fmt::format("{}：上下限之间几乎没有概率", source_.name));
  }

  std::optional<Distribution> normal(const Number& half_width) {
    const auto within = limits();
    if (!within) return std::nullopt;
    if (half_width.sign() <= 0) {
      return refuse(fmt::format("{}: a half-width is above zero", source_.name),
                    fmt::format("{}：半宽应大于零", source_.name));
    }
    const Number center(source_.action == Action::kTimes ? 1 : 0);
    return limited(Distribution::normal(center, half_width, *within));
  }

  std::optional<Distribution> lognormal(const Number& half_width) {
    const auto within = limits();
    if (!within) return std::nullopt;
    if (half_width < Number::ratio(1, 1'000'000) || half_width > Number(10)) {
      return refuse(
          fmt::format("{}: a lognormal half-width lies between 0.0001[%] and 1000[%]",
                      source_.name),
          fmt::format("{}：lognormal 的半宽应在 0.0001[%] 与 1000[%] 之间", source_.name));
    }
    return limited(Distribution::lognormal(half_width, *within));
  }

  std::optional<Distribution> bounded(const std::vector<Number>& amounts) {
    if (!std::is_sorted(amounts.begin(), amounts.end()) || amounts.front() == amounts.back()) {
      return refuse(fmt::format("{}: its values must rise from low to high", source_.name),
                    fmt::format("{}：各值应从低到高", source_.name));
    }
    return amounts.size() == 2 ? Distribution::uniform(amounts[0], amounts[1])
                               : Distribution::triangular(amounts[0], amounts[1], amounts[2]);
  }

  Resolver& resolver_;
  const WrittenUncertain& source_;
  const Selection& target_;
  base::Findings& problems_;
};

// Which rows share a draw: by a text of key values, so that neither the rows' order in a file nor
// other rows change anything.
class Groups {
 public:
  Groups(const BaseJob& base, const WrittenUncertain& source, const SelectionPtr& selection,
         base::Findings& problems)
      : base_(base), source_(source), selection_(selection), problems_(problems) {}

  // Group texts, ascending, and what each selects.
  std::map<std::string, SelectionPtr> made() {
    std::map<std::string, SelectionPtr> out;
    if (!source_.each_row && source_.per.empty()) {
      out.emplace("", selection_);
      return out;
    }
    if (selection_->kind != Touched::kCells && selection_->kind != Touched::kFactor) {
      problems_.push_back(bad_distribution(
          source_.place, fmt::format("{} has no rows: \"per\" does not apply", source_.target.set),
          fmt::format("{} 没有行，不能用 \"per\"", source_.target.set)));
      return out;
    }
    std::map<std::string, std::vector<std::uint32_t>> rows;
    for (const std::uint32_t row : selection_->rows) {
      const auto text = text_of(row);
      if (!text) return out;
      rows[*text].push_back(row);
    }
    for (auto& [text, members] : rows) {
      auto part = std::make_shared<Selection>(*selection_);
      part->rows = std::move(members);
      out.emplace(text, std::move(part));
    }
    return out;
  }

 private:
  std::optional<std::string> text_of(std::uint32_t row) {
    if (selection_->kind == Touched::kFactor) {
      if (source_.per.empty()) return std::to_string(row);
      refuse({});
      return std::nullopt;
    }
    const base::Key key = base_.results().key(selection_->table, row);
    std::string out;
    if (source_.each_row) {
      for (const auto& [name, value] : key) out += value + '\x1f';
      return out;
    }
    for (const std::string& wanted : source_.per) {
      const auto found = std::find_if(key.begin(), key.end(),
                                      [&](const auto& member) { return member.first == wanted; });
      if (found == key.end()) {
        refuse(key, wanted);
        return std::nullopt;
      }
      out += found->second + '\x1f';
    }
    return out;
  }

  void refuse(const base::Key& key, const std::string& wanted = "") {
    std::vector<std::string> names;
    for (const auto& [name, value] : key) names.push_back(name);
    const std::string hint = base::nearest_hint(wanted, names);
    problems_.push_back(base::failure(
        "unknown-name", source_.place,
        wanted.empty()
            ? fmt::format("rows of a factor table are drawn \"per\": \"row\"")
            : fmt::format("per: {} has no key column \"{}\"{}", source_.target.set, wanted, hint),
        wanted.empty()
            ? fmt::format("因子表的行只能用 \"per\": \"row\"")
            : fmt::format("per：{} 没有键列 \"{}\"{}", source_.target.set, wanted, hint)));
  }

  const BaseJob& base_;
  const WrittenUncertain& source_;
  SelectionPtr selection_;
  base::Findings& problems_;
};

void add_source(const BaseJob& base, Resolver& resolver, const WrittenUncertain& source,
                ResolvedUncertainty& out, base::Findings& problems) {
  const SelectionPtr selection = resolver.select(source.target, problems);
  if (!selection) return;
  if (selection->type != table::Type::kNumber) {
    problems.push_back(bad_distribution(source.place,
                                        fmt::format("{} is no number", source.target.set),
                                        fmt::format("{} 不是数值", source.target.set)));
    return;
  }
  auto distribution = Declared(resolver, source, *selection, problems).distribution();
  const auto groups = Groups(base, source, selection, problems).made();
  if (!distribution) return;
  UncertainSourceSummary summary;
  summary.name = source.name;
  summary.title = source.title;
  summary.shape = source.shape;
  summary.half_width = distribution->half_width();
  summary.relative = source.action == Action::kTimes;
  summary.unit = selection->unit.text;
  summary.cut_off = distribution->cut_off();
  summary.draws = groups.size();
  summary.touched = selection->size();
  summary.wide = summary.relative && summary.half_width >= Number::ratio(3, 10);
  out.result.sources.push_back(std::move(summary));
  UncertainSource drawn{source.name, source.draw, std::move(*distribution), {}};
  for (const auto& [text, part] : groups) {
    drawn.groups.push_back(text);
    out.parts.push_back({part, source.action});
  }
  out.sources.push_back(std::move(drawn));
}

// The file's expressions in every variant; a condition counts 1 where it holds, so that its mean is
// a probability.
class Responses {
 public:
  Responses(const BaseJob& base, const ResolvedUncertainty& resolved, std::size_t targets,
            const EvaluatorOptions& options)
      : base_(base), resolved_(resolved), targets_(targets) {
    std::vector<SelectionPtr> selections;
    for (const DrawnPart& part : resolved.parts) selections.push_back(part.selection);
    evaluator_ = std::make_unique<Evaluator>(base, std::move(selections), options);
  }

  std::vector<std::optional<Number>> of_base() const { return numbers(evaluator_->base_targets()); }

  std::optional<base::Finding> respond(const AmountsSource& source, const ResponseSink& sink) {
    Amounts amounts;
    return evaluator_->run(
        [&](Changes& changes) {
          if (!source(amounts)) return false;
          put(amounts, changes);
          return true;
        },
        [&](const Outcome& outcome) { sink(numbers(outcome.targets)); });
  }

 private:
  std::vector<std::optional<Number>> numbers(std::span<const Value> values) const {
    std::vector<std::optional<Number>> out;
    for (std::size_t t = 0; t < targets_; ++t) {
      const std::size_t target = resolved_.first_target + t;
      const Value& value = values[target];
      out.emplace_back();
      if (!value.has_value()) continue;
      out.back() = base_.is_condition(target) ? Number(value.id) : value.number;
    }
    return out;
  }

  void put(const Amounts& amounts, Changes& changes) const {
    for (std::size_t group = 0; group < amounts.size(); ++group) {
      if (!amounts[group]) continue;
      Change change;
      change.selection = resolved_.parts[group].selection;
      change.action = resolved_.parts[group].action;
      change.amount = *amounts[group];
      changes.push_back(std::move(change));
    }
  }

  const BaseJob& base_;
  const ResolvedUncertainty& resolved_;
  std::size_t targets_;
  std::unique_ptr<Evaluator> evaluator_;
};

}  // namespace

ResolvedUncertainty resolve_uncertainty(const BaseJob& base, Resolver& resolver,
                                        const WrittenUncertainty& written, std::size_t first_target,
                                        base::Findings& problems) {
  ResolvedUncertainty out;
  out.first_target = first_target;
  out.result.seed = written.seed;
  out.result.samples = written.samples;
  out.result.percentiles = written.percentiles;
  for (const WrittenUncertain& source : written.sources) {
    add_source(base, resolver, source, out, problems);
  }
  if (out.parts.size() > kDrawsMax) {
    problems.push_back(bad_distribution(
        written.place,
        fmt::format("{} draws in a sample: at most {} are made (let rows share draws)",
                    out.parts.size(), kDrawsMax),
        fmt::format("每个样本需抽取 {} 次：最多 {} 次（请让多行共用抽样）", out.parts.size(),
                    kDrawsMax)));
  }
  return out;
}

base::Result<UncertaintyResult> run_uncertainty(const BaseJob& base,
                                                const WrittenUncertainty& written,
                                                ResolvedUncertainty resolved,
                                                const EvaluatorOptions& options) {
  Responses responses(base, resolved, written.of.size(), options);
  const Respond respond = [&](const AmountsSource& source, const ResponseSink& sink) {
    return responses.respond(source, sink);
  };
  auto propagated = propagate(resolved.sources, responses.of_base(), respond);
  if (!propagated) return propagated.failure();
  UncertaintyResult& out = resolved.result;
  for (std::size_t t = 0; t < written.of.size(); ++t) {
    const std::size_t target = resolved.first_target + t;
    UncertainTarget one;
    one.name = written.of[t].name;
    one.is_condition = base.is_condition(target);
    if (!one.is_condition) one.unit = base.target_unit(target);
    one.propagated = (*propagated)[t];
    out.targets.push_back(std::move(one));
  }
  if (written.samples == 0) return std::move(out);
  SimulationOptions simulation{written.seed, written.samples, {}};
  for (const WrittenPercentile& p : written.percentiles) simulation.percentiles.push_back(p.value);
  auto simulated = simulate(resolved.sources, *propagated, simulation, respond);
  if (!simulated) return simulated.failure();
  for (std::size_t t = 0; t < written.of.size(); ++t) {
    out.targets[t].simulated = std::move((*simulated)[t]);
  }
  return std::move(out);
}

}  // namespace qz::whatif
