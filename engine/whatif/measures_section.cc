// Measures, as they are shown: the curve, the answers, and what each answer rests on.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "compute/cell_text.h"
#include "exact/decimal.h"
#include "exact/rounding.h"
#include "whatif/result_sections.h"

namespace qz::whatif {
namespace {

using exact::Number;

std::string text_of(const Number& v) { return compute::number_text(v); }

std::string six_digits(const Number& v) {
  const exact::RoundingRule rule{6, exact::Rounding::kHalfEven, true};
  const Number rounded = exact::round(v, rule);
  return exact::decimal_text(rounded, exact::places_after(rounded, rule));
}

// A lower bound: exact, or (the solver's) six digits, rounded towards less.
std::string bound_text(const Best& best) {
  if (!best.cost_at_least) return "";
  if (!best.bound_by_solver) return text_of(*best.cost_at_least);
  const bool negative = best.cost_at_least->sign() < 0;
  const exact::RoundingRule rule{6, negative ? exact::Rounding::kUp : exact::Rounding::kDown, true};
  const Number rounded = exact::round(*best.cost_at_least, rule);
  return exact::decimal_text(rounded, exact::places_after(rounded, rule));
}

SectionCell yes_or_no(bool yes) {
  return yes ? SectionCell("true", {"yes", "是"}) : SectionCell("false", {"no", "否"});
}

// Figures in the sense in which they are written: a level that should be large is kept as its
// negative inside.
class Words {
 public:
  explicit Words(const MeasuresResult& result) : result_(result) {}

  std::string level(const Truth& truth) const {
    if (!truth.known) return "";
    return text_of(result_.level_grows ? -truth.level : truth.level);
  }
  std::string effect(const Truth& truth) const {
    return truth.known ? text_of(result_.base.level - truth.level) : "";
  }
  std::string ids(const Choice& choice) const {
    std::string out;
    for (const std::uint32_t c : choice) {
      out += (out.empty() ? "" : " ") + result_.candidates.list[c].id;
    }
    return out;
  }
  // Of each condition that does not hold: by how much.
  std::string shortfalls(const Truth& truth) const {
    std::string out;
    for (std::size_t g = 0; g < truth.shortfalls.size(); ++g) {
      if (truth.shortfalls[g].sign() <= 0) continue;
      out += (out.empty() ? "" : "; ") + text_of(truth.shortfalls[g]) + " " +
             result_.condition_units[g].text;
    }
    return out;
  }
  std::string money(const Number& v) const {
    return result_.money.text == "1" ? text_of(v) : text_of(v) + " " + result_.money.text;
  }

 private:
  const MeasuresResult& result_;
};

SectionCell taken_word(const CurveStep& step) {
  switch (step.not_taken) {
    case NotTaken::kNo:
      return {"taken", {"taken", "采用"}};
    case NotTaken::kNoEffect:
      return {"no-effect", {"no effect alone", "单独无效果"}};
    case NotTaken::kExcluded:
      return {"excluded", {"excluded", "被排斥"}};
    case NotTaken::kWith:
      return {"with-another", {"with another", "随其他采用"}};
  }
  return {""};
}

SectionTable curve_table(const MeasuresResult& result) {
  const Words words(result);
  const std::string& unit = result.level_unit.text;
  const std::string& money = result.money.text;
  SectionTable out{{"curve", {"cost curve", "成本曲线"}}, {}, {}};
  const auto column = [&](const char* code, const char* en, const char* zh, std::string in = "") {
    const std::string tail = in.empty() || in == "1" ? "" : " [" + in + "]";
    out.columns.push_back({code, {en + tail, zh + tail}});
  };
  column("measure", "measure", "措施");
  column("cost", "cost", "费用", money);
  column("alone", "effect alone", "单独效果", unit);
  column("cost_per_unit", "cost per unit", "单位成本", money + "/" + unit);
  column("taken", "in turn", "依次");
  column("total_cost", "total cost", "累计费用", money);
  column("claimed", "sum of effects alone", "单独效果之和", unit);
  column("effect", "effect together", "共同效果", unit);
  column("interaction", "interaction", "相互作用", unit);
  column("level", result.level_name.c_str(), result.level_name.c_str(), unit);
  if (!result.conditions.empty()) column("reached", "target reached", "达到目标");
  for (const CurveStep& step : result.curve) {
    const Candidate& candidate = result.candidates.list[step.candidate];
    const bool taken = step.not_taken == NotTaken::kNo;
    const bool known = taken && step.truth.known;
    const Number interaction = result.base.level - step.truth.level - step.alone_sum;
    std::vector<SectionCell> row = {{candidate.id},
                                    {text_of(candidate.cost)},
                                    {step.alone_known ? text_of(step.alone) : ""},
                                    {step.cost_per_unit ? six_digits(*step.cost_per_unit) : ""},
                                    taken_word(step),
                                    {taken ? text_of(step.cost) : ""},
                                    {taken ? text_of(step.alone_sum) : ""},
                                    {taken ? words.effect(step.truth) : ""},
                                    {known ? text_of(interaction) : ""},
                                    {taken ? words.level(step.truth) : ""}};
    if (!result.conditions.empty()) {
      row.push_back(known ? yes_or_no(step.truth.reached) : SectionCell(""));
    }
    out.rows.push_back(std::move(row));
  }
  return out;
}

SectionTable answers_table(const MeasuresResult& result) {
  const Words words(result);
  SectionTable out{{"answers", {"answers", "结果"}},
                   {{"question", {"question", "问题"}},
                    {"choice", {"measures", "措施"}},
                    {"cost", {"cost", "费用"}},
                    {"effect", {"effect", "效果"}},
                    {"level", {result.level_name, result.level_name}},
                    {"reached", {"target reached", "达到目标"}},
                    {"proven", {"proven", "已证明"}},
                    {"method", {"method", "方法"}},
                    {"asked", {"choices asked", "询问的组合数"}},
                    {"cost_at_least", {"no other below", "费用下界"}}},
                   {}};
  const auto add = [&](SectionCell question, const Best& best) {
    const bool found = best.choice.has_value();
    out.rows.push_back(
        {std::move(question),
         {found ? words.ids(*best.choice) : ""},
         {found ? text_of(best.cost) : ""},
         {found ? words.effect(best.truth) : ""},
         {found ? words.level(best.truth) : ""},
         result.conditions.empty() ? SectionCell("") : yes_or_no(found && best.truth.reached),
         yes_or_no(best.proven),
         best.by_solver ? SectionCell("solver", {"solver", "求解器"})
                        : SectionCell("enumeration", {"enumeration", "枚举"}),
         {std::to_string(best.asked)},
         {bound_text(best)}});
  };
  if (result.cheapest) {
    add({"least-cost", {"least cost to the target", "达到目标的最低费用"}}, *result.cheapest);
  }
  if (result.strongest) {
    add({"best-effect", {"best effect within the budget", "预算内的最大效果"}}, *result.strongest);
  }
  return out;
}

base::Bilingual supposed(const MeasuresResult& result) {
  if (!result.at_most_additive) return {};
  return {
      "Supposing, as the file does, that measures together do no more than the sum of what "
      "each does alone.",
      "依文件假设：多项措施的共同效果不超过各自单独效果之和。"};
}

base::Bilingual of_cheapest(const MeasuresResult& result, const Best& best) {
  const Words words(result);
  if (best.choice && best.proven) {
    return {fmt::format("{} is the least cost: every allowed choice that costs less was ruled out "
                        "({} were asked).",
                        words.money(best.cost), best.asked),
            fmt::format("{} 为最低费用：所有费用更低的允许组合均已排除（共询问 {} 个）。",
                        words.money(best.cost), best.asked)};
  }
  if (best.choice) {
    return {
        fmt::format("The choice reaches the target; that none is cheaper is not proven ({} were "
                    "asked).",
                    best.asked),
        fmt::format("该组合达到目标；尚未证明没有更便宜的组合（共询问 {} 个）。", best.asked)};
  }
  std::string near_en, near_zh;
  if (best.nearest) {
    const std::string lacks = words.shortfalls(best.nearest_truth);
    const std::string ids = best.nearest->empty() ? "-" : words.ids(*best.nearest);
    near_en = fmt::format(" The nearest is {}, which lacks {}.", ids, lacks);
    near_zh = fmt::format("最接近的是 {}，仍差 {}。", ids, lacks);
  }
  const char* const within_en = result.budget_names.empty() ? "" : " within the budget";
  const char* const within_zh = result.budget_names.empty() ? "" : "在预算内";
  if (best.proven) {
    return {fmt::format("The target is out of reach{}: no allowed choice reaches it ({} were "
                        "asked).{}",
                        within_en, best.asked, near_en),
            fmt::format("目标{}无法达到：没有允许的组合能达到（共询问 {} 个）。{}", within_zh,
                        best.asked, near_zh)};
  }
  return {fmt::format("No choice that reaches the target{} was found among {} that were asked; "
                      "that there is none is not proven.{}",
                      within_en, best.asked, near_en),
          fmt::format("在询问的 {} 个组合中{}没有找到达到目标的组合；尚未证明不存在。{}",
                      best.asked, within_zh, near_zh)};
}

// What the lower bound of the costs rests on.
base::Bilingual of_bound(const Best& best) {
  if (best.proven || !best.cost_at_least) return {};
  const std::string bound = bound_text(best);
  if (!best.bound_by_solver) {
    return {
        fmt::format("No choice that costs less than {} reaches the target: all were asked.", bound),
        fmt::format("费用低于 {} 的组合均已询问，无一达到目标。", bound)};
  }
  return {
      fmt::format("If effects together are at most their sum, none costs less than {}; this "
                  "bound is the solver's, in binary floating point.",
                  bound),
      fmt::format("若共同效果不超过单独效果之和，则费用不低于 {}；该下界由求解器以二进制浮点给出。",
                  bound)};
}

base::Bilingual of_strongest(const Best& best) {
  if (best.proven) {
    return {fmt::format("No allowed choice has a better effect ({} were asked).", best.asked),
            fmt::format("没有允许的组合效果更好（共询问 {} 个）。", best.asked)};
  }
  return {fmt::format("That no allowed choice has a better effect is not proven ({} were asked).",
                      best.asked),
          fmt::format("尚未证明没有效果更好的组合（共询问 {} 个）。", best.asked)};
}

}  // namespace

Section measures_section(const MeasuresResult& result) {
  const Words words(result);
  Section out{{"measures", {"measures", "减排措施"}}, {}, {}, {}};
  out.facts.push_back({{"of", {"of", "对象"}}, {result.level_name}});
  out.facts.push_back({{"unit", {"unit", "单位"}}, {result.level_unit.text}});
  out.facts.push_back({{"base", {"base", "基准"}}, {words.level(result.base)}});
  for (const std::string& condition : result.conditions) {
    out.facts.push_back({{"target", {"target", "目标"}}, {condition}});
  }
  if (result.base.shortfalls.size() > 0) {
    out.facts.push_back(
        {{"shortfall", {"base lacks", "基准差额"}}, {words.shortfalls(result.base)}});
  }
  for (std::size_t k = 0; k < result.budget_names.size(); ++k) {
    const std::string& name = result.budget_names[k];
    const bool whole = name == kWholeCycle;
    out.facts.push_back({{"budget_" + name,
                          {whole ? "budget" : "budget " + name, whole ? "预算" : name + " 年预算"}},
                         {words.money(result.candidates.budgets[k])}});
  }
  out.tables.push_back(curve_table(result));
  out.tables.push_back(answers_table(result));
  const auto remark = [&](base::Bilingual text) {
    if (!text.en.empty()) out.remarks.push_back(std::move(text));
  };
  remark(supposed(result));
  if (result.cheapest) {
    remark(of_cheapest(result, *result.cheapest));
    remark(of_bound(*result.cheapest));
  }
  if (result.strongest) remark(of_strongest(*result.strongest));
  return out;
}

}  // namespace qz::whatif
