// Any bytes as a formula: a tree within its limits that prints and parses to itself, or one
// finding.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "../support/expression_text.h"
#include "base/assert.h"
#include "rules/parser.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto tree = qz::rules::parse_expression(text, {"formula", 1, 1});
  if (!tree) {
    QZ_ASSERT(tree.failure().code == "malformed-formula");
    QZ_ASSERT(!tree.failure().message.en.empty());
    QZ_ASSERT(tree.failure().place.column <= size + 1);
    return 0;
  }
  QZ_ASSERT((*tree)->height <= qz::rules::kHeightMax);
  // The canonical print has more brackets, so a tree near the limit of nesting may not come back,
  // and it cuts numbers of very many digits.
  const std::string printed = qz::rules::expression_text(**tree);
  const auto again = qz::rules::parse_expression(printed, {});
  if (again) QZ_ASSERT(qz::rules::expression_text(**again) == printed);
  return 0;
}
