// Run job, writing: one pass over the leaves feeds the seal and the ledgers; memory does not grow
// with their number.

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "job/files.h"
#include "job/run_job.h"
#include "publish/findings_json.h"
#include "publish/ledger_json.h"
#include "publish/ledger_xml.h"
#include "seal/figures.h"

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
  void figures(const seal::Figures& figures, std::string_view) override {
    counts_.entries += figures.figures.size();
  }

 private:
  WrittenLedger& counts_;
};

}  // namespace

base::Result<WrittenLedger> write_ledger(const ComputedJob& computed, const std::string& folder,
                                         const WriteOptions& options) {
  StagedFiles staged;
  WrittenLedger out;
  std::optional<base::Finding> problem;
  const auto file = [&](const char* name) -> publish::ByteSink {
    out.files.push_back(joined(folder, name));
    const auto number =
        problem ? base::Result<std::size_t>(*problem) : staged.open(out.files.back());
    if (!number) {
      problem = number.failure();
      return {};
    }
    return [&staged, number = *number](std::string_view bytes) { staged.write(number, bytes); };
  };
  std::optional<publish::JsonLedgerWriter> json;
  std::optional<publish::XmlLedgerWriter> xml;
  if (options.json) json.emplace(file("ledger.json"));
  if (options.xml) xml.emplace(file("ledger.xml"));
  publish::FindingsJsonWriter findings(file("findings.json"));
  if (problem) return *problem;
  Counter counter(out);
  std::vector<seal::LeafSink*> sinks = {&findings, &counter};
  if (json) sinks.push_back(&*json);
  if (xml) sinks.push_back(&*xml);
  out.seal = seal_job(computed, sinks, options.threads);
  if (auto fault = staged.commit()) return *fault;
  return out;
}

}  // namespace qz::job
