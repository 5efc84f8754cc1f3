// Batch plan: scales of all steps, exact; then bounds, saturating.

#include "compute/detail/batch_plan.h"

#include <algorithm>
#include <limits>

#include "compute/detail/batch_masks.h"

namespace qz::compute::detail {
namespace {

using exact::Number;
using exact::UnsignedWide;
using exact::Wide;

constexpr UnsignedWide kBeyond = ~UnsignedWide{0};
constexpr UnsignedWide kWideEnd = UnsignedWide{1} << 127;

UnsignedWide product(UnsignedWide a, UnsignedWide b) {
  UnsignedWide out = 0;
  return a == kBeyond || b == kBeyond || __builtin_mul_overflow(a, b, &out) || out >= kWideEnd
             ? kBeyond
             : out;
}

UnsignedWide sum(UnsignedWide a, UnsignedWide b) {
  if (a == kBeyond || b == kBeyond || a + b >= kWideEnd) return kBeyond;
  return a + b;
}

UnsignedWide magnitude(Wide v) {
  return v < 0 ? UnsignedWide{0} - static_cast<UnsignedWide>(v) : static_cast<UnsignedWide>(v);
}

// A whole number below 2^123, in three steps of int64.
std::optional<Wide> wide(const Number& whole) {
  if (const auto small = whole.to_int64()) return *small;
  constexpr std::int64_t kStep = std::int64_t{1} << 61;
  const Number quotient = (whole * Number::ratio(1, kStep)).floor();
  const auto high = quotient.to_int64();
  const auto low = (whole - quotient * Number(kStep)).to_int64();
  if (!high || !low || *high > kStep || *high < -kStep) return std::nullopt;
  return static_cast<Wide>(*high) * kStep + *low;
}

// The greatest number of which both are whole multiples; of two zeros 1.
Number common_scale(const Number& a, const Number& b) {
  if (a.is_zero() && b.is_zero()) return Number(1);
  if (a.is_zero()) return b.abs();
  if (b.is_zero()) return a.abs();
  Number x = a.abs(), y = b.abs();
  while (!y.is_zero()) {  // Euclid, which works on fractions as it stands
    const Number rest = x - (x / y).floor() * y;
    x = y;
    y = rest;
  }
  return x;
}

class Planner {
 public:
  Planner(const BatchSteps& program, BatchPlan& plan) : program_(program), plan_(plan) {}

  void run() {
    plan_.steps.resize(program_.steps.size());
    for (std::size_t i = 0; i < program_.steps.size() && plan_.possible; ++i)
      step(program_.steps[i], plan_.steps[i]);
    for (const std::int32_t id : program_.outputs) output(of(id).scale);
    limits();
  }

 private:
  PlannedStep& of(std::int32_t id) { return plan_.steps[static_cast<std::size_t>(id)]; }

  void set(Wide& to, const Number& whole) {
    const std::optional<Wide> found = wide(whole);
    plan_.possible = plan_.possible && found;
    to = found.value_or(1);
  }

  void aligned(const BatchStep& one, PlannedStep& out) {
    const Number &a = of(one.a).scale, &b = of(one.b).scale;
    out.scale = common_scale(a, b);
    set(out.ka, a / out.scale);
    set(out.kb, b / out.scale);
  }

  void step(const BatchStep& one, PlannedStep& out) {
    switch (one.op) {
      case BatchOp::kInput:
        out.scale = Number::ratio(1, plan_.denominators[static_cast<std::size_t>(one.index)]);
        break;
      case BatchOp::kFactor:
        out.scale = program_.reads[static_cast<std::size_t>(one.index)].cells.scale;
        break;
      case BatchOp::kScale:
        out.scale = of(one.a).scale * one.number;
        break;
      case BatchOp::kMultiply:
        out.scale = of(one.a).scale * of(one.b).scale;
        break;
      case BatchOp::kAdd:
      case BatchOp::kSmaller:
      case BatchOp::kLarger:
        aligned(one, out);
        break;
      case BatchOp::kCompare:
        aligned(one, out);
        break;
      case BatchOp::kCoalesce:
      case BatchOp::kChoose:
        if (!one.is_truth) aligned(one, out);
        break;
      case BatchOp::kAbsolute:
        out.scale = of(one.a).scale.abs();
        break;
      case BatchOp::kRound:
        out.scale = Number::power_of_ten(-one.places);
        ratio(of(one.a).scale / out.scale, out);
        break;
      case BatchOp::kQuotient:
        out.scale = Number::power_of_ten(-one.places);
        quotient(one, out);
        break;
      default:
        break;
    }
  }

  // The array's integers times `by`, to be rounded to whole ones.
  void ratio(const Number& by, PlannedStep& out) {
    set(out.ka, by.numerator());
    Wide divisor = 1;
    set(divisor, by.denominator());
    out.divides = divisor > 1;
    if (out.divides) out.divisor = exact::lane_divisor(divisor);
  }

  void quotient(const BatchStep& one, PlannedStep& out) {
    if (of(one.b).scale.is_zero()) {
      plan_.possible = false;
      return;
    }
    const Number by = of(one.a).scale / of(one.b).scale / out.scale;
    set(out.ka, by.numerator());
    set(out.kb, by.denominator());
  }

  void output(const Number& scale) {
    BatchPlan::Output& out = plan_.outputs.emplace_back();
    set(out.times, scale.numerator());
    const auto denominator = scale.denominator().to_int64();
    plan_.possible = plan_.possible && denominator;
    out.denominator = denominator.value_or(1);
  }

  void limits() {
    constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
    constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
    for (std::size_t i = 0; i < program_.demands.size(); ++i) {
      const InputDemand& asked = program_.demands[i];
      const Number denominator(plan_.denominators[i]);
      BatchPlan::Limit& out = plan_.limits.emplace_back(BatchPlan::Limit{kLeast, kMost});
      // Beyond int64 a limit holds for every mantissa, or for none.
      if (asked.least) {
        const Number low = (*asked.least * denominator).ceiling();
        out.low = low.to_int64().value_or(low.sign() < 0 ? kLeast : kMost);
        if (!low.to_int64() && low.sign() > 0) plan_.possible = false;
      }
      if (asked.most) {
        const Number high = (*asked.most * denominator).floor();
        out.high = high.to_int64().value_or(high.sign() < 0 ? kLeast : kMost);
        if (!high.to_int64() && high.sign() < 0) plan_.possible = false;
      }
    }
  }

  const BatchSteps& program_;
  BatchPlan& plan_;
};

}  // namespace

BatchPlan plan_batch(const BatchSteps& program, std::vector<std::int64_t> denominators) {
  BatchPlan plan;
  plan.denominators = std::move(denominators);
  Planner(program, plan).run();
  return plan;
}

UnsignedWide reach(const BatchSteps& program, const BatchPlan& plan,
                   std::span<const BatchInput> inputs, std::vector<UnsignedWide>& bounds) {
  bounds.assign(program.steps.size(), 1);
  UnsignedWide most = 1;
  for (std::size_t i = 0; i < program.steps.size(); ++i) {
    const BatchStep& one = program.steps[i];
    const PlannedStep& of = plan.steps[i];
    const auto bound = [&](std::int32_t id) {
      return id < 0 ? UnsignedWide{0} : bounds[static_cast<std::size_t>(id)];
    };
    const UnsignedWide a = product(bound(one.a), magnitude(of.ka));
    const UnsignedWide b = product(bound(one.b), magnitude(of.kb));
    UnsignedWide out = std::max(a, b);
    switch (one.op) {
      case BatchOp::kInput:
        out = magnitude(Wide{inputs[static_cast<std::size_t>(one.index)].largest});
        break;
      case BatchOp::kFactor:
        out = magnitude(Wide{program.reads[static_cast<std::size_t>(one.index)].cells.largest});
        break;
      case BatchOp::kOne:
      case BatchOp::kMissing:
        out = 1;
        break;
      case BatchOp::kMultiply:
        out = product(a, b);
        break;
      case BatchOp::kAdd:
        out = sum(a, b);
        break;
      case BatchOp::kRound:
        most = std::max(most, a);
        out = a;
        if (of.divides) {
          const auto divisor = static_cast<UnsignedWide>(of.divisor.value);
          most = std::max(most, divisor);
          out = a == kBeyond ? a : a / divisor + 1;
        }
        break;
      case BatchOp::kQuotient:
        out = a == kBeyond || b == kBeyond ? kBeyond : std::max(a, UnsignedWide{1});
        most = std::max(most, b);
        break;
      default:
        break;
    }
    if (one.is_truth && one.op != BatchOp::kCompare) out = 1;
    bounds[i] = out;
    most = std::max(most, out);
    if (one.op == BatchOp::kScale) bounds[i] = bound(one.a);
  }
  for (std::size_t k = 0; k < program.outputs.size(); ++k) {
    UnsignedWide& bound = bounds[static_cast<std::size_t>(program.outputs[k])];
    most = std::max(most, product(bound, magnitude(plan.outputs[k].times)));
  }
  return most;
}

const exact::LaneKernels* kernels_for(UnsignedWide most, Rung rung) {
  if (rung == Rung::kExact) return nullptr;
  const bool narrow =
      rung == Rung::kDouble || (rung == Rung::kAuto && exact::narrow_lanes_are_quick());
  if (narrow && most < exact::narrow_lanes().limit) return &exact::narrow_lanes();
  if (rung != Rung::kInt128 && most < exact::int64_lanes().limit) return &exact::int64_lanes();
  if (most < exact::int128_lanes().limit) return &exact::int128_lanes();
  return nullptr;
}

bool demands_hold(const BatchSteps& program, const BatchPlan& plan, std::size_t rows,
                  std::span<const BatchInput> inputs) {
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const BatchInput& one = inputs[i];
    const InputDemand& asked = program.demands[i];
    const bool gaps = any(one.missing.empty() ? nullptr : one.missing.data(), rows);
    if (asked.present && gaps) return false;
    if (!asked.least && !asked.most) continue;
    const auto [low, high] = plan.limits[i];
    if (low <= std::max(one.least, -one.largest) && one.largest <= high) continue;
    if (!gaps && one.tiny.empty() && one.small.empty()) {
      const bool within = one.wide.empty() ? exact::all_within(one.narrow.data(), rows, low, high)
                                           : exact::all_within(one.wide.data(), rows, low, high);
      if (!within) return false;
      continue;
    }
    for (std::size_t row = 0; row < rows; ++row) {
      const std::int64_t m = !one.wide.empty()     ? one.wide[row]
                             : !one.narrow.empty() ? one.narrow[row]
                             : !one.small.empty()  ? one.small[row]
                                                   : one.tiny[row];
      if ((!gaps || one.missing[row] == 0) && (m < low || m > high)) return false;
    }
  }
  return true;
}

}  // namespace qz::compute::detail
