// CSV: which cells a file has, and what is said where it has none.

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>

#include "text/encoding.h"
#include "unit/text/collecting_sink.h"

namespace qz::text {
namespace {

CollectingSink read(std::string_view text, const RecordLimits& limits = {}) {
  CollectingSink sink;
  read_csv(text, "a.csv", sink, limits);
  return sink;
}

struct CsvCase {
  const char* name;
  const char* text;
  const char* story;
};

constexpr CsvCase kCsvCases[] = {
    {"Plain", "a,b\n1,2\n", "[a|b]\n2: 1|2\n"},
    {"NoLastLineBreak", "a,b\n1,2", "[a|b]\n2: 1|2\n"},
    {"CarriageReturns", "a,b\r\n1,2\r\n", "[a|b]\n2: 1|2\n"},
    {"CarriageReturnAtTheEnd", "a,b\r\n1,2\r", "[a|b]\n2: 1|2\n"},
    {"HeaderOnly", "a,b", "[a|b]\n"},
    {"EmptyCells", "a,b,c\n,,\n1,,\n,,3\n", "[a|b|c]\n2: ||\n3: 1||\n4: ||3\n"},
    {"EmptyLastCell", "a,b\n1,", "[a|b]\n2: 1|\n"},
    {"Quotes", "a,b\n\"1,5\",\"he said \"\"no\"\"\"\n\"\",\"\"\"\"\n",
     "[a|b]\n2: 1,5|he said \"no\"\n3: |\"\n"},
    {"QuotedHeader", "\"a,1\",\"b\"\"\"\n1,2\n", "[a,1|b\"]\n2: 1|2\n"},
    // A record's line is the one on which it begins.
    {"LineBreaksInQuotes", "a,b\n\"x\ny\r\nz\",2\n3,4\n", "[a|b]\n2: x\ny\r\nz|2\n5: 3|4\n"},
    // Spaces and tabs around a cell are not part of it; inside quotes they stay.
    {"Blanks", " a ,\tb\n 1\t, 2 2 \n  \" x \" ,\t\"\"\t\n", "[a|b]\n2: 1|2 2\n3:  x |\n"},
    // An empty line is nothing, except where it can only be an empty cell.
    {"EmptyLines", "\n \na,b\n\n1,2\n\t\n\r\n3,4\n\n", "[a|b]\n5: 1|2\n8: 3|4\n"},
    {"OneColumn", "a\n\n1\n", "[a]\n2: \n3: 1\n"},
    {"Chinese", "燃料,热值（GJ）\n烟煤,23.5²\n", "[燃料|热值（GJ）]\n2: 烟煤|23.5²\n"},

    {"NoHeader", "",
     "[]\n! a.csv:1: the file has no header (write the columns' names on its first line) "
     "[malformed-csv]\n"},
    {"NoHeaderInBlankLines", "\n \n",
     "[]\n! a.csv:1: the file has no header (write the columns' names on its first line) "
     "[malformed-csv]\n"},
    // A defect costs its own record only.
    {"CellCount", "a,b\n1\n1,2,3\n1,2\n",
     "[a|b]\n4: 1|2\n"
     "! a.csv:2: the record has 1 cell where the header has 2 (write one cell for each column, "
     "and "
     "a cell that holds a comma in quotation marks) [cell-count]\n"
     "! a.csv:3: the record has 3 cells where the header has 2 (write one cell for each column, "
     "and "
     "a cell that holds a comma in quotation marks) [cell-count]\n"},
    {"StrayQuote", "a,b\n1,5\" pipe\n1,2\n",
     "[a|b]\n3: 1|2\n"
     "! a.csv:2: b: a quotation mark stands inside a cell that does not begin with one (put the "
     "whole "
     "cell in quotation marks and write each inner one twice) [malformed-csv]\n"},
    {"TextAfterQuote", "a,b\n\"1\"x,2\n1,2\n",
     "[a|b]\n3: 1|2\n"
     "! a.csv:2: a: text follows the closing quotation mark (write a quotation mark inside a "
     "quoted "
     "cell twice) [malformed-csv]\n"},
    {"UnclosedQuote", "a,b\n1,\"2\n3,4\n",
     "[a|b]\n3: 3|4\n"
     "! a.csv:2: b: a quotation mark is never closed (write the closing quote; the file may be cut "
     "off) [truncated-file]\n"},
    {"ControlCharacters", "a,b\n1,2\x01\n1\t2,3\n1,\"2\t\"\n1,\"\x7F\"\nx\ry,2\n1,\xC2\x85\n1,2\n",
     "[a|b]\n8: 1|2\n"
     "! a.csv:2: b: the cell holds a control character (write it without tabs and control "
     "characters) [control-character]\n"
     "! a.csv:3: a: the cell holds a control character (write it without tabs and control "
     "characters) [control-character]\n"
     "! a.csv:4: b: the cell holds a control character (write it without tabs and control "
     "characters) [control-character]\n"
     "! a.csv:5: b: the cell holds a control character (write it without tabs and control "
     "characters) [control-character]\n"
     "! a.csv:6: a: the cell holds a control character (write it without tabs and control "
     "characters) [control-character]\n"
     "! a.csv:7: b: the cell holds a control character (write it without tabs and control "
     "characters) [control-character]\n"},
    {"NonCharacter", "a\n\xEF\xBF\xBF\n\xEF\xBF\xBD\n",
     "[a]\n3: \xEF\xBF\xBD\n"
     "! a.csv:2: a: the cell holds a control character (write it without tabs and control "
     "characters) [control-character]\n"},
};

class ReadCsv : public testing::TestWithParam<CsvCase> {};

TEST_P(ReadCsv, TellsItsStory) { EXPECT_EQ(read(GetParam().text).story(), GetParam().story); }

INSTANTIATE_TEST_SUITE_P(Table, ReadCsv, testing::ValuesIn(kCsvCases),
                         [](const auto& row) { return std::string(row.param.name); });

std::vector<std::string> codes(const CollectingSink& sink) {
  std::vector<std::string> out;
  for (const base::Finding& finding : sink.problems) out.push_back(finding.code);
  return out;
}

using Codes = std::vector<std::string>;

TEST(CsvLimits, ALongCellIsRefusedAndReadingGoesOn) {
  const RecordLimits limits{.cell_bytes = 8};
  const CollectingSink sink =
      read("a,b\n123456789,1\n\"123456789\",1\n\"123456\"\"\",2\n12345678,3\n", limits);
  EXPECT_EQ(codes(sink), (Codes{"too-large", "too-large"}));
  ASSERT_EQ(sink.rows.size(), 2u);
  EXPECT_EQ(sink.rows[0].cells[0], "123456\"");
}

TEST(CsvLimits, AQuotedCellOfDoubledQuotesAtTheLimit) {
  const RecordLimits limits{.cell_bytes = 8};
  for (std::size_t size = 1; size < 20; ++size) {
    const CollectingSink sink = read("a\n\"" + std::string(size, '"'), limits);
    EXPECT_EQ(sink.rows.size() + sink.problems.size(), 1u) << size;
  }
}

TEST(CsvLimits, ALineWithoutEndIsRefused) {
  const RecordLimits limits{.cell_bytes = 1u << 20, .record_bytes = 1u << 12};
  EXPECT_EQ(codes(read("a,b\n" + std::string(100'000, 'x'), limits)), Codes{"too-large"});
  EXPECT_EQ(codes(read("a,b\n" + std::string(100'000, ','), limits)), Codes{"too-large"});
  EXPECT_EQ(codes(read("a,b\n\"" + std::string(100'000, '\n'), limits)).front(), "too-large");
  EXPECT_EQ(codes(read(std::string(100'000, 'x'), limits)), Codes{"too-large"});
  EXPECT_EQ(codes(read("a,b\n" + std::string(100'000, 'x') + "\n1,2,3\n", limits)),
            (Codes{"too-large", "cell-count"}));
}

TEST(CsvLimits, TooManyColumns) {
  const RecordLimits limits{.columns = 3};
  EXPECT_TRUE(read("a,b,c\n", limits).problems.empty());
  EXPECT_EQ(codes(read("a,b,c,d\n1,2,3,4\n", limits)), Codes{"too-large"});
  // Cells that are not kept are not unescaped either.
  EXPECT_EQ(codes(read("a,b,c,d,e,\"f\"\"\",\"g\"\n", limits)), Codes{"too-large"});
  EXPECT_EQ(codes(read("a\n1,2,\"3\"\"\"\n", limits)), Codes{"cell-count"});
}

TEST(CsvLimits, ReadingStopsAfterTooManyProblems) {
  const RecordLimits limits{.problems = 3};
  const CollectingSink sink = read("a,b\n1\n1\n1\n1\n1\n1,2\n", limits);
  EXPECT_EQ(codes(sink), (Codes{"cell-count", "cell-count", "cell-count", "too-many-problems"}));
  EXPECT_TRUE(sink.rows.empty());
}

TEST(CsvSink, MayStop) {
  CollectingSink sink;
  sink.stop_after = 2;
  read_csv("a\n1\n2\n3\n", "a.csv", sink);
  EXPECT_EQ(sink.rows.size(), 2u);
}

// Any cell text survives: written in quotes, or bare where it needs none.
std::string csv_cell(const std::string& text, bool quoted) {
  if (!quoted && text.find_first_of(",\"\r\n") == std::string::npos &&
      text.find_first_of(" ") == std::string::npos) {
    return text;
  }
  std::string out = "\"";
  for (const char c : text) {
    out += c;
    if (c == '"') out += '"';
  }
  return out + '"';
}

rc::Gen<std::string> cell_text() {
  return rc::gen::map(
      rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
          "a", "1", ",", "\"", "\"\"", "\n", "\r\n", " ", "煤", "²", "，", "😀", "é", "'")),
      [](const std::vector<std::string>& parts) {
        std::string out;
        for (const std::string& part : parts) out += part;
        return out;
      });
}

TEST(CsvProperty, QuotingGivesTheSameCellsBack) {
  EXPECT_TRUE(rc::check([] {
    const auto width = *rc::gen::inRange<std::size_t>(2, 6);
    const auto rows = *rc::gen::container<std::vector<std::vector<std::string>>>(
        rc::gen::container<std::vector<std::string>>(width, cell_text()));
    std::string text;
    for (std::size_t i = 0; i < width; ++i) text += (i == 0 ? "c" : ",c") + std::to_string(i);
    text += '\n';
    for (const auto& row : rows) {
      for (std::size_t i = 0; i < width; ++i) {
        text += (i == 0 ? "" : ",") + csv_cell(row[i], *rc::gen::arbitrary<bool>());
      }
      text += *rc::gen::element<std::string>("\n", "\r\n");
    }
    const CollectingSink sink = read(text);
    RC_ASSERT(sink.problems.empty());
    RC_ASSERT(sink.rows.size() == rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) RC_ASSERT(sink.rows[i].cells == rows[i]);
  }));
}

// Whatever the bytes: every problem has a code and a sentence in both languages, and each record
// has as many cells as there are headings.
TEST(CsvProperty, AnyTextEndsWell) {
  EXPECT_TRUE(rc::check([] {
    const auto text =
        *rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
                          "a", "1", ",", "\"", "\n", "\r", " ", "\t", "煤", "\x01", "，")),
                      [](const std::vector<std::string>& parts) {
                        std::string out;
                        for (const std::string& part : parts) out += part;
                        return out;
                      });
    const CollectingSink sink = read(text);
    for (const auto& row : sink.rows) RC_ASSERT(row.cells.size() == sink.names.size());
    for (const base::Finding& finding : sink.problems) {
      RC_ASSERT(!finding.code.empty());
      RC_ASSERT(!finding.message.en.empty());
      RC_ASSERT(!finding.message.zh.empty());
      RC_ASSERT(finding.place.line > 0u);
    }
  }));
}

// Lines that an index finds and lines that are read one by one are the same records.
TEST(CsvProperty, WindowsGiveTheSameRecords) {
  // Cells this short fit no window: everything is read one by one.
  static constexpr RecordLimits kOneByOne{.cell_bytes = 1000, .record_bytes = 30'000};
  EXPECT_TRUE(rc::check([] {
    const auto lines =
        *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(std::vector<std::string>{
            "1,2,3\n", "10,,\n", " 4 ,5,6 \n", "7,\"8,\",9\n", "1,2,3\r\n", "\n", "1,2\n3,4,5,6\n",
            "1\n2\n3\n", "\"a\nb\",c,d\n", "a,\tb,c\n", "x,\xC2\xB2,z\n", "煤,油,气\n",
            "a\"b,c,d\n", "a,\xC2\x85,c\n", ",,\n"}));
    const auto times = *rc::gen::inRange<std::size_t>(0, 4000);
    std::string text = "a,b,c\n";
    for (std::size_t i = 0; i < times && !lines.empty(); ++i) {
      // One sort of line for long stretches, so that whole windows are plain.
      text += lines[i / 700 % lines.size()];
    }
    if (*rc::gen::arbitrary<bool>()) text += "1,2,3";
    RC_ASSERT(read(text).story() == read(text, kOneByOne).story());
  }));
}

}  // namespace
}  // namespace qz::text
