// Column: cells in scaled or exact form, and the one-way road from the first to the second.

#include "table/column.h"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace qz::table {
namespace {

// Above this a common denominator is not worth keeping: mantissas would leave int64 at once.
constexpr std::int64_t kDenominatorMax = 1'000'000'000'000'000;

// True if `order` counts up from its first entry: most batches are rows that follow one another.
bool follow(std::span<const std::uint32_t> order) {
  if (order.empty() || order.back() - order.front() + std::size_t{1} != order.size()) return false;
  std::uint32_t differs = 0;
  for (std::size_t k = 0; k < order.size(); ++k)
    differs |= order[k] ^ (order.front() + static_cast<std::uint32_t>(k));
  return differs == 0;
}

template <class T>
void pick(const std::vector<T>& from, std::span<const std::uint32_t> order, std::vector<T>& to) {
  if (follow(order)) {
    const auto first = from.begin() + order.front();
    to.assign(first, first + static_cast<std::ptrdiff_t>(order.size()));
    return;
  }
  to.resize(order.size());
  for (std::size_t k = 0; k < order.size(); ++k) to[k] = from[order[k]];
}

}  // namespace

Column::Column(Type type, std::size_t size, State state)
    : type_(type), states_(size, state), empty_(state == State::kValue ? 0 : size) {
  if (type == Type::kNumber) {
    mantissas_.resize(size);
  } else {
    ids_.resize(size);
  }
}

void Column::reserve(std::size_t n) {
  states_.reserve(n);
  if (type_ == Type::kNumber) {
    if (is_exact_) {
      exact_.reserve(n);
    } else {
      mantissas_.reserve(n);
    }
  } else {
    ids_.reserve(n);
  }
}

bool Column::rescale(std::int64_t denominator) {
  if (denominator_ % denominator == 0) return true;
  const std::int64_t common = std::gcd(denominator_, denominator);
  std::int64_t wanted = 0;
  if (__builtin_mul_overflow(denominator_, denominator / common, &wanted)) return false;
  if (wanted > kDenominatorMax) return false;
  const std::int64_t factor = wanted / denominator_;
  for (const std::int64_t m : mantissas_) {
    std::int64_t scaled = 0;
    if (__builtin_mul_overflow(m, factor, &scaled)) return false;
  }
  for (std::int64_t& m : mantissas_) m *= factor;
  denominator_ = wanted;
  return true;
}

bool Column::fit(std::int64_t& m, std::int64_t denominator) {
  if (denominator == denominator_) return true;
  if (!rescale(denominator)) return false;
  return !__builtin_mul_overflow(m, denominator_ / denominator, &m);
}

void Column::make_exact() {
  if (is_exact_) return;
  exact_.reserve(states_.capacity());
  for (const std::int64_t m : mantissas_) exact_.push_back(exact::Number::ratio(m, denominator_));
  mantissas_.clear();
  mantissas_.shrink_to_fit();
  is_exact_ = true;
}

void Column::append_empty(State state) {
  states_.push_back(state);
  if (state != State::kValue) ++empty_;
  if (type_ != Type::kNumber) {
    ids_.push_back(0);
  } else if (is_exact_) {
    exact_.emplace_back();
  } else {
    mantissas_.push_back(0);
  }
}

void Column::count_empty() {
  static_assert(static_cast<int>(State::kValue) == 0);
  empty_ = 0;
  // Eight at a time: nearly all are values.
  std::size_t i = 0;
  for (; i + 8 <= states_.size(); i += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, states_.data() + i, sizeof eight);
    if (eight == 0) continue;
    for (std::size_t k = i; k < i + 8; ++k) {
      empty_ += static_cast<std::size_t>(states_[k] != State::kValue);
    }
  }
  for (; i < states_.size(); ++i) {
    empty_ += static_cast<std::size_t>(states_[i] != State::kValue);
  }
}

void Column::append_state(State state) {
  QZ_ASSERT(state != State::kValue);
  append_empty(state);
}

void Column::append_number(const exact::Number& value) {
  append_empty(State::kNull);
  set_number(states_.size() - 1, value);
}

void Column::append_scaled(std::int64_t mantissa, std::int64_t denominator) {
  append_empty(State::kNull);
  set_scaled(states_.size() - 1, mantissa, denominator);
}

void Column::append_id(std::int32_t id) {
  QZ_ASSERT(type_ != Type::kNumber);
  states_.push_back(State::kValue);
  ids_.push_back(id);
}

void Column::append_cell(const Column& other, std::size_t i) {
  append_empty(State::kNull);
  set_cell(states_.size() - 1, other, i);
}

void Column::set_number(std::size_t i, const exact::Number& value) {
  QZ_ASSERT(type_ == Type::kNumber);
  if (!is_exact_) {
    if (const std::optional<std::int64_t> fits = value.scaled_by(denominator_)) {
      put_state(i, State::kValue);
      mantissas_[i] = *fits;
      return;
    }
    const std::optional<std::int64_t> denominator = value.denominator().to_int64();
    const std::optional<std::int64_t> numerator = value.numerator().to_int64();
    if (denominator && numerator) {
      set_scaled(i, *numerator, *denominator);
      return;
    }
    make_exact();
  }
  put_state(i, State::kValue);
  exact_[i] = value;
}

void Column::set_scaled(std::size_t i, std::int64_t mantissa, std::int64_t denominator) {
  QZ_ASSERT(type_ == Type::kNumber);
  put_state(i, State::kValue);
  if (!is_exact_) {
    std::int64_t m = mantissa;
    if (fit(m, denominator)) {
      mantissas_[i] = m;
      return;
    }
    make_exact();
  }
  exact_[i] = exact::Number::ratio(mantissa, denominator);
}

void Column::set_id(std::size_t i, std::int32_t id) {
  QZ_ASSERT(type_ != Type::kNumber);
  put_state(i, State::kValue);
  ids_[i] = id;
}

void Column::set_state(std::size_t i, State state) {
  QZ_ASSERT(state != State::kValue);
  put_state(i, state);
}

void Column::set_cell(std::size_t i, const Column& other, std::size_t j) {
  if (!other.has_value(j)) {
    set_state(i, other.state(j));
  } else if (type_ != Type::kNumber) {
    set_id(i, other.id(j));
  } else if (other.is_scaled()) {
    set_scaled(i, other.mantissas_[j], other.denominator_);
  } else {
    set_number(i, other.exact_[j]);
  }
}

// Places that follow one another are written as one piece.
void Column::put(std::span<const std::uint32_t> at, const Column& other) {
  QZ_ASSERT(at.size() == other.size());
  if (at.empty()) return;
  const bool moves = type_ == other.type_ && (type_ != Type::kNumber || put_scaled(at, other));
  if (!moves) {
    for (std::size_t k = 0; k < at.size(); ++k) set_cell(at[k], other, k);
    return;
  }
  const bool one_piece = at.back() - at.front() + std::size_t{1} == at.size();
  std::size_t empty = 0;  // cells without a value that are written over
  if (one_piece) {
    const auto first = states_.begin() + at.front();
    empty = at.size() - static_cast<std::size_t>(std::count(
                            first, first + static_cast<std::ptrdiff_t>(at.size()), State::kValue));
    std::copy(other.states_.begin(), other.states_.end(), first);
  } else {
    for (std::size_t k = 0; k < at.size(); ++k) {
      empty += static_cast<std::size_t>(states_[at[k]] != State::kValue);
      states_[at[k]] = other.states_[k];
    }
  }
  empty_ = empty_ - empty + other.empty_;
  if (type_ == Type::kNumber) return;
  if (one_piece) {
    std::copy(other.ids_.begin(), other.ids_.end(), ids_.begin() + at.front());
  } else {
    for (std::size_t k = 0; k < at.size(); ++k) ids_[at[k]] = other.ids_[k];
  }
}

// The mantissas of put(); false where one of the two is exact or a value does not fit.
bool Column::put_scaled(std::span<const std::uint32_t> at, const Column& other) {
  if (is_exact_ || other.is_exact_ || !rescale(other.denominator_)) return false;
  const std::int64_t factor = denominator_ / other.denominator_;
  if (factor == 1 && at.back() - at.front() + std::size_t{1} == at.size()) {
    std::copy(other.mantissas_.begin(), other.mantissas_.end(), mantissas_.begin() + at.front());
    return true;
  }
  for (std::size_t k = 0; k < at.size(); ++k) {
    std::int64_t scaled = 0;
    const bool overflow = __builtin_mul_overflow(other.mantissas_[k], factor, &scaled);
    if (overflow && other.has_value(k)) return false;
    mantissas_[at[k]] = overflow ? 0 : scaled;
  }
  return true;
}

Column Column::picked_or_null(std::span<const std::uint32_t> order, std::uint32_t none) const {
  if (std::find(order.begin(), order.end(), none) == order.end()) return picked(order);
  Column out(type_, order.size(), State::kNull);
  out.denominator_ = denominator_;
  if (is_exact_) out.make_exact();
  for (std::size_t k = 0; k < order.size(); ++k) {
    const std::uint32_t i = order[k];
    if (i == none) continue;
    out.states_[k] = states_[i];
    if (type_ != Type::kNumber) {
      out.ids_[k] = ids_[i];
    } else if (is_exact_) {
      out.exact_[k] = exact_[i];
    } else {
      out.mantissas_[k] = mantissas_[i];
    }
  }
  out.count_empty();
  return out;
}

std::int64_t* Column::open_scaled(std::size_t rows) {
  QZ_ASSERT(type_ == Type::kNumber);
  exact_.clear();
  is_exact_ = false;
  states_.resize(rows);
  mantissas_.resize(rows);
  return mantissas_.data();
}

std::int32_t* Column::open_ids(std::size_t rows) {
  QZ_ASSERT(type_ != Type::kNumber);
  states_.resize(rows);
  ids_.resize(rows);
  return ids_.data();
}

void Column::close(std::size_t rows, std::int64_t denominator) {
  QZ_ASSERT(rows <= states_.size() && denominator > 0);
  states_.resize(rows);
  if (type_ == Type::kNumber) {
    mantissas_.resize(rows);
    denominator_ = denominator;
  } else {
    ids_.resize(rows);
  }
  count_empty();
}

Column Column::picked(std::span<const std::uint32_t> order) const {
  Column out(type_);
  out.denominator_ = denominator_;
  out.is_exact_ = is_exact_;
  pick(states_, order, out.states_);
  if (empty_ > 0) out.count_empty();
  if (type_ != Type::kNumber) {
    pick(ids_, order, out.ids_);
  } else if (is_exact_) {
    pick(exact_, order, out.exact_);
  } else {
    pick(mantissas_, order, out.mantissas_);
  }
  return out;
}

Column Column::from_scaled(std::vector<std::int64_t> mantissas, std::int64_t denominator,
                           std::vector<State> states) {
  QZ_ASSERT(mantissas.size() == states.size() && denominator > 0);
  Column out(Type::kNumber);
  out.mantissas_ = std::move(mantissas);
  out.denominator_ = denominator;
  out.states_ = std::move(states);
  out.count_empty();
  return out;
}

Column Column::from_numbers(std::vector<exact::Number> numbers, std::vector<State> states) {
  QZ_ASSERT(numbers.size() == states.size());
  Column out(Type::kNumber);
  out.exact_ = std::move(numbers);
  out.is_exact_ = true;
  out.states_ = std::move(states);
  out.count_empty();
  return out;
}

Column Column::from_ids(Type type, std::vector<std::int32_t> ids, std::vector<State> states) {
  QZ_ASSERT(ids.size() == states.size() && type != Type::kNumber);
  Column out(type);
  out.ids_ = std::move(ids);
  out.states_ = std::move(states);
  out.count_empty();
  return out;
}

}  // namespace qz::table
