// CollectingSink: what a record reader gives, as one text that a test can compare.

#ifndef QZ_TESTS_UNIT_TEXT_COLLECTING_SINK_H_
#define QZ_TESTS_UNIT_TEXT_COLLECTING_SINK_H_

#include <string>
#include <utility>
#include <vector>

#include "base/finding.h"
#include "text/records.h"

namespace qz::text {

class CollectingSink final : public RecordSink {
 public:
  struct Row {
    std::uint32_t line = 0;
    std::vector<std::string> cells;
    bool operator==(const Row&) const = default;
  };

  bool headings(const std::vector<std::string>& list, std::uint32_t line) override {
    names = list;
    header_line = line;
    return true;
  }
  bool record(const Record& record) override {
    rows.push_back({record.line, {record.cells.begin(), record.cells.end()}});
    return stop_after == 0 || rows.size() < stop_after;
  }
  void problem(base::Finding finding) override { problems.push_back(std::move(finding)); }

  // "2: a|b" for each row, and "! <what people see> [code]" for each problem.
  std::string story() const {
    std::string out = "[";
    for (const std::string& name : names) out += (&name == &names.front() ? "" : "|") + name;
    out += "]\n";
    for (const Row& row : rows) {
      out += std::to_string(row.line) + ": ";
      for (const std::string& cell : row.cells)
        out += (&cell == &row.cells.front() ? "" : "|") + cell;
      out += "\n";
    }
    for (const base::Finding& finding : problems) {
      out += "! " + base::finding_line(finding, "en") + " [" + finding.code + "]\n";
    }
    return out;
  }

  std::vector<std::string> names;
  std::uint32_t header_line = 0;
  std::vector<Row> rows;
  base::Findings problems;
  std::size_t stop_after = 0;  // 0: never
};

}  // namespace qz::text

#endif  // QZ_TESTS_UNIT_TEXT_COLLECTING_SINK_H_
