// Message text: one pass over the braces.

#include "check/message_text.h"

#include <optional>

#include "compute/cell_text.h"
#include "exact/rounding.h"

namespace qz::check {
namespace {

constexpr std::size_t kDigitsReadable = 14;
constexpr std::int32_t kDigitsShown = 6;

class Filler {
 public:
  Filler(const compute::Results& results, compute::Evaluation& evaluation,
         const rules::CheckedCheck& check, std::uint32_t row)
      : results_(results), evaluation_(evaluation), check_(check), row_(row) {}

  std::string fill(const std::string& message, bool zh) {
    std::string out;
    std::size_t at = 0;
    while (at < message.size()) {
      const std::size_t open = message.find('{', at);
      const std::size_t close = open == std::string::npos ? open : message.find('}', open);
      if (close == std::string::npos) break;
      out.append(message, at, open - at);
      const std::string name = message.substr(open + 1, close - open - 1);
      out += value(name, zh).value_or("{" + name + "}");
      at = close + 1;
    }
    return out.append(message, std::min(at, message.size()), std::string::npos);
  }

 private:
  std::optional<std::string> cell(std::int32_t table, const std::string& column, std::uint32_t row,
                                  bool zh) {
    const auto found = results_.packs->tables[static_cast<std::size_t>(table)].column(column);
    if (!found) return std::nullopt;
    if (row == compute::kNoRow) return zh ? "缺失" : "missing";
    const compute::CellText text = compute::cell_text(results_, table, *found, row);
    if (text.value) return readable(*text.value, table, *found, row);
    if (table::is_error(text.state)) return std::string(table::error_code(text.state));
    if (text.state == table::State::kNotApplicable) return zh ? "不适用" : "not applicable";
    return zh ? "缺失" : "missing";
  }

  // A number that no rule rounds can have many digits; a sentence needs only the first few.
  std::string readable(const std::string& text, std::int32_t table, std::int32_t column,
                       std::uint32_t row) const {
    if (text.size() <= kDigitsReadable) return text;
    const rules::ColumnRule* rule = compute::rule_of(results_, table, column, row);
    const table::Column& cells =
        results_.tables[static_cast<std::size_t>(table)].columns[static_cast<std::size_t>(column)];
    const bool ruled = rule == nullptr || rule->definition->round || rule->definition->shown;
    if (ruled || cells.type() != table::Type::kNumber) return text;
    const exact::RoundingRule few{kDigitsShown, exact::Rounding::kHalfEven, true};
    return compute::number_text(exact::round(cells.number(row) / rule->to_column, few));
  }

  std::optional<std::string> value(const std::string& name, bool zh) {
    const std::size_t dot = name.find('.');
    if (dot == std::string::npos) {
      if (auto own = cell(check_.table, name, row_, zh)) return own;
      return named(name);
    }
    const std::optional<std::int32_t> above = results_.packs->table(name.substr(0, dot));
    if (!above || !rules::is_up(*results_.packs, check_.table, *above)) return std::nullopt;
    return cell(*above, name.substr(dot + 1), evaluation_.up(check_.table, row_, *above), zh);
  }

  std::optional<std::string> named(const std::string& name) const {
    const rules::Pack& pack =
        *results_.packs->editions[static_cast<std::size_t>(check_.edition)].pack;
    for (const rules::Constant& one : pack.constants) {
      if (one.name == name) return one.text;
    }
    for (const rules::ParameterValue& one : results_.packs->parameters) {
      if (one.pack == pack.id && one.name == name) return one.value;
    }
    return std::nullopt;
  }

  const compute::Results& results_;
  compute::Evaluation& evaluation_;
  const rules::CheckedCheck& check_;
  std::uint32_t row_;
};

}  // namespace

base::Bilingual message_text(const compute::Results& results, compute::Evaluation& evaluation,
                             const rules::CheckedCheck& check, std::uint32_t row) {
  Filler filler(results, evaluation, check, row);
  const base::Bilingual& message = check.definition->message;
  return {filler.fill(message.en, false), filler.fill(message.zh, true)};
}

}  // namespace qz::check
