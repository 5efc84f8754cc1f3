// Batch programs against the general evaluator: the same values, on every rung.

#include "compute/batch_program.h"

#include <gtest/gtest.h>

#include <memory>

#include "compute/batch_sums.h"
#include "compute/evaluate.h"
#include "support/small_job.h"

namespace qz::compute {
namespace {

using testing_support::pack;
using testing_support::run_job;
using testing_support::SmallJob;

const testing_support::FactorText kFuels = {
    R"({"name": "x.fuels", "version": "1", "title": "x",
    "resources": [{"name": "x.fuels", "path": "factors.csv", "schema": {"primaryKey": ["kind"], "fields": [
    {"name": "kind", "type": "string"}, {"name": "carbon", "type": "number", "unit": "t/t"},
    {"name": "other", "type": "number", "unit": "kg/t"},
    {"name": "source", "type": "string"}, {"name": "status", "type": "string"}]}}]})",
    "kind,carbon,other,source,status\nhard,0.5830,0.0209,x,verified\nsoft,0.3340,,x,recalled\n"
    "oil,0.8823,0.1254,x,verified\n"};

const testing_support::FactorText kGrid = {
    R"({"name": "x.grid", "version": "1", "title": "x",
    "resources": [{"name": "x.grid", "path": "factors.csv", "schema": {"primaryKey": ["kind", "place"], "fields": [
    {"name": "kind", "type": "string"}, {"name": "place", "type": "string"},
    {"name": "value", "type": "number", "unit": "1"},
    {"name": "source", "type": "string"}, {"name": "status", "type": "string"}]}}]})",
    "kind,place,value,source,status\nhard,north,0.1,x,verified\nhard,south,0.25,x,verified\n"
    "soft,north,3,x,verified\noil,south,0.333,x,verified\n"};

// The batch program of a table's columns, run over all its rows as computed.
class Batch {
 public:
  Batch(const std::string& tables, const std::string& csv, const std::vector<std::string>& wanted,
        const std::string& above = "")
      : job_(run(tables, csv, above)),
        texts_(intern_texts(*job_.results.packs, *job_.pool)),
        relations_(*job_.results.packs, job_.results.tables),
        data_{*job_.results.packs, *job_.pool, job_.results.tables, relations_, texts_},
        table_(*job_.results.packs->table("t")),
        shape_(job_.results.packs->tables[static_cast<std::size_t>(table_)]) {
    for (const std::string& name : wanted) wanted_.push_back(*shape_.column(name));
    program_ = BatchProgram::compile(data_, table_, 0, wanted_);
    if (program_) scratch_ = program_->scratch();
  }

  bool compiled() const { return program_.has_value(); }
  SmallJob& job() { return job_; }

  // What run() gives on `rung`, in the words of SmallJob::column; "" if it declines.
  std::string column(Rung rung, std::size_t output = 0) {
    const TableRows& rows = job_.results.tables[static_cast<std::size_t>(table_)];
    std::vector<BatchInput> inputs;
    missing_.clear();
    ids_.clear();
    for (const std::int32_t column : program_->inputs())
      inputs.push_back(of(rows.columns[static_cast<std::size_t>(column)]));
    for (const UpRead& up : program_->ups()) {
      const table::Column& above = job_.results.tables[static_cast<std::size_t>(up.table)]
                                       .columns[static_cast<std::size_t>(up.column)];
      above_.push_back(
          std::make_unique<table::Column>(above.picked(relations_.up(table_, up.table))));
      inputs.push_back(of(*above_.back()));
    }
    if (!program_->run(rows.rows, inputs, rung, *scratch_, out_)) return "";
    std::string text;
    for (const std::int64_t mantissa : out_[output].mantissas) {
      EXPECT_LE(std::abs(mantissa), out_[output].largest);
      text += (text.empty() ? "" : " ") +
              exact::Number::ratio(mantissa, out_[output].denominator).to_string();
    }
    return text;
  }

  std::string used() const {
    std::string out;
    for (const UsedFactor& one : program_->used_factors(*scratch_)) {
      out +=
          (out.empty() ? "" : " ") + std::to_string(one.first) + ":" + std::to_string(one.second);
    }
    return out;
  }
  std::string used_in_general() const {
    std::string out;
    for (const UsedFactor& one : job_.results.used_factors) {
      out +=
          (out.empty() ? "" : " ") + std::to_string(one.first) + ":" + std::to_string(one.second);
    }
    return out;
  }

 private:
  static SmallJob run(const std::string& tables, const std::string& csv, const std::string& above) {
    std::vector<std::pair<std::string, std::string>> files = {{"t", csv}};
    if (!above.empty()) files.emplace_back("above", above);
    const std::string more = R"("factors": ["x.fuels@1", "x.grid@1"], )";
    return run_job({pack(tables, more)}, files, 1, 2022, 2022, {kFuels, kGrid});
  }

  BatchInput of(const table::Column& column) {
    BatchInput out;
    auto& missing = *missing_.emplace_back(std::make_unique<std::vector<std::uint8_t>>());
    bool gaps = false;
    for (std::size_t i = 0; i < column.size(); ++i) {
      missing.push_back(column.has_value(i) ? 0 : 1);
      gaps = gaps || missing.back() != 0;
    }
    if (gaps) out.missing = missing;
    if (column.type() != table::Type::kNumber) {
      out.narrow = column.ids();
      out.largest =
          static_cast<std::int64_t>(exact::largest_magnitude(column.ids().data(), column.size()));
    } else {
      out.wide = column.mantissas();
      out.denominator = column.denominator();
      out.largest = static_cast<std::int64_t>(
          exact::largest_magnitude(column.mantissas().data(), column.size()));
    }
    return out;
  }

  SmallJob job_;
  std::vector<std::vector<std::vector<std::int32_t>>> texts_;
  Relations relations_;
  Data data_;
  std::int32_t table_;
  const rules::CheckedTable& shape_;
  std::vector<std::int32_t> wanted_;
  std::optional<BatchProgram> program_;
  std::unique_ptr<BatchProgram::Scratch> scratch_;
  std::vector<std::unique_ptr<std::vector<std::uint8_t>>> missing_;
  std::vector<std::unique_ptr<std::vector<std::int32_t>>> ids_;
  std::vector<std::unique_ptr<table::Column>> above_;
  std::vector<BatchOutput> out_;
};

constexpr Rung kRungs[] = {Rung::kAuto, Rung::kDouble, Rung::kInt64, Rung::kInt128};

const char* const kColumns = R"J(
    "kind": {"input": "text"}, "place": {"input": "text"},
    "a": {"input": "number", "unit": "t"}, "b": {"input": "number", "unit": "%", "min": "0", "max": "100"},
    "c": {"input": "number", "unit": "t/t", "optional": true}, "yes": {"input": "bool"})J";
const char* const kRows =
    "entity,kind,place,a,b,c,yes\n"
    "A,hard,north,1200.50,99.5,0.5633,true\nB,soft,north,0,100,,false\nC,oil,south,3.35,0,0,true\n"
    "D,hard,south,-7.25,12.25,,false\nE,oil,south,123456789.01,50,0.1,true\n";

std::string table_of(const std::string& formula, const std::string& members) {
  return R"J("t": {"key": ["entity"], "columns": {)J" + std::string(kColumns) + R"J(, "x": {)J" +
         members + R"J("formula": ")J" + formula + R"J("}}})J";
}

// The formula gives on every rung what it gives in general.
void same(const std::string& formula, const std::string& members) {
  Batch batch(table_of(formula, members), kRows, {"x"});
  ASSERT_TRUE(batch.compiled()) << formula;
  const std::string expected = batch.job().column("t", "x");
  for (const Rung rung : kRungs)
    EXPECT_EQ(batch.column(rung), expected) << formula << " on rung " << static_cast<int>(rung);
  EXPECT_EQ(batch.used(), batch.used_in_general()) << formula;
}

TEST(BatchProgram, GivesWhatTheGeneralEvaluatorGives) {
  for (const char* mode : {"half-even", "half-up", "down", "up"}) {
    const std::string to_two =
        R"J("unit": "t", "round": {"decimals": 2, "mode": ")J" + std::string(mode) + R"J("}, )J";
    for (const char* formula : {"a * coalesce(c, fuels(kind).carbon) * b * 44 / 12",
                                "a * fuels(kind).carbon",
                                "a * 44 / 12 + a / 7",
                                "a / 8 - 1.125[t]",
                                "-a * b",
                                "abs(a) * 0.005",
                                "min(a, 3[t], 10[kg])",
                                "max(a * b, 2.5[t])",
                                "if a > 3.3[t] then a / 3 else 0.125[t]",
                                "if c != null then a * c else a / 32",
                                "if yes and a >= 0[t] or not(yes) then a * b else a / 16",
                                "if kind = \\\"hard\\\" then a / 3 else a / 9",
                                "if kind in (\\\"oil\\\", \\\"soft\\\") then a / 3 else a / 9",
                                "if yes = false then a / 3 else a",
                                "if yes != true or false then a / 3 else a / 16",
                                "if b between 12 and 60[%] then a / 3 else a",
                                "a * grid(kind, place).value",
                                "a / (200[%] - b)",
                                "a * (100[%] - b) / (300[%] - b / 3) + a / 7",
                                "a * b ** 3",
                                "round(a * b, 1, \\\"kg\\\") / 4",
                                "floor(a / 3, \\\"kg\\\") * 1",
                                "ceiling(a / 3, \\\"kg\\\") * 1",
                                "0.01[t]",
                                "0 * a"}) {
      same(formula, to_two);
    }
  }
  same("a * b", R"J("unit": "kg", )J");
  same("a * b * 1[1/t]", R"J("unit": "%", )J");
}

TEST(BatchProgram, DeclinesRowsThatAreOutOfTheOrdinary) {
  for (const char* formula :
       {"a * c", "a * fuels(kind).other * 1[t/kg]", "a / b", "a / (c - 0.1)"}) {
    Batch batch(table_of(formula, R"J("unit": "t", "round": 2, )J"), kRows, {"x"});
    ASSERT_TRUE(batch.compiled()) << formula;
    for (const Rung rung : kRungs) EXPECT_EQ(batch.column(rung), "") << formula;
    EXPECT_EQ(batch.used(), "") << formula;
  }
  Batch batch(table_of("a * b", R"J("unit": "t", )J"), kRows, {"x"});
  EXPECT_EQ(batch.column(Rung::kExact), "");
}

TEST(BatchProgram, DeclinesFormulasThatAreBeyondIt) {
  for (const char* formula : {"a * sqrt(b)", "a / b", "a * exp(b)"}) {
    Batch batch(table_of(formula, R"J("unit": "t", )J"), kRows, {"x"});
    EXPECT_FALSE(batch.compiled()) << formula;
  }
}

}  // namespace
}  // namespace qz::compute
