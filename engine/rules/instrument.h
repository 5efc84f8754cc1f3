// Instrument: what is held and moved, as a pack declares it (a permit, a credit, a right), and
// as the packs of a job agree on it.

#ifndef QZ_RULES_INSTRUMENT_H_
#define QZ_RULES_INSTRUMENT_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/finding.h"
#include "base/place.h"
#include "exact/number.h"
#include "exact/rounding.h"
#include "exact/unit.h"
#include "rules/column_definition.h"

namespace qz::rules {

// The role that stands for the holders, whose accounts have states.
inline constexpr const char* kHolderRole = "entity";
// The kind that every instrument has without declaring it.
inline constexpr const char* kReverseKind = "reverse";

// In which order units that were bought are taken to leave again.
enum class Booking : std::uint8_t { kFifo, kAverage, kSpecific };

// One side of a kind of move: "surrendered", "entity", "entity:frozen".
struct MoveSide {
  std::string role;
  std::string state;  // of an entity side, the first state where none is written; else empty
  base::Place place;
  bool is_holder() const { return role == kHolderRole; }
};

struct MoveKind {
  std::string name;
  base::Place place;
  MoveSide from, to;
  bool same = false;     // both sides are one holder
  bool price = false;    // each move has one; otherwise none has
  bool validity = true;  // valid_from and valid_to of the lot bound the date
  std::optional<std::vector<std::string>> lots;  // the lots that may be moved; all where absent
  std::vector<ColumnDefinition> columns;         // further columns of moves.csv and of `flow`
  base::Bilingual label;
  std::string cite;
};

struct InstrumentDefinition {
  std::string name;
  base::Place place;
  std::string unit;
  base::Place unit_place;
  std::string price;  // unit of a price; empty: nothing has one
  base::Place price_place;
  exact::Number step = exact::Number(1);
  std::int32_t step_places = 0;  // digits after the point: those of every quantity
  Booking booking = Booking::kFifo;
  std::optional<exact::RoundingRule> cost_round;  // of what leaves an average pool, in money
  std::vector<ColumnDefinition> lot;
  std::vector<std::string> states;  // of the holders' accounts; the first is meant by "entity"
  std::vector<std::string> roles;   // the first is the issuer
  std::vector<MoveKind> kinds;      // in the file's order, without `reverse`
  base::Bilingual label;
  std::string cite;

  const MoveKind* kind(const std::string& kind_name) const;
};

// An instrument over all editions in use. What is held is the same in all of them (unit, step,
// booking, lot, first state, issuer); which moves there are is each edition's.
struct CheckedInstrument {
  std::string name;
  std::int32_t pack_index = 0;
  exact::Unit unit;
  std::optional<exact::Unit> price;
  std::optional<exact::Unit> money;  // of quantity × price
  exact::Number step = exact::Number(1);
  std::int32_t step_places = 0;
  Booking booking = Booking::kFifo;
  std::optional<exact::RoundingRule> cost_round;  // in `money`
  std::vector<std::string> lot_columns;
  std::vector<std::string> lot_required;  // of lot_columns: a lot of a file must have a value
  std::vector<std::string> states;        // of all editions
  std::vector<std::string> roles;
  // By the edition's index in CheckedPacks::editions.
  std::vector<std::pair<std::int32_t, const InstrumentDefinition*>> editions;
};

}  // namespace qz::rules

#endif  // QZ_RULES_INSTRUMENT_H_
