// RowRules: how each column is read in the rows of one period: unit, choices and decimals are those
// of the edition that holds then. Found once for each period, not for each row.

#ifndef QZ_READ_DETAIL_ROW_RULES_H_
#define QZ_READ_DETAIL_ROW_RULES_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "read/detail/session.h"

namespace qz::read::detail {

struct CellRule {
  const rules::ColumnDefinition* definition = nullptr;  // nullptr: the engine's own column
  std::int32_t edition = -1;
  bool in_edition = true;                   // false: the edition lacks the column
  bool is_input = true;                     // false: the edition computes it
  std::uint16_t unit = 0;                   // of a number without a unit in its heading
  exact::Number factor = exact::Number(1);  // from that unit to the column's
  bool same_unit = true;
};

struct RowRules {
  bool in_cycle = true;
  std::vector<CellRule> cells;  // by column of the table
};

class RowRulesCache {
 public:
  RowRulesCache(Session& session, const rules::CheckedTable& table)
      : session_(session), table_(table) {}

  // `period` is the index of the row's period; anything where the table has none.
  const RowRules& at(std::int32_t period);

  // The code that a cell of a kChoice column stands for, as a text id; -1 if it is no choice.
  std::int32_t choice(const rules::ColumnDefinition& definition, std::string_view text);

 private:
  using Choices = std::unordered_map<std::string_view, std::int32_t>;

  RowRules make(std::int32_t period) const;
  CellRule cell_rule(const rules::CheckedColumn& column, base::Date day) const;

  Session& session_;
  const rules::CheckedTable& table_;
  std::unordered_map<std::int32_t, std::unique_ptr<RowRules>> by_period_;
  std::int32_t last_period_ = 0;
  const RowRules* last_ = nullptr;
  std::unordered_map<const rules::ColumnDefinition*, Choices> choices_;
};

}  // namespace qz::read::detail

#endif  // QZ_READ_DETAIL_ROW_RULES_H_
