// Header checks: what a reader of any total must know: errors, choices made, factors not verified.

#include "check/pack_checks.h"

namespace qz::check {
namespace {

base::Finding finding(const char* code, base::Severity severity, base::Bilingual message) {
  base::Finding out;
  out.code = code;
  out.severity = severity;
  out.message = std::move(message);
  return out;
}

void report_errors(const compute::Results& results, base::Findings& findings) {
  for (const compute::ErrorOrigin& error : results.errors) {
    const rules::CheckedTable& of = results.packs->tables[static_cast<std::size_t>(error.table)];
    base::Finding out = finding(std::string(table::error_code(error.state)).c_str(),
                                base::Severity::kError, {error.detail_en, error.detail_zh});
    out.table = of.name;
    out.key = results.key(error.table, error.row);
    out.column = of.columns[static_cast<std::size_t>(error.column)].name;
    out.place = results.place(error.table, error.row);
    findings.push_back(std::move(out));
  }
}

void report_parameters(const compute::Results& results, base::Findings& findings) {
  for (const rules::ParameterValue& one : results.packs->parameters) {
    const std::string name = one.pack + "." + one.name;
    if (!one.is_default) {
      findings.push_back(finding("parameter-set", base::Severity::kInfo,
                                 {"parameter " + name + " is set to " + one.value + " by the job",
                                  "参数 " + name + " 由作业设为 " + one.value}));
    } else if (one.status != "verified") {
      const bool stated = !one.status.empty();
      findings.push_back(finding(
          "parameter-default", base::Severity::kInfo,
          {"parameter " + name + " has its default " + one.value + ", " +
               (stated ? "whose status is " + one.status : "which nobody has marked verified"),
           "参数 " + name + " 取默认值 " + one.value +
               (stated ? "，其状态为 " + one.status : "，该值未标明已核实")}));
    }
  }
}

void report_constants(const compute::Results& results, base::Findings& findings) {
  for (const rules::Edition& edition : results.packs->editions) {
    for (const rules::Constant& one : edition.pack->constants) {
      if (one.status.empty() || one.status == "verified") continue;
      const std::string name = edition.pack->name() + " " + one.name;
      base::Finding out =
          finding("constant-status", base::Severity::kInfo,
                  {"constant " + name + " = " + one.text + " has status " + one.status,
                   "常量 " + name + " = " + one.text + " 的状态为 " + one.status});
      out.cite = one.cite;
      findings.push_back(std::move(out));
    }
  }
}

void report_factors(const compute::Results& results, base::Findings& findings) {
  for (const auto& [table, row] : results.used_factors) {
    const factor::FactorTable& of = *results.packs->factors[static_cast<std::size_t>(table)];
    const factor::Status status = of.status(row);
    if (status == factor::Status::kVerified) continue;
    const bool doubtful = status == factor::Status::kRecalled || status == factor::Status::kDraft;
    const std::string name(factor::status_name(status));
    base::Finding out = finding(
        (name + "-factor").c_str(), doubtful ? base::Severity::kWarning : base::Severity::kInfo,
        {of.name() + ", row " + of.row_name(row) + ", has status " + name,
         "因子表 " + of.name() + " 的行 " + of.row_name(row) + " 状态为 " + name});
    out.cite = of.source(row);
    findings.push_back(std::move(out));
  }
}

}  // namespace

void run_header_checks(const compute::Results& results, base::Findings& findings) {
  report_errors(results, findings);
  report_parameters(results, findings);
  report_constants(results, findings);
  report_factors(results, findings);
}

}  // namespace qz::check
