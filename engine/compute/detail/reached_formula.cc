// Reached formula: nodes from the leaves up, rows from the inner frames out, reads the other way.

#include "compute/detail/reached_formula.h"

#include <algorithm>

#include "plan/reads.h"

namespace qz::compute::detail {

using rules::List;
using rules::Node;
using rules::NodeId;
using rules::Op;

ReachedFormula::ReachedFormula(const Data& base, const Reached& reached, const FormulaAt& at)
    : base_(base),
      reached_(reached),
      at_(at),
      tables_(plan::frame_tables(at.table, *at.formula)),
      parts_(at.formula->nodes.size()) {
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const Node& one = at_.formula->nodes[i];
    Part& part = parts_[i];
    for (const NodeId arg : one.args) {
      part.reached = part.reached || parts_[index(arg)].reached;
      part.frames |= parts_[index(arg)].frames;
    }
    switch (one.op) {
      case Op::kColumn:
      case Op::kUp:
      case Op::kLookup:
        part.reached = part.reached || reached_.of(one.table, one.column) != nullptr;
        if (one.op != Op::kLookup) part.frames |= bit(one.frame);
        break;
      case Op::kFactor:
        part.reached = part.reached || reached_.factors.contains({one.factor, one.column});
        part.frames |= bit(one.frame);
        break;
      case Op::kLiteral:
        part.reached = varied(static_cast<NodeId>(i)) >= 0;
        break;
      default:
        break;
    }
    if (one.list < 0) continue;
    const List& list = at_.formula->lists[static_cast<std::size_t>(one.list)];
    if (list.filter >= 0) {
      part.reached = part.reached || parts_[index(list.filter)].reached;
      part.frames |= parts_[index(list.filter)].frames;
    }
    part.frames = (part.frames & ~bit(list.frame)) | bit(list.mine_frame);
  }
}

bool ReachedFormula::is_known(NodeId id) const {
  const Op op = node(id).op;
  const Part& part = parts_[index(id)];
  return !part.reached && (part.frames & ~bit(0)) == 0 && op != Op::kLiteral &&
         op != Op::kNullLiteral;
}

std::int64_t ReachedFormula::varied(NodeId id) const {
  const Node& one = node(id);
  if (one.op != Op::kLiteral || one.name.empty() || at_.edition < 0) return -1;
  const auto found = reached_.constants.find({at_.edition, one.name});
  return found == reached_.constants.end() ? -1 : std::int64_t{found->second};
}

bool ReachedFormula::is_beyond() const {
  for (const NodeId id : walk().others) {
    const Node& one = node(id);
    if (one.op == Op::kJoin) return true;
    if (one.list >= 0 && base_.totals != nullptr && base_.totals->find(one) != nullptr) return true;
    // How far back a period lies decided in which order columns run.
    if (one.op == Op::kStep && is_reached(id)) return true;
  }
  return false;
}

std::vector<const List*> ReachedFormula::lists_by_frame() const {
  std::vector<const List*> out;
  for (const List& one : at_.formula->lists) out.push_back(&one);
  std::sort(out.begin(), out.end(),
            [](const List* a, const List* b) { return a->frame < b->frame; });
  return out;
}

// A row that is looked up by what no edit reaches, for the own row alone.
bool ReachedFormula::is_plain_lookup(const Node& one) const {
  return std::all_of(one.args.begin(), one.args.end(), [&](NodeId arg) {
    return !is_reached(arg) && (parts_[index(arg)].frames & ~bit(0)) == 0;
  });
}

// Which row each of `rows` looks up.
std::vector<std::uint32_t> ReachedFormula::looked_up(const Node& one,
                                                     const std::vector<std::uint32_t>& rows) const {
  FormulaRunner runner(base_);
  const Lanes lanes{rows.size(), {rows}};
  std::vector<table::Column> args;
  for (const NodeId arg : one.args)
    args.push_back(runner.run_node(*at_.formula, arg, at_.table, lanes));
  std::vector<std::uint32_t> out(rows.size(), kNoRow);
  std::vector<std::int32_t> key(args.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    bool has_key = true;
    for (std::size_t k = 0; k < args.size() && has_key; ++k) {
      has_key = args[k].has_value(i);
      if (!has_key) break;
      if (args[k].type() != table::Type::kNumber) {
        key[k] = args[k].id(i);
        continue;
      }
      const auto whole = args[k].number(i).to_int64();
      key[k] = whole && *whole > 0 && *whole < INT32_MAX ? static_cast<std::int32_t>(*whole) : -1;
    }
    if (has_key) out[i] = base_.relations.find(one.table, key);
  }
  return out;
}

RowSet ReachedFormula::rows(const std::vector<std::uint32_t>& rows) const {
  RowSet all(rows_of(at_.table), 0);
  for (const std::uint32_t row : rows) all[row] = 1;
  std::vector<RowSet> by_frame(tables_.size());
  for (std::size_t f = 0; f < tables_.size(); ++f) by_frame[f].assign(rows_of(tables_[f]), 0);
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const Node& one = at_.formula->nodes[i];
    if (!parts_[i].reached) continue;
    const auto frame = static_cast<std::size_t>(one.frame);
    if (one.op == Op::kLiteral) return all;
    if (one.op == Op::kFactor && reached_.factors.contains({one.factor, one.column})) return all;
    const bool reads = one.op == Op::kColumn || one.op == Op::kUp || one.op == Op::kLookup;
    const RowSet* cells = reads ? reached_.of(one.table, one.column) : nullptr;
    if (one.op == Op::kLookup && !is_plain_lookup(one)) return all;
    if (cells == nullptr) continue;
    if (one.op == Op::kColumn) {
      for (std::size_t row = 0; row < cells->size(); ++row) by_frame[frame][row] |= (*cells)[row];
    } else if (one.op == Op::kUp) {
      const std::vector<std::uint32_t>& up = base_.relations.up(tables_[frame], one.table);
      for (std::size_t row = 0; row < up.size(); ++row)
        if (up[row] != kNoRow) by_frame[frame][row] |= (*cells)[up[row]];
    } else {
      const std::vector<std::uint32_t> found = looked_up(one, rows);
      for (std::size_t k = 0; k < rows.size(); ++k)
        if (found[k] != kNoRow) by_frame[0][rows[k]] |= (*cells)[found[k]];
    }
  }
  std::vector<const List*> lists = lists_by_frame();
  for (auto list = lists.rbegin(); list != lists.rend(); ++list) {
    const RowSet& inner = by_frame[static_cast<std::size_t>((*list)->frame)];
    if (std::find(inner.begin(), inner.end(), 1) == inner.end()) continue;
    RowSet& outer = by_frame[static_cast<std::size_t>((*list)->mine_frame)];
    const Groups& groups = base_.relations.groups(**list);
    RowSet of_group(groups.begin.size() - 1, 0);
    for (std::size_t g = 0; g < of_group.size(); ++g) {
      for (std::uint32_t i = groups.begin[g]; i < groups.begin[g + 1]; ++i)
        of_group[g] |= inner[groups.rows[i]];
    }
    for (std::size_t row = 0; row < outer.size(); ++row)
      if (groups.of_mine[row] != kNoRow) outer[row] |= of_group[groups.of_mine[row]];
  }
  for (std::size_t row = 0; row < all.size(); ++row) all[row] &= by_frame[0][row];
  return all;
}

ReachedFormula::Walked ReachedFormula::walk() const {
  Walked out;
  std::vector<NodeId> open = {at_.formula->root};
  std::set<NodeId> seen;
  std::set<std::int32_t> lists;
  while (!open.empty()) {
    const NodeId id = open.back();
    open.pop_back();
    if (!seen.insert(id).second) continue;
    if (is_known(id)) {
      out.known.push_back(id);
      continue;
    }
    out.others.push_back(id);
    const Node& one = node(id);
    open.insert(open.end(), one.args.begin(), one.args.end());
    if (one.list < 0) continue;
    lists.insert(one.list);
    const NodeId filter = at_.formula->lists[static_cast<std::size_t>(one.list)].filter;
    if (filter >= 0) open.push_back(filter);
  }
  out.lists.assign(lists.begin(), lists.end());
  return out;
}

void ReachedFormula::add_read_rows(const std::vector<std::uint32_t>& rows,
                                   std::map<std::int32_t, RowSet>& read) const {
  const Walked walked = walk();
  std::vector<RowSet> by_frame(tables_.size());
  by_frame[0].assign(rows_of(at_.table), 0);
  for (const std::uint32_t row : rows) by_frame[0][row] = 1;
  const auto add = [&](std::int32_t table, std::uint32_t row) {
    const auto found = read.find(table);
    if (found == read.end() || row == kNoRow) return;
    if (found->second.empty()) found->second.assign(rows_of(table), 0);
    found->second[row] = 1;
  };
  for (const List* list : lists_by_frame()) {
    const auto at = static_cast<std::int32_t>(list - at_.formula->lists.data());
    if (!std::binary_search(walked.lists.begin(), walked.lists.end(), at)) continue;
    const RowSet& mine = by_frame[static_cast<std::size_t>(list->mine_frame)];
    RowSet& listed = by_frame[static_cast<std::size_t>(list->frame)];
    listed.assign(rows_of(list->table), 0);
    const Groups& groups = base_.relations.groups(*list);
    for (std::size_t row = 0; row < mine.size(); ++row) {
      const std::uint32_t group = mine[row] == 0 ? kNoRow : groups.of_mine[row];
      if (group == kNoRow || listed[groups.rows[groups.begin[group]]] != 0) continue;
      for (std::uint32_t i = groups.begin[group]; i < groups.begin[group + 1]; ++i) {
        listed[groups.rows[i]] = 1;
        add(list->table, groups.rows[i]);
      }
    }
  }
  for (const NodeId id : walked.others) {
    const Node& one = node(id);
    if (!read.contains(one.table)) continue;
    if (one.op == Op::kUp) {
      const RowSet& from = by_frame[static_cast<std::size_t>(one.frame)];
      const std::vector<std::uint32_t>& up =
          base_.relations.up(tables_[static_cast<std::size_t>(one.frame)], one.table);
      for (std::size_t row = 0; row < from.size(); ++row)
        if (from[row] != 0) add(one.table, up[row]);
    } else if (one.op == Op::kLookup && is_plain_lookup(one)) {
      for (const std::uint32_t row : looked_up(one, rows)) add(one.table, row);
    } else if (one.op == Op::kLookup) {
      for (std::size_t row = 0; row < rows_of(one.table); ++row)
        add(one.table, static_cast<std::uint32_t>(row));
    }
  }
}

}  // namespace qz::compute::detail
