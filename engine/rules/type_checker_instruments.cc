// Type checker: columns of flow and holding, whose unit is that of the instruments meant.

#include <algorithm>
#include <set>

#include "base/nearest_name.h"
#include "rules/check_instruments.h"
#include "rules/type_checker.h"

namespace qz::rules {
namespace {

// Names that a message lists where none is near.
constexpr std::size_t kNamesShown = 12;

bool is_instrument_name(const Expression& from) {
  return from.kind == ExpressionKind::kReference && from.name == "instrument" && !from.of_this &&
         !from.has_arguments && !from.filter && from.column.empty();
}

// The texts that one `and` part compares the instrument with; empty where it is about other things.
std::vector<std::string> names_of_part(const Expression& part) {
  if (part.kind != ExpressionKind::kEqual && part.kind != ExpressionKind::kIn) return {};
  std::vector<std::string> out;
  std::size_t subjects = 0;
  for (const ExpressionPtr& one : part.operands) {
    if (one->kind == ExpressionKind::kText) {
      out.push_back(one->text);
    } else if (is_instrument_name(*one)) {
      ++subjects;
    } else {
      return {};
    }
  }
  return subjects == 1 ? out : std::vector<std::string>{};
}

}  // namespace

std::vector<std::string> named_instruments(const Expression& condition) {
  std::vector<const Expression*> parts = {&condition};
  while (!parts.empty()) {
    const Expression* part = parts.back();
    parts.pop_back();
    if (part->kind == ExpressionKind::kAnd) {
      parts.push_back(part->operands[1].get());
      parts.push_back(part->operands[0].get());
      continue;
    }
    std::vector<std::string> names = names_of_part(*part);
    if (!names.empty()) return names;
  }
  return {};
}

void TypeChecker::want_known_word(NodeId column, NodeId text, const base::Place& place) {
  const Node& of = at(column);
  const Node& word = at(text);
  const bool literal =
      word.op == Op::kLiteral && word.type == table::Type::kText && word.name.empty();
  if (!literal || (of.op != Op::kColumn && of.op != Op::kUp)) return;
  const CheckedTable& table = table_of(of.table);
  if (table.name != "flow" && table.name != "holding" && table.name != "lot") return;
  const std::string& name = table.columns[static_cast<std::size_t>(of.column)].name;
  std::set<std::string> known;
  if (name == "leg") known = {"from", "to"};
  const auto found = instruments_.find(of.frame);
  const bool named = found != instruments_.end() && !found->second.empty();
  for (const auto& [instrument, words] : packs_.words) {
    if (name == "instrument") known.insert(instrument);
    const bool meant = !named || std::find(found->second.begin(), found->second.end(),
                                           instrument) != found->second.end();
    if (!meant) continue;
    if (name == "kind" || name == "original_kind")
      known.insert(words.kinds.begin(), words.kinds.end());
    if (name == "state") known.insert(words.states.begin(), words.states.end());
  }
  if (known.empty()) return;  // another column, or an instrument that is told of elsewhere
  if (name == "kind") known.insert(kReverseKind);
  if (known.contains(word.text)) return;
  const std::vector<std::string> names(known.begin(), known.end());
  const std::string near = base::nearest_name(word.text, names);
  const bool few = near.empty() && names.size() <= kNamesShown;
  std::string all;
  for (const std::string& one : names) all += (all.empty() ? "" : ", ") + one;
  fail("unknown-name", place,
       table.name + "." + name + " is never \"" + word.text + "\"" +
           (near.empty() ? "" : " (did you mean \"" + near + "\"?)") +
           (few ? " (it is one of " + all + ")" : ""),
       table.name + "." + name + " 不会是 \"" + word.text + "\"" +
           (near.empty() ? "" : "（是否为 \"" + near + "\"？）") +
           (few ? "（可为 " + all + "）" : ""));
}

exact::Unit TypeChecker::unit_by_instrument(const CheckedColumn& read, std::int32_t frame,
                                            const base::Place& place) {
  const auto found = instruments_.find(frame);
  const std::vector<std::string> names =
      found == instruments_.end() ? std::vector<std::string>{} : found->second;
  for (const std::string& name : names) {
    if (packs_.instrument(name) != nullptr) continue;
    std::vector<std::string> known;
    for (const CheckedInstrument& one : packs_.instruments) known.push_back(one.name);
    fail("unknown-name", place, "no instrument \"" + name + "\"" + base::nearest_hint(name, known),
         "没有工具 \"" + name + "\"");
  }
  base::Bilingual why;
  const std::optional<exact::Unit> unit = measured_unit(packs_, read.measure, names, why);
  if (!unit) fail("unit-clash", place, read.name + ": " + why.en, read.name + "：" + why.zh);
  return *unit;
}

}  // namespace qz::rules
