// Session: what the readers of one job's tables share: where texts and units are kept, and the
// problems with the order that they are told in.

#ifndef QZ_READ_DETAIL_SESSION_H_
#define QZ_READ_DETAIL_SESSION_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/finding.h"
#include "exact/unit.h"
#include "read/input_tables.h"
#include "rules/checked_packs.h"
#include "table/text_pool.h"

namespace qz::read::detail {

// Of one file. More would say the same thing again, and cost memory that a file can make large.
inline constexpr std::size_t kProblemsMax = 1000;

class Session {
 public:
  Session(const rules::CheckedPacks& packs, const exact::UnitCatalogue& units,
          table::TextPool& pool, base::Findings& findings);

  const rules::CheckedPacks& packs;
  const exact::UnitCatalogue& units;
  table::TextPool& pool;
  base::Findings& findings;
  InputTables out;

  // A new file; its index is what rows and problems refer to. Its name may stand in several files.
  std::uint16_t add_file(const std::string& table, const std::string& name, bool context);

  // False if the file has had so many problems that reading it should stop.
  bool add_problem(std::uint16_t file, base::Finding finding);
  bool add_problem(std::uint16_t file, const char* code, std::uint32_t line, std::string column,
                   std::string en, std::string zh);
  bool has_problems(std::uint16_t file) const { return counts_[file] > 0; }
  // Gives the problems away: in the order of files, then of lines.
  void move_problems(base::Findings& to);

  // One id for all texts that are the same with letter case, width and spaces folded: that of the
  // first of them which was asked for.
  std::int32_t folded(std::int32_t text);
  std::uint16_t unit_index(const exact::Unit& unit);

 private:
  struct Problem {
    std::uint16_t file;
    base::Finding finding;
  };

  std::vector<Problem> problems_;
  std::vector<std::size_t> counts_;  // problems by file
  table::TextPool folded_pool_;
  std::vector<std::int32_t> first_;   // by id in folded_pool_: the text that stands for all
  std::vector<std::int32_t> folded_;  // by text id; -1 not known yet
};

// ' (did you mean "x"?)' in both languages, or nothing.
base::Bilingual hint(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace qz::read::detail

#endif  // QZ_READ_DETAIL_SESSION_H_
