// New files: a pack and a factor table to begin with. Texts, kept exactly as they are written out.

#include "cli/new_files.h"

namespace qz::cli {
namespace {

// clang-format off
constexpr std::string_view kPackText = R"skeleton({
  "pack": "@ID@",
  "version": "1",
  "title": {"en": "A pack to begin with", "zh": "起步规则包"},
  "authority": "who publishes the rule",
  "document": "the document and its number",
  "applies": {"from": "2021-01-01"},
  "rounding": "half-even",
  "constants": {
    "mass_ratio": {"value": "44/12", "unit": "1", "cite": "§1"},
    "default_content": {"value": "0.5", "unit": "t/t", "cite": "§2.1"}
  },
  "tables": {
    "entity": {
      "key": ["entity"],
      "columns": {
        "name": {"input": "text", "optional": true, "label": {"en": "Name", "zh": "名称"}}
      }
    },
    "flow_month": {
      "key": ["entity", "stream", "month"],
      "columns": {
        "amount": {"input": "number", "unit": "t", "decimals": 2, "min": "0", "label": {"en": "Amount", "zh": "用量"}},
        "content": {"input": "number", "unit": "t/t", "optional": true, "min": "0", "label": {"en": "Content", "zh": "含量"}},
        "mass": {"unit": "t", "round": 2, "report": true, "label": {"en": "Mass", "zh": "质量"}, "cite": "§2", "cases": [
          {"when": "content != null", "formula": "amount * content * mass_ratio", "how": "measured", "cite": "§2"},
          {"formula": "amount * default_content * mass_ratio", "how": "default", "cite": "§2.1"}]}
      }
    },
    "entity_year": {
      "key": ["entity", "year"],
      "columns": {
        "mass": {"unit": "t", "formula": "sum(flow_month.mass)", "round": 0, "report": true, "label": {"en": "Mass of the year", "zh": "年质量"}, "cite": "§3"}
      }
    }
  },
  "checks": [
    {"id": "content-measured", "table": "flow_month", "severity": "warning", "require": "content != null",
     "message": {"en": "no measured content: the default applies", "zh": "未实测含量，按缺省值计算"}, "cite": "§2.1"}
  ],
  "examples": [
    {"name": "one stream, one month", "source": "worked by hand: 100 t of 0.3 t/t, times 44/12, is 110 t",
     "given": {"entity": [{"entity": "A", "name": "Example"}],
               "flow_month": [{"entity": "A", "stream": "1", "month": "2022-03", "amount": "100.00", "content": "0.3"}]},
     "expect": {"flow_month": [{"entity": "A", "stream": "1", "month": "2022-03", "mass": "110.00"}],
                "entity_year": [{"entity": "A", "year": "2022", "mass": "110"}]}}
  ]
}
)skeleton";

constexpr std::string_view kPackNotes = R"skeleton(# @ID@ 1

Which clause became which column. Change this page together with the pack.

| clause | column | how |
|---|---|---|
| §1 | constant `mass_ratio` | an exact ratio: write `44/12`, not its decimals |
| §2 | `flow_month.mass` | the first case whose `when` holds; rounded to 2 places |
| §2.1 | its second case | the default where nothing was measured; the check warns about it |
| §3 | `entity_year.mass` | months roll up into their year by themselves |

- A column is an `input`, or has a `formula` or `cases`. Every number has a `unit`.
- `report` makes a column part of the ledger.
- `qz packs test @ID@` runs every example; each cell under `expect` must be exactly so.
)skeleton";

constexpr std::string_view kTableText = R"skeleton({
  "name": "@ID@",
  "version": "1",
  "title": "A factor table to begin with",
  "resources": [{
    "name": "@ID@", "path": "rows.csv",
    "schema": {
      "primaryKey": ["region", "valid_from"],
      "fields": [
        {"name": "region", "type": "string"},
        {"name": "valid_from", "type": "date"}, {"name": "valid_to", "type": "date"},
        {"name": "factor", "type": "number", "unit": "tCO2/MWh", "description": "what it says"},
        {"name": "source", "type": "string"}, {"name": "status", "type": "string"}
      ]
    }
  }]
}
)skeleton";

constexpr std::string_view kTableRows =
    "region,valid_from,valid_to,factor,source,status\n"
    "north,2021-01-01,2021-12-31,0.5000,\"the document, table 1\",draft\n"
    "north,2022-01-01,,0.4800,\"the document, table 2\",draft\n";

constexpr std::string_view kTableNotes = R"skeleton(# @ID@ 1

- Every row has a `source` (document and clause) and a `status`: `verified` by two people, `secondary`
  (quoted from another work), `recalled` or `draft`. A used row of the last two gives a finding.
- `valid_from` and `valid_to` are both included; an empty one is open. A formula reads the row that
  holds on the last day of its own period.
- A pack names the table under `factors` and reads it by the last word of its id.
- A correction is a new version in a folder of its own, never a changed row.
)skeleton";
// clang-format on

std::string with_id(std::string_view text, const std::string& id) {
  constexpr std::string_view kMark = "@ID@";
  std::string out(text);
  for (std::size_t at = out.find(kMark); at != std::string::npos; at = out.find(kMark, at)) {
    out.replace(at, kMark.size(), id);
    at += id.size();
  }
  return out;
}

}  // namespace

std::vector<NewFile> pack_files(const std::string& id) {
  return {{"packs/" + id + "/1.json", with_id(kPackText, id)},
          {"packs/" + id + "/1.md", with_id(kPackNotes, id)}};
}

std::vector<NewFile> table_files(const std::string& id) {
  return {{"tables/" + id + "/1/datapackage.json", with_id(kTableText, id)},
          {"tables/" + id + "/1/rows.csv", std::string(kTableRows)},
          {"tables/" + id + "/1/README.md", with_id(kTableNotes, id)}};
}

}  // namespace qz::cli
