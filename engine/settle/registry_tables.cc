#include "settle/registry_tables.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "read/lot_name.h"
#include "settle/refusals.h"

namespace qz::settle {
namespace {

using read::InputTable;
using table::Column;
using table::State;
using table::Type;

// One table under construction: cells by column name.
class Building {
 public:
  Building(const rules::CheckedPacks& packs, const char* name, read::InputTables& inputs)
      : index_(*packs.table(name)),
        shape_(packs.tables[static_cast<std::size_t>(index_)]),
        table_(inputs.tables[static_cast<std::size_t>(index_)]) {
    table_.index = nullptr;  // of the rows that files gave: none
  }

  static constexpr std::size_t kNoColumn = SIZE_MAX;

  void reserve(std::size_t rows) {
    for (Column& key : table_.keys) key.reserve(rows);
    for (read::InputColumn& one : table_.columns) {
      one.cells.reserve(rows);
      if (one.cells.type() != Type::kNumber) continue;
      one.places.reserve(rows);
      one.written_unit.reserve(rows);
    }
    table_.file.reserve(rows);
    table_.line.reserve(rows);
    table_.is_context.reserve(rows);
  }
  // kNoColumn where nobody reads it.
  std::size_t column(const std::string& name, const RegistryReads& reads) {
    return reads.column(index_, *shape_.column(name)) ? column(name) : kNoColumn;
  }
  std::size_t column(const std::string& name) {
    const std::int32_t at = *shape_.column(name);
    read::InputColumn made;
    made.column = at;
    made.cells = Column(shape_.columns[static_cast<std::size_t>(at)].type);
    table_.columns.push_back(std::move(made));
    return table_.columns.size() - 1;
  }
  std::size_t column_at(std::int32_t index, const RegistryReads& reads) {
    return column(shape_.columns[static_cast<std::size_t>(index)].name, reads);
  }
  const rules::CheckedColumn& shape(const std::string& name) const {
    return shape_.columns[static_cast<std::size_t>(*shape_.column(name))];
  }
  Type type(const std::string& name) const { return shape(name).type; }

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
    if (column == kNoColumn) return;
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
         Registry& registry, const RegistryReads& reads, table::TextPool& pool,
         read::InputTables& inputs)
      : packs_(packs),
        posted_(posted),
        moves_(moves),
        registry_(registry),
        reads_(reads),
        pool_(pool),
        inputs_(inputs),
        pool_of_(moves.words.size(), -1) {}

  void run() {
    first_file_ = static_cast<std::uint16_t>(inputs_.files.size() - moves_.files.size());
    for (std::size_t i = 0; i < packs_.instruments.size(); ++i) add_units(i);
    if (reads_.table("flow")) fill_flow();
    if (reads_.table("holding")) fill_holding();
    if (!registry_.lots_are_listed() && reads_.table("lot")) fill_lots();
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
    names_.push_back(pool_.intern(of.name));
    sides_.emplace_back();
    for (const Side& side : book.sides) sides_.back().push_back(pool_.intern(side.name));
  }

  // Texts of words, sides and instruments, each looked up once.
  std::int32_t text_of(std::int32_t word) {
    if (word < 0) return -1;
    std::int32_t& id = pool_of_[static_cast<std::size_t>(word)];
    if (id < 0) id = pool_.intern(moves_.words[static_cast<std::size_t>(word)]);
    return id;
  }
  std::int32_t key_text(std::int32_t word) { return word < 0 ? empty_ : text_of(word); }
  std::int32_t side_text(const Account& account) {
    return sides_[registry_.lots()[account.lot].instrument][account.side];
  }

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
    const auto column = [&](const char* name) { return table.column(name, reads_); };
    FlowColumns at{column("date"),
                   column("kind"),
                   column("state"),
                   column("quantity"),
                   column("price"),
                   column("value"),
                   column("cost"),
                   column("counterparty"),
                   column("original_kind"),
                   column("ref"),
                   {}};
    for (const read::MoveColumn& one : moves_.columns)
      at.further.push_back(table.column_at(one.column, reads_));
    table.reserve(count_legs());
    pool_.reserve(posted_.postings.size());
    const std::int32_t from = pool_.intern("from"), to = pool_.intern("to");
    for (std::size_t i = 0; i < posted_.postings.size(); ++i) {
      const Posting& posting = posted_.postings[i];
      const bool gives = registry_.side_of(registry_.account_at(posting.from)).is_holder;
      const bool takes = registry_.side_of(registry_.account_at(posting.to)).is_holder;
      if (!gives && !takes) continue;
      const std::int32_t id = pool_.intern(moves_.id(moves_.rows[posting.row]));
      if (gives) flow_row(table, at, {i, true, id, from});
      if (takes) flow_row(table, at, {i, false, id, to});
    }
  }

  std::size_t count_legs() {
    std::size_t out = 0;
    for (const Posting& one : posted_.postings) {
      for (const std::uint32_t account : {one.from, one.to})
        out += registry_.side_of(registry_.account_at(account)).is_holder ? 1 : 0;
    }
    return out;
  }

  // One side of a posting.
  struct Leg {
    std::size_t posting = 0;
    bool out = false;
    std::int32_t move = 0, name = 0;  // texts
  };

  void flow_row(Building& table, const FlowColumns& at, const Leg& leg) {
    const Posting& posting = posted_.postings[leg.posting];
    const Account& own = registry_.account_at(leg.out ? posting.from : posting.to);
    const Account& other = registry_.account_at(leg.out ? posting.to : posting.from);
    const Lot& lot = registry_.lots()[own.lot];
    const read::Move& move = moves_.rows[posting.row];
    const std::uint32_t original = posting.reversed != kNone ? posting.reversed : posting.row;
    table.key(
        {key_text(own.holder), names_[lot.instrument], key_text(lot.word), leg.move, leg.name});
    table.place(static_cast<std::uint16_t>(first_file_ + move.file), move.line);
    if (at.date != Building::kNoColumn) table.at(at.date).cells.append_id(move.date);
    table.text(at.kind, text_of(move.kind));
    table.text(at.original, text_of(moves_.rows[original].kind));
    table.text(at.state, side_text(own));
    const bool holder = other.holder >= 0 && registry_.side_of(other).is_holder;
    table.text(at.counterparty, holder ? text_of(other.holder) : side_text(other));
    if (at.ref != Building::kNoColumn)
      table.text(at.ref, move.ref_size == 0 ? -1 : pool_.intern(moves_.ref(move)));
    if (at.quantity != Building::kNoColumn) {
      quantity(table, at.quantity, lot.instrument, leg.out ? -posting.quantity : posting.quantity);
    }
    money(table, at, leg, units_[lot.instrument]);
    further(table, at, original);
  }

  void money(Building& table, const FlowColumns& at, const Leg& leg, const Units& units) {
    const Posting& posting = posted_.postings[leg.posting];
    const read::Move& move = moves_.rows[posting.row];
    const bool bought = move.price.places != read::MoveNumber::kEmpty;
    if (at.price != Building::kNoColumn) {
      bought ? table.number(at.price, price_of(move, posting), units.price)
             : table.empty(at.price, State::kNotApplicable);
    }
    if (at.value != Building::kNoColumn) {
      if (bought) {
        const exact::Number value = price_of(move, posting) * number_of(posting.quantity) *
                                    book_of(posting).amount_in_bases;
        table.number(at.value, leg.out ? -value : value, units.money);
      } else {
        table.empty(at.value, State::kNotApplicable);
      }
    }
    if (at.cost == Building::kNoColumn) return;
    const PostingCosts& costs = posted_.costs[leg.posting];
    const Cost& taken = leg.out ? costs.out : costs.in;
    if (taken.too_long) {
      table.empty(at.cost, State::kNumberTooLong);
    } else if (taken.amount.is_zero()) {
      table.scaled(at.cost, 0, 1, units.money);
    } else {
      table.number(at.cost, leg.out ? -taken.amount : taken.amount, units.money);
    }
  }

  const InstrumentBook& book_of(const Posting& posting) {
    return registry_.book(registry_.lots()[registry_.account_at(posting.from).lot].instrument);
  }

  // In bases. Precondition: the move has a price.
  exact::Number price_of(const read::Move& move, const Posting& posting) {
    const exact::Number written =
        move.price.places == read::MoveNumber::kLong
            ? moves_.long_numbers[static_cast<std::size_t>(move.price.mantissa)]
            : exact::Number::scaled(move.price.mantissa, move.price.places);
    const auto& unit = moves_.files[move.file].price_unit;
    return written * (unit ? unit->ratio : book_of(posting).price_in_bases);
  }

  // Only what the kind of the move in `row` declares; a reversal has the values of the move that it
  // takes back.
  void further(Building& table, const FlowColumns& at, std::uint32_t row) {
    const read::Move& of = moves_.rows[row];
    const Kind* kind = nullptr;
    if (!moves_.columns.empty())
      kind = registry_.kind(registry_.instrument(of.instrument), of.kind, of.date);
    for (std::size_t i = 0; i < moves_.columns.size(); ++i) {
      if (at.further[i] == Building::kNoColumn) continue;
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
    const std::size_t amount = table.column("quantity");
    const std::size_t cost = table.column("cost", reads_);
    for (std::uint32_t i = 0; i < registry_.accounts().size(); ++i) {
      const Account& account = registry_.accounts()[i];
      if (account.balance == 0 || !registry_.side_of(account).is_holder) continue;
      const Lot& lot = registry_.lots()[account.lot];
      const read::Move& last = moves_.rows[account.last_row];
      table.key({key_text(account.holder), names_[lot.instrument], key_text(lot.word),
                 side_text(account)});
      table.place(static_cast<std::uint16_t>(first_file_ + last.file), last.line);
      quantity(table, amount, lot.instrument, account.balance);
      if (cost == Building::kNoColumn) continue;
      const CostBook& costs = registry_.costs_at(i);
      if (costs.too_long()) {
        table.empty(cost, State::kNumberTooLong);
      } else {
        const rules::Booking booking = registry_.book(lot.instrument).instrument->booking;
        table.number(cost, costs.cost(booking), units_[lot.instrument].money);
      }
    }
  }

  // Where no file lists lots, each has begun with a move; a lone column takes its name.
  void fill_lots() {
    Building table(packs_, "lot", inputs_);
    std::vector<std::pair<std::string, std::size_t>> columns;
    for (const rules::CheckedInstrument& one : packs_.instruments) {
      if (one.lot_columns.size() != 1) continue;
      const std::string& name = one.lot_columns.front();
      const bool known = std::any_of(columns.begin(), columns.end(),
                                     [&](const auto& c) { return c.first == name; });
      const Type type = table.type(name);
      if (!known && (type == Type::kText || type == Type::kNumber))
        columns.emplace_back(name, table.column(name));
    }
    for (const Lot& lot : registry_.lots()) {
      if (!lot.known) continue;
      const rules::CheckedInstrument& of = *registry_.book(lot.instrument).instrument;
      const read::Move& first = moves_.rows[lot.begun_by];
      table.key({names_[lot.instrument], key_text(lot.word)});
      table.place(static_cast<std::uint16_t>(first_file_ + first.file), first.line);
      for (const auto& [name, column] : columns) {
        const bool lone = of.lot_columns.size() == 1 && of.lot_columns.front() == name;
        if (table.type(name) == Type::kText) {
          table.text(column, lone ? text_of(lot.word) : -1);
          continue;
        }
        const std::optional<exact::Number> figure =
            lone ? read::lot_figure(moves_.word(lot.word), table.shape(name)) : std::nullopt;
        figure ? table.number(column, *figure, unit_index(table.shape(name).rules.front().unit))
               : table.empty(column, State::kNull);
      }
    }
  }

  // Words in order of their bytes, so that accounts are put in order by numbers.
  std::vector<std::uint32_t> word_ranks() const {
    std::vector<std::uint32_t> order(moves_.words.size()), out(moves_.words.size());
    std::iota(order.begin(), order.end(), 0u);
    std::sort(order.begin(), order.end(),
              [&](std::uint32_t a, std::uint32_t b) { return moves_.words[a] < moves_.words[b]; });
    for (std::uint32_t i = 0; i < order.size(); ++i) out[order[i]] = i + 1;
    return out;
  }

  void fill_positions() {
    const std::vector<std::uint32_t> ranks = word_ranks();
    const auto rank = [&](std::int32_t word) {
      return word < 0 ? 0 : ranks[static_cast<std::size_t>(word)];
    };
    struct Place {
      std::uint32_t holder, instrument, lot;  // instruments stand in order of their names
      const std::string* state;
      const Account* account;
    };
    std::vector<Place> places;
    for (const Account& account : registry_.accounts()) {
      const Side& side = registry_.side_of(account);
      if (!side.is_holder || account.last_row == kNone) continue;
      const Lot& lot = registry_.lots()[account.lot];
      places.push_back(
          {rank(account.holder), lot.instrument, rank(lot.word), &side.name, &account});
    }
    std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) {
      return std::tie(a.holder, a.instrument, a.lot, *a.state) <
             std::tie(b.holder, b.instrument, b.lot, *b.state);
    });
    for (const Place& one : places) {
      const std::string holder(moves_.word(one.account->holder));
      if (inputs_.holders.empty() || inputs_.holders.back() != holder)
        inputs_.holders.push_back(holder);
      if (one.account->balance == 0) continue;
      const InstrumentBook& book = registry_.book(one.instrument);
      inputs_.positions.push_back(
          {holder, book.instrument->name,
           std::string(moves_.word(registry_.lots()[one.account->lot].word)), *one.state,
           amount_text(book, one.account->balance), book.instrument->unit.text});
    }
  }

  const rules::CheckedPacks& packs_;
  const Posted& posted_;
  const read::Moves& moves_;
  Registry& registry_;
  const RegistryReads& reads_;
  table::TextPool& pool_;
  read::InputTables& inputs_;
  std::vector<std::int32_t> pool_of_;             // by word
  std::vector<std::int32_t> names_;               // by instrument
  std::vector<std::vector<std::int32_t>> sides_;  // by instrument
  std::vector<Units> units_;
  std::int32_t empty_ = pool_.intern("");
  std::uint16_t first_file_ = 0;
};

}  // namespace

void fill_tables(const rules::CheckedPacks& packs, const Posted& posted, const read::Moves& moves,
                 Registry& registry, const RegistryReads& reads, table::TextPool& pool,
                 read::InputTables& inputs) {
  Tables(packs, posted, moves, registry, reads, pool, inputs).run();
}

}  // namespace qz::settle
