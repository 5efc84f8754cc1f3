// JSON members: writes objects of known shape straight into a buffer, without a document.

#ifndef QZ_SEAL_JSON_MEMBERS_H_
#define QZ_SEAL_JSON_MEMBERS_H_

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include "text/json.h"

namespace qz::seal {

// One object, member by member. Names known to the program are given quoted, with their colon
// ("\"table\":"), so that they are not escaped again for every leaf.
class JsonMembers {
 public:
  explicit JsonMembers(std::string& out) : out_(out) {}

  void begin(std::string_view quoted) {
    separate();
    out_ += quoted;
  }
  void text(std::string_view quoted, std::string_view value) {
    begin(quoted);
    text::append_json_string(out_, value);
  }
  // Left out where empty.
  void optional(std::string_view quoted, std::string_view value) {
    if (!value.empty()) text(quoted, value);
  }
  void integer(std::string_view quoted, std::uint64_t value) {
    begin(quoted);
    char digits[20];
    out_.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
  }
  // A name that comes from data.
  void named(std::string_view name, std::string_view value) {
    separate();
    text::append_json_string(out_, name);
    out_ += ':';
    text::append_json_string(out_, value);
  }
  void end() { out_ += first_ ? "{}" : "}"; }

 private:
  void separate() {
    out_ += first_ ? '{' : ',';
    first_ = false;
  }

  std::string& out_;
  bool first_ = true;
};

// `["a","b"]`: each item of `items` written by `write(out, item)`.
template <class Items, class Write>
void append_json_array(std::string& out, const Items& items, const Write& write) {
  out += '[';
  bool first = true;
  for (const auto& item : items) {
    if (!first) out += ',';
    first = false;
    write(out, item);
  }
  out += ']';
}

}  // namespace qz::seal

#endif  // QZ_SEAL_JSON_MEMBERS_H_
