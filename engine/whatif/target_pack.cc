#include "whatif/target_pack.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "rules/type_checker.h"

namespace qz::whatif {
namespace {

// A pack with an empty table that needs every pack of the job.
rules::Pack viewing_pack(const job::LoadedRules& rules, const rules::PackRequest& request) {
  rules::Pack out;
  out.id = kTargetPack;
  out.version = "1";
  out.applies_from = base::Date::of(1, 1, 1);
  for (const std::string& name : request.packs) out.needs.push_back(name.substr(0, name.find('@')));
  for (const auto& pack : rules.packs) {
    if (std::find(out.needs.begin(), out.needs.end(), pack->id) == out.needs.end())
      out.needs.push_back(pack->id);
  }
  rules::TableDefinition table;
  table.name = kTargetTable;
  out.tables.push_back(std::move(table));
  return out;
}

std::optional<rules::CheckedPacks> checked(const job::LoadedRules& rules,
                                           const rules::PackRequest& request,
                                           std::shared_ptr<const rules::Pack> pack,
                                           base::Findings& problems) {
  std::vector<std::shared_ptr<const rules::Pack>> installed = rules.packs;
  installed.push_back(std::move(pack));
  rules::PackRequest with = request;
  with.packs.push_back(kTargetPack);
  return rules::check_packs(installed, with, rules.tables, rules.units, problems);
}

// The unit that a target's column is declared in; empty for a condition.
std::optional<std::string> unit_of(const Target& target, const rules::Typed& typed,
                                   const exact::UnitCatalogue& units, base::Findings& problems) {
  const rules::Node& top = typed.top();
  if (top.type == table::Type::kBool) return std::string();
  if (top.type != table::Type::kNumber) {
    problems.push_back(
        base::failure("type-clash", target.place,
                      fmt::format("\"{}\" gives neither a number nor a condition", target.name),
                      fmt::format("\"{}\" 的结果既不是数值也不是条件", target.name)));
    return std::nullopt;
  }
  if (!target.unit.empty()) return target.unit;
  for (const std::string& text : {top.unit.text, top.unit.dimension.to_string()}) {
    const auto parsed = units.parse(text);
    if (parsed && parsed->dimension == top.unit.dimension) return text;
  }
  problems.push_back(
      base::failure("unknown-unit", target.place,
                    fmt::format("\"{}\" is in {}, which has no written form: give its \"unit\"",
                                target.name, top.unit.dimension.to_string()),
                    fmt::format("\"{}\" 的单位 {} 无法书写：请给出 \"unit\"", target.name,
                                top.unit.dimension.to_string())));
  return std::nullopt;
}

}  // namespace

std::string target_column_name(std::size_t target) { return fmt::format("~{:04}", target); }

std::shared_ptr<const rules::Pack> target_pack(const job::LoadedRules& rules,
                                               const rules::PackRequest& request,
                                               const std::vector<Target>& targets,
                                               base::Findings& problems) {
  auto pack = std::make_shared<rules::Pack>(viewing_pack(rules, request));
  if (targets.empty()) return pack;
  base::Findings of_packs;  // are found again, and said, when the job's packs are checked
  const auto packs = checked(rules, request, pack, of_packs);
  if (!packs) return pack;
  rules::CheckScope scope{&*packs, &rules.units, 0, *packs->table(kTargetTable), {}};
  for (std::size_t i = 0; i < packs->editions.size(); ++i) {
    if (packs->editions[i].pack->id == kTargetPack) scope.edition = static_cast<std::int32_t>(i);
  }
  auto out = std::make_shared<rules::Pack>(*pack);
  const std::size_t before = problems.size();
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const auto typed = rules::infer_formula(scope, targets[i].formula, problems);
    if (!typed) continue;
    const auto unit = unit_of(targets[i], *typed, rules.units, problems);
    if (!unit) continue;
    rules::ColumnDefinition column;
    column.name = target_column_name(i);
    column.place = targets[i].place;
    column.unit = *unit;
    column.unit_place = targets[i].place;
    rules::Case one;
    one.formula = targets[i].formula;
    column.cases.push_back(std::move(one));
    out->tables.front().columns.push_back(std::move(column));
  }
  if (problems.size() > before) return nullptr;
  return out;
}

}  // namespace qz::whatif
