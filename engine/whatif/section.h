// Section: a part of a study's result as facts, tables and remarks, so that every writer can show
// it without knowing what it is about.

#ifndef QZ_WHATIF_SECTION_H_
#define QZ_WHATIF_SECTION_H_

#include <string>
#include <utility>
#include <vector>

#include "base/finding.h"

namespace qz::whatif {

// A value for programs and, where people should read another word, that word.
struct SectionCell {
  // NOLINTNEXTLINE(google-explicit-constructor): most cells are plain texts
  SectionCell(std::string text) : value(std::move(text)) {}
  SectionCell(std::string code, base::Bilingual word)
      : value(std::move(code)), shown(std::move(word)) {}

  std::string value;  // empty: there is none
  base::Bilingual shown;
};

struct SectionHeading {
  std::string code;  // for programs
  base::Bilingual title;
};

struct SectionFact {
  SectionHeading heading;
  SectionCell cell;
};

struct SectionTable {
  SectionHeading heading;
  std::vector<SectionHeading> columns;
  std::vector<std::vector<SectionCell>> rows;  // as many cells as columns
};

struct Section {
  SectionHeading heading;
  std::vector<SectionFact> facts;
  std::vector<SectionTable> tables;
  std::vector<base::Bilingual> remarks;  // sentences
};

}  // namespace qz::whatif

#endif  // QZ_WHATIF_SECTION_H_
