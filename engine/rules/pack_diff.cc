// Pack diff: each item of a pack described member by member, and the descriptions compared.
//
// A formula that differs only in white space has not changed. A table that came or went is listed
// with its columns, since each of them came or went as well.

#include "rules/pack_diff.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "rules/lexer.h"

namespace qz::rules {
namespace {

// What a member says to people, and what is compared.
struct Said {
  std::string text;
  std::string compared;
};

class Description {
 public:
  void add(const std::string& member, const std::string& text) {
    if (!text.empty()) said_[member] = {text, text};
  }
  void add(const std::string& member, bool holds) { add(member, std::string(holds ? "true" : "")); }
  void add(const std::string& member, const base::Bilingual& text) {
    add(member + ".en", text.en);
    add(member + ".zh", text.zh);
  }
  void add(const std::string& member, const std::optional<exact::Number>& number) {
    if (number) add(member, number->to_string());
  }
  void add(const std::string& member, const std::optional<std::int32_t>& number) {
    if (number) add(member, std::to_string(*number));
  }
  void add(const std::string& member, const std::optional<Formula>& formula) {
    if (formula) add(member, *formula);
  }
  void add(const std::string& member, const Formula& formula) {
    Said& said = said_[member];
    said.text = formula.text;
    for (const Token& token : tokenize(formula.text)) {
      const char kind = static_cast<char>('0' + static_cast<int>(token.kind));
      said.compared += kind + token.text + '\n';
    }
  }

  const std::map<std::string, Said>& said() const { return said_; }

 private:
  std::map<std::string, Said> said_;
};

using Items = std::map<std::string, Description>;

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

std::string input_text(const ColumnDefinition& column) {
  switch (column.input) {
    case InputKind::kNone:
      return "";
    case InputKind::kNumber:
      return "number";
    case InputKind::kText:
      return "text";
    case InputKind::kDate:
      return "date";
    case InputKind::kBool:
      return "bool";
    case InputKind::kChoice:
      break;
  }
  std::vector<std::string> codes;
  for (const Choice& choice : column.choices) codes.push_back(choice.code);
  return joined(codes);
}

void describe_cases(const ColumnDefinition& column, Description& out) {
  const bool alone = column.cases.size() == 1 && !column.cases[0].when;
  for (std::size_t i = 0; i < column.cases.size(); ++i) {
    const Case& one = column.cases[i];
    const std::string prefix = alone ? "" : "case " + std::to_string(i + 1) + " ";
    out.add(prefix + "formula", one.formula);
    // The case's own condition, not the column's "when".
    out.add(prefix + "when", alone ? std::nullopt : one.when);
    if (one.how != "formula") out.add(prefix + "how", one.how);
    if (!alone) out.add(prefix + "cite", one.cite);
  }
}

Description describe(const ColumnDefinition& column) {
  Description out;
  out.add("input", input_text(column));
  for (const Choice& choice : column.choices) out.add("label of " + choice.code, choice.label);
  describe_cases(column, out);
  if (column.when) out.add("when", column.when);
  out.add("unit", column.unit);
  out.add("optional", column.optional);
  out.add("min", column.min);
  out.add("max", column.max);
  out.add("decimals", column.decimals);
  if (column.round) out.add("round", column.round->rule.to_string());
  out.add("shown", column.shown);
  out.add("report", column.report);
  out.add("link", column.link);
  out.add("open", column.open);
  out.add("label", column.label);
  const bool cited = column.cases.size() == 1 && !column.cases[0].when;
  out.add("cite", cited && !column.cases[0].cite.empty() ? column.cases[0].cite : column.cite);
  out.add("note", column.note);
  return out;
}

std::string every_text(const EveryDefinition& every) {
  std::string out(base::period_kind_name(every.period));
  if (every.from) out += " from " + every.from->first + "." + every.from->second;
  if (every.to) out += " to " + every.to->first + "." + every.to->second;
  return out;
}

Description describe(const TableDefinition& table) {
  Description out;
  out.add("key", "[" + joined(table.key) + "]");
  if (table.every) out.add("every", every_text(*table.every));
  out.add("cross", joined(table.cross));
  out.add("unique", joined(table.unique));
  out.add("optional", table.optional);
  out.add("label", table.label);
  return out;
}

Description describe(const Constant& constant) {
  Description out;
  out.add("value", constant.text);
  out.add("unit", constant.unit);
  out.add("cite", constant.cite);
  out.add("status", constant.status);
  return out;
}

Description describe(const Parameter& parameter) {
  Description out;
  out.add("choices", joined(parameter.choices));
  out.add("unit", parameter.unit);
  out.add("min", parameter.min);
  out.add("max", parameter.max);
  out.add("default", parameter.default_text);
  out.add("status", parameter.status);
  out.add("cite", parameter.cite);
  out.add("label", parameter.label);
  return out;
}

Description describe(const CheckDefinition& check) {
  Description out;
  out.add("table", check.table);
  out.add("severity", std::string(base::severity_name(check.severity)));
  out.add("when", check.when);
  out.add("require", check.require);
  out.add("message", check.message);
  out.add("cite", check.cite);
  return out;
}

Description describe(const FactorUse& factor) {
  Description out;
  out.add("table", factor.version.empty() ? factor.id : factor.id + "@" + factor.version);
  return out;
}

// The value as compact JSON, numbers as written.
void append_json(std::string& out, const text::JsonValue& value) {
  using Kind = text::JsonValue::Kind;
  const char* separator = "";
  switch (value.kind) {
    case Kind::kNull:
      out += "null";
      break;
    case Kind::kBool:
      out += value.boolean ? "true" : "false";
      break;
    case Kind::kNumber:
      out += value.text;
      break;
    case Kind::kString:
      text::append_json_string(out, value.text);
      break;
    case Kind::kArray:
      out += '[';
      for (const text::JsonValue& item : value.items) {
        out += std::exchange(separator, ", ");
        append_json(out, item);
      }
      out += ']';
      break;
    case Kind::kObject:
      out += '{';
      for (const auto& [name, member] : value.members) {
        out += std::exchange(separator, ", ");
        text::append_json_string(out, name);
        out += ": ";
        append_json(out, member);
      }
      out += '}';
      break;
  }
}

Description describe(const text::JsonValue& instrument) {
  Description out;
  for (const auto& [name, member] : instrument.members) {
    std::string text;
    append_json(text, member);
    out.add(name, text);
  }
  return out;
}

Description describe_texts(const Pack& pack) {
  Description out;
  out.add("title", pack.title);
  out.add("authority", pack.authority);
  out.add("document", pack.document);
  out.add("applies.from", pack.applies_from.to_string());
  if (pack.applies_to) out.add("applies.to", pack.applies_to->to_string());
  out.add("needs", joined(pack.needs));
  out.add("rounding", std::string(exact::rounding_name(pack.rounding)));
  return out;
}

std::map<std::string, Items> items_of(const Pack& pack) {
  std::map<std::string, Items> out;
  for (const TableDefinition& table : pack.tables) {
    out["table"][table.name] = describe(table);
    for (const ColumnDefinition& column : table.columns) {
      out["column"][table.name + "." + column.name] = describe(column);
    }
  }
  for (const Constant& one : pack.constants) out["constant"][one.name] = describe(one);
  for (const Parameter& one : pack.parameters) out["parameter"][one.name] = describe(one);
  for (const CheckDefinition& one : pack.checks) out["check"][one.id] = describe(one);
  for (const FactorUse& one : pack.factors) out["factor"][one.alias] = describe(one);
  for (const auto& [name, value] : pack.instruments.members) {
    out["instrument"][name] = describe(value);
  }
  out["text"]["pack"] = describe_texts(pack);
  return out;
}

class Comparison {
 public:
  void compare(const std::string& what, const Items& before, const Items& after) {
    for (const auto& [name, description] : before) {
      const auto same = after.find(name);
      if (same == after.end()) {
        changes_.push_back({PackChange::Kind::kRemoved, what, name, {}, {}, {}});
      } else {
        compare_members(what, name, description.said(), same->second.said());
      }
    }
    for (const auto& [name, description] : after) {
      if (before.contains(name)) continue;
      changes_.push_back({PackChange::Kind::kAdded, what, name, {}, {}, {}});
    }
  }

  std::vector<PackChange> sorted() && {
    std::sort(changes_.begin(), changes_.end(), [](const PackChange& a, const PackChange& b) {
      return std::tie(a.what, a.name, a.member) < std::tie(b.what, b.name, b.member);
    });
    return std::move(changes_);
  }

 private:
  void compare_members(const std::string& what, const std::string& name,
                       const std::map<std::string, Said>& before,
                       const std::map<std::string, Said>& after) {
    std::map<std::string, std::pair<Said, Said>> both;
    for (const auto& [member, said] : before) both[member].first = said;
    for (const auto& [member, said] : after) both[member].second = said;
    for (auto& [member, pair] : both) {
      if (pair.first.compared == pair.second.compared) continue;
      changes_.push_back({PackChange::Kind::kChanged, what, name, member,
                          std::move(pair.first.text), std::move(pair.second.text)});
    }
  }

  std::vector<PackChange> changes_;
};

}  // namespace

std::vector<PackChange> diff(const Pack& before, const Pack& after) {
  const auto items_before = items_of(before);
  const auto items_after = items_of(after);
  Comparison out;
  for (const char* what :
       {"check", "column", "constant", "factor", "instrument", "parameter", "table", "text"}) {
    const auto one = items_before.find(what);
    const auto other = items_after.find(what);
    out.compare(what, one == items_before.end() ? Items() : one->second,
                other == items_after.end() ? Items() : other->second);
  }
  return std::move(out).sorted();
}

}  // namespace qz::rules
