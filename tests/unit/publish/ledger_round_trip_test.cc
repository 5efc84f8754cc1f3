// Random ledgers: JSON and XML say the same leaves, and the root is that of an independent reading
// of the JSON file by the rule of the ledger format.

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "publish/verify_ledger.h"
#include "text/json.h"
#include "unit/publish/sample_ledger.h"

namespace qz::publish {
namespace {

std::string any_text() {
  static const std::vector<std::string> kPieces = {
      "a", "Z",  "0",  ".",  " ",    "  ",     "\"",     "\\",    "/",   "<",
      ">", "&",  "'",  "\t", "\n",   "\r",     "{",      "}",     "]]>", "§",
      "é", "烟", "煤", "😀",  "\x7f", "\u2028", "\uFB33", "\u0080"};
  std::string out;
  const int count = *rc::gen::inRange(0, 6);
  for (int i = 0; i < count; ++i) out += *rc::gen::elementOf(kPieces);
  return out;
}

base::Key any_key() {
  base::Key out;
  const int count = *rc::gen::inRange(0, 4);
  for (int i = 0; i < count; ++i) {
    // The number keeps the names apart.
    std::string name = any_text() + std::to_string(i);
    out.emplace_back(std::move(name), any_text());
  }
  return out;
}

seal::Entry any_entry(int number) {
  seal::Entry out;
  out.table = any_text() + std::to_string(number);
  out.key = any_key();
  out.column = any_text();
  if (*rc::gen::arbitrary<bool>()) out.value = any_text();
  if (*rc::gen::arbitrary<bool>()) out.unit = any_text();
  out.rule = any_text();
  out.cite = any_text();
  out.how = any_text();
  out.error = any_text();
  return out;
}

base::Finding any_finding() {
  base::Finding out;
  out.code = any_text();
  out.severity =
      *rc::gen::element(base::Severity::kInfo, base::Severity::kWarning, base::Severity::kError);
  out.table = any_text();
  out.key = any_key();
  out.column = any_text();
  out.place = {any_text(), *rc::gen::arbitrary<std::uint32_t>(), 0};
  out.message = {any_text(), any_text()};
  out.cite = any_text();
  return out;
}

std::string any_digest() { return std::string(64, *rc::gen::element('0', '9', 'a', 'f')); }

Ledger any_ledger() {
  const auto times = [](int most) { return *rc::gen::inRange(0, most + 1); };
  Ledger out;
  out.header.job = any_text();
  out.header.title = {any_text(), any_text()};
  out.header.cycle_id = any_text();
  for (int n = times(2); n > 0; --n) out.header.cycle_years.push_back(any_text());
  out.header.as_of = any_text();
  if (*rc::gen::arbitrary<bool>()) out.header.subject = any_text();
  out.header.engine_name = any_text();
  out.header.engine_version = any_text();
  for (int n = times(2); n > 0; --n) {
    out.header.parameters.push_back({any_text(), any_text(), any_text()});
  }
  for (int n = times(2); n > 0; --n) out.header.pins.push_back(any_text());
  for (int n = times(2); n > 0; --n) {
    out.header.sources.push_back({"k" + any_text(), any_text(), any_text(), any_digest(), {}});
    if (n == 1) out.header.sources.back().rows = *rc::gen::inRange<std::uint64_t>(0, 1ull << 53);
  }
  if (*rc::gen::arbitrary<bool>()) out.header.previous = any_digest();
  int number = 0;
  for (int n = times(3); n > 0; --n) {
    EntityLeaves& entity = out.entities.emplace_back();
    entity.entity = any_text();
    for (int i = times(3); i > 0; --i) entity.entries.push_back(any_entry(number++));
    for (int i = times(2); i > 0; --i) {
      entity.positions.push_back({any_text(), any_text(), any_text(), any_text(), any_text()});
    }
    for (int i = times(2); i > 0; --i) entity.findings.push_back(any_finding());
  }
  for (int n = times(2); n > 0; --n) out.totals.push_back(any_entry(number++));
  for (int n = times(2); n > 0; --n) out.findings.push_back(any_finding());
  return out;
}

text::JsonValue text_value(std::string text) {
  text::JsonValue out;
  out.kind = text::JsonValue::Kind::kString;
  out.text = std::move(text);
  return out;
}

// The rule of docs/reference/ledger-format.md, from the file alone.
std::string root_of_file(const std::string& json) {
  const auto document = text::parse_json(json, "l.json");
  RC_ASSERT(bool(document));
  seal::MerkleTree tree;
  const auto leaf = [&tree](text::JsonValue object, const char* kind,
                            const text::JsonValue* entity) {
    object.members.emplace_back("leaf", text_value(kind));
    if (entity != nullptr) object.members.emplace_back("entity", *entity);
    tree.add_leaf(text::canonical_json(object));
  };
  text::JsonValue header = *document;
  std::erase_if(header.members, [](const auto& member) {
    return member.first == "entities" || member.first == "totals" || member.first == "findings" ||
           member.first == "seal";
  });
  leaf(header, "header", nullptr);
  for (const text::JsonValue& entity : document->find("entities")->items) {
    const text::JsonValue* const name = entity.find("entity");
    for (const auto& entry : entity.find("entries")->items) leaf(entry, "entry", name);
    for (const auto& position : entity.find("positions")->items) leaf(position, "position", name);
    for (const auto& finding : entity.find("findings")->items) leaf(finding, "finding", name);
  }
  for (const auto& total : document->find("totals")->items) leaf(total, "total", nullptr);
  for (const auto& finding : document->find("findings")->items) leaf(finding, "finding", nullptr);
  return seal::hex(tree.root());
}

std::string problem_of(const base::Result<seal::Seal>& result) {
  return result ? "" : result.failure().code + ": " + base::finding_line(result.failure(), "en");
}

TEST(LedgerRoundTrip, RandomLedgersSayTheSameInBothForms) {
  EXPECT_TRUE(rc::check([] {
    const Ledger ledger = any_ledger();
    const std::string json = as_json(ledger);
    const std::string xml = as_xml(ledger);
    const seal::Seal seal = give(ledger, {});

    std::string json_again;
    std::string xml_again;
    JsonLedgerWriter json_writer([&](std::string_view bytes) { json_again += bytes; });
    XmlLedgerWriter xml_writer([&](std::string_view bytes) { xml_again += bytes; });
    const auto from_xml = verify_ledger(xml, "l.xml", &json_writer);
    RC_ASSERT(problem_of(from_xml) == "");
    const auto from_json = verify_ledger(json, "l.json", &xml_writer);
    RC_ASSERT(problem_of(from_json) == "");
    RC_ASSERT(json_again == json);
    RC_ASSERT(xml_again == xml);
    RC_ASSERT(from_xml->root == seal.root);
    RC_ASSERT(from_json->root == seal.root);
    RC_ASSERT(root_of_file(json) == seal.root);
  }));
}

}  // namespace
}  // namespace qz::publish
