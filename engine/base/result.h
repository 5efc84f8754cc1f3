// Result<T>: a value, or the one Finding that says why there is none.
//
// For an operation that fails as a whole: a file that is not JSON, a pack that does not
// type-check. Findings about single rows are collected in Findings instead, so that one bad row
// never hides the next.

#ifndef QZ_BASE_RESULT_H_
#define QZ_BASE_RESULT_H_

#include <string>
#include <utility>
#include <variant>

#include "base/assert.h"
#include "base/finding.h"

namespace qz::base {

// A failure with a code, a place and a sentence; severity error.
inline Finding failure(std::string code, Place place, std::string message_en,
                       std::string message_zh = {}) {
  Finding out;
  out.code = std::move(code);
  out.place = std::move(place);
  out.message = {std::move(message_en), std::move(message_zh)};
  return out;
}

template <class T>
class [[nodiscard]] Result {
 public:
  // Implicit: a function returns the value or the finding itself.
  // NOLINTNEXTLINE(google-explicit-constructor)
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  Result(Finding failure) : state_(std::in_place_index<1>, std::move(failure)) {}

  explicit operator bool() const { return state_.index() == 0; }
  T& value() {
    QZ_ASSERT(state_.index() == 0);
    return std::get<0>(state_);
  }
  const T& value() const {
    QZ_ASSERT(state_.index() == 0);
    return std::get<0>(state_);
  }
  T& operator*() { return value(); }
  const T& operator*() const { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  const Finding& failure() const {
    QZ_ASSERT(state_.index() == 1);
    return std::get<1>(state_);
  }

 private:
  std::variant<T, Finding> state_;
};

}  // namespace qz::base

#endif  // QZ_BASE_RESULT_H_
