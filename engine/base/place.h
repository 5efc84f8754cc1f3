// Place: where in a file something stands, for messages that a person can follow.

#ifndef QZ_BASE_PLACE_H_
#define QZ_BASE_PLACE_H_

#include <cstdint>
#include <string>

namespace qz::base {

// `line` and `column` count from 1; 0 means "not known". Columns count characters (code points).
struct Place {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  // "fuel.csv:14:3", "fuel.csv:14", "fuel.csv" or "" as far as it is known.
  std::string to_string() const;

  bool operator==(const Place&) const = default;
};

}  // namespace qz::base

#endif  // QZ_BASE_PLACE_H_
