// Mostly the bytes are equal and one comparison of memory says so; only otherwise are they looked
// at one by one.

#include "publish/detail/rewrite_check.h"

#include <algorithm>

namespace qz::publish::detail {
namespace {

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

}  // namespace

void RewriteCheck::written(std::string_view bytes) {
  if (differs_) return;
  if (file_.substr(at_).starts_with(bytes)) {
    at_ += bytes.size();
  } else if (space_ == Space::kFreeBetweenTokens) {
    compare_tokens(bytes);
  } else {
    differs_ = true;
    const std::string_view rest = file_.substr(at_);
    at_ += static_cast<std::size_t>(
        std::mismatch(rest.begin(), rest.end(), bytes.begin(), bytes.end()).first - rest.begin());
  }
}

void RewriteCheck::compare_tokens(std::string_view bytes) {
  bool in_string = false;
  bool escaped = false;
  for (const char c : bytes) {
    if (!in_string) {
      if (is_space(c)) continue;
      skip_space();
    }
    if (at_ == file_.size() || file_[at_] != c) {
      differs_ = true;
      return;
    }
    ++at_;
    if (escaped) {
      escaped = false;
    } else if (in_string && c == '\\') {
      escaped = true;
    } else if (c == '"') {
      in_string = !in_string;
    }
  }
}

void RewriteCheck::skip_space() {
  while (at_ < file_.size() && is_space(file_[at_])) ++at_;
}

std::optional<std::size_t> RewriteCheck::difference() {
  if (!differs_ && space_ == Space::kFreeBetweenTokens) skip_space();
  if (differs_ || at_ != file_.size()) return at_;
  return std::nullopt;
}

}  // namespace qz::publish::detail
