// JSON cursor: pulls tokens of known order from a text, in place, without building anything.
//
// Always holds: after the first failure nothing is taken any more, so that callers need to look at
// ok() only where they loop; no recursion; no string and no leaf longer than the limits.

#ifndef QZ_PUBLISH_DETAIL_JSON_CURSOR_H_
#define QZ_PUBLISH_DETAIL_JSON_CURSOR_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/finding.h"

namespace qz::publish::detail {

// The line and column of the byte at `offset`.
base::Place place_at(std::string_view bytes, std::size_t offset, const std::string& file);

class JsonCursor {
 public:
  JsonCursor(std::string_view bytes, const std::string& file) : bytes_(bytes), file_(file) {}

  bool ok() const { return !failure_; }
  const std::optional<base::Finding>& failure() const { return failure_; }
  // What is taken from here on is one leaf, up to the next call.
  void begin_leaf() { leaf_begin_ = at_; }
  // Notes the first failure, at the token that comes next.
  void fail(std::string code, std::string en, std::string zh);

  // Takes the next token if it is `token` (punctuation, a quoted name without escapes, null).
  bool take(std::string_view token);
  // The same for a comma and `token` together: takes both or none.
  bool take_after_comma(std::string_view token);
  // True if the next token is `token`; takes nothing.
  bool sees(std::string_view token);
  // Fails where the next token is another.
  void need(std::string_view token);
  // A string, decoded; fails where there is none, or where it holds what no ledger holds.
  void text(std::string& out);
  // A whole number from 0 to `largest`, without sign, leading zero or exponent.
  std::uint64_t integer(std::uint64_t largest);
  // Fails where more than white space is left.
  void end();

 private:
  void skip_space();
  void escape(std::string& out);
  std::uint32_t hex_unit();

  std::string_view bytes_;
  const std::string& file_;
  std::size_t at_ = 0;
  std::size_t leaf_begin_ = 0;
  std::optional<base::Finding> failure_;
};

// The members of one object in their order: need() those that always stand, has() those that may.
class JsonObjectCursor {
 public:
  explicit JsonObjectCursor(JsonCursor& in) : in_(in) { in_.need("{"); }

  // Takes the name of the next member (given with its quotes) if it is this one.
  bool has(std::string_view quoted);
  void need(std::string_view quoted);
  void need_text(std::string_view quoted, std::string& out) {
    need(quoted);
    in_.text(out);
  }
  // A member that stands only where its text is not empty.
  void maybe_text(std::string_view quoted, std::string& out);
  // A member of any name.
  bool any(std::string& name);
  void end() { in_.need("}"); }

 private:
  JsonCursor& in_;
  bool first_ = true;
};

// Calls `read`, which takes an item, for each item of an array.
template <class Read>
void read_json_array(JsonCursor& in, const Read& read) {
  in.need("[");
  if (in.take("]")) return;
  do {
    read();
  } while (in.ok() && in.take(","));
  in.need("]");
}

}  // namespace qz::publish::detail

#endif  // QZ_PUBLISH_DETAIL_JSON_CURSOR_H_
