// Resolver, values: constants, editions, and what a change sets or adds.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/nearest_name.h"
#include "exact/decimal.h"
#include "whatif/resolver.h"

namespace qz::whatif {
namespace {

base::Finding bad_value(const base::Place& place, std::string en, std::string zh) {
  return base::failure("change-value", place, std::move(en), std::move(zh));
}

// A constant's or parameter's unit where pack `from` declares `name`; empty where it does not.
struct Declared {
  bool is_constant = false;
  bool is_number = true;
  std::string unit;
};
std::optional<Declared> declared(const rules::Pack& from, const std::string& name) {
  for (const rules::Constant& one : from.constants) {
    if (one.name == name) return Declared{true, true, one.unit};
  }
  for (const rules::Parameter& one : from.parameters) {
    if (one.name == name) return Declared{false, one.is_number(), one.unit};
  }
  return std::nullopt;
}

}  // namespace

SelectionPtr Resolver::select_constant(const Written& target, base::Findings& problems) {
  const std::size_t slash = target.set.find('/');
  const std::string pack = target.set.substr(0, slash), name = target.set.substr(slash + 1);
  if (target.where || target.from || target.until) {
    problems.push_back(bad_value(
        target.place,
        fmt::format("{} has no rows: \"where\", \"from\" and \"until\" do not apply (an edition is "
                    "named \"id@version/NAME\")",
                    target.set),
        fmt::format("{} 没有行，不能用 where、from、until（版本请写 \"id@version/名称\"）",
                    target.set)));
    return nullptr;
  }
  auto out = std::make_shared<Selection>();
  out->name = target.set;
  out->place = target.place;
  out->constant = name;
  std::vector<std::string> names;
  const auto& editions = base_.packs().editions;
  for (std::size_t i = 0; i < editions.size(); ++i) {
    const rules::Pack& one = *editions[i].pack;
    if (one.id == kTargetPack || editions[i].built_in) continue;
    for (const rules::Constant& of : one.constants) names.push_back(one.id + "/" + of.name);
    for (const rules::Parameter& of : one.parameters) names.push_back(one.id + "/" + of.name);
    if (one.id != pack && one.name() != pack) continue;
    const std::optional<Declared> found = declared(one, name);
    if (!found) continue;
    out->pack = one.id;
    out->kind = found->is_constant ? Touched::kConstant : Touched::kParameter;
    out->type = found->is_number ? table::Type::kNumber : table::Type::kText;
    const auto unit = base_.units().parse(found->unit.empty() ? "1" : found->unit);
    if (out->editions.empty() && unit) out->unit = *unit;
    out->editions.push_back(static_cast<std::int32_t>(i));
  }
  if (!out->editions.empty()) return out;
  const std::string hint = base::nearest_hint(target.set, names);
  problems.push_back(
      base::failure("unknown-name", target.place,
                    fmt::format("no edition in use declares the constant or parameter \"{}\"{}",
                                target.set, hint),
                    fmt::format("所用版本中没有常量或参数 \"{}\"{}", target.set, hint)));
  return nullptr;
}

SelectionPtr Resolver::select_edition(const WrittenChange& change, base::Findings& problems) {
  const std::string id = change.pin.substr(0, change.pin.find('@'));
  const rules::CheckedPacks& packs = base_.packs();
  if (id == kTargetPack ||
      std::find(packs.packs.begin(), packs.packs.end(), id) == packs.packs.end()) {
    std::vector<std::string> names = packs.packs;
    std::erase(names, kTargetPack);
    const std::string hint = base::nearest_hint(id, names);
    problems.push_back(base::failure("unknown-pack", change.place,
                                     fmt::format("the job uses no pack \"{}\"{}", id, hint),
                                     fmt::format("任务没有使用规则包 \"{}\"{}", id, hint)));
    return nullptr;
  }
  std::string versions;
  bool known = false;
  for (const auto& pack : base_.loaded().rules->packs) {
    if (pack->id != id) continue;
    versions += (versions.empty() ? "" : ", ") + pack->version;
    known = known || pack->name() == change.pin;
  }
  if (!known) {
    problems.push_back(base::failure(
        "unknown-pack", change.place,
        fmt::format("no edition {} is installed (there are {})", change.pin, versions),
        fmt::format("未安装版本 {}（现有 {}）", change.pin, versions)));
    return nullptr;
  }
  const bool same = std::any_of(packs.editions.begin(), packs.editions.end(), [&](const auto& one) {
    return one.pinned && one.pack->name() == change.pin;
  });
  if (same) {
    problems.push_back(base::failure("change-touches-nothing", change.place,
                                     fmt::format("the job itself pins {}", change.pin),
                                     fmt::format("任务本身已固定 {}", change.pin)));
    return nullptr;
  }
  auto out = std::make_shared<Selection>();
  out->kind = Touched::kEdition;
  out->name = change.pin;
  out->pack = id;
  out->place = change.place;
  return out;
}

std::optional<exact::Number> Resolver::amount_in(const Selection& target, Action action,
                                                 const Amount& amount, base::Findings& problems) {
  if (amount.unit.empty()) return amount.number;
  auto unit = base_.units().parse(amount.unit);
  if (!unit) {
    base::Finding problem = unit.failure();
    problem.place = amount.place;
    problems.push_back(std::move(problem));
    return std::nullopt;
  }
  const exact::Unit wanted = action == Action::kTimes ? exact::Unit{} : target.unit;
  if (unit->converts_to(wanted)) return amount.number * unit->factor_to(wanted);
  const std::string en =
      action == Action::kTimes
          ? fmt::format("\"{}\": \"times\" takes a plain number", amount.text)
          : fmt::format("\"{}\": {} is in {}", amount.text, target.name, target.unit.text);
  const std::string zh =
      action == Action::kTimes
          ? fmt::format("\"{}\"：times 应为无单位的数", amount.text)
          : fmt::format("\"{}\"：{} 的单位是 {}", amount.text, target.name, target.unit.text);
  problems.push_back(base::failure("unit-clash", amount.place, en, zh));
  return std::nullopt;
}

// `to` of a text, truth, date or choice.
bool Resolver::set_other(const WrittenChange& from, Change& out, base::Findings& problems) const {
  const Selection& target = *out.selection;
  const std::string& text = from.amount.text;
  out.text = text;
  std::vector<std::string> choices;
  if (target.kind == Touched::kParameter) {
    const rules::Pack& pack =
        *base_.packs().editions[static_cast<std::size_t>(target.editions.front())].pack;
    for (const rules::Parameter& one : pack.parameters) {
      if (one.name == target.constant) choices = one.choices;
    }
  } else {
    const rules::CheckedColumn& column = base_.packs()
                                             .tables[static_cast<std::size_t>(target.table)]
                                             .columns[static_cast<std::size_t>(target.column)];
    for (const rules::ColumnRule& rule : column.rules) {
      for (const rules::Choice& one : rule.definition->choices) choices.push_back(one.code);
    }
  }
  if (target.type == table::Type::kBool && (text == "true" || text == "false")) {
    out.id = text == "true" ? 1 : 0;
    return true;
  }
  const std::optional<base::Date> date = base::Date::parse(text);
  if (target.type == table::Type::kDate && date) {
    out.id = date->days();
    return true;
  }
  const bool is_choice =
      choices.empty() || std::find(choices.begin(), choices.end(), text) != choices.end();
  if (target.type == table::Type::kText && is_choice) {
    out.id = base_.loaded().pool->intern(text);
    return true;
  }
  const std::string hint = base::nearest_hint(text, choices);
  problems.push_back(bad_value(from.amount.place,
                               fmt::format("{} takes no value \"{}\"{}", target.name, text, hint),
                               fmt::format("{} 不接受值 \"{}\"{}", target.name, text, hint)));
  return false;
}

std::optional<Change> Resolver::resolve(const WrittenChange& from, base::Findings& problems) {
  Change out;
  if (!from.pin.empty()) {
    out.selection = select_edition(from, problems);
    if (!out.selection) return std::nullopt;
    return out;
  }
  out.selection = select(from.target, problems);
  out.action = from.action;
  if (!out.selection) return std::nullopt;
  const Selection& target = *out.selection;
  if (target.type == table::Type::kNumber && from.is_number) {
    const auto amount = amount_in(target, from.action, from.amount, problems);
    if (!amount) return std::nullopt;
    out.amount = *amount;
    return out;
  }
  if (target.type != table::Type::kNumber && from.action == Action::kTo) {
    if (!set_other(from, out, problems)) return std::nullopt;
    return out;
  }
  const bool number = target.type == table::Type::kNumber;
  problems.push_back(bad_value(
      from.amount.place.line == 0 ? from.place : from.amount.place,
      number ? fmt::format("{} is a number: \"{}\" is none (write \"26.7\" or \"26.7[{}]\")",
                           target.name, from.amount.text, target.unit.text)
             : fmt::format("{} is no number: only \"to\" applies", target.name),
      number ? fmt::format("{} 是数值：\"{}\" 不是（请写 \"26.7\" 或 \"26.7[{}]\"）", target.name,
                           from.amount.text, target.unit.text)
             : fmt::format("{} 不是数值：只能用 to", target.name)));
  return std::nullopt;
}

}  // namespace qz::whatif
