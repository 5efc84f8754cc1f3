// JSON as events with places: the one use of nlohmann's SAX reader, under both the document reader
// (json.h) and the record reader (json_records.cc).
//
// Always holds: no recursion, no token longer than the limit, numbers as they are written.

#ifndef QZ_TEXT_DETAIL_JSON_EVENTS_H_
#define QZ_TEXT_DETAIL_JSON_EVENTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/finding.h"
#include "text/json.h"

namespace qz::text::detail {

// Where a token begins.
struct JsonPosition {
  std::size_t offset = 0;
  std::uint32_t line = 1;
  std::uint32_t column = 1;  // in characters
};

// Each function returns false to stop reading.
class JsonEvents {
 public:
  virtual ~JsonEvents() = default;
  virtual bool open(JsonValue::Kind kind, const JsonPosition& at) = 0;
  virtual bool close(const JsonPosition& at) = 0;
  virtual bool name(std::string& name, const JsonPosition& at) = 0;
  virtual bool string(std::string& text, const JsonPosition& at) = 0;
  virtual bool number(std::string_view text, const JsonPosition& at) = 0;
  virtual bool boolean(bool value, const JsonPosition& at) = 0;
  virtual bool null(const JsonPosition& at) = 0;
};

struct JsonScanLimits {
  std::size_t depth = 64;
  std::size_t token_bytes = 64u << 20;
};

// Gives every token of `utf8` to `events`. Empty if the whole text was read or `events` stopped;
// else why the reading could not go on.
std::optional<base::Finding> scan_json(std::string_view utf8, const std::string& file,
                                       const JsonScanLimits& limits, JsonEvents& events);

}  // namespace qz::text::detail

#endif  // QZ_TEXT_DETAIL_JSON_EVENTS_H_
