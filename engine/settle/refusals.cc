#include "settle/refusals.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/nearest_name.h"
#include "exact/decimal.h"
#include "settle/post_moves.h"
#include "settle/rule_details.h"

namespace qz::settle {
namespace {

using base::Bilingual;

const char* code_of(Rule rule) {
  switch (rule) {
    case Rule::kIncomplete:
      return "move-incomplete";
    case Rule::kDuplicateId:
      return "move-duplicate-id";
    case Rule::kUnknownInstrument:
      return "move-unknown-instrument";
    case Rule::kUnknownKind:
      return "move-unknown-kind";
    case Rule::kWrongAccount:
      return "move-wrong-account";
    case Rule::kUnknownAccount:
      return "move-unknown-account";
    case Rule::kWrongQuantity:
      return "move-wrong-quantity";
    case Rule::kWrongPrice:
      return "move-wrong-price";
    case Rule::kUnknownLot:
      return "move-unknown-lot";
    case Rule::kWrongLot:
      return "move-wrong-lot";
    case Rule::kOutsideValidity:
      return "move-outside-validity";
    case Rule::kWrongValue:
      return "move-wrong-value";
    case Rule::kWrongReversal:
      return "move-wrong-reversal";
    case Rule::kWrongPurchase:
      return "move-wrong-purchase";
    case Rule::kOverdraft:
      return "move-overdraft";
  }
  return "";
}

class Messages {
 public:
  Messages(const read::Moves& moves, Registry& registry, const rules::CheckedPacks& packs)
      : moves_(moves), registry_(registry), packs_(packs) {}

  base::Finding finding(const char* code, base::Severity severity, std::uint32_t row,
                        Bilingual message) const {
    const read::Move& move = moves_.rows[row];
    base::Finding out;
    out.code = code;
    out.severity = severity;
    out.table = "moves";
    out.key = {{"move", std::string(moves_.id(move))}};
    out.place = {moves_.files[move.file].name, move.line, 0};
    out.message = std::move(message);
    return out;
  }

  base::Finding refused(const Refusal& refusal) {
    const read::Move& move = moves_.rows[refusal.row];
    const Bilingual why = reason(refusal, move);
    const std::string id(moves_.id(move));
    const std::string zh = id.empty() ? "此条流水（无流水号）" : "流水 " + id + " ";
    base::Finding out =
        finding(code_of(refusal.rule), base::Severity::kError, refusal.row,
                {fmt::format("move {} is refused: {}", id.empty() ? "without id" : id, why.en),
                 fmt::format("{}被拒绝：{}", zh, why.zh)});
    const std::uint32_t instrument = registry_.instrument(move.instrument);
    const Kind* kind = instrument == kNone || move.date == read::Move::kNoDate
                           ? nullptr
                           : registry_.kind(instrument, move.kind, move.date);
    if (kind != nullptr) out.cite = kind->definition->cite;
    return out;
  }

 private:
  std::string word(std::int32_t index) const { return std::string(moves_.word(index)); }

  Bilingual reason(const Refusal& refusal, const read::Move& move) {
    switch (refusal.rule) {
      case Rule::kIncomplete:
        return incomplete(refusal.detail);
      case Rule::kDuplicateId:
        return {fmt::format("line {} has this id already (each move has an id of its own)",
                            moves_.rows[refusal.other].line),
                fmt::format("第 {} 行已用此流水号（每条流水须有自己的编号）",
                            moves_.rows[refusal.other].line)};
      case Rule::kUnknownInstrument:
        return unknown_instrument(move);
      case Rule::kUnknownKind:
        return unknown_kind(move);
      case Rule::kWrongAccount:
        return wrong_account(refusal.detail, move);
      case Rule::kUnknownAccount:
        return unknown_account(refusal.detail == 1 ? move.to : move.from);
      case Rule::kWrongQuantity:
      case Rule::kWrongPrice:
        return wrong_amount(refusal.detail, move);
      case Rule::kUnknownLot:
        return unknown_lot(refusal, move);
      case Rule::kWrongLot:
        return wrong_lot(move);
      case Rule::kOutsideValidity:
        return outside_validity(refusal, move);
      case Rule::kWrongValue:
        return wrong_value(refusal.detail, move);
      case Rule::kWrongReversal:
        return wrong_reversal(refusal, move);
      case Rule::kWrongPurchase:
        return wrong_purchase(refusal, move);
      case Rule::kOverdraft:
        return overdraft(refusal);
    }
    return {};
  }

  static Bilingual incomplete(int detail) {
    static const Bilingual kNames[] = {{"id", "流水号 id"},
                                       {"date", "日期 date"},
                                       {"kind", "业务类型 kind"},
                                       {"instrument", "工具 instrument"},
                                       {"quantity", "数量 quantity"}};
    const Bilingual& name = kNames[detail];
    return {fmt::format("it has no {} (write one)", name.en),
            fmt::format("缺少{}（请填写）", name.zh)};
  }

  static Bilingual unknown(const char* en, const char* zh, const std::string& name,
                           const std::vector<std::string>& known) {
    const std::string near = base::nearest_name(name, known);
    if (near.empty())
      return {fmt::format("no {} \"{}\"", en, name), fmt::format("没有{}“{}”", zh, name)};
    return {fmt::format("no {} \"{}\" (did you mean \"{}\"?)", en, name, near),
            fmt::format("没有{}“{}”（是否指“{}”？）", zh, name, near)};
  }

  Bilingual unknown_instrument(const read::Move& move) const {
    std::vector<std::string> known;
    for (const rules::CheckedInstrument& one : packs_.instruments) known.push_back(one.name);
    return unknown("instrument", "工具", word(move.instrument), known);
  }

  Bilingual unknown_kind(const read::Move& move) const {
    const std::uint32_t instrument = registry_.instrument(move.instrument);
    const Bilingual none = unknown("kind of move", "业务类型", word(move.kind),
                                   registry_.kind_names(instrument, move.date));
    const std::string name = word(move.instrument), day = base::Date(move.date).to_string();
    return {none.en + " for " + name + " on " + day, name + " 于 " + day + " " + none.zh};
  }

  Bilingual wrong_account(int detail, const read::Move& move) const {
    if (detail == kNoHolder)
      return {fmt::format("\"{}\" needs a holder in \"from\" or \"to\" where the pack says entity",
                          word(move.kind)),
              fmt::format("“{}”的 from 或 to 须写明持有人", word(move.kind))};
    if (detail == kNotSame)
      return {fmt::format("\"{}\" stays with one holder, but names {} and {}", word(move.kind),
                          word(move.from), word(move.to)),
              fmt::format("“{}”须在同一持有人内进行，却写了 {} 与 {}", word(move.kind),
                          word(move.from), word(move.to))};
    if (detail == kNowhere)
      return {fmt::format("it leaves and reaches the same account of {}", shown(move.from)),
              fmt::format("转出与转入为 {} 的同一账户", shown(move.from))};
    return {fmt::format("\"{}\" goes from {} to {}, which does not fit the kind's roles (leave the "
                        "side of a role empty)",
                        word(move.kind), shown(move.from), shown(move.to)),
            fmt::format("“{}”由 {} 至 {}，与该业务类型的角色不符（角色一侧请留空）",
                        word(move.kind), shown(move.from), shown(move.to))};
  }

  std::string shown(std::int32_t index) const { return index < 0 ? "—" : word(index); }

  Bilingual unknown_account(std::int32_t holder) const {
    constexpr std::size_t kNamesTried = 2000;
    return unknown("account", "账户", word(holder), registry_.holder_names(kNamesTried));
  }

  std::string written(const read::MoveNumber& number) const {
    if (number.places == read::MoveNumber::kEmpty) return "";
    if (number.places == read::MoveNumber::kLong)
      return moves_.long_numbers[static_cast<std::size_t>(number.mantissa)].to_string();
    return exact::decimal_text(exact::Number::scaled(number.mantissa, number.places),
                               number.places);
  }

  Bilingual wrong_amount(int detail, const read::Move& move) const {
    const std::uint32_t index = registry_.instrument(move.instrument);
    const rules::CheckedInstrument* of =
        index == kNone ? &packs_.instruments.front() : registry_.book(index).instrument;
    const std::string quantity = written(move.quantity), price = written(move.price);
    switch (detail) {
      case kNotPositive:
        return {fmt::format("the quantity {} is not above zero (from and to say the direction)",
                            quantity),
                fmt::format("数量 {} 不大于零（方向由 from、to 表示）", quantity)};
      case kTooLarge:
        return {fmt::format("the quantity {} is larger than any registry holds", quantity),
                fmt::format("数量 {} 过大", quantity)};
      case kOtherUnit:
        return {fmt::format("the heading's unit is none of {} ({})", of->name, of->unit.text),
                fmt::format("表头单位不适用于 {}（{}）", of->name, of->unit.text)};
      case kNoPrice:
        return {fmt::format("\"{}\" has a price, and here is none", word(move.kind)),
                fmt::format("“{}”须有单价，此处为空", word(move.kind))};
      case kPriceGiven:
        return {fmt::format("\"{}\" has no price, and here is {} (leave it empty)", word(move.kind),
                            price),
                fmt::format("“{}”没有单价，此处却写了 {}（请留空）", word(move.kind), price)};
      case kPriceNegative:
        return {fmt::format("the price {} is below zero", price),
                fmt::format("单价 {} 为负", price)};
      default:
        return {fmt::format("the quantity {} is no multiple of the step of {}, {} {}", quantity,
                            of->name, of->step.to_string(), of->unit.text),
                fmt::format("数量 {} 不是 {} 步长 {} {} 的整数倍", quantity, of->name,
                            of->step.to_string(), of->unit.text)};
    }
  }

  Bilingual unknown_lot(const Refusal& refusal, const read::Move& move) {
    if (refusal.detail == kNoLot)
      return {fmt::format("it names no lot of {}", word(move.instrument)),
              fmt::format("未写明 {} 的批次", word(move.instrument))};
    const std::uint32_t instrument = registry_.instrument(move.instrument);
    std::vector<std::string> known;
    for (const Lot& lot : registry_.lots()) {
      if (lot.known && lot.instrument == instrument) known.push_back(word(lot.word));
    }
    Bilingual out = unknown("lot", "批次", word(move.lot), known);
    out.zh = word(move.instrument) + " " + out.zh;
    const Lot& lot = registry_.lot_at(refusal.lot);
    if (refusal.detail == kNotListed) {
      out.en += fmt::format(" of {} in the table lot", word(move.instrument));
      out.zh += "（表 lot 中未列）";
    } else if (lot.begun_by != kNone) {
      const read::Move& first = moves_.rows[lot.begun_by];
      const std::string day = base::Date(first.date).to_string();
      out = {fmt::format("the lot {} of {} begins only on {} with move {}", word(move.lot),
                         word(move.instrument), day, moves_.id(first)),
             fmt::format("{} 的批次 {} 自 {} 的流水 {} 才开始", word(move.instrument),
                         word(move.lot), day, moves_.id(first))};
    } else {
      out.en +=
          fmt::format(" of {}: a lot begins with a move from the issuer", word(move.instrument));
      out.zh += "：批次始于签发方的流水";
    }
    return out;
  }

  Bilingual wrong_lot(const read::Move& move) {
    const std::uint32_t instrument = registry_.instrument(move.instrument);
    const Kind* kind = registry_.kind(instrument, move.kind, move.date);
    const std::string list = fmt::format("{}", fmt::join(*kind->definition->lots, ", "));
    return {fmt::format("\"{}\" takes the lots {}, not {}", word(move.kind), list, word(move.lot)),
            fmt::format("“{}”只适用于批次 {}，不含 {}", word(move.kind), list, word(move.lot))};
  }

  Bilingual outside_validity(const Refusal& refusal, const read::Move& move) {
    const Lot& lot = registry_.lot_at(refusal.lot);
    const std::string day = base::Date(move.date).to_string();
    const bool early = refusal.detail == 0;
    const std::string bound = (early ? lot.valid_from : lot.valid_to)->to_string();
    return {fmt::format("{} is {} the lot {} is valid ({} {})", day, early ? "before" : "after",
                        word(lot.word), early ? "from" : "to", bound),
            fmt::format("{} 不在批次 {} 的有效期内（{} {}）", day, word(lot.word),
                        early ? "起" : "止", bound)};
  }

  Bilingual wrong_value(int column, const read::Move& move) const {
    const rules::CheckedTable& flow =
        packs_.tables[static_cast<std::size_t>(*packs_.table("flow"))];
    const read::MoveColumn& of = moves_.columns[static_cast<std::size_t>(column)];
    const std::string& name = flow.columns[static_cast<std::size_t>(of.column)].name;
    const auto row = static_cast<std::size_t>(&move - moves_.rows.data());
    if (!of.cells.has_value(row))
      return {fmt::format("\"{}\" needs a value in column {}", word(move.kind), name),
              fmt::format("“{}”须填写列 {}", word(move.kind), name)};
    return {
        fmt::format("column {} holds a value outside the range of \"{}\"", name, word(move.kind)),
        fmt::format("列 {} 的值超出“{}”允许的范围", name, word(move.kind))};
  }

  Bilingual wrong_reversal(const Refusal& refusal, const read::Move& move) {
    const std::string ref(moves_.ref(move));
    switch (refusal.detail) {
      case kNoMoveNamed:
        return {"a reversal names in \"ref\" the move that it takes back",
                "冲销须在 ref 中写明被冲销的流水"};
      case kNoSuchMove:
        return {fmt::format("it takes back {}, and there is no such move", ref),
                fmt::format("要冲销的流水 {} 不存在", ref)};
      case kNotPosted:
        return {fmt::format("it takes back {}, which is not posted", ref),
                fmt::format("要冲销的流水 {} 未入账", ref)};
      case kOfReversal:
        return {
            fmt::format("{} is a reversal itself, and a reversal is not reversed (make the move "
                        "anew)",
                        ref),
            fmt::format("{} 本身是冲销，冲销不得再冲销（请重新登记原业务）", ref)};
      case kOtherMembers:
        return {fmt::format("its instrument, lot, from or to is not that of {} (leave them empty)",
                            ref),
                fmt::format("其工具、批次、from 或 to 与 {} 不同（请留空）", ref)};
      default:
        break;
    }
    const InstrumentBook& book = registry_.book(registry_.lots()[refusal.lot].instrument);
    const std::string unit = book.instrument->unit.text;
    return {
        fmt::format("{} {} of {} are left to take back, not {}", amount_text(book, refusal.held),
                    unit, ref, amount_text(book, refusal.amount)),
        fmt::format("{} 尚可冲销 {} {}，不足 {}", ref, amount_text(book, refusal.held), unit,
                    amount_text(book, refusal.amount))};
  }

  Bilingual wrong_purchase(const Refusal& refusal, const read::Move& move) {
    const std::string ref(moves_.ref(move));
    if (refusal.detail == kNoPurchase)
      return {fmt::format("units of {} leave by purchase: \"ref\" names it", word(move.instrument)),
              fmt::format("{} 按指定批次出库：须在 ref 中写明购入流水", word(move.instrument))};
    const InstrumentBook& book = registry_.book(registry_.lots()[refusal.lot].instrument);
    const std::string unit = book.instrument->unit.text;
    return {fmt::format("of purchase {} there are {} {}, and {} are to leave", ref,
                        amount_text(book, refusal.held), unit, amount_text(book, refusal.amount)),
            fmt::format("购入流水 {} 尚有 {} {}，不足 {}", ref, amount_text(book, refusal.held),
                        unit, amount_text(book, refusal.amount))};
  }

  Bilingual overdraft(const Refusal& refusal) {
    const Account& account = registry_.account_at(refusal.account);
    const Lot& lot = registry_.lots()[account.lot];
    const InstrumentBook& book = registry_.book(lot.instrument);
    const Side& side = registry_.side_of(account);
    const std::string what =
        book.instrument->name + (lot.word < 0 ? "" : " " + word(lot.word)) + " (" + side.name + ")";
    const std::string who = account.holder < 0 ? side.name : word(account.holder);
    const std::string unit = book.instrument->unit.text;
    return {
        fmt::format("{} holds {} {} of {}, and {} are to leave", who,
                    amount_text(book, refusal.held), unit, what, amount_text(book, refusal.amount)),
        fmt::format("{} 持有 {} {} {}，不足转出 {}", who, what, amount_text(book, refusal.held),
                    unit, amount_text(book, refusal.amount))};
  }

  const read::Moves& moves_;
  Registry& registry_;
  const rules::CheckedPacks& packs_;
};

base::Finding counted(const char* code, base::Severity severity, std::string en, std::string zh) {
  base::Finding out;
  out.code = code;
  out.severity = severity;
  out.table = "moves";
  out.message = {std::move(en), std::move(zh)};
  return out;
}

}  // namespace

std::string amount_text(const InstrumentBook& book, Amount amount) {
  const std::int32_t places = book.instrument->step_places;
  return exact::decimal_text(number_of(amount) * exact::Number::power_of_ten(-places), places);
}

void report_refusals(const Posted& posted, const read::Moves& moves, Registry& registry,
                     const rules::CheckedPacks& packs, base::Findings& findings) {
  Messages messages(moves, registry, packs);
  for (const Refusal& one : posted.refusals) {
    if (&one - posted.refusals.data() >= static_cast<std::ptrdiff_t>(kRefusalsMax)) break;
    findings.push_back(messages.refused(one));
  }
  if (posted.refusals.size() > kRefusalsMax) {
    const std::size_t rest = posted.refusals.size() - kRefusalsMax;
    findings.push_back(counted("more-moves-refused", base::Severity::kError,
                               fmt::format("{} more moves are refused (mend these first)", rest),
                               fmt::format("另有 {} 条流水被拒绝（请先改正以上问题）", rest)));
  }
  std::size_t told = 0;
  for (const Warning& one : posted.warnings) {
    if (++told > kRefusalsMax) break;
    const rules::CheckedTable& flow = packs.tables[static_cast<std::size_t>(*packs.table("flow"))];
    const auto column = static_cast<std::size_t>(moves.columns[one.column].column);
    const std::string& name = flow.columns[column].name;
    base::Finding finding = messages.finding(
        "move-value-set-aside", base::Severity::kWarning, one.row,
        {fmt::format("\"{}\" has no column {}: its value is set aside",
                     moves.word(moves.rows[one.row].kind), name),
         fmt::format("“{}”没有列 {}，其值不予采用", moves.word(moves.rows[one.row].kind), name)});
    finding.column = name;
    findings.push_back(std::move(finding));
  }
  if (posted.after_as_of == 0) return;
  const std::string day = packs.as_of.to_string();
  findings.push_back(counted("moves-after-as-of", base::Severity::kInfo,
                             fmt::format("{} moves after {} are left out", posted.after_as_of, day),
                             fmt::format("{} 之后的 {} 条流水未计入", day, posted.after_as_of)));
}

}  // namespace qz::settle
