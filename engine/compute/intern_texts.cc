// Intern texts: literals and factor tables become ids before threads run.

#include "compute/evaluate.h"

namespace qz::compute {

// Texts that formulas and factor tables bring, so that nothing is added while threads run.
std::vector<std::vector<std::vector<std::int32_t>>> intern_texts(const rules::CheckedPacks& packs,
                                                                 table::TextPool& pool) {
  const auto literals = [&](const rules::Typed& formula) {
    for (const rules::Node& node : formula.nodes) {
      if (node.op == rules::Op::kLiteral && node.type == table::Type::kText) pool.intern(node.text);
    }
  };
  for (const rules::CheckedTable& table : packs.tables) {
    for (const rules::CheckedColumn& column : table.columns) {
      for (const rules::ColumnRule& rule : column.rules) {
        if (rule.when) literals(*rule.when);
        for (const rules::CheckedCase& one : rule.cases) {
          if (one.when) literals(*one.when);
          literals(one.formula);
        }
      }
    }
  }
  for (const rules::CheckedCheck& check : packs.checks) {
    if (check.when) literals(*check.when);
    literals(check.require);
  }
  std::vector<std::vector<std::vector<std::int32_t>>> out;
  for (const factor::FactorTable* factors : packs.factors) {
    std::vector<std::vector<std::int32_t>>& fields = out.emplace_back(factors->fields.size());
    for (std::size_t f = 0; f < fields.size(); ++f) {
      if (factors->fields[f].type != table::Type::kText) continue;
      for (std::size_t row = 0; row < factors->row_count(); ++row)
        fields[f].push_back(pool.intern(factors->text(row, f)));
    }
  }
  return out;
}

}  // namespace qz::compute
