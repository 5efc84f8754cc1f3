// MemberReader: the kinds of values that packs are made of.

#include "rules/detail/member_reader.h"

#include <algorithm>
#include <utility>

#include "base/nearest_name.h"
#include "exact/decimal.h"
#include "rules/lexer.h"
#include "rules/parser.h"

namespace qz::rules::detail {

using base::Bilingual;
using text::JsonValue;

namespace {

Bilingual kind_name(JsonValue::Kind kind) {
  switch (kind) {
    case JsonValue::Kind::kNull:
      return {"null", "null"};
    case JsonValue::Kind::kBool:
      return {"true or false", "true 或 false"};
    case JsonValue::Kind::kNumber:
      return {"a number", "数字"};
    case JsonValue::Kind::kString:
      return {"a text", "文本"};
    case JsonValue::Kind::kArray:
      return {"a list", "列表"};
    case JsonValue::Kind::kObject:
      return {"an object", "对象"};
  }
  return {};
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

bool is_space_or_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || byte == 0x7F;
}

}  // namespace

Bilingual hint(std::string_view name, const std::vector<std::string>& known) {
  const std::string near = base::nearest_name(name, known);
  if (near.empty()) return {};
  return {" (did you mean \"" + near + "\"?)", "（是否应为“" + near + "”？）"};
}

MemberReader::Step::Step(MemberReader& reader, std::string_view name)
    : reader_(reader), before_(reader.path_.size()) {
  if (!reader_.path_.empty() && !name.starts_with('[') && !name.starts_with('(')) {
    reader_.path_ += '.';
  }
  reader_.path_ += name;
}

MemberReader::Step::~Step() { reader_.path_.resize(before_); }

base::Place MemberReader::place(const JsonValue& value) const {
  return {file_, value.line, value.column};
}

void MemberReader::problem(const JsonValue& value, const std::string& en, const std::string& zh,
                           const char* code) {
  const std::string path = path_.empty() ? std::string() : path_ + ": ";
  problems_.push_back(base::failure(code, place(value), path + en, path + zh));
}

bool MemberReader::expect(const JsonValue& value, Kind kind) {
  if (value.is(kind)) return true;
  const Bilingual wanted = kind_name(kind);
  return refuse_kind(value, wanted.en, wanted.zh);
}

bool MemberReader::refuse_kind(const JsonValue& value, const std::string& en,
                               const std::string& zh) {
  const Bilingual found = kind_name(value.kind);
  problem(value, "expected " + en + ", found " + found.en, "应为" + zh + "，却是" + found.zh);
  return false;
}

bool MemberReader::expect_number(const JsonValue& value) {
  if (value.is(Kind::kNumber) || value.is(Kind::kString)) return true;
  return refuse_kind(value, "a number", "数字");
}

void MemberReader::refuse_unknown(const JsonValue& object,
                                  std::initializer_list<const char*> known) {
  std::vector<std::string> names(known.begin(), known.end());
  const std::string list = joined(names);
  names.emplace_back("note");
  for (const auto& [name, value] : object.members) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    Bilingual near = hint(name, names);
    if (near.en.empty()) near = {"; known are " + list, "；已知成员：" + list};
    problem(value, "unknown member \"" + name + "\"" + near.en, "未知成员“" + name + "”" + near.zh,
            "unknown-member");
  }
}

bool MemberReader::require(const JsonValue& object, const char* name) {
  if (object.find(name) != nullptr) return true;
  problem(object, std::string("lacks \"") + name + "\"", std::string("缺少“") + name + "”");
  return false;
}

bool MemberReader::read(const JsonValue& object, const char* name, std::string& out) {
  const JsonValue* value = object.find(name);
  if (value == nullptr) return false;
  const Step step(*this, name);
  auto read = text(*value);
  if (read) out = std::move(*read);
  return read.has_value();
}

bool MemberReader::read(const JsonValue& object, const char* name, bool& out) {
  const JsonValue* value = object.find(name);
  if (value == nullptr) return false;
  const Step step(*this, name);
  if (!expect(*value, Kind::kBool)) return false;
  out = value->boolean;
  return true;
}

bool MemberReader::read(const JsonValue& object, const char* name, Bilingual& out) {
  const JsonValue* value = object.find(name);
  if (value == nullptr) return false;
  const Step step(*this, name);
  auto read = bilingual(*value);
  if (read) out = std::move(*read);
  return read.has_value();
}

bool MemberReader::read(const JsonValue& object, const char* name,
                        std::optional<exact::Number>& out) {
  const JsonValue* value = object.find(name);
  if (value == nullptr) return false;
  const Step step(*this, name);
  out = number(*value);
  return out.has_value();
}

bool MemberReader::read(const JsonValue& object, const char* name, std::optional<base::Date>& out) {
  const JsonValue* value = object.find(name);
  if (value == nullptr) return false;
  const Step step(*this, name);
  if (!expect(*value, Kind::kString)) return false;
  out = base::Date::parse(value->text);
  if (!out) {
    problem(*value, "\"" + value->text + "\" is not a day (write 2022-03-31)",
            "“" + value->text + "”不是日期（请写 2022-03-31）");
  }
  return out.has_value();
}

bool MemberReader::read(const JsonValue& object, const char* name, std::optional<Formula>& out) {
  const JsonValue* value = object.find(name);
  if (value == nullptr) return false;
  const Step step(*this, name);
  out = formula(*value);
  return out.has_value();
}

bool MemberReader::read(const JsonValue& object, const char* name, std::vector<std::string>& out) {
  const JsonValue* value = object.find(name);
  if (value == nullptr) return false;
  const Step step(*this, name);
  out = texts(*value);
  return true;
}

bool MemberReader::read(const JsonValue& object, const char* name, std::optional<std::int32_t>& out,
                        std::int32_t least, std::int32_t most) {
  const JsonValue* value = object.find(name);
  if (value == nullptr) return false;
  const Step step(*this, name);
  out = integer(*value, least, most);
  return out.has_value();
}

bool MemberReader::read_word(const JsonValue& object, const char* name,
                             const std::vector<std::string>& words, std::string& out) {
  const JsonValue* value = object.find(name);
  if (value == nullptr) return false;
  const Step step(*this, name);
  const auto word = text(*value);
  if (!word) return false;
  if (std::find(words.begin(), words.end(), *word) != words.end()) {
    out = *word;
    return true;
  }
  const std::string list = joined(words);
  const Bilingual near = hint(*word, words);
  problem(*value, "\"" + *word + "\" is none of " + list + near.en,
          "“" + *word + "”不在 " + list + " 之中" + near.zh);
  return false;
}

std::optional<std::string> MemberReader::text(const JsonValue& value) {
  if (!expect(value, Kind::kString)) return std::nullopt;
  if (!value.text.empty()) return value.text;
  problem(value, "the text is empty", "文本为空");
  return std::nullopt;
}

// A plain text serves both languages: Bilingual gives the one that is there.
std::optional<Bilingual> MemberReader::bilingual(const JsonValue& value) {
  if (value.is(Kind::kString)) {
    const auto plain = text(value);
    return plain ? std::optional(Bilingual{*plain, {}}) : std::nullopt;
  }
  if (!value.is(Kind::kObject)) {
    refuse_kind(value, "a text or {\"en\": …, \"zh\": …}", "文本或 {\"en\": …, \"zh\": …}");
    return std::nullopt;
  }
  refuse_unknown(value, {"en", "zh"});
  Bilingual out;
  const bool en = read(value, "en", out.en);
  const bool zh = read(value, "zh", out.zh);
  if (en || zh) return out;
  if (value.find("en") == nullptr && value.find("zh") == nullptr) {
    problem(value, "lacks a text: \"en\", \"zh\" or both", "缺少文本：“en”“zh”至少其一");
  }
  return std::nullopt;
}

std::optional<exact::Number> MemberReader::number(const JsonValue& value) {
  if (!expect_number(value)) return std::nullopt;
  exact::DecimalProblem why = exact::DecimalProblem::kNone;
  const auto decimal = exact::parse_decimal(value.text, &why);
  if (decimal) return decimal->value;
  problem(value, "\"" + value.text + "\" " + exact::decimal_advice(value.text, why),
          "“" + value.text + "”" + exact::decimal_advice(value.text, why, true));
  return std::nullopt;
}

std::optional<Formula> MemberReader::formula(const JsonValue& value) {
  // A lone number or word is a formula too, but is written as a text: "1", "true".
  if (!expect(value, Kind::kString)) return std::nullopt;
  Formula out;
  out.text = value.text;
  out.place = place(value);
  out.place.column += 1;
  auto parsed = parse_expression(value.text, out.place);
  if (!parsed) {
    base::Finding finding = parsed.failure();
    const std::string path = path_.empty() ? std::string() : path_ + ": ";
    finding.message = {path + finding.message.en, path + finding.message.zh};
    problems_.push_back(std::move(finding));
    return std::nullopt;
  }
  out.expression = std::shared_ptr<const Expression>(std::move(*parsed));
  return out;
}

std::optional<std::int32_t> MemberReader::integer(const JsonValue& value, std::int32_t least,
                                                  std::int32_t most) {
  const auto read = number(value);
  if (!read) return std::nullopt;
  const auto whole = read->to_int64();
  if (whole && *whole >= least && *whole <= most) return static_cast<std::int32_t>(*whole);
  const std::string range = std::to_string(least) + " to " + std::to_string(most);
  problem(
      value, value.text + " is not a whole number from " + range,
      value.text + " 不是 " + std::to_string(least) + " 至 " + std::to_string(most) + " 的整数");
  return std::nullopt;
}

std::vector<std::string> MemberReader::texts(const JsonValue& value) {
  std::vector<std::string> out;
  if (!expect(value, Kind::kArray)) return out;
  each_item(value, [&](const JsonValue& item) {
    auto one = text(item);
    if (!one) return;
    if (std::find(out.begin(), out.end(), *one) != out.end()) {
      problem(item, "\"" + *one + "\" is listed twice", "“" + *one + "”重复");
      return;
    }
    out.push_back(std::move(*one));
  });
  return out;
}

void MemberReader::each_item(const JsonValue& list,
                             const std::function<void(const JsonValue&)>& visit) {
  std::size_t number = 0;
  for (const JsonValue& item : list.items) {
    const Step step(*this, "[" + std::to_string(++number) + "]");
    visit(item);
  }
}

void MemberReader::each_member(
    const JsonValue& object,
    const std::function<void(const std::string&, const JsonValue&)>& visit) {
  for (const auto& [name, value] : object.members) {
    const Step step(*this, name);
    visit(name, value);
  }
}

bool MemberReader::check_name(const std::string& name, const JsonValue& value) {
  if (is_name(name)) return true;
  if (is_keyword(name)) {
    problem(value, "\"" + name + "\" is a word of the formula language and no name",
            "“" + name + "”是公式语言的保留字，不能作名称");
  } else {
    problem(
        value,
        "\"" + name + "\" is not a name: letters of any script, digits and \"_\", no digit first",
        "“" + name + "”不是合法名称：可用各种文字的字母、数字和“_”，且不以数字开头");
  }
  return false;
}

bool MemberReader::check_id(const std::string& id, const JsonValue& value) {
  bool good =
      !id.empty() && id.front() != '.' && id.back() != '.' && id.find("..") == std::string::npos;
  for (std::size_t i = 0; good && i < id.size();) {
    std::size_t bytes = 0;
    const char32_t c = first_character(std::string_view(id).substr(i), bytes);
    good = is_letter(c) || (c >= U'0' && c <= U'9') || c == U'_' || c == U'-' || c == U'.';
    i += bytes;
  }
  if (good) return true;
  const bool spaced = std::any_of(id.begin(), id.end(), is_space_or_control);
  problem(
      value,
      "\"" + id + "\" is not an id: letters, digits, \"_\", \"-\" and single dots" +
          (spaced ? ", no spaces" : ""),
      "“" + id + "”不是合法标识：可用字母、数字、“_”“-”和单个的点" + (spaced ? "，不含空格" : ""));
  return false;
}

}  // namespace qz::rules::detail
