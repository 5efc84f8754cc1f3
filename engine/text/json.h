// JSON as a document with places and without loss: numbers keep their text, repeated names are
// refused. For packs, jobs, units and schemas; large tables are read record by record
// (json_records.h).

#ifndef QZ_TEXT_JSON_H_
#define QZ_TEXT_JSON_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace qz::text {

struct JsonLimits {
  std::size_t depth = 64;
  std::size_t bytes = 64u << 20;
  std::size_t values = 4u << 20;
};

class JsonValue {
 public:
  enum class Kind : std::uint8_t { kNull, kBool, kNumber, kString, kArray, kObject };
  using Member = std::pair<std::string, JsonValue>;

  // Written out since a class that holds pairs of itself must be complete before its pairs are.
  JsonValue();
  ~JsonValue();
  JsonValue(const JsonValue&);
  JsonValue(JsonValue&&) noexcept;
  JsonValue& operator=(const JsonValue&);
  JsonValue& operator=(JsonValue&&) noexcept;

  Kind kind = Kind::kNull;
  std::uint32_t line = 0;    // where the value begins
  std::uint32_t column = 0;  // in characters
  bool boolean = false;
  std::string text;              // of a string (decoded) or a number (as written)
  std::vector<JsonValue> items;  // of an array
  std::vector<Member> members;   // of an object, in the written order

  bool is(Kind wanted) const { return kind == wanted; }
  // The member of that name, or nullptr.
  const JsonValue* find(std::string_view name) const;
};

// A whole file. Failures: "malformed-json" with line and column; too deep, too large, a repeated
// name, trailing text: each its own sentence. Recursion-free or depth-limited: nothing crashes it.
base::Result<JsonValue> parse_json(std::string_view utf8, const std::string& file,
                                   const JsonLimits& limits = {});

// Appends `utf8` as a JSON string with quotes, escaped as RFC 8785 demands (which is also ordinary
// JSON). The one escaper of the program.
void append_json_string(std::string& out, std::string_view utf8);

// RFC 8785 (JCS) form: members sorted by UTF-16 code units, no white space. The product writes
// numbers as strings, so the ECMAScript form of fractions is not needed here. Precondition: every
// number satisfies is_canonical_integer (a reader of foreign JSON checks that first).
std::string canonical_json(const JsonValue& value);

// True if `number` is an integer whose text RFC 8785 would give back unchanged: at most 2^53, no
// sign but '-', no leading zero, no point, no exponent.
bool is_canonical_integer(std::string_view number);

// Compares names as RFC 8785 sorts them (UTF-16 code units).
bool canonical_less(std::string_view a, std::string_view b);

}  // namespace qz::text

#endif  // QZ_TEXT_JSON_H_
