// XML tables: attributes of rows become cells.

#include <gtest/gtest.h>

#include <string>

#include "unit/text/collecting_sink.h"

namespace qz::text {
namespace {

CollectingSink read(std::string_view text, const RecordLimits& limits = {}) {
  CollectingSink sink;
  read_xml_records(text, "a.xml", sink, limits);
  return sink;
}

struct XmlCase {
  const char* name;
  std::string text;
  const char* story;
};

const XmlCase kXmlCases[] = {
    {"Plain",
     "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<table>\n<row a=\"x\" b=\"1.10\"/>\n"
     "<row b=\" 2 \" a=\"y\"></row>\n</table>\n",
     "[a|b]\n3: x|1.10\n4: y|2\n"},
    {"ByteOrderMark", "\xEF\xBB\xBF<table><row a='1'/></table>", "[a]\n1: 1\n"},
    {"NoRows", "<table/>", "[]\n"},
    {"LateNames", "<table><row a='1'/><row b='2'/><row/></table>", "[a|b]\n1: 1\n1: |2\n1: |\n"},
    // A row's line is the one on which its tag begins.
    {"LongTag",
     "<table>\n\n<row\n a='1'\n b='2'/>\n<!-- note\n -->\n<row a='3'/><row a='4'/></table>",
     "[a|b]\n3: 1|2\n8: 3|\n8: 4|\n"},
    {"Namespace",
     "<table xmlns='urn:x' xmlns:xsi='urn:y' xsi:schemaLocation='z'><row a='1'/></table>",
     "[a]\n1: 1\n"},
    {"References", "<table><row a='&lt;&amp;&#x7164;&quot;&apos;'/></table>", "[a]\n1: <&煤\"'\n"},
    {"Chinese", "<table><row 煤='烟煤'/></table>", "[煤]\n1: 烟煤\n"},
    {"Gb18030",
     "<?xml version=\"1.0\" encoding=\"GBK\"?><table><row a='\xC8\xBC\xC1\xCF'/></table>",
     "[a]\n1: 燃料\n"},
    {"Utf8UnderAnOldDeclaration",
     "<?xml version=\"1.0\" encoding=\"gb2312\"?><table><row a='燃料'/></table>", "[a]\n1: 燃料\n"},

    {"WrongRoot", "<rows><row a='1'/></rows>",
     "[]\n! a.xml:1: <rows> cannot stand here (write <table>) [malformed-xml]\n"},
    {"WrongElement", "<table><line a='1'><row a='2'/>x</line><row a='3'/></table>",
     "[a]\n1: 3\n! a.xml:1: <line> cannot stand here (write <row>) [malformed-xml]\n"},
    {"Nested", "<table><row a='1'><b/><c/></row>\n<row a='3'/></table>",
     "[a]\n2: 3\n! a.xml:1: a row has no elements inside (write its cells as attributes: <row "
     "FC=\"1000.00\"/>) [nested-value]\n"},
    {"LooseText", "<table> <row a='1'> x y </row>\n<row a='3'/></table>",
     "[a]\n2: 3\n! a.xml:1: the text \"x y \" stands between tags (write cells as attributes of "
     "<row>) "
     "[malformed-xml]\n"},
    {"TableAttribute", "<table name='x'><row a='1'/></table>",
     "[a]\n1: 1\n! a.xml:1: <table> has no attribute \"name\" (remove it) [malformed-xml]\n"},
    {"ControlCharacter", "<table><row a='x&#9;y'/><row a='2'/></table>",
     "[a]\n1: 2\n! a.xml:1: a: the cell holds a control character (write it without tabs and "
     "control "
     "characters) [control-character]\n"},
};

class ReadXmlRecords : public testing::TestWithParam<XmlCase> {};

TEST_P(ReadXmlRecords, TellsItsStory) {
  EXPECT_EQ(read(GetParam().text).story(), GetParam().story);
}

INSTANTIATE_TEST_SUITE_P(Table, ReadXmlRecords, testing::ValuesIn(kXmlCases),
                         [](const auto& row) { return std::string(row.param.name); });

std::string only_code(const CollectingSink& sink) {
  return sink.problems.size() == 1 ? sink.problems.front().code : sink.story();
}

struct CodeCase {
  const char* name;
  std::string text;
  const char* code;
};

const CodeCase kCodeCases[] = {
    {"Empty", "", "malformed-xml"},
    {"NoMarkup", "a,b\n1,2\n", "malformed-xml"},
    {"CutOff", "<table><row a='1'/>", "truncated-file"},
    {"CutOffInTag", "<table><row a='1", "truncated-file"},
    {"Mismatch", "<table><row></table>", "malformed-xml"},
    {"RepeatedName", "<table><row a='1' a='2'/></table>", "repeated-name"},
    {"Dtd", "<!DOCTYPE table [<!ENTITY a 'x'>]><table/>", "dtd-refused"},
    {"DtdAlone", "<!DOCTYPE table><table/>", "dtd-refused"},
    {"UndefinedEntity", "<table><row a='&nbsp;'/></table>", "malformed-xml"},
    {"ControlReference", "<table><row a='&#1;'/></table>", "malformed-xml"},
    {"Instruction", "<?xml-stylesheet href='x'?><table/>", "malformed-xml"},
    {"Version", "<?xml version='1.1'?><table/>", "malformed-xml"},
    {"OtherEncoding", "<?xml version='1.0' encoding='ISO-8859-1'?><table/>", "wrong-encoding"},
    {"Utf16", std::string("\xFF\xFE<\0t\0/\0>\0", 10), "wrong-encoding"},
    {"NotAsDeclared", "<?xml version='1.0'?><table><row a='\xC8\xBC\xC1\xCF'/></table>",
     "wrong-encoding"},
    {"Deep",
     "<table>" +
         [] {
           std::string out;
           for (int i = 0; i < 100'000; ++i) out += "<row>";
           return out;
         }(),
     "too-deep"},
};

class XmlRecordsRefuse : public testing::TestWithParam<CodeCase> {};

TEST_P(XmlRecordsRefuse, WithACode) {
  const CollectingSink sink = read(GetParam().text);
  ASSERT_FALSE(sink.problems.empty());
  EXPECT_EQ(sink.problems.back().code, GetParam().code) << sink.story();
  EXPECT_FALSE(sink.problems.back().message.zh.empty());
}

INSTANTIATE_TEST_SUITE_P(Table, XmlRecordsRefuse, testing::ValuesIn(kCodeCases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(XmlRecordLimits, AreKept) {
  const RecordLimits limits{.columns = 2, .cell_bytes = 10, .record_bytes = 100'000};
  EXPECT_EQ(only_code(read("<table><row a='12345678901'/></table>", limits)), "too-large");
  EXPECT_EQ(only_code(read("<table><row a='1' b='2' c='3'/></table>", limits)), "too-large");
  EXPECT_EQ(only_code(read("<table><row a='1' b='2'/><row c='3'/></table>", limits)), "too-large");
  // A tag, a text, a comment without end are given up long before the end of the file.
  const std::string much(10'000'000, 'x');
  EXPECT_EQ(only_code(read("<table><row a='" + much, limits)), "too-large");
  EXPECT_EQ(only_code(read("<table><row " + much, limits)), "too-large");
  EXPECT_EQ(only_code(read("<table>" + much, limits)), "too-large");
  EXPECT_EQ(only_code(read("<table><!--" + much, limits)), "too-large");
  EXPECT_EQ(only_code(read("<table><![CDATA[" + much, limits)), "too-large");
}

TEST(XmlRecordSink, MayStop) {
  CollectingSink sink;
  sink.stop_after = 1;
  read_xml_records("<table><row a='1'/><row a='2'/><nonsense", "a.xml", sink);
  EXPECT_EQ(sink.rows.size(), 1u);
  EXPECT_TRUE(sink.problems.empty());
}

}  // namespace
}  // namespace qz::text
