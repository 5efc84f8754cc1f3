// Canonical bytes, worked by hand: one leaf of each kind, in full and with everything left out that
// may be left out.

#include "seal/canonical.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace qz::seal {
namespace {

Header full_header() {
  Header header;
  header.job = "sample";
  header.title = {"Sample", "示例"};
  header.cycle_id = "c1";
  header.cycle_years = {"2021", "2022"};
  header.as_of = "2023-12-31";
  header.subject = "outlet";
  header.engine_name = "qingzhang";
  header.engine_version = "1";
  header.parameters = {{"p.a", "scope", "all"}, {"p.b", "limit", "5 %"}};
  header.pins = {"p.a@1"};
  header.sources = {{"pack", "p.a@1", "", "00", std::nullopt}, {"input", "a.csv", "t", "01", 288}};
  header.previous = "ff";
  return header;
}

TEST(Canonical, HeaderInFull) {
  std::string out;
  append_canonical(out, full_header());
  EXPECT_EQ(out, R"({"as_of":"2023-12-31","cycle":{"id":"c1","years":["2021","2022"]},)"
                 R"("engine":{"name":"qingzhang","version":"1"},"job":"sample","leaf":"header",)"
                 R"("parameters":[{"name":"scope","pack":"p.a","value":"all"},)"
                 R"({"name":"limit","pack":"p.b","value":"5 %"}],"pins":["p.a@1"],"previous":"ff",)"
                 R"("schema":"urn:qingzhang:ledger:1","sources":[)"
                 R"({"kind":"pack","name":"p.a@1","sha256":"00"},)"
                 R"({"kind":"input","name":"a.csv","rows":288,"sha256":"01","table":"t"}],)"
                 R"("subject":"outlet","title":{"en":"Sample","zh":"示例"}})");
}

TEST(Canonical, HeaderWithNothingOptional) {
  Header header;
  header.title.zh = "仅中文";
  std::string out;
  append_canonical(out, header);
  EXPECT_EQ(out, R"({"as_of":"","cycle":{"id":"","years":[]},"engine":{"name":"","version":""},)"
                 R"("job":"","leaf":"header","parameters":[],"schema":"urn:qingzhang:ledger:1",)"
                 R"("sources":[],"title":{"zh":"仅中文"}})");
}

Entry full_entry() {
  Entry entry;
  entry.table = "fuel_month";
  entry.key = {{"unit", "1"}, {"fuel", "烟煤"}, {"month", "2021-01"}};
  entry.column = "E";
  entry.value = "2044.78";
  entry.unit = "tCO2";
  entry.rule = "p@1/fuel_month.E";
  entry.cite = "§6.2 (2)。";
  entry.how = "formula";
  entry.error = "division-by-zero";
  return entry;
}

TEST(Canonical, EntryInFull) {
  const std::string entity = "A";
  std::string out = "before";
  append_canonical(out, full_entry(), &entity);
  EXPECT_EQ(out,
            R"(before{"cite":"§6.2 (2)。","column":"E","entity":"A","error":"division-by-zero",)"
            R"("how":"formula","key":{"fuel":"烟煤","month":"2021-01","unit":"1"},"leaf":"entry",)"
            R"("rule":"p@1/fuel_month.E","table":"fuel_month","unit":"tCO2","value":"2044.78"})");
}

TEST(Canonical, EntryWithoutValueAndKey) {
  Entry entry;
  entry.table = "t";
  entry.column = "c";
  const std::string entity;
  std::string out;
  append_canonical(out, entry, &entity);
  EXPECT_EQ(out, R"({"column":"c","entity":"","key":{},"leaf":"entry","table":"t","value":null})");
}

// An empty text is a value, and an empty unit is a unit: only what is not there is left out.
TEST(Canonical, EmptyIsNotAbsent) {
  Entry entry;
  entry.table = "t";
  entry.column = "c";
  entry.value = "";
  entry.unit = "";
  std::string out;
  append_canonical_total(out, entry);
  EXPECT_EQ(out, R"({"column":"c","key":{},"leaf":"total","table":"t","unit":"","value":""})");
}

TEST(Canonical, Total) {
  std::string out;
  append_canonical_total(out, full_entry());
  EXPECT_EQ(out,
            R"({"cite":"§6.2 (2)。","column":"E","error":"division-by-zero","how":"formula",)"
            R"("key":{"fuel":"烟煤","month":"2021-01","unit":"1"},"leaf":"total",)"
            R"("rule":"p@1/fuel_month.E","table":"fuel_month","unit":"tCO2","value":"2044.78"})");
}

TEST(Canonical, Position) {
  std::string out;
  append_canonical(out, Position{"CEA", "2021", "available", "12000", "tCO2"}, "A");
  EXPECT_EQ(out, R"({"entity":"A","instrument":"CEA","leaf":"position","lot":"2021",)"
                 R"("quantity":"12000","state":"available","unit":"tCO2"})");
}

TEST(Canonical, FindingInFull) {
  base::Finding finding;
  finding.code = "missing-carbon";
  finding.severity = base::Severity::kWarning;
  finding.table = "fuel_month";
  finding.key = {{"unit", "1"}, {"month", "2021-03"}};
  finding.column = "C_ad";
  finding.place = {"fuel.csv", 14, 3};
  finding.message = {"no \"measured\" value", "未实测"};
  finding.cite = "§6.2.2";
  const std::string entity = "A";
  std::string out;
  append_canonical(out, finding, &entity);
  EXPECT_EQ(out,
            R"({"cite":"§6.2.2","code":"missing-carbon","column":"C_ad","entity":"A",)"
            R"("file":"fuel.csv","key":{"month":"2021-03","unit":"1"},"leaf":"finding","line":14,)"
            R"("message":{"en":"no \"measured\" value","zh":"未实测"},"severity":"warning",)"
            R"("table":"fuel_month"})");
}

TEST(Canonical, FindingOfTheJobWithNothingOptional) {
  base::Finding finding;
  finding.code = "x";
  finding.message.en = "y";
  std::string out;
  append_canonical(out, finding, nullptr);
  EXPECT_EQ(out, R"({"code":"x","leaf":"finding","message":{"en":"y"},"severity":"error"})");
}

// RFC 8785 sorts by UTF-16: an emoji (a surrogate pair, D83D…) stands before U+FF21.
TEST(Canonical, KeyNamesSortByUtf16) {
  Entry entry;
  entry.key = {{"Ａ", "1"}, {"😀", "2"}, {"b", "3"}, {"ab", "4"}, {"a", "5"}};
  std::string out;
  append_canonical_total(out, entry);
  EXPECT_NE(out.find(R"("key":{"a":"5","ab":"4","b":"3","😀":"2","Ａ":"1"})"), std::string::npos)
      << out;
}

TEST(Canonical, StringsAreEscapedAsRfc8785Says) {
  Entry entry;
  entry.key = {{"a\"b", "\\"}};
  entry.value = "tab\t line\n / \r \x01 \x7f € 😀";
  std::string out;
  append_canonical_total(out, entry);
  EXPECT_NE(out.find(R"({"a\"b":"\\"})"), std::string::npos) << out;
  EXPECT_NE(out.find("\"tab\\t line\\n / \\r \\u0001 \x7f € 😀\""), std::string::npos) << out;
}

TEST(Canonical, ARepeatedKeyNameIsAFaultOfTheProgram) {
  Entry entry;
  entry.key = {{"a", "1"}, {"a", "2"}};
  std::string out;
  EXPECT_THROW(append_canonical_total(out, entry), std::logic_error);
}

}  // namespace
}  // namespace qz::seal
