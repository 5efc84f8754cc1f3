// read_moves: headings once for each file, then a switch over what each cell is.

#include "read/moves.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "base/date.h"
#include "exact/decimal.h"
#include "read/detail/move_times.h"
#include "read/detail/quick_decimal.h"
#include "read/detail/session.h"
#include "read/detail/word_list.h"
#include "text/encoding.h"
#include "text/records.h"

namespace qz::read {
namespace {

using detail::hint;
using detail::kProblemsMax;
using table::State;

enum class Field : std::uint8_t {
  kId,
  kDate,
  kKind,
  kInstrument,
  kLot,
  kFrom,
  kTo,
  kQuantity,
  kPrice,
  kRef,
  kSeq,
  kFurther,
  kIgnored,
};

struct FieldName {
  Field field;
  const char* code;
  base::Bilingual label;
  bool required;
};

const std::array<FieldName, 11>& field_names() {
  static const std::array<FieldName, 11> kNames = {{
      {Field::kId, "id", {"Move", "流水号"}, true},
      {Field::kDate, "date", {"Date", "日期"}, true},
      {Field::kKind, "kind", {"Kind of move", "业务类型"}, true},
      {Field::kInstrument, "instrument", {"Instrument", "工具"}, true},
      {Field::kLot, "lot", {"Lot", "批次"}, false},
      {Field::kFrom, "from", {"From", "转出方"}, false},
      {Field::kTo, "to", {"To", "转入方"}, false},
      {Field::kQuantity, "quantity", {"Quantity", "数量"}, true},
      {Field::kPrice, "price", {"Price", "单价"}, false},
      {Field::kRef, "ref", {"Reference", "关联流水"}, false},
      {Field::kSeq, "seq", {"Sequence", "序号"}, false},
  }};
  return kNames;
}

// What stands under one heading.
struct Heading {
  Field field = Field::kIgnored;
  std::size_t further = 0;  // kFurther: index in Moves::columns
  exact::Number factor = exact::Number(1);
  std::string name;
};

class MovesReader : public text::RecordSink {
 public:
  MovesReader(const rules::CheckedPacks& packs, const exact::UnitCatalogue& units,
              table::TextPool& pool, Moves& out, base::Findings& problems)
      : packs_(packs),
        units_(units),
        pool_(pool),
        out_(out),
        problems_(problems),
        words_(out.words) {
    find_further();
  }

  void read(const MovesFile& file) {
    out_.files.push_back({file.name, 0, {}, {}});
    headings_.clear();
    found_ = 0;
    if (packs_.instruments.empty()) {
      add_problem(
          "no-instrument", 0, "",
          "no pack of this job declares an instrument, so nothing can be moved (name such "
          "a pack, or take \"registry\" out of the job)",
          "本任务的规则包未声明任何工具，无法登记流水（请列出相应规则包，或删去 registry）");
    } else {
      read_bytes(file);
    }
    const auto by_line = [](const auto& a, const auto& b) { return a.place.line < b.place.line; };
    std::stable_sort(found_problems_.begin(), found_problems_.end(), by_line);
    for (base::Finding& one : found_problems_) problems_.push_back(std::move(one));
    found_problems_.clear();
  }

  bool headings(const std::vector<std::string>& names, std::uint32_t line) override {
    bool good = true;
    for (std::size_t i = headings_.size(); i < names.size(); ++i) {
      headings_.push_back(match(names[i], line));
      good = good && headings_.back().field != Field::kIgnored;
    }
    for (std::size_t i = 0; i < headings_.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (!same_column(headings_[i], headings_[j])) continue;
        add_problem("repeated-column", line, headings_[i].name,
                    "the column stands twice in the file", "该列在文件中出现两次");
        return false;
      }
    }
    if (is_csv_) good = has_required(line) && good;
    return good;
  }

  bool record(const text::Record& record) override {
    move_ = Move();
    move_.line = record.line;
    move_.file = static_cast<std::uint16_t>(out_.files.size() - 1);
    move_.date = Move::kNoDate;
    move_.id_begin = static_cast<std::uint32_t>(out_.ids.size());
    move_.ref_begin = static_cast<std::uint32_t>(out_.refs.size());
    if (out_.rows.size() >= kRowsMax || out_.ids.size() > kTextMax || out_.refs.size() > kTextMax) {
      add_problem("too-many-rows", record.line, "",
                  fmt::format("a job has at most {} moves", kRowsMax),
                  fmt::format("一个作业最多 {} 条流水", kRowsMax));
      return false;
    }
    const std::size_t cells = std::min(headings_.size(), record.cells.size());
    for (std::size_t i = 0; i < cells; ++i) {
      if (!record.cells[i].empty()) read_cell(headings_[i], record.cells[i]);
    }
    const std::size_t size = out_.rows.size() + 1;
    for (MoveColumn& column : out_.columns) {
      while (column.cells.size() < size) column.cells.append_state(State::kNull);
      column.places.resize(size, 0);
    }
    out_.rows.push_back(move_);
    ++out_.files.back().rows;
    return found_ <= kProblemsMax;
  }

  void problem(base::Finding finding) override { add_problem(std::move(finding)); }

 private:
  static constexpr std::size_t kRowsMax = 200'000'000;
  static constexpr std::size_t kTextMax = 0xFFF00000;
  static constexpr std::size_t kIdBytesMax = 200;

  // Columns of flow that kinds of move declare.
  void find_further() {
    const std::optional<std::int32_t> flow = packs_.table("flow");
    if (!flow || packs_.instruments.empty()) return;
    const rules::CheckedTable& table = packs_.tables[static_cast<std::size_t>(*flow)];
    std::vector<std::string> declared;
    for (const rules::CheckedInstrument& one : packs_.instruments) {
      for (const auto& [edition, definition] : one.editions) {
        for (const rules::MoveKind& kind : definition->kinds) {
          for (const auto& column : kind.columns) declared.push_back(column.name);
        }
      }
    }
    for (std::size_t c = table.key_size; c < table.columns.size(); ++c) {
      const rules::CheckedColumn& column = table.columns[c];
      if (std::find(declared.begin(), declared.end(), column.name) == declared.end()) continue;
      out_.columns.push_back({static_cast<std::int32_t>(c), table::Column(column.type), {}});
      further_.push_back(&column);
    }
  }

  void read_bytes(const MovesFile& file) {
    const std::string_view bytes = *file.bytes;
    const auto ends_in = [&](std::string_view end) { return file.name.ends_with(end); };
    is_csv_ = !ends_in(".json") && !ends_in(".xml");
    if (bytes.starts_with("PK\x03\x04") || bytes.starts_with("\xD0\xCF\x11\xE0")) {
      add_problem("unknown-form", 0, "",
                  "spreadsheet files are not read (save the table as CSV, JSON or XML)",
                  "不读取电子表格文件（请把表另存为 CSV、JSON 或 XML）");
      return;
    }
    if (ends_in(".xml")) return text::read_xml_records(bytes, file.name, *this);
    std::string_view utf8 = bytes;
    std::string converted;
    if (!text::is_utf8(bytes)) {
      base::Result<std::string> made = text::to_utf8(std::string(bytes), file.name);
      if (!made) return add_problem(made.failure());
      converted = std::move(*made);
      utf8 = converted;
    } else if (utf8.starts_with("\xEF\xBB\xBF")) {
      utf8.remove_prefix(3);
    }
    if (is_csv_) {
      // Room for the rows at once, about as many as there are: pages that stay empty cost nothing.
      constexpr std::size_t kRowBytes = 40;
      out_.rows.reserve(out_.rows.size() + utf8.size() / kRowBytes);
      text::read_csv(utf8, file.name, *this);
    } else {
      text::read_json_records(utf8, file.name, *this);
    }
  }

  void add_problem(base::Finding finding) {
    if (found_ > kProblemsMax) return;
    if (++found_ > kProblemsMax) {
      finding = base::failure(
          "too-many-problems", finding.place,
          fmt::format("more than {} problems; reading stops here (mend these first)", kProblemsMax),
          fmt::format("问题超过 {} 个，到此停止读取（请先改正以上问题）", kProblemsMax));
    }
    if (finding.table.empty()) finding.table = "moves";
    found_problems_.push_back(std::move(finding));
  }

  void add_problem(const char* code, std::uint32_t line, const std::string& column, std::string en,
                   std::string zh) {
    base::Finding finding =
        base::failure(code, {out_.files.back().name, line, 0}, std::move(en), std::move(zh));
    finding.column = column;
    add_problem(std::move(finding));
  }

  static bool same_column(const Heading& a, const Heading& b) {
    return a.field != Field::kIgnored && a.field == b.field && a.further == b.further;
  }

  Heading match(const std::string& name, std::uint32_t line) {
    Heading out;
    out.name = name;
    std::string bare = name, unit;
    if (name.ends_with(']') && name.find('[') != std::string::npos) {
      const std::size_t open = name.rfind('[');
      unit = name.substr(open + 1, name.size() - open - 2);
      bare = name.substr(0, name.find_last_not_of(" \t", open == 0 ? 0 : open - 1) + 1);
    }
    if (!find_column(bare, out)) {
      const base::Bilingual near = hint(bare, known_names());
      add_problem("unknown-column", line, name,
                  "moves have no such column" + near.en + " (a kind of move may declare columns)",
                  "流水没有此列" + near.zh + "（业务类型可声明附加列）");
    } else if (!unit.empty()) {
      set_unit(out, unit, line);
    }
    return out;
  }

  bool find_column(const std::string& name, Heading& out) const {
    for (const FieldName& one : field_names()) {
      if (name != one.code && name != one.label.en && name != one.label.zh) continue;
      out.field = one.field;
      return true;
    }
    for (std::size_t i = 0; i < further_.size(); ++i) {
      const base::Bilingual& label = further_[i]->rules.front().definition->label;
      const bool labelled = !name.empty() && (name == label.en || name == label.zh);
      if (name != further_[i]->name && !labelled) continue;
      out.field = Field::kFurther;
      out.further = i;
      return true;
    }
    return false;
  }

  std::vector<std::string> known_names() const {
    std::vector<std::string> out;
    for (const FieldName& one : field_names()) out.emplace_back(one.code);
    for (const rules::CheckedColumn* one : further_) out.push_back(one->name);
    return out;
  }

  // A unit in the heading: of quantities and prices it is compared with each instrument's later.
  void set_unit(Heading& heading, const std::string& text, std::uint32_t line) {
    const base::Result<exact::Unit> unit = units_.parse(text);
    const bool number = heading.field == Field::kQuantity || heading.field == Field::kPrice ||
                        (heading.field == Field::kFurther &&
                         further_[heading.further]->type == table::Type::kNumber);
    const bool fits = unit && number &&
                      (heading.field != Field::kFurther ||
                       unit.value().converts_to(further_[heading.further]->unit));
    if (!fits) {
      add_problem("wrong-unit", line, heading.name,
                  "[" + text + "] is no unit of this column" +
                      (unit ? "" : ": " + unit.failure().message.en),
                  "[" + text + "] 不是此列可用的单位");
    } else if (heading.field == Field::kQuantity) {
      out_.files.back().quantity_unit = unit.value();
    } else if (heading.field == Field::kPrice) {
      out_.files.back().price_unit = unit.value();
    } else {
      heading.factor = unit.value().factor_to(further_[heading.further]->unit);
    }
  }

  bool has_required(std::uint32_t line) {
    bool good = true;
    for (const FieldName& one : field_names()) {
      const bool there =
          std::any_of(headings_.begin(), headings_.end(),
                      [&](const Heading& heading) { return heading.field == one.field; });
      if (there || !one.required) continue;
      good = false;
      add_problem("missing-key-column", line, one.code,
                  fmt::format("the file has no column \"{}\" ({})", one.code, one.label.en),
                  fmt::format("文件缺少列“{}”（{}）", one.code, one.label.zh));
    }
    return good;
  }

  void read_cell(const Heading& heading, std::string_view cell) {
    switch (heading.field) {
      case Field::kId:
        return read_text(heading, cell, out_.ids, move_.id_size);
      case Field::kRef:
        return read_text(heading, cell, out_.refs, move_.ref_size);
      case Field::kDate:
        return read_date(heading, cell);
      case Field::kKind:
        move_.kind = repeated_word(last_kind_, cell);
        return;
      case Field::kInstrument:
        move_.instrument = repeated_word(last_instrument_, cell);
        return;
      case Field::kLot:
        move_.lot = repeated_word(last_lot_, cell);
        return;
      case Field::kFrom:
        move_.from = words_.index(cell);
        return;
      case Field::kTo:
        move_.to = words_.index(cell);
        return;
      case Field::kQuantity:
        return read_number(heading, cell, move_.quantity);
      case Field::kPrice:
        return read_number(heading, cell, move_.price);
      case Field::kSeq:
        return read_seq(heading, cell);
      case Field::kFurther:
        return read_further(heading, cell);
      case Field::kIgnored:
        return;
    }
  }

  // What stands in the column often stands in the row before too.
  std::int32_t repeated_word(std::int32_t& last, std::string_view cell) {
    if (last < 0 || out_.words[static_cast<std::size_t>(last)] != cell) last = words_.index(cell);
    return last;
  }

  void read_text(const Heading& heading, std::string_view cell, std::string& to,
                 std::uint16_t& size) {
    if (cell.size() > kIdBytesMax) {
      add_problem("too-large", move_.line, heading.name,
                  fmt::format("longer than {} bytes (name moves shortly)", kIdBytesMax),
                  fmt::format("超过 {} 字节（请使用较短的流水号）", kIdBytesMax));
      return;
    }
    to.append(cell);
    size = static_cast<std::uint16_t>(cell.size());
  }

  void read_date(const Heading& heading, std::string_view cell) {
    if (cell == last_date_) {
      move_.date = last_time_.days;
      move_.seconds = last_time_.seconds;
      return;
    }
    const std::optional<detail::MoveTime> time = detail::parse_move_time(cell);
    if (!time) {
      add_problem(
          "malformed-date", move_.line, heading.name,
          fmt::format("\"{}\" is not a date (write 2022-03-31 or 2022-03-31T14:30:05)", cell),
          fmt::format("“{}”不是日期（请写 2022-03-31 或 2022-03-31T14:30:05）", cell));
      return;
    }
    move_.date = time->days;
    move_.seconds = time->seconds;
    last_date_ = cell;
    last_time_ = *time;
  }

  bool parse_number(const Heading& heading, std::string_view cell, exact::Decimal& out) {
    exact::DecimalProblem why = exact::DecimalProblem::kNone;
    const std::optional<exact::Decimal> decimal = exact::parse_decimal(cell, &why);
    if (decimal) {
      out = *decimal;
      return true;
    }
    add_problem("malformed-number", move_.line, heading.name,
                fmt::format("\"{}\" {}", cell, exact::decimal_advice(cell, why)),
                fmt::format("“{}”{}", cell, exact::decimal_advice(cell, why, true)));
    return false;
  }

  void read_number(const Heading& heading, std::string_view cell, MoveNumber& out) {
    const detail::QuickDecimal quick = detail::quick_decimal(cell);
    if (quick.ok) {
      out.mantissa = quick.mantissa;
      out.places = static_cast<std::int8_t>(quick.places);
      return;
    }
    exact::Decimal decimal;
    if (!parse_number(heading, cell, decimal)) return;
    out.mantissa = static_cast<std::int64_t>(out_.long_numbers.size());
    out.places = MoveNumber::kLong;
    out_.long_numbers.push_back(std::move(decimal.value));
    out_.long_places.push_back(static_cast<std::uint8_t>(std::clamp(decimal.places, 0, 255)));
  }

  void read_seq(const Heading& heading, std::string_view cell) {
    const detail::QuickDecimal quick = detail::quick_decimal(cell);
    if (quick.ok && quick.places == 0) {
      move_.seq = quick.mantissa;
      return;
    }
    add_problem("malformed-number", move_.line, heading.name,
                fmt::format("\"{}\" is not a whole number of at most 18 digits", cell),
                fmt::format("“{}”不是至多 18 位的整数", cell));
  }

  // Rows whose cells were empty come before this one: they are null.
  void read_further(const Heading& heading, std::string_view cell) {
    MoveColumn& to = out_.columns[heading.further];
    const rules::CheckedColumn& column = *further_[heading.further];
    while (to.cells.size() < out_.rows.size()) to.cells.append_state(State::kNull);
    to.places.resize(out_.rows.size() + 1, 0);
    switch (column.type) {
      case table::Type::kNumber: {
        exact::Decimal decimal;
        if (!parse_number(heading, cell, decimal)) return;
        to.cells.append_number(decimal.value * heading.factor * column.rules.front().to_column);
        to.places.back() = static_cast<std::uint8_t>(std::clamp(decimal.places, 0, 255));
        return;
      }
      case table::Type::kDate:
        if (const std::optional<base::Date> date = base::Date::parse(cell)) {
          return to.cells.append_id(date->days());
        }
        return add_problem("malformed-date", move_.line, heading.name,
                           fmt::format("\"{}\" is not a date (write 2022-03-31)", cell),
                           fmt::format("“{}”不是日期（请写 2022-03-31）", cell));
      case table::Type::kBool:
        if (cell == "true" || cell == "TRUE") return to.cells.append_id(1);
        if (cell == "false" || cell == "FALSE") return to.cells.append_id(0);
        return add_problem("malformed-bool", move_.line, heading.name,
                           fmt::format("\"{}\" is not true or false", cell),
                           fmt::format("“{}”不是 true 或 false", cell));
      default:
        return read_further_text(heading, *column.rules.front().definition, cell, to);
    }
  }

  void read_further_text(const Heading& heading, const rules::ColumnDefinition& of,
                         std::string_view cell, MoveColumn& to) {
    if (of.input != rules::InputKind::kChoice) return to.cells.append_id(pool_.intern(cell));
    std::vector<std::string> codes;
    for (const rules::Choice& choice : of.choices) {
      if (cell == choice.code || cell == choice.label.en || cell == choice.label.zh) {
        return to.cells.append_id(pool_.intern(choice.code));
      }
      codes.push_back(choice.code);
    }
    const base::Bilingual near = hint(cell, codes);
    add_problem("not-a-choice", move_.line, heading.name,
                fmt::format("\"{}\" is none of {}{}", cell, fmt::join(codes, ", "), near.en),
                fmt::format("“{}”不在 {} 之中{}", cell, fmt::join(codes, ", "), near.zh));
  }

  const rules::CheckedPacks& packs_;
  const exact::UnitCatalogue& units_;
  table::TextPool& pool_;
  Moves& out_;
  base::Findings& problems_;
  detail::WordList words_;
  std::vector<const rules::CheckedColumn*> further_;  // as Moves::columns
  std::vector<Heading> headings_;
  base::Findings found_problems_;  // of this file
  std::size_t found_ = 0;
  bool is_csv_ = true;
  Move move_;  // under construction
  std::int32_t last_kind_ = -1, last_instrument_ = -1, last_lot_ = -1;
  std::string last_date_;
  detail::MoveTime last_time_;
};

}  // namespace

Moves read_moves(const std::vector<MovesFile>& files, const rules::CheckedPacks& packs,
                 const exact::UnitCatalogue& units, table::TextPool& pool,
                 base::Findings& problems) {
  Moves out;
  MovesReader reader(packs, units, pool, out, problems);
  for (const MovesFile& file : files) reader.read(file);
  return out;
}

}  // namespace qz::read
