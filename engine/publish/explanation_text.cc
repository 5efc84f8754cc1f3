// Explanation as a tree of lines, or as JSON.

#include <fmt/format.h>

#include "publish/explanation.h"
#include "text/json.h"

namespace qz::publish {
namespace {

std::string how_zh(const std::string& how) {
  if (how == "measured") return "实测";
  if (how == "default") return "缺省";
  if (how == "substituted") return "替代";
  if (how == "penalty") return "从严取值";
  return how == "override" ? "直接给定" : how;
}

void add_lines(const Explanation& node, Language language, const std::string& first,
               const std::string& rest, std::string& out) {
  const bool zh = language == Language::kChinese;
  std::string line = first + node.name;
  if (!node.label.empty()) line += " " + node.label;
  if (!node.key.empty()) line += " (" + node.key + ")";
  line += "  " + node.value;
  if (!node.unit.empty() && node.unit != "1") line += " " + node.unit;
  if (!node.how.empty() && node.how != "formula")
    line += "  [" + (zh ? how_zh(node.how) : node.how) + "]";
  if (!node.cite.empty()) line += "  " + node.cite;
  out += line + "\n";
  const std::string deeper = rest + (node.children.empty() && node.left_out == 0 ? "    " : "│   ");
  if (!node.formula.empty()) {
    out += deeper + "= " + node.formula;
    if (!node.exact.empty()) out += (zh ? "，修约前为 " : " from ") + node.exact;
    out += "\n";
  }
  if (!node.origin.empty()) out += deeper + (zh ? "来自 " : "from ") + node.origin + "\n";
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const bool last = i + 1 == node.children.size() && node.left_out == 0;
    add_lines(node.children[i], language, rest + (last ? "└ " : "├ "), rest + (last ? "  " : "│ "),
              out);
  }
  if (node.left_out == 0) return;
  out += rest + (zh ? fmt::format("└ …… 另有 {} 行\n", node.left_out)
                    : fmt::format("└ … and {} more rows\n", node.left_out));
}

void add_member(const char* name, const std::string& value, std::string& out) {
  if (value.empty()) return;
  out += fmt::format(",\"{}\":", name);
  text::append_json_string(out, value);
}

void add_json(const Explanation& node, std::string& out) {
  out += "{\"name\":";
  text::append_json_string(out, node.name);
  add_member("key", node.key, out);
  add_member("value", node.value, out);
  add_member("unit", node.unit, out);
  add_member("how", node.how, out);
  add_member("cite", node.cite, out);
  add_member("formula", node.formula, out);
  add_member("exact", node.exact, out);
  add_member("origin", node.origin, out);
  if (!node.children.empty()) {
    out += ",\"children\":[";
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      if (i > 0) out += ',';
      add_json(node.children[i], out);
    }
    out += ']';
  }
  if (node.left_out != 0) out += fmt::format(",\"left_out\":{}", node.left_out);
  out += '}';
}

}  // namespace

std::string explanation_text(const Explanation& top, Language language) {
  std::string out;
  add_lines(top, language, "", "", out);
  return out;
}

std::string explanation_json(const Explanation& top) {
  std::string out;
  add_json(top, out);
  return out + "\n";
}

}  // namespace qz::publish
