// Run job, writing: one pass over the leaves feeds the seal and both ledgers; memory does not grow
// with their number.

#include <utility>

#include "job/files.h"
#include "job/findings_json.h"
#include "job/run_job.h"
#include "publish/ledger_json.h"
#include "publish/ledger_xml.h"
#include "text/json.h"

namespace qz::job {
namespace {

// Counts what the summary tells.
class Counter : public seal::LeafSink {
 public:
  explicit Counter(WrittenLedger& counts) : counts_(counts) {}
  void header(const seal::Header&) override {}
  void begin_entity(const std::string&) override { ++counts_.entities; }
  void entry(const seal::Entry&) override { ++counts_.entries; }
  void position(const seal::Position&) override {}
  void finding(const base::Finding&) override {}
  void end_entity() override {}
  void total(const seal::Total&) override { ++counts_.entries; }
  void seal(const seal::Seal&) override {}

 private:
  WrittenLedger& counts_;
};

std::string findings_document(const ComputedJob& computed, const seal::Seal& seal) {
  std::string out = "{\"schema\":\"urn:qingzhang:findings:1\",\"job\":";
  text::append_json_string(out, computed.header.job);
  out += ",\"root\":";
  text::append_json_string(out, seal.root);
  out += ",\"counts\":";
  append_counts_json(out, count_severities(computed.findings));
  out += ",\"findings\":";
  append_findings_json(out, computed.findings);
  out += "}\n";
  return out;
}

}  // namespace

base::Result<WrittenLedger> write_ledger(const ComputedJob& computed, const std::string& folder) {
  StagedFiles staged;
  WrittenLedger out;
  std::vector<std::size_t> numbers;
  for (const char* name : {"ledger.json", "ledger.xml", "findings.json"}) {
    out.files.push_back(joined(folder, name));
    const auto number = staged.open(out.files.back());
    if (!number) return number.failure();
    numbers.push_back(*number);
  }
  {
    publish::JsonLedgerWriter json(
        [&](std::string_view bytes) { staged.write(numbers[0], bytes); });
    publish::XmlLedgerWriter xml([&](std::string_view bytes) { staged.write(numbers[1], bytes); });
    Counter counter(out);
    out.seal = seal_job(computed, {&json, &xml, &counter});
  }
  staged.write(numbers[2], findings_document(computed, out.seal));
  if (auto problem = staged.commit()) return *problem;
  return out;
}

}  // namespace qz::job
