#include "settle/registry_tables.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "settle/refusals.h"

namespace qz::settle {
namespace {

using read::InputTable;
using table::Column;
using table::State;
using table::Type;

// Which of the tables anything reads: a formula, a check, a pack's own column.
class Readers {
 public:
  explicit Readers(const rules::CheckedPacks& packs) : packs_(packs) {
    for (std::size_t t = 0; t < packs.tables.size(); ++t) {
      for (const rules::CheckedColumn& column : packs.tables[t].columns) {
        for (const rules::ColumnRule& rule : column.rules) look(static_cast<std::int32_t>(t), rule);
      }
      for (const std::string& name : packs.tables[t].cross) {
        if (const auto index = packs.table(name)) read_.insert(*index);
      }
    }
    for (const rules::CheckedCheck& check : packs.checks) {
      read_.insert(check.table);
      if (check.when) look(*check.when);
      look(check.require);
    }
  }
  bool reads(std::int32_t table) const { return read_.contains(table); }

 private:
  void look(std::int32_t table, const rules::ColumnRule& rule) {
    const bool built_in = packs_.editions[static_cast<std::size_t>(rule.edition)].built_in;
    if (!built_in) read_.insert(table);
    if (rule.when) look(*rule.when);
    for (const rules::CheckedCase& one : rule.cases) {
      if (one.when) look(*one.when);
      look(one.formula);
    }
  }
  void look(const rules::Typed& formula) {
    for (const rules::Node& node : formula.nodes) read_.insert(node.table);
    for (const rules::List& list : formula.lists) read_.insert(list.table);
  }

  const rules::CheckedPacks& packs_;
  std::set<std::int32_t> read_;
};

// One table under construction: cells by column name.
class Building {
 public:
  Building(const rules::CheckedPacks& packs, const char* name, read::InputTables& inputs)
      : index_(*packs.table(name)),
        shape_(packs.tables[static_cast<std::size_t>(index_)]),
        table_(inputs.tables[static_cast<std::size_t>(index_)]) {
    table_.index = nullptr;  // of the rows that files gave: none
  }

  std::size_t column(const std::string& name) {
    const std::int32_t at = *shape_.column(name);
    read::InputColumn made;
    made.column = at;
    made.cells = Column(shape_.columns[static_cast<std::size_t>(at)].type);
    table_.columns.push_back(std::move(made));
    return table_.columns.size() - 1;
  }
  std::size_t column_at(std::int32_t index) {
    return column(shape_.columns[static_cast<std::size_t>(index)].name);
  }
  bool has_column(const std::string& name) const { return shape_.column(name).has_value(); }
  Type type(const std::string& name) const {
    return shape_.columns[static_cast<std::size_t>(*shape_.column(name))].type;
  }

  void key(std::initializer_list<std::int32_t> ids) {
    std::size_t at = 0;
    for (const std::int32_t id : ids) table_.keys[at++].append_id(id);
  }
  void place(std::uint16_t file, std::uint32_t line) {
    table_.file.push_back(file);
    table_.line.push_back(line);
    table_.is_context.push_back(0);
    ++table_.rows;
  }
  read::InputColumn& at(std::size_t column) { return table_.columns[column]; }

  void number(std::size_t column, const exact::Number& value, std::uint16_t unit) {
    at(column).cells.append_number(value);
    measured(column, unit);
  }
  void scaled(std::size_t column, std::int64_t mantissa, std::int64_t denominator,
              std::uint16_t unit) {
    at(column).cells.append_scaled(mantissa, denominator);
    measured(column, unit);
  }
  void empty(std::size_t column, State state) {
    at(column).cells.append_state(state);
    if (at(column).cells.type() == Type::kNumber) measured(column, 0);
  }
  void text(std::size_t column, std::int32_t id) {
    if (id < 0) {
      at(column).cells.append_state(State::kNull);
    } else {
      at(column).cells.append_id(id);
    }
  }

 private:
  void measured(std::size_t column, std::uint16_t unit) {
    at(column).places.push_back(0);
    at(column).written_unit.push_back(unit);
  }

  std::int32_t index_;
  const rules::CheckedTable& shape_;
  InputTable& table_;
};

// Units of one instrument, as indices of InputTables::units.
struct Units {
  std::uint16_t quantity = 0, price = 0, money = 0;
  bool plain = false;  // one Amount is 10^-places bases: cells stay scaled integers
};

class Tables {
 public:
  Tables(const rules::CheckedPacks& packs, const Posted& posted, const read::Moves& moves,
         Registry& registry, table::TextPool& pool, read::InputTables& inputs)
      : packs_(packs),
        posted_(posted),
        moves_(moves),
        registry_(registry),
        pool_(pool),
        inputs_(inputs),
        pool_of_(moves.words.size(), -1) {}

  void run() {
    const Readers readers(packs_);
    first_file_ = static_cast<std::uint16_t>(inputs_.files.size() - moves_.files.size());
    for (std::size_t i = 0; i < packs_.instruments.size(); ++i) add_units(i);
    if (readers.reads(*packs_.table("flow"))) fill_flow();
    if (readers.reads(*packs_.table("holding"))) fill_holding();
    if (!registry_.lots_are_listed() && readers.reads(*packs_.table("lot"))) fill_lots();
    fill_positions();
  }

 private:
  std::uint16_t unit_index(const exact::Unit& unit) {
    for (std::size_t i = 0; i < inputs_.units.size(); ++i) {
      if (inputs_.units[i].text == unit.text) return static_cast<std::uint16_t>(i);
    }
    inputs_.units.push_back(unit);
    return static_cast<std::uint16_t>(inputs_.units.size() - 1);
  }

  void add_units(std::size_t index) {
    const InstrumentBook& book = registry_.book(static_cast<std::uint32_t>(index));
    const rules::CheckedInstrument& of = *book.instrument;
    Units out;
    out.quantity = unit_index(of.unit);
    if (of.price) out.price = unit_index(*of.price);
    if (of.money) out.money = unit_index(*of.money);
    out.plain = of.unit.ratio == exact::Number(1);
    units_.push_back(out);
  }

  std::int32_t text_of(std::int32_t word) {
    if (word < 0) return -1;
    std::int32_t& id = pool_of_[static_cast<std::size_t>(word)];
    if (id < 0) id = pool_.intern(moves_.words[static_cast<std::size_t>(word)]);
    return id;
  }
  std::int32_t key_text(std::int32_t word) { return word < 0 ? pool_.intern("") : text_of(word); }

  void quantity(Building& table, std::size_t column, std::uint32_t instrument, Amount amount) {
    const InstrumentBook& book = registry_.book(instrument);
    const Units& units = units_[instrument];
    const std::int32_t places = book.instrument->step_places;
    constexpr std::int32_t kScaledPlaces = 18;
    if (units.plain && places <= kScaledPlaces && amount >= INT64_MIN && amount <= INT64_MAX) {
      table.scaled(column, static_cast<std::int64_t>(amount),
                   static_cast<std::int64_t>(ten_to(places)), units.quantity);
    } else {
      table.number(column, number_of(amount) * book.amount_in_bases, units.quantity);
    }
  }

  struct FlowColumns {
    std::size_t date, kind, state, quantity, price, value, cost, counterparty, original, ref;
    std::vector<std::size_t> further;
  };

  void fill_flow() {
    Building table(packs_, "flow", inputs_);
    FlowColumns at{table.column("date"),
                   table.column("kind"),
                   table.column("state"),
                   table.column("quantity"),
                   table.column("price"),
                   table.column("value"),
                   table.column("cost"),
                   table.column("counterparty"),
                   table.column("original_kind"),
                   table.column("ref"),
                   {}};
    for (const read::MoveColumn& one : moves_.columns)
      at.further.push_back(table.column_at(one.column));
    const std::int32_t from = pool_.intern("from"), to = pool_.intern("to");
    for (const Posting& posting : posted_.postings) {
      const Account& giver = registry_.account_at(posting.from);
      const Account& taker = registry_.account_at(posting.to);
      if (registry_.side_of(giver).is_holder) flow_row(table, at, posting, true, from);
      if (registry_.side_of(taker).is_holder) flow_row(table, at, posting, false, to);
    }
  }

  void flow_row(Building& table, const FlowColumns& at, const Posting& posting, bool out,
                std::int32_t leg) {
    const Account& own = registry_.account_at(out ? posting.from : posting.to);
    const Account& other = registry_.account_at(out ? posting.to : posting.from);
    const Lot& lot = registry_.lots()[own.lot];
    const InstrumentBook& book = registry_.book(lot.instrument);
    const read::Move& move = moves_.rows[posting.row];
    const bool reverse = posting.reversed != kNone;
    const read::Move& original = moves_.rows[reverse ? posting.reversed : posting.row];
    table.key({key_text(own.holder), pool_.intern(book.instrument->name), key_text(lot.word),
               pool_.intern(moves_.id(move)), leg});
    table.place(static_cast<std::uint16_t>(first_file_ + move.file), move.line);
    table.at(at.date).cells.append_id(move.date);
    table.text(at.kind, text_of(move.kind));
    table.text(at.original, text_of(original.kind));
    table.text(at.state, pool_.intern(registry_.side_of(own).name));
    table.text(at.counterparty, other.holder >= 0 && registry_.side_of(other).is_holder
                                    ? text_of(other.holder)
                                    : pool_.intern(registry_.side_of(other).name));
    table.text(at.ref, move.ref_size == 0 ? -1 : pool_.intern(moves_.ref(move)));
    const Amount amount = out ? -posting.quantity : posting.quantity;
    quantity(table, at.quantity, lot.instrument, amount);
    money(table, at, posting, out, move, book, units_[lot.instrument]);
    further(table, at, move, reverse ? posting.reversed : posting.row);
  }

  void money(Building& table, const FlowColumns& at, const Posting& posting, bool out,
             const read::Move& move, const InstrumentBook& book, const Units& units) {
    if (move.price.places == read::MoveNumber::kEmpty) {
      table.empty(at.price, State::kNotApplicable);
      table.empty(at.value, State::kNotApplicable);
    } else {
      const exact::Number written =
          move.price.places == read::MoveNumber::kLong
              ? moves_.long_numbers[static_cast<std::size_t>(move.price.mantissa)]
              : exact::Number::scaled(move.price.mantissa, move.price.places);
      const auto& unit = moves_.files[move.file].price_unit;
      const exact::Number price = written * (unit ? unit->ratio : book.price_in_bases);
      const exact::Number amount = number_of(posting.quantity) * book.amount_in_bases;
      table.number(at.price, price, units.price);
      table.number(at.value, out ? -(price * amount) : price * amount, units.money);
    }
    const Taken& taken = out ? posting.out : posting.in;
    if (taken.too_long) {
      table.empty(at.cost, State::kNumberTooLong);
    } else if (taken.cost.is_zero()) {
      table.scaled(at.cost, 0, 1, units.money);
    } else {
      table.number(at.cost, out ? -taken.cost : taken.cost, units.money);
    }
  }

  // Only what the kind declares; a reversal has the values of the move that it takes back.
  void further(Building& table, const FlowColumns& at, const read::Move& move, std::uint32_t row) {
    (void)move;
    const read::Move& of = moves_.rows[row];
    const Kind* kind = nullptr;
    if (!moves_.columns.empty())
      kind = registry_.kind(registry_.instrument(of.instrument), of.kind, of.date);
    for (std::size_t i = 0; i < moves_.columns.size(); ++i) {
      const bool declared =
          kind != nullptr && std::any_of(kind->columns.begin(), kind->columns.end(),
                                         [&](const auto& one) { return one.first == i; });
      read::InputColumn& to = table.at(at.further[i]);
      if (declared) {
        to.cells.append_cell(moves_.columns[i].cells, row);
      } else {
        to.cells.append_state(State::kNull);
      }
      if (to.cells.type() != Type::kNumber) continue;
      const rules::CheckedTable& flow =
          packs_.tables[static_cast<std::size_t>(*packs_.table("flow"))];
      to.places.push_back(moves_.columns[i].places[row]);
      to.written_unit.push_back(
          unit_index(flow.columns[static_cast<std::size_t>(to.column)].rules.front().unit));
    }
  }

  void fill_holding() {
    Building table(packs_, "holding", inputs_);
    const std::size_t amount = table.column("quantity"), cost = table.column("cost");
    for (const Account& account : registry_.accounts()) {
      if (account.balance == 0 || !registry_.side_of(account).is_holder) continue;
      const Lot& lot = registry_.lots()[account.lot];
      const InstrumentBook& book = registry_.book(lot.instrument);
      const read::Move& last = moves_.rows[account.last_row];
      table.key({key_text(account.holder), pool_.intern(book.instrument->name), key_text(lot.word),
                 pool_.intern(registry_.side_of(account).name)});
      table.place(static_cast<std::uint16_t>(first_file_ + last.file), last.line);
      quantity(table, amount, lot.instrument, account.balance);
      if (account.costs.too_long()) {
        table.empty(cost, State::kNumberTooLong);
      } else {
        table.number(cost, account.costs.cost(book.instrument->booking),
                     units_[lot.instrument].money);
      }
    }
  }

  // Where no file lists lots, each has begun with a move; a lone text column takes its name.
  void fill_lots() {
    Building table(packs_, "lot", inputs_);
    std::vector<std::pair<std::string, std::size_t>> columns;
    for (const rules::CheckedInstrument& one : packs_.instruments) {
      if (one.lot_columns.size() != 1) continue;
      const std::string& name = one.lot_columns.front();
      const bool known = std::any_of(columns.begin(), columns.end(),
                                     [&](const auto& c) { return c.first == name; });
      if (!known && table.type(name) == Type::kText) columns.emplace_back(name, table.column(name));
    }
    for (const Lot& lot : registry_.lots()) {
      if (!lot.known) continue;
      const rules::CheckedInstrument& of = *registry_.book(lot.instrument).instrument;
      const read::Move& first = moves_.rows[lot.begun_by];
      table.key({pool_.intern(of.name), key_text(lot.word)});
      table.place(static_cast<std::uint16_t>(first_file_ + first.file), first.line);
      for (const auto& [name, column] : columns) {
        const bool lone = of.lot_columns.size() == 1 && of.lot_columns.front() == name;
        table.text(column, lone ? text_of(lot.word) : -1);
      }
    }
  }

  void fill_positions() {
    std::set<std::string_view> holders;
    for (const Account& account : registry_.accounts()) {
      if (!registry_.side_of(account).is_holder) continue;
      const std::string_view holder = moves_.word(account.holder);
      const bool moved = account.last_row != kNone;
      if (moved) holders.insert(holder);
      if (account.balance == 0) continue;
      const Lot& lot = registry_.lots()[account.lot];
      const InstrumentBook& book = registry_.book(lot.instrument);
      inputs_.positions.push_back({std::string(holder), book.instrument->name,
                                   std::string(moves_.word(lot.word)),
                                   registry_.side_of(account).name,
                                   amount_text(book, account.balance), book.instrument->unit.text});
    }
    std::sort(inputs_.positions.begin(), inputs_.positions.end(),
              [](const read::Position& a, const read::Position& b) {
                return std::tie(a.entity, a.instrument, a.lot, a.state) <
                       std::tie(b.entity, b.instrument, b.lot, b.state);
              });
    inputs_.holders.assign(holders.begin(), holders.end());
  }

  const rules::CheckedPacks& packs_;
  const Posted& posted_;
  const read::Moves& moves_;
  Registry& registry_;
  table::TextPool& pool_;
  read::InputTables& inputs_;
  std::vector<std::int32_t> pool_of_;
  std::vector<Units> units_;
  std::uint16_t first_file_ = 0;
};

}  // namespace

void fill_tables(const rules::CheckedPacks& packs, const Posted& posted, const read::Moves& moves,
                 Registry& registry, table::TextPool& pool, read::InputTables& inputs) {
  Tables(packs, posted, moves, registry, pool, inputs).run();
}

}  // namespace qz::settle
