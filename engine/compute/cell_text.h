// Cell text: a cell as ledgers, messages and explanations print it.

#ifndef QZ_COMPUTE_CELL_TEXT_H_
#define QZ_COMPUTE_CELL_TEXT_H_

#include <optional>
#include <string>

#include "compute/results.h"

namespace qz::compute {

struct CellText {
  std::optional<std::string> value;  // empty: no value
  std::optional<std::string> unit;   // of numbers
  table::State state = table::State::kNull;
};

// Exactly the rule's decimals; an input keeps its digits and the unit of its file. A number that no
// rule rounds is shown as it is where its digits end, else to 34 significant digits.
CellText cell_text(const Results& results, std::int32_t table, std::int32_t column,
                   std::uint32_t row);

// Another value in place of the cell's, in the column's unit, as the rule of its row prints it.
std::string value_text(const Results& results, std::int32_t table, std::int32_t column,
                       std::uint32_t row, const exact::Number& value);

// A value that no rule rounds, for people.
std::string number_text(const exact::Number& value);

// The rule of the row's own edition; nullptr for keys, context rows without one, and rows of no
// edition.
const rules::ColumnRule* rule_of(const Results& results, std::int32_t table, std::int32_t column,
                                 std::uint32_t row);

// Input cell behind `row` in that column, if a file gave it: index in InputTable::columns.
const read::InputColumn* input_of(const Results& results, std::int32_t table, std::int32_t column);

}  // namespace qz::compute

#endif  // QZ_COMPUTE_CELL_TEXT_H_
