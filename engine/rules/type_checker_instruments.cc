// Type checker: columns of flow and holding, whose unit is that of the instruments meant.

#include <algorithm>

#include "base/nearest_name.h"
#include "rules/check_instruments.h"
#include "rules/type_checker.h"

namespace qz::rules {
namespace {

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
