// Intern texts: literals and factor tables become ids before threads run.

#include "compute/evaluate.h"

namespace qz::compute {
namespace {

void intern_literals(const rules::Typed& formula, table::TextPool& pool) {
  for (const rules::Node& node : formula.nodes) {
    if (node.op == rules::Op::kLiteral && node.type == table::Type::kText) pool.intern(node.text);
  }
}

void intern_literals(const rules::ColumnRule& rule, table::TextPool& pool) {
  if (rule.when) intern_literals(*rule.when, pool);
  for (const rules::CheckedCase& one : rule.cases) {
    if (one.when) intern_literals(*one.when, pool);
    intern_literals(one.formula, pool);
  }
}

}  // namespace

// Texts that formulas and factor tables bring, so that nothing is added while threads run.
std::vector<std::vector<std::vector<std::int32_t>>> intern_texts(const rules::CheckedPacks& packs,
                                                                 table::TextPool& pool) {
  for (const rules::CheckedTable& table : packs.tables) {
    for (const rules::CheckedColumn& column : table.columns) {
      for (const rules::ColumnRule& rule : column.rules) intern_literals(rule, pool);
    }
  }
  for (const rules::CheckedCheck& check : packs.checks) {
    if (check.when) intern_literals(*check.when, pool);
    intern_literals(check.require, pool);
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
