// The one home of COIN-OR's Cbc. Its interface is in binary floating point, whose type is taken
// from its own functions: whole numbers below 2^53 go in unchanged, and what comes out is rounded
// to taken or not taken, which the engine then answers for.

#include "whatif/linear_choice.h"

#include <coin/CbcModel.hpp>
#include <coin/CoinPackedVector.hpp>
#include <coin/OsiClpSolverInterface.hpp>
#include <type_traits>
#include <utility>

#include "base/assert.h"

namespace qz::whatif {
namespace {

using Real = std::remove_cvref_t<decltype(std::declval<OsiSolverInterface&>().getInfinity())>;

constexpr std::int64_t kWholeMax = std::int64_t{1} << 53;

Real real(std::int64_t whole) {
  QZ_ASSERT(whole < kWholeMax && whole > -kWholeMax);
  return static_cast<Real>(whole);
}

void fill(OsiClpSolverInterface& solver, const LinearChoice& problem) {
  for (const std::int64_t weight : problem.weights) {
    solver.addCol(0, nullptr, nullptr, 0, 1, real(weight));
    solver.setInteger(solver.getNumCols() - 1);
  }
  for (const LinearChoice::Row& row : problem.rows) {
    CoinPackedVector terms;
    for (const auto& [candidate, factor] : row.terms) {
      terms.insert(static_cast<int>(candidate), real(factor));
    }
    solver.addRow(terms, row.at_least ? real(*row.at_least) : -solver.getInfinity(),
                  row.at_most ? real(*row.at_most) : solver.getInfinity());
  }
}

}  // namespace

Proposed solve(const LinearChoice& problem, int nodes) {
  OsiClpSolverInterface solver;
  solver.messageHandler()->setLogLevel(0);
  // Problems of so few columns gain nothing by it, and one of its reductions does not free all.
  solver.setHintParam(OsiDoPresolveInInitial, false);
  solver.setHintParam(OsiDoPresolveInResolve, false);
  fill(solver, problem);
  solver.initialSolve();
  Proposed out;
  if (solver.isProvenPrimalInfeasible()) {
    out.none_fits = true;
    return out;
  }
  CbcModel model(solver);
  model.setLogLevel(0);
  model.messageHandler()->setLogLevel(0);
  model.solver()->messageHandler()->setLogLevel(0);
  model.setMaximumNodes(nodes);
  model.branchAndBound();
  out.none_fits = model.isProvenInfeasible();
  if (out.none_fits) return out;
  // The bound is of whole sums; a tolerance of the solver's must not make it one too large.
  const Real bound = model.getBestPossibleObjValue();
  if (bound < real(kWholeMax - 1) && bound > real(1 - kWholeMax)) {
    out.at_least = static_cast<std::int64_t>(bound) - 1;
  }
  if (model.bestSolution() == nullptr) return out;
  out.choice.emplace();
  for (std::size_t i = 0; i < problem.weights.size(); ++i) {
    if (model.bestSolution()[i] * 2 > 1) out.choice->push_back(static_cast<std::uint32_t>(i));
  }
  return out;
}

}  // namespace qz::whatif
