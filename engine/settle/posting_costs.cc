// Posting: what moves on the books, with what it cost; and reversals, which move it back.

#include <algorithm>
#include <utility>

#include "settle/posting.h"
#include "settle/rule_details.h"

namespace qz::settle {

using rules::Booking;

// What arrives cost its price; between states of one holder it keeps what it cost.
void Poster::post(Posting posting, const exact::Number& unit_cost, std::uint32_t purchase) {
  Account& from = registry_.account_at(posting.from);
  Account& to = registry_.account_at(posting.to);
  const InstrumentBook& book = registry_.book(registry_.lots()[from.lot].instrument);
  const Booking booking = book.instrument->booking;
  const bool has_costs = book.instrument->price || booking == Booking::kSpecific;
  const bool from_holder = book.sides[from.side].is_holder;
  const bool to_holder = book.sides[to.side].is_holder;
  const bool bought = move_->price.places != read::MoveNumber::kEmpty;
  const auto age = static_cast<std::uint32_t>(out_.postings.size());
  if (has_costs && from_holder) {
    if (booking == Booking::kAverage) {
      from.costs.take_average(posting.quantity, from.balance, posting.out);
    } else if (booking == Booking::kSpecific) {
      from.costs.take_layer(purchase, posting.quantity, posting.out);
    } else {
      from.costs.take_oldest(posting.quantity, posting.out);
    }
  }
  if (has_costs && to_holder) {
    const bool kept = from_holder && from.holder == to.holder && !bought;
    if (kept) {
      posting.in = posting.out;
      for (const Layer& layer : posting.in.layers) to.costs.add(layer);
      if (booking == Booking::kAverage) to.costs.add_pool(posting.in);
    } else {
      if (bought) posting.in.cost = unit_cost * number_of(posting.quantity);
      if (booking == Booking::kAverage) {
        to.costs.add_pool(posting.in);
      } else {
        to.costs.add({age, posting.quantity, unit_cost});
      }
    }
    posting.in.layers.clear();
  }
  if (is_named_[posting.row] == 0) {
    posting.out.layers = {};
  } else {
    left_[age] = posting.quantity;
  }
  from.balance -= posting.quantity;
  to.balance += posting.quantity;
  from.last_row = to.last_row = posting.row;
  posting_of_[posting.row] = age;
  out_.postings.push_back(std::move(posting));
}

bool Poster::take_reversal(std::uint32_t row, std::uint32_t instrument) {
  if (move_->instrument >= 0 && instrument == kNone) return refuse(row, Rule::kUnknownInstrument);
  if (move_->ref_size == 0) return refuse(row, Rule::kWrongReversal, kNoMoveNamed);
  const std::uint32_t named = find_row(moves_.ref(*move_));
  Refusal refusal{row, Rule::kWrongReversal, kNoSuchMove};
  if (named == kNone) return refuse(refusal);
  refusal.other = named;
  const read::Move& first = moves_.rows[named];
  if (moves_.word(first.kind) == rules::kReverseKind) {
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
  const Posting& original = out_.postings[index];
  const std::uint32_t lot = registry_.account_at(original.from).lot;
  const InstrumentBook& book = registry_.book(registry_.lots()[lot].instrument);
  Amount quantity = left_[index];
  if (move_->quantity.places != read::MoveNumber::kEmpty && !set_quantity(book, quantity))
    return false;
  exact::Number no_cost;
  if (!set_price(book, false, no_cost)) return false;
  refusal.amount = quantity;
  refusal.held = left_[index];
  refusal.lot = lot;
  if (quantity > left_[index] || quantity == 0) {
    refusal.detail = left_[index] == 0 ? kNothingLeft : kMoreThanLeft;
    return refuse(refusal);
  }
  const Kind* const kind = registry_.kind(registry_.lots()[lot].instrument, first.kind, first.date);
  if (!check_validity(registry_.lots()[lot], kind == nullptr || kind->definition->validity))
    return false;
  Account& giver = registry_.account_at(original.to);
  if (!registry_.side_of(giver).is_issuer && !check_balance(giver, original.to, quantity))
    return false;
  left_[index] -= quantity;
  Posting posting;
  posting.row = row;
  posting.reversed = named;
  posting.from = original.to;
  posting.to = original.from;
  posting.quantity = quantity;
  post_back(std::move(posting), original);
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

// The receiver gives up the units that the move brought, as far as they are still there; the giver
// gets its own back at what they had cost.
void Poster::post_back(Posting posting, const Posting& first) {
  const std::uint32_t index = posting_of_[first.row];
  Account& from = registry_.account_at(posting.from);
  Account& to = registry_.account_at(posting.to);
  const InstrumentBook& book = registry_.book(registry_.lots()[from.lot].instrument);
  const Booking booking = book.instrument->booking;
  const bool has_costs = book.instrument->price || booking == Booking::kSpecific;
  const bool from_holder = book.sides[from.side].is_holder;
  const bool to_holder = book.sides[to.side].is_holder;
  const bool kept = from_holder && to_holder && from.holder == to.holder &&
                    moves_.rows[first.row].price.places == read::MoveNumber::kEmpty;
  const exact::Number share = number_of(posting.quantity) / number_of(first.quantity);
  std::vector<Layer> own = cut_tail(out_.postings[index].out.layers, posting.quantity);
  if (has_costs && from_holder) {
    if (booking == Booking::kAverage) {
      const bool last = posting.quantity == from.balance;
      from.costs.take_pool(first.in.cost * share, last, posting.out);
    } else {
      const std::vector<Layer> brought = {{index, posting.quantity, {}}};
      from.costs.take_like(kept ? own : brought, posting.quantity, posting.out);
    }
  }
  if (has_costs && to_holder) {
    if (kept) {
      posting.in = posting.out;
      for (const Layer& layer : posting.in.layers) to.costs.add(layer);
    } else {
      for (const Layer& layer : own) {
        posting.in.cost += layer.unit_cost * number_of(layer.quantity);
        to.costs.add(layer);
      }
      if (booking == Booking::kAverage)
        posting.in = {{}, first.out.cost * share, first.out.too_long};
    }
    if (booking == Booking::kAverage) to.costs.add_pool(posting.in);
  }
  posting.out.layers = {};
  posting.in.layers = {};
  from.balance -= posting.quantity;
  to.balance += posting.quantity;
  from.last_row = to.last_row = posting.row;
  posting_of_[posting.row] = static_cast<std::uint32_t>(out_.postings.size());
  out_.postings.push_back(std::move(posting));
}

}  // namespace qz::settle
