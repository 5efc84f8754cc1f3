// Streams: a table stays a candidate until something about it, or some read of it, does not fit.

#include "plan/streams.h"

#include <algorithm>
#include <set>

#include "plan/reads.h"

namespace qz::plan {
namespace {

using rules::List;
using rules::Node;
using rules::NodeId;
using rules::Op;
using rules::Typed;

bool is_aggregate(Op op) { return op >= Op::kSum && op <= Op::kLatest; }

bool is_foldable(Op op) { return op >= Op::kSum && op <= Op::kCount; }

// Every formula of the packs with the table that it belongs to.
struct Formula {
  std::int32_t table = -1;
  const Typed* typed = nullptr;
};

void add_formulas(std::int32_t table, const rules::ColumnRule& rule, std::vector<Formula>& out) {
  if (rule.when) out.push_back({table, &*rule.when});
  for (const rules::CheckedCase& one : rule.cases) {
    if (one.when) out.push_back({table, &*one.when});
    out.push_back({table, &one.formula});
  }
}

std::vector<Formula> formulas_of(const rules::CheckedPacks& packs, ColumnRef column) {
  std::vector<Formula> out;
  for (const rules::ColumnRule& rule : packs.tables[static_cast<std::size_t>(column.table)]
                                           .columns[static_cast<std::size_t>(column.column)]
                                           .rules) {
    add_formulas(column.table, rule, out);
  }
  return out;
}

std::vector<Formula> all_formulas(const rules::CheckedPacks& packs) {
  std::vector<Formula> out;
  for (std::size_t t = 0; t < packs.tables.size(); ++t) {
    for (const rules::CheckedColumn& column : packs.tables[t].columns) {
      for (const rules::ColumnRule& rule : column.rules)
        add_formulas(static_cast<std::int32_t>(t), rule, out);
    }
  }
  for (const rules::CheckedCheck& check : packs.checks) {
    if (check.when) out.push_back({check.table, &*check.when});
    out.push_back({check.table, &check.require});
  }
  return out;
}

class Candidate {
 public:
  Candidate(const Program& program, const std::vector<Formula>& formulas,
            const std::vector<bool>& given, std::int32_t table)
      : program_(program), packs_(*program.packs), formulas_(formulas), given_(given) {
    out_.table = table;
  }

  std::optional<Stream> make() {
    if (!has_fitting_shape()) return std::nullopt;
    out_.wanted.assign(shape().columns.size(), false);
    find_inputs();
    for (const Formula& formula : formulas_) {
      const bool fits =
          formula.table == out_.table ? take_own(*formula.typed) : take_reader(*formula.typed);
      if (!fits) return std::nullopt;
    }
    for (const rules::CheckedCheck& check : packs_.checks) {
      if (check.table == out_.table) out_.checks.push_back(&check);
    }
    if (!find_order() || !find_before() || !find_keys()) return std::nullopt;
    return std::move(out_);
  }

 private:
  const rules::CheckedTable& table(std::int32_t index) const {
    return packs_.tables[static_cast<std::size_t>(index)];
  }
  const rules::CheckedTable& shape() const { return table(out_.table); }

  bool has_fitting_shape() const {
    const rules::CheckedTable& of = shape();
    if (!of.ends_in_row || of.every || !of.cross.empty()) return false;
    const auto reported = [](const rules::CheckedColumn& one) { return one.report || one.is_link; };
    if (std::any_of(of.columns.begin(), of.columns.end(), reported)) return false;
    // Rows made from other rows, and rows that computed links tell apart, need them all at once.
    return std::none_of(packs_.tables.begin(), packs_.tables.end(), [&](const auto& other) {
      const bool crossed =
          std::find(other.cross.begin(), other.cross.end(), of.name) != other.cross.end();
      return crossed || std::any_of(other.columns.begin(), other.columns.end(),
                                    [](const auto& one) { return one.is_link && one.has_formula; });
    });
  }

  // Inputs whose cells may be wrong in themselves: required, or with a range.
  void find_inputs() {
    for (std::size_t c = shape().key_size; c < shape().columns.size(); ++c) {
      const rules::CheckedColumn& column = shape().columns[c];
      for (const rules::ColumnRule& rule : column.rules) {
        const rules::ColumnDefinition& of = *rule.definition;
        if (of.input == rules::InputKind::kNone) continue;
        if (of.min || of.max || of.has_formula() || !of.optional) out_.wanted[c] = true;
      }
    }
  }

  bool is_own_key(const std::string& name) const {
    const auto settled = shape().settled.find(name);
    return settled != shape().settled.end() && settled->second.via_table < 0 &&
           static_cast<std::size_t>(settled->second.column) < shape().key_size;
  }

  // A formula of the table itself: no lists, nothing but its own row and what lies above.
  bool take_own(const Typed& formula) {
    return formula.lists.empty() && is_local(formula, formula.root, 0);
  }

  // A formula of another table: it may list this one, and read it in no other way.
  bool take_reader(const Typed& formula) {
    std::set<NodeId> inside;
    for (std::size_t n = 0; n < formula.nodes.size(); ++n) {
      const Node& node = formula.nodes[n];
      if (!is_aggregate(node.op)) continue;
      const List& list = formula.lists[static_cast<std::size_t>(node.list)];
      if (list.table != out_.table) continue;
      if (!is_foldable(node.op) || !is_plain(list)) return false;
      for (const NodeId arg : node.args) {
        if (!is_local(formula, arg, list.frame)) return false;
        collect(formula, arg, inside);
      }
      if (list.filter >= 0) {
        if (!is_local(formula, list.filter, list.frame)) return false;
        collect(formula, list.filter, inside);
      }
      out_.folds.push_back({&formula, static_cast<NodeId>(n)});
    }
    for (std::size_t n = 0; n < formula.nodes.size(); ++n) {
      const Node& node = formula.nodes[n];
      const bool reads = node.op == Op::kColumn || node.op == Op::kUp || node.op == Op::kLookup;
      if (reads && node.table == out_.table && !inside.contains(static_cast<NodeId>(n)))
        return false;
    }
    return true;
  }

  static void collect(const Typed& formula, NodeId id, std::set<NodeId>& out) {
    if (!out.insert(id).second) return;
    for (const NodeId arg : formula.node(id).args) collect(formula, arg, out);
  }

  bool is_plain(const List& list) const {
    return list.last == 0 && !list.period_settled && !list.key_settled &&
           std::all_of(list.names.begin(), list.names.end(),
                       [&](const std::string& name) { return is_own_key(name); });
  }

  // True if a row of frame `frame` answers the node by itself. Notes what it reads.
  bool is_local(const Typed& formula, NodeId id, std::int32_t frame) {
    const Node& node = formula.node(id);
    switch (node.op) {
      case Op::kColumn:
        if (node.frame != frame || node.table != out_.table || node.type == table::Type::kRow)
          return false;
        if (shape().columns[static_cast<std::size_t>(node.column)].type == table::Type::kRow)
          return false;
        out_.wanted[static_cast<std::size_t>(node.column)] = true;
        return true;
      case Op::kUp:
        if (node.frame != frame || !is_above(node.table)) return false;
        out_.above.push_back({node.table, node.column});
        return true;
      case Op::kLookup:
        if (node.table == out_.table) return false;
        out_.above.push_back({node.table, node.column});
        break;
      case Op::kFactor:
        if (node.frame != frame) return false;
        break;
      default:
        if (is_aggregate(node.op)) return false;
    }
    return std::all_of(node.args.begin(), node.args.end(),
                       [&](NodeId arg) { return is_local(formula, arg, frame); });
  }

  bool is_above(std::int32_t above) {
    const rules::CheckedTable& up = table(above);
    for (std::size_t i = 0; i < up.key_size; ++i) {
      if (up.columns[i].type == table::Type::kPeriod) continue;
      if (!is_own_key(up.columns[i].name)) return false;
      out_.wanted[static_cast<std::size_t>(shape().settled.at(up.columns[i].name).column)] = true;
    }
    return true;
  }

  // The table's own columns in the order of the program; none may stand in a loop.
  bool find_order() {
    for (const Step& step : program_.steps) {
      for (const ColumnRef& ref : step.columns) {
        if (ref.table != out_.table) continue;
        if (step.loops) return false;
        out_.columns.push_back(ref.column);
      }
    }
    return true;
  }

  // Tables that rows of this one may call new rows of: they are complete only after it was read.
  std::set<std::int32_t> open_tables() const {
    std::set<std::int32_t> open = {out_.table};
    for (bool grew = true; grew;) {
      const std::size_t before = open.size();
      for (const Call& call : program_.calls) {
        const bool fixed = is_register(call.called) || table(call.called).key_size == 0;
        if (open.contains(call.caller) && !fixed) open.insert(call.called);
      }
      for (std::size_t t = 0; t < packs_.tables.size(); ++t) {
        for (const std::string& name : packs_.tables[t].cross) {
          const auto from = packs_.table(name);
          if (from && open.contains(*from)) open.insert(static_cast<std::int32_t>(t));
        }
      }
      grew = open.size() != before;
    }
    return open;
  }

  bool is_register(std::int32_t index) const {
    return given_[static_cast<std::size_t>(index)] && !table(index).period_column &&
           table(index).key_size > 0;
  }

  // The columns above with all that makes them, none of it from this table or from rows that it
  // calls for.
  bool find_before() {
    const std::set<std::int32_t> open = open_tables();
    std::set<ColumnRef> known;
    std::vector<ColumnRef> queue = out_.above;
    while (!queue.empty()) {
      const ColumnRef ref = queue.back();
      queue.pop_back();
      if (!known.insert(ref).second) continue;
      if (open.contains(ref.table)) return false;
      for (const Formula& formula : formulas_of(packs_, ref)) {
        for (const List& list : formula.typed->lists) {
          if (open.contains(list.table)) return false;
        }
      }
      for (const Read& read : reads_of(packs_, ref)) queue.push_back(read.column);
    }
    for (const Step& step : program_.steps) {
      if (std::any_of(step.columns.begin(), step.columns.end(),
                      [&](const ColumnRef& ref) { return known.contains(ref); })) {
        out_.before.push_back(step);
      }
    }
    return true;
  }

  // Keys that tell rows apart: of lists, of called rows, of registers; the subject and the period.
  // False where a register's key is known partly through other tables.
  bool find_keys() {
    if (shape().period_column) out_.wanted[static_cast<std::size_t>(*shape().period_column)] = true;
    const auto want = [&](const std::string& name) {
      if (is_own_key(name))
        out_.wanted[static_cast<std::size_t>(shape().settled.at(name).column)] = true;
    };
    want(packs_.subject);
    for (const StreamedFold& fold : out_.folds) {
      for (const std::string& name : fold.list().names) want(name);
    }
    for (const Call& call : program_.calls) {
      if (call.caller == out_.table) want_keys_of(call.called, want);
    }
    for (std::size_t t = 0; t < packs_.tables.size(); ++t) {
      const auto index = static_cast<std::int32_t>(t);
      if (!is_register(index) || index == out_.table) continue;
      int own = 0, others = 0;
      for (std::size_t i = 0; i < table(index).key_size; ++i) {
        const std::string& name = table(index).columns[i].name;
        if (!shape().settled.contains(name)) break;
        ++(is_own_key(name) ? own : others);
      }
      if (own > 0 && others > 0) return false;
      if (own > 0) want_keys_of(index, want);
    }
    return true;
  }

  template <class Want>
  void want_keys_of(std::int32_t index, const Want& want) const {
    for (std::size_t i = 0; i < table(index).key_size; ++i) {
      if (table(index).columns[i].type != table::Type::kPeriod) want(table(index).columns[i].name);
    }
  }

  const Program& program_;
  const rules::CheckedPacks& packs_;
  const std::vector<Formula>& formulas_;
  const std::vector<bool>& given_;
  Stream out_;
};

}  // namespace

std::vector<Stream> streams(const Program& program, const std::vector<bool>& given) {
  std::vector<Stream> out;
  const std::vector<Formula> formulas = all_formulas(*program.packs);
  for (std::size_t t = 0; t < program.packs->tables.size(); ++t) {
    if (!given[t]) continue;
    auto one = Candidate(program, formulas, given, static_cast<std::int32_t>(t)).make();
    if (one) out.push_back(std::move(*one));
  }
  return out;
}

Grouping grouping_of(const rules::CheckedPacks& packs, const rules::List& list) {
  const rules::CheckedTable& listed = packs.tables[static_cast<std::size_t>(list.table)];
  const rules::CheckedTable& mine = packs.tables[static_cast<std::size_t>(list.mine_table)];
  Grouping out;
  for (const std::string& name : list.names) out.columns.push_back(listed.settled.at(name).column);
  if (list.periods_agree) out.period = std::max(mine.period, listed.period);
  return out;
}

}  // namespace qz::plan
