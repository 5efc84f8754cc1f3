// Reads: nodes that name columns, composed with the reach of the lists they stand in.

#include "plan/reads.h"

#include <algorithm>

namespace qz::plan {
namespace {

using rules::Op;
using rules::Reach;

// Reading b from what a leads to.
Reach compose(Reach a, Reach b) {
  if (a == Reach::kOther || b == Reach::kOther) return Reach::kOther;
  return a == Reach::kBack || b == Reach::kBack ? Reach::kBack : Reach::kSame;
}

class Reads {
 public:
  Reads(const rules::CheckedPacks& packs, std::int32_t table, const rules::Typed& formula)
      : packs_(packs), formula_(formula), tables_(frame_tables(table, formula)) {
    reach_.assign(tables_.size(), Reach::kSame);
    // Frames open outside in: a list's own frame has a higher number than the one it reads from.
    std::vector<const rules::List*> lists;
    for (const rules::List& list : formula.lists) lists.push_back(&list);
    std::sort(lists.begin(), lists.end(),
              [](const rules::List* a, const rules::List* b) { return a->frame < b->frame; });
    for (const rules::List* list : lists) {
      reach_[static_cast<std::size_t>(list->frame)] =
          compose(reach_[static_cast<std::size_t>(list->mine_frame)], list->reach);
    }
  }

  std::vector<Read> run() {
    for (const rules::Node& node : formula_.nodes) {
      const Reach from = reach_[static_cast<std::size_t>(node.frame)];
      if (node.op == Op::kColumn) add(node.table, node.column, from, node.place);
      if (node.op == Op::kLookup)
        add(node.table, node.column, compose(from, node.reach), node.place);
      if (node.op == Op::kUp) {
        add(node.table, node.column, compose(from, up_reach(node)), node.place);
        add_links(tables_[static_cast<std::size_t>(node.frame)], node.table, node);
      }
    }
    for (const rules::List& list : formula_.lists) {
      for (const std::string& name : list.names) {
        add_link(list.table, name, list.frame);
        add_link(list.mine_table, name, list.mine_frame);
      }
    }
    return std::move(out_);
  }

 private:
  void add(std::int32_t table, std::int32_t column, Reach reach, const base::Place& place) {
    const rules::CheckedTable& in = packs_.tables[static_cast<std::size_t>(table)];
    if (static_cast<std::size_t>(column) < in.key_size) return;
    out_.push_back({{table, column}, reach, place});
  }

  // Up to a longer period holds later periods too; to the same one, or to none, it stays.
  Reach up_reach(const rules::Node& node) const {
    const rules::CheckedTable& mine =
        packs_.tables[static_cast<std::size_t>(tables_[static_cast<std::size_t>(node.frame)])];
    const rules::CheckedTable& above = packs_.tables[static_cast<std::size_t>(node.table)];
    if (!above.period_column || !mine.period_column) return Reach::kOther;
    return above.period == mine.period ? Reach::kSame : Reach::kOther;
  }

  void add_links(std::int32_t from, std::int32_t above, const rules::Node& node) {
    const rules::CheckedTable& up = packs_.tables[static_cast<std::size_t>(above)];
    for (std::size_t i = 0; i < up.key_size; ++i) {
      if (up.columns[i].type == table::Type::kText) add_link(from, up.columns[i].name, node.frame);
    }
  }

  void add_link(std::int32_t table, const std::string& name, std::int32_t frame) {
    const rules::CheckedTable& in = packs_.tables[static_cast<std::size_t>(table)];
    const auto settled = in.settled.find(name);
    if (settled == in.settled.end()) return;
    const std::int32_t owner = settled->second.via_table >= 0 ? settled->second.via_table : table;
    const Reach reach = owner == table ? reach_[static_cast<std::size_t>(frame)] : Reach::kOther;
    add(owner, settled->second.column, reach, formula_.place);
  }

  const rules::CheckedPacks& packs_;
  const rules::Typed& formula_;
  std::vector<std::int32_t> tables_;
  std::vector<Reach> reach_;
  std::vector<Read> out_;
};

}  // namespace

std::vector<std::int32_t> frame_tables(std::int32_t table, const rules::Typed& formula) {
  std::size_t frames = 1;
  for (const rules::List& list : formula.lists) {
    frames = std::max(frames, static_cast<std::size_t>(list.frame) + 1);
  }
  std::vector<std::int32_t> out(frames, table);
  for (const rules::List& list : formula.lists)
    out[static_cast<std::size_t>(list.frame)] = list.table;
  return out;
}

std::vector<Read> reads_of(const rules::CheckedPacks& packs, std::int32_t table,
                           const rules::Typed& formula) {
  return Reads(packs, table, formula).run();
}

std::vector<Read> reads_of(const rules::CheckedPacks& packs, ColumnRef column) {
  std::vector<Read> out;
  const auto add = [&](const rules::Typed& formula) {
    std::vector<Read> more = reads_of(packs, column.table, formula);
    out.insert(out.end(), more.begin(), more.end());
  };
  const rules::CheckedColumn& of = packs.tables[static_cast<std::size_t>(column.table)]
                                       .columns[static_cast<std::size_t>(column.column)];
  for (const rules::ColumnRule& rule : of.rules) {
    if (rule.when) add(*rule.when);
    for (const rules::CheckedCase& one : rule.cases) {
      if (one.when) add(*one.when);
      add(one.formula);
    }
  }
  return out;
}

}  // namespace qz::plan
