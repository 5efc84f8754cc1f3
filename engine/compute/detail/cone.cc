// Cone: forward from the targets, backward from what is wanted; then the rows of both.

#include "compute/detail/cone.h"

#include <algorithm>
#include <numeric>

#include "plan/reads.h"

namespace qz::compute::detail {
namespace {

using plan::ColumnRef;
using rules::Node;
using rules::Op;

class Maker {
 public:
  Maker(const plan::Program& program, const Data& base, const std::vector<Target>& targets,
        const std::vector<Wanted>& wanted, std::string& why)
      : program_(program), base_(base), targets_(targets), wanted_(wanted), why_(why) {}

  std::optional<Cone> make(const std::vector<std::uint32_t>& chosen) {
    for (const std::uint32_t at : chosen) {
      if (!add(targets_[at], at)) return std::nullopt;
    }
    for (const plan::Step& step : program_.steps) {
      bool grows = true;
      while (grows) {
        grows = false;
        for (const ColumnRef& ref : step.columns) grows = grow(ref) || grows;
        grows = grows && step.loops;
      }
      if (!why_.empty()) return std::nullopt;
    }
    keep_needed();
    if (!why_.empty()) return std::nullopt;
    stack_tables();
    return std::move(cone_);
  }

 private:
  const rules::CheckedTable& shape(std::int32_t table) const {
    return base_.packs.tables[static_cast<std::size_t>(table)];
  }
  const rules::CheckedColumn& shape(ColumnRef ref) const {
    return shape(ref.table).columns[static_cast<std::size_t>(ref.column)];
  }
  const TableRows& rows(std::int32_t table) const {
    return base_.tables[static_cast<std::size_t>(table)];
  }
  bool refuse(const std::string& why) {
    if (why_.empty()) why_ = why;
    return false;
  }

  // ---- forward

  bool add(const Target& target, std::uint32_t at) {
    Reached& reached = cone_.reached;
    switch (target.kind) {
      case Target::Kind::kCell: {
        const rules::CheckedColumn& of = shape(target.column);
        if (of.is_key || !of.has_input || of.type != table::Type::kNumber)
          return refuse(of.name + " takes no numbers as inputs");
        if (is_of_moves(target.column.table))
          return refuse(shape(target.column.table).name + " is made of the registry's moves");
        RowSet& set = reached.cells[target.column];
        set.resize(rows(target.column.table).rows, 0);
        if (target.row >= set.size()) return refuse("no such row");
        set[target.row] = 1;
        return true;
      }
      case Target::Kind::kConstant: {
        const auto& editions = base_.packs.editions;
        const auto edition = static_cast<std::size_t>(target.edition);
        if (edition >= editions.size()) return refuse("no such edition");
        const rules::Pack& pack = *editions[edition].pack;
        const bool found =
            std::any_of(pack.constants.begin(), pack.constants.end(),
                        [&](const auto& one) { return one.name == target.name; }) ||
            std::any_of(pack.parameters.begin(), pack.parameters.end(), [&](const auto& one) {
              return one.name == target.name && one.is_number();
            });
        if (!found) return refuse(target.name + " is no number of " + pack.id);
        reached.constants[{target.edition, target.name}] = at;
        return true;
      }
      case Target::Kind::kFactor:
        break;
    }
    const auto factor = static_cast<std::size_t>(target.factor);
    if (factor >= base_.packs.factors.size()) return refuse("no such factor table");
    const factor::FactorTable& factors = *base_.packs.factors[factor];
    const auto field = static_cast<std::size_t>(target.field);
    const auto& keys = factors.key_fields;
    if (field >= factors.fields.size() || factors.fields[field].type != table::Type::kNumber ||
        std::find(keys.begin(), keys.end(), field) != keys.end())
      return refuse(factors.name() + " has no such number");
    reached.factors[{target.factor, target.field}].push_back(at);
    return true;
  }

  // Postings and lots are settled before anything is computed.
  bool is_of_moves(std::int32_t table) const {
    const std::vector<rules::CheckedColumn>& columns = shape(table).columns;
    return std::any_of(columns.begin(), columns.end(), [&](const rules::CheckedColumn& one) {
      return std::any_of(base_.packs.editions.begin(), base_.packs.editions.end(),
                         [&](const rules::Edition& edition) {
                           return edition.built_in && edition.pack_index == one.pack_index;
                         });
    });
  }

  // Adds the rows of a column that its formulas reach; true if there are new ones.
  bool grow(ColumnRef ref) {
    std::optional<RowSet> found;
    each_formula(base_.packs, ref, [&](const FormulaAt& at, const rules::ColumnRule&) {
      const ReachedFormula formula(base_, cone_.reached, at);
      if (!formula.is_reached()) return;
      if (formula.is_beyond()) refuse("edits reach " + at.formula->text);
      if (!found) found.emplace(rows(ref.table).rows, 0);
      const RowSet more = formula.rows(rows_of_edition(base_, ref.table, at.edition, all(ref)));
      for (std::size_t row = 0; row < more.size(); ++row) (*found)[row] |= more[row];
    });
    if (!found || std::find(found->begin(), found->end(), 1) == found->end()) return false;
    if (shape(ref).is_link) refuse("edits reach the link " + shape(ref).name);
    RowSet& known = cone_.reached.cells[ref];
    known.resize(found->size(), 0);
    bool grows = false;
    for (std::size_t row = 0; row < found->size(); ++row) {
      grows = grows || (known[row] == 0 && (*found)[row] != 0);
      known[row] |= (*found)[row];
    }
    return grows;
  }

  const std::vector<std::uint32_t>& all(ColumnRef ref) {
    std::vector<std::uint32_t>& out = all_[ref.table];
    if (out.size() != rows(ref.table).rows) {
      out.resize(rows(ref.table).rows);
      std::iota(out.begin(), out.end(), 0);
    }
    return out;
  }

  // ---- backward

  void keep_needed() {
    std::vector<ColumnRef> open;
    std::set<ColumnRef> needed;
    const auto need = [&](ColumnRef ref) {
      if (cone_.reached.cells.contains(ref) && needed.insert(ref).second) open.push_back(ref);
    };
    for (const Wanted& one : wanted_) {
      cone_.wanted_reached.push_back(0);
      if (one.formula == nullptr) {
        const RowSet* set = cone_.reached.of(one.column.table, one.column.column);
        if (set == nullptr || std::none_of(one.rows.begin(), one.rows.end(),
                                           [&](std::uint32_t row) { return (*set)[row] != 0; }))
          continue;
        cone_.wanted_reached.back() = 1;
        need(one.column);
        continue;
      }
      const FormulaAt at{one.formula, one.column.table, one.edition};
      const ReachedFormula formula(base_, cone_.reached, at);
      if (!formula.is_reached()) continue;
      if (formula.is_beyond()) refuse("edits reach " + at.formula->text);
      cone_.wanted_reached.back() = 1;
      for (const plan::Read& read : plan::reads_of(base_.packs, at.table, *at.formula))
        need(read.column);
    }
    while (!open.empty()) {
      const ColumnRef ref = open.back();
      open.pop_back();
      for (const plan::Read& read : plan::reads_of(base_.packs, ref)) need(read.column);
    }
    std::erase_if(cone_.reached.cells,
                  [&](const auto& one) { return !needed.contains(one.first); });
    for (const plan::Step& step : program_.steps) {
      plan::Step kept;
      kept.loops = step.loops;
      for (const ColumnRef& ref : step.columns) {
        if (needed.contains(ref)) kept.columns.push_back(ref);
      }
      if (!kept.columns.empty()) cone_.steps.push_back(std::move(kept));
    }
  }

  // ---- rows

  void stack_tables() {
    std::map<std::int32_t, RowSet> computed, read;
    for (const auto& [ref, set] : cone_.reached.cells) {
      RowSet& of = computed[ref.table];
      of.resize(set.size(), 0);
      for (std::size_t row = 0; row < set.size(); ++row) of[row] |= set[row];
    }
    for (std::size_t w = 0; w < wanted_.size(); ++w) {
      if (cone_.wanted_reached[w] == 0 || wanted_[w].formula == nullptr) continue;
      RowSet& of = computed[wanted_[w].column.table];
      of.resize(rows(wanted_[w].column.table).rows, 0);
      for (const std::uint32_t row : wanted_[w].rows) of[row] = 1;
    }
    for (const auto& [table, set] : computed) read[table] = set;
    each_needed(
        [&](const FormulaAt& at, const std::vector<std::uint32_t>&) {
          const ReachedFormula formula(base_, cone_.reached, at);
          const ReachedFormula::Walked walked = formula.walk();
          for (const std::int32_t list : walked.lists)
            read.emplace(at.formula->lists[static_cast<std::size_t>(list)].table, RowSet());
          for (const rules::NodeId id : walked.others) {
            const Node& one = at.formula->node(id);
            if (one.op == Op::kColumn || one.op == Op::kUp || one.op == Op::kLookup)
              cone_.read.insert({one.table, one.column});
          }
        },
        computed);
    each_needed(
        [&](const FormulaAt& at, const std::vector<std::uint32_t>& rows) {
          ReachedFormula(base_, cone_.reached, at).add_read_rows(rows, read);
        },
        computed);
    for (const auto& [table, set] : read)
      cone_.stacks.emplace(table, stack(table, computed[table], set));
  }

  // Every formula that is run, with its rows.
  template <class Visit>
  void each_needed(const Visit& visit, const std::map<std::int32_t, RowSet>& computed) {
    const auto rows_in = [&](std::int32_t table) {
      std::vector<std::uint32_t> out;
      const RowSet& set = computed.at(table);
      for (std::size_t row = 0; row < set.size(); ++row)
        if (set[row] != 0) out.push_back(static_cast<std::uint32_t>(row));
      return out;
    };
    for (const plan::Step& step : cone_.steps) {
      for (const ColumnRef& ref : step.columns) {
        const std::vector<std::uint32_t> of_table = rows_in(ref.table);
        each_formula(base_.packs, ref, [&](const FormulaAt& at, const rules::ColumnRule&) {
          const auto some = rows_of_edition(base_, ref.table, at.edition, of_table);
          if (!some.empty()) visit(at, some);
        });
      }
    }
    for (std::size_t w = 0; w < wanted_.size(); ++w) {
      const Wanted& one = wanted_[w];
      if (cone_.wanted_reached[w] != 0 && one.formula != nullptr)
        visit(FormulaAt{one.formula, one.column.table, one.edition}, one.rows);
    }
  }

  std::vector<std::int32_t> editions(std::int32_t table, std::uint32_t row) const {
    std::vector<std::int32_t> out;
    for (const auto& of_pack : rows(table).edition)
      out.push_back(of_pack.empty() || rows(table).is_context[row] != 0 ? -1 : of_pack[row]);
    return out;
  }

  Stack stack(std::int32_t table, const RowSet& computed, const RowSet& read) const {
    std::map<std::vector<std::int32_t>, std::vector<std::uint32_t>> classes;
    std::vector<std::uint32_t> others;
    for (std::size_t i = 0; i < read.size(); ++i) {
      const auto row = static_cast<std::uint32_t>(i);
      if (!computed.empty() && computed[i] != 0) {
        classes[editions(table, row)].push_back(row);
      } else if (read[i] != 0) {
        others.push_back(row);
      }
    }
    Stack out;
    out.slot_of.assign(rows(table).rows, kNoRow);
    const auto add = [&](const std::vector<std::uint32_t>& some,
                         const std::vector<std::int32_t>& editions) {
      Stack::Segment& segment = out.segments.emplace_back();
      segment.begin = static_cast<std::uint32_t>(out.base_rows.size());
      for (const std::uint32_t row : some) {
        out.slot_of[row] = static_cast<std::uint32_t>(out.base_rows.size());
        out.base_rows.push_back(row);
        out.segment_of.push_back(static_cast<std::uint32_t>(out.segments.size() - 1));
      }
      segment.end = static_cast<std::uint32_t>(out.base_rows.size());
      segment.editions = editions;
    };
    for (const auto& [editions, some] : classes) add(some, editions);
    out.computed = static_cast<std::uint32_t>(out.base_rows.size());
    if (!others.empty()) add(others, {});
    return out;
  }

  const plan::Program& program_;
  const Data& base_;
  const std::vector<Target>& targets_;
  const std::vector<Wanted>& wanted_;
  std::string& why_;
  Cone cone_;
  std::map<std::int32_t, std::vector<std::uint32_t>> all_;
};

}  // namespace

void each_formula(const rules::CheckedPacks& packs, ColumnRef ref, const EachFormula& visit) {
  const rules::CheckedColumn& of = packs.tables[static_cast<std::size_t>(ref.table)]
                                       .columns[static_cast<std::size_t>(ref.column)];
  for (const rules::ColumnRule& rule : of.rules) {
    if (rule.when) visit({&*rule.when, ref.table, rule.edition}, rule);
    for (const rules::CheckedCase& one : rule.cases) {
      if (one.when) visit({&*one.when, ref.table, rule.edition}, rule);
      visit({&one.formula, ref.table, rule.edition}, rule);
    }
  }
}

std::vector<std::uint32_t> rows_of_edition(const Data& base, std::int32_t table,
                                           std::int32_t edition,
                                           const std::vector<std::uint32_t>& rows) {
  const TableRows& of = base.tables[static_cast<std::size_t>(table)];
  const auto pack =
      static_cast<std::size_t>(base.packs.editions[static_cast<std::size_t>(edition)].pack_index);
  const std::vector<std::int32_t>& editions = of.edition[pack];
  std::vector<std::uint32_t> out;
  for (const std::uint32_t row : rows) {
    if (of.is_context[row] == 0 && !editions.empty() && editions[row] == edition)
      out.push_back(row);
  }
  return out;
}

std::optional<Cone> make_cone(const plan::Program& program, const Data& base,
                              const std::vector<Target>& targets,
                              const std::vector<std::uint32_t>& chosen,
                              const std::vector<Wanted>& wanted, std::string& why) {
  return Maker(program, base, targets, wanted, why).make(chosen);
}

}  // namespace qz::compute::detail
