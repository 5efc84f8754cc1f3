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
  Taken out, in;  // cost; layers only where a reversal may need them
};

struct Warning {
  std::uint32_t row = 0;
  std::size_t column = 0;  // of Moves::columns: a value that the kind does not have
};

struct Posted {
  std::vector<Posting> postings;  // in their order
  std::vector<Refusal> refusals;
  std::vector<Warning> warnings;
  std::size_t after_as_of = 0;
};

// Rows of the moves up to `as_of` in order of date, time, seq, id; empty dates first.
std::vector<std::uint32_t> posting_order(const read::Moves& moves, base::Date as_of,
                                         std::size_t& after);

class Poster {
 public:
  Poster(const rules::CheckedPacks& packs, const read::Moves& moves, Registry& registry);

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
  bool check_purchase(const Account& from, Amount quantity, std::uint32_t& age);
  bool check_balance(const Account& account, std::uint32_t index, Amount quantity);
  void post(Posting posting, const exact::Number& unit_cost, std::uint32_t purchase);
  void post_back(Posting posting, const Posting& first);
  std::optional<exact::Number> value_of(const read::MoveNumber& number) const;
  bool is_member(std::int32_t word, std::int32_t of_move) const {
    return word < 0 || word == of_move;
  }
  std::uint32_t find_row(std::string_view id) const;

  // What is known of a posted move that a reversal names.
  struct Reversible {
    std::uint32_t posting = 0;
    Amount left = 0;
  };

  const rules::CheckedPacks& packs_;
  const read::Moves& moves_;
  Registry& registry_;
  Posted out_;
  std::uint32_t row_ = 0;
  const read::Move* move_ = nullptr;
  std::vector<std::uint32_t> id_slots_;             // row + 1 of the first move of an id; 0: free
  std::vector<std::uint32_t> posting_of_;           // by row; kNone: not posted (yet)
  std::vector<std::uint8_t> is_named_;              // by row: some reversal names its id
  std::unordered_map<std::uint32_t, Amount> left_;  // by posting: not yet reversed
};

}  // namespace qz::settle

#endif  // QZ_SETTLE_POSTING_H_
