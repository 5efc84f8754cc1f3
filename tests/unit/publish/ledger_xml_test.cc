// The XML ledger: its exact text, and what its reader refuses.

#include "publish/ledger_xml.h"

#include <gtest/gtest.h>

#include "publish/ledger_schema.h"
#include "unit/publish/sample_ledger.h"

namespace qz::publish {
namespace {

std::string code_of(const std::string& bytes) {
  Nobody nobody;
  const base::Result<bool> result = read_ledger_xml(bytes, "l.xml", nobody);
  return result ? "good" : result.failure().code;
}

TEST(LedgerXml, StandsOneLeafALine) {
  const std::string expected =
      R"(<?xml version="1.0" encoding="UTF-8"?>
<ledger xmlns="urn:qingzhang:ledger:1">
<header schema="urn:qingzhang:ledger:1" job="sample" as_of="2023-12-31" previous=")" +
      std::string(64, 'c') +
      R"("><title lang="en">Sample</title><title lang="zh">示例</title><cycle id="c1"><year>2021</year><year>2022</year></cycle><engine name="qingzhang" version="1"/><parameter pack="p.a" name="scope" value="all"/><pin>p.a@1</pin><source kind="pack" name="p.a@1" sha256=")" +
      std::string(64, 'a') + R"("/><source kind="input" name="a.csv" table="t" sha256=")" +
      std::string(64, 'b') + R"xml(" rows="288"/></header>
<entity entity="A">
<entry table="t" column="E" value="2044.78" unit="tCO2" rule="p.a@1/t.E" cite="§6.2 (2)" how="formula"><k n="unit">1</k><k n="fuel">烟煤</k><k n="month">2021-01</k></entry>
<entry table="t" column="F" unit="tCO2" rule="p.a@1/t.E" cite="§6.2 (2)" how="formula" error="division-by-zero"><k n="unit">1</k><k n="fuel">烟煤</k><k n="month">2021-01</k></entry>
<position instrument="I" lot="2021" state="available" quantity="12000" unit="tCO2"/>
<finding code="missing" severity="warning" table="t" column="C" file="a.csv" line="14" cite="§6.2.2"><k n="unit">1</k><k n="month">2021-03</k><message lang="en">no "x" &lt;&amp;&gt;</message><message lang="zh">未实测</message></finding>
</entity>
<entity entity="乙 &quot;😀&quot;">
<entry table="u" column="note" value="two&#xA;lines&#x9;and \ a tab"/>
</entity>
<total table="sum" column="E" value="2044.78" unit="tCO2"><k n="year">2021</k></total>
<finding code="note" severity="info"><message lang="en">all is well</message></finding>
<seal hash="sha-256" tree="rfc9162" leaves="8" root=")xml" +
      give(sample_ledger(), {}).root + R"(" signed="false"/>
</ledger>
)";
  EXPECT_EQ(as_xml(sample_ledger()), expected);
}

TEST(LedgerXml, ReadsWhatItWrites) {
  std::string again;
  XmlLedgerWriter writer([&again](std::string_view bytes) { again += bytes; });
  const base::Result<bool> result = read_ledger_xml(as_xml(sample_ledger()), "l.xml", writer);
  ASSERT_TRUE(result) << result.failure().code << base::finding_line(result.failure(), "en");
  EXPECT_EQ(again, as_xml(sample_ledger()));
}

// An empty text is value="", a missing value has no attribute.
TEST(LedgerXml, TellsEmptyFromMissing) {
  for (const bool missing : {true, false}) {
    Ledger ledger = sample_ledger();
    ledger.entities[1].entries[0].value = "";
    if (missing) ledger.entities[1].entries[0].value.reset();
    std::string json;
    JsonLedgerWriter writer([&json](std::string_view bytes) { json += bytes; });
    ASSERT_TRUE(read_ledger_xml(as_xml(ledger), "l.xml", writer));
    EXPECT_EQ(json, as_json(ledger));
    EXPECT_NE(json.find(missing ? "\"note\",\"value\":null" : "\"note\",\"value\":\"\""),
              std::string::npos);
  }
}

struct ChangeCase {
  const char* name;
  const char* from;
  const char* to;
  const char* expected;
};

const ChangeCase kChangeCases[] = {
    {"LeafMoved", "<total table=\"sum\"", "<entry table=\"sum\"", "malformed-ledger"},
    {"UnknownElement", "<position ", "<x/><position ", "malformed-ledger"},
    {"AttributeTwice", "column=\"E\"", "column=\"E\" column=\"E\"", "repeated-name"},
    {"AttributeMissing", "column=\"E\" ", "", "malformed-ledger"},
    {"AttributeTooMuch", "column=\"E\"", "column=\"E\" x=\"y\"", "malformed-ledger"},
    {"AttributesReordered", "table=\"t\" column=\"E\"", "column=\"E\" table=\"t\"",
     "malformed-ledger"},
    {"EmptyAttribute", "how=\"formula\"", "how=\"\"", "malformed-ledger"},
    {"KeyNameTwice", "n=\"fuel\"", "n=\"unit\"", "repeated-name"},
    {"LanguagesReordered", "lang=\"en\">no", "lang=\"zh\">no", "malformed-ledger"},
    {"UnknownLanguage", "lang=\"en\">no", "lang=\"fr\">no", "malformed-ledger"},
    {"TextBetweenElements", "<position ", "text<position ", "malformed-ledger"},
    {"Comment", "<position ", "<!-- x --><position ", "malformed-xml"},
    {"ProcessingInstruction", "<position ", "<?x y?><position ", "malformed-xml"},
    {"DocumentType", "<ledger ", "<!DOCTYPE ledger><ledger ", "dtd-refused"},
    {"AnotherNamespace", "xmlns=\"urn:qingzhang:ledger:1\"", "xmlns=\"urn:x\"", "malformed-ledger"},
    {"AnotherSchema", "schema=\"urn:qingzhang:ledger:1\"", "schema=\"urn:x\"", "malformed-ledger"},
    {"LeadingZero", "rows=\"288\"", "rows=\"0288\"", "malformed-ledger"},
    {"UnknownSeverity", "severity=\"warning\"", "severity=\"grave\"", "malformed-ledger"},
    {"SealMissing", "</ledger>", "<x/></ledger>", "malformed-ledger"},
    {"EmptyElementInFull", "tCO2\"/>", "tCO2\"></position>", "good"},  // verify refuses it
};

class ChangedXmlLedgerTest : public testing::TestWithParam<ChangeCase> {};

TEST_P(ChangedXmlLedgerTest, IsReadOrRefused) {
  std::string bytes = as_xml(sample_ledger());
  const std::string from = GetParam().from;
  const std::size_t at = bytes.find(from);
  ASSERT_NE(at, std::string::npos);
  bytes.replace(at, from.size(), GetParam().to);
  const std::string code = code_of(bytes);
  // What the schema refuses first and what the reader refuses first is the parser's affair.
  if (std::string(GetParam().expected) == "malformed-ledger" && code == "breaks-schema") return;
  EXPECT_EQ(code, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Table, ChangedXmlLedgerTest, testing::ValuesIn(kChangeCases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(LedgerXml, HeaderAndSealMustStand) {
  const std::string bytes = as_xml(sample_ledger());
  const auto without = [&bytes](const std::string& from, const std::string& to) {
    const std::size_t begin = bytes.find(from);
    return bytes.substr(0, begin) + bytes.substr(bytes.find(to, begin));
  };
  EXPECT_NE(code_of(without("<header", "<entity")), "good");
  EXPECT_NE(code_of(without("<seal", "</ledger")), "good");
  EXPECT_NE(code_of(without("<cycle", "<engine")), "good");
  EXPECT_NE(code_of(without("<engine", "<parameter")), "good");
  EXPECT_EQ(code_of(without("<parameter", "<pin")), "good");
}

TEST(LedgerXml, TruncatedAtEveryLengthIsRefused) {
  const std::string bytes = as_xml(sample_ledger());
  for (std::size_t n = 0; n + 1 < bytes.size(); ++n) {
    EXPECT_NE(code_of(bytes.substr(0, n)), "good") << n;
  }
}

}  // namespace
}  // namespace qz::publish
