#include "settle/registry.h"

#include <algorithm>

namespace qz::settle {
namespace {

constexpr std::size_t kSlotsStart = 4096;
constexpr std::size_t kNamesKept = 2000;

const read::InputColumn* column_named(const rules::CheckedTable& shape,
                                      const read::InputTable& table, const char* name) {
  const std::optional<std::int32_t> column = shape.column(name);
  for (const read::InputColumn& one : table.columns) {
    if (column && one.column == *column) return &one;
  }
  return nullptr;
}

std::optional<base::Date> date_in(const read::InputColumn* column, std::size_t row) {
  if (column == nullptr || !column->cells.has_value(row)) return std::nullopt;
  return base::Date(column->cells.id(row));
}

}  // namespace

Registry::Registry(const rules::CheckedPacks& packs, const read::Moves& moves,
                   const table::TextPool& pool, const read::InputTables& inputs)
    : packs_(packs),
      moves_(moves),
      pool_(pool),
      instrument_of_word_(moves.words.size(), kNone),
      is_holder_(moves.words.size(), 0),
      account_slots_(kSlotsStart, 0) {
  for (const rules::CheckedInstrument& one : packs.instruments) add_instrument(one);
  for (std::size_t w = 0; w < moves.words.size(); ++w) {
    for (std::size_t i = 0; i < books_.size(); ++i) {
      if (books_[i].instrument->name == moves.words[w])
        instrument_of_word_[w] = static_cast<std::uint32_t>(i);
    }
  }
  find_holders(inputs);
  find_lots(inputs);
}

void Registry::add_instrument(const rules::CheckedInstrument& instrument) {
  InstrumentBook book;
  book.instrument = &instrument;
  for (const std::string& state : instrument.states) book.sides.push_back({state, true, false});
  for (const std::string& role : instrument.roles) {
    if (role != rules::kHolderRole)
      book.sides.push_back({role, false, role == instrument.roles.front()});
  }
  book.step = amount_of(instrument.step, instrument.step_places).value_or(1);
  book.amount_in_bases =
      instrument.unit.ratio * exact::Number::power_of_ten(-instrument.step_places);
  if (instrument.price) book.price_in_bases = instrument.price->ratio;
  if (instrument.cost_round && instrument.money)
    book.cost_round = CostRound{*instrument.cost_round, instrument.money->ratio};
  books_.push_back(std::move(book));
}

// The subject's table is the one whose key is just the subject.
void Registry::find_holders(const read::InputTables& inputs) {
  for (std::size_t t = 0; t < packs_.tables.size(); ++t) {
    const rules::CheckedTable& table = packs_.tables[t];
    if (table.key_size != 1 || table.columns[0].name != packs_.subject) continue;
    const read::InputTable& input = inputs.tables[t];
    if (!input.given) continue;
    holders_listed_ = true;
    std::unordered_set<std::string_view> names;
    for (std::size_t row = 0; row < input.rows; ++row) {
      const std::string& name = pool_.text(input.keys[0].id(row));
      names.insert(name);
      if (holders_.size() < kNamesKept) holders_.push_back(name);
    }
    for (std::size_t w = 0; w < moves_.words.size(); ++w) {
      is_holder_[w] = names.contains(moves_.words[w]) ? 1 : 0;
    }
  }
}

void Registry::find_lots(const read::InputTables& inputs) {
  const std::optional<std::int32_t> table = packs_.table("lot");
  if (!table) return;
  const read::InputTable& input = inputs.tables[static_cast<std::size_t>(*table)];
  const rules::CheckedTable& shape = packs_.tables[static_cast<std::size_t>(*table)];
  lots_listed_ = input.given;
  if (!lots_listed_) return;
  std::unordered_map<std::string_view, std::int32_t> words;
  for (std::size_t w = 0; w < moves_.words.size(); ++w)
    words.emplace(moves_.words[w], static_cast<std::int32_t>(w));
  const read::InputColumn* const from = column_named(shape, input, "valid_from");
  const read::InputColumn* const to = column_named(shape, input, "valid_to");
  for (std::size_t row = 0; row < input.rows; ++row) {
    const auto instrument = words.find(pool_.text(input.keys[0].id(row)));
    const auto name = words.find(pool_.text(input.keys[1].id(row)));
    if (instrument == words.end() || name == words.end()) continue;  // no move speaks of it
    const std::uint32_t of = instrument_of_word_[static_cast<std::size_t>(instrument->second)];
    if (of == kNone) continue;
    Lot& made = lots_[lot(of, name->second)];
    made.known = true;
    const auto& columns = books_[of].instrument->lot_columns;
    const auto declares = [&](const char* column) {
      return std::find(columns.begin(), columns.end(), column) != columns.end();
    };
    if (declares("valid_from")) made.valid_from = date_in(from, row);
    if (declares("valid_to")) made.valid_to = date_in(to, row);
  }
}

std::uint32_t Registry::instrument(std::int32_t word) const {
  return word < 0 ? kNone : instrument_of_word_[static_cast<std::size_t>(word)];
}

const rules::InstrumentDefinition* Registry::edition_at(std::uint32_t instrument,
                                                        std::int32_t day) const {
  const auto& editions = books_[instrument].instrument->editions;
  const rules::InstrumentDefinition* out = editions.front().second;
  for (const auto& [index, definition] : editions) {
    const rules::Edition& edition = packs_.editions[static_cast<std::size_t>(index)];
    if (edition.pinned || edition.pack->applies_from <= base::Date(day)) out = definition;
  }
  return out;
}

std::optional<Kind> Registry::make_kind(std::uint32_t instrument,
                                        const rules::InstrumentDefinition& of,
                                        std::string_view name) const {
  const rules::MoveKind* definition = of.kind(std::string(name));
  if (definition == nullptr) return std::nullopt;
  const std::vector<Side>& sides = books_[instrument].sides;
  const auto side = [&](const rules::MoveSide& wanted) {
    std::uint32_t at = 0;
    while (sides[at].is_holder != wanted.is_holder() ||
           sides[at].name != (wanted.is_holder() ? wanted.state : wanted.role)) {
      ++at;
    }
    return at;
  };
  Kind out{definition, side(definition->from), side(definition->to), {}};
  const std::optional<std::int32_t> flow = packs_.table("flow");
  for (const rules::ColumnDefinition& column : definition->columns) {
    const std::optional<std::int32_t> index =
        packs_.tables[static_cast<std::size_t>(*flow)].column(column.name);
    for (std::size_t i = 0; i < moves_.columns.size(); ++i) {
      if (index && moves_.columns[i].column == *index) out.columns.emplace_back(i, &column);
    }
  }
  return out;
}

const Kind* Registry::kind(std::uint32_t instrument, std::int32_t word, std::int32_t day) {
  if (word < 0) return nullptr;
  const rules::InstrumentDefinition* of = edition_at(instrument, day);
  KindSeen& seen = kinds_seen_[static_cast<std::size_t>(word) % kinds_seen_.size()];
  if (seen.of == of && seen.word == word) return seen.kind;
  const auto [found, is_new] = kinds_.try_emplace({of, word});
  if (is_new) found->second = make_kind(instrument, *of, moves_.word(word));
  seen = {of, word, found->second ? &*found->second : nullptr};
  return seen.kind;
}

std::vector<std::string> Registry::kind_names(std::uint32_t instrument, std::int32_t day) const {
  std::vector<std::string> out = {rules::kReverseKind};
  for (const rules::MoveKind& one : edition_at(instrument, day)->kinds) out.push_back(one.name);
  return out;
}

bool Registry::has_holder(std::int32_t word) const {
  return word >= 0 && (!holders_listed_ || is_holder_[static_cast<std::size_t>(word)] != 0);
}

std::vector<std::string> Registry::holder_names(std::size_t most) const {
  return {holders_.begin(),
          holders_.begin() + static_cast<std::ptrdiff_t>(std::min(most, holders_.size()))};
}

std::uint32_t Registry::lot(std::uint32_t instrument, std::int32_t word) {
  const std::uint64_t key = std::uint64_t{instrument} << 32 | static_cast<std::uint32_t>(word);
  auto& [seen, index] = lots_seen_[static_cast<std::size_t>(word + 1) % lots_seen_.size()];
  if (seen == key + 1) return index;
  const auto [found, is_new] = lot_of_.try_emplace(key, static_cast<std::uint32_t>(lots_.size()));
  if (is_new) {
    lots_.emplace_back();
    lots_.back().instrument = instrument;
    lots_.back().word = word;
  }
  seen = key + 1;
  return index = found->second;
}

std::uint64_t Registry::hash_of(std::uint32_t lot, std::uint32_t side, std::int32_t holder) {
  std::uint64_t x = (std::uint64_t{lot} << 32 | static_cast<std::uint32_t>(holder)) + side * 0x9E37;
  x *= 0xBF58476D1CE4E5B9;
  x ^= x >> 31;
  x *= 0x94D049BB133111EB;
  return x ^ (x >> 32);
}

std::uint32_t Registry::account(std::uint32_t lot, std::uint32_t side, std::int32_t holder) {
  std::size_t at = hash_of(lot, side, holder) & (account_slots_.size() - 1);
  for (; account_slots_[at] != 0; at = (at + 1) & (account_slots_.size() - 1)) {
    const Account& one = accounts_[account_slots_[at] - 1];
    if (one.lot == lot && one.side == side && one.holder == holder) return account_slots_[at] - 1;
  }
  Account made;
  made.lot = lot;
  made.side = side;
  made.holder = holder;
  accounts_.push_back(std::move(made));
  account_slots_[at] = static_cast<std::uint32_t>(accounts_.size());
  if (accounts_.size() * 2 > account_slots_.size()) grow_accounts();
  return static_cast<std::uint32_t>(accounts_.size() - 1);
}

void Registry::grow_accounts() {
  account_slots_.assign(account_slots_.size() * 4, 0);
  for (std::size_t i = 0; i < accounts_.size(); ++i) {
    const Account& one = accounts_[i];
    std::size_t at = hash_of(one.lot, one.side, one.holder) & (account_slots_.size() - 1);
    while (account_slots_[at] != 0) at = (at + 1) & (account_slots_.size() - 1);
    account_slots_[at] = static_cast<std::uint32_t>(i + 1);
  }
}

}  // namespace qz::settle
