// Typed: a formula after every name is known, every type and unit proven. What plan orders and
// compute runs; nothing in it needs another look at a name.
//
// A formula is evaluated for rows of its own table ("frame 0"). An aggregate opens a frame of its
// own for the rows that it lists; a node says by `frame` whose row it reads. Numbers of a node are
// in `unit`; where two units of one dimension meet, the checker has put in a kConvert.

#ifndef QZ_RULES_TYPED_H_
#define QZ_RULES_TYPED_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/period.h"
#include "base/place.h"
#include "exact/number.h"
#include "exact/rounding.h"
#include "exact/unit.h"
#include "table/column.h"

namespace qz::rules {

enum class Op : std::uint8_t {
  kLiteral,  // a literal, constant, parameter or as_of: value in number/text/id; `name` if named
  kNullLiteral,
  kColumn,  // column `column` of the frame's row
  kUp,      // column `column` of the one row of `table` that the frame's row settles
  kLookup,  // column `column` of the row of `table` with the key `args`
  kFactor,  // field `column` of factor table `factor` with the key `args`; last arg the day if
            // `has_day`
  kIf,
  kOr,
  kAnd,
  kNot,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kIsNull,
  kIsNotNull,
  kBetween,  // value, low, high
  kIn,       // value, choices: equal, or lies in where types say so
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kPower,  // plain numbers; `whole` holds the exponent where it is a literal
  kNegate,
  kConvert,  // args[0] × number: from one unit to another of the same dimension
  kAbs,
  kSquareRoot,
  kLogarithm,
  kExponential,
  kRound,
  kFloor,
  kCeiling,
  kCoalesce,
  kMinOf,
  kMaxOf,
  kYearOf,
  kMonthOf,
  kStartOf,
  kEndOf,
  kDaysOf,
  kStep,            // period args[0] plus the whole plain number args[1] (periods)
  kDateStep,        // date args[0] plus args[1] days
  kDateDifference,  // in d
  kMonthsBetween,   // least n for which date args[0] and n months reach date args[1]
  kOverlap,         // days that args[0] … args[1] and args[2] … args[3] share, in d
  kSum,
  kMean,
  kMin,
  kMax,
  kAny,
  kAll,
  kCount,
  kOnly,
  kJoin,        // over `list`; args: value, weight
  kPercentile,  // over `list`; args: value, the share (a plain number of the row that lists)
  kRank,        // over `list`; args: value, what is ranked (of the row that lists)
  kLatest,      // over `list`; args: value, what tells which is later
};

using NodeId = std::int32_t;

// Where in time a read leads, seen from the row that reads: what decides whether columns may loop.
enum class Reach : std::uint8_t {
  kSame,   // the same period, or the same and earlier ones
  kBack,   // earlier periods only
  kOther,  // anything else
};

// The rows of `table` that agree with the row of `mine_frame`.
struct List {
  std::int32_t table = -1;
  std::int32_t mine_table = -1;
  std::int32_t mine_frame = 0;
  std::int32_t frame = 1;          // the frame that the listed row gets
  std::vector<std::string> names;  // settled names that must be equal, sorted (no periods)
  bool periods_agree = false;      // both have a period and the filter does not settle it
  bool period_settled = false;     // the filter settles the listed table's period
  bool key_settled = false;        // the filter settles some key by comparing with `this`
  Reach reach = Reach::kSame;
  NodeId filter = -1;     // in `frame`; -1 if none
  std::int64_t last = 0;  // only so many rows, the last ones in key order; 0: all
};

struct Node {
  Op op = Op::kNullLiteral;
  table::Type type = table::Type::kNumber;
  base::PeriodKind period = base::PeriodKind::kYear;  // of kPeriod values
  exact::Unit unit;                                   // of kNumber values
  bool is_null = false;                               // the bare word null: fits every type
  std::vector<NodeId> args;
  std::int32_t frame = 0;
  std::int32_t table = -1;   // kColumn, kUp, kLookup: index in CheckedPacks::tables
  std::int32_t column = -1;  // index in that table's columns, or in the factor table's fields
  std::int32_t factor = -1;  // index in CheckedPacks::factors
  std::int32_t list = -1;    // index in Typed::lists
  bool has_day = false;
  Reach reach = Reach::kSame;  // kLookup
  exact::Number number;        // literal value, or conversion factor
  std::string text;            // literal text
  std::int32_t id = 0;         // literal bool, date (days), period (index)
  std::int32_t whole = 0;      // kPower, kRound: the literal n
  bool has_whole = false;
  exact::RoundingRule rounding;  // kRound
  std::string name;              // as written, for traces: "limit", "factors(kind).value"
  base::Place place;
};

struct Typed {
  std::vector<Node> nodes;  // children before parents
  std::vector<List> lists;
  NodeId root = -1;
  std::string text;  // as written
  base::Place place;

  const Node& node(NodeId id) const { return nodes[static_cast<std::size_t>(id)]; }
  const Node& top() const { return node(root); }
};

}  // namespace qz::rules

#endif  // QZ_RULES_TYPED_H_
