// Stage compile: the rules of one edition to the program of a stage. Private to compute/.

#ifndef QZ_COMPUTE_DETAIL_STAGE_COMPILE_H_
#define QZ_COMPUTE_DETAIL_STAGE_COMPILE_H_

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "compute/detail/batch_terms.h"
#include "compute/detail/stage.h"

namespace qz::compute::detail {

class StageCompiler : BatchTerms {
 public:
  // For rows of a segment of the table's stack.
  StageCompiler(const Basis& basis, const Cone& cone, const KnownCells& known, std::int32_t table,
                std::size_t segment);

  enum class Answer : std::uint8_t { kTaken, kBeyond, kAfterOthers };
  // Takes a column in, which is to run after those taken before. kAfterOthers: it reads one of them
  // in another row, so that they must be finished first. Nothing changes unless it is taken.
  Answer take(std::int32_t column);
  // Undoes the last take(), which gave kTaken.
  void give_back();
  // The program that stores `stored` of the columns. Precondition: nothing is taken afterwards.
  StageProgram finish(const std::set<std::int32_t>& stored);

 private:
  struct Value {
    Term term;
    std::int32_t state = -1;
    bool is_truth = false;
  };
  using Maybe = std::optional<Value>;  // empty: beyond

  const rules::CheckedTable& shape() const {
    return basis_.data.packs.tables[static_cast<std::size_t>(table_)];
  }
  const Stack::Segment& segment() const { return stack_.segments[segment_]; }

  Maybe column(std::int32_t column);
  bool is_given(std::int32_t column) const;
  Maybe formula(const rules::ColumnRule& rule);
  Maybe cases(const rules::ColumnRule& rule, std::size_t first);
  Maybe value(const rules::ColumnRule& rule, const rules::CheckedCase& one);
  Value merged(BatchOp op, const Value& a, const Value& b, std::int32_t c, std::int32_t index);
  Maybe chosen(const Value& test, const Maybe& yes, const Maybe& no);
  Maybe not_applicable(const Value& test);

  Maybe root(const rules::Typed& formula);
  Maybe node(rules::NodeId id);
  Maybe operated(rules::NodeId id);
  Maybe leaf(rules::NodeId id);
  Maybe arithmetic(const rules::Node& node);
  Maybe logic(const rules::Node& node);
  Maybe coalesced(const rules::Node& node);
  Maybe between(const rules::Node& node);
  Maybe one_of(const rules::Node& node);
  Maybe extreme(const rules::Node& node);
  Maybe null_test(const rules::Node& node);
  Maybe compared(const Value& a, const Value& b, rules::Op op);

  Value input(StageInput given, table::Type type);
  Maybe own(std::int32_t column);
  Maybe up(const rules::Node& node);
  std::int32_t state(StateOp op, std::int32_t a = -1, std::int32_t b = -1, std::int32_t c = -1,
                     std::int32_t value = -1, std::int32_t other = -1);
  std::int32_t both(std::int32_t a, std::int32_t b) {
    return a < 0 && b < 0 ? -1 : state(StateOp::kBoth, a, b);
  }
  std::int32_t one(std::int32_t a) { return a < 0 ? -1 : state(StateOp::kOne, a); }
  std::int32_t truth(BatchOp op, std::int32_t a, std::int32_t b, std::int32_t index);
  bool reads_taken(rules::NodeId id) const;
  bool is_usable(const table::Column& cells) const;

  void fuse(StageProgram& out);
  void keep_needed(StageProgram& out);

  const Basis& basis_;
  const Cone& cone_;
  const KnownCells& known_;
  std::int32_t table_;
  std::size_t segment_;
  const Stack& stack_;
  bool one_by_one_;
  FormulaAt at_;  // the formula at hand
  bool is_after_others_ = false;
  std::vector<StageInput> inputs_;
  std::vector<StateStep> states_;
  std::vector<std::pair<std::int32_t, std::int32_t>> pairs_;
  std::map<std::int32_t, Value> columns_;  // taken
  struct Before {
    BatchTerms terms;
    std::size_t inputs = 0, states = 0, pairs = 0;
    std::int32_t column = -1;
  };
  Before before_;  // the last take()
};

}  // namespace qz::compute::detail

#endif  // QZ_COMPUTE_DETAIL_STAGE_COMPILE_H_
