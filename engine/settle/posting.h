// Posting: moves in their order, each checked against the rules of its instrument and the books,
// then posted to two accounts or refused.

#ifndef QZ_SETTLE_POSTING_H_
#define QZ_SETTLE_POSTING_H_

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "settle/registry.h"

namespace qz::settle {

// Why a move was refused. The order is that in which the rules are looked at.
enum class Rule : std::uint8_t {
  kIncomplete,
  kDuplicateId,
  kUnknownInstrument,
  kUnknownKind,
  kWrongAccount,
  kUnknownAccount,
  kWrongQuantity,
  kWrongPrice,
  kUnknownLot,
  kWrongLot,
  kOutsideValidity,
  kWrongValue,
  kWrongReversal,
  kWrongPurchase,
  kOverdraft,
};

struct Refusal {
  std::uint32_t row = 0;
  Rule rule = Rule::kIncomplete;
  int detail = 0;                 // of the rule: which member, which case; see refusals.cc
  std::uint32_t account = kNone;  // that did not hold enough
  std::uint32_t lot = kNone;
  std::uint32_t other = kNone;  // another move: of the same id, or the one that is reversed
  Amount amount = 0;            // that was to leave
  Amount held = 0;              // that was there
};

// A move that was posted.
struct Posting {
  std::uint32_t row = 0;
  std::uint32_t reversed = kNone;  // row of the move that this one takes back
  std::uint32_t from = 0, to = 0;  // accounts
  Amount quantity = 0;
};

// What its units had cost the giver, and cost the taker.
struct PostingCosts {
  Cost out, in;
};

struct Warning {
  std::uint32_t row = 0;
  std::size_t column = 0;  // of Moves::columns: a value that the kind does not have
};

struct Posted {
  std::vector<Posting> postings;    // in their order
  std::vector<PostingCosts> costs;  // as postings; empty where nobody asks
  std::vector<Refusal> refusals;
  std::vector<Warning> warnings;
  std::size_t after_as_of = 0;
};

// Rows of the moves up to `as_of` in order of date, time, seq, id; empty dates first.
std::vector<std::uint32_t> posting_order(const read::Moves& moves, base::Date as_of,
                                         std::size_t& after);

class Poster {
 public:
  // Without `with_costs` only what refuses moves is booked: purchases that moves name.
  Poster(const rules::CheckedPacks& packs, const read::Moves& moves, Registry& registry,
         bool with_costs = true);

  Posted run();

 private:
  bool refuse(std::uint32_t row, Rule rule, int detail = 0);
  bool refuse(Refusal refusal);
  bool take(std::uint32_t row);
  bool take_move(std::uint32_t row, std::uint32_t instrument);
  bool take_reversal(std::uint32_t row, std::uint32_t instrument);

  bool set_accounts(const Kind& kind, std::uint32_t instrument, std::int32_t& from_holder,
                    std::int32_t& to_holder);
  bool set_side(const Side& side, std::int32_t word, bool may_be_empty, std::int32_t& holder);
  bool set_quantity(const InstrumentBook& book, Amount& out);
  bool set_price(const InstrumentBook& book, bool wanted, exact::Number& unit_cost);
  bool set_lot(const Kind& kind, std::uint32_t instrument, bool from_issuer, std::uint32_t& lot);
  bool check_validity(const Lot& lot, bool wanted);
  bool check_columns(const Kind& kind);
  bool check_purchase(const Account& from, std::uint32_t index, Amount quantity,
                      std::uint32_t& age);
  bool check_balance(const Account& account, std::uint32_t index, Amount quantity);
  void index_ids(const std::vector<std::uint32_t>& order);
  void post(const Posting& posting, const exact::Number& unit_cost, std::uint32_t purchase);
  void move_costs(const Posting& posting, const exact::Number& unit_cost, std::uint32_t purchase,
                  Taken& out, Taken& in);
  void post_back(const Posting& posting, std::uint32_t first);
  void move_costs_back(const Posting& posting, std::uint32_t first, Taken& out, Taken& in);
  bool has_costs(const InstrumentBook& book) const;
  void put(const Posting& posting, const Taken& out, const Taken& in);
  std::optional<exact::Number> value_of(const read::MoveNumber& number) const;
  bool is_member(std::int32_t word, std::int32_t of_move) const {
    return word < 0 || word == of_move;
  }
  std::uint32_t find_row(std::string_view id) const;

  // What is known of a posted move that a reversal names.
  struct Reversible {
    Amount left = 0;            // not yet reversed
    std::vector<Layer> layers;  // that it took, as far as they have not come back
    Cost out, in;               // of what is left
    // The cost of the next `quantity` of what is left, which it no longer is.
    exact::Number take(Cost& of, Amount quantity, const CostRound* round) const;
  };
  // A text that moves name, found by its hash. The tag spares most looks at another text.
  struct IdSlot {
    std::uint32_t tag = 0;
    std::uint32_t next = 0;  // row + 1 of the first move of an id; 0: free
  };
  std::size_t slot_of(std::string_view id, std::uint64_t hash) const;

  const rules::CheckedPacks& packs_;
  const read::Moves& moves_;
  Registry& registry_;
  Posted out_;
  std::uint32_t row_ = 0;
  const read::Move* move_ = nullptr;
  bool with_costs_ = true;
  std::int32_t reverse_word_ = -1;
  std::vector<IdSlot> id_slots_;
  std::vector<std::uint32_t> duplicate_of_;  // by row, where an id comes twice; otherwise empty
  std::vector<std::uint32_t> posting_of_;    // by row; kNone: not posted (yet)
  std::vector<std::uint8_t> is_named_;       // by row: some reversal names its id
  std::unordered_map<std::uint32_t, Reversible> reversible_;  // by posting
  Taken taken_out_, taken_in_;                                // of the move at hand
};

}  // namespace qz::settle

#endif  // QZ_SETTLE_POSTING_H_
