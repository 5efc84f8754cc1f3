// Explanation: the derivation of one figure, down to input cells, factor rows, constants and
// clauses.

#ifndef QZ_PUBLISH_EXPLANATION_H_
#define QZ_PUBLISH_EXPLANATION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "compute/results.h"

namespace qz::publish {

// In whose words an explanation is told. Names, formulas and clauses are the packs' own.
enum class Language : std::uint8_t { kEnglish, kChinese };

// One line of the tree.
struct Explanation {
  std::string name;   // "unit_month.E", "ratio", "factors(kind).value"
  std::string label;  // the column's, where Chinese is asked for
  std::string key;    // "A, 1, 2023-01" where it is another row than the parent's
  std::string value;  // "2044.78", "missing", "not applicable", "error: missing-factor"
  std::string unit;
  std::string cite;
  std::string how;  // "measured", "default", "formula", "override" …
  std::string
      formula;  // as written, with the rounding: "FC * C_ar, rounded half-up to 2 from 2044.779"
  std::string exact;  // before rounding, where it differs
  std::string origin;  // "unit_month.csv:2 (mode …, source …, evidence …)", "cn.x@1, row …, status
                       // recalled, source …"
  std::vector<Explanation> children;
  std::size_t left_out = 0;  // children of a long list that were not shown
};

// The tree for one cell, at most `depth` levels (0: all) and `children_max` rows of a list.
Explanation explain(const compute::Results& results, std::int32_t table, std::int32_t column,
                    std::uint32_t row, int depth, std::size_t children_max,
                    Language language = Language::kEnglish);

// With box characters, for a terminal; or as JSON, whose words are English for programs' sake.
std::string explanation_text(const Explanation& top, Language language = Language::kEnglish);
std::string explanation_json(const Explanation& top);

}  // namespace qz::publish

#endif  // QZ_PUBLISH_EXPLANATION_H_
