// Pack reader, instruments: what is held and moved, member by member, each with its place.

#include <algorithm>
#include <utility>

#include "exact/decimal.h"
#include "rules/detail/written_pack.h"

namespace qz::rules::detail {
namespace {

const std::vector<std::string> kModes = {"half-even", "half-up", "down", "up"};

using text::JsonValue;
using Kind = JsonValue::Kind;

const std::vector<std::string> kBookings = {"fifo", "average", "specific"};
// Columns that `flow` has already, and those that moves.csv has for every kind.
const std::vector<std::string> kFlowColumns = {
    "instrument", "lot",   "move",  "leg",    "date",         "kind",         "state",
    "quantity",   "price", "value", "cost",   "from",         "counterparty", "to",
    "ref",        "seq",   "id",    "entity", "original_kind"};
const std::vector<std::string> kLotColumns = {"instrument", "lot"};

class InstrumentReader {
 public:
  InstrumentReader(MemberReader& reader, const JsonValue& value, InstrumentDefinition& out)
      : reader_(reader), value_(value), out_(out) {}

  void read() {
    reader_.refuse_unknown(value_, {"unit", "step", "price", "booking", "cost_round", "lot",
                                    "states", "roles", "moves", "label", "cite"});
    for (const char* name : {"unit", "step", "roles", "moves"}) reader_.require(value_, name);
    read_units();
    read_step();
    read_booking();
    read_cost_round();
    read_lot();
    read_states();
    read_roles();
    read_moves();
    reader_.read(value_, "label", out_.label);
    reader_.read(value_, "cite", out_.cite);
  }

 private:
  const JsonValue* find(const char* name) const { return value_.find(name); }

  void read_units() {
    if (reader_.read(value_, "unit", out_.unit)) out_.unit_place = reader_.place(*find("unit"));
    if (reader_.read(value_, "price", out_.price)) out_.price_place = reader_.place(*find("price"));
  }

  // A number above zero whose decimals say how quantities are written: "0.001" has three.
  void read_step() {
    const JsonValue* step = find("step");
    if (step == nullptr) return;
    const MemberReader::Step at(reader_, "step");
    const std::optional<exact::Number> number = reader_.number(*step);
    if (!number) return;
    const std::optional<exact::Decimal> decimal = exact::parse_decimal(step->text);
    if (number->sign() > 0 && decimal && decimal->places <= kStepPlacesMax) {
      out_.step = *number;
      out_.step_places = 0;
      while (!(*number * exact::Number::power_of_ten(out_.step_places)).is_integer())
        ++out_.step_places;
      return;
    }
    reader_.problem(*step,
                    "\"" + step->text + "\" is no step: write a number above 0 with at most " +
                        std::to_string(kStepPlacesMax) + " decimals",
                    "“" + step->text + "”不能作步长：应为大于 0、最多 " +
                        std::to_string(kStepPlacesMax) + " 位小数的数");
  }

  void read_booking() {
    std::string word;
    if (!reader_.read_word(value_, "booking", kBookings, word)) return;
    const auto at = std::find(kBookings.begin(), kBookings.end(), word) - kBookings.begin();
    out_.booking = static_cast<Booking>(at);
  }

  // {"decimals": 2, "mode": "half-up", "cite": "…"}: a rounding that nobody wrote down is none.
  void read_cost_round() {
    const JsonValue* round = find("cost_round");
    if (round == nullptr) return;
    const MemberReader::Step step(reader_, "cost_round");
    if (!reader_.expect(*round, Kind::kObject)) return;
    reader_.refuse_unknown(*round, {"decimals", "mode", "cite"});
    std::optional<std::int32_t> decimals;
    std::string mode, cite;
    reader_.read(*round, "decimals", decimals, 0, kStepPlacesMax);
    const bool has_mode = reader_.read_word(*round, "mode", kModes, mode);
    reader_.read(*round, "cite", cite);
    if (!decimals || !has_mode || cite.empty()) {
      reader_.problem(*round,
                      "a cost is rounded by \"decimals\", \"mode\" and the \"cite\" that says so",
                      "成本修约须写明 decimals、mode 以及依据 cite");
      return;
    }
    if (out_.booking != Booking::kAverage || find("price") == nullptr) {
      reader_.problem(*round, "only what leaves an average pool of units with a price is rounded",
                      "仅有价格且按平均成本计价的工具可作成本修约");
      return;
    }
    out_.cost_round = exact::RoundingRule{*decimals, *exact::parse_rounding(mode), false};
  }

  void read_lot() {
    const JsonValue* lot = find("lot");
    if (lot == nullptr) return;
    const MemberReader::Step at(reader_, "lot");
    if (lot->is(Kind::kArray)) {
      for (const std::string& name : reader_.texts(*lot)) {
        reader_.check_name(name, *lot);
        ColumnDefinition column;
        column.name = name;
        column.place = reader_.place(*lot);
        column.input = InputKind::kText;
        out_.lot.push_back(std::move(column));
      }
    } else if (reader_.expect(*lot, Kind::kObject)) {
      reader_.each_member(*lot, [&](const std::string& name, const JsonValue& value) {
        out_.lot.push_back(read_column(reader_, name, value));
        plain_input(out_.lot.back(), value);
      });
    }
    for (const ColumnDefinition& column : out_.lot) {
      refuse_taken(column.name, kLotColumns, "lot", *lot);
      if (column.name == "valid_from" || column.name == "valid_to") want_date(column, *lot);
    }
  }

  void want_date(const ColumnDefinition& column, const JsonValue& at) {
    if (column.input == InputKind::kDate) return;
    reader_.problem(at, column.name + " bounds the dates of moves: its input is \"date\"",
                    column.name + " 用于限定流水日期：其 input 应为 \"date\"");
  }

  void refuse_taken(const std::string& name, const std::vector<std::string>& taken,
                    const char* table, const JsonValue& at) {
    if (std::find(taken.begin(), taken.end(), name) == taken.end()) return;
    reader_.problem(at, "\"" + name + "\" is a column of every " + table + " already: rename it",
                    "“" + name + "”已是 " + table + " 的固有列：请改名");
  }

  // What moves.csv and the file of lots hold is read, never computed or reported.
  void plain_input(const ColumnDefinition& column, const JsonValue& value) {
    for (const char* name : {"formula", "cases", "when", "report", "link"}) {
      const JsonValue* member = value.find(name);
      if (member == nullptr) continue;
      const MemberReader::Step at(reader_, column.name);
      reader_.problem(*member,
                      std::string("\"") + name +
                          "\" has no place here, where a column is read: give a column of the "
                          "table flow, lot or holding a formula instead",
                      std::string("“") + name +
                          "”不能用于此处的输入列：请在表 flow、lot 或 holding 中另设公式列");
    }
  }

  void read_names(const char* member, const char* otherwise, std::vector<std::string>& out) {
    const JsonValue* value = find(member);
    if (value == nullptr) {
      if (otherwise != nullptr) out = {otherwise};
      return;
    }
    const MemberReader::Step at(reader_, member);
    out = reader_.texts(*value);
    if (value->is(Kind::kArray) && value->items.empty()) {
      reader_.problem(*value, "the list is empty", "列表为空");
    }
    reader_.each_item(*value, [&](const JsonValue& item) {
      if (item.is(Kind::kString) && !item.text.empty()) reader_.check_name(item.text, item);
    });
  }

  void read_states() { read_names("states", "available", out_.states); }

  void read_roles() {
    read_names("roles", nullptr, out_.roles);
    const JsonValue* roles = find("roles");
    if (roles == nullptr || out_.roles.empty()) return;
    const MemberReader::Step at(reader_, "roles");
    if (out_.roles.front() == kHolderRole) {
      reader_.problem(roles->items.front(),
                      "the first role is the issuer, who alone may stand below zero: put another "
                      "before \"entity\"",
                      "第一个角色为签发方（唯一可为负者）：请把其他角色置于 entity 之前");
    }
    if (std::find(out_.roles.begin(), out_.roles.end(), kHolderRole) == out_.roles.end()) {
      reader_.problem(*roles, "lacks \"entity\", the role of the holders",
                      "缺少 \"entity\"（持有人角色）");
    }
  }

  void read_moves() {
    const JsonValue* moves = find("moves");
    if (moves == nullptr) return;
    const MemberReader::Step at(reader_, "moves");
    if (!reader_.expect(*moves, Kind::kObject)) return;
    reader_.each_member(*moves, [&](const std::string& name, const JsonValue& value) {
      reader_.check_name(name, value);
      if (name == kReverseKind) {
        reader_.problem(value, "\"reverse\" is a kind of every instrument already: rename it",
                        "“reverse”是每种工具固有的业务类型：请改名");
      }
      if (reader_.expect(value, Kind::kObject)) out_.kinds.push_back(read_kind(name, value));
    });
  }

  MoveKind read_kind(const std::string& name, const JsonValue& value) {
    MoveKind out;
    out.name = name;
    out.place = reader_.place(value);
    reader_.refuse_unknown(
        value, {"from", "to", "same", "price", "validity", "lots", "columns", "label", "cite"});
    read_side(value, "from", out.from);
    read_side(value, "to", out.to);
    reader_.read(value, "same", out.same);
    reader_.read(value, "price", out.price);
    reader_.read(value, "validity", out.validity);
    std::vector<std::string> lots;
    if (reader_.read(value, "lots", lots)) out.lots = std::move(lots);
    reader_.read(value, "label", out.label);
    reader_.read(value, "cite", out.cite);
    read_columns(value, out);
    check_kind(value, out);
    return out;
  }

  void read_side(const JsonValue& kind, const char* member, MoveSide& out) {
    if (!reader_.require(kind, member)) return;
    std::string written;
    if (!reader_.read(kind, member, written)) return;
    const JsonValue& value = *kind.find(member);
    const MemberReader::Step at(reader_, member);
    out.place = reader_.place(value);
    const std::size_t colon = written.find(':');
    out.role = written.substr(0, colon);
    const auto& roles = out_.roles;
    if (std::find(roles.begin(), roles.end(), out.role) == roles.end()) {
      const base::Bilingual near = hint(out.role, roles);
      reader_.problem(value, "no role \"" + out.role + "\"" + near.en,
                      "没有角色“" + out.role + "”" + near.zh, "unknown-name");
      return;
    }
    if (out.is_holder() && !out_.states.empty()) out.state = out_.states.front();
    if (colon == std::string::npos) return;
    out.state = written.substr(colon + 1);
    if (!out.is_holder()) {
      reader_.problem(value, "only the accounts of \"entity\" have states",
                      "只有 entity 的账户才有状态");
    } else if (std::find(out_.states.begin(), out_.states.end(), out.state) == out_.states.end()) {
      const base::Bilingual near = hint(out.state, out_.states);
      reader_.problem(value, "no state \"" + out.state + "\"" + near.en,
                      "没有状态“" + out.state + "”" + near.zh, "unknown-name");
    }
  }

  void read_columns(const JsonValue& kind, MoveKind& out) {
    const JsonValue* columns = kind.find("columns");
    if (columns == nullptr) return;
    const MemberReader::Step at(reader_, "columns");
    if (!reader_.expect(*columns, Kind::kObject)) return;
    reader_.each_member(*columns, [&](const std::string& name, const JsonValue& value) {
      out.columns.push_back(read_column(reader_, name, value));
      plain_input(out.columns.back(), value);
      refuse_taken(name, kFlowColumns, "move", value);
    });
  }

  void check_kind(const JsonValue& value, const MoveKind& kind) {
    if (kind.from.role.empty() || kind.to.role.empty()) return;  // reported already
    if (kind.same && (!kind.from.is_holder() || !kind.to.is_holder())) {
      reader_.problem(*value.find("same"), "\"same\" is for moves from \"entity\" to \"entity\"",
                      "“same”只用于 entity 到 entity 的流水");
    }
    const bool one_account = kind.from.role == kind.to.role && kind.from.state == kind.to.state;
    if (one_account && (kind.same || !kind.from.is_holder())) {
      reader_.problem(value, "from and to are one account: nothing would move",
                      "from 与 to 为同一账户：没有发生转移");
    }
    if (kind.price && out_.price.empty()) {
      reader_.problem(*value.find("price"),
                      "a price needs its unit: give the instrument \"price\": \"…\"",
                      "价格须有单位：请为该工具写明 \"price\"");
    }
  }

  static constexpr std::int32_t kStepPlacesMax = 18;

  MemberReader& reader_;
  const JsonValue& value_;
  InstrumentDefinition& out_;
};

}  // namespace

void read_instruments(MemberReader& reader, const JsonValue& instruments, WrittenPack& out) {
  if (!reader.expect(instruments, Kind::kObject)) return;
  reader.each_member(instruments, [&](const std::string& name, const JsonValue& value) {
    out.pack.instrument_files[name] = reader.file();
    if (value.is(Kind::kNull)) {
      if (out.pack.extends.empty()) {
        reader.problem(value, "nothing to remove: the pack extends no other version",
                       "无可删除：本规则包未继承其他版本");
      }
      return;
    }
    if (!reader.expect(value, Kind::kObject)) return;
    InstrumentDefinition one;
    one.name = name;
    one.place = reader.place(value);
    reader.check_id(name, value);
    InstrumentReader(reader, value, one).read();
    out.pack.instrument_definitions.push_back(std::move(one));
  });
  out.pack.instruments = instruments;
}

}  // namespace qz::rules::detail
