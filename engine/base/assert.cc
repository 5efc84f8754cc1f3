// QZ_ASSERT: what happens when the program is wrong.

#include "base/assert.h"

#include <stdexcept>
#include <string>

namespace qz::base {

void assertion_failed(const char* condition, const char* file, int line) {
  throw std::logic_error(std::string(file) + ":" + std::to_string(line) + ": " + condition);
}

}  // namespace qz::base
