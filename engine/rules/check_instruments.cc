// Check instruments: agreement over packs and editions, then the built-in tables.

#include "rules/check_instruments.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/nearest_name.h"

namespace qz::rules {
namespace {

constexpr const char* kBuiltInPack = "instruments";

class Instruments {
 public:
  Instruments(const exact::UnitCatalogue& units, CheckedPacks& checked, base::Findings& problems)
      : units_(units), checked_(checked), problems_(problems) {}

  void run() {
    for (std::size_t i = 0; i < checked_.editions.size(); ++i) {
      const Edition& edition = checked_.editions[i];
      for (const InstrumentDefinition& one : edition.pack->instrument_definitions) {
        add(edition, static_cast<std::int32_t>(i), one);
      }
    }
    if (checked_.instruments.empty()) return;
    std::sort(checked_.instruments.begin(), checked_.instruments.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    define_tables();
  }

 private:
  void problem(const char* code, const base::Place& place, std::string en, std::string zh) {
    problems_.push_back(base::failure(code, place, std::move(en), std::move(zh)));
  }

  std::optional<exact::Unit> unit(const InstrumentDefinition& of, const std::string& text,
                                  const base::Place& place) {
    const base::Result<exact::Unit> parsed = units_.parse(text);
    if (parsed) return parsed.value();
    problem("unknown-unit", place, "instruments." + of.name + ": " + parsed.failure().message.en,
            "instruments." + of.name + "：" + parsed.failure().message.zh);
    return std::nullopt;
  }

  void add(const Edition& edition, std::int32_t index, const InstrumentDefinition& from) {
    const auto known = std::find_if(checked_.instruments.begin(), checked_.instruments.end(),
                                    [&](const auto& one) { return one.name == from.name; });
    if (known == checked_.instruments.end()) {
      if (auto made = make(edition, from)) {
        made->editions.emplace_back(index, &from);
        checked_.instruments.push_back(std::move(*made));
      }
    } else if (known->pack_index != edition.pack_index) {
      problem("defined-twice", from.place,
              "instrument " + from.name + " is defined twice: also by pack " +
                  checked_.packs[static_cast<std::size_t>(known->pack_index)],
              "工具 " + from.name + " 重复定义");
    } else if (agrees(from, *known)) {
      known->editions.emplace_back(index, &from);
      for (const std::string& state : from.states) add_name(known->states, state);
      for (const std::string& role : from.roles) add_name(known->roles, role);
    }
    for (const ColumnDefinition& column : from.lot) join(lot_, column, "lot");
    for (const MoveKind& kind : from.kinds) {
      for (const ColumnDefinition& column : kind.columns) join(flow_, column, "flow");
    }
  }

  static void add_name(std::vector<std::string>& names, const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }

  std::optional<CheckedInstrument> make(const Edition& edition, const InstrumentDefinition& from) {
    CheckedInstrument out;
    out.name = from.name;
    out.pack_index = edition.pack_index;
    const auto quantity = unit(from, from.unit, from.unit_place);
    if (!quantity) return std::nullopt;
    out.unit = *quantity;
    if (!from.price.empty()) {
      out.price = unit(from, from.price, from.price_place);
      if (!out.price) return std::nullopt;
      out.money = money_of(from, *quantity, *out.price);
    }
    out.step = from.step;
    out.step_places = from.step_places;
    out.booking = from.booking;
    out.cost_round = from.cost_round;
    for (const ColumnDefinition& column : from.lot) {
      out.lot_columns.push_back(column.name);
      if (!column.optional) out.lot_required.push_back(column.name);
    }
    out.states = from.states;
    out.roles = from.roles;
    return out;
  }

  // A price is money for each unit held: "CNY/tCO2" makes CNY, and "CNY*a/t" for what is held in
  // t/a does too.
  std::optional<exact::Unit> money_of(const InstrumentDefinition& from, const exact::Unit& quantity,
                                      const exact::Unit& price) {
    exact::Unit money = exact::product(quantity, price);
    const std::size_t end = from.price.find_first_of("*/");
    if (end == std::string::npos) return money;
    const base::Result<exact::Unit> named = units_.parse(from.price.substr(0, end));
    if (named && named.value().converts_to(money)) return named.value();
    problem("unit-clash", from.price_place,
            "instruments." + from.name + ": a price in " + from.price + " is none for each " +
                from.unit,
            "instruments." + from.name + "：价格单位 " + from.price + " 与数量单位 " + from.unit +
                " 不对应");
    return std::nullopt;
  }

  bool agrees(const InstrumentDefinition& from, const CheckedInstrument& known) {
    const InstrumentDefinition& first = *known.editions.front().second;
    const char* differs = nullptr;
    if (from.unit != first.unit) differs = "unit";
    if (from.price != first.price) differs = "price";
    if (!(from.step == first.step)) differs = "step";
    if (from.booking != first.booking) differs = "booking";
    if (from.cost_round != first.cost_round) differs = "cost_round";
    if (from.states.empty() || first.states.empty() || from.roles.empty() || first.roles.empty())
      return false;  // reported when read
    if (from.states.front() != first.states.front()) differs = "states";
    if (from.roles.front() != first.roles.front()) differs = "roles";
    std::vector<std::string> lot;
    for (const ColumnDefinition& column : from.lot) lot.push_back(column.name);
    if (lot != known.lot_columns) differs = "lot";
    if (differs == nullptr) return true;
    problem("instrument-disagrees", from.place,
            "instrument " + from.name + " has another \"" + differs +
                "\" in another edition: what is held stays the same (for a new kind of thing, "
                "declare a new instrument)",
            "工具 " + from.name + " 的“" + differs +
                "”在不同版本中不一致：所持之物必须前后相同（否则请另设工具）");
    return false;
  }

  // Two that declare a column of one name mean the same column.
  void join(std::vector<ColumnDefinition>& columns, const ColumnDefinition& from,
            const char* table) {
    const auto same = std::find_if(columns.begin(), columns.end(),
                                   [&](const auto& one) { return one.name == from.name; });
    if (same == columns.end()) {
      columns.push_back(from);
      columns.back().optional = true;  // which moves or lots need it is the instrument's to say
      return;
    }
    const bool choices = std::equal(same->choices.begin(), same->choices.end(),
                                    from.choices.begin(), from.choices.end(),
                                    [](const auto& a, const auto& b) { return a.code == b.code; });
    if (same->label.en.empty() && same->label.zh.empty()) same->label = from.label;
    if (same->input == from.input && same->unit == from.unit && choices) return;
    problem("type-disagrees", from.place,
            std::string(table) + "." + from.name +
                " has another type, unit or choice of texts elsewhere: they must be equal",
            std::string(table) + "." + from.name + " 在别处的类型、单位或可选文本不同：必须一致");
  }

  static ColumnDefinition column(const char* name, InputKind input, const char* en,
                                 const char* zh) {
    ColumnDefinition out;
    out.name = name;
    out.input = input;
    out.optional = true;
    if (input == InputKind::kNumber) out.unit = "1";  // until set_measures
    out.label = {en, zh};
    return out;
  }

  void define_tables() {
    auto pack = std::make_shared<Pack>();
    pack->id = kBuiltInPack;
    pack->version = "1";
    pack->applies_from = base::Date::of(1, 1, 1);
    const auto text = InputKind::kText;
    const auto number = InputKind::kNumber;
    std::vector<ColumnDefinition> flow = {
        column("date", InputKind::kDate, "Date", "日期"),
        column("kind", text, "Kind of move", "业务类型"),
        column("state", text, "State", "状态"),
        column("quantity", number, "Quantity (in +, out -)", "数量（收入为正，付出为负）"),
        column("price", number, "Price", "单价"),
        column("value", number, "Value", "金额"),
        column("cost", number, "Cost", "成本"),
        column("counterparty", text, "Counterparty", "对方"),
        column("original_kind", text, "Kind, or the kind taken back", "业务类型（冲销则为原类型）"),
        column("ref", text, "Reference", "关联流水")};
    flow.insert(flow.end(), flow_.begin(), flow_.end());
    const std::vector<ColumnDefinition> holding = {column("quantity", number, "Quantity", "数量"),
                                                   column("cost", number, "Cost", "成本")};
    const std::string& subject = checked_.subject;
    add_table(*pack, "flow", {subject, "instrument", "lot", "move", "leg"}, std::move(flow));
    add_table(*pack, "holding", {subject, "instrument", "lot", "state"}, holding);
    add_table(*pack, "lot", {"instrument", "lot"}, std::move(lot_));
    put_first(std::move(pack));
  }

  static void add_table(Pack& pack, const char* name, std::vector<std::string> key,
                        std::vector<ColumnDefinition> columns) {
    TableDefinition table;
    table.name = name;
    table.key = std::move(key);
    table.columns = std::move(columns);
    table.optional = true;
    pack.tables.push_back(std::move(table));
  }

  // Before all others, so that whoever gives these tables another key is told so.
  void put_first(std::shared_ptr<const Pack> pack) {
    for (Edition& edition : checked_.editions) ++edition.pack_index;
    for (CheckedInstrument& one : checked_.instruments) {
      ++one.pack_index;
      for (auto& [index, definition] : one.editions) ++index;
    }
    checked_.packs.insert(checked_.packs.begin(), pack->id);
    checked_.editions.insert(checked_.editions.begin(), {std::move(pack), 0, true, {}, true});
  }

  const exact::UnitCatalogue& units_;
  CheckedPacks& checked_;
  base::Findings& problems_;
  std::vector<ColumnDefinition> lot_, flow_;
};

Measure measure_of(const std::string& name) {
  if (name == "quantity") return Measure::kQuantity;
  if (name == "price") return Measure::kPrice;
  if (name == "value") return Measure::kValue;
  return name == "cost" ? Measure::kCost : Measure::kNone;
}

const std::optional<exact::Unit> unit_of(const CheckedInstrument& one, Measure measure) {
  if (measure == Measure::kQuantity) return one.unit;
  return measure == Measure::kPrice ? one.price : one.money;
}

// The same dimension with ratio 1; it keeps its name where that is right.
exact::Unit in_bases(const exact::Unit& unit) {
  exact::Unit out = unit;
  if (unit.ratio == exact::Number(1)) return out;
  out.text = unit.dimension.to_string();
  out.ratio = exact::Number(1);
  return out;
}

}  // namespace

bool check_instruments(const exact::UnitCatalogue& units, CheckedPacks& checked,
                       base::Findings& problems) {
  const std::size_t before = problems.size();
  Instruments(units, checked, problems).run();
  return problems.size() == before;
}

std::optional<exact::Unit> measured_unit(const CheckedPacks& packs, Measure measure,
                                         const std::vector<std::string>& names,
                                         base::Bilingual& why) {
  std::optional<exact::Unit> out;
  const auto named = [&](const std::string& name) {
    return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
  };
  for (const CheckedInstrument& one : packs.instruments) {
    const std::optional<exact::Unit> unit = unit_of(one, measure);
    if (!named(one.name) || !unit) continue;
    if (!out) out = in_bases(*unit);
    if (out->converts_to(*unit)) continue;
    why = {"the instruments do not share a unit here (" + out->text + ", " + unit->text +
               "): name those that are meant, as in [instrument = \"" + one.name + "\" and …]",
           "各工具在此的单位不同（" + out->text + "、" + unit->text +
               "）：请在筛选条件中写明工具，例如 [instrument = \"" + one.name + "\" and …]"};
    return std::nullopt;
  }
  if (!out) {
    why = {"none of the instruments meant has a price", "所指工具均无价格"};
  }
  return out;
}

void set_measures(CheckedPacks& checked) {
  for (const char* name : {"flow", "holding"}) {
    const std::optional<std::int32_t> table = checked.table(name);
    if (!table || checked.instruments.empty()) continue;
    for (CheckedColumn& column : checked.tables[static_cast<std::size_t>(*table)].columns) {
      const bool built_in =
          column.pack_index >= 0 && column.rules.size() == 1 &&
          checked.editions[static_cast<std::size_t>(column.rules[0].edition)].built_in;
      if (!built_in || column.type != table::Type::kNumber) continue;
      column.measure = measure_of(column.name);
      if (column.measure == Measure::kNone) continue;
      base::Bilingual why;
      column.unit = measured_unit(checked, column.measure, {}, why).value_or(exact::Unit{});
      column.rules[0].unit = column.unit;
    }
  }
}

}  // namespace qz::rules
