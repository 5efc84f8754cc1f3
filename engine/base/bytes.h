// Bytes: the whole contents of a file, in memory or mapped, shared by those who read them.

#ifndef QZ_BASE_BYTES_H_
#define QZ_BASE_BYTES_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace qz::base {

class Bytes {
 public:
  Bytes() = default;
  // Implicit: a text in memory is the common case of tests. Precondition: not null.
  // NOLINTNEXTLINE(google-explicit-constructor)
  Bytes(std::shared_ptr<const std::string> text) : view_(*text), keeper_(std::move(text)) {}
  // `view` lives as long as `keeper`.
  Bytes(std::string_view view, std::shared_ptr<const void> keeper)
      : view_(view), keeper_(std::move(keeper)) {}

  explicit operator bool() const { return keeper_ != nullptr; }
  std::string_view operator*() const { return view_; }
  const std::string_view* operator->() const { return &view_; }

 private:
  std::string_view view_;
  std::shared_ptr<const void> keeper_;
};

}  // namespace qz::base

#endif  // QZ_BASE_BYTES_H_
