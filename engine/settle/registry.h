// Registry: the instruments, kinds, lots and accounts of a job, found by what moves.csv writes.

#ifndef QZ_SETTLE_REGISTRY_H_
#define QZ_SETTLE_REGISTRY_H_

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "read/input_tables.h"
#include "read/moves.h"
#include "rules/checked_packs.h"
#include "settle/cost_book.h"
#include "table/text_pool.h"

namespace qz::settle {

inline constexpr std::uint32_t kNone = UINT32_MAX;

// A side of an instrument's accounts: a state of the holders, or another role.
struct Side {
  std::string name;  // the state, or the role
  bool is_holder = false;
  bool is_issuer = false;
};

struct Kind {
  const rules::MoveKind* definition = nullptr;
  std::uint32_t from = 0, to = 0;                                               // sides
  std::vector<std::pair<std::size_t, const rules::ColumnDefinition*>> columns;  // of Moves::columns
};

struct InstrumentBook {
  const rules::CheckedInstrument* instrument = nullptr;
  std::vector<Side> sides;
  Amount step = 1;                // in the Amount's unit
  exact::Number amount_in_bases;  // one unit of the Amount
  exact::Number price_in_bases = exact::Number(1);
  std::optional<CostRound> cost_round;
  const CostRound* rounding() const { return cost_round ? &*cost_round : nullptr; }
};

struct Lot {
  std::uint32_t instrument = 0;
  std::int32_t word = -1;          // its name in Moves::words
  std::uint32_t begun_by = kNone;  // row of the move that began it, where no file lists lots
  bool known = false;              // listed in the file, or begun
  std::optional<base::Date> valid_from, valid_to;
};

struct Account {
  std::uint32_t lot = 0;
  std::uint32_t side = 0;
  std::int32_t holder = -1;  // word; -1: the role's own
  Amount balance = 0;
  std::uint32_t last_row = kNone;  // the move that changed it last
};

class Registry {
 public:
  Registry(const rules::CheckedPacks& packs, const read::Moves& moves, const table::TextPool& pool,
           const read::InputTables& inputs);

  // kNone where there is no such instrument.
  std::uint32_t instrument(std::int32_t word) const;
  const InstrumentBook& book(std::uint32_t instrument) const { return books_[instrument]; }
  // The kind as the edition of that day has it; nullptr where it has none. The edition in use
  // whose `applies` holds the day; before the first the first, otherwise the last begun before it.
  const Kind* kind(std::uint32_t instrument, std::int32_t word, std::int32_t day);
  // All kinds of the edition of that day, for hints.
  std::vector<std::string> kind_names(std::uint32_t instrument, std::int32_t day) const;

  bool has_holder(std::int32_t word) const;
  std::vector<std::string> holder_names(std::size_t most) const;

  bool lots_are_listed() const { return lots_listed_; }
  std::uint32_t lot(std::uint32_t instrument, std::int32_t word);  // made, not known, if new
  Lot& lot_at(std::uint32_t index) { return lots_[index]; }
  const std::vector<Lot>& lots() const { return lots_; }

  std::uint32_t account(std::uint32_t lot, std::uint32_t side, std::int32_t holder);
  Account& account_at(std::uint32_t index) { return accounts_[index]; }
  // Of that account. They grow with the accounts only where somebody asks.
  CostBook& costs_at(std::uint32_t index) {
    if (index >= costs_.size()) costs_.resize(accounts_.size());
    return costs_[index];
  }
  const std::vector<Account>& accounts() const { return accounts_; }
  const Side& side_of(const Account& account) const {
    return books_[lots_[account.lot].instrument].sides[account.side];
  }

 private:
  void add_instrument(const rules::CheckedInstrument& instrument);
  void find_holders(const read::InputTables& inputs);
  void find_lots(const read::InputTables& inputs);
  const rules::InstrumentDefinition* edition_at(std::uint32_t instrument, std::int32_t day) const;
  std::optional<Kind> make_kind(std::uint32_t instrument, const rules::InstrumentDefinition& of,
                                std::string_view name) const;
  void grow_accounts();
  static std::uint64_t hash_of(std::uint32_t lot, std::uint32_t side, std::int32_t holder);

  const rules::CheckedPacks& packs_;
  const read::Moves& moves_;
  const table::TextPool& pool_;
  std::vector<InstrumentBook> books_;
  std::vector<std::uint32_t> instrument_of_word_;
  std::map<std::tuple<const rules::InstrumentDefinition*, std::int32_t>, std::optional<Kind>>
      kinds_;
  // The kind looked up last, of those whose words share a place.
  struct KindSeen {
    const rules::InstrumentDefinition* of = nullptr;
    std::int32_t word = -1;
    const Kind* kind = nullptr;
  };
  std::array<KindSeen, 64> kinds_seen_;
  bool holders_listed_ = false;
  std::vector<std::uint8_t> is_holder_;  // by word
  std::vector<std::string> holders_;     // for hints
  bool lots_listed_ = false;
  std::vector<Lot> lots_;
  std::unordered_map<std::uint64_t, std::uint32_t> lot_of_;  // instrument and word
  // The lot looked up last, of those whose words share a place: key + 1 and index.
  std::array<std::pair<std::uint64_t, std::uint32_t>, 64> lots_seen_{};
  std::vector<Account> accounts_;
  std::vector<std::uint32_t> account_slots_;  // index + 1; 0: free
  std::vector<CostBook> costs_;               // by account
};

}  // namespace qz::settle

#endif  // QZ_SETTLE_REGISTRY_H_
