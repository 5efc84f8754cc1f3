// Pack reader, columns: the members of one column and how they go together.

#include <algorithm>
#include <utility>

#include "base/nearest_name.h"
#include "rules/detail/written_pack.h"

namespace qz::rules::detail {
namespace {

using text::JsonValue;
using Kind = JsonValue::Kind;

constexpr std::int32_t kPlacesMax = 100;

const std::vector<std::string> kHow = {"measured", "default", "substituted", "penalty", "formula"};
const std::vector<std::string> kModes = {"half-even", "half-up", "down", "up"};

struct InputName {
  const char* name;
  InputKind kind;
};

constexpr InputName kInputs[] = {{"number", InputKind::kNumber},
                                 {"text", InputKind::kText},
                                 {"date", InputKind::kDate},
                                 {"bool", InputKind::kBool}};

class ColumnReader {
 public:
  ColumnReader(MemberReader& reader, const JsonValue& value, ColumnDefinition& column)
      : reader_(reader), value_(value), column_(column) {}

  void read() {
    reader_.refuse_unknown(
        value_, {"input", "formula", "cases", "unit", "optional", "min", "max", "decimals", "round",
                 "shown", "report", "link", "open", "label", "cite", "note", "when"});
    read_input();
    read_formula();
    read_unit();
    reader_.read(value_, "optional", column_.optional);
    reader_.read(value_, "min", column_.min);
    reader_.read(value_, "max", column_.max);
    reader_.read(value_, "decimals", column_.decimals, 0, kPlacesMax);
    read_round();
    reader_.read(value_, "shown", column_.shown, -kPlacesMax, kPlacesMax);
    reader_.read(value_, "report", column_.report);
    reader_.read(value_, "link", column_.link);
    reader_.read(value_, "open", column_.open);
    reader_.read(value_, "label", column_.label);
    reader_.read(value_, "cite", column_.cite);
    reader_.read(value_, "note", column_.note);
    check_kind();
    check_input_members();
    check_formula_members();
  }

 private:
  const JsonValue* find(const char* name) const { return value_.find(name); }
  bool has_formula_member() const { return find("formula") != nullptr || find("cases") != nullptr; }

  void read_input() {
    const JsonValue* input = find("input");
    if (input == nullptr) return;
    const MemberReader::Step step(reader_, "input");
    if (input->is(Kind::kArray) || input->is(Kind::kObject)) return read_choices(*input);
    if (!input->is(Kind::kString)) {
      return reader_.problem(
          *input, "expected \"number\", \"text\", \"date\", \"bool\" or the allowed texts",
          "应为 \"number\"、\"text\"、\"date\"、\"bool\" 或可选文本");
    }
    std::vector<std::string> names;
    for (const InputName& known : kInputs) {
      if (input->text == known.name) column_.input = known.kind;
      names.emplace_back(known.name);
    }
    if (column_.input != InputKind::kNone) return;
    const base::Bilingual near = hint(input->text, names);
    reader_.problem(*input,
                    "\"" + input->text + "\" is none of number, text, date, bool" + near.en +
                        "; allowed texts stand in a list: [\"" + input->text + "\", …]",
                    "“" + input->text + "”不是 number、text、date、bool" + near.zh +
                        "；可选文本请写成列表：[\"" + input->text + "\", …]");
  }

  void read_choices(const JsonValue& input) {
    column_.input = InputKind::kChoice;
    if (input.is(Kind::kArray)) {
      for (std::string& code : reader_.texts(input)) column_.choices.push_back({code, {}});
    } else {
      reader_.each_member(input, [&](const std::string& code, const JsonValue& value) {
        if (code.empty()) return reader_.problem(value, "the code is empty", "代码为空");
        auto label = reader_.bilingual(value);
        if (label) column_.choices.push_back({code, std::move(*label)});
      });
    }
    if (input.items.empty() && input.members.empty()) {
      reader_.problem(input, "no allowed text is listed", "未列出任何可选文本");
    }
    check_labels(input);
  }

  // Files may hold labels in place of codes, so each label must mean one code.
  void check_labels(const JsonValue& input) {
    std::vector<std::pair<std::string, std::string>> meanings;  // text -> code
    for (const Choice& choice : column_.choices) meanings.emplace_back(choice.code, choice.code);
    for (const Choice& choice : column_.choices) {
      for (const std::string& label : {choice.label.en, choice.label.zh}) {
        if (label.empty()) continue;
        const auto other = std::find_if(meanings.begin(), meanings.end(), [&](const auto& one) {
          return one.first == label && one.second != choice.code;
        });
        if (other != meanings.end()) {
          reader_.problem(
              input, "\"" + label + "\" would mean both " + other->second + " and " + choice.code,
              "“" + label + "”既指 " + other->second + " 又指 " + choice.code);
        }
        meanings.emplace_back(label, choice.code);
      }
    }
  }

  void read_formula() {
    std::optional<Formula> formula;
    if (reader_.read(value_, "formula", formula)) {
      Case only;
      only.formula = std::move(*formula);
      column_.cases.push_back(std::move(only));
    }
    const JsonValue* cases = find("cases");
    if (cases != nullptr) {
      const MemberReader::Step step(reader_, "cases");
      if (find("formula") != nullptr) {
        reader_.problem(*cases, "\"cases\" stand in place of \"formula\": write one of the two",
                        "“cases”代替“formula”，二者只写其一");
      }
      if (reader_.expect(*cases, Kind::kArray)) read_cases(*cases);
    }
    reader_.read(value_, "when", column_.when);
    if (column_.when && !has_formula_member()) {
      reader_.problem(*find("when"), "\"when\" needs a formula that it limits",
                      "“when”须与公式同用");
    }
  }

  void read_cases(const JsonValue& cases) {
    if (cases.items.empty()) reader_.problem(cases, "the list of cases is empty", "情形列表为空");
    const JsonValue* last = cases.items.empty() ? nullptr : &cases.items.back();
    reader_.each_item(cases, [&](const JsonValue& item) {
      if (!reader_.expect(item, Kind::kObject)) return;
      reader_.refuse_unknown(item, {"when", "formula", "how", "cite"});
      Case one;
      std::optional<Formula> formula;
      reader_.read(item, "when", one.when);
      reader_.require(item, "formula");
      reader_.read_word(item, "how", kHow, one.how);
      reader_.read(item, "cite", one.cite);
      if (item.find("when") == nullptr && &item != last) {
        reader_.problem(item, "lacks \"when\", so the cases after it are never reached",
                        "缺少“when”，其后的情形永远不会用到");
      }
      if (!reader_.read(item, "formula", formula)) return;
      one.formula = std::move(*formula);
      column_.cases.push_back(std::move(one));
    });
  }

  void read_unit() {
    const JsonValue* unit = find("unit");
    if (unit == nullptr) return;
    column_.unit_place = reader_.place(*unit);
    reader_.read(value_, "unit", column_.unit);
  }

  void read_round() {
    const JsonValue* round = find("round");
    if (round == nullptr) return;
    const MemberReader::Step step(reader_, "round");
    RoundDefinition out;
    std::optional<std::int32_t> n;
    if (!round->is(Kind::kObject)) {
      n = reader_.integer(*round, -kPlacesMax, kPlacesMax);
    } else {
      reader_.refuse_unknown(*round, {"decimals", "significant", "mode"});
      out.rule.significant = round->find("significant") != nullptr;
      if (out.rule.significant == (round->find("decimals") != nullptr)) {
        return reader_.problem(*round, "give \"decimals\" or \"significant\", one of the two",
                               "请写“decimals”或“significant”，二者只写其一");
      }
      reader_.read(*round, "decimals", n, -kPlacesMax, kPlacesMax);
      reader_.read(*round, "significant", n, 1, kPlacesMax);
      std::string mode;
      out.own_mode = reader_.read_word(*round, "mode", kModes, mode);
      if (out.own_mode) out.rule.mode = *exact::parse_rounding(mode);
    }
    if (!n) return;
    out.rule.n = *n;
    column_.round = out;
  }

  void check_kind() {
    if (find("input") == nullptr && !has_formula_member()) {
      reader_.problem(value_, "needs \"input\", \"formula\" or \"cases\"",
                      "须有“input”“formula”或“cases”");
    }
    const bool number = column_.input == InputKind::kNumber;
    if (number && find("unit") == nullptr) {
      reader_.problem(value_, "a number needs a unit (\"1\" for a plain number)",
                      "数值列须有单位（纯数写 \"1\"）");
    }
    if (column_.input != InputKind::kNone && !number && find("unit") != nullptr) {
      reader_.problem(*find("unit"), "only a number has a unit", "只有数值列才有单位");
    }
    const bool may_link = column_.input == InputKind::kText ||
                          column_.input == InputKind::kChoice ||
                          (column_.input == InputKind::kNone && find("unit") == nullptr);
    if (column_.link && !may_link) {
      reader_.problem(*find("link"), "only a text can be a link", "只有文本列才能作“link”");
    }
  }

  void check_input_members() {
    const bool input = find("input") != nullptr;
    if (const JsonValue* optional = find("optional"); optional != nullptr && !input) {
      reader_.problem(*optional, "\"optional\" is for inputs; a formula is never required",
                      "“optional”只用于输入列，公式列不需要");
    }
    for (const char* name : {"min", "max", "decimals"}) {
      const JsonValue* member = find(name);
      if (member == nullptr || column_.input == InputKind::kNumber) continue;
      if (input && column_.input == InputKind::kNone) continue;  // reported already
      reader_.problem(*member, std::string("\"") + name + "\" is for number inputs",
                      std::string("“") + name + "”只用于数值输入列");
    }
    if (column_.min && column_.max && *column_.max < *column_.min) {
      reader_.problem(*find("max"), "\"max\" is below \"min\"", "“max”小于“min”");
    }
  }

  void check_formula_members() {
    for (const char* name : {"round", "shown"}) {
      const JsonValue* member = find(name);
      if (member == nullptr) continue;
      if (!has_formula_member()) {
        reader_.problem(*member,
                        std::string("\"") + name + "\" needs a formula: an input is never rounded",
                        std::string("“") + name + "”须与公式同用：输入值从不修约");
      } else if (find("unit") == nullptr && column_.input == InputKind::kNone) {
        reader_.problem(*member,
                        std::string("\"") + name + "\" is for numbers: the column lacks a unit",
                        std::string("“") + name + "”只用于数值：该列缺少单位");
      }
    }
    const bool rounded = find("round") != nullptr || find("shown") != nullptr;
    if (column_.report && has_formula_member() && find("unit") != nullptr && !rounded) {
      reader_.problem(value_, "a reported number needs \"round\" or \"shown\"",
                      "上报的数值须有“round”或“shown”");
    }
  }

  MemberReader& reader_;
  const JsonValue& value_;
  ColumnDefinition& column_;
};

}  // namespace

ColumnDefinition read_column(MemberReader& reader, const std::string& name,
                             const JsonValue& value) {
  ColumnDefinition out;
  out.name = name;
  out.place = reader.place(value);
  reader.check_name(name, value);
  if (reader.expect(value, Kind::kObject)) ColumnReader(reader, value, out).read();
  return out;
}

}  // namespace qz::rules::detail
