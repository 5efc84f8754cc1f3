// Any bytes as one or two pack files: packs or findings, and a pack never differs from itself.
//
// A NUL byte parts the files, so that `extends` is reached.

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/assert.h"
#include "rules/pack_diff.h"
#include "rules/pack_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t part = bytes.find('\0');
  std::vector<qz::rules::PackFile> files{{"1.json", bytes.substr(0, part), ""}};
  if (part != std::string::npos) files.push_back({"2.json", bytes.substr(part + 1), ""});
  qz::base::Findings problems;
  const auto packs = qz::rules::read_packs(files, problems);
  QZ_ASSERT(packs.size() <= files.size());
  QZ_ASSERT(packs.size() == files.size() || !problems.empty());
  for (const qz::base::Finding& problem : problems) QZ_ASSERT(!problem.message.en.empty());
  for (const qz::rules::Pack& pack : packs) QZ_ASSERT(qz::rules::diff(pack, pack).empty());
  if (packs.size() == 2) qz::rules::diff(packs[0], packs[1]);
  return 0;
}
