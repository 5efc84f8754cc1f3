// Reports from a sealed ledger: positions of all holders, and the yearly figures of a cycle.
//
// They know no column by name: a cycle report shows whatever tables the ledger has that speak of a
// subject and at most one year or cycle, and totals of that kind.

#ifndef QZ_PUBLISH_REPORT_H_
#define QZ_PUBLISH_REPORT_H_

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "seal/leaf.h"

namespace qz::publish {

struct ReportedPosition {
  std::string entity;
  seal::Position position;
};

// A figure as the ledger has it.
struct ReportedCell {
  std::optional<std::string> value;  // empty: missing
  std::string error;                 // code, where there is one
};

// Names of columns with their units: two units of one column are two columns.
using ReportedColumn = std::pair<std::string, std::string>;

struct ReportedRow {
  std::string entity;  // "" in a table of totals
  std::string period;  // of the key; "" where there is none
  std::map<ReportedColumn, ReportedCell> cells;
};

struct ReportedTable {
  std::string name;
  std::string period;  // "year", "cycle" or ""
  bool totals = false;
  std::vector<ReportedColumn> columns;  // sorted
  std::vector<ReportedRow> rows;        // in the ledger's order
};

struct Report {
  std::string job;
  std::string as_of;
  std::string subject;
  std::vector<ReportedPosition> positions;  // in the ledger's order
  std::vector<ReportedTable> tables;        // by name, totals last
};

// Takes the leaves of a ledger and keeps what the two reports show.
class ReportSink : public seal::LeafSink {
 public:
  void header(const seal::Header& header) override;
  void begin_entity(const std::string& entity) override;
  void entry(const seal::Entry& entry) override;
  void position(const seal::Position& position) override;
  void finding(const base::Finding&) override {}
  void end_entity() override {}
  void total(const seal::Total& total) override;
  void seal(const seal::Seal&) override {}

  Report take();  // once, after the ledger was read

 private:
  void add(const seal::Entry& entry, bool total);

  Report report_;
  std::string entity_;
  std::map<std::pair<bool, std::string>, ReportedTable> tables_;
};

enum class ReportKind { kPositions, kCycle };

// {"report":"positions","job":…,"as_of":…,"rows":[…]}; cycle: "tables" with "units" and "rows".
std::string report_json(const Report& report, ReportKind kind);

}  // namespace qz::publish

#endif  // QZ_PUBLISH_REPORT_H_
