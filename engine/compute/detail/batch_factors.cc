// Batch factors: a factor table, read by texts on one day, as an array of numbers.

#include <algorithm>
#include <functional>
#include <numeric>

#include "compute/detail/batch_masks.h"
#include "compute/detail/batch_steps.h"

namespace qz::compute::detail {
namespace {

constexpr std::size_t kIndicesMax = 1u << 16;

std::int32_t greatest_id(const std::vector<std::int32_t>& ids) {
  return ids.empty() ? -1 : *std::max_element(ids.begin(), ids.end());
}

// The texts of a key field, each once, and the place of each id among them.
std::vector<std::string> texts_of(const factor::FactorTable& factors, std::size_t field,
                                  const std::vector<std::int32_t>& ids, FactorKey::Part& part) {
  std::vector<std::string> texts;
  part.places.assign(static_cast<std::size_t>(greatest_id(ids) + 1), -1);
  for (std::size_t row = 0; row < factors.row_count(); ++row) {
    std::int32_t& place = part.places[static_cast<std::size_t>(ids[row])];
    if (place >= 0) continue;
    place = part.count++;
    texts.push_back(factors.text(row, field));
  }
  return texts;
}

std::vector<std::uint32_t> rows_for(const factor::FactorTable& factors,
                                    const std::vector<factor::KeyValue>& values, base::Date day) {
  std::vector<std::uint32_t> out;
  const factor::Found found = factors.find(values, day);
  if (found.state != table::State::kValue) return out;
  for (const factor::WeightedRow& one : found.rows) out.push_back(one.row);
  return out;
}

// The rows for every combination of texts, the last of them fastest.
using RowsOfTexts = std::vector<std::vector<std::uint32_t>>;

RowsOfTexts rows_on(const factor::FactorTable& factors,
                    const std::vector<std::vector<std::string>>& texts, std::size_t combinations,
                    base::Date day) {
  RowsOfTexts out;
  for (std::size_t at = 0; at < combinations; ++at) {
    std::vector<factor::KeyValue> values(texts.size());
    std::size_t rest = at;
    for (std::size_t k = texts.size(); k-- > 0; rest /= texts[k].size())
      values[k] = std::string_view(texts[k][rest % texts[k].size()]);
    out.push_back(rows_for(factors, values, day));
  }
  return out;
}

// Whether periods can be the index of an array, and each be looked up with every text.
bool is_few(base::PeriodKind kind, const base::Cycle& cycle, std::size_t combinations) {
  if (kind < base::PeriodKind::kDay || kind > base::PeriodKind::kYear) return false;
  const std::size_t periods =
      base::periods_between(kind, cycle.first_day(), cycle.last_day()).size();
  return cycle.last_day().days() < static_cast<std::int32_t>(kIndicesMax) &&
         cycle.first_day().days() >= 0 && periods * combinations <= kIndicesMax;
}

// The periods of the cycle as a part of the key: those that find the same rows have one place.
FactorKey::Part times_of(const base::Cycle& cycle, const PeriodInput& period,
                         const std::function<RowsOfTexts(base::Date)>& rows,
                         std::vector<RowsOfTexts>& times) {
  FactorKey::Part out;
  out.input = period.input;
  for (const base::Period& one :
       base::periods_between(period.kind, cycle.first_day(), cycle.last_day())) {
    RowsOfTexts found = rows(base::last_day(one, cycle));
    const auto known = std::find(times.begin(), times.end(), found);
    const auto place = static_cast<std::int32_t>(known - times.begin());
    if (known == times.end()) times.push_back(std::move(found));
    out.places.resize(static_cast<std::size_t>(one.index) + 1, -1);
    out.places.back() = place;
  }
  out.count = static_cast<std::int32_t>(times.size());
  return out;
}

}  // namespace

std::optional<FactorKey> factor_key(const Data& data, std::int32_t factor,
                                    const std::vector<std::int32_t>& inputs, base::Date day,
                                    const std::optional<PeriodInput>& period) {
  const factor::FactorTable& factors = *data.packs.factors[static_cast<std::size_t>(factor)];
  const auto& ids = data.factor_texts[static_cast<std::size_t>(factor)];
  if (inputs.size() != factors.key_fields.size() || inputs.empty()) return std::nullopt;
  FactorKey out;
  out.factor = factor;
  out.day = day;
  std::vector<std::vector<std::string>> texts;
  std::size_t combinations = 1;
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    const std::size_t field = factors.key_fields[k];
    if (factors.fields[field].type != table::Type::kText) return std::nullopt;
    FactorKey::Part& part = out.parts.emplace_back();
    part.input = inputs[k];
    texts.push_back(texts_of(factors, field, ids[field], part));
    const bool starred = std::find(texts[k].begin(), texts[k].end(), "*") != texts[k].end();
    if (starred || texts[k].empty() || part.places.size() > kIndicesMax) return std::nullopt;
    combinations *= texts[k].size();
    if (combinations > kIndicesMax) return std::nullopt;
  }
  std::vector<RowsOfTexts> times;
  const auto rows = [&](base::Date on) { return rows_on(factors, texts, combinations, on); };
  if (period) {
    if (!is_few(period->kind, data.packs.cycle, combinations)) return std::nullopt;
    out.parts.push_back(times_of(data.packs.cycle, *period, rows, times));
  } else {
    times.push_back(rows(day));
  }
  out.size = out.direct() ? out.parts[0].places.size() : combinations * times.size();
  out.rows.resize(out.size);
  for (std::size_t at = 0; at < combinations; ++at) {
    for (std::size_t t = 0; t < times.size(); ++t) {
      std::size_t index = at * times.size() + t;
      if (out.direct()) {
        const auto& places = out.parts[0].places;
        index = static_cast<std::size_t>(
            std::find(places.begin(), places.end(), static_cast<std::int32_t>(at)) -
            places.begin());
      }
      out.rows[index] = times[t][at];
      if (out.rows[index].size() > 1) return std::nullopt;
    }
  }
  return out;
}

std::optional<FactorCells> factor_cells(const Data& data, const FactorKey& key,
                                        std::int32_t field) {
  const factor::FactorTable& factors = *data.packs.factors[static_cast<std::size_t>(key.factor)];
  const auto of = static_cast<std::size_t>(field);
  if (factors.fields[of].type != table::Type::kNumber) return std::nullopt;
  FactorCells out;
  std::int64_t denominator = 1;
  const auto has_value = [&](const std::vector<std::uint32_t>& rows) {
    return !rows.empty() && factors.state(rows[0], of) == table::State::kValue;
  };
  for (const std::vector<std::uint32_t>& rows : key.rows) {
    if (!has_value(rows)) continue;
    const auto one = factors.number(rows[0], of).denominator().to_int64();
    if (!one) return std::nullopt;
    const std::int64_t more = *one / std::gcd(*one, denominator);
    if (__builtin_mul_overflow(denominator, more, &denominator)) return std::nullopt;
  }
  for (const std::vector<std::uint32_t>& rows : key.rows) {
    out.masks.push_back(rows.empty() ? kMaskError : (has_value(rows) ? 0 : kMaskNull));
    out.mantissas.push_back(0);
    if (!has_value(rows)) continue;
    const auto mantissa = factors.number(rows[0], of).scaled_by(denominator);
    if (!mantissa) return std::nullopt;
    out.mantissas.back() = *mantissa;
    out.largest = std::max(out.largest, *mantissa < 0 ? -*mantissa : *mantissa);
  }
  const std::size_t padded = std::max<std::size_t>(key.size + 1, 256);
  out.mantissas.resize(padded, 0);
  out.masks.resize(padded, kMaskError);
  out.scale = exact::Number::ratio(1, denominator);
  return out;
}

}  // namespace qz::compute::detail
