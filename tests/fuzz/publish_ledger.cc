// Fuzzes the ledger readers and verification: a file that is read can be written in both forms,
// each of which verifies with one root and gives the same leaves; one that is refused is refused
// with a sentence; verified is only what is written so.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "publish/detail/quick_verify.h"
#include "publish/ledger_json.h"
#include "publish/ledger_xml.h"
#include "publish/verify_ledger.h"
#include "seal/sealer.h"

namespace {

using qz::base::Result;
using qz::publish::JsonLedgerWriter;
using qz::publish::XmlLedgerWriter;

// Seals the leaves anew, whatever seal the file claims.
class Resealer final : public qz::seal::LeafSink {
 public:
  explicit Resealer(std::vector<qz::seal::LeafSink*> sinks) : sealer_(std::move(sinks)) {}
  void header(const qz::seal::Header& header) override { sealer_.header(header); }
  void begin_entity(const std::string& entity) override { sealer_.begin_entity(entity); }
  void entry(const qz::seal::Entry& entry) override { sealer_.entry(entry); }
  void position(const qz::seal::Position& position) override { sealer_.position(position); }
  void finding(const qz::base::Finding& finding) override { sealer_.finding(finding); }
  void end_entity() override { sealer_.end_entity(); }
  void total(const qz::seal::Total& total) override { sealer_.total(total); }
  void seal(const qz::seal::Seal&) override { root = sealer_.finish().root; }

  std::string root;

 private:
  qz::seal::Sealer sealer_;
};

// The leaves of `bytes` in both forms; false where they are refused.
bool rewrite(std::string_view bytes, std::string& json, std::string& xml, std::string& root) {
  JsonLedgerWriter json_writer([&](std::string_view written) { json += written; });
  XmlLedgerWriter xml_writer([&](std::string_view written) { xml += written; });
  Resealer resealer({&json_writer, &xml_writer});
  const Result<bool> result = bytes.starts_with('<')
                                  ? qz::publish::read_ledger_xml(bytes, "f", resealer)
                                  : qz::publish::read_ledger_json(bytes, "f", resealer);
  root = resealer.root;
  if (result) return true;
  QZ_ASSERT(!result.failure().code.empty() && !result.failure().message.en.empty() &&
            !result.failure().message.zh.empty());
  return false;
}

// What the writers write and the strict way verifies the quick way may leave alone, but not
// misread.
void expect_quick_and_strict_agree(std::string_view bytes) {
  const Result<qz::seal::Seal> strict = qz::publish::verify_ledger(bytes, "f");
  const auto quick = qz::publish::detail::quick_verify(bytes, 1);
  QZ_ASSERT(!quick || (strict && quick->seal.root == strict->root));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Result<qz::seal::Seal> verified = qz::publish::verify_ledger(bytes, "f");
  const auto quick = qz::publish::detail::quick_verify(bytes, 1);
  QZ_ASSERT(!quick || (verified && quick->seal.root == verified->root));
  std::string json;
  std::string xml;
  std::string root;
  if (!rewrite(bytes, json, xml, root)) {
    QZ_ASSERT(!verified);
    return 0;
  }
  if (verified) QZ_ASSERT(verified->root == root);
  if (verified && bytes.starts_with('<')) QZ_ASSERT(bytes == xml);

  std::string json_again;
  std::string xml_again;
  std::string root_again;
  QZ_ASSERT(rewrite(json, json_again, xml_again, root_again));
  QZ_ASSERT(json_again == json && xml_again == xml && root_again == root);
  expect_quick_and_strict_agree(json);
  expect_quick_and_strict_agree(xml);
  return 0;
}
