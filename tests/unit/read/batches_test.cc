// Batches against read_tables(): the same bytes through both readers, cell by cell and message by
// message, in pieces of every size and in both forms of the scan.

#include "read/batches.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "read/detail/quick_decimal.h"
#include "read/detail/text_ids.h"
#include "unit/read/read_fixture.h"

namespace qz::read {
namespace {

constexpr const char* kOld = R"({
  "pack": "x.rules", "version": "2021", "title": {"en": "x", "zh": "x"}, "authority": "x",
  "document": "x", "applies": {"from": "2021-01-01", "to": "2021-12-31"}, "rounding": "half-even",
  "tables": {
    "entity": {"key": ["entity"], "columns": {"name": {"input": "text", "optional": true}}},
    "unit": {"key": ["entity", "unit"], "columns": {"name": {"input": "text", "optional": true}}},
    "load": {"key": ["entity", "unit", "month", "row"], "columns": {
      "FC": {"input": "number", "unit": "t", "decimals": 2, "optional": true, "label": {"en": "Fuel", "zh": "消耗量"}},
      "heat": {"input": "number", "unit": "GJ", "optional": true},
      "kind": {"input": {"air": {"en": "air-cooled", "zh": "空冷"}, "water": {"en": "water-cooled", "zh": "水冷"}}, "optional": true},
      "day": {"input": "date", "optional": true}, "dry": {"input": "bool", "optional": true},
      "old": {"input": "text", "optional": true}, "note": {"input": "text", "optional": true},
      "E": {"unit": "t", "formula": "FC * 2"}}},
    "weighing": {"key": ["row"], "columns": {"mass": {"input": "number", "unit": "t", "optional": true}}},
    "month_use": {"key": ["entity", "month"], "columns": {"FC": {"input": "number", "unit": "t"}}}}})";

constexpr const char* kNew = R"({
  "pack": "x.rules", "version": "2022", "extends": "2021", "title": {"en": "x", "zh": "x"},
  "authority": "x", "document": "x", "applies": {"from": "2022-01-01"},
  "tables": {"load": {"columns": {
      "FC": {"input": "number", "unit": "lot", "decimals": 0, "optional": true, "label": {"en": "Fuel", "zh": "消耗量"}},
      "kind": {"input": {"air": {"en": "air-cooled", "zh": "空冷"}, "sea": {"en": "sea-cooled", "zh": "海水"}}, "optional": true},
      "old": null}}}})";

const testing_support::TestPacks& world() {
  static const auto made = testing_support::check_packs({kOld, kNew}, kUnits, 2021, 2022);
  return *made;
}

std::string cell_text(const table::Column& cells, std::size_t row, const table::TextPool& pool) {
  if (!cells.has_value(row)) return "-";
  if (cells.type() == table::Type::kNumber) return cells.number(row).to_string(400);
  if (cells.type() == table::Type::kText) return pool.text(cells.id(row));
  return "#" + std::to_string(cells.id(row));
}

std::string finding_text(const base::Finding& one) {
  std::string out = base::finding_line(one, "en") + "|" + base::finding_line(one, "zh") + "|" +
                    one.code + "|" + one.table + "|" + one.column;
  for (const auto& [name, value] : one.key) out += "|" + name + "=" + value;
  return out;
}

// What a reader gave, as text: one line for each row, then the findings.
struct Given {
  bool by_batches = false;
  std::string rows;
  std::string findings;
  std::string problems;
};

struct Case {
  std::string table = "load";
  std::vector<TableFile> files;
  std::vector<TableFile> others;
};

std::vector<TableFile> all_files(const Case& given, bool in_batches) {
  std::vector<TableFile> out = given.others;
  for (TableFile file : given.files) {
    file.in_batches = in_batches;
    out.push_back(std::move(file));
  }
  return out;
}

Given read_whole(const Case& given) {
  Given out;
  table::TextPool pool;
  base::Findings problems;
  base::Findings findings;
  const InputTables tables =
      read_tables(all_files(given, false), *world().packs, world().units, pool, problems, findings);
  const std::int32_t t = *world().packs->table(given.table);
  const InputTable& table = tables.tables[static_cast<std::size_t>(t)];
  const rules::CheckedTable& checked = world().packs->tables[static_cast<std::size_t>(t)];
  for (std::size_t row = 0; row < table.rows; ++row) {
    const std::string& name = tables.files[table.file[row]].name;
    out.rows += name + ":" + std::to_string(table.line[row]);
    for (std::size_t c = 0; c < checked.columns.size(); ++c) {
      const table::Column* cells = nullptr;
      if (c < table.keys.size()) cells = &table.keys[c];
      for (const InputColumn& one : table.columns) {
        if (one.column == static_cast<std::int32_t>(c)) cells = &one.cells;
      }
      out.rows += " " + (cells == nullptr ? std::string("none") : cell_text(*cells, row, pool));
    }
    out.rows += "\n";
  }
  for (const FileSummary& file : tables.files) {
    out.rows += file.name + " " + std::to_string(file.rows) + "\n";
  }
  for (const base::Finding& one : findings) out.findings += finding_text(one) + "\n";
  out.problems = testing_support::lines(problems);
  return out;
}

// Rows of one batch; places are known only later, so they stand apart.
struct BatchText {
  std::size_t piece = 0;
  std::vector<std::string> rows;
  std::vector<std::uint32_t> lines;
  std::size_t first = 0;
};

std::vector<std::string> batch_rows(const Batch& batch, const rules::CheckedTable& checked,
                                    const table::TextPool& pool) {
  std::vector<std::string> out(batch.rows);
  for (std::size_t c = 0; c < checked.columns.size(); ++c) {
    const table::Column& cells = batch.columns[c];
    const bool is_row = checked.columns[c].type == table::Type::kRow;
    EXPECT_TRUE(cells.size() == batch.rows || cells.size() == 0);
    EXPECT_EQ(cells.all_have_values(), cells.missing().empty());
    std::int64_t largest = 0;
    for (std::size_t row = 0; row < batch.rows; ++row) {
      out[row] += is_row ? " @" : " " + (cells.size() == 0 ? "none" : cell_text(cells, row, pool));
      if (cells.size() == 0 || !cells.is_scaled()) continue;
      EXPECT_EQ(cells.has_value(row), cells.missing().empty() || cells.missing()[row] == 0);
      largest = std::max(largest, std::abs(cells.mantissas()[row]));
    }
    EXPECT_GE(batch.largest[c], largest);
  }
  return out;
}

Given read_batches(const Case& given, const BatchOptions& options) {
  Given out;
  table::TextPool pool;
  const std::int32_t t = *world().packs->table(given.table);
  const rules::CheckedTable& checked = world().packs->tables[static_cast<std::size_t>(t)];
  const std::vector<bool> wanted(checked.columns.size(), true);
  const auto reader =
      open_batches(given.files, t, wanted, *world().packs, world().units, pool, options);
  if (!reader) return out;
  const auto worker = reader->worker();
  std::vector<BatchText> batches;
  for (std::size_t piece = 0; piece < reader->pieces(); ++piece) {
    reader->read(piece, *worker, [&](const Batch& batch) {
      batches.push_back({piece, batch_rows(batch, checked, pool), batch.lines, batch.first});
      EXPECT_EQ(batch.lines.size(), batch.rows);
    });
  }
  base::Findings problems;
  base::Findings findings;
  InputTables tables =
      read_tables(all_files(given, true), *world().packs, world().units, pool, problems, findings);
  if (reader->declined() || !reader->finish(tables, findings)) return out;
  out.by_batches = true;
  out.problems = testing_support::lines(problems);
  for (const BatchText& batch : batches) {
    for (std::size_t row = 0; row < batch.rows.size(); ++row) {
      const std::uint32_t number = reader->row_number(batch.piece, batch.first + row);
      std::string text = batch.rows[row];
      text.replace(text.find('@'), 1, "#" + std::to_string(number));
      out.rows += reader->place(batch.piece, batch.lines[row]).to_string() + text + "\n";
    }
  }
  for (const FileSummary& file : tables.files) {
    out.rows += file.name + " " + std::to_string(file.rows) + "\n";
  }
  for (const base::Finding& one : findings) out.findings += finding_text(one) + "\n";
  return out;
}

const std::vector<BatchOptions>& all_options() {
  static const std::vector<BatchOptions> out = [] {
    std::vector<BatchOptions> made;
    for (const text::ScanForm form : {text::best_scan(), text::ScanForm::kWords}) {
      made.push_back({std::size_t{4} << 20, std::size_t{16} << 10, form});
      made.push_back({100, 64, form});
      made.push_back({1, 40, form});
    }
    return made;
  }();
  return out;
}

// How many ways of cutting gave batches; each that did must give the same as read_tables().
std::size_t compare(const Case& given) {
  const Given whole = read_whole(given);
  std::size_t agreed = 0;
  for (const BatchOptions& options : all_options()) {
    const Given batches = read_batches(given, options);
    if (!batches.by_batches) continue;
    ++agreed;
    EXPECT_EQ(batches.rows, whole.rows);
    EXPECT_EQ(batches.findings, whole.findings);
    EXPECT_EQ(batches.problems, whole.problems);
  }
  return agreed;
}

Case load_csv(const std::string& csv) { return {"load", {file("load", "l.csv", csv)}, {}}; }

struct CsvCase {
  const char* what;
  const char* csv;
  bool in_batches;  // in one piece; small pieces may decline where a line break is quoted
};

constexpr const char* kPlain = "entity,unit,month,FC,heat,kind,day,dry,note\n";

class Same : public testing::TestWithParam<CsvCase> {};

TEST_P(Same, AsTheGeneralReader) {
  std::string csv = GetParam().csv;
  if (!csv.starts_with("entity")) csv = kPlain + csv;
  const std::size_t agreed = compare(load_csv(csv));
  EXPECT_EQ(agreed > 0, GetParam().in_batches);
  if (GetParam().in_batches && csv.find('"') == std::string::npos) {
    EXPECT_EQ(agreed, all_options().size());
  }
}

INSTANTIATE_TEST_SUITE_P(
    Read, Same,
    testing::Values(
        CsvCase{"plain", "A,1,2021-01,1.25,3,air,2021-03-04,true,n\nB,2,2021-02,,4.5,,,,\n", true},
        CsvCase{"crlf", "A,1,2021-01,1.25,3,air,,,n\r\nB,2,2021-02,7,4,water,,false,\r\n", true},
        CsvCase{"lone return", "A,1,2021-01,1.2\r5,3,air,,,n\n", false},
        CsvCase{"no last line end", "A,1,2021-01,1,3,air,,,n\nB,2,2021-02,7,4,,,,m", true},
        CsvCase{"return at the end", "A,1,2021-01,1,3,air,,,n\nB,2,2021-02,7,4,,,,m\r", true},
        CsvCase{"empty lines", "A,1,2021-01,1,3,,,,\n\n  \nB,2,2021-02,7,4,,,,\n", true},
        CsvCase{"spaces", " A , 1,2021-01 , 1.5 ,\t3,air ,, true,x y\nA,1, 2021-01,1,3,,,, \n",
                true},
        CsvCase{"mixed places",
                "A,1,2021-01,1,3.14159,,,,\nA,1,2021-01,1.5,2.7,,,,\nA,1,2021-01,2.25,1,,,,\n",
                true},
        CsvCase{"signs", "A,1,2021-01,-1.5,+3,,,,\nA,1,2021-01,1e3,1.5e-2,,,,\n", true},
        CsvCase{"wide",
                "A,1,2021-01,123456789012345678,9,,,,\nA,1,2021-01,1,0.123456789012345678,,,,\nA,1,"
                "2021-01,123456789012345678901234567890,9,,,,\nB,2,2021-02,0.5,1e-30,,,,\n",
                true},
        CsvCase{"eight and nine",
                "A,1,2021-01,12345678,1234567.8,,,,\nA,1,2021-01,123456789,12345678.9,,,,\nA,1,"
                "2021-01,1234567890123456,123456789012.345,,,,\n",
                true},
        CsvCase{"too many places",
                "A,1,2021-01,1.255,3,,,,\nA,1,2021-02,1.1,3,,,,\nA,1,2022-02,1.1,3,,,,\n", true},
        CsvCase{"editions",
                "A,1,2021-01,6,3,water,,,\nA,1,2022-01,6,3,sea,,,\nA,1,2021-02,9,3,water,,,\n",
                true},
        CsvCase{"choice of another edition", "A,1,2022-01,6,3,water,,,\n", false},
        CsvCase{"labels", "A,1,2021-01,6,3,空冷,,,注\nA,1,2021-01,6,3,air-cooled,,,\n", true},
        CsvCase{"set aside", "entity,unit,month,old\nA,1,2021-01,x\nA,1,2022-01,y\nA,1,2022-02,\n",
                true},
        CsvCase{"unit in heading",
                "entity,unit,month,FC [kg],heat [MWh]\nA,1,2021-01,1500,2\nA,1,2022-01,7,2.5\n",
                true},
        CsvCase{"unit that repeats",
                "entity,unit,month,FC [lot]\nA,1,2021-01,1\nA,1,2021-01,0.3\nA,1,2021-01,\n", true},
        CsvCase{"label heading", "entity,unit,month,消耗量\nA,1,2021-01,1\n", true},
        CsvCase{"companions", "entity,unit,month,FC,FC@mode\nA,1,2021-01,1,measured\n", true},
        CsvCase{"quotes", "A,1,2021-01,1,3,air,,,\"x, \"\"y\"\"\"\n\"B\",2,2021-02,7,\"4\",,,,m\n",
                true},
        CsvCase{"quoted spaces",
                "\"A \",1,2021-01,1,3,air,,,\" x\"\nA ,1,2021-01,1,3,air,,, x\n\"A "
                "\",1,2021-01,1,3,air,,,\" x\"\n",
                true},
        CsvCase{"quoted line",
                "A,1,2021-01,1,3,air,,,\"x\ny\nA,1,2021-01,1,3,air,,,\"\nB,2,2021-02,7,4,,,,m\n",
                true},
        CsvCase{"unclosed quote", "A,1,2021-01,1,3,air,,,\"x\nB,2,2021-02,7,4,,,,m\n", false},
        CsvCase{"too few cells", "A,1,2021-01,1,3,air,,n\n", false},
        CsvCase{"too few, then too many", "A,1,2021-01,1,3,air,,n\nA,1,2021-01,1,3,air,,,,n\n",
                false},
        CsvCase{"no number", "A,1,2021-01,1.,3,air,,,n\n", false},
        CsvCase{"thousands", "A,1,2021-01,1 000,3,air,,,n\n", false},
        CsvCase{"no period", "A,1,2021-13,1,3,air,,,n\n", false},
        CsvCase{"outside the cycle", "A,1,2020-12,1,3,air,,,n\n", false},
        CsvCase{"empty key", "A,,2021-01,1,3,air,,,n\n", false},
        CsvCase{"blank key", "A,  ,2021-01,1,3,air,,,n\n", false},
        CsvCase{"no date", "A,1,2021-01,1,3,air,2021-02-30,,n\n", false},
        CsvCase{"no bool", "A,1,2021-01,1,3,air,,yes,n\n", false},
        CsvCase{"control character", "A,1,2021-01,1,3,air,,,n\x01\n", false},
        CsvCase{"c1 control", "A,1,2021-01,1,3,air,,,n\xC2\x85\n", false},
        CsvCase{"accents", "A,1,2021-01,1,3,air,,,n\xC2\xB2\nA,1,2021-01,1,3,air,,,煤\n", true},
        CsvCase{"not utf-8", "A,1,2021-01,1,3,air,,,\xC3\xBA\xB2\n", false},
        CsvCase{"gb18030", "A,1,2021-01,1,3,air,,,\xD4\xAD\xB5\xC4\n", false},
        CsvCase{"no rows", "", true}),
    [](const auto& one) {
      std::string name = one.param.what;
      std::replace_if(
          name.begin(), name.end(), [](char c) { return !std::isalnum(c); }, '_');
      return name;
    });

TEST(Batches, BeginBehindAByteOrderMark) {
  EXPECT_EQ(compare(load_csv(std::string("\xEF\xBB\xBF") + kPlain + "A,1,2021-01,1,,,,,\n")),
            all_options().size());
}

TEST(Batches, DoAsTheJobSaysOfAFile) {
  TableFile one =
      file("load", "a.csv", "unit,month,mine,rest\n1,2021-01,-,x\n2,2021-02,7,y\nsum,,,\n");
  one.with = {{"entity", "A"}, {"heat", "5"}, {"note", "n"}};
  one.columns = {{"FC", "mine"}};
  one.ignore = {"rest"};
  one.missing = {"-"};
  one.skip = "sum";
  TableFile two = file("load", "b.csv", "entity,unit,month,heat,FC\nB,1,2021-03,3,0\n");
  two.missing = {"0", "n/a"};
  EXPECT_EQ(compare({"load", {one, two}, {}}), all_options().size());
}

TEST(Batches, AskTheRegisters) {
  const TableFile entities = file("entity", "e.csv", "entity\nA\nB\n");
  const TableFile units = file("unit", "u.csv", "entity,unit\nA,1\nB,2\n");
  const TableFile good = file("load", "l.csv", "entity,unit,month\nA,1,2021-01\nB,2,2021-01\n");
  const TableFile bad = file("load", "l.csv", "entity,unit,month\nA,1,2021-01\nB,1,2021-01\n");
  const TableFile none = file("load", "l.csv", "entity,unit,month\nA,1,2021-01\nC,1,2021-01\n");
  EXPECT_EQ(compare({"load", {good}, {entities, units}}), all_options().size());
  EXPECT_EQ(compare({"load", {bad}, {entities}}), all_options().size());
  EXPECT_EQ(compare({"load", {bad}, {entities, units}}), 0u);
  EXPECT_EQ(compare({"load", {none}, {entities}}), 0u);
}

TEST(Batches, OneColumnMayBeEmpty) {
  const TableFile one = file("weighing", "w.csv", "mass\n1\n\n2.5\n  \n");
  EXPECT_EQ(compare({"weighing", {one}, {}}), all_options().size());
}

TEST(Batches, KeysThatMustBeUniqueAreForTheGeneralReader) {
  const TableFile one = file("month_use", "m.csv", "entity,month,FC\nA,2021-01,1\n");
  EXPECT_EQ(compare({"month_use", {one}, {}}), 0u);
}

TEST(Batches, ManyRowsInManyBatches) {
  std::string csv = kPlain;
  for (int i = 0; i < 9000; ++i) {
    csv += "entity-number-" + std::to_string(i % 700) + ",U" + std::to_string(i % 7) + ",2021-" +
           (i % 2 == 0 ? "03" : "11") + "," + std::to_string(i) + "." + std::to_string(i % 100) +
           ",3,,,,\n";
  }
  EXPECT_EQ(compare(load_csv(csv)), all_options().size());
}

// --- random files ---

rc::Gen<std::string> one_of(std::vector<std::string> texts) {
  return rc::gen::elementOf(std::move(texts));
}

rc::Gen<std::string> row() {
  const auto number = [] {
    return rc::gen::weightedOneOf<std::string>(
        {{6, rc::gen::map(rc::gen::pair(rc::gen::inRange<std::int64_t>(0, 99999999),
                                        rc::gen::inRange<int>(0, 10000)),
                          [](const std::pair<std::int64_t, int>& n) {
                            return std::to_string(n.first >> n.second % 27) + "." +
                                   std::to_string(n.second);
                          })},
         {3, one_of({"", "0", "7", "0.5", "00012", "-3.25", "999999999999999999", "1e2",
                     "123456789.123456789"})},
         {1, one_of({"", " 4", "4 ", "0.00000000000000000001", "98765432109876543210.5"})}});
  };
  return rc::gen::map(
      rc::gen::tuple(one_of({"A", "B", "东方电厂", "a long name of an entity", "\"Q\"", "A "}),
                     one_of({"1", "2", "0012345678"}),
                     one_of({"2021-01", "2021-12", "2022-05", "2022-06"}), number(), number(),
                     one_of({"", "air", "空冷", "air-cooled"}),
                     one_of({"", "2021-03-01", "1969-12-31"}), one_of({"", "true", "FALSE"}),
                     one_of({"", "n", "a note", "\"with, comma\"", "\"two\nlines\"", "注释"}),
                     one_of({"\n", "\n", "\n", "\r\n", "\n\n"})),
      [](const auto& t) {
        return std::get<0>(t) + "," + std::get<1>(t) + "," + std::get<2>(t) + "," + std::get<3>(t) +
               "," + std::get<4>(t) + "," + std::get<5>(t) + "," + std::get<6>(t) + "," +
               std::get<7>(t) + "," + std::get<8>(t) + std::get<9>(t);
      });
}

RC_GTEST_PROP(Batches, GoodRowsAreTheSame, ()) {
  std::string csv = kPlain;
  for (const std::string& one : *rc::gen::container<std::vector<std::string>>(row())) csv += one;
  RC_ASSERT(compare(load_csv(csv)) >= 1u);
}

RC_GTEST_PROP(Batches, AnyByteInARowIsTheSame, ()) {
  std::string csv = kPlain;
  for (const std::string& one : *rc::gen::container<std::vector<std::string>>(row())) csv += one;
  const std::vector<std::string> edits = {",",    "\n",       "\"",       "\r",   "\x01",
                                          "\xFF", "\xC2\x80", "9",        ".",    "-",
                                          " ",    "x",        "\xD4\xAD", "\x7F", ""};
  const std::size_t times = *rc::gen::inRange<std::size_t>(1, 4);
  for (std::size_t i = 0; i < times; ++i) {
    const std::size_t at = *rc::gen::inRange<std::size_t>(0, csv.size());
    csv.replace(at, *rc::gen::inRange<std::size_t>(0, 3), *rc::gen::elementOf(edits));
  }
  compare(load_csv(csv));
}

RC_GTEST_PROP(QuickDecimal, WordsGiveWhatCharactersGive, ()) {
  const std::string alphabet = *rc::gen::elementOf(
      std::vector<std::string>{"0123456789", "0123456789.", "09.", "0123456789.-e,\x80\xBA/:"});
  const std::string text = *rc::gen::container<std::string>(*rc::gen::inRange<std::size_t>(1, 17),
                                                            rc::gen::elementOf(alphabet));
  const std::string padded = std::string(16, '7') + text;
  const char* end = padded.data() + padded.size();
  const detail::QuickDecimal fast = text.size() <= 8 ? detail::word_decimal(end, text.size())
                                                     : detail::two_word_decimal(end, text.size());
  const detail::QuickDecimal slow = detail::quick_decimal(text);
  if (fast.ok) {
    RC_ASSERT(slow.ok);
    RC_ASSERT(fast.mantissa == slow.mantissa);
    RC_ASSERT(fast.places == slow.places);
  } else {
    const bool is_plain =
        slow.ok && text.front() != '-' && slow.places <= 8 && text.size() - slow.places <= 9;
    RC_ASSERT(!is_plain || text.size() > 8);
  }
}

RC_GTEST_PROP(QuickDecimal, AKnownNumberOfPlacesChangesNothing, ()) {
  const std::string alphabet = *rc::gen::elementOf(
      std::vector<std::string>{"0123456789", "0123456789.", "09.", "0123456789.-e,\x80\xBA/:"});
  std::string text = *rc::gen::container<std::string>(*rc::gen::inRange<std::size_t>(1, 10),
                                                      rc::gen::elementOf(alphabet));
  const auto places = *rc::gen::inRange<std::int32_t>(-1, 9);
  const auto point = static_cast<std::ptrdiff_t>(text.size()) - 1 - places;
  if (point >= 0 && places > 0) text[static_cast<std::size_t>(point)] = '.';
  const std::string padded = std::string(16, '7') + text;
  const char* end = padded.data() + padded.size();
  std::int64_t mantissa = -1;
  const bool is_read = detail::FixedPlaces(places).read(end, text.size(), mantissa);
  detail::QuickDecimal whole;
  if (text.size() <= 8) whole = detail::word_decimal(end, text.size());
  RC_ASSERT(is_read == (whole.ok && whole.places == places));
  RC_ASSERT(mantissa == (is_read ? whole.mantissa : -1));
  RC_ASSERT(!detail::FixedPlaces().read(end, text.size(), mantissa));
}

TEST(TextIds, KnowWhatTheyWereTold) {
  detail::TextIds ids;
  std::vector<std::string> texts;
  for (int i = 0; i < 3000; ++i) texts.push_back("F" + std::to_string(i));
  for (int i = 0; i < 300; ++i) texts.push_back(std::string(static_cast<std::size_t>(i + 5), 'a'));
  for (int i = 0; i < 300; ++i)
    texts.push_back("same beginning " + std::to_string(i) + " same end");
  for (std::size_t i = 0; i < texts.size(); ++i) {
    EXPECT_EQ(ids.find(texts[i]), detail::TextIds::kAbsent) << texts[i];
    ids.add(texts[i], static_cast<std::int32_t>(i));
    EXPECT_EQ(ids.find(texts[i / 2]), static_cast<std::int32_t>(i / 2));
  }
  for (std::size_t i = 0; i < texts.size(); ++i) {
    EXPECT_EQ(ids.find(texts[i]), static_cast<std::int32_t>(i));
  }
}

// Numbered names of `size` bytes, with others between them that nobody told.
void expect_found_together(std::size_t size, std::size_t told) {
  detail::TextIds ids;
  std::string room(8, '#');  // what may be read on either side
  std::vector<std::size_t> at;
  std::vector<std::uint32_t> sizes;
  for (std::size_t i = 0; i < 2 * told; ++i) {
    const std::string number = std::to_string(i);
    std::string name(size - std::min(size, number.size()), i % 3 == 0 ? 'F' : '0');
    name += number.substr(0, size);
    if (size > 20) std::swap(name[size / 2], name[size - 1]);
    at.push_back(room.size());
    sizes.push_back(static_cast<std::uint32_t>(i % 11 == 0 ? 0 : size));
    room += name + ",";
    const bool is_new = ids.find(name) == detail::TextIds::kAbsent;
    if (i < told && is_new) ids.add(name, static_cast<std::int32_t>(i));
  }
  room += "########";
  for (std::size_t from = 0; from < at.size(); from += detail::TextIds::kTogether) {
    const std::size_t count = std::min(at.size() - from, detail::TextIds::kTogether);
    std::vector<const char*> texts;
    for (std::size_t k = 0; k < count; ++k) texts.push_back(room.data() + at[from + k]);
    std::vector<std::int32_t> found(count);
    ids.find_all(texts.data(), sizes.data() + from, count, found.data());
    for (std::size_t k = 0; k < count; ++k) {
      const std::string_view text(texts[k], sizes[from + k]);
      const std::int32_t one = text.empty() ? detail::TextIds::kAbsent : ids.find(text);
      EXPECT_EQ(found[k], one) << text;
    }
  }
}

TEST(TextIds, ManyAtOnceAreAsOneByOne) {
  for (const std::size_t size : {1, 3, 7, 8, 9, 15, 16, 17, 18, 24, 40}) {
    for (const std::size_t told : {1, 63, 500, 5000}) expect_found_together(size, told);
  }
}

}  // namespace
}  // namespace qz::read
