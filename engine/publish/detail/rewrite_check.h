// Rewrite check: compares what a writer writes with a file, as it is written, so that neither needs
// to be kept.

#ifndef QZ_PUBLISH_DETAIL_REWRITE_CHECK_H_
#define QZ_PUBLISH_DETAIL_REWRITE_CHECK_H_

#include <cstddef>
#include <optional>
#include <string_view>

namespace qz::publish::detail {

class RewriteCheck {
 public:
  enum class Space { kCounts, kFreeBetweenTokens };

  RewriteCheck(std::string_view file, Space space) : file_(file), space_(space) {}

  // The next bytes that the writer wrote: whole JSON tokens where white space between them is free.
  void written(std::string_view bytes);
  // Where the file first differs; empty if it does not. To be called when all is written.
  std::optional<std::size_t> difference();

 private:
  void compare_tokens(std::string_view bytes);
  void skip_space();

  std::string_view file_;
  Space space_;
  std::size_t at_ = 0;
  bool differs_ = false;
};

}  // namespace qz::publish::detail

#endif  // QZ_PUBLISH_DETAIL_REWRITE_CHECK_H_
