#include "whatif/slots.h"

#include <utility>

#include "base/assert.h"
#include "exact/decimal.h"

namespace qz::whatif {

Slots::Slots(const BaseJob& base, const std::vector<SelectionPtr>& selections) : base_(base) {
  std::size_t group = 0;
  for (const SelectionPtr& one : selections) {
    const auto [at, is_new] = of_selection_.try_emplace(one.get());
    if (is_new) add_selection(*one, group++, at->second);
  }
  now_.resize(slots_.size());
}

std::uint32_t Slots::add(Slot slot) {
  const auto next = static_cast<std::uint32_t>(slots_.size());
  const auto [at, is_new] = by_identity_.try_emplace(
      Identity{slot.kind, slot.owner, slot.column, slot.row, slot.name}, next);
  if (is_new) slots_.push_back(std::move(slot));
  return at->second;
}

Slot Slots::constant_slot(const Selection& selection, std::int32_t edition) const {
  const rules::Pack& pack = *base_.packs().editions[static_cast<std::size_t>(edition)].pack;
  Slot out;
  out.kind = selection.kind;
  out.owner = edition;
  out.name = selection.constant;
  out.type = selection.type;
  std::string unit;
  for (const rules::Constant& one : pack.constants) {
    if (one.name != selection.constant) continue;
    out.base = one.value;
    unit = one.unit;
  }
  for (const rules::Parameter& one : pack.parameters) {
    if (one.name == selection.constant) unit = one.unit;
  }
  if (selection.kind == Touched::kParameter) {
    for (const rules::ParameterValue& one : base_.packs().parameters) {
      if (one.pack != selection.pack || one.name != selection.constant) continue;
      out.base = exact::parse_ratio(one.value).value_or(exact::Number());
      out.base_id = base_.loaded().pool->intern(one.value);
    }
  }
  if (auto parsed = base_.units().parse(unit.empty() ? "1" : unit)) out.unit = std::move(*parsed);
  return out;
}

void Slots::add_selection(const Selection& selection, std::size_t group,
                          std::vector<std::uint32_t>& out) {
  Slot slot;
  slot.kind = selection.kind;
  slot.group = group;
  slot.type = selection.type;
  slot.unit = selection.unit;
  if (selection.kind == Touched::kEdition) {
    slot.name = selection.pack;
    out.push_back(add(std::move(slot)));
    return;
  }
  if (selection.kind == Touched::kConstant || selection.kind == Touched::kParameter) {
    for (const std::int32_t edition : selection.editions) {
      Slot one = constant_slot(selection, edition);
      one.group = group;
      out.push_back(add(std::move(one)));
    }
    return;
  }
  const bool cells = selection.kind == Touched::kCells;
  slot.owner = cells ? selection.table : selection.factor;
  slot.column = cells ? selection.column : static_cast<std::int32_t>(selection.field);
  for (const std::uint32_t row : selection.rows) {
    slot.row = row;
    if (cells) {
      const table::Column& from = base_.results()
                                      .tables[static_cast<std::size_t>(selection.table)]
                                      .columns[static_cast<std::size_t>(selection.column)];
      if (slot.type == table::Type::kNumber) slot.base = from.number(row);
      if (slot.type != table::Type::kNumber) slot.base_id = from.id(row);
      const std::vector<std::uint8_t>& cases =
          base_.results()
              .tables[static_cast<std::size_t>(selection.table)]
              .cases[static_cast<std::size_t>(selection.column)];
      slot.computed = !cases.empty() && cases[row] != compute::kCaseInput;
    } else {
      slot.base = base_.packs().factors[static_cast<std::size_t>(selection.factor)]->number(
          row, selection.field);
    }
    out.push_back(add(slot));
  }
}

std::span<const std::uint32_t> Slots::of(const Selection& selection) const {
  const auto found = of_selection_.find(&selection);
  QZ_ASSERT(found != of_selection_.end());
  return found->second;
}

const std::vector<std::uint32_t>& Slots::apply(const Changes& changes) {
  ++turn_;
  touched_.clear();
  for (const Change& change : changes) {
    const Selection& selection = *change.selection;
    for (const std::uint32_t at : of(selection)) {
      const Slot& slot = slots_[at];
      Now& now = now_[at];
      if (now.turn != turn_) {
        now.turn = turn_;
        now.number = slot.base;
        now.id = slot.base_id;
        touched_.push_back(at);
      }
      if (selection.kind == Touched::kEdition) {
        now.text = selection.name;
        now.place = selection.place;
      } else if (slot.type != table::Type::kNumber) {
        now.id = change.id;
        now.text = change.text;
      } else if (change.action == Action::kTimes || slot.unit.ratio == selection.unit.ratio) {
        now.number = applied(change, now.number);
      } else {  // a constant that this edition declares in another unit
        Change here = change;
        here.amount = change.amount * selection.unit.factor_to(slot.unit);
        now.number = applied(here, now.number);
      }
    }
  }
  return touched_;
}

bool Slots::matters(std::uint32_t slot) const {
  const Slot& of = slots_[slot];
  if (of.kind == Touched::kEdition || of.computed) return true;
  if (of.type == table::Type::kNumber) return !(now_[slot].number == of.base);
  return now_[slot].id != of.base_id;
}

job::Edits Slots::edits() const {
  job::Edits out;
  const auto& editions = base_.packs().editions;
  for (const std::uint32_t at : touched_) {
    const Slot& slot = slots_[at];
    const Now& now = now_[at];
    const auto owner = static_cast<std::size_t>(slot.owner);
    if (!matters(at)) continue;
    switch (slot.kind) {
      case Touched::kCells:
        out.cells.push_back({slot.owner, slot.column, slot.row, now.number, now.id});
        break;
      case Touched::kFactor:
        out.factors.push_back({base_.packs().factors[owner]->name(), slot.row,
                               static_cast<std::size_t>(slot.column), now.number});
        break;
      case Touched::kConstant:
        out.constants.push_back({editions[owner].pack->name(), slot.name, now.number});
        break;
      case Touched::kParameter:
        out.parameters[{editions[owner].pack->id, slot.name}] =
            slot.type == table::Type::kNumber ? now.number.to_string(exact::kDigitsMax * 2)
                                              : base_.loaded().pool->text(now.id);
        break;
      case Touched::kEdition:
        out.pins.push_back({now.text, now.place});
        break;
    }
  }
  return out;
}

}  // namespace qz::whatif
