// Type checker: an Expression becomes a Typed formula, or a problem with its place.
//
// Used by check_packs.cc, and by who asks something of a whole job. One checker types one formula;
// it stops at the first problem (what follows from a wrong name would only hide it).

#ifndef QZ_RULES_TYPE_CHECKER_H_
#define QZ_RULES_TYPE_CHECKER_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/finding.h"
#include "exact/unit.h"
#include "rules/checked_packs.h"
#include "rules/expression.h"
#include "rules/guess_type.h"
#include "rules/typed.h"

namespace qz::rules {

// What a formula must give.
struct Wanted {
  ValueType type;
  exact::Unit unit;  // of a number
};

// A written-out exponent beyond this could only give a number too long to keep.
inline constexpr std::int64_t kWholePowerMax = 65536;

// The longest list that last(n, …) may ask for: more hours than a century has.
inline constexpr std::int64_t kLastMax = 1'000'000;

struct CheckScope {
  const CheckedPacks* packs = nullptr;
  const exact::UnitCatalogue* units = nullptr;
  std::int32_t edition = 0;
  std::int32_t table = 0;
  std::vector<std::string> instruments;  // that the row's `when` names; empty: all
};

// The instruments that a condition names by `instrument = "X"` or `instrument in ("X", …)` among
// its `and` parts; empty where it names none.
std::vector<std::string> named_instruments(const Expression& condition);

// Types `formula` for rows of scope.table. The result is converted to wanted.unit.
std::optional<Typed> check_formula(const CheckScope& scope, const Formula& formula,
                                   const Wanted& wanted, base::Findings& problems);

// The same in whatever type and unit the formula has.
std::optional<Typed> infer_formula(const CheckScope& scope, const Formula& formula,
                                   base::Findings& problems);

// The implementation, split over files by subject.
class TypeChecker {
 public:
  TypeChecker(const CheckScope& scope, base::Findings& problems);
  // With no `wanted` the result is as it comes.
  std::optional<Typed> check(const Formula& formula, const Wanted* wanted);

 private:
  struct Stop {};  // thrown by fail(); caught in check(): the first problem ends this formula
  // The frame in which a bare name is looked up, and whether `this` is allowed (inside a filter).
  struct Where {
    std::int32_t frame = 0;
    bool in_filter = false;
    std::int32_t list = -1;  // inside an aggregate's argument: the list whose columns are read
    std::int32_t list_frame = -1;
  };

  [[noreturn]] void fail(const char* code, const base::Place& place, std::string en,
                         std::string zh);

  // type_checker.cc: operators
  NodeId expression(const Expression& from, const Where& where);
  NodeId literal(const Expression& from);
  NodeId condition(const Expression& from, const Where& where);
  NodeId if_then_else(const Expression& from, const Where& where);
  NodeId comparison(const Expression& from, const Where& where);
  NodeId between(const Expression& from, const Where& where);
  NodeId in_choices(const Expression& from, const Where& where);
  NodeId sum_or_difference(const Expression& from, const Where& where);
  NodeId product_or_quotient(const Expression& from, const Where& where);
  NodeId power_of(const Expression& from, const Where& where);
  // Of plain numbers; an exponent beyond what fits is an error cell, as any other number too long.
  NodeId general_power(NodeId base, const Expression& from, const Where& where);
  NodeId period_step(NodeId period, NodeId count, bool back, const Expression& from);

  // type_checker_names.cc: references
  NodeId reference(const Expression& from, const Where& where);
  NodeId bare_name(const Expression& from, const Where& where);
  NodeId qualified_name(const Expression& from, const Where& where);
  NodeId row_by_key(const Expression& from, const Where& where);
  NodeId table_lookup(const Expression& from, const Where& where, std::int32_t table);
  NodeId factor_lookup(const Expression& from, const Where& where, std::size_t use);
  NodeId column_node(std::int32_t table, std::int32_t column, Op op, std::int32_t frame,
                     const Expression& from);
  // The unit of a column whose unit follows the instrument.
  exact::Unit unit_by_instrument(const CheckedColumn& read, std::int32_t frame,
                                 const base::Place& place);
  // Refuses a text that the column of flow or holding can never hold: a kind, a state, a leg or an
  // instrument of another name.
  void want_known_word(NodeId column, NodeId text, const base::Place& place);
  std::int32_t visible_column(std::int32_t table, const std::string& name,
                              const base::Place& place);
  std::optional<std::int32_t> visible_table(const std::string& name) const;
  bool sees(std::int32_t pack_index) const;
  // Its own columns, open ones that another pack gives, and those of the packs it needs.
  bool sees(const CheckedTable& table, const CheckedColumn& column) const;
  Reach lookup_reach(const Node& node, std::int32_t table, const Where& where) const;
  std::vector<std::string> names_in_reach(std::int32_t table) const;

  // type_checker_lists.cc: aggregates
  NodeId aggregate(const Expression& from, const Where& where);
  std::int32_t list_table(const Expression& call, const Where& where, const Expression** filtered);
  std::int64_t rows_from_end(const Expression& list);
  void open_list(const Where& where, std::int32_t table, List& list);
  void read_filter(const Expression& filter, List& list, std::vector<std::string>& settled);
  void settle_by_filter(const Expression& part, List& list, std::vector<std::string>& settled);
  void agree(const Expression& call, const std::vector<std::string>& settled, List& list);
  NodeId aggregate_node(Op op, const Expression& from, const Where& inner, std::int32_t list);
  void take_own_value(const Expression& from, const Where& inner, Node& node);

  // type_checker_functions.cc
  NodeId function(const Expression& from, const Where& where);
  NodeId rounding_function(const Expression& from, const Where& where);
  NodeId period_function(const Expression& from, const Where& where);
  NodeId plain_function(const Expression& from, const Where& where, Op op);
  NodeId many_values(const Expression& from, const Where& where, Op op);
  NodeId date_literal(const Expression& from);
  NodeId span_function(const Expression& from, const Where& where);
  void want_arguments(const Expression& from, std::size_t min, std::size_t max);

  // shared helpers
  NodeId add(Node node);
  Node& at(NodeId id) { return typed_.nodes[static_cast<std::size_t>(id)]; }
  const CheckedTable& table_of(std::int32_t index) const {
    return packs_.tables[static_cast<std::size_t>(index)];
  }
  std::int32_t frame_table(std::int32_t frame) const {
    return frames_[static_cast<std::size_t>(frame)];
  }
  std::string describe(NodeId id);
  NodeId convert(NodeId id, const exact::Unit& unit, const base::Place& place);
  // Makes b fit a: one type; numbers in a's unit; a text literal beside a period becomes a period.
  void unify(NodeId& a, NodeId& b, const base::Place& place);
  void want_number(NodeId id, const base::Place& place);
  NodeId plain_number(NodeId id, const base::Place& place);
  exact::Unit unit(const std::string& text, const base::Place& place);
  NodeId operation(Op op, std::vector<NodeId> args, table::Type type, const Expression& from);
  bool as_period(NodeId id, base::PeriodKind kind);

  const CheckedPacks& packs_;
  const exact::UnitCatalogue& units_;
  const Edition& edition_;
  std::int32_t own_table_;
  base::Findings& problems_;
  Typed typed_;
  std::vector<std::int32_t> frames_;                              // table of each frame
  std::map<std::int32_t, std::vector<std::string>> instruments_;  // by frame: named by its filter
};

}  // namespace qz::rules

#endif  // QZ_RULES_TYPE_CHECKER_H_
