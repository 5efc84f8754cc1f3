// Merge tables: keys agreed on, columns united, links followed upward.

#include "rules/merge_tables.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "rules/function_names.h"
#include "rules/guess_type.h"

namespace qz::rules {
namespace {

using table::Type;

class Merge {
 public:
  Merge(const exact::UnitCatalogue& units, CheckedPacks& checked, base::Findings& problems)
      : units_(units), checked_(checked), problems_(problems) {}

  void run() {
    find_givers();
    std::set<std::string> names;
    for (const Edition& edition : checked_.editions) {
      for (const TableDefinition& table : edition.pack->tables) {
        if (names.insert(table.name).second) add_table(edition, table);
      }
    }
    std::sort(checked_.tables.begin(), checked_.tables.end(),
              [](const CheckedTable& a, const CheckedTable& b) { return a.name < b.name; });
    for (std::size_t i = 0; i < checked_.editions.size(); ++i) {
      for (const TableDefinition& table : checked_.editions[i].pack->tables) {
        join(static_cast<std::int32_t>(i), table);
      }
    }
    for (const auto& [edition, table, column] : left_open_)
      check_left_open(*edition, *table, *column);
    for (CheckedTable& table : checked_.tables) {
      std::sort(table.columns.begin() + static_cast<std::ptrdiff_t>(table.key_size),
                table.columns.end(),
                [](const CheckedColumn& a, const CheckedColumn& b) { return a.name < b.name; });
    }
    settle_keys();
  }

 private:
  // Which pack gives each column: the first that does not leave it open, else the first at all.
  void find_givers() {
    for (const bool open : {false, true}) {
      for (const Edition& edition : checked_.editions) {
        for (const TableDefinition& table : edition.pack->tables) {
          for (const ColumnDefinition& column : table.columns) {
            if (column.open == open)
              givers_.try_emplace({table.name, column.name}, edition.pack_index);
          }
        }
      }
    }
  }

  // What a pack says of a column that another one gives: the type and the dimension must be its.
  void check_left_open(const Edition& edition, const TableDefinition& table,
                       const ColumnDefinition& from) {
    const CheckedTable& in = checked_.tables[static_cast<std::size_t>(*checked_.table(table.name))];
    const std::optional<std::int32_t> given = in.column(from.name);
    const std::optional<ValueType> type = guess_type(checked_, edition, table.name, from);
    if (!given || !type) return;
    ColumnRule rule;
    if (type->type == Type::kNumber && !set_unit(in, from, rule)) return;
    agrees(in, *type, from, rule, in.columns[static_cast<std::size_t>(*given)]);
  }

  void problem(const char* code, const base::Place& place, std::string en, std::string zh) {
    problems_.push_back(base::failure(code, place, std::move(en), std::move(zh)));
  }

  void add_table(const Edition& edition, const TableDefinition& from) {
    CheckedTable table;
    table.name = from.name;
    table.key_size = from.key.size();
    for (std::size_t i = 0; i < from.key.size(); ++i) {
      CheckedColumn key;
      key.name = from.key[i];
      key.is_key = true;
      key.type = Type::kText;
      if (const std::optional<base::PeriodKind> period = base::period_kind(key.name)) {
        key.type = Type::kPeriod;
        key.period = *period;
        table.period_column = static_cast<std::int32_t>(i);
        table.period = *period;
      } else if (key.name == "row") {
        key.type = Type::kRow;
        table.ends_in_row = true;
      }
      table.columns.push_back(std::move(key));
    }
    refuse_shared_name(edition, from);
    checked_.tables.push_back(std::move(table));
  }

  void refuse_shared_name(const Edition& edition, const TableDefinition& from) {
    const auto& uses = edition.pack->factors;
    const bool factor = std::any_of(uses.begin(), uses.end(),
                                    [&](const FactorUse& use) { return use.alias == from.name; });
    if (!factor && !is_function_name(from.name)) return;
    const std::string what = factor ? "a factor table" : "a function";
    problem("shared-name", from.place,
            "table \"" + from.name + "\" has the name of " + what + ": rename one of them",
            "表 \"" + from.name + "\" 与" + (factor ? "因子表" : "函数") + "同名：请改名");
  }

  // One edition's columns into the table.
  void join(std::int32_t edition_index, const TableDefinition& from) {
    const Edition& edition = checked_.editions[static_cast<std::size_t>(edition_index)];
    CheckedTable& table = checked_.tables[static_cast<std::size_t>(*checked_.table(from.name))];
    std::vector<std::string> key;
    for (std::size_t i = 0; i < table.key_size; ++i) key.push_back(table.columns[i].name);
    if (key != from.key) {
      problem("key-disagrees", from.place,
              "table \"" + from.name +
                  "\" has another key in another pack or edition: they must be equal",
              "表 \"" + from.name + "\" 的键与其他规则包或版本不一致");
      return;
    }
    if (from.every) table.every = from.every;
    if (!from.cross.empty()) table.cross = from.cross;
    if (!from.unique.empty()) table.unique = from.unique;
    table.optional = table.optional || from.optional;
    if (table.label == base::Bilingual{}) table.label = from.label;
    for (const ColumnDefinition& column : from.columns) {
      join_column(edition_index, edition, table, column);
      if (column.open) left_open_.push_back({&edition, &from, &column});
    }
  }

  void join_column(std::int32_t edition_index, const Edition& edition, CheckedTable& table,
                   const ColumnDefinition& from) {
    if (from.open && givers_.at({table.name, from.name}) != edition.pack_index) return;
    const std::optional<ValueType> type = guess_type(checked_, edition, table.name, from);
    if (!type) {
      problem("unknown-type", from.place,
              table.name + "." + from.name +
                  ": the formula does not tell the column's type: give a number "
                  "column its unit, or begin with a value of the type meant",
              table.name + "." + from.name + "：公式无法确定列的类型，数值列请写 unit");
      return;
    }
    ColumnRule rule;
    rule.edition = edition_index;
    rule.definition = &from;
    rule.shown_mode = edition.pack->rounding;
    if (type->type == Type::kNumber && !set_unit(table, from, rule)) return;
    const std::optional<std::int32_t> known = table.column(from.name);
    if (!known) {
      table.columns.push_back(new_column(edition, *type, from, rule));
    }
    CheckedColumn& column = table.columns[static_cast<std::size_t>(
        known ? *known : static_cast<std::int32_t>(table.columns.size()) - 1)];
    if (known && (defined_twice(edition, table, from, column) ||
                  !agrees(table, *type, from, rule, column))) {
      return;
    }
    if (type->type == Type::kNumber) rule.to_column = rule.unit.factor_to(column.unit);
    column.has_input = column.has_input || from.input != InputKind::kNone;
    column.has_formula = column.has_formula || from.has_formula();
    column.report = column.report || from.report;
    column.is_link = column.is_link || from.link;
    column.rules.push_back(std::move(rule));
  }

  bool set_unit(const CheckedTable& table, const ColumnDefinition& from, ColumnRule& rule) {
    const base::Result<exact::Unit> unit = units_.parse(from.unit.empty() ? "1" : from.unit);
    if (!unit) {
      base::Finding finding = unit.failure();
      finding.place = from.unit_place.line == 0 ? from.place : from.unit_place;
      finding.message.en = table.name + "." + from.name + ": " + finding.message.en;
      finding.message.zh = table.name + "." + from.name + "：" + finding.message.zh;
      problems_.push_back(std::move(finding));
      return false;
    }
    rule.unit = unit.value();
    return true;
  }

  static CheckedColumn new_column(const Edition& edition, const ValueType& type,
                                  const ColumnDefinition& from, const ColumnRule& rule) {
    CheckedColumn column;
    column.name = from.name;
    column.pack_index = edition.pack_index;
    column.type = type.type;
    column.period = type.period;
    column.unit = rule.unit;
    return column;
  }

  bool defined_twice(const Edition& edition, const CheckedTable& table,
                     const ColumnDefinition& from, const CheckedColumn& column) {
    if (!column.is_key && column.pack_index == edition.pack_index) return false;
    const std::string name = table.name + "." + from.name;
    problem("defined-twice", from.place,
            name + " is defined twice: " +
                (column.is_key ? std::string("it is a key")
                               : "also by pack " +
                                     checked_.packs[static_cast<std::size_t>(column.pack_index)]),
            name + " 重复定义");
    return true;
  }

  bool agrees(const CheckedTable& table, const ValueType& type, const ColumnDefinition& from,
              const ColumnRule& rule, const CheckedColumn& column) {
    const std::string name = table.name + "." + from.name;
    if (column.type != type.type || (type.type == Type::kPeriod && column.period != type.period)) {
      problem("type-disagrees", from.place, name + " has another type in another edition or pack",
              name + " 在不同版本中类型不一致");
      return false;
    }
    if (type.type == Type::kNumber && !(column.unit.dimension == rule.unit.dimension)) {
      problem("unit-clash", from.place,
              name + " is in " + rule.unit.text + " here and in " + column.unit.text +
                  " in another edition or pack",
              name + " 的单位在不同版本中量纲不一致：" + rule.unit.text + "，" + column.unit.text);
      return false;
    }
    return true;
  }

  // settled: own text keys and links, then the links of every table above, until nothing is new.
  void settle_keys() {
    for (CheckedTable& table : checked_.tables) {
      for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const CheckedColumn& column = table.columns[i];
        const bool key = column.is_key && column.type == Type::kText;
        const bool link = column.is_link && column.type == Type::kText;
        if (key || link)
          table.settled.emplace(column.name, Settled{static_cast<std::int32_t>(i), -1});
      }
    }
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t below = 0; below < checked_.tables.size(); ++below) {
        changed = inherit_links(static_cast<std::int32_t>(below)) || changed;
      }
    }
    for (std::size_t below = 0; below < checked_.tables.size(); ++below) {
      for (auto& [name, how] : checked_.tables[below].settled) {
        if (how.via_table >= 0) take_nearest(static_cast<std::int32_t>(below), name, how);
      }
    }
  }

  // Of several tables above that have the link, the one below all the others gives it: a year's
  // district before the registered one.
  void take_nearest(std::int32_t below, const std::string& name, Settled& how) {
    std::vector<Settled> given;
    for (std::size_t above = 0; above < checked_.tables.size(); ++above) {
      const auto index = static_cast<std::int32_t>(above);
      const CheckedTable& theirs = checked_.tables[above];
      const std::optional<std::int32_t> column = theirs.column(name);
      if (index == below || theirs.key_size == 0 || !column || !is_up(checked_, below, index))
        continue;
      const CheckedColumn& link = theirs.columns[static_cast<std::size_t>(*column)];
      if (link.is_link && link.type == Type::kText) given.push_back({*column, index});
    }
    const auto nearest = std::find_if(given.begin(), given.end(), [&](const Settled& one) {
      return std::all_of(given.begin(), given.end(), [&](const Settled& other) {
        return is_up(checked_, one.via_table, other.via_table);
      });
    });
    if (nearest != given.end()) {
      how = *nearest;
      return;
    }
    const std::string table = checked_.tables[static_cast<std::size_t>(below)].name;
    const std::string one = checked_.tables[static_cast<std::size_t>(given[0].via_table)].name;
    const std::string other = checked_.tables[static_cast<std::size_t>(given[1].via_table)].name;
    problem("ambiguous-link", {},
            "table \"" + table + "\": its link \"" + name + "\" comes from " + one + " and from " +
                other + ": give the table a link \"" + name + "\" of its own",
            "表 \"" + table + "\" 的关联 \"" + name + "\" 同时来自 " + one + " 与 " + other +
                "：请在本表中写明该关联");
  }

  bool inherit_links(std::int32_t below) {
    bool changed = false;
    CheckedTable& mine = checked_.tables[static_cast<std::size_t>(below)];
    for (std::size_t above = 0; above < checked_.tables.size(); ++above) {
      const auto index = static_cast<std::int32_t>(above);
      const CheckedTable& theirs = checked_.tables[above];
      if (index == below || theirs.key_size == 0 || !is_up(checked_, below, index)) continue;
      for (std::size_t i = theirs.key_size; i < theirs.columns.size(); ++i) {
        const CheckedColumn& column = theirs.columns[i];
        if (!column.is_link || column.type != Type::kText) continue;
        changed = mine.settled.emplace(column.name, Settled{static_cast<std::int32_t>(i), index})
                      .second ||
                  changed;
      }
    }
    return changed;
  }

  struct LeftOpen {
    const Edition* edition;
    const TableDefinition* table;
    const ColumnDefinition* column;
  };

  const exact::UnitCatalogue& units_;
  CheckedPacks& checked_;
  base::Findings& problems_;
  std::map<std::pair<std::string, std::string>, std::int32_t> givers_;  // table, column -> pack
  std::vector<LeftOpen> left_open_;
};

}  // namespace

bool merge_tables(const exact::UnitCatalogue& units, CheckedPacks& checked,
                  base::Findings& problems) {
  const std::size_t before = problems.size();
  Merge(units, checked, problems).run();
  return problems.size() == before;
}

}  // namespace qz::rules
