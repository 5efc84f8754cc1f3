// qz packs graph: columns and what they read, for people (text), Graphviz (dot) and programs
// (json).

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "cli/pack_commands.h"
#include "cli/print_findings.h"
#include "cli/print_result.h"
#include "cli/rules_command.h"
#include "text/json.h"

namespace qz::cli {
namespace {

// A column or factor table -> what it reads, by name.
using Graph = std::map<std::string, std::set<std::string>>;

std::string column_name(const rules::CheckedPacks& packs, std::int32_t table, std::int32_t column) {
  const rules::CheckedTable& t = packs.tables[static_cast<std::size_t>(table)];
  return t.name + "." + t.columns[static_cast<std::size_t>(column)].name;
}

bool is_key(const rules::CheckedPacks& packs, std::int32_t table, std::int32_t column) {
  return packs.tables[static_cast<std::size_t>(table)]
      .columns[static_cast<std::size_t>(column)]
      .is_key;
}

void add_reads(const rules::CheckedPacks& packs, const rules::Typed& formula,
               std::set<std::string>& reads) {
  for (const rules::Node& node : formula.nodes) {
    switch (node.op) {
      case rules::Op::kColumn:
      case rules::Op::kUp:
      case rules::Op::kLookup:
        if (node.table >= 0 && node.column >= 0 && !is_key(packs, node.table, node.column)) {
          reads.insert(column_name(packs, node.table, node.column));
        }
        break;
      case rules::Op::kFactor:
        reads.insert(packs.factors[static_cast<std::size_t>(node.factor)]->name());
        break;
      case rules::Op::kCount:
        if (node.list >= 0) {
          const rules::List& list = formula.lists[static_cast<std::size_t>(node.list)];
          reads.insert(packs.tables[static_cast<std::size_t>(list.table)].name);
        }
        break;
      default:
        break;
    }
  }
}

Graph graph_of(const rules::CheckedPacks& packs) {
  Graph out;
  for (const rules::CheckedTable& table : packs.tables) {
    for (const rules::CheckedColumn& column : table.columns) {
      if (column.is_key) continue;
      std::set<std::string>& reads = out[table.name + "." + column.name];
      for (const rules::ColumnRule& rule : column.rules) {
        if (rule.when) add_reads(packs, *rule.when, reads);
        for (const rules::CheckedCase& one : rule.cases) {
          if (one.when) add_reads(packs, *one.when, reads);
          add_reads(packs, one.formula, reads);
        }
      }
    }
  }
  return out;
}

// What `figure` rests on, itself included.
Graph below(const Graph& all, const std::string& figure) {
  Graph out;
  std::vector<std::string> open = {figure};
  while (!open.empty()) {
    const std::string name = open.back();
    open.pop_back();
    const auto found = all.find(name);
    if (found == all.end() || out.contains(name)) continue;
    out.insert(*found);
    open.insert(open.end(), found->second.begin(), found->second.end());
  }
  return out;
}

std::string as_text(const Graph& graph) {
  std::string out;
  for (const auto& [name, reads] : graph) {
    if (!reads.empty()) out += fmt::format("{} <- {}\n", name, fmt::join(reads, ", "));
  }
  return out;
}

std::string as_json(const Graph& graph) {
  std::string out = "{";
  for (const auto& [name, reads] : graph) {
    out += out.size() > 1 ? ",\n" : "\n";
    text::append_json_string(out, name);
    out += ":[";
    for (const std::string& read : reads) {
      if (out.back() != '[') out += ',';
      text::append_json_string(out, read);
    }
    out += ']';
  }
  return out + "\n}\n";
}

// Columns grouped by table; arrows point from what is read to what reads it.
std::string as_dot(const Graph& graph) {
  std::map<std::string, std::vector<std::string>> tables;
  for (const auto& [name, reads] : graph) tables[name.substr(0, name.find('.'))].push_back(name);
  std::string out = "digraph columns {\n  rankdir=LR;\n  node [shape=box];\n";
  for (const auto& [table, columns] : tables) {
    out += fmt::format("  subgraph \"cluster_{0}\" {{\n    label=\"{0}\";\n", table);
    for (const std::string& column : columns) {
      out += fmt::format("    \"{}\" [label=\"{}\"];\n", column, column.substr(table.size() + 1));
    }
    out += "  }\n";
  }
  for (const auto& [name, reads] : graph) {
    for (const std::string& read : reads) out += fmt::format("  \"{}\" -> \"{}\";\n", read, name);
  }
  return out + "}\n";
}

}  // namespace

int graph_packs(const std::string& pack, const std::string& figure, const Options& options) {
  int code = kExitClean;
  auto installation = load_installation(options, code);
  if (!installation) return code;
  const auto name = find_pack(pack, *installation, options, code);
  if (!name) return code;
  const auto rules = load_rules(*installation, {name->id}, options, code);
  if (!rules) return code;
  base::Findings problems;
  const auto packs = check_editions(*rules, *name, problems);
  if (!packs) return print_problems(problems, installation->shown(), options);
  Graph graph = graph_of(*packs);
  if (!figure.empty()) {
    if (!graph.contains(figure)) {
      return fail(kExitUsage, options.zh() ? fmt::format("没有列 \"{}\"", figure)
                                           : fmt::format("no column \"{}\"", figure));
    }
    graph = below(graph, figure);
  }
  const std::string text = options.format == "dot"    ? as_dot(graph)
                           : options.format == "json" ? as_json(graph)
                                                      : as_text(graph);
  return give_result(text, options);
}

}  // namespace qz::cli
