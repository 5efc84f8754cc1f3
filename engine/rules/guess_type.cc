// Guess type: a walk down the outermost operators.

#include "rules/guess_type.h"

#include <algorithm>
#include <set>

namespace qz::rules {
namespace {

using table::Type;

class Guess {
 public:
  Guess(const CheckedPacks& packs, const Edition& edition) : packs_(packs), edition_(edition) {}

  std::optional<ValueType> column(const std::string& table, const std::string& name) {
    if (const std::optional<base::PeriodKind> period = base::period_kind(name)) {
      return ValueType{Type::kPeriod, *period};
    }
    if (!visiting_.insert(table + "." + name).second) return std::nullopt;
    std::optional<ValueType> out;
    // The own edition first, then whoever else defines the column.
    const TableDefinition* own = edition_.pack->table(table);
    if (own != nullptr) out = in_table(*own, name);
    for (std::size_t i = 0; !out && i < packs_.editions.size(); ++i) {
      const TableDefinition* other = packs_.editions[i].pack->table(table);
      if (other != nullptr) out = in_table(*other, name);
    }
    visiting_.erase(table + "." + name);
    return out;
  }

  std::optional<ValueType> definition(const std::string& table, const ColumnDefinition& column) {
    switch (column.input) {
      case InputKind::kNumber:
        return ValueType{Type::kNumber};
      case InputKind::kText:
      case InputKind::kChoice:
        return ValueType{Type::kText};
      case InputKind::kDate:
        return ValueType{Type::kDate};
      case InputKind::kBool:
        return ValueType{Type::kBool};
      case InputKind::kNone:
        break;
    }
    if (!column.unit.empty()) return ValueType{Type::kNumber};
    for (const Case& one : column.cases) {
      if (const auto found = expression(table, *one.formula.expression)) return found;
    }
    return std::nullopt;
  }

 private:
  std::optional<ValueType> in_table(const TableDefinition& table, const std::string& name) {
    if (std::find(table.key.begin(), table.key.end(), name) != table.key.end()) {
      return ValueType{Type::kText};
    }
    for (const ColumnDefinition& one : table.columns) {
      if (one.name == name) return definition(table.name, one);
    }
    return std::nullopt;
  }

  std::optional<ValueType> first_known(const std::string& table, const Expression& from,
                                       std::size_t begin) {
    for (std::size_t i = begin; i < from.operands.size(); ++i) {
      if (const auto found = expression(table, *from.operands[i])) return found;
    }
    return std::nullopt;
  }

  std::optional<ValueType> expression(const std::string& table, const Expression& from) {
    switch (from.kind) {
      case ExpressionKind::kText:
        return ValueType{Type::kText};
      case ExpressionKind::kNull:
        return std::nullopt;
      case ExpressionKind::kIf:
        return first_known(table, from, 1);
      case ExpressionKind::kTrue:
      case ExpressionKind::kFalse:
      case ExpressionKind::kOr:
      case ExpressionKind::kAnd:
      case ExpressionKind::kEqual:
      case ExpressionKind::kNotEqual:
      case ExpressionKind::kLess:
      case ExpressionKind::kLessEqual:
      case ExpressionKind::kGreater:
      case ExpressionKind::kGreaterEqual:
      case ExpressionKind::kBetween:
      case ExpressionKind::kIn:
        return ValueType{Type::kBool};
      case ExpressionKind::kAdd:
      case ExpressionKind::kSubtract:
        return expression(table, *from.operands[0]);
      case ExpressionKind::kReference:
        return reference(table, from);
      default:
        return ValueType{Type::kNumber};
    }
  }

  std::optional<ValueType> reference(const std::string& table, const Expression& from) {
    if (from.of_this) return column(table, from.column);
    if (from.has_arguments && from.column.empty()) return call(table, from);
    if (!from.column.empty()) {
      if (const auto factor = factor_field(from)) return factor;
      return column(from.name, from.column);
    }
    if (from.name == "as_of") return ValueType{Type::kDate};
    for (const Parameter& one : edition_.pack->parameters) {
      if (one.name == from.name) return ValueType{one.is_number() ? Type::kNumber : Type::kText};
    }
    for (const Constant& one : edition_.pack->constants) {
      if (one.name == from.name) return ValueType{Type::kNumber};
    }
    return column(table, from.name);
  }

  std::optional<ValueType> call(const std::string& table, const Expression& from) {
    static const std::set<std::string> kDates = {"date", "start", "end"};
    static const std::set<std::string> kBools = {"not", "any", "all"};
    if (kDates.contains(from.name)) return ValueType{Type::kDate};
    if (kBools.contains(from.name)) return ValueType{Type::kBool};
    if (from.name == "join") return ValueType{Type::kText};
    if (from.name == "last" && from.arguments.size() == 2)
      return expression(table, *from.arguments[1]);
    if (from.name == "coalesce" || from.name == "min" || from.name == "max" ||
        from.name == "only" || from.name == "latest") {
      for (const ExpressionPtr& one : from.arguments) {
        if (const auto found = expression(table, *one)) return found;
      }
      return std::nullopt;
    }
    return ValueType{Type::kNumber};
  }

  std::optional<ValueType> factor_field(const Expression& from) const {
    if (!from.has_arguments) return std::nullopt;
    for (std::size_t i = 0; i < edition_.pack->factors.size(); ++i) {
      if (edition_.pack->factors[i].alias != from.name) continue;
      const factor::FactorTable& factors =
          *packs_.factors[static_cast<std::size_t>(edition_.factors[i])];
      const std::optional<std::size_t> field = factors.field(from.column);
      if (!field) return std::nullopt;
      return ValueType{factors.fields[*field].type, factors.fields[*field].period};
    }
    return std::nullopt;
  }

  const CheckedPacks& packs_;
  const Edition& edition_;
  std::set<std::string> visiting_;
};

}  // namespace

std::optional<ValueType> guess_type(const CheckedPacks& packs, const Edition& edition,
                                    const std::string& table, const ColumnDefinition& column) {
  return Guess(packs, edition).definition(table, column);
}

}  // namespace qz::rules
