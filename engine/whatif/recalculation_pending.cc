// Stands in until compute/recalculation.cc is here: every variant is a job of its own.

#include "compute/recalculation.h"

namespace qz::compute {

struct Recalculation::State {};
Recalculation::Recalculation(std::unique_ptr<State> state) : state_(std::move(state)) {}
Recalculation::~Recalculation() = default;
Recalculation::Recalculation(Recalculation&&) noexcept = default;
Recalculation& Recalculation::operator=(Recalculation&&) noexcept = default;
base::Result<Recalculation> Recalculation::make(const plan::Program&, const Results&,
                                                std::vector<Target>, std::vector<Wanted>,
                                                const RecalculationOptions&) {
  return base::failure("not-yet", {}, "not yet");
}
void Recalculation::run(const Source&, const Sink&, int) const {}
std::vector<std::uint8_t> Recalculation::reached(std::size_t) const { return {}; }
Target Target::cell(plan::ColumnRef, std::uint32_t) { return {}; }
Target Target::constant(std::int32_t, std::string) { return {}; }
Target Target::factor_cell(std::int32_t, std::int32_t, std::uint32_t) { return {}; }
std::size_t Outcome::first(std::size_t) const { return 0; }

}  // namespace qz::compute
