// Batch terms: the algebra that turns formulas into steps. Private to compute/.

#ifndef QZ_COMPUTE_DETAIL_BATCH_TERMS_H_
#define QZ_COMPUTE_DETAIL_BATCH_TERMS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <tuple>

#include "compute/detail/batch_steps.h"

namespace qz::compute::detail {

// A value on its way: an array, or two of which the second is a divisor that no rounding met yet.
struct Term {
  std::int32_t value = 0;
  std::int32_t divisor = -1;
  bool whole() const { return divisor < 0; }
};

// Steps as they are made. What cannot be done declines all: from then on answers mean nothing.
class BatchTerms {
 public:
  BatchTerms() { one_ = push({}); }

  Term decline();
  std::int32_t push(BatchStep step);
  const BatchStep& at(std::int32_t id) const { return out_.steps[static_cast<std::size_t>(id)]; }
  std::int32_t step(BatchOp op, std::int32_t a, std::int32_t b = -1, std::int32_t c = -1);
  // A null where truth values, or numbers, stand.
  std::int32_t as_truth(std::int32_t id, bool truth);
  std::int32_t missing(bool truth);
  // Truth values as 1 and 0; numbers as they are.
  std::int32_t as_number(std::int32_t id);
  std::int32_t scaled(std::int32_t a, const exact::Number& by);
  std::int32_t constant(const exact::Number& value);
  // The value of a step that is the same in every row.
  std::optional<exact::Number> constant_of(std::int32_t id) const;

  Term times(const Term& a, const Term& b);
  Term divided(const Term& a, const Term& b);
  Term added(const Term& a, const Term& b);
  Term power(const Term& base, std::int32_t whole);
  Term rounded(const Term& a, std::int32_t places, exact::LaneRounding mode);
  Term rounded(const Term& a, const exact::RoundingRule& rule);
  Term compared(const Term& a, const Term& b, rules::Op op);
  // Whether arithmetic() knows the operator as it stands.
  static bool is_arithmetic(const rules::Node& node);
  // An operator of arithmetic; `operand` gives the term of an argument, asked from left to right.
  Term arithmetic(const rules::Node& node, const std::function<Term(rules::NodeId)>& operand);
  // When all steps are there.
  void give_slots();

 protected:
  BatchSteps out_;
  bool declined_ = false;
  std::int32_t one_ = 0;

 private:
  std::int32_t product(std::int32_t a, std::int32_t b);
  std::int32_t sum(std::int32_t a, std::int32_t b);

  std::map<std::tuple<BatchOp, std::int32_t, std::int32_t, std::int32_t, std::int32_t, std::int32_t,
                      exact::LaneRounding, exact::LaneOrder, exact::Number>,
           std::int32_t>
      known_;
};

}  // namespace qz::compute::detail

#endif  // QZ_COMPUTE_DETAIL_BATCH_TERMS_H_
