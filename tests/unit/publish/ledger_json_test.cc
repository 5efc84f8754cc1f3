// The JSON ledger: its exact text, and what its reader refuses.

#include "publish/ledger_json.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "text/json.h"
#include "unit/publish/sample_ledger.h"

namespace qz::publish {
namespace {

std::string code_of(const std::string& bytes) {
  Nobody nobody;
  const base::Result<bool> result = read_ledger_json(bytes, "l.json", nobody);
  return result ? "good" : result.failure().code;
}

TEST(LedgerJson, StandsOneLeafALine) {
  // clang-format off
  const std::string expected =
      R"json({"schema":"urn:qingzhang:ledger:1","job":"sample","title":{"en":"Sample","zh":"示例"},"cycle":{"id":"c1","years":["2021","2022"]},"as_of":"2023-12-31","engine":{"name":"qingzhang","version":"1"},"parameters":[{"pack":"p.a","name":"scope","value":"all"}],"pins":["p.a@1"],"sources":[{"kind":"pack","name":"p.a@1","sha256":")json" +
      std::string(64, 'a') +
      R"json("},{"kind":"input","name":"a.csv","table":"t","sha256":")json" + std::string(64, 'b') +
      R"json(","rows":288}],"previous":")json" + std::string(64, 'c') + R"json(",
"entities":[
{"entity":"A","entries":[
{"table":"t","key":{"unit":"1","fuel":"烟煤","month":"2021-01"},"column":"E","value":"2044.78","unit":"tCO2","rule":"p.a@1/t.E","cite":"§6.2 (2)","how":"formula"},
{"table":"t","key":{"unit":"1","fuel":"烟煤","month":"2021-01"},"column":"F","value":null,"unit":"tCO2","rule":"p.a@1/t.E","cite":"§6.2 (2)","how":"formula","error":"division-by-zero"}
],"positions":[
{"instrument":"I","lot":"2021","state":"available","quantity":"12000","unit":"tCO2"}
],"findings":[
{"code":"missing","severity":"warning","table":"t","key":{"unit":"1","month":"2021-03"},"column":"C","file":"a.csv","line":14,"message":{"en":"no \"x\" <&>","zh":"未实测"},"cite":"§6.2.2"}
]},
{"entity":"乙 \"😀\"","entries":[
{"table":"u","key":{},"column":"note","value":"two\nlines\tand \\ a tab"}
],"positions":[],"findings":[]}
],
"totals":[
{"table":"sum","key":{"year":"2021"},"column":"E","value":"2044.78","unit":"tCO2"}
],
"findings":[
{"code":"note","severity":"info","message":{"en":"all is well"}}
],
"seal":{"hash":"sha-256","tree":"rfc9162","leaves":8,"root":")json" +
      give(sample_ledger(), {}).root + R"json(","signature":null}}
)json";
  // clang-format on
  EXPECT_EQ(as_json(sample_ledger()), expected);
}

TEST(LedgerJson, WritesEmptyArrays) {
  Ledger ledger;
  ledger.header.job = "j";
  EXPECT_EQ(
      as_json(ledger),
      "{\"schema\":\"urn:qingzhang:ledger:1\",\"job\":\"j\",\"cycle\":{\"id\":\"\",\"years\":[]},"
      "\"as_of\":\"\",\"engine\":{\"name\":\"\",\"version\":\"\"},\"parameters\":[],"
      "\"sources\":[],\n\"entities\":[],\n\"totals\":[],\n\"findings\":[],\n\"seal\":{"
      "\"hash\":\"sha-256\",\"tree\":\"rfc9162\",\"leaves\":1,\"root\":\"" +
          give(ledger, {}).root + "\",\"signature\":null}}\n");
}

TEST(LedgerJson, ReadsWhatItWrites) {
  std::string again;
  JsonLedgerWriter writer([&again](std::string_view bytes) { again += bytes; });
  ASSERT_TRUE(read_ledger_json(as_json(sample_ledger()), "l.json", writer));
  EXPECT_EQ(again, as_json(sample_ledger()));
}

// Where other programs have a say: the document is ordinary JSON.
TEST(LedgerJson, IsOrdinaryJson) {
  const auto document = text::parse_json(as_json(sample_ledger()), "l.json");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->find("entities")->items[0].find("entries")->items[0].find("value")->text,
            "2044.78");
}

TEST(LedgerJson, PassesItsBufferOn) {
  Ledger ledger = sample_ledger();
  ledger.entities[0].entries.resize(1);
  const seal::Entry entry = ledger.entities[0].entries[0];
  ledger.entities[0].entries.assign(5000, entry);
  std::size_t longest = 0;
  std::string whole;
  JsonLedgerWriter writer([&](std::string_view bytes) {
    longest = std::max(longest, bytes.size());
    whole += bytes;
  });
  give(ledger, {&writer});
  EXPECT_LT(longest, 70u << 10);
  EXPECT_GT(whole.size(), 500u << 10);
}

TEST(LedgerJson, LeavesOutOfOrderAreAFaultOfTheProgram) {
  JsonLedgerWriter writer([](std::string_view) {});
  EXPECT_THROW(writer.begin_entity("A"), std::logic_error);
  writer.header({});
  EXPECT_THROW(writer.header({}), std::logic_error);
  EXPECT_THROW(writer.entry({}), std::logic_error);
  writer.begin_entity("A");
  writer.position({});
  EXPECT_THROW(writer.entry({}), std::logic_error);
  EXPECT_THROW(writer.total({}), std::logic_error);
  EXPECT_THROW(writer.seal({}), std::logic_error);
  writer.end_entity();
  writer.finding({});
  EXPECT_THROW(writer.total({}), std::logic_error);
  EXPECT_THROW(writer.begin_entity("B"), std::logic_error);
}

// The first occurrence of `from` in the sample becomes `to`.
struct ChangeCase {
  const char* name;
  const char* from;
  const char* to;
  const char* expected;
};

const ChangeCase kChangeCases[] = {
    // White space between tokens is free.
    {"SpaceBetweenTokens", "\"key\":{", "\r\n\t \"key\" : { ", "good"},
    {"SpaceAtTheEnd", "null}}\n", "null}}\n \n", "good"},
    // Members: these, in this order, none twice, none missing.
    {"MembersReordered", "\"id\":\"c1\",\"years\":[\"2021\",\"2022\"]",
     "\"years\":[\"2021\",\"2022\"],\"id\":\"c1\"", "malformed-ledger"},
    {"MemberTwice", "\"column\":\"E\",", "\"column\":\"E\",\"column\":\"E\",", "malformed-ledger"},
    {"MemberMissing", "\"column\":\"E\",", "", "malformed-ledger"},
    {"MemberTooMuch", "\"how\":\"formula\"", "\"how\":\"formula\",\"x\":\"y\"", "malformed-ledger"},
    {"MemberAtTheEnd", "null}}", "null},\"x\":1}", "malformed-ledger"},
    {"NameWithEscape", "\"column\":\"E\"", "\"c\\u006flumn\":\"E\"", "malformed-ledger"},
    {"OptionalMembersReordered", "\"cite\":\"§6.2 (2)\",\"how\":\"formula\"",
     "\"how\":\"formula\",\"cite\":\"§6.2 (2)\"", "malformed-ledger"},
    {"EmptyMemberWritten", "\"how\":\"formula\"", "\"how\":\"\"", "malformed-ledger"},
    {"KeyNameTwice", "\"fuel\":\"烟煤\"", "\"unit\":\"烟煤\"", "repeated-name"},
    {"EmptyKeyOfAFinding", "\"key\":{\"unit\":\"1\",\"month\":\"2021-03\"}", "\"key\":{}",
     "malformed-ledger"},
    {"PartsReordered", "\"positions\":[", "\"findings\":[", "malformed-ledger"},
    {"CommaAtTheEndOfAnArray", "\"2022\"]", "\"2022\",]", "malformed-ledger"},
    {"CommaAtTheEndOfAnObject", "\"how\":\"formula\"}", "\"how\":\"formula\",}",
     "malformed-ledger"},
    // Kinds of values.
    {"NumberForAText", "\"value\":\"2044.78\"", "\"value\":2044.78", "malformed-ledger"},
    {"NullForAText", "\"column\":\"E\"", "\"column\":null", "malformed-ledger"},
    {"TextForANumber", "\"rows\":288", "\"rows\":\"288\"", "malformed-ledger"},
    {"Fraction", "\"rows\":288", "\"rows\":288.0", "malformed-ledger"},
    {"Exponent", "\"rows\":288", "\"rows\":2e2", "malformed-ledger"},
    {"LeadingZero", "\"rows\":288", "\"rows\":0288", "malformed-ledger"},
    {"MinusSign", "\"rows\":288", "\"rows\":-288", "malformed-ledger"},
    {"BeyondExactIntegers", "\"rows\":288", "\"rows\":9007199254740992", "malformed-ledger"},
    {"BeyondAllIntegers", "\"rows\":288", "\"rows\":184467440737095516160000", "malformed-ledger"},
    {"SpaceInANumber", "\"rows\":288", "\"rows\":28 8", "malformed-ledger"},
    {"UnknownSeverity", "\"warning\"", "\"grave\"", "malformed-ledger"},
    {"AnotherHash", "sha-256", "sha-512", "malformed-ledger"},
    {"ASignature", "\"signature\":null", "\"signature\":\"x\"", "malformed-ledger"},
    {"AnotherSchema", "urn:qingzhang:ledger:1", "urn:qingzhang:ledger:2", "unknown-schema"},
    // Strings.
    {"RawLineFeed", "\"2044.78\"", "\"2044\n78\"", "malformed-json"},
    {"UnknownEscape", "\"2044.78\"", "\"2044\\x78\"", "malformed-json"},
    {"ShortUnicodeEscape", "\"2044.78\"", "\"2044\\u12\"", "malformed-json"},
    {"LoneSurrogate", "\"2044.78\"", "\"\\ud83d\"", "malformed-json"},
    {"LowSurrogateFirst", "\"2044.78\"", "\"\\ude00\\ud83d\"", "malformed-json"},
    {"TwoHighSurrogates", "\"2044.78\"", "\"\\ud83d\\ud83d\"", "malformed-json"},
    {"SurrogatePair", "\"2044.78\"", "\"\\ud83D\\uDE00\"", "good"},
    {"Nul", "\"2044.78\"", "\"\\u0000\"", "malformed-json"},
    {"NoXmlCharacter", "\"2044.78\"", "\"\\uFFFE\"", "malformed-json"},
    {"NoUtf8", "\"2044.78\"", "\"\xC3(\"", "malformed-json"},
    {"OverlongUtf8", "\"2044.78\"", "\"\xC0\xAF\"", "malformed-json"},
    // The whole text.
    {"ByteOrderMark", "{\"schema\"", "\xEF\xBB\xBF{\"schema\"", "malformed-ledger"},
    {"TextAfterTheEnd", "null}}\n", "null}}\n{}", "malformed-json"},
    {"AnArray", "{\"schema\"", "[{\"schema\"", "malformed-ledger"},
};

class ChangedLedgerTest : public testing::TestWithParam<ChangeCase> {};

TEST_P(ChangedLedgerTest, IsReadOrRefused) {
  std::string bytes = as_json(sample_ledger());
  const std::string from = GetParam().from;
  const std::size_t at = bytes.find(from);
  ASSERT_NE(at, std::string::npos);
  bytes.replace(at, from.size(), GetParam().to);
  EXPECT_EQ(code_of(bytes), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Table, ChangedLedgerTest, testing::ValuesIn(kChangeCases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(LedgerJson, AFailureHasItsPlace) {
  std::string bytes = as_json(sample_ledger());
  const std::string from = "\"month\":\"2021-01\"},\"column\"";
  bytes.replace(bytes.find(from), from.size(), "\"month\":\"2021-01\"},\"colour\"");
  Nobody nobody;
  const base::Result<bool> result = read_ledger_json(bytes, "l.json", nobody);
  ASSERT_FALSE(result);
  // Line 4 holds the first entry; CJK counts as characters, not as bytes.
  EXPECT_EQ(result.failure().place, (base::Place{"l.json", 4, 63}));
  EXPECT_EQ(result.failure().message.en,
            "a ledger has \"column\" here (take the file as it was written)");
}

// Sizes that nobody needs are refused before they cost memory.
TEST(LedgerJson, HostileSizesAreRefused) {
  const std::string sample = as_json(sample_ledger());
  const auto with = [&sample](const std::string& from, const std::string& to) {
    std::string bytes = sample;
    bytes.replace(bytes.find(from), from.size(), to);
    return bytes;
  };
  EXPECT_EQ(code_of(with("2044.78", std::string(17u << 20, '1'))), "too-large");
  std::string names;
  for (int i = 0; i < 65; ++i) names += "\"k" + std::to_string(i) + "\":\"\",";
  EXPECT_EQ(code_of(with("\"unit\":\"1\",", names)), "too-large");
  std::string years;
  for (int i = 0; i < 100000; ++i) years += "\"\",";
  EXPECT_EQ(code_of(with("\"2021\",", years)), "too-large");
  std::string pins;
  for (int i = 0; i < 5; ++i) pins += "\"" + std::string(15u << 20, 'p') + "\",";
  EXPECT_EQ(code_of(with("\"p.a@1\"]", pins + "\"p\"]")), "too-large");
  EXPECT_EQ(code_of(std::string(1u << 20, '[')), "malformed-ledger");
  EXPECT_EQ(code_of(std::string(1u << 20, ' ')), "truncated-file");
}

TEST(LedgerJson, TruncatedAtEveryLengthIsRefused) {
  const std::string bytes = as_json(sample_ledger());
  // The last line feed is white space.
  for (std::size_t n = 0; n + 1 < bytes.size(); ++n) {
    EXPECT_NE(code_of(bytes.substr(0, n)), "good") << n;
  }
}

}  // namespace
}  // namespace qz::publish
