// Column: the cells of one column, of one type, each with its state.
//
// Numbers are held in one of two forms, and nobody outside exact/, table/ and compute/ can tell:
//   scaled   value = mantissa / denominator, int64 mantissas over one denominator for the column;
//   exact    one Number for each cell.
// A column starts scaled and turns exact by itself when a value does not fit; it never rounds.
// Everything else is a 32-bit id: a text's id in the job's TextPool, 0/1, days of a date, the index
// of a period, a row's number.

#ifndef QZ_TABLE_COLUMN_H_
#define QZ_TABLE_COLUMN_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/assert.h"
#include "exact/number.h"
#include "table/state.h"

namespace qz::table {

enum class Type : std::uint8_t { kNumber, kText, kBool, kDate, kPeriod, kRow };

class Column {
 public:
  Column() = default;
  explicit Column(Type type) : type_(type) {}
  // `size` cells, all in `state`.
  Column(Type type, std::size_t size, State state);

  Type type() const { return type_; }
  std::size_t size() const { return states_.size(); }
  State state(std::size_t i) const { return states_[i]; }
  bool has_value(std::size_t i) const { return states_[i] == State::kValue; }
  std::span<const State> states() const { return states_; }
  bool all_have_values() const { return empty_ == 0; }
  // By row: not 0 where there is no value (the State). Empty where every row has one.
  std::span<const std::uint8_t> missing() const {
    if (empty_ == 0) return {};
    return {reinterpret_cast<const std::uint8_t*>(states_.data()), states_.size()};
  }

  // Precondition of both: has_value(i), and the type fits.
  exact::Number number(std::size_t i) const {
    return is_exact_ ? exact_[i] : exact::Number::ratio(mantissas_[i], denominator_);
  }
  std::int32_t id(std::size_t i) const { return ids_[i]; }

  void reserve(std::size_t n);
  void append_number(const exact::Number& value);
  // value = mantissa / denominator; the fast door. Precondition: denominator > 0.
  void append_scaled(std::int64_t mantissa, std::int64_t denominator);
  void append_id(std::int32_t id);
  void append_state(State state);  // null, not applicable or an error
  void append_cell(const Column& other, std::size_t i);

  void set_number(std::size_t i, const exact::Number& value);
  void set_scaled(std::size_t i, std::int64_t mantissa, std::int64_t denominator);
  void set_id(std::size_t i, std::int32_t id);
  void set_state(std::size_t i, State state);
  void set_cell(std::size_t i, const Column& other, std::size_t j);
  // Cell k of `other` into place at[k], for every k, as set_cell() would. Precondition: `at` rises.
  void put(std::span<const std::uint32_t> at, const Column& other);

  // Cells that somebody fills in place: open_… makes room for `rows` of them, whose contents are of
  // no meaning, and drops what was there; close() keeps the first `rows`. Arrays keep their room
  // from one time to the next. Between the two nothing else may be asked.
  std::int64_t* open_scaled(std::size_t rows);
  std::int32_t* open_ids(std::size_t rows);
  State* open_states() { return states_.data(); }
  void close(std::size_t rows, std::int64_t denominator = 1);

  // To the exact form, for good.
  void make_exact();
  // The scaled form, where the column has it; empty mantissas otherwise.
  bool is_scaled() const { return type_ == Type::kNumber && !is_exact_; }
  std::span<const std::int64_t> mantissas() const { return mantissas_; }
  std::int64_t denominator() const { return denominator_; }
  std::span<const std::int32_t> ids() const { return ids_; }

  // A column of the rows `order` of this one, in that order.
  Column picked(std::span<const std::uint32_t> order) const;
  // The same, null where an entry is `none`.
  Column picked_or_null(std::span<const std::uint32_t> order, std::uint32_t none) const;

  // Takes ready scaled cells: what a kernel made. Precondition: sizes equal, denominator > 0.
  static Column from_scaled(std::vector<std::int64_t> mantissas, std::int64_t denominator,
                            std::vector<State> states);
  static Column from_numbers(std::vector<exact::Number> numbers, std::vector<State> states);
  static Column from_ids(Type type, std::vector<std::int32_t> ids, std::vector<State> states);

 private:
  // Brings the column to a denominator that `denominator` divides; false if no int64 form has room.
  bool rescale(std::int64_t denominator);
  // The mantissa of m/denominator in this column's form, rescaling where needed; false: go exact.
  bool fit(std::int64_t& m, std::int64_t denominator);
  bool put_scaled(std::span<const std::uint32_t> at, const Column& other);
  void append_empty(State state);
  void count_empty();
  void put_state(std::size_t i, State state) {
    empty_ += static_cast<std::size_t>(state != State::kValue);
    empty_ -= static_cast<std::size_t>(states_[i] != State::kValue);
    states_[i] = state;
  }

  Type type_ = Type::kNumber;
  std::vector<State> states_;
  std::size_t empty_ = 0;                // how many of states_ are not kValue
  std::vector<std::int64_t> mantissas_;  // kNumber, scaled form
  std::int64_t denominator_ = 1;
  std::vector<exact::Number> exact_;  // kNumber, exact form
  bool is_exact_ = false;
  std::vector<std::int32_t> ids_;  // every other type
};

}  // namespace qz::table

#endif  // QZ_TABLE_COLUMN_H_
