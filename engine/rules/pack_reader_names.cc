// Pack reader, what formulas call by name apart from columns: constants, parameters, factor tables.

#include <algorithm>
#include <utility>

#include "exact/decimal.h"
#include "rules/detail/written_pack.h"
#include "rules/parser.h"

namespace qz::rules::detail {
namespace {

using text::JsonValue;
using Kind = JsonValue::Kind;

const std::vector<std::string> kStatus = {"verified", "secondary", "recalled", "draft"};

void read_ratio(MemberReader& reader, const JsonValue& value, Constant& out) {
  if (!reader.expect_number(value)) return;
  out.text = value.text;
  const auto ratio = exact::parse_ratio(value.text);
  if (ratio) {
    out.value = *ratio;
  } else {
    reader.problem(value, "\"" + value.text + "\" is neither a number nor a ratio such as 44/12",
                   "“" + value.text + "”既不是数字，也不是 44/12 这样的比值");
  }
}

Constant read_constant(MemberReader& reader, const std::string& name, const JsonValue& value) {
  Constant out;
  out.name = name;
  out.place = reader.place(value);
  out.unit = "1";
  reader.check_name(name, value);
  // A lone number is short for a plain constant without a citation.
  if (!value.is(Kind::kObject)) {
    read_ratio(reader, value, out);
    return out;
  }
  reader.refuse_unknown(value, {"value", "unit", "cite", "status", "label"});
  if (reader.require(value, "value")) {
    const MemberReader::Step step(reader, "value");
    read_ratio(reader, *value.find("value"), out);
  }
  reader.read(value, "unit", out.unit);
  reader.read(value, "cite", out.cite);
  reader.read_word(value, "status", kStatus, out.status);
  base::Bilingual label;
  reader.read(value, "label", label);
  return out;
}

void read_choice_parameter(MemberReader& reader, const JsonValue& value, Parameter& out) {
  reader.read(value, "choices", out.choices);
  if (out.choices.empty() && value.find("choices")->is(Kind::kArray)) {
    reader.problem(value, "the list of choices is empty", "可选值列表为空");
  }
  for (const char* name : {"unit", "min", "max"}) {
    const JsonValue* member = value.find(name);
    if (member == nullptr) continue;
    reader.problem(*member, std::string("\"") + name + "\" is for a number; \"choices\" are texts",
                   std::string("“") + name + "”用于数值参数，“choices”为文本");
  }
  if (!out.choices.empty()) reader.read_word(value, "default", out.choices, out.default_text);
}

void read_number_parameter(MemberReader& reader, const JsonValue& value, Parameter& out) {
  out.unit = "1";
  reader.read(value, "unit", out.unit);
  reader.read(value, "min", out.min);
  reader.read(value, "max", out.max);
  if (!reader.read(value, "default", out.default_number)) return;
  const JsonValue& given = *value.find("default");
  out.default_text = given.text;
  const bool low = out.min && *out.default_number < *out.min;
  const bool high = out.max && *out.max < *out.default_number;
  if (low || high) {
    reader.problem(given, "the default lies outside min and max", "默认值超出 min 与 max 的范围");
  }
}

Parameter read_parameter(MemberReader& reader, const std::string& name, const JsonValue& value) {
  Parameter out;
  out.name = name;
  out.place = reader.place(value);
  reader.check_name(name, value);
  if (!reader.expect(value, Kind::kObject)) return out;
  reader.refuse_unknown(value,
                        {"choices", "unit", "min", "max", "default", "status", "cite", "label"});
  reader.require(value, "default");
  if (value.find("choices") != nullptr) {
    read_choice_parameter(reader, value, out);
  } else {
    read_number_parameter(reader, value, out);
  }
  reader.read_word(value, "status", kStatus, out.status);
  reader.read(value, "cite", out.cite);
  reader.read(value, "label", out.label);
  return out;
}

// "id@version" or "id" under `alias`; without an alias it is the last word of the id.
void read_factor(MemberReader& reader, std::string alias, const JsonValue& value,
                 WrittenPack& out) {
  const auto written = reader.text(value);
  if (!written) return;
  const std::size_t at = written->find('@');
  FactorUse use;
  use.place = reader.place(value);
  use.id = written->substr(0, at);
  if (at != std::string::npos) use.version = written->substr(at + 1);
  if (!reader.check_id(use.id, value)) return;
  if (at != std::string::npos && !reader.check_id(use.version, value)) return;
  const bool named = !alias.empty();
  use.alias = named ? std::move(alias) : use.id.substr(use.id.rfind('.') + 1);
  if (!named && !is_name(use.alias)) {
    return reader.problem(value,
                          "\"" + use.alias +
                              "\" cannot be said in a formula: write {\"a_name\": \"" + *written +
                              "\"}",
                          "“" + use.alias + "”不能用于公式，请写 {\"名称\": \"" + *written + "\"}");
  }
  if (named && !reader.check_name(use.alias, value)) return;
  const auto same = std::find_if(out.pack.factors.begin(), out.pack.factors.end(),
                                 [&](const FactorUse& one) { return one.alias == use.alias; });
  if (same != out.pack.factors.end()) {
    return reader.problem(value,
                          "\"" + use.alias + "\" would be " + same->id + " and " + use.id +
                              ": give names of your own, {\"a_name\": \"" + *written + "\"}",
                          "“" + use.alias + "”同时指 " + same->id + " 和 " + use.id +
                              "，请另取名称：{\"名称\": \"" + *written + "\"}");
  }
  out.pack.factors.push_back(std::move(use));
}

}  // namespace

void read_constants(MemberReader& reader, const JsonValue& constants, WrittenPack& out) {
  if (!reader.expect(constants, Kind::kObject)) return;
  reader.each_member(constants, [&](const std::string& name, const JsonValue& value) {
    if (value.is(Kind::kNull)) {
      out.constants_removed.push_back({name, reader.place(value)});
    } else {
      out.pack.constants.push_back(read_constant(reader, name, value));
    }
  });
}

void read_parameters(MemberReader& reader, const JsonValue& parameters, WrittenPack& out) {
  if (!reader.expect(parameters, Kind::kObject)) return;
  reader.each_member(parameters, [&](const std::string& name, const JsonValue& value) {
    if (value.is(Kind::kNull)) {
      out.parameters_removed.push_back({name, reader.place(value)});
    } else {
      out.pack.parameters.push_back(read_parameter(reader, name, value));
    }
  });
}

void read_factors(MemberReader& reader, const JsonValue& factors, WrittenPack& out) {
  if (factors.is(Kind::kArray)) {
    return reader.each_item(factors,
                            [&](const JsonValue& value) { read_factor(reader, {}, value, out); });
  }
  if (!factors.is(Kind::kObject)) {
    reader.refuse_kind(factors, "a list of tables, or an object of names for them",
                       "因子表列表，或名称到因子表的对象");
    return;
  }
  reader.each_member(factors, [&](const std::string& alias, const JsonValue& value) {
    if (value.is(Kind::kNull)) {
      out.factors_removed.push_back({alias, reader.place(value)});
    } else if (alias.empty()) {
      reader.check_name(alias, value);
    } else {
      read_factor(reader, alias, value, out);
    }
  });
}

}  // namespace qz::rules::detail
