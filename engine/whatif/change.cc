#include "whatif/change.h"

namespace qz::whatif {

std::size_t Selection::size() const {
  switch (kind) {
    case Touched::kCells:
    case Touched::kFactor:
      return rows.size();
    case Touched::kConstant:
      return editions.size();
    case Touched::kParameter:
    case Touched::kEdition:
      return 1;
  }
  return 0;
}

exact::Number applied(const Change& change, const exact::Number& before) {
  switch (change.action) {
    case Action::kTo:
      return change.amount;
    case Action::kTimes:
      return before * change.amount;
    case Action::kPlus:
      return before + change.amount;
  }
  return before;
}

}  // namespace qz::whatif
