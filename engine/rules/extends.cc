// `extends`: whole editions from what their files say.
//
// (1) An heir takes over everything except top-level texts, applies and examples; columns,
// constants, parameters, factor tables (by alias), instruments and checks (by id) are replaced one
// by one and whole, in the ancestor's order, new ones after them; `needs` and `rounding` are
// replaced if given. (2) A column without a mode of its own rounds by the `rounding` of the edition
// it stands in, inherited or not: an amendment that changes the mode changes it for all of them.
// (3) Nothing is built upon an edition with problems; the edition that has them says so.

#include <algorithm>
#include <map>
#include <utility>

#include "base/nearest_name.h"
#include "rules/detail/written_pack.h"

namespace qz::rules::detail {
namespace {

using base::Bilingual;

template <class Item>
std::vector<std::string> names_of(const std::vector<Item>& items, std::string Item::*name) {
  std::vector<std::string> out;
  out.reserve(items.size());
  for (const Item& item : items) out.push_back(item.*name);
  return out;
}

template <class Item>
void replace_each(std::vector<Item>& items, std::vector<Item> own, std::string Item::*name) {
  for (Item& item : own) {
    const auto same = std::find_if(items.begin(), items.end(),
                                   [&](const Item& one) { return one.*name == item.*name; });
    if (same == items.end()) {
      items.push_back(std::move(item));
    } else {
      *same = std::move(item);
    }
  }
}

class Edition {
 public:
  Edition(const Pack* ancestor, WrittenPack& written, base::Findings& problems)
      : ancestor_(ancestor), written_(written), problems_(problems) {}

  // The whole edition; empty if something was wrong.
  std::optional<Pack> build() {
    const std::size_t before = problems_.size();
    pack_ = std::move(written_.pack);
    if (ancestor_ != nullptr) {
      inherit();
    } else {
      pack_.rounding = written_.rounding.value_or(pack_.rounding);
      pack_.needs = written_.needs.value_or(pack_.needs);
      refuse_removals();
    }
    add_tables();
    for (const TableDefinition& table : pack_.tables) check_table(table);
    fill_modes();
    if (problems_.size() != before) return std::nullopt;
    return std::move(pack_);
  }

 private:
  void problem(const base::Place& place, const std::string& en, const std::string& zh) {
    problems_.push_back(base::failure("malformed-pack", place, en, zh));
  }

  template <class Item>
  void remove_each(std::vector<Item>& items, const std::vector<Removal>& removals,
                   std::string Item::*name, const std::string& path) {
    for (const Removal& removal : removals) {
      const auto gone = std::remove_if(items.begin(), items.end(),
                                       [&](const Item& one) { return one.*name == removal.name; });
      if (gone == items.end()) {
        const Bilingual near = hint(removal.name, names_of(items, name));
        const std::string what = path + removal.name;
        problem(removal.place, what + ": nothing of this name to remove" + near.en,
                what + "：没有可删除的同名项" + near.zh);
      }
      items.erase(gone, items.end());
    }
  }

  template <class Item>
  void inherit_each(std::vector<Item>& own, std::vector<Item> inherited,
                    const std::vector<Removal>& removals, std::string Item::*name,
                    const std::string& path) {
    remove_each(inherited, removals, name, path);
    replace_each(inherited, std::move(own), name);
    own = std::move(inherited);
  }

  void inherit() {
    inherit_each(pack_.constants, ancestor_->constants, written_.constants_removed, &Constant::name,
                 "constants.");
    inherit_each(pack_.parameters, ancestor_->parameters, written_.parameters_removed,
                 &Parameter::name, "parameters.");
    inherit_each(pack_.factors, ancestor_->factors, written_.factors_removed, &FactorUse::alias,
                 "factors.");
    inherit_each(pack_.checks, ancestor_->checks, written_.checks_removed, &CheckDefinition::id,
                 "checks.");
    pack_.rounding = written_.rounding.value_or(ancestor_->rounding);
    pack_.needs = written_.needs.value_or(ancestor_->needs);
    pack_.tables = ancestor_->tables;
    remove_each(pack_.tables, written_.tables_removed, &TableDefinition::name, "tables.");
    inherit_instruments();
  }

  void inherit_instruments() {
    const text::JsonValue own = std::move(pack_.instruments);
    auto files = ancestor_->instrument_files;
    pack_.instruments = ancestor_->instruments;
    if (own.is(text::JsonValue::Kind::kObject)) pack_.instruments.kind = own.kind;
    auto& members = pack_.instruments.members;
    for (const auto& [name, value] : own.members) {
      const auto same =
          std::find_if(members.begin(), members.end(),
                       [&, wanted = &name](const auto& m) { return m.first == *wanted; });
      if (value.is(text::JsonValue::Kind::kNull)) {
        remove_instrument(same, name, value);
        files.erase(name);
        continue;
      }
      files[name] = pack_.file;
      if (same == members.end()) {
        members.emplace_back(name, value);
      } else {
        same->second = value;
      }
    }
    pack_.instrument_files = std::move(files);
    std::vector<InstrumentDefinition> all = ancestor_->instrument_definitions;
    std::erase_if(all, [&](const auto& one) { return !pack_.instrument_files.contains(one.name); });
    replace_each(all, std::move(pack_.instrument_definitions), &InstrumentDefinition::name);
    pack_.instrument_definitions = std::move(all);
  }

  void remove_instrument(std::vector<text::JsonValue::Member>::iterator same,
                         const std::string& name, const text::JsonValue& value) {
    if (same != pack_.instruments.members.end()) {
      pack_.instruments.members.erase(same);
      return;
    }
    problem({pack_.file, value.line, value.column},
            "instruments." + name + ": nothing of this name to remove",
            "instruments." + name + "：没有可删除的同名项");
  }

  void refuse_removals() {
    const std::pair<const char*, const std::vector<Removal>*> all[] = {
        {"tables.", &written_.tables_removed},
        {"constants.", &written_.constants_removed},
        {"parameters.", &written_.parameters_removed},
        {"factors.", &written_.factors_removed},
        {"checks.", &written_.checks_removed}};
    for (const auto& [path, removals] : all) {
      for (const Removal& removal : *removals) refuse_removal(removal, path + removal.name);
    }
    for (const WrittenTable& table : written_.tables) {
      for (const Removal& removal : table.columns_removed) {
        refuse_removal(removal, "tables." + table.name + ".columns." + removal.name);
      }
    }
  }

  void refuse_removal(const Removal& removal, const std::string& what) {
    problem(removal.place, what + ": nothing to remove: the pack extends no other version",
            what + "：无可删除：本规则包未继承其他版本");
  }

  void add_tables() {
    for (WrittenTable& own : written_.tables) {
      auto table = std::find_if(pack_.tables.begin(), pack_.tables.end(),
                                [&](const TableDefinition& one) { return one.name == own.name; });
      if (table == pack_.tables.end()) {
        if (!own.key) {
          problem(own.place, "tables." + own.name + ": lacks \"key\"",
                  "tables." + own.name + "：缺少“key”");
        }
        table = pack_.tables.emplace(pack_.tables.end());
        table->name = own.name;
      }
      add_table(*table, own);
    }
  }

  void add_table(TableDefinition& table, WrittenTable& own) {
    table.place = own.place;
    if (own.key) table.key = std::move(*own.key);
    if (own.every) table.every = std::move(*own.every);
    if (own.cross) table.cross = std::move(*own.cross);
    if (own.unique) table.unique = std::move(*own.unique);
    if (own.optional) table.optional = *own.optional;
    if (own.label) table.label = std::move(*own.label);
    if (ancestor_ != nullptr) {
      remove_each(table.columns, own.columns_removed, &ColumnDefinition::name,
                  "tables." + table.name + ".columns.");
    }
    replace_each(table.columns, std::move(own.columns), &ColumnDefinition::name);
  }

  void check_table(const TableDefinition& table) {
    const auto in_key = [&](std::string_view name) {
      return std::find(table.key.begin(), table.key.end(), name) != table.key.end();
    };
    for (const ColumnDefinition& column : table.columns) {
      if (!in_key(column.name)) continue;
      const std::string what = "tables." + table.name + ".columns." + column.name;
      problem(column.place, what + ": is a key column already; a key column is not declared again",
              what + "：已是键列，键列不必再声明");
    }
    if (!table.every || in_key(base::period_kind_name(table.every->period))) return;
    const std::string period(base::period_kind_name(table.every->period));
    const std::string what = "tables." + table.name + ".every";
    problem(table.every->place, what + ": \"" + period + "\" is not in the key",
            what + "：“" + period + "”不在键中");
  }

  void fill_modes() {
    for (TableDefinition& table : pack_.tables) {
      for (ColumnDefinition& column : table.columns) {
        if (column.round && !column.round->own_mode) column.round->rule.mode = pack_.rounding;
      }
    }
  }

  const Pack* ancestor_;
  WrittenPack& written_;
  base::Findings& problems_;
  Pack pack_;
};

// Follows each edition up to one that stands alone, and builds downwards from there. No recursion:
// a chain is as long as there are files.
class Extender {
 public:
  Extender(std::vector<WrittenPack> written, base::Findings& problems)
      : written_(std::move(written)), states_(written_.size()), problems_(problems) {
    for (std::size_t i = 0; i < written_.size(); ++i) {
      const Pack& pack = written_[i].pack;
      by_id_[pack.id].emplace(pack.version, i);  // the first of two of one name
      extends_.push_back(pack.extends);
      ids_.push_back(pack.id);
    }
  }

  std::vector<Pack> run() {
    for (std::size_t i = 0; i < written_.size(); ++i) settle(i);
    std::vector<Pack> out;
    for (State& state : states_) {
      if (state.pack) out.push_back(std::move(*state.pack));
    }
    return out;
  }

 private:
  struct State {
    bool done = false;
    std::optional<Pack> pack;  // empty once done: left out
  };

  void settle(std::size_t start) {
    std::vector<std::size_t> chain;
    std::optional<std::size_t> at = start;
    while (at && !states_[*at].done) {
      const auto met = std::find(chain.begin(), chain.end(), *at);
      if (met != chain.end()) return refuse_circle(chain, met);
      chain.push_back(*at);
      at = extends_[*at].empty() ? std::nullopt : ancestor_of(*at);
    }
    for (auto i = chain.rbegin(); i != chain.rend(); ++i) build(*i);
  }

  std::optional<std::size_t> ancestor_of(std::size_t i) const {
    const auto& versions = by_id_.at(ids_[i]);
    const auto found = versions.find(extends_[i]);
    return found == versions.end() ? std::nullopt : std::optional(found->second);
  }

  void build(std::size_t i) {
    State& state = states_[i];
    state.done = true;
    const Pack* ancestor = nullptr;
    if (!extends_[i].empty()) {
      const auto index = ancestor_of(i);
      if (!index) return refuse_missing(i);
      if (!states_[*index].pack) return;
      ancestor = &*states_[*index].pack;
    }
    if (!written_[i].faulty) state.pack = Edition(ancestor, written_[i], problems_).build();
  }

  void refuse_missing(std::size_t i) {
    std::vector<std::string> versions;
    for (const auto& [version, index] : by_id_.at(ids_[i])) {
      if (index != i) versions.push_back(version);
    }
    const Bilingual near = hint(extends_[i], versions);
    const std::string wanted = ids_[i] + "@" + extends_[i];
    problems_.push_back(base::failure("malformed-pack", written_[i].extends_place,
                                      "extends: there is no " + wanted + near.en,
                                      "extends：没有 " + wanted + near.zh));
  }

  void refuse_circle(const std::vector<std::size_t>& chain,
                     std::vector<std::size_t>::const_iterator met) {
    std::string text;
    for (auto i = met; i != chain.end(); ++i) text += written_[*i].pack.version + " → ";
    text += written_[*met].pack.version;
    problems_.push_back(base::failure("malformed-pack", written_[*met].extends_place,
                                      "extends: a circle of versions: " + text,
                                      "extends：版本循环继承：" + text));
    for (const std::size_t i : chain) states_[i].done = true;
  }

  std::vector<WrittenPack> written_;
  std::vector<State> states_;
  base::Findings& problems_;
  std::map<std::string, std::map<std::string, std::size_t>> by_id_;
  std::vector<std::string> extends_;  // kept apart: building moves the packs out
  std::vector<std::string> ids_;
};

}  // namespace

std::vector<Pack> apply_extends(std::vector<WrittenPack> written, base::Findings& problems) {
  return Extender(std::move(written), problems).run();
}

}  // namespace qz::rules::detail
