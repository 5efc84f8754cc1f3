// Resolver: names, conditions and amounts against a base job.

#include "whatif/resolver.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/nearest_name.h"
#include "base/period.h"
#include "exact/decimal.h"
#include "rules/type_checker.h"
#include "whatif/factor_rows.h"

namespace qz::whatif {
namespace {

// What tells one selection from another.
std::string identity(const Written& target) {
  std::string out = target.set;
  out += '\n';
  if (target.where) out += target.where->text;
  out += '\n';
  if (target.from) out += target.from->to_string();
  out += '\n';
  if (target.until) out += target.until->to_string();
  return out;
}

// Tables whose rows follow from the moves of a registry.
bool follows_from_moves(const std::string& table) {
  return table == "flow" || table == "holding" || table == "lot";
}

base::Finding no_row(const Written& target, std::size_t matching) {
  const std::string condition = target.where ? " where " + target.where->text : "";
  std::string en = target.set + condition + " touches nothing: ";
  std::string zh = target.set + condition + " 没有触及任何值：";
  if (matching == 0) {
    en += "no row matches";
    zh += "没有符合条件的行";
  } else {
    en += fmt::format("{} match{}, and none has a value (what is missing stays missing)",
                      matching == 1 ? "1 row" : fmt::format("{} rows", matching),
                      matching == 1 ? "es" : "");
    zh += fmt::format("符合条件的 {} 行都没有值（缺失的仍为缺失）", matching);
  }
  return base::failure("change-touches-nothing", target.place, std::move(en), std::move(zh));
}

}  // namespace

Resolver::Resolver(const BaseJob& base) : base_(base), evaluation_(base.results()) {}

SelectionPtr Resolver::select(const Written& target, base::Findings& problems) {
  if (target.set.empty()) return nullptr;
  const std::string name = identity(target);
  const auto known = known_.find(name);
  if (known != known_.end() && known->second) return known->second;
  SelectionPtr out = selected(target, problems);
  if (out) known_[name] = out;
  return out;
}

SelectionPtr Resolver::selected(const Written& target, base::Findings& problems) {
  if (target.set.find('/') != std::string::npos) return select_constant(target, problems);
  const std::size_t dot = target.set.rfind('.');
  if (dot != std::string::npos) {
    const std::string owner = target.set.substr(0, dot), column = target.set.substr(dot + 1);
    const std::optional<std::int32_t> table = base_.packs().table(owner);
    if (table) return select_cells(target, *table, column, problems);
    const std::size_t before = problems.size();
    const std::optional<std::int32_t> factor = factor_named(target, owner, problems);
    if (factor) return select_factor(target, *factor, column, problems);
    if (problems.size() > before) return nullptr;
  }
  problems.push_back(unknown_name(target));
  return nullptr;
}

base::Finding Resolver::unknown_name(const Written& target) const {
  std::vector<std::string> names;
  for (const rules::CheckedTable& table : base_.packs().tables) {
    if (table.name == kTargetTable) continue;
    for (const rules::CheckedColumn& column : table.columns) {
      if (column.has_input) names.push_back(table.name + "." + column.name);
    }
  }
  for (const factor::FactorTable* table : base_.packs().factors) {
    for (const factor::Field& field : table->fields) {
      if (!field.is_key && field.type == table::Type::kNumber)
        names.push_back(table->id + "." + field.name);
    }
  }
  const std::string hint = base::nearest_hint(target.set, names);
  return base::failure(
      "unknown-name", target.place,
      fmt::format("\"{}\" is no input column, factor, constant or parameter of the job{} (write "
                  "\"table.column\", \"factor-table.field\" or \"pack/NAME\")",
                  target.set, hint),
      fmt::format("\"{}\" 不是本任务的输入列、因子、常量或参数{}（请写 \"表.列\"、\"因子表.字段\" "
                  "或 \"规则包/名称\"）",
                  target.set, hint));
}

SelectionPtr Resolver::select_cells(const Written& target, std::int32_t table,
                                    const std::string& column, base::Findings& problems) {
  const rules::CheckedTable& of = base_.packs().tables[static_cast<std::size_t>(table)];
  const std::optional<std::int32_t> found = of.column(column);
  if (!found || of.name == kTargetTable) {
    problems.push_back(unknown_name(target));
    return nullptr;
  }
  const rules::CheckedColumn& in = of.columns[static_cast<std::size_t>(*found)];
  if (!in.has_input || follows_from_moves(of.name)) {
    const bool moves = follows_from_moves(of.name);
    problems.push_back(base::failure(
        "change-of-no-input", target.place,
        moves
            ? fmt::format("{} follows from the moves of the registry: it cannot be set", target.set)
            : fmt::format("{} is {}: only inputs can be changed", target.set,
                          in.is_key ? "a key" : "computed"),
        moves ? target.set + " 由登记簿流水得出，不能更改"
              : target.set + (in.is_key ? " 是键" : " 由公式计算") + "：只能更改输入列"));
    return nullptr;
  }
  auto out = std::make_shared<Selection>();
  out->name = target.set;
  out->table = table;
  out->column = *found;
  out->type = in.type;
  out->unit = in.unit;
  out->place = target.place;
  out->rows = input_rows(table, *found);
  if (!keep_dated(target, table, out->rows, problems)) return nullptr;
  if (!keep_where(target, table, out->rows, problems)) return nullptr;
  const std::size_t matching = out->rows.size();
  const table::Column& cells = base_.results()
                                   .tables[static_cast<std::size_t>(table)]
                                   .columns[static_cast<std::size_t>(*found)];
  std::erase_if(out->rows, [&](std::uint32_t row) { return !cells.has_value(row); });
  if (!out->rows.empty()) return out;
  problems.push_back(no_row(target, matching));
  return nullptr;
}

// Rows of the cycle whose own edition takes the column as an input.
std::vector<std::uint32_t> Resolver::input_rows(std::int32_t table, std::int32_t column) const {
  const compute::TableRows& rows = base_.results().tables[static_cast<std::size_t>(table)];
  const rules::CheckedColumn& of = base_.packs()
                                       .tables[static_cast<std::size_t>(table)]
                                       .columns[static_cast<std::size_t>(column)];
  const std::vector<std::int32_t>& editions = rows.edition[static_cast<std::size_t>(of.pack_index)];
  std::vector<std::uint32_t> out;
  for (std::uint32_t row = 0; row < rows.rows; ++row) {
    if (rows.is_context[row] != 0 || editions[row] < 0) continue;
    const rules::ColumnRule* const rule = of.rule(editions[row]);
    if (rule != nullptr && rule->definition->input != rules::InputKind::kNone) out.push_back(row);
  }
  return out;
}

bool Resolver::keep_where(const Written& target, std::int32_t table,
                          std::vector<std::uint32_t>& rows, base::Findings& problems) {
  if (!target.where) return true;
  const rules::CheckScope scope{&base_.packs(), &base_.units(), base_.viewing_edition(), table, {}};
  const rules::Wanted truth{{table::Type::kBool}, {}};
  auto typed = rules::check_formula(scope, *target.where, truth, problems);
  if (!typed) return false;
  conditions_.push_back(std::move(*typed));
  const table::Column holds = evaluation_.cells(conditions_.back(), table, rows);
  std::vector<std::uint32_t> kept;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (holds.has_value(i) && holds.id(i) != 0) kept.push_back(rows[i]);
  }
  rows = std::move(kept);
  return true;
}

bool Resolver::keep_dated(const Written& target, std::int32_t table,
                          std::vector<std::uint32_t>& rows, base::Findings& problems) const {
  if (!target.from && !target.until) return true;
  const rules::CheckedTable& of = base_.packs().tables[static_cast<std::size_t>(table)];
  if (!of.period_column) {
    problems.push_back(base::failure(
        "change-without-period", target.place,
        fmt::format(
            "rows of {} have no period: \"from\" and \"until\" do not apply (use \"where\")",
            of.name),
        fmt::format("表 {} 的行没有期间，不能用 from、until（请用 where）", of.name)));
    return false;
  }
  const table::Column& periods = base_.results()
                                     .tables[static_cast<std::size_t>(table)]
                                     .columns[static_cast<std::size_t>(*of.period_column)];
  std::erase_if(rows, [&](std::uint32_t row) {
    const base::Period period{of.period, periods.id(row)};
    return (target.from && base::first_day(period, base_.packs().cycle) < *target.from) ||
           (target.until && *target.until < base::last_day(period, base_.packs().cycle));
  });
  return true;
}

// By id, "id@version" or the name that formulas use; empty without a problem where none is called
// so.
std::optional<std::int32_t> Resolver::factor_named(const Written& target, const std::string& name,
                                                   base::Findings& problems) const {
  const auto& factors = base_.packs().factors;
  std::vector<std::int32_t> found;
  for (std::size_t i = 0; i < factors.size(); ++i) {
    if (factors[i]->id == name || factors[i]->name() == name)
      found.push_back(static_cast<std::int32_t>(i));
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) return std::nullopt;
  std::string versions;
  for (const std::int32_t one : found)
    versions += (versions.empty() ? "" : ", ") + factors[static_cast<std::size_t>(one)]->version;
  problems.push_back(base::failure(
      "ambiguous-factor-version", target.place,
      fmt::format("the job uses {} in several versions: {} (write \"{}@{}.{}\")", name, versions,
                  name, factors[static_cast<std::size_t>(found.back())]->version,
                  target.set.substr(target.set.rfind('.') + 1)),
      fmt::format("任务使用了 {} 的多个版本：{}（请写明版本）", name, versions)));
  return std::nullopt;
}

SelectionPtr Resolver::select_factor(const Written& target, std::int32_t factor,
                                     const std::string& field, base::Findings& problems) {
  const factor::FactorTable& of = *base_.packs().factors[static_cast<std::size_t>(factor)];
  const std::optional<std::size_t> found = of.field(field);
  if (!found || of.fields[*found].is_key || of.fields[*found].type != table::Type::kNumber) {
    std::vector<std::string> names;
    for (const factor::Field& one : of.fields) {
      if (!one.is_key && one.type == table::Type::kNumber) names.push_back(one.name);
    }
    const std::string hint = base::nearest_hint(field, names);
    problems.push_back(
        base::failure("unknown-name", target.place,
                      fmt::format("{} has no factor \"{}\"{}", of.name(), field, hint),
                      fmt::format("{} 没有因子 \"{}\"{}", of.name(), field, hint)));
    return nullptr;
  }
  auto out = std::make_shared<Selection>();
  out->kind = Touched::kFactor;
  out->name = target.set;
  out->factor = factor;
  out->field = *found;
  out->unit = of.fields[*found].unit;
  out->place = target.place;
  const std::size_t before = problems.size();
  out->rows = factor_rows(of, target, base_.units(), problems);
  if (problems.size() > before) return nullptr;
  const std::size_t matching = out->rows.size();
  std::erase_if(out->rows,
                [&](std::uint32_t row) { return of.state(row, *found) != table::State::kValue; });
  if (!out->rows.empty()) return out;
  problems.push_back(no_row(target, matching));
  return nullptr;
}

Changes Resolver::resolve(const std::vector<WrittenChange>& changes, base::Findings& problems) {
  Changes out;
  for (const WrittenChange& one : changes) {
    if (auto change = resolve(one, problems)) out.push_back(std::move(*change));
  }
  return out;
}

}  // namespace qz::whatif
