// From packs: columns in the order of what they read, loops through earlier periods kept together.

#include <algorithm>
#include <map>
#include <set>

#include "plan/program.h"
#include "plan/reads.h"

namespace qz::plan {
namespace {

using rules::Op;
using rules::Reach;

struct Edge {
  std::size_t to = 0;
  Reach reach = Reach::kSame;
};

// Strongly connected components, dependencies first. Tarjan's algorithm with its own stack, because
// a chain of columns may be longer than the machine's.
class Components {
 public:
  explicit Components(const std::vector<std::vector<Edge>>& edges)
      : edges_(edges),
        index_(edges.size(), kUnseen),
        low_(edges.size(), 0),
        on_stack_(edges.size(), false) {}

  std::vector<std::vector<std::size_t>> run() {
    for (std::size_t node = 0; node < edges_.size(); ++node) {
      if (index_[node] == kUnseen) visit(node);
    }
    return std::move(out_);
  }

 private:
  static constexpr std::size_t kUnseen = static_cast<std::size_t>(-1);
  struct Visit {
    std::size_t node;
    std::size_t next_edge;
  };

  void enter(std::size_t node) {
    index_[node] = low_[node] = count_++;
    stack_.push_back(node);
    on_stack_[node] = true;
    path_.push_back({node, 0});
  }

  void visit(std::size_t start) {
    enter(start);
    while (!path_.empty()) {
      const std::size_t node = path_.back().node;
      if (path_.back().next_edge < edges_[node].size()) {
        const std::size_t to = edges_[node][path_.back().next_edge++].to;
        if (index_[to] == kUnseen) {
          enter(to);
        } else if (on_stack_[to]) {
          low_[node] = std::min(low_[node], index_[to]);
        }
        continue;
      }
      path_.pop_back();
      if (!path_.empty()) low_[path_.back().node] = std::min(low_[path_.back().node], low_[node]);
      if (low_[node] == index_[node]) take(node);
    }
  }

  void take(std::size_t root) {
    std::vector<std::size_t> component;
    std::size_t node = kUnseen;
    do {
      node = stack_.back();
      stack_.pop_back();
      on_stack_[node] = false;
      component.push_back(node);
    } while (node != root);
    std::sort(component.begin(), component.end());
    out_.push_back(std::move(component));
  }

  const std::vector<std::vector<Edge>>& edges_;
  std::vector<std::size_t> index_, low_;
  std::vector<bool> on_stack_;
  std::vector<std::size_t> stack_;
  std::vector<Visit> path_;
  std::vector<std::vector<std::size_t>> out_;
  std::size_t count_ = 0;
};

class Plan {
 public:
  Plan(std::shared_ptr<const rules::CheckedPacks> packs, base::Findings& problems)
      : packs_(*packs), problems_(problems) {
    program_.packs = std::move(packs);
  }

  std::optional<Program> run() {
    const std::size_t before = problems_.size();
    find_columns();
    find_edges();
    for (const std::vector<std::size_t>& component : Components(edges_).run()) add_step(component);
    find_calls();
    if (problems_.size() != before) return std::nullopt;
    return std::move(program_);
  }

 private:
  const rules::CheckedTable& table(std::int32_t index) const {
    return packs_.tables[static_cast<std::size_t>(index)];
  }

  std::string name(std::size_t node) const {
    const rules::CheckedTable& in = table(columns_[node].table);
    return in.name + "." + in.columns[static_cast<std::size_t>(columns_[node].column)].name;
  }

  void find_columns() {
    for (std::size_t t = 0; t < packs_.tables.size(); ++t) {
      const rules::CheckedTable& in = packs_.tables[t];
      for (std::size_t c = in.key_size; c < in.columns.size(); ++c) {
        if (!in.columns[c].has_formula) continue;
        const ColumnRef ref{static_cast<std::int32_t>(t), static_cast<std::int32_t>(c)};
        node_of_[ref] = columns_.size();
        columns_.push_back(ref);
      }
    }
  }

  void find_edges() {
    edges_.resize(columns_.size());
    for (std::size_t node = 0; node < columns_.size(); ++node) {
      std::set<std::pair<std::size_t, Reach>> seen;
      for (const Read& read : reads_of(packs_, columns_[node])) {
        const auto to = node_of_.find(read.column);
        if (to == node_of_.end() || !seen.insert({to->second, read.reach}).second) continue;
        edges_[node].push_back({to->second, read.reach});
      }
    }
  }

  void add_step(const std::vector<std::size_t>& component) {
    const std::size_t first = component.front();
    const bool self = std::any_of(edges_[first].begin(), edges_[first].end(),
                                  [&](const Edge& edge) { return edge.to == first; });
    if (component.size() == 1 && !self) {
      program_.steps.push_back({{columns_[first]}, false});
      return;
    }
    const std::set<std::size_t> members(component.begin(), component.end());
    const std::optional<std::vector<std::size_t>> order = order_in_period(members);
    if (!order || !same_period(component)) {
      report_cycle(members, !same_period(component));
      return;
    }
    Step step;
    step.loops = true;
    for (const std::size_t node : *order) step.columns.push_back(columns_[node]);
    program_.steps.push_back(std::move(step));
  }

  bool same_period(const std::vector<std::size_t>& component) const {
    const rules::CheckedTable& first = table(columns_[component.front()].table);
    return std::all_of(component.begin(), component.end(), [&](std::size_t node) {
      const rules::CheckedTable& one = table(columns_[node].table);
      return one.period_column && first.period_column && one.period == first.period;
    });
  }

  // The members so that reads within one period go to earlier ones; empty where they do not, or
  // where a read might lead to a later period.
  std::optional<std::vector<std::size_t>> order_in_period(
      const std::set<std::size_t>& members) const {
    std::vector<std::size_t> order;
    std::set<std::size_t> done;
    while (done.size() < members.size()) {
      bool moved = false;
      for (const std::size_t node : members) {
        if (done.contains(node)) continue;
        const bool ready =
            std::all_of(edges_[node].begin(), edges_[node].end(), [&](const Edge& edge) {
              return !members.contains(edge.to) || edge.reach == Reach::kBack ||
                     (edge.reach == Reach::kSame && done.contains(edge.to));
            });
        if (!ready) continue;
        done.insert(node);
        order.push_back(node);
        moved = true;
      }
      if (!moved) return std::nullopt;
    }
    return order;
  }

  // The shortest chain through the first member that closes, for people.
  void report_cycle(const std::set<std::size_t>& members, bool mixed) {
    std::vector<std::size_t> chain;
    for (const std::size_t start : members) {
      chain = chain_from(start, members, mixed);
      if (!chain.empty()) break;
    }
    std::string text;
    for (const std::size_t node : chain) text += name(node) + " → ";
    text += chain.empty() ? "" : name(chain.front());
    const rules::CheckedColumn& first =
        table(columns_[chain.front()].table)
            .columns[static_cast<std::size_t>(columns_[chain.front()].column)];
    problems_.push_back(
        base::failure("cycle", first.rules.front().definition->place,
                      "columns need each other in a circle: " + text +
                          (mixed ? "" : " (a loop is allowed only through an earlier period)"),
                      "列之间循环引用：" + text + "（只允许经由更早期间循环）"));
  }

  std::vector<std::size_t> chain_from(std::size_t start, const std::set<std::size_t>& members,
                                      bool all) const {
    std::map<std::size_t, std::size_t> came_from;
    std::vector<std::size_t> queue = {start};
    for (std::size_t i = 0; i < queue.size(); ++i) {
      for (const Edge& edge : edges_[queue[i]]) {
        if (!members.contains(edge.to) || (!all && edge.reach == Reach::kBack)) continue;
        if (edge.to == start) {
          std::vector<std::size_t> chain = {queue[i]};
          while (chain.back() != start) chain.push_back(came_from.at(chain.back()));
          std::reverse(chain.begin(), chain.end());
          return chain;
        }
        if (came_from.emplace(edge.to, queue[i]).second) queue.push_back(edge.to);
      }
    }
    return {};
  }

  void find_calls() {
    std::set<Call> calls;
    for (std::size_t t = 0; t < packs_.tables.size(); ++t) {
      for (const rules::CheckedColumn& column : packs_.tables[t].columns) {
        for (const rules::ColumnRule& rule : column.rules) {
          const Place in{static_cast<std::int32_t>(t), rule.edition};
          if (rule.when) add_calls(in, *rule.when, calls);
          for (const rules::CheckedCase& one : rule.cases) {
            if (one.when) add_calls(in, *one.when, calls);
            add_calls(in, one.formula, calls);
          }
        }
      }
    }
    for (const rules::CheckedCheck& check : packs_.checks) {
      const Place in{check.table, check.edition};
      if (check.when) add_calls(in, *check.when, calls);
      add_calls(in, check.require, calls);
    }
    program_.calls.assign(calls.begin(), calls.end());
  }

  // The table and edition of a formula.
  struct Place {
    std::int32_t table = 0;
    std::int32_t edition = 0;
  };

  void add_calls(Place in, const rules::Typed& formula, std::set<Call>& calls) const {
    const std::vector<std::int32_t> tables = frame_tables(in.table, formula);
    for (const rules::Node& node : formula.nodes) {
      const std::int32_t caller = tables[static_cast<std::size_t>(node.frame)];
      if (node.op != Op::kUp || caller == node.table) continue;
      calls.insert({caller, node.table, in.edition, false});
      for (const rules::CheckedColumn& key : table(node.table).columns) {
        if (key.is_key) add_link_call(caller, key.name, in.edition, calls);
      }
    }
    for (const rules::List& list : formula.lists) {
      for (const std::string& name : list.names) {
        add_link_call(list.table, name, in.edition, calls);
        add_link_call(list.mine_table, name, in.edition, calls);
      }
      if (list.key_settled || list.table == list.mine_table) continue;
      if (rules::is_up(packs_, list.table, list.mine_table)) {
        calls.insert({list.table, list.mine_table, in.edition, true});
      }
    }
  }

  // The link of a table above says which rows belong together: its row is read, so it is called
  // for.
  void add_link_call(std::int32_t below, const std::string& name, std::int32_t edition,
                     std::set<Call>& calls) const {
    const auto settled = table(below).settled.find(name);
    if (settled == table(below).settled.end() || settled->second.via_table < 0) return;
    calls.insert({below, settled->second.via_table, edition, false});
  }

  const rules::CheckedPacks& packs_;
  base::Findings& problems_;
  Program program_;
  std::vector<ColumnRef> columns_;
  std::map<ColumnRef, std::size_t> node_of_;
  std::vector<std::vector<Edge>> edges_;
};

}  // namespace

std::optional<Program> from_packs(std::shared_ptr<const rules::CheckedPacks> packs,
                                  base::Findings& problems) {
  return Plan(std::move(packs), problems).run();
}

}  // namespace qz::plan
