// Packs for tests: inline JSON read by the pack reader.

#ifndef QZ_TESTS_SUPPORT_PACKS_H_
#define QZ_TESTS_SUPPORT_PACKS_H_

#include <string>
#include <vector>

#include "rules/pack_reader.h"

namespace qz::rules {

struct ReadPacks {
  std::vector<Pack> packs;
  std::vector<std::string> problems;  // as printed, in English

  // The pack "p@1", or nullptr.
  const Pack* find(const std::string& name) const {
    for (const Pack& pack : packs) {
      if (pack.name() == name) return &pack;
    }
    return nullptr;
  }
};

// Each text is a file: 1.json, 2.json, …
inline ReadPacks read_texts(const std::vector<std::string>& texts) {
  std::vector<PackFile> files;
  for (const std::string& text : texts) {
    const std::string name = std::to_string(files.size() + 1) + ".json";
    files.push_back({name, text, "sha256 of " + name});
  }
  base::Findings problems;
  ReadPacks out;
  out.packs = read_packs(files, problems);
  for (const base::Finding& finding : problems) {
    out.problems.push_back(base::finding_line(finding, "en"));
  }
  return out;
}

// A file of pack "p" that applies from the first day of the year 2000 + version.
inline std::string pack_text(int version, const std::string& members) {
  const std::string year = std::to_string(2000 + version);
  std::string out = R"({"pack": "p", "version": ")" + std::to_string(version);
  out += R"(", "applies": {"from": ")" + year + R"(-01-01", "to": ")" + year + R"(-12-31"})";
  return out + (members.empty() ? "" : ",\n" + members) + "}";
}

}  // namespace qz::rules

#endif  // QZ_TESTS_SUPPORT_PACKS_H_
