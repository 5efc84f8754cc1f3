// Pack checks: each check over the rows of its table and edition.

#include "check/pack_checks.h"

#include <algorithm>
#include <map>
#include <optional>

#include "check/message_text.h"
#include "compute/by_period.h"
#include "compute/evaluate.h"

namespace qz::check {
namespace {

using table::State;

class PackChecks {
 public:
  PackChecks(const compute::Results& results, base::Findings& findings)
      : results_(results), evaluation_(results), findings_(findings) {}

  std::set<compute::UsedFactor> run() {
    for (const rules::CheckedCheck& check : results_.packs->checks) {
      std::vector<std::uint32_t> rows = rows_of(check);
      if (check.when && !rows.empty()) rows = where_true(check, rows);
      if (rows.empty()) continue;
      const table::Column holds = evaluation_.cells(check.require, check.table, rows);
      report_errors(check);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        if (holds.has_value(i) && holds.id(i) != 0) continue;
        if (!table::is_error(holds.state(i))) report(check, rows[i], holds.has_value(i));
      }
    }
    return evaluation_.take_used_factors();
  }

 private:
  // Rows of the check's table whose period the check's edition covers.
  const std::vector<std::uint32_t>& rows_of(const rules::CheckedCheck& check) {
    std::optional<std::vector<std::uint32_t>>& known = rows_[{check.table, check.edition}];
    if (!known) known = find_rows(check);
    return *known;
  }

  std::vector<std::uint32_t> find_rows(const rules::CheckedCheck& check) const {
    const rules::CheckedTable& of = results_.packs->tables[static_cast<std::size_t>(check.table)];
    const compute::TableRows& in = results_.tables[static_cast<std::size_t>(check.table)];
    const std::int32_t pack =
        results_.packs->editions[static_cast<std::size_t>(check.edition)].pack_index;
    compute::ByPeriod<bool> covered;
    std::vector<std::uint32_t> out;
    for (std::size_t row = 0; row < in.rows; ++row) {
      if (in.is_context[row] != 0) continue;
      const std::int32_t period =
          of.period_column ? in.columns[static_cast<std::size_t>(*of.period_column)].id(row) : 0;
      const bool is_covered = covered.at(period, [&](std::int32_t index) {
        const base::Date day = of.period_column
                                   ? base::last_day({of.period, index}, results_.packs->cycle)
                                   : results_.packs->cycle.last_day();
        return results_.packs->edition_at(pack, day) == check.edition;
      });
      if (is_covered) out.push_back(static_cast<std::uint32_t>(row));
    }
    return out;
  }

  std::vector<std::uint32_t> where_true(const rules::CheckedCheck& check,
                                        const std::vector<std::uint32_t>& rows) {
    const table::Column applies = evaluation_.cells(*check.when, check.table, rows);
    report_errors(check);
    std::vector<std::uint32_t> out;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (applies.has_value(i) && applies.id(i) != 0) {
        out.push_back(rows[i]);
      } else if (applies.state(i) == State::kNull || applies.state(i) == State::kNotApplicable) {
        report(check, rows[i], false);
      }
    }
    return out;
  }

  void report_errors(const rules::CheckedCheck& check) {
    for (compute::FreshError& error : evaluation_.take_errors()) {
      base::Finding out = about(check, error.row);
      out.code = table::error_code(error.state);
      out.message = {"check " + check.definition->id + ": " + error.detail_en,
                     "检查 " + check.definition->id + "：" + error.detail_zh};
      findings_.push_back(std::move(out));
    }
  }

  base::Finding about(const rules::CheckedCheck& check, std::uint32_t row) const {
    base::Finding out;
    out.table = results_.packs->tables[static_cast<std::size_t>(check.table)].name;
    out.key = results_.key(check.table, row);
    out.place = results_.place(check.table, row);
    out.cite = check.definition->cite;
    return out;
  }

  void report(const rules::CheckedCheck& check, std::uint32_t row, bool decided) {
    base::Finding out = about(check, row);
    out.code = check.definition->id;
    out.severity = check.definition->severity;
    out.message = message_text(results_, evaluation_, check, row);
    if (!decided) {
      out.severity = std::min(out.severity, base::Severity::kWarning);
      out.message.zh =
          "无法检查（缺少数值）：" + (out.message.zh.empty() ? out.message.en : out.message.zh);
      out.message.en = "cannot be checked, a value is missing: " + out.message.en;
    }
    findings_.push_back(std::move(out));
  }

  const compute::Results& results_;
  compute::Evaluation evaluation_;
  base::Findings& findings_;
  // By table and edition: checks come in groups.
  std::map<std::pair<std::int32_t, std::int32_t>, std::optional<std::vector<std::uint32_t>>> rows_;
};

}  // namespace

std::set<compute::UsedFactor> run_pack_checks(const compute::Results& results,
                                              base::Findings& findings) {
  return PackChecks(results, findings).run();
}

}  // namespace qz::check
