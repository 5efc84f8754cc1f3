// Headings: what stands at the top of a file, matched with the columns that the packs declare.
//
// In this order: a heading that the job maps, a code, a label in any language; then the same once
// more without a unit in brackets at its end; then a companion ("FC@mode").

#ifndef QZ_READ_DETAIL_HEADINGS_H_
#define QZ_READ_DETAIL_HEADINGS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "exact/unit.h"
#include "read/detail/session.h"

namespace qz::read::detail {

inline constexpr std::array<std::string_view, 4> kCompanions = {"mode", "source", "evidence", "by"};

// What the cells under a heading are.
struct Target {
  enum class Kind : std::uint8_t { kIgnored, kKey, kInput, kCompanion };
  Kind kind = Kind::kIgnored;
  std::int32_t column = -1;         // index in CheckedTable::columns
  std::string_view companion;       // of kCompanion, one of kCompanions
  std::optional<exact::Unit> unit;  // where the heading names one
};

// Why a heading is refused.
struct HeadingProblem {
  const char* code;
  base::Bilingual message;
  std::int32_t column = -1;  // that was meant, where it is known
};

using Heading = std::variant<Target, HeadingProblem>;

class HeadingMatcher {
 public:
  // JSON and XML name columns by code and have the packs' units.
  enum class Form : std::uint8_t { kCsv, kJson, kXml };

  HeadingMatcher(const Session& session, const rules::CheckedTable& table, const TableFile& file,
                 Form form, bool any_column);

  Heading match(const std::string& name) const;
  // True if the job says that this heading is passed over.
  bool is_ignored(const std::string& name) const;
  // The column that a code names, if a file of this kind may give it.
  std::optional<std::int32_t> readable_column(const std::string& code) const;
  // Codes and labels that a heading may be, for hints.
  std::vector<std::string> known_names() const;

 private:
  bool is_readable(std::int32_t column) const;
  // The columns that a name stands for, by the job's map, code, or label.
  std::vector<std::int32_t> named(const std::string& name) const;
  std::optional<Heading> match_name(const std::string& name,
                                    std::optional<std::string_view> unit_text) const;
  std::optional<Heading> match_with_unit(const std::string& name) const;
  std::optional<Heading> match_companion(const std::string& name) const;
  Heading target(std::int32_t column, std::optional<std::string_view> unit_text) const;
  Heading unknown(const std::string& name) const;

  const Session& session_;
  const rules::CheckedTable& table_;
  const TableFile& file_;
  Form form_;
  bool any_column_;  // computed ones too: context rows hold whatever the file gives
  std::unordered_map<std::string, std::vector<std::int32_t>> labels_;
};

}  // namespace qz::read::detail

#endif  // QZ_READ_DETAIL_HEADINGS_H_
