// Files to typed tables: what is read, and the one line that each mistake gives.

#include "read_fixture.h"

namespace qz::read {
namespace {

TEST(ReadTables, CellsOfEveryType) {
  const Reading read = read_files(
      {file("entity", "e.csv",
            "entity,district,kind,opened,dry\n A ,north,空冷,2020-02-29,true\nB,,water,,FALSE\nC,,"
            "air-cooled,,\n"),
       file("use_month", "m.csv",
            "entity,unit,month,FC,heat\nA,1,2021-01,1000.00,7\nA,1,2021-02,-0.5,\nB,1,2021-12,"
            "1e2,0.001\n")});
  EXPECT_EQ(read.said(), "");
  EXPECT_EQ(read.column("entity", "entity"), "A B C");
  EXPECT_EQ(read.column("entity", "district"), "north - -");
  EXPECT_EQ(read.column("entity", "kind"), "air water air");
  EXPECT_EQ(read.column("entity", "opened"), "2020-02-29 - -");
  EXPECT_EQ(read.column("entity", "dry"), "true false -");
  EXPECT_EQ(read.column("use_month", "month"), "2021-01 2021-02 2021-12");
  EXPECT_EQ(read.column("use_month", "FC"), "1000 -0.5 100");
  EXPECT_EQ(read.column("use_month", "heat"), "7 - 0.001");
  const InputTable& month = read.table("use_month");
  EXPECT_EQ(month.line, (std::vector<std::uint32_t>{2, 3, 4}));
  EXPECT_EQ(month.file, (std::vector<std::uint16_t>{1, 1, 1}));
  EXPECT_EQ(month.columns[0].places, (std::vector<std::uint8_t>{2, 1, 0}));
  EXPECT_TRUE(month.given);
  EXPECT_FALSE(read.table("unit").given);
  EXPECT_EQ(read.tables.files[1].rows, 3u);
}

TEST(ReadTables, HeadingsByCodeLabelAndUnit) {
  const Reading read =
      read_month("entity,unit,month,消耗量 [kg],Heat（MWh）\nA,1,2021-01,1234.5,10\n");
  EXPECT_EQ(read.said(), "");
  EXPECT_EQ(read.column("use_month", "FC"), "1.2345");
  EXPECT_EQ(read.column("use_month", "heat"), "36");
  const InputColumn& fuel = read.table("use_month").columns[0];
  EXPECT_EQ(read.tables.units[fuel.written_unit[0]].text, "kg");
  EXPECT_EQ(fuel.places[0], 1);
}

TEST(ReadTables, ThirdsAreExact) {
  const Reading read = read_month("entity,unit,month,FC[lot]\nA,1,2021-01,1\nA,1,2021-02,2\n");
  EXPECT_EQ(read.column("use_month", "FC"), "1/3 2/3");
}

// The edition of 2022 has FC in kg: a heading without a unit means the unit of the row's own
// edition.
TEST(ReadTables, EachRowFollowsItsOwnEdition) {
  const Reading read = read_month(
      "entity,unit,month,FC,old,new\nA,1,2021-12,2.123,5,7\nA,1,2022-01,2000,6,8\nA,1,2022-02,0.5,,"
      "\n");
  EXPECT_EQ(read.said(), "");
  EXPECT_EQ(read.column("use_month", "FC"), "2.123 2 0.0005");
  EXPECT_EQ(read.column("use_month", "old"), "5 - -");
  EXPECT_EQ(read.column("use_month", "new"), "- 8 -");
  EXPECT_EQ(read.noted(),
            "m.csv:2: FC: \"2.123\" has 3 decimals, the rule asks for at most 2 (it is used as it "
            "stands)\n"
            "m.csv:2: new: the edition that holds here has no such column: \"7\" is set aside\n"
            "m.csv:3: old: the edition that holds here has no such column: \"6\" is set aside\n"
            "m.csv:4: FC: \"0.5\" has 1 decimals, the rule asks for at most 0 (it is used as it "
            "stands)\n");
  EXPECT_EQ(read.findings[0].code, "too-many-places");
  EXPECT_EQ(read.findings[0].severity, base::Severity::kWarning);
  EXPECT_EQ(read.findings[0].key,
            (base::Key{{"entity", "A"}, {"unit", "1"}, {"month", "2021-12"}}));
  EXPECT_EQ(read.findings[1].code, "not-in-edition");
}

struct MessageCase {
  const char* name;
  const char* csv;
  const char* code;
  const char* expected;
};

const MessageCase kMessageCases[] = {
    {"ThousandsSeparator", "entity,unit,month,FC\nA,1,2021-01,\"1,200.50\"\n", "malformed-number",
     "m.csv:2: FC: \"1,200.50\" is not a number (write 1200.50)\n"},
    {"NotANumber", "entity,unit,month,FC\nA,1,2021-01,NaN\n", "malformed-number",
     "m.csv:2: FC: \"NaN\" is not a number\n"},
    {"HugeExponent", "entity,unit,month,FC\nA,1,2021-01,1e999\n", "malformed-number",
     "m.csv:2: FC: \"1e999\" has an exponent beyond 100\n"},
    {"MonthInAnotherForm", "entity,unit,month\nA,1,2021/1\n", "malformed-period",
     "m.csv:2: month: \"2021/1\" is not a month (write 2022-03)\n"},
    {"OutsideTheCycle", "entity,unit,month\nA,1,2020-12\n", "period-outside-cycle",
     "m.csv:2: month: 2020-12 lies outside the cycle 2021–2022 (take the row out, or put it into a "
     "file of \"context\")\n"},
    {"EmptyKey", "entity,unit,month\nA,,2021-01\n", "empty-key",
     "m.csv:2: unit: the key unit is empty (write it in every row)\n"},
    {"UnknownColumn", "entity,unit,month,FCC\n", "unknown-column",
     "m.csv:1: FCC: table use_month has no column \"FCC\" (did you mean \"FC\"?)\n"},
    {"UnknownColumnWithUnit", "entity,unit,month,het [GJ]\n", "unknown-column",
     "m.csv:1: het [GJ]: table use_month has no column \"het [GJ]\" (did you mean \"heat\"?)\n"},
    {"ComputedColumn", "entity,unit,month,E\n", "not-an-input",
     "m.csv:1: E: E is computed, not read (leave the column out)\n"},
    {"CodeAndLabel", "entity,unit,month,FC,消耗量\n", "repeated-column",
     "m.csv:1: 消耗量: FC is given twice: by \"FC\" and by \"消耗量\" (keep one)\n"},
    {"MissingKeyColumn", "entity,month,FC\nA,2021-01,5\n", "missing-key-column",
     "m.csv:1: unit: the file has no column unit (add it, or say {\"with\": {\"unit\": \"…\"}} in "
     "the "
     "job)\n"},
    {"UnitOfAnotherKind", "entity,unit,month,FC [GJ]\n", "wrong-unit",
     "m.csv:1: FC [GJ]: [GJ] cannot be converted to FC's unit t: they are different kinds of "
     "quantity (convert the figures first, then write [t])\n"},
    {"UnknownUnit", "entity,unit,month,FC [tt]\n", "wrong-unit",
     "m.csv:1: FC [tt]: unknown unit \"tt\" (did you mean \"t\"?)\n"},
    {"UnitOfAText", "entity,unit [t],month\n", "unit-without-number",
     "m.csv:1: unit [t]: unit is no number and has no unit (write unit)\n"},
    {"DuplicateKey", "entity,unit,month\nA,1,2021-01\nB,1,2021-01\nA,1,2021-01\n", "duplicate-key",
     "m.csv:4: the key \"A\", \"1\", \"2021-01\" stands already on line 2 (keep one of the "
     "rows)\n"},
    {"DuplicateByCase", "entity,unit,month\nA,x 1,2021-01\nA,Ｘ1,2021-01\n", "duplicate-key",
     "m.csv:3: the key \"A\", \"Ｘ1\", \"2021-01\" differs from \"A\", \"x 1\", \"2021-01\" on "
     "line 2 "
     "only by letter case, width or spaces (write one of them)\n"},
    {"NoCompanionOfThatName", "entity,unit,month,FC@who\n", "unknown-column",
     "m.csv:1: FC@who: \"who\" is no companion of a column (write FC@mode, @source, @evidence or "
     "@by)\n"},
};

class MessageTest : public testing::TestWithParam<MessageCase> {};

TEST_P(MessageTest, IsOneLineWithPlaceAndRemedy) {
  const MessageCase& row = GetParam();
  const Reading read = read_month(row.csv);
  EXPECT_EQ(read.said(), row.expected);
  ASSERT_EQ(read.problems.size(), 1u);
  EXPECT_EQ(read.problems[0].code, row.code);
  EXPECT_EQ(read.problems[0].table, "use_month");
  EXPECT_FALSE(read.problems[0].message.zh.empty());
}

INSTANTIATE_TEST_SUITE_P(Table, MessageTest, testing::ValuesIn(kMessageCases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(ReadTables, ChoicesDatesAndBools) {
  const Reading read = read_files({file(
      "entity", "e.csv", "entity,kind,opened,dry\nA,wter,2020-2-1,yes\nB,Air,31.12.2020,True\n")});
  EXPECT_EQ(read.said(),
            "e.csv:2: kind: \"wter\" is none of air, water (did you mean \"water\"?)\n"
            "e.csv:2: opened: \"2020-2-1\" is not a date (write 2022-03-31)\n"
            "e.csv:2: dry: \"yes\" is not true or false (write true or false)\n"
            "e.csv:3: kind: \"Air\" is none of air, water (did you mean \"air\"?)\n"
            "e.csv:3: opened: \"31.12.2020\" is not a date (write 2022-03-31)\n"
            "e.csv:3: dry: \"True\" is not true or false (write true or false)\n");
  EXPECT_EQ(read.problems[0].code, "not-a-choice");
  EXPECT_EQ(read.problems[1].code, "malformed-date");
  EXPECT_EQ(read.problems[2].code, "malformed-bool");
}

TEST(ReadTables, ProblemsStandInFileOrder) {
  const Reading read =
      read_files({file("use_month", "b.csv",
                       "entity,unit,month,FC\nZ,1,2021-01,1\nA,1,2021-02,x\nQ,1,2021-03,y\n"),
                  file("entity", "a.csv", "entity\nA\n")});
  EXPECT_EQ(
      read.said(),
      "b.csv:2: entity: \"Z\" does not stand in table entity (a.csv) (did you mean \"A\"?)\n"
      "b.csv:3: FC: \"x\" is not a number\n"
      "b.csv:4: FC: \"y\" is not a number\n"
      "b.csv:4: entity: \"Q\" does not stand in table entity (a.csv) (did you mean \"A\"?)\n");
}

TEST(ReadTables, KeysAreUniqueInAllFilesOfATable) {
  const Reading read =
      read_files({file("use_month", "a.csv", "entity,unit,month,FC\nA,1,2021-01,1\n"),
                  file("use_month", "b.csv", "entity,unit,month\nA,1,2021-01\n")});
  EXPECT_EQ(read.said(),
            "b.csv:2: the key \"A\", \"1\", \"2021-01\" stands already at a.csv:2 (keep one of the "
            "rows)\n");
  EXPECT_EQ(read.table("use_month").rows, 1u);
}

TEST(ReadTables, FilesOfATableMayHaveOtherColumns) {
  const Reading read =
      read_files({file("use_month", "a.csv", "entity,unit,month,FC\nA,1,2021-01,1\n"),
                  file("use_month", "b.csv", "month,heat,unit,entity\n2021-02,3,1,A\n")});
  EXPECT_EQ(read.said(), "");
  EXPECT_EQ(read.column("use_month", "FC"), "1 -");
  EXPECT_EQ(read.column("use_month", "heat"), "- 3");
}

TEST(ReadTables, RecordsAreCountedThroughTheFiles) {
  const Reading read = read_files({file("weighing", "a.csv", "entity,mass\nA,1\nA,1\n"),
                                   file("weighing", "b.csv", "entity,mass\nB,2\n")});
  EXPECT_EQ(read.said(), "");
  EXPECT_EQ(read.column("weighing", "row"), "1 2 3");
  const Reading refused = read_files({file("weighing", "a.csv", "entity,row,mass\nA,1,1\n")});
  EXPECT_EQ(refused.said(),
            "a.csv:1: row: the number of a record is counted, not read (leave the column out)\n");
}

TEST(ReadTables, TheEmptyKeyHasOneRow) {
  EXPECT_EQ(read_files({file("site", "s.csv", "area\n5\n")}).column("site", "area"), "5");
  EXPECT_EQ(read_files({file("site", "s.csv", "area\n5\n6\n")}).said(),
            "s.csv:3: the table has one row only, and it stands on line 2 (keep one)\n");
}

TEST(ReadTables, CompanionsStandBesideInputs) {
  const Reading read = read_month(
      "entity,unit,month,FC "
      "[t],消耗量@mode,FC@evidence\nA,1,2021-01,1,continuous,\nA,1,2021-02,2,,d7\n");
  EXPECT_EQ(read.said(), "");
  const InputColumn& fuel = read.table("use_month").columns.at(0);
  ASSERT_EQ(fuel.companions.size(), 2u);
  const std::vector<std::int32_t>& mode = fuel.companions.at("mode");
  const std::vector<std::int32_t>& evidence = fuel.companions.at("evidence");
  EXPECT_EQ(read.pool->text(mode.at(0)), "continuous");
  EXPECT_EQ(mode.at(1), -1);
  EXPECT_EQ(evidence.at(0), -1);
  EXPECT_EQ(read.pool->text(evidence.at(1)), "d7");
}

TEST(ReadTables, ContextLiesOutsideTheCycle) {
  TableFile context = file("use_month", "c.csv", "entity,unit,month,FC,E\nA,1,2020-12,1,2\n");
  context.context = true;
  const Reading read =
      read_files({file("use_month", "m.csv", "entity,unit,month,FC\nA,1,2021-01,1\n"), context});
  EXPECT_EQ(read.said(), "");
  EXPECT_EQ(read.column("use_month", "E"), "- 2");
  EXPECT_EQ(read.table("use_month").is_context, (std::vector<std::uint8_t>{0, 1}));

  TableFile inside = file("use_month", "c.csv", "entity,unit,month\nA,1,2021-12\n");
  inside.context = true;
  EXPECT_EQ(read_files({inside}).problems.at(0).code, "period-inside-cycle");
  TableFile timeless = file("entity", "c.csv", "entity\nA\n");
  timeless.context = true;
  EXPECT_EQ(read_files({timeless}).problems.at(0).code, "context-without-period");
}

TEST(ReadTables, LongFormOfAnEntry) {
  TableFile plant =
      file("use_month", "A.csv",
           "月份,机组,耗煤量 [kg],备注\n2021-01,1,-,x\n2021-02,1,500,\n合计,1,500,\n");
  plant.with = {{"entity", "A"}};
  plant.columns = {{"FC", "耗煤量"}, {"month", "月份"}, {"unit", "机组"}};
  plant.ignore = {"备注"};
  plant.missing = {"-"};
  plant.skip = "合计";
  Reading read = read_files({plant});
  EXPECT_EQ(read.said(), "");
  EXPECT_EQ(read.column("use_month", "entity"), "A A");
  EXPECT_EQ(read.column("use_month", "FC"), "- 0.5");

  plant.ignore.clear();
  EXPECT_EQ(read_files({plant}).problems.at(0).code, "unknown-column");
  plant.ignore_rest = true;
  EXPECT_EQ(read_files({plant}).said(), "");
  plant.columns["heat"] = "热量";
  EXPECT_EQ(read_files({plant}).said(),
            "A.csv:1: heat: the job says that its heading is \"热量\", but the file has no such "
            "column\n");
}

TEST(ReadTables, HoursAreCountedFromZeroUnlessTheJobSaysOtherwise) {
  TableFile by_end = file("meter_hour", "ends.csv",
                          "entity,hour,load\nA,2021-01-01T01,1\nA,2021-01-01T24,24\n"
                          "A,2021-01-01T10,10\n");
  const TableFile by_begin =
      file("meter_hour", "begins.csv", "entity,hour,load\nB,2021-01-01T00,0\nB,2021-01-01T23,23\n");
  EXPECT_EQ(read_files({by_end, by_begin}).said(),
            "ends.csv:3: hour: \"2021-01-01T24\": hours are 00 to 23 and named by their beginning "
            "(where the file counts 1 to 24, say \"hours\": \"1-24\" for it in the job)\n");
  by_end.hours_from_one = true;
  Reading read = read_files({by_end, by_begin});
  EXPECT_EQ(read.said(), "");
  EXPECT_EQ(read.column("meter_hour", "hour"),
            "2021-01-01T00 2021-01-01T23 2021-01-01T09 2021-01-01T00 2021-01-01T23");
  by_end.bytes = std::make_shared<const std::string>(
      "entity,hour,load\nA,2021-01-01T00,1\nA,2021-01-01T25,1\nA,2021-01-01T1:,1\n");
  const std::string of_24 =
      " is not an hour of a file whose hours are 1-24 (write 2022-03-31T01 to 2022-03-31T24)\n";
  EXPECT_EQ(read_files({by_end}).said(), "ends.csv:2: hour: \"2021-01-01T00\"" + of_24 +
                                             "ends.csv:3: hour: \"2021-01-01T25\"" + of_24 +
                                             "ends.csv:4: hour: \"2021-01-01T1:\"" + of_24);
}

// Series may stand one after another or hour by hour, and each file begins anew.
TEST(ReadTables, HoursThatGoBackAreToldOnceAFile) {
  const TableFile by_hour =
      file("meter_hour", "by_hour.csv",
           "entity,hour,load\nA,2021-01-01T00,1\nB,2021-01-01T00,1\nA,2021-01-01T01,1\n"
           "B,2021-01-01T01,1\n");
  const TableFile by_series =
      file("meter_hour", "by_series.csv",
           "entity,hour,load\nC,2021-01-01T00,1\nC,2021-01-01T01,1\nD,2021-01-01T00,1\n");
  EXPECT_EQ(read_files({by_hour, by_series}).noted(), "");
  const TableFile back =
      file("meter_hour", "back.csv",
           "entity,hour,load\nA,2021-01-02T01,1\nB,2021-01-01T05,1\nA,2021-01-02T03,1\n"
           "A,2021-01-02T02,1\nA,2021-01-02T00,1\nA,2021-01-02T04,1\n");
  const Reading read = read_files({by_hour, back});
  EXPECT_EQ(read.noted(),
            "back.csv:5: hour: 2021-01-02T02 stands after a later hour of the same series; rows of "
            "this file that go back in time: 2 (figures do not depend on the order; see whether "
            "the file is whole)\n");
  ASSERT_EQ(read.findings.size(), 1u);
  EXPECT_EQ(read.findings[0].code, "out-of-order");
  EXPECT_EQ(read.findings[0].key, (base::Key{{"entity", "A"}, {"hour", "2021-01-02T02"}}));
}

TEST(ReadTables, MonthsAcross) {
  TableFile plant =
      file("use_month", "A.csv", "项目,2021-01,2021-02\n耗煤量 [kg],500,\nheat,1,2\n合计,9,9\n");
  plant.with = {{"entity", "A"}, {"unit", "1"}};
  plant.across = "month";
  plant.columns = {{"FC", "耗煤量"}};
  plant.skip = "合计";
  Reading read = read_files({plant});
  EXPECT_EQ(read.said(), "");
  EXPECT_EQ(read.column("use_month", "month"), "2021-01 2021-02");
  EXPECT_EQ(read.column("use_month", "FC"), "0.5 -");
  EXPECT_EQ(read.column("use_month", "heat"), "1 2");

  plant.bytes = std::make_shared<const std::string>("项目,2021-01,1月\nhet,1,2\nFC,z,1\nFC,1,1\n");
  plant.columns.clear();
  EXPECT_EQ(read_files({plant}).said(),
            "A.csv:1: 1月: \"1月\" is neither a month nor a key, and \"项目\" names the quantities "
            "already (name it in the job's \"ignore\")\n"
            "A.csv:2: het: table use_month has no column \"het\" (did you mean \"heat\"?)\n"
            "A.csv:3: FC: \"z\" is not a number\n"
            "A.csv:4: FC: \"FC\" stands already on line 3 (keep one)\n");
}

TEST(ReadTables, OneQuantityAcross) {
  TableFile plant = file("use_month", "A.csv", "unit,2021-01,2021-02\n1,5,6\n2,7,8\n");
  plant.with = {{"entity", "A"}};
  plant.across = "month";
  plant.columns = {{"FC", "耗煤量"}};
  const Reading read = read_files({plant});
  EXPECT_EQ(read.said(), "");
  EXPECT_EQ(read.column("use_month", "unit"), "1 1 2 2");
  EXPECT_EQ(read.column("use_month", "FC"), "5 6 7 8");
}

TEST(ReadTables, RegistersAreComplete) {
  const Reading read =
      read_files({file("entity", "e.csv", "entity,district\nPlant A,noth\nPlant B,north\n"),
                  file("unit", "u.csv", "entity,unit\nPlant A,1\nplant a,2\n"),
                  file("district", "d.csv", "district\nnorth\n"),
                  file("use_month", "m.csv",
                       "entity,unit,month\nPlant A,1,2021-01\nPlant A,9,2021-01\nX,1,2021-01\n")});
  EXPECT_EQ(
      read.said(),
      "e.csv:2: district: \"noth\" does not stand in table district (d.csv) (did you mean "
      "\"north\"?)\n"
      "u.csv:3: entity: \"plant a\" does not stand in table entity (e.csv) (did you mean \"Plant "
      "A\"?)\n"
      "m.csv:3: entity, unit: \"Plant A, 9\" does not stand in table unit (u.csv) (did you mean "
      "\"Plant A, 1\"?)\n"
      "m.csv:4: entity: \"X\" does not stand in table entity (e.csv) (add a row there)\n");
  EXPECT_EQ(read.problems.back().code, "missing-parent");
}

TEST(ReadTables, UnknownTablesAndForms) {
  EXPECT_EQ(read_files({file("use_mont", "m.csv", "x\n")}).said(),
            "m.csv: no pack of this job has a table \"use_mont\" (did you mean \"use_month\"?)\n");
  EXPECT_EQ(read_files({file("entity", "e.xlsx", "x")}).said(),
            "e.xlsx: .xlsx files are not read (save the table as CSV, JSON or XML)\n");
  EXPECT_EQ(read_files({file("entity", "e.csv", "PK\x03\x04...")}).said(),
            "e.csv: spreadsheet files are not read (save the table as CSV, JSON or XML)\n");
}

TEST(ReadTables, JsonAndXmlNameColumnsByCode) {
  const char* json =
      R"([{"entity": "A", "unit": "1", "month": "2021-01", "FC": 1.50, "FC@mode": "m"},
{"entity": "A", "unit": "1", "month": "2021-02", "heat": "7"},
{"entity": "A", "month": "2021-03", "消耗量": "7"}])";
  Reading read = read_files({file("use_month", "m.json", json)});
  EXPECT_EQ(
      read.said(),
      "m.json:3: 消耗量: \"消耗量\" is a label; JSON and XML name columns by code (write \"FC\")\n"
      "m.json:3: unit: the key unit is empty (write it in every row)\n");
  EXPECT_EQ(read.column("use_month", "FC"), "1.5 -");
  EXPECT_EQ(read.column("use_month", "heat"), "- 7");
  EXPECT_EQ(read.table("use_month").columns[0].places.at(0), 2);

  const char* xml =
      "<table><row entity=\"A\" unit=\"1\" month=\"2021-01\" FC=\"1.50\" FC.mode=\"m\"/></table>";
  read = read_files({file("use_month", "m.xml", xml)});
  EXPECT_EQ(read.said(), "");
  EXPECT_EQ(read.column("use_month", "FC"), "1.5");
  EXPECT_EQ(read.table("use_month").columns[0].companions.count("mode"), 1u);
}

TEST(ReadTables, EncodingsAreToldApart) {
  const Reading mark = read_month(
      "\xEF\xBB\xBF"
      "entity,unit,month,FC\nA,1,2021-01,1\n");
  EXPECT_EQ(mark.said(), "");
  // 消耗量 in GB18030.
  const Reading chinese = read_month("entity,unit,month,\xCF\xFB\xBA\xC4\xC1\xBF\nA,1,2021-01,1\n");
  EXPECT_EQ(chinese.said(), "");
  EXPECT_EQ(chinese.column("use_month", "FC"), "1");
}

TEST(ReadTables, ProblemsOfAFileAreLimited) {
  std::string csv = "entity,unit,month,FC\n";
  for (int i = 0; i < 3000; ++i) csv += "A" + std::to_string(i) + ",1,2021-01,x\n";
  const Reading read = read_month(csv);
  EXPECT_EQ(read.problems.size(), 1001u);
  EXPECT_EQ(read.problems.back().code, "too-many-problems");
}

TEST(ReadExample, RowsByTheSameRules) {
  Reading read;
  read.world = test_packs();
  const auto cell = [](const char* column, std::optional<std::string> text) {
    return rules::ExampleCell{column, std::move(text), {"p.json", 7, 1}};
  };
  const std::map<std::string, std::vector<rules::ExampleRow>> given = {
      {"use_month",
       {{{"p.json", 7, 1},
         {cell("entity", "A"), cell("unit", "1"), cell("month", "2021-01"), cell("FC", "1.50")}},
        {{"p.json", 8, 1},
         {cell("entity", "A"), cell("unit", "1"), cell("month", "2020-01"),
          cell("heat", std::nullopt)}}}},
      {"nothing", {}}};
  read.tables = read_example(given, "p.json", *read.world->packs, read.world->units, *read.pool,
                             read.problems, read.findings);
  EXPECT_EQ(read.said(), "p.json: no pack has a table \"nothing\"\n");
  EXPECT_EQ(read.column("use_month", "FC"), "1.5 -");
  EXPECT_EQ(read.table("use_month").is_context, (std::vector<std::uint8_t>{0, 1}));
}

}  // namespace
}  // namespace qz::read
