// Uncertainty, as it is shown: the sources, both approaches side by side, and where it comes from.

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
using exact::Rounding;
using exact::RoundingRule;

constexpr int kPercentPlaces = 3;
constexpr int kDigitsShown = 4;  // significant ones of a deviation
constexpr int kPlacesMax = 30;

std::string with_places(const Number& v, std::int32_t places) {
  return exact::decimal_text(exact::round(v, {places, Rounding::kHalfEven, false}), places);
}

std::string percent(const Number& share) {
  return with_places(share * Number(100), kPercentPlaces);
}

// In percent of |whole|; "" where that is zero.
std::string percent_of(const Number& part, const Number& whole) {
  return whole.is_zero() ? "" : percent(part / whole.abs());
}

// Digits after the point of a value that a rule has rounded; kPlacesMax where they have no end.
std::int32_t places_of(const Number& v) {
  Number scaled = v;
  for (std::int32_t places = 0; places < kPlacesMax; ++places) {
    if (scaled.is_integer()) return places;
    scaled = scaled * Number(10);
  }
  return kPlacesMax;
}

std::int32_t places_for(const Number& base, const Number& spread) {
  const RoundingRule rule{kDigitsShown, Rounding::kHalfEven, true};
  const std::int32_t own =
      spread.is_zero() ? 0 : exact::places_after(exact::round(spread, rule), rule);
  const std::int32_t of_base = places_of(base);
  return std::max(own, of_base == kPlacesMax ? 0 : of_base);
}

SectionTable sources_table(const UncertaintyResult& result) {
  SectionTable out{{"sources", {"sources", "不确定来源"}},
                   {{"source", {"source", "来源"}},
                    {"shape", {"distribution", "分布"}},
                    {"half_width", {"half-width", "半宽"}},
                    {"draws", {"draws a sample", "每样本抽样数"}},
                    {"touched", {"touched", "触及"}},
                    {"cut_off_percent", {"cut off [%]", "截去 [%]"}}},
                   {}};
  for (const UncertainSourceSummary& source : result.sources) {
    const RoundingRule rule{6, Rounding::kHalfEven, true};
    const Number half = exact::round(source.half_width, rule);
    static const base::Bilingual kShapes[] = {
        {"normal", "正态"}, {"lognormal", "对数正态"}, {"uniform", "均匀"}, {"triangular", "三角"}};
    out.rows.push_back(
        {{source.name},
         {std::string(shape_name(source.shape)), kShapes[static_cast<std::size_t>(source.shape)]},
         {source.relative
              ? percent(source.half_width) + " %"
              : exact::decimal_text(half, exact::places_after(half, rule)) + " " + source.unit},
         {std::to_string(source.draws)},
         {std::to_string(source.touched)},
         {source.cut_off.is_zero() ? "" : percent(source.cut_off)}});
  }
  return out;
}

SectionTable targets_table(const UncertaintyResult& result) {
  SectionTable out{{"targets", {"uncertainty", "不确定度"}},
                   {{"target", {"target", "对象"}},
                    {"unit", {"unit", "单位"}},
                    {"base", {"base", "基准"}},
                    {"half_width", {"± propagated", "± 误差传播"}},
                    {"half_width_percent", {"± propagated [%]", "± 误差传播 [%]"}}},
                   {}};
  if (result.samples > 0) {
    for (const auto& [code, en, zh] :
         {std::tuple("mean", "mean", "均值"), std::tuple("deviation", "deviation", "标准差")}) {
      out.columns.push_back({code, {en, zh}});
    }
    for (const WrittenPercentile& p : result.percentiles) {
      out.columns.push_back({"p" + p.text, {p.text + " %", p.text + " %"}});
    }
    out.columns.push_back({"moved_percent", {"moved [%]", "变动 [%]"}});
    out.columns.push_back({"explained_percent", {"explained [%]", "线性解释 [%]"}});
    out.columns.push_back({"failed", {"without a value", "无值样本"}});
  }
  for (const UncertainTarget& target : result.targets) {
    const Propagated& p = target.propagated;
    const std::int32_t places = places_for(p.base, p.half_width);
    std::vector<SectionCell> row = {{target.name},
                                    {target.unit.text},
                                    {p.known ? compute::number_text(p.base) : ""},
                                    {p.known ? with_places(p.half_width, places) : ""},
                                    {p.known ? percent_of(p.half_width, p.base) : ""}};
    if (result.samples > 0) {
      const Simulated& s = *target.simulated;
      const bool known = s.failed == 0;
      const std::int32_t simulated_places =
          known ? places_for(s.percentiles.empty() ? p.base : s.percentiles.front(), s.deviation)
                : 0;
      row.push_back({known ? with_places(s.mean, simulated_places) : ""});
      row.push_back({known ? with_places(s.deviation, simulated_places) : ""});
      for (std::size_t i = 0; i < result.percentiles.size(); ++i) {
        row.push_back({known ? compute::number_text(s.percentiles[i]) : ""});
      }
      row.push_back({known && s.moved ? percent(*s.moved) : ""});
      row.push_back({known && p.known ? percent(s.explained) : ""});
      row.push_back({std::to_string(s.failed)});
    }
    out.rows.push_back(std::move(row));
  }
  return out;
}

SectionTable contributions_table(const UncertaintyResult& result) {
  SectionTable out{{"contributions", {"contribution to variance", "方差贡献"}},
                   {{"target", {"target", "对象"}},
                    {"source", {"source", "来源"}},
                    {"propagated_percent", {"propagated [%]", "误差传播 [%]"}}},
                   {}};
  if (result.samples > 0) {
    out.columns.push_back({"simulated_percent", {"simulated [%]", "模拟 [%]"}});
  }
  for (const UncertainTarget& target : result.targets) {
    const Propagated& p = target.propagated;
    const Number whole = p.half_width * p.half_width;
    for (std::size_t s = 0; s < result.sources.size(); ++s) {
      std::vector<SectionCell> row = {{target.name},
                                      {result.sources[s].name},
                                      {p.known ? percent_of(p.source_squares[s], whole) : ""}};
      if (result.samples > 0) {
        const bool known = p.known && target.simulated->failed == 0;
        row.push_back({known ? percent(target.simulated->shares[s]) : ""});
      }
      out.rows.push_back(std::move(row));
    }
  }
  return out;
}

void add_remarks(const UncertaintyResult& result, Section& out) {
  const auto remark = [&](std::string en, std::string zh) {
    out.remarks.push_back({std::move(en), std::move(zh)});
  };
  for (const UncertainSourceSummary& source : result.sources) {
    if (!source.wide) continue;
    remark(fmt::format("{} is uncertain by 30 % or more: error propagation is meant for less; look "
                       "at the samples.",
                       source.name),
           fmt::format("{} 的不确定度不小于 30 %：误差传播适用于更小的不确定度，请看模拟结果。",
                       source.name));
  }
  for (const UncertainTarget& target : result.targets) {
    if (!target.propagated.known) {
      remark(fmt::format("{} has no value in the base or at an end of a source's interval: its "
                         "uncertainty is not propagated, nor divided among the sources.",
                         target.name),
             fmt::format("{} 在基准或某来源区间端点没有值，未作误差传播，也不分配方差贡献。",
                         target.name));
    }
    if (!target.simulated) continue;
    if (target.simulated->failed > 0) {
      remark(fmt::format("{} has no value in {} of {} samples, so nothing is said of its "
                         "distribution.",
                         target.name, target.simulated->failed, target.simulated->samples),
             fmt::format("{} 在 {} 个样本（共 {} 个）中没有值，不给出其分布。", target.name,
                         target.simulated->failed, target.simulated->samples));
    }
    if (target.simulated->moved && *target.simulated->moved >= Number::ratio(1, 100)) {
      remark(
          fmt::format("{}: its mean or an end of its interval moved by 1 % or more in the second "
                      "half of the samples; take more samples.",
                      target.name),
          fmt::format("{}：后半样本使均值或区间端点变动不小于 1 %，请增加样本数。", target.name));
    }
  }
}

}  // namespace

Section uncertainty_section(const UncertaintyResult& result) {
  Section out{{"uncertainty", {"uncertainty", "不确定度"}}, {}, {}, {}};
  out.facts.push_back({{"samples", {"samples", "样本数"}}, {std::to_string(result.samples)}});
  if (result.samples > 0) {
    out.facts.push_back({{"seed", {"seed", "种子"}}, {std::to_string(result.seed)}});
    out.facts.push_back({{"generator", {"generator", "随机数发生器"}}, {"Philox4x32-10"}});
  }
  out.tables.push_back(sources_table(result));
  out.tables.push_back(targets_table(result));
  out.tables.push_back(contributions_table(result));
  add_remarks(result, out);
  return out;
}

}  // namespace qz::whatif
