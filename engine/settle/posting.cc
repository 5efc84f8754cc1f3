#include "settle/posting.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text_hash.h"
#include "settle/rule_details.h"

namespace qz::settle {

using read::Move;
using read::MoveNumber;

Poster::Poster(const rules::CheckedPacks& packs, const read::Moves& moves, Registry& registry,
               bool with_costs)
    : packs_(packs), moves_(moves), registry_(registry), with_costs_(with_costs) {
  const auto found = std::find(moves.words.begin(), moves.words.end(), rules::kReverseKind);
  if (found != moves.words.end())
    reverse_word_ = static_cast<std::int32_t>(found - moves.words.begin());
}

// The slot of the id, or the free one where it would stand.
std::size_t Poster::slot_of(std::string_view id, std::uint64_t hash) const {
  const auto tag = static_cast<std::uint32_t>(hash >> 32);
  std::size_t at = static_cast<std::size_t>(hash) & (id_slots_.size() - 1);
  for (; id_slots_[at].next != 0; at = (at + 1) & (id_slots_.size() - 1)) {
    if (id_slots_[at].tag == tag && moves_.id(moves_.rows[id_slots_[at].next - 1]) == id) break;
  }
  return at;
}

std::uint32_t Poster::find_row(std::string_view id) const {
  const IdSlot& slot = id_slots_[slot_of(id, base::text_hash(id))];
  return slot.next == 0 ? kNone : slot.next - 1;
}

// The first move of each id, and which moves come after one of the same id.
void Poster::index_ids(const std::vector<std::uint32_t>& order) {
  std::size_t slots = 1024;
  while (slots < order.size() * 2) slots *= 2;
  id_slots_.assign(slots, {});
  // Slots lie far apart: those of the next moves are called for while this one is looked at.
  constexpr std::size_t kAhead = 16;
  std::array<std::uint64_t, kAhead> hashes{};
  for (std::size_t i = 0; i < order.size() + kAhead; ++i) {
    std::uint64_t& hash = hashes[i % kAhead];
    if (i >= kAhead) {
      const std::uint32_t row = order[i - kAhead];
      const std::string_view id = moves_.id(moves_.rows[row]);
      IdSlot& slot = id_slots_[slot_of(id, hash)];
      if (slot.next == 0) {
        if (!id.empty()) slot = {static_cast<std::uint32_t>(hash >> 32), row + 1};
      } else {
        if (duplicate_of_.empty()) duplicate_of_.assign(moves_.rows.size(), kNone);
        duplicate_of_[row] = slot.next - 1;
      }
    }
    if (i >= order.size()) continue;
    hash = base::text_hash(moves_.id(moves_.rows[order[i]]));
    __builtin_prefetch(&id_slots_[static_cast<std::size_t>(hash) & (slots - 1)]);
  }
}

Posted Poster::run() {
  const std::vector<std::uint32_t> order = posting_order(moves_, packs_.as_of, out_.after_as_of);
  index_ids(order);
  posting_of_.assign(moves_.rows.size(), kNone);
  is_named_.assign(moves_.rows.size(), 0);
  for (const std::uint32_t row : order) {
    const Move& move = moves_.rows[row];
    if (move.kind != reverse_word_ || move.kind < 0) continue;
    const std::uint32_t named = find_row(moves_.ref(move));
    if (named != kNone) is_named_[named] = 1;
  }
  out_.postings.reserve(order.size());
  if (with_costs_) out_.costs.reserve(order.size());
  for (const std::uint32_t row : order) {
    row_ = row;
    move_ = &moves_.rows[row];
    if (!duplicate_of_.empty() && duplicate_of_[row] != kNone) {
      Refusal twice{row, Rule::kDuplicateId};
      twice.other = duplicate_of_[row];
      refuse(twice);
    } else {
      take(row);
    }
  }
  return std::move(out_);
}

bool Poster::refuse(Refusal refusal) {
  refusal.row = row_;
  out_.refusals.push_back(refusal);
  return false;
}

bool Poster::refuse(std::uint32_t row, Rule rule, int detail) {
  return refuse(Refusal{row, rule, detail});
}

bool Poster::take(std::uint32_t row) {
  if (move_->id_size == 0) return refuse(row, Rule::kIncomplete, kNoId);
  if (move_->date == Move::kNoDate) return refuse(row, Rule::kIncomplete, kNoDate);
  if (move_->kind < 0) return refuse(row, Rule::kIncomplete, kNoKind);
  if (move_->kind == reverse_word_)
    return take_reversal(row, registry_.instrument(move_->instrument));
  if (move_->instrument < 0) return refuse(row, Rule::kIncomplete, kNoInstrument);
  const std::uint32_t instrument = registry_.instrument(move_->instrument);
  if (instrument == kNone) return refuse(row, Rule::kUnknownInstrument);
  return take_move(row, instrument);
}

bool Poster::take_move(std::uint32_t row, std::uint32_t instrument) {
  const Kind* const kind = registry_.kind(instrument, move_->kind, move_->date);
  if (kind == nullptr) return refuse(row, Rule::kUnknownKind);
  const InstrumentBook& book = registry_.book(instrument);
  std::int32_t from_holder = -1, to_holder = -1;
  Amount quantity = 0;
  exact::Number unit_cost;
  std::uint32_t lot = kNone;
  const bool from_issuer = book.sides[kind->from].is_issuer;
  if (!set_accounts(*kind, instrument, from_holder, to_holder) || !set_quantity(book, quantity) ||
      !set_price(book, kind->definition->price, unit_cost) ||
      !set_lot(*kind, instrument, from_issuer, lot) ||
      !check_validity(registry_.lot_at(lot), kind->definition->validity) || !check_columns(*kind)) {
    return false;
  }
  Posting posting;
  posting.row = row;
  posting.from = registry_.account(lot, kind->from, from_holder);
  posting.to = registry_.account(lot, kind->to, to_holder);
  posting.quantity = quantity;
  // A sale to oneself would change what the units cost, and a total of trades, without any unit
  // moving.
  if (posting.from == posting.to) return refuse(row, Rule::kWrongAccount, kNowhere);
  std::uint32_t purchase = kNone;
  const Account& from = registry_.account_at(posting.from);
  if (!from_issuer && !check_balance(from, posting.from, quantity)) return false;
  if (!check_purchase(from, posting.from, quantity, purchase)) return false;
  Lot& begun = registry_.lot_at(lot);
  if (!begun.known) {
    begun.known = true;
    begun.begun_by = row;
  }
  post(posting, unit_cost, purchase);
  return true;
}

bool Poster::set_side(const Side& side, std::int32_t word, bool may_be_empty,
                      std::int32_t& holder) {
  if (!side.is_holder) {
    if (word < 0 || moves_.word(word) == side.name) return true;
    return refuse(row_, Rule::kWrongAccount, kHolderForRole);
  }
  if (word < 0) return may_be_empty || refuse(row_, Rule::kWrongAccount, kNoHolder);
  if (!registry_.has_holder(word)) {
    Refusal unknown{row_, Rule::kUnknownAccount};
    unknown.detail = word == move_->to && word != move_->from ? 1 : 0;
    return refuse(unknown);
  }
  holder = word;
  return true;
}

bool Poster::set_accounts(const Kind& kind, std::uint32_t instrument, std::int32_t& from_holder,
                          std::int32_t& to_holder) {
  const InstrumentBook& book = registry_.book(instrument);
  const Side& from = book.sides[kind.from];
  const Side& to = book.sides[kind.to];
  if (!from.is_holder && !to.is_holder) {
    // Between two roles a holder may be named whose accounts in them are meant.
    const auto named = [&](const Side& side, std::int32_t word) {
      return word < 0 || moves_.word(word) == side.name ? -1 : word;
    };
    const std::int32_t one = named(from, move_->from), other = named(to, move_->to);
    if (one >= 0 && other >= 0 && one != other) return refuse(row_, Rule::kWrongAccount, kNotSame);
    const std::int32_t holder = std::max(one, other);
    if (holder >= 0 && !registry_.has_holder(holder)) {
      return refuse(row_, Rule::kUnknownAccount, one >= 0 ? 0 : 1);
    }
    from_holder = from.is_issuer ? -1 : holder;
    to_holder = to.is_issuer ? -1 : holder;
    return true;
  }
  if (!set_side(from, move_->from, false, from_holder)) return false;
  if (!set_side(to, move_->to, kind.definition->same, to_holder)) return false;
  if (kind.definition->same) {
    if (to_holder >= 0 && to_holder != from_holder)
      return refuse(row_, Rule::kWrongAccount, kNotSame);
    to_holder = from_holder;
  }
  // Every other role has an account for each holder that it deals with; the issuer has one.
  if (!from.is_holder && !from.is_issuer) from_holder = to_holder;
  if (!to.is_holder && !to.is_issuer) to_holder = from_holder;
  return true;
}

std::optional<exact::Number> Poster::value_of(const MoveNumber& number) const {
  if (number.places == MoveNumber::kEmpty) return std::nullopt;
  if (number.places == MoveNumber::kLong)
    return moves_.long_numbers[static_cast<std::size_t>(number.mantissa)];
  return exact::Number::scaled(number.mantissa, number.places);
}

bool Poster::set_quantity(const InstrumentBook& book, Amount& out) {
  const MoveNumber& written = move_->quantity;
  if (written.places == MoveNumber::kEmpty) return refuse(row_, Rule::kIncomplete, kNoQuantity);
  const std::int32_t places = book.instrument->step_places;
  const auto& heading_unit = moves_.files[move_->file].quantity_unit;
  if (written.places >= 0 && written.places <= places && !heading_unit) {
    out = static_cast<Amount>(written.mantissa) * ten_to(places - written.places);
  } else {
    exact::Number value = *value_of(written);
    if (heading_unit) {
      if (!heading_unit->converts_to(book.instrument->unit))
        return refuse(row_, Rule::kWrongQuantity, kOtherUnit);
      value *= heading_unit->factor_to(book.instrument->unit);
    }
    const std::optional<Amount> amount = amount_of(value, places);
    if (!amount) {
      const bool long_one = exact::Number::power_of_ten(kAmountDigitsMax - places) < value.abs();
      return refuse(row_, Rule::kWrongQuantity, long_one ? kTooLarge : kNotInSteps);
    }
    out = *amount;
  }
  if (out <= 0) return refuse(row_, Rule::kWrongQuantity, kNotPositive);
  if (book.step != 1 && out % book.step != 0)
    return refuse(row_, Rule::kWrongQuantity, kNotInSteps);
  return out <= ten_to(kAmountDigitsMax) || refuse(row_, Rule::kWrongQuantity, kTooLarge);
}

bool Poster::set_price(const InstrumentBook& book, bool wanted, exact::Number& unit_cost) {
  const bool given = move_->price.places != MoveNumber::kEmpty;
  if (given != wanted) return refuse(row_, Rule::kWrongPrice, given ? kPriceGiven : kNoPrice);
  if (!given) return true;
  exact::Number price = *value_of(move_->price);
  if (price.sign() < 0) return refuse(row_, Rule::kWrongPrice, kPriceNegative);
  const auto& heading_unit = moves_.files[move_->file].price_unit;
  if (heading_unit) {
    if (!heading_unit->converts_to(*book.instrument->price))
      return refuse(row_, Rule::kWrongPrice, kOtherUnit);
    price *= heading_unit->factor_to(*book.instrument->price);
  }
  if (has_costs(book)) unit_cost = price * book.price_in_bases * book.amount_in_bases;
  return true;
}

bool Poster::set_lot(const Kind& kind, std::uint32_t instrument, bool from_issuer,
                     std::uint32_t& lot) {
  const InstrumentBook& book = registry_.book(instrument);
  if (move_->lot < 0 && !book.instrument->lot_columns.empty())
    return refuse(row_, Rule::kUnknownLot, kNoLot);
  lot = registry_.lot(instrument, move_->lot);
  const Lot& found = registry_.lot_at(lot);
  const bool begins = from_issuer && !registry_.lots_are_listed();
  if (!found.known && !begins) {
    Refusal unknown{row_, Rule::kUnknownLot, registry_.lots_are_listed() ? kNotListed : kNotBegun};
    unknown.lot = lot;
    return refuse(unknown);
  }
  const auto& allowed = kind.definition->lots;
  const std::string_view name = moves_.word(move_->lot);
  if (allowed && std::find(allowed->begin(), allowed->end(), name) == allowed->end())
    return refuse(row_, Rule::kWrongLot);
  return true;
}

bool Poster::check_validity(const Lot& lot, bool wanted) {
  const base::Date day(move_->date);
  const bool early = lot.valid_from && day < *lot.valid_from;
  const bool late = lot.valid_to && *lot.valid_to < day;
  if (!wanted || (!early && !late)) return true;
  Refusal outside{row_, Rule::kOutsideValidity, early ? 0 : 1};
  outside.lot = static_cast<std::uint32_t>(&lot - registry_.lots().data());
  return refuse(outside);
}

bool Poster::check_columns(const Kind& kind) {
  for (std::size_t i = 0; i < moves_.columns.size(); ++i) {
    const table::Column& cells = moves_.columns[i].cells;
    const bool given = cells.has_value(row_);
    const auto declared = std::find_if(kind.columns.begin(), kind.columns.end(),
                                       [&](const auto& one) { return one.first == i; });
    if (declared == kind.columns.end()) {
      if (given) out_.warnings.push_back({row_, i});
      continue;
    }
    const rules::ColumnDefinition& of = *declared->second;
    if (!given && of.optional) continue;
    bool good = given;
    if (given && cells.type() == table::Type::kNumber && (of.min || of.max)) {
      const rules::CheckedTable& flow =
          packs_.tables[static_cast<std::size_t>(*packs_.table("flow"))];
      const rules::CheckedColumn& column =
          flow.columns[static_cast<std::size_t>(moves_.columns[i].column)];
      const exact::Number value = cells.number(row_) / column.rules.front().to_column;
      good = !(of.min && value < *of.min) && !(of.max && *of.max < value);
    }
    if (!good) return refuse(row_, Rule::kWrongValue, static_cast<int>(i));
  }
  return true;
}

bool Poster::check_balance(const Account& account, std::uint32_t index, Amount quantity) {
  if (account.balance >= quantity) return true;
  Refusal short_of{row_, Rule::kOverdraft};
  short_of.account = index;
  short_of.amount = quantity;
  short_of.held = account.balance;
  return refuse(short_of);
}

bool Poster::check_purchase(const Account& from, std::uint32_t index, Amount quantity,
                            std::uint32_t& age) {
  const InstrumentBook& book = registry_.book(registry_.lots()[from.lot].instrument);
  if (book.instrument->booking != rules::Booking::kSpecific || !book.sides[from.side].is_holder)
    return true;
  if (move_->ref_size == 0) return refuse(row_, Rule::kWrongPurchase, kNoPurchase);
  const std::uint32_t row = find_row(moves_.ref(*move_));
  const std::uint32_t posting = row == kNone ? kNone : posting_of_[row];
  age = posting;
  const Amount held = posting == kNone ? 0 : registry_.costs_at(index).layer_of(posting);
  if (held >= quantity) return true;
  Refusal short_of{row_, Rule::kWrongPurchase, held == 0 ? kNotThePurchase : kPurchaseTooSmall};
  short_of.amount = quantity;
  short_of.held = held;
  short_of.lot = from.lot;
  return refuse(short_of);
}

}  // namespace qz::settle
