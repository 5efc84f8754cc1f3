// Check packs: editions selected, tables merged, every formula typed.

#include <algorithm>
#include <map>
#include <set>

#include "base/nearest_name.h"
#include "base/period.h"
#include "exact/decimal.h"
#include "rules/check_instruments.h"
#include "rules/checked_packs.h"
#include "rules/merge_tables.h"
#include "rules/select_editions.h"
#include "rules/type_checker.h"

namespace qz::rules {
namespace {

using table::Type;

constexpr const char* kUsualSubject = "entity";

// The text key column that most tables have ("entity" where any has it, the first name of several),
// leaving aside the tables of the registry beyond their first key.
std::string usual_subject(const std::vector<Edition>& editions) {
  std::map<std::string, int> tables_of;
  for (const Edition& edition : editions) {
    for (const TableDefinition& one : edition.pack->tables) {
      const bool registry = one.name == "flow" || one.name == "holding";
      if (one.name == "lot") continue;
      for (const std::string& name : one.key) {
        if (base::period_kind(name) || name == "row") continue;
        ++tables_of[name];
        if (registry) break;
      }
    }
  }
  if (tables_of.empty() || tables_of.contains(kUsualSubject)) return kUsualSubject;
  const auto fewer = [](const auto& a, const auto& b) { return a.second < b.second; };
  return std::max_element(tables_of.begin(), tables_of.end(), fewer)->first;
}

class Check {
 public:
  Check(const PackRequest& request, const factor::Library& factors,
        const exact::UnitCatalogue& units, base::Findings& problems)
      : request_(request), library_(factors), units_(units), problems_(problems) {
    checked_.cycle = request.cycle;
    checked_.as_of = request.as_of;
    checked_.subject = request.subject;
  }

  std::optional<CheckedPacks> run(const std::vector<std::shared_ptr<const Pack>>& installed) {
    const std::size_t before = problems_.size();
    if (!select_editions(installed, request_, checked_, problems_)) return std::nullopt;
    if (checked_.subject.empty()) checked_.subject = usual_subject(checked_.editions);
    if (!check_instruments(units_, checked_, problems_)) return std::nullopt;
    note_words(installed);
    find_factors();
    set_parameters();
    if (problems_.size() != before) return std::nullopt;
    if (!merge_tables(units_, checked_, problems_)) return std::nullopt;
    set_measures(checked_);
    for (std::size_t table = 0; table < checked_.tables.size(); ++table) {
      for (CheckedColumn& column : checked_.tables[table].columns) {
        for (ColumnRule& rule : column.rules)
          type_rule(static_cast<std::int32_t>(table), column, rule);
      }
      check_rows_members(checked_.tables[table]);
    }
    for (std::size_t i = 0; i < checked_.editions.size(); ++i)
      type_checks(static_cast<std::int32_t>(i));
    if (problems_.size() != before) return std::nullopt;
    return std::move(checked_);
  }

 private:
  void problem(const char* code, const base::Place& place, std::string en, std::string zh) {
    problems_.push_back(base::failure(code, place, std::move(en), std::move(zh)));
  }

  void note_words(const std::vector<std::shared_ptr<const Pack>>& installed) {
    for (const std::shared_ptr<const Pack>& pack : installed) {
      for (const InstrumentDefinition& one : pack->instrument_definitions) {
        InstrumentWords& words = checked_.words[one.name];
        for (const MoveKind& kind : one.kinds) words.kinds.insert(kind.name);
        words.states.insert(one.states.begin(), one.states.end());
      }
    }
  }

  void find_factors() {
    for (Edition& edition : checked_.editions) {
      for (const FactorUse& use : edition.pack->factors) {
        base::Result<const factor::FactorTable*> found = library_.find(use.id, use.version);
        if (!found) {
          base::Finding finding = found.failure();
          finding.place = use.place;
          problems_.push_back(std::move(finding));
          edition.factors.push_back(-1);
          continue;
        }
        const auto at = std::find(checked_.factors.begin(), checked_.factors.end(), found.value());
        edition.factors.push_back(static_cast<std::int32_t>(at - checked_.factors.begin()));
        if (at == checked_.factors.end()) checked_.factors.push_back(found.value());
      }
    }
  }

  void set_parameters() {
    for (const Edition& edition : checked_.editions) {
      for (const Parameter& one : edition.pack->parameters) {
        const bool known =
            std::any_of(checked_.parameters.begin(), checked_.parameters.end(),
                        [&](const ParameterValue& value) {
                          return value.pack == edition.pack->id && value.name == one.name;
                        });
        if (!known) checked_.parameters.push_back(parameter_value(*edition.pack, one));
      }
    }
    for (const auto& [pack, values] : request_.parameters) {
      for (const auto& [name, value] : values) {
        (void)value;
        refuse_unknown_parameter(pack, name);
      }
    }
  }

  ParameterValue parameter_value(const Pack& pack, const Parameter& one) {
    ParameterValue out{pack.id, one.name, one.default_text, true, one.status};
    const auto of_pack = request_.parameters.find(pack.id);
    if (of_pack == request_.parameters.end()) return out;
    const auto given = of_pack->second.find(one.name);
    if (given == of_pack->second.end()) return out;
    out.value = given->second;
    out.is_default = given->second == one.default_text;
    if (one.is_number()) {
      const std::optional<exact::Number> number = exact::parse_ratio(given->second);
      const bool fits =
          number && (!one.min || !(*number < *one.min)) && (!one.max || !(*one.max < *number));
      if (!fits) {
        problem("bad-parameter", {},
                "parameter " + pack.id + "." + one.name + ": \"" + given->second +
                    "\" is not a number in its range",
                "参数 " + pack.id + "." + one.name + " 的值无效");
      }
    } else if (std::find(one.choices.begin(), one.choices.end(), given->second) ==
               one.choices.end()) {
      problem("bad-parameter", {},
              "parameter " + pack.id + "." + one.name + " has no choice \"" + given->second + "\"" +
                  base::nearest_hint(given->second, one.choices),
              "参数 " + pack.id + "." + one.name + " 没有选项 \"" + given->second + "\"");
    }
    return out;
  }

  void refuse_unknown_parameter(const std::string& pack, const std::string& name) {
    std::vector<std::string> names;
    for (const ParameterValue& one : checked_.parameters) {
      if (one.pack != pack) continue;
      if (one.name == name) return;
      names.push_back(one.name);
    }
    problem("bad-parameter", {},
            "no parameter \"" + name + "\" in pack " + pack + base::nearest_hint(name, names),
            "规则包 " + pack + " 没有参数 \"" + name + "\"");
  }

  void type_rule(std::int32_t table, const CheckedColumn& column, ColumnRule& rule) {
    const ColumnDefinition& from = *rule.definition;
    CheckScope scope{&checked_, &units_, rule.edition, table, {}};
    const Wanted truth{{Type::kBool}, {}};
    if (from.when) scope.instruments = named_instruments(*from.when->expression);
    const Wanted wanted{{column.type, column.period}, rule.unit};
    if (from.when) rule.when = check_formula(scope, *from.when, truth, problems_);
    for (const Case& one : from.cases) {
      CheckedCase checked;
      checked.how = one.how;
      checked.cite = one.cite.empty() ? from.cite : one.cite;
      if (one.when) checked.when = check_formula(scope, *one.when, truth, problems_);
      std::optional<Typed> formula = check_formula(scope, one.formula, wanted, problems_);
      if (!formula) continue;
      checked.formula = std::move(*formula);
      rule.cases.push_back(std::move(checked));
    }
  }

  void check_rows_members(const CheckedTable& table) {
    if (table.every) {
      check_bound(table, table.every->from);
      check_bound(table, table.every->to);
      if (!table.period_column || table.period != table.every->period) {
        problem("bad-every", table.every->place,
                "\"every\" names the period of the table's own key", "every 应为本表键中的期间");
      }
    }
    for (const std::string& name : table.unique) {
      const std::optional<std::int32_t> column = table.column(name);
      const bool is_given = column && name != "row" && [&] {
        const CheckedColumn& found = table.columns[static_cast<std::size_t>(*column)];
        return found.is_key || found.has_input;
      }();
      if (is_given) continue;
      problem("unknown-name", {},
              "table " + table.name + ": \"unique\" names no key or input \"" + name + "\"",
              "表 " + table.name + " 的 unique 引用了未知的键或输入列 \"" + name + "\"");
    }
    for (const std::string& name : table.cross) {
      const bool known = checked_.table(name).has_value() || factor_named(name);
      if (!known) {
        problem("unknown-name", place_of_cross(table.name),
                "table " + table.name + ": \"cross\" names no table \"" + name + "\"",
                "表 " + table.name + " 的 cross 引用了未知的表 \"" + name + "\"");
        return;
      }
    }
    if (!table.cross.empty()) check_cross_key(table);
  }

  // Where the table's "cross" is written.
  base::Place place_of_cross(const std::string& table) const {
    for (const Edition& edition : checked_.editions) {
      for (const TableDefinition& one : edition.pack->tables) {
        if (one.name == table && !one.cross.empty()) return one.place;
      }
    }
    return {};
  }

  // The tables of `cross` make the whole key; the period may come from `every`.
  void check_cross_key(const CheckedTable& table) {
    std::set<std::string> given;
    for (const std::string& name : table.cross) {
      if (const std::optional<std::int32_t> index = checked_.table(name)) {
        const CheckedTable& of = checked_.tables[static_cast<std::size_t>(*index)];
        for (std::size_t i = 0; i < of.key_size; ++i) given.insert(of.columns[i].name);
      }
      for (const Edition& edition : checked_.editions) {
        for (std::size_t i = 0; i < edition.pack->factors.size(); ++i) {
          const FactorUse& use = edition.pack->factors[i];
          if (use.alias != name && use.id != name) continue;
          const factor::FactorTable& of =
              *checked_.factors[static_cast<std::size_t>(edition.factors[i])];
          for (const std::size_t field : of.key_fields) given.insert(of.fields[field].name);
        }
      }
    }
    for (std::size_t i = 0; i < table.key_size; ++i) {
      const std::string& name = table.columns[i].name;
      const bool every = table.every && !table.every->from && !table.every->to &&
                         table.period_column == static_cast<std::int32_t>(i);
      if (given.contains(name) || every) continue;
      problem("bad-cross", place_of_cross(table.name),
              "table " + table.name + ": no table of \"cross\" has its key column \"" + name +
                  "\" (name one that has it; a period may come from \"every\" without dates)",
              "表 " + table.name + "：cross 所列各表均无键列 \"" + name +
                  "\"（请补上含该列的表；期间可由不带日期的 every 给出）");
    }
  }

  bool factor_named(const std::string& alias) const {
    for (const Edition& edition : checked_.editions) {
      for (const FactorUse& use : edition.pack->factors) {
        if (use.alias == alias || use.id == alias) return true;
      }
    }
    return false;
  }

  void check_bound(const CheckedTable& table,
                   const std::optional<std::pair<std::string, std::string>>& bound) {
    if (!bound) return;
    const std::optional<std::int32_t> above = checked_.table(bound->first);
    const std::optional<std::int32_t> self = checked_.table(table.name);
    if (above && !checked_.tables[static_cast<std::size_t>(*above)].period_column &&
        is_up(checked_, *self, *above)) {
      const CheckedTable& in = checked_.tables[static_cast<std::size_t>(*above)];
      const std::optional<std::int32_t> column = in.column(bound->second);
      if (column && in.columns[static_cast<std::size_t>(*column)].type == Type::kDate) return;
    }
    problem("bad-every", table.every->place,
            "\"" + bound->first + "." + bound->second + "\" is no date input of a register above " +
                table.name,
            "\"" + bound->first + "." + bound->second + "\" 不是上级登记表的日期列");
  }

  void type_checks(std::int32_t edition) {
    const Pack& pack = *checked_.editions[static_cast<std::size_t>(edition)].pack;
    for (const CheckDefinition& from : pack.checks) {
      const std::optional<std::int32_t> table = checked_.table(from.table);
      if (!table) {
        std::vector<std::string> names;
        for (const CheckedTable& one : checked_.tables) names.push_back(one.name);
        problem("unknown-name", from.place,
                "check " + from.id + ": no table \"" + from.table + "\"" +
                    base::nearest_hint(from.table, names),
                "检查 " + from.id + "：没有表 \"" + from.table + "\"");
        continue;
      }
      CheckScope scope{&checked_, &units_, edition, *table, {}};
      if (from.when) scope.instruments = named_instruments(*from.when->expression);
      const Wanted truth{{Type::kBool}, {}};
      CheckedCheck check{&from, edition, *table, std::nullopt, {}};
      if (from.when) check.when = check_formula(scope, *from.when, truth, problems_);
      std::optional<Typed> require = check_formula(scope, from.require, truth, problems_);
      if (!require) continue;
      check.require = std::move(*require);
      checked_.checks.push_back(std::move(check));
    }
  }

  const PackRequest& request_;
  const factor::Library& library_;
  const exact::UnitCatalogue& units_;
  base::Findings& problems_;
  CheckedPacks checked_;
};

}  // namespace

std::optional<CheckedPacks> check_packs(const std::vector<std::shared_ptr<const Pack>>& installed,
                                        const PackRequest& request, const factor::Library& factors,
                                        const exact::UnitCatalogue& units,
                                        base::Findings& problems) {
  return Check(request, factors, units, problems).run(installed);
}

}  // namespace qz::rules
