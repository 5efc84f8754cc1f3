// Place: the printed form, file:line:column as far as each is known.

#include "base/place.h"

namespace qz::base {

std::string Place::to_string() const {
  std::string out = file;
  if (line == 0) return out;
  out += ':' + std::to_string(line);
  if (column != 0) out += ':' + std::to_string(column);
  return out;
}

}  // namespace qz::base
