// Slots: every single value that variants may change, and its value under a list of changes.

#ifndef QZ_WHATIF_SLOTS_H_
#define QZ_WHATIF_SLOTS_H_

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "exact/number.h"
#include "exact/unit.h"
#include "job/edits.h"
#include "whatif/base_job.h"
#include "whatif/change.h"

namespace qz::whatif {

// One cell, one cell of a factor table, a constant or parameter of one edition, a pack's edition.
struct Slot {
  Touched kind = Touched::kCells;
  std::int32_t owner = -1;   // table, factor table or edition
  std::int32_t column = -1;  // column or field
  std::uint32_t row = 0;
  std::string name;  // constant or parameter; of kEdition the pack's id
  table::Type type = table::Type::kNumber;
  exact::Unit unit;    // of the number
  exact::Number base;  // of a number
  std::int32_t base_id = 0;
  bool computed = false;  // a cell that a formula gives in the base
  std::size_t group = 0;  // the first selection that has it
};

class Slots {
 public:
  Slots(const BaseJob& base, const std::vector<SelectionPtr>& selections);

  const std::vector<Slot>& all() const { return slots_; }
  // Precondition: one of the selections it was made with.
  std::span<const std::uint32_t> of(const Selection& selection) const;

  // Works out the values under `changes`, in their order, and gives the slots that are touched, in
  // the order of first touch. Valid until the next call.
  const std::vector<std::uint32_t>& apply(const Changes& changes);
  // After apply(): of a touched slot.
  const exact::Number& number(std::uint32_t slot) const { return now_[slot].number; }
  std::int32_t id(std::uint32_t slot) const { return now_[slot].id; }
  // After apply(): is the job another one for a touched slot? Its value differs from the base's, or
  // it takes the place of a formula, which would go on computing.
  bool matters(std::uint32_t slot) const;

  // After apply(): what the job is to be computed with.
  job::Edits edits() const;

 private:
  struct Now {
    std::uint64_t turn = 0;
    exact::Number number;
    std::int32_t id = 0;
    std::string text;
    base::Place place;
  };
  using Identity = std::tuple<Touched, std::int32_t, std::int32_t, std::uint32_t, std::string>;

  std::uint32_t add(Slot slot);
  void add_selection(const Selection& selection, std::size_t group,
                     std::vector<std::uint32_t>& out);
  Slot constant_slot(const Selection& selection, std::int32_t edition) const;

  const BaseJob& base_;
  std::vector<Slot> slots_;
  std::map<Identity, std::uint32_t> by_identity_;
  std::map<const Selection*, std::vector<std::uint32_t>> of_selection_;
  std::vector<Now> now_;
  std::vector<std::uint32_t> touched_;
  std::uint64_t turn_ = 0;
};

}  // namespace qz::whatif

#endif  // QZ_WHATIF_SLOTS_H_
