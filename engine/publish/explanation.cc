// Explanation: the formula of a cell walked along the branch that was taken, its reads one level
// down.

#include "publish/explanation.h"

#include <algorithm>
#include <set>

#include "compute/cell_text.h"
#include "compute/evaluate.h"
#include "exact/rounding.h"
#include "seal/from_results.h"

namespace qz::publish {
namespace {

using compute::Lanes;
using rules::Node;
using rules::NodeId;
using rules::Op;
using rules::Typed;

constexpr int kDepthMax =
    200;  // columns deep; no pack needs more, and none can make the program fall

class Explain {
 public:
  Explain(const compute::Results& results, std::size_t children_max, Language language)
      : results_(results),
        evaluation_(results),
        children_max_(children_max),
        chinese_(language == Language::kChinese) {}

  Explanation cell(std::int32_t table, std::int32_t column, std::uint32_t row,
                   const base::Key& above, int depth) {
    const rules::CheckedTable& of = results_.packs->tables[static_cast<std::size_t>(table)];
    const rules::CheckedColumn& read = of.columns[static_cast<std::size_t>(column)];
    Explanation out;
    out.name = of.name + "." + read.name;
    if (chinese_ && !read.rules.empty()) out.label = read.rules.front().definition->label.zh;
    const base::Key key = results_.key(table, row);
    if (key != above) out.key = key_text(key);
    const seal::Entry entry = seal::entry_of(results_, table, column, row);
    out.value = value_text(results_.tables[static_cast<std::size_t>(table)]
                               .columns[static_cast<std::size_t>(column)]
                               .state(row),
                           entry);
    out.unit = entry.unit.value_or("");
    out.cite = entry.cite;
    if (static_cast<std::size_t>(column) < of.key_size) return out;
    out.how = entry.how;
    const auto& cases =
        results_.tables[static_cast<std::size_t>(table)].cases[static_cast<std::size_t>(column)];
    const rules::ColumnRule* rule = compute::rule_of(results_, table, column, row);
    const bool computed = rule != nullptr && !cases.empty() && cases[row] < rule->cases.size();
    if (!computed) {
      out.origin = input_origin(table, column, row);
      return out;
    }
    const rules::CheckedCase& one = rule->cases[cases[row]];
    describe_formula(*rule, one, table, row, out);
    if (depth > 1) children(one.formula, table, row, key, depth - 1, out);
    return out;
  }

 private:
  static std::string key_text(const base::Key& key) {
    std::string out;
    for (const auto& [name, value] : key) out += (out.empty() ? "" : ", ") + value;
    return out;
  }

  std::string say(const char* en, const char* zh) const { return chinese_ ? zh : en; }

  std::string value_text(table::State state, const seal::Entry& entry) const {
    if (entry.value) return *entry.value;
    if (table::is_error(state)) return say("error: ", "错误：") + entry.error;
    return state == table::State::kNotApplicable ? say("not applicable", "不适用") : missing();
  }
  std::string missing() const { return say("missing", "缺失"); }

  std::string companion_name(const std::string& name) const {
    if (name == "mode") return say("mode", "获取方式");
    if (name == "source") return say("source", "数据来源");
    return name == "evidence" ? say("evidence", "支撑材料") : name;
  }

  std::string rounding_text(const exact::RoundingRule& rule) const {
    if (!chinese_) return ", rounded " + rule.to_string();
    const char* const mode = rule.mode == exact::Rounding::kHalfEven ? "四舍六入五成双"
                             : rule.mode == exact::Rounding::kHalfUp ? "四舍五入"
                             : rule.mode == exact::Rounding::kDown   ? "直接舍去"
                                                                     : "一律进位";
    const std::string n = std::to_string(rule.n);
    if (rule.significant) return std::string("，") + mode + "，保留 " + n + " 位有效数字";
    if (rule.n >= 0) return std::string("，") + mode + "，保留 " + n + " 位小数";
    return std::string("，") + mode + "，修约到 10^" + std::to_string(-rule.n);
  }

  std::string input_origin(std::int32_t table, std::int32_t column, std::uint32_t row) const {
    const std::uint32_t input_row = results_.tables[static_cast<std::size_t>(table)].input_row[row];
    const read::InputColumn* input = compute::input_of(results_, table, column);
    if (input_row == compute::kNoRow) return say("no row in the files", "文件中无此行");
    std::string out = results_.place(table, row).to_string();
    if (input == nullptr) return out;
    std::string more;
    for (const auto& [name, ids] : input->companions) {
      if (input_row >= ids.size() || ids[input_row] < 0) continue;
      more += (more.empty() ? "" : ", ") + companion_name(name) + " " +
              results_.pool->text(ids[input_row]);
    }
    return more.empty() ? out : out + " (" + more + ")";
  }

  void describe_formula(const rules::ColumnRule& rule, const rules::CheckedCase& one,
                        std::int32_t table, std::uint32_t row, Explanation& out) {
    out.formula = one.formula.text;
    const std::optional<rules::RoundDefinition>& rounding = rule.definition->round;
    const table::Column exact = evaluation_.cells(one.formula, table, {row});
    if (!exact.has_value(0) || exact.type() != table::Type::kNumber) return;
    const exact::Number before = exact.number(0);
    if (rounding) {
      out.formula += rounding_text(rounding->rule);
      if (!(exact::round(before, rounding->rule) == before))
        out.exact = compute::number_text(before);
    }
  }

  // Adds what `formula` read for `row`, each thing once.
  void children(const Typed& formula, std::int32_t table, std::uint32_t row, const base::Key& key,
                int depth, Explanation& out) {
    Lanes lanes;
    lanes.size = 1;
    lanes.frames = {{row}};
    std::set<std::string> seen;
    visit({formula, table, key, depth, out, seen}, formula.root, lanes);
  }

  struct Walk {
    const Typed& formula;
    std::int32_t table;
    const base::Key& key;
    int depth;
    Explanation& out;
    std::set<std::string>& seen;
  };

  void visit(const Walk& walk, NodeId id, const Lanes& lanes) {
    const Node& node = walk.formula.node(id);
    switch (node.op) {
      case Op::kColumn:
        add_cell(walk, node.table, node.column, frame_row(node, lanes));
        return;
      case Op::kUp: {
        const std::int32_t from = table_of_frame(walk, node.frame);
        add_cell(walk, node.table, node.column,
                 evaluation_.up(from, frame_row(node, lanes), node.table));
        return;
      }
      case Op::kLookup:
        visit_lookup(walk, node, lanes);
        return;
      case Op::kFactor:
        visit_factor(walk, id, lanes);
        return;
      case Op::kLiteral:
        add_named(walk, node);
        return;
      case Op::kIf: {
        visit(walk, node.args[0], lanes);
        const std::optional<bool> test = truth(walk, node.args[0], lanes);
        if (test) visit(walk, node.args[*test ? 1 : 2], lanes);
        return;
      }
      case Op::kAnd:
      case Op::kOr: {
        visit(walk, node.args[0], lanes);
        const std::optional<bool> left = truth(walk, node.args[0], lanes);
        if (!left || *left != (node.op == Op::kOr)) visit(walk, node.args[1], lanes);
        return;
      }
      case Op::kCoalesce:
        for (const NodeId arg : node.args) {
          visit(walk, arg, lanes);
          if (evaluation_.node_cells(walk.formula, arg, walk.table, lanes).has_value(0)) return;
        }
        return;
      default:
        break;
    }
    if (node.list >= 0) {
      visit_list(walk, node, lanes);
      return;
    }
    for (const NodeId arg : node.args) visit(walk, arg, lanes);
  }

  static std::string status_zh(const std::string& status) {
    if (status == "verified") return "已核实";
    if (status == "secondary") return "转引";
    return status == "recalled" ? "凭记忆" : "草案";
  }

  static std::uint32_t frame_row(const Node& node, const Lanes& lanes) {
    return lanes.frames[static_cast<std::size_t>(node.frame)].front();
  }

  static std::int32_t table_of_frame(const Walk& walk, std::int32_t frame) {
    if (frame == 0) return walk.table;
    for (const rules::List& list : walk.formula.lists) {
      if (list.frame == frame) return list.table;
    }
    return walk.table;
  }

  std::optional<bool> truth(const Walk& walk, NodeId id, const Lanes& lanes) {
    const table::Column cells = evaluation_.node_cells(walk.formula, id, walk.table, lanes);
    if (!cells.has_value(0)) return std::nullopt;
    return cells.id(0) != 0;
  }

  void add_cell(const Walk& walk, std::int32_t table, std::int32_t column, std::uint32_t row) {
    const rules::CheckedTable& of = results_.packs->tables[static_cast<std::size_t>(table)];
    // Keys explain nothing: they stand in the key.
    if (static_cast<std::size_t>(column) < of.key_size) return;
    if (row == compute::kNoRow) {
      Explanation none;
      none.name = of.name + "." + of.columns[static_cast<std::size_t>(column)].name;
      none.value = missing();
      none.origin = say("no such row", "无此行");
      if (walk.seen.insert(none.name).second) walk.out.children.push_back(std::move(none));
      return;
    }
    const std::string name =
        std::to_string(table) + "." + std::to_string(column) + "." + std::to_string(row);
    if (!walk.seen.insert(name).second) return;
    walk.out.children.push_back(cell(table, column, row, walk.key, walk.depth));
  }

  void add_named(const Walk& walk, const Node& node) {
    if (node.name.empty() || !walk.seen.insert(node.name).second) return;
    Explanation out;
    out.name = node.name;
    if (node.type == table::Type::kNumber) {
      out.value = node.text.empty() ? compute::number_text(node.number) : node.text;
      out.unit = node.unit.text == "1" ? "" : node.unit.text;
    } else {
      out.value = node.type == table::Type::kDate ? base::Date(node.id).to_string() : node.text;
    }
    out.origin = node.name == "as_of"
                     ? say("date of the job", "作业日期")
                     : say("constant or parameter of the pack", "规则包的常量或参数");
    walk.out.children.push_back(std::move(out));
  }

  void visit_lookup(const Walk& walk, const Node& node, const Lanes& lanes) {
    std::vector<std::int32_t> key;
    for (const NodeId arg : node.args) {
      const table::Column cells = evaluation_.node_cells(walk.formula, arg, walk.table, lanes);
      if (!cells.has_value(0)) return;
      key.push_back(cells.type() == table::Type::kNumber
                        ? static_cast<std::int32_t>(cells.number(0).to_int64().value_or(-1))
                        : cells.id(0));
    }
    add_cell(walk, node.table, node.column, evaluation_.find(node.table, key));
  }

  void visit_factor(const Walk& walk, NodeId id, const Lanes& lanes) {
    const Node& node = walk.formula.node(id);
    evaluation_.take_used_factors();
    const table::Column cells = evaluation_.node_cells(walk.formula, id, walk.table, lanes);
    const factor::FactorTable& factors =
        *results_.packs->factors[static_cast<std::size_t>(node.factor)];
    Explanation out;
    out.name = node.name;
    out.unit = node.type == table::Type::kNumber ? node.unit.text : "";
    if (cells.has_value(0)) {
      out.value = cells.type() == table::Type::kNumber ? compute::number_text(cells.number(0))
                  : cells.type() == table::Type::kText ? results_.pool->text(cells.id(0))
                                                       : std::to_string(cells.id(0));
    } else {
      out.value = table::is_error(cells.state(0))
                      ? say("error: ", "错误：") + std::string(table::error_code(cells.state(0)))
                      : missing();
    }
    out.origin = factors.name();
    for (const auto& [table, row] : evaluation_.take_used_factors()) {
      const std::string status(factor::status_name(factors.status(row)));
      out.origin += say(", row ", "，行 ") + factors.row_name(row) + say(", status ", "，状态 ") +
                    (chinese_ ? status_zh(status) : status) + say(", ", "，") + factors.source(row);
      (void)table;
    }
    if (walk.seen.insert(out.name + out.value + out.origin).second)
      walk.out.children.push_back(std::move(out));
    for (const NodeId arg : node.args) visit(walk, arg, lanes);
  }

  void visit_list(const Walk& walk, const Node& node, const Lanes& lanes) {
    const rules::List& list = walk.formula.lists[static_cast<std::size_t>(node.list)];
    const std::vector<std::uint32_t> rows =
        evaluation_.listed(walk.formula, node.list, walk.table, lanes);
    const auto frame = static_cast<std::size_t>(list.frame);
    std::size_t shown = 0;
    for (const std::uint32_t row : rows) {
      if (shown == children_max_) break;
      ++shown;
      Lanes inner = lanes;
      if (inner.frames.size() <= frame) inner.frames.resize(frame + 1);
      inner.frames[frame] = {row};
      for (const NodeId arg : node.args) visit(walk, arg, inner);
    }
    walk.out.left_out += rows.size() - shown;
  }

  const compute::Results& results_;
  compute::Evaluation evaluation_;
  std::size_t children_max_;
  bool chinese_ = false;
};

}  // namespace

Explanation explain(const compute::Results& results, std::int32_t table, std::int32_t column,
                    std::uint32_t row, int depth, std::size_t children_max, Language language) {
  const int levels = depth <= 0 || depth > kDepthMax ? kDepthMax : depth;
  return Explain(results, children_max, language).cell(table, column, row, {}, levels);
}

}  // namespace qz::publish
