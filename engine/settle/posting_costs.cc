// Posting: what moves on the books, with what it cost; and reversals, which move it back.

#include <algorithm>
#include <utility>

#include "settle/posting.h"
#include "settle/rule_details.h"

namespace qz::settle {

using rules::Booking;

bool Poster::has_costs(const InstrumentBook& book) const {
  const bool specific = book.instrument->booking == Booking::kSpecific;
  return specific || (with_costs_ && book.instrument->price);
}

void Poster::put(const Posting& posting, const Taken& out, const Taken& in) {
  Account& from = registry_.account_at(posting.from);
  Account& to = registry_.account_at(posting.to);
  from.balance -= posting.quantity;
  to.balance += posting.quantity;
  from.last_row = to.last_row = posting.row;
  posting_of_[posting.row] = static_cast<std::uint32_t>(out_.postings.size());
  out_.postings.push_back(posting);
  if (with_costs_) out_.costs.push_back({out.cost, in.cost});
}

void Poster::post(const Posting& posting, const exact::Number& unit_cost, std::uint32_t purchase) {
  const Lot& lot = registry_.lots()[registry_.account_at(posting.from).lot];
  const bool costs = has_costs(registry_.book(lot.instrument));
  if (costs) {
    taken_out_.layers.clear();
    taken_out_.cost = taken_in_.cost = {};
    move_costs(posting, unit_cost, purchase, taken_out_, taken_in_);
  }
  if (is_named_[posting.row] != 0) {
    Reversible& one = reversible_[static_cast<std::uint32_t>(out_.postings.size())];
    one.left = posting.quantity;
    if (costs) one = {posting.quantity, taken_out_.layers, taken_out_.cost, taken_in_.cost};
  }
  put(posting, taken_out_, taken_in_);
}

// What arrives cost its price; between states of one holder it keeps what it cost.
void Poster::move_costs(const Posting& posting, const exact::Number& unit_cost,
                        std::uint32_t purchase, Taken& out, Taken& in) {
  const Account& from = registry_.account_at(posting.from);
  const Account& to = registry_.account_at(posting.to);
  const InstrumentBook& book = registry_.book(registry_.lots()[from.lot].instrument);
  const Booking booking = book.instrument->booking;
  const bool from_holder = book.sides[from.side].is_holder;
  const bool bought = move_->price.places != read::MoveNumber::kEmpty;
  if (from_holder) {
    CostBook& costs = registry_.costs_at(posting.from);
    if (booking == Booking::kAverage) {
      costs.take_average(posting.quantity, from.balance, book.rounding(), out);
    } else if (booking == Booking::kSpecific) {
      costs.take_layer(purchase, posting.quantity, out);
    } else {
      costs.take_oldest(posting.quantity, out);
    }
  }
  if (!book.sides[to.side].is_holder) return;
  CostBook& costs = registry_.costs_at(posting.to);
  const bool kept = from_holder && from.holder == to.holder && !bought;
  if (kept) {
    in.cost = out.cost;
    for (const Layer& layer : out.layers) costs.add(layer);
  } else {
    if (bought) in.cost.amount = unit_cost * number_of(posting.quantity);
    const auto age = static_cast<std::uint32_t>(out_.postings.size());
    if (booking != Booking::kAverage) costs.add({age, posting.quantity, unit_cost});
  }
  if (booking == Booking::kAverage) costs.add_pool(in.cost);
}

bool Poster::take_reversal(std::uint32_t row, std::uint32_t instrument) {
  if (move_->instrument >= 0 && instrument == kNone) return refuse(row, Rule::kUnknownInstrument);
  if (move_->ref_size == 0) return refuse(row, Rule::kWrongReversal, kNoMoveNamed);
  const std::uint32_t named = find_row(moves_.ref(*move_));
  Refusal refusal{row, Rule::kWrongReversal, kNoSuchMove};
  if (named == kNone) return refuse(refusal);
  refusal.other = named;
  const read::Move& first = moves_.rows[named];
  if (first.kind == reverse_word_) {
    refusal.detail = kOfReversal;
    return refuse(refusal);
  }
  if (posting_of_[named] == kNone) {
    refusal.detail = kNotPosted;
    return refuse(refusal);
  }
  const bool members = is_member(move_->instrument, first.instrument) &&
                       is_member(move_->lot, first.lot) && is_member(move_->from, first.from) &&
                       is_member(move_->to, first.to);
  if (!members) {
    refusal.detail = kOtherMembers;
    return refuse(refusal);
  }
  const std::uint32_t index = posting_of_[named];
  const Posting original = out_.postings[index];
  Reversible& reversible = reversible_[index];
  const std::uint32_t lot = registry_.account_at(original.from).lot;
  const InstrumentBook& book = registry_.book(registry_.lots()[lot].instrument);
  Amount quantity = reversible.left;
  if (move_->quantity.places != read::MoveNumber::kEmpty && !set_quantity(book, quantity))
    return false;
  exact::Number no_cost;
  if (!set_price(book, false, no_cost)) return false;
  refusal.amount = quantity;
  refusal.held = reversible.left;
  refusal.lot = lot;
  if (quantity > reversible.left || quantity == 0) {
    refusal.detail = reversible.left == 0 ? kNothingLeft : kMoreThanLeft;
    return refuse(refusal);
  }
  const Kind* const kind = registry_.kind(registry_.lots()[lot].instrument, first.kind, first.date);
  if (!check_validity(registry_.lots()[lot], kind == nullptr || kind->definition->validity))
    return false;
  Account& giver = registry_.account_at(original.to);
  if (!registry_.side_of(giver).is_issuer && !check_balance(giver, original.to, quantity))
    return false;
  Posting posting;
  posting.row = row;
  posting.reversed = named;
  posting.from = original.to;
  posting.to = original.from;
  posting.quantity = quantity;
  post_back(posting, named);
  reversible.left -= quantity;
  return true;
}

namespace {

// The last `quantity` of what a move took: a move of the rest would have taken the other units.
std::vector<Layer> cut_tail(std::vector<Layer>& layers, Amount quantity) {
  std::vector<Layer> out;
  while (quantity > 0 && !layers.empty()) {
    Layer& last = layers.back();
    const Amount part = std::min(quantity, last.quantity);
    out.push_back({last.age, part, last.unit_cost});
    last.quantity -= part;
    quantity -= part;
    if (last.quantity == 0) layers.pop_back();
  }
  return out;
}

}  // namespace

exact::Number Poster::Reversible::take(Cost& of, Amount quantity, const CostRound* round) const {
  exact::Number part = of.amount;
  if (quantity != left) {
    part *= number_of(quantity) / number_of(left);
    if (round != nullptr) part = std::min(round->of(part), of.amount);
  }
  of.amount = of.amount - part;
  return part;
}

void Poster::post_back(const Posting& posting, std::uint32_t first) {
  const Lot& lot = registry_.lots()[registry_.account_at(posting.from).lot];
  if (has_costs(registry_.book(lot.instrument))) {
    taken_out_.layers.clear();
    taken_out_.cost = taken_in_.cost = {};
    move_costs_back(posting, first, taken_out_, taken_in_);
  }
  put(posting, taken_out_, taken_in_);
}

// The receiver gives up the units that the move brought, as far as they are still there; the giver
// gets its own back at what they had cost.
void Poster::move_costs_back(const Posting& posting, std::uint32_t first, Taken& out, Taken& in) {
  const std::uint32_t index = posting_of_[first];
  Reversible& original = reversible_[index];
  const Account& from = registry_.account_at(posting.from);
  const Account& to = registry_.account_at(posting.to);
  const InstrumentBook& book = registry_.book(registry_.lots()[from.lot].instrument);
  const Booking booking = book.instrument->booking;
  const bool from_holder = book.sides[from.side].is_holder;
  const bool to_holder = book.sides[to.side].is_holder;
  const bool kept = from_holder && to_holder && from.holder == to.holder &&
                    moves_.rows[first].price.places == read::MoveNumber::kEmpty;
  std::vector<Layer> own = cut_tail(original.layers, posting.quantity);
  if (from_holder) {
    CostBook& costs = registry_.costs_at(posting.from);
    if (booking == Booking::kAverage) {
      const exact::Number cost = original.take(original.in, posting.quantity, book.rounding());
      costs.take_pool(cost, posting.quantity == from.balance, out);
    } else {
      const std::vector<Layer> brought = {{index, posting.quantity, {}}};
      costs.take_like(kept ? own : brought, posting.quantity, out);
    }
  }
  if (!to_holder) return;
  CostBook& costs = registry_.costs_at(posting.to);
  if (kept) {
    in.cost = out.cost;
    for (const Layer& layer : out.layers) costs.add(layer);
  } else if (booking == Booking::kAverage) {
    const bool too_long = original.out.too_long;
    in.cost = {original.take(original.out, posting.quantity, book.rounding()), too_long};
  } else {
    for (const Layer& layer : own) {
      in.cost.amount += layer.unit_cost * number_of(layer.quantity);
      costs.add(layer);
    }
  }
  if (booking == Booking::kAverage) costs.add_pool(in.cost);
}

}  // namespace qz::settle
