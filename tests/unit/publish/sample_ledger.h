// A small ledger with a leaf of every kind, in full and with all left out that may be, and the ways
// from leaves to files and back.

#ifndef QZ_TESTS_UNIT_PUBLISH_SAMPLE_LEDGER_H_
#define QZ_TESTS_UNIT_PUBLISH_SAMPLE_LEDGER_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "publish/ledger_json.h"
#include "publish/ledger_xml.h"
#include "seal/sealer.h"

namespace qz::publish {

// Gives leaves to nobody.
class Nobody : public seal::LeafSink {
 public:
  void header(const seal::Header&) override {}
  void begin_entity(const std::string&) override {}
  void entry(const seal::Entry&) override {}
  void position(const seal::Position&) override {}
  void finding(const base::Finding&) override {}
  void end_entity() override {}
  void total(const seal::Total&) override {}
  void seal(const seal::Seal&) override {}
};

struct EntityLeaves {
  std::string entity;
  std::vector<seal::Entry> entries;
  std::vector<seal::Position> positions;
  base::Findings findings;
};

struct Ledger {
  seal::Header header;
  std::vector<EntityLeaves> entities;
  std::vector<seal::Total> totals;
  base::Findings findings;
};

inline seal::Seal give(const Ledger& ledger, std::vector<seal::LeafSink*> sinks) {
  seal::Sealer sealer(std::move(sinks));
  sealer.header(ledger.header);
  for (const EntityLeaves& entity : ledger.entities) {
    sealer.begin_entity(entity.entity);
    for (const seal::Entry& entry : entity.entries) sealer.entry(entry);
    for (const seal::Position& position : entity.positions) sealer.position(position);
    for (const base::Finding& finding : entity.findings) sealer.finding(finding);
    sealer.end_entity();
  }
  for (const seal::Total& total : ledger.totals) sealer.total(total);
  for (const base::Finding& finding : ledger.findings) sealer.finding(finding);
  return sealer.finish();
}

template <class Writer>
std::string written(const Ledger& ledger) {
  std::string out;
  Writer writer([&out](std::string_view bytes) { out += bytes; });
  give(ledger, {&writer});
  return out;
}

inline std::string as_json(const Ledger& ledger) { return written<JsonLedgerWriter>(ledger); }
inline std::string as_xml(const Ledger& ledger) { return written<XmlLedgerWriter>(ledger); }

inline base::Finding finding(std::string code, base::Severity severity, base::Bilingual message) {
  base::Finding out;
  out.code = std::move(code);
  out.severity = severity;
  out.message = std::move(message);
  return out;
}

inline seal::Header sample_header() {
  seal::Header header;
  header.job = "sample";
  header.title = {"Sample", "示例"};
  header.cycle_id = "c1";
  header.cycle_years = {"2021", "2022"};
  header.as_of = "2023-12-31";
  header.engine_name = "qingzhang";
  header.engine_version = "1";
  header.parameters = {{"p.a", "scope", "all"}};
  header.pins = {"p.a@1"};
  header.sources = {{"pack", "p.a@1", "", std::string(64, 'a'), std::nullopt},
                    {"input", "a.csv", "t", std::string(64, 'b'), 288}};
  header.previous = std::string(64, 'c');
  return header;
}

inline Ledger sample_ledger() {
  Ledger ledger;
  ledger.header = sample_header();

  EntityLeaves a;
  a.entity = "A";
  seal::Entry entry;
  entry.table = "t";
  entry.key = {{"unit", "1"}, {"fuel", "烟煤"}, {"month", "2021-01"}};
  entry.column = "E";
  entry.value = "2044.78";
  entry.unit = "tCO2";
  entry.rule = "p.a@1/t.E";
  entry.cite = "§6.2 (2)";
  entry.how = "formula";
  a.entries.push_back(entry);
  entry.column = "F";
  entry.value.reset();
  entry.error = "division-by-zero";
  a.entries.push_back(entry);
  a.positions.push_back({"I", "2021", "available", "12000", "tCO2"});
  base::Finding full = finding("missing", base::Severity::kWarning, {"no \"x\" <&>", "未实测"});
  full.table = "t";
  full.key = {{"unit", "1"}, {"month", "2021-03"}};
  full.column = "C";
  full.place = {"a.csv", 14, 0};
  full.cite = "§6.2.2";
  a.findings.push_back(full);
  ledger.entities.push_back(a);

  EntityLeaves b;
  b.entity = "乙 \"😀\"";
  seal::Entry text;
  text.table = "u";
  text.column = "note";
  text.value = "two\nlines\tand \\ a tab";
  b.entries.push_back(text);
  ledger.entities.push_back(b);

  seal::Total total;
  total.table = "sum";
  total.key = {{"year", "2021"}};
  total.column = "E";
  total.value = "2044.78";
  total.unit = "tCO2";
  ledger.totals.push_back(total);
  ledger.findings.push_back(finding("note", base::Severity::kInfo, {"all is well", ""}));
  return ledger;
}

}  // namespace qz::publish

#endif  // QZ_TESTS_UNIT_PUBLISH_SAMPLE_LEDGER_H_
