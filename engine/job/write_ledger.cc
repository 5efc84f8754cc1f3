// Run job, writing: one pass over the leaves feeds the seal and both ledgers; memory does not grow
// with their number.

#include <utility>

#include "job/files.h"
#include "job/run_job.h"
#include "publish/findings_json.h"
#include "publish/ledger_json.h"
#include "publish/ledger_xml.h"

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
    publish::FindingsJsonWriter findings(
        [&](std::string_view bytes) { staged.write(numbers[2], bytes); });
    Counter counter(out);
    out.seal = seal_job(computed, {&json, &xml, &findings, &counter});
  }
  if (auto problem = staged.commit()) return *problem;
  return out;
}

}  // namespace qz::job
