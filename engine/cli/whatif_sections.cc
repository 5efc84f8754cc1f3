#include "cli/whatif_sections.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "cli/listing.h"
#include "text/json.h"

namespace qz::cli {
namespace {

using whatif::Section;
using whatif::SectionCell;
using whatif::SectionFact;
using whatif::SectionHeading;
using whatif::SectionTable;

std::string shown(const SectionCell& cell, std::string_view language) {
  return cell.shown == base::Bilingual{} ? cell.value : cell.shown.in(language);
}

std::string table_text(const SectionTable& table, std::string_view language) {
  std::vector<Listing::Heading> headings;
  for (const SectionHeading& one : table.columns) headings.push_back({one.code, one.title});
  Listing listing(std::move(headings));
  for (const auto& row : table.rows) {
    Listing::Row cells;
    for (const SectionCell& cell : row) cells.push_back(shown(cell, language));
    listing.add(std::move(cells));
  }
  return listing.text(language);
}

void append_table(std::string& out, const SectionTable& table) {
  out += '[';
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    out += r == 0 ? "\n{" : ",\n{";
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      const std::string& value = table.rows[r][c].value;
      if (value.empty()) continue;
      if (out.back() != '{') out += ',';
      text::append_json_string(out, table.columns[c].code);
      out += ':';
      text::append_json_string(out, value);
    }
    out += '}';
  }
  out += ']';
}

void append_facts(std::string& out, const std::vector<SectionFact>& facts) {
  std::map<std::string, int> times;
  for (const SectionFact& one : facts) ++times[one.heading.code];
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const std::string& code = facts[i].heading.code;
    if (times[code] == 0) continue;  // stands in its list
    text::append_json_string(out, code);
    out += times[code] > 1 ? ":[" : ":";
    text::append_json_string(out, facts[i].cell.value);
    for (std::size_t j = i + 1; j < facts.size() && times[code] > 1; ++j) {
      if (facts[j].heading.code != code) continue;
      out += ',';
      text::append_json_string(out, facts[j].cell.value);
    }
    out += times[code] > 1 ? "]," : ",";
    times[code] = 0;
  }
}

}  // namespace

std::string section_text(const Section& section, const Options& options) {
  const std::string& language = options.language;
  std::string out = section.heading.title.in(language) + "\n";
  for (const SectionFact& one : section.facts) {
    if (one.cell.value.empty()) continue;
    out += fmt::format("  {}: {}\n", one.heading.title.in(language), shown(one.cell, language));
  }
  for (const SectionTable& table : section.tables) {
    out += "\n" + table.heading.title.in(language) + "\n" + table_text(table, language);
  }
  if (!section.remarks.empty()) out += "\n";
  for (const base::Bilingual& remark : section.remarks) out += remark.in(language) + "\n";
  return out;
}

std::string section_json(const Section& section) {
  std::string out = "{";
  append_facts(out, section.facts);
  for (const SectionTable& table : section.tables) {
    text::append_json_string(out, table.heading.code);
    out += ':';
    append_table(out, table);
    out += ',';
  }
  out += "\"remarks\":[";
  for (const base::Bilingual& remark : section.remarks) {
    out += out.back() == '[' ? "\n{\"en\":" : ",\n{\"en\":";
    text::append_json_string(out, remark.en);
    out += ",\"zh\":";
    text::append_json_string(out, remark.zh);
    out += '}';
  }
  return out + "]}";
}

void section_lines(const Section& section, const SectionLine& line) {
  const std::string& part = section.heading.code;
  for (const SectionFact& one : section.facts) {
    line(part, "", "", one.heading.code, one.cell.value);
  }
  for (const SectionTable& table : section.tables) {
    for (const auto& row : table.rows) {
      for (std::size_t c = 0; c < row.size(); ++c) {
        if (row[c].value.empty()) continue;
        line(part, table.heading.code, row.front().value, table.columns[c].code, row[c].value);
      }
    }
  }
}

}  // namespace qz::cli
