// Session: problems are kept as they come and sorted once, by file and line.

#include "read/detail/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/assert.h"
#include "base/nearest_name.h"
#include "text/encoding.h"

namespace qz::read::detail {

Session::Session(const rules::CheckedPacks& packs_in, const exact::UnitCatalogue& units_in,
                 table::TextPool& pool_in, base::Findings& findings_in)
    : packs(packs_in), units(units_in), pool(pool_in), findings(findings_in) {
  out.tables.resize(packs.tables.size());
  for (std::size_t i = 0; i < packs.tables.size(); ++i) {
    const rules::CheckedTable& table = packs.tables[i];
    out.tables[i].table = static_cast<std::int32_t>(i);
    for (std::size_t k = 0; k < table.key_size; ++k) {
      out.tables[i].keys.emplace_back(table.columns[k].type);
    }
  }
}

std::uint16_t Session::add_file(const std::string& table, const std::string& name, bool context) {
  QZ_ASSERT(out.files.size() < std::numeric_limits<std::uint16_t>::max());
  out.files.push_back({table, name, 0, context});
  counts_.push_back(0);
  return static_cast<std::uint16_t>(out.files.size() - 1);
}

bool Session::add_problem(std::uint16_t file, base::Finding finding) {
  if (counts_[file] > kProblemsMax) return false;
  if (++counts_[file] > kProblemsMax) {
    finding = base::failure(
        "too-many-problems", finding.place,
        fmt::format("more than {} problems; reading stops here (mend these first)", kProblemsMax),
        fmt::format("问题超过 {} 个，到此停止读取（请先改正以上问题）", kProblemsMax));
  }
  if (finding.table.empty()) finding.table = out.files[file].table;
  problems_.push_back({file, std::move(finding)});
  return counts_[file] <= kProblemsMax;
}

bool Session::add_problem(std::uint16_t file, const char* code, std::uint32_t line,
                          std::string column, std::string en, std::string zh) {
  base::Finding finding =
      base::failure(code, {out.files[file].name, line, 0}, std::move(en), std::move(zh));
  finding.column = std::move(column);
  return add_problem(file, std::move(finding));
}

void Session::move_problems(base::Findings& to) {
  std::stable_sort(problems_.begin(), problems_.end(), [](const Problem& a, const Problem& b) {
    return std::pair(a.file, a.finding.place.line) < std::pair(b.file, b.finding.place.line);
  });
  for (Problem& problem : problems_) to.push_back(std::move(problem.finding));
  problems_.clear();
}

std::int32_t Session::folded(std::int32_t text) {
  const auto id = static_cast<std::size_t>(text);
  if (id >= folded_.size()) folded_.resize(std::max(pool.size(), id + 1), -1);
  if (folded_[id] >= 0) return folded_[id];
  const auto same =
      static_cast<std::size_t>(folded_pool_.intern(text::folded_key(pool.text(text))));
  if (same == first_.size()) first_.push_back(text);
  return folded_[id] = first_[same];
}

std::uint16_t Session::unit_index(const exact::Unit& unit) {
  const auto same = [&](const exact::Unit& one) { return one.text == unit.text; };
  const auto found = std::find_if(out.units.begin(), out.units.end(), same);
  const auto index = static_cast<std::size_t>(found - out.units.begin());
  if (found == out.units.end()) out.units.push_back(unit);
  QZ_ASSERT(index <= std::numeric_limits<std::uint16_t>::max());
  return static_cast<std::uint16_t>(index);
}

base::Bilingual hint(std::string_view name, const std::vector<std::string>& candidates) {
  const std::string near = base::nearest_name(name, candidates);
  if (near.empty()) return {};
  return {fmt::format(" (did you mean \"{}\"?)", near), fmt::format("（是否指“{}”？）", near)};
}

}  // namespace qz::read::detail
