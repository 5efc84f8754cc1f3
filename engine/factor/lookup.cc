// The lookup: the row of a factor table that holds for a key on a day.
//
// In order, as the rule language lays down (§9): the text keys (and all others that are no numbers)
// and the day settle which rows are left, those with the fewest "*" count; then the number keys,
// one after the other, each by its `match`. The reader has refused tables in which two rows could
// tie.

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/assert.h"
#include "factor/factor_table.h"

namespace qz::factor {
namespace {

void put_int(std::string& out, std::int32_t value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out.append(bytes, sizeof bytes);
}

// The length stands before the text, so that no two keys give the same string.
void put_text(std::string& out, std::string_view text) {
  put_int(out, static_cast<std::int32_t>(text.size()));
  out += text;
}

std::int32_t key_id(const KeyValue& value) {
  if (const auto* period = std::get_if<base::Period>(&value)) return period->index;
  if (const auto* date = std::get_if<base::Date>(&value)) return date->days();
  return std::get<bool>(value) ? 1 : 0;
}

}  // namespace

std::string FactorTable::row_group(std::uint32_t row, std::uint64_t stars) const {
  std::string out;
  for (std::size_t key = 0; key < key_fields.size(); ++key) {
    const table::Type type = fields[key_fields[key]].type;
    if (type == table::Type::kNumber || (stars >> key & 1u) != 0) continue;
    const Cell& cell = key_cell(row, key);
    if (type == table::Type::kText) {
      put_text(out, cell.written);
    } else {
      put_int(out, cell.id);
    }
  }
  return out;
}

std::string FactorTable::asked_group(const std::vector<KeyValue>& key, std::uint64_t stars) const {
  std::string out;
  for (std::size_t i = 0; i < key.size(); ++i) {
    const table::Type type = fields[key_fields[i]].type;
    if (type == table::Type::kNumber || (stars >> i & 1u) != 0) continue;
    if (type == table::Type::kText) {
      put_text(out, std::get<std::string_view>(key[i]));
    } else {
      put_int(out, key_id(key[i]));
    }
  }
  return out;
}

bool FactorTable::holds(std::uint32_t row, base::Date day) const {
  const auto& [from, to] = validity_[row];
  return (!from || *from <= day) && (!to || day <= *to);
}

void FactorTable::build_index() {
  for (std::size_t key = 0; key < key_fields.size(); ++key) {
    if (fields[key_fields[key]].type == table::Type::kNumber) number_keys_.push_back(key);
  }
  for (std::uint32_t row = 0; row < row_count(); ++row) {
    std::uint64_t stars = 0;
    for (std::size_t key = 0; key < key_fields.size(); ++key) {
      const bool is_text = fields[key_fields[key]].type == table::Type::kText;
      if (is_text && key_cell(row, key).written == "*") stars |= std::uint64_t{1} << key;
    }
    auto pattern = std::find_if(patterns_.begin(), patterns_.end(),
                                [&](const Pattern& one) { return one.stars == stars; });
    if (pattern == patterns_.end()) pattern = patterns_.insert(pattern, {stars, {}});
    pattern->groups[row_group(row, stars)].push_back(row);
  }
  std::sort(patterns_.begin(), patterns_.end(), [](const Pattern& a, const Pattern& b) {
    return std::pair(std::popcount(a.stars), a.stars) < std::pair(std::popcount(b.stars), b.stars);
  });
  const auto before = [this](std::uint32_t a, std::uint32_t b) {
    for (const std::size_t key : number_keys_) {
      const auto order = key_cell(a, key).number <=> key_cell(b, key).number;
      if (order != 0) return order < 0;
    }
    // An open beginning comes first: an empty optional is less than every date.
    return std::pair(validity_[a].first, a) < std::pair(validity_[b].first, b);
  };
  for (Pattern& pattern : patterns_) {
    for (auto& [key, rows] : pattern.groups) std::sort(rows.begin(), rows.end(), before);
  }
}

// The number keys of one group of rows, settled from the first to the last.
struct FactorTable::Search {
  using Rows = const std::uint32_t*;
  struct Span {
    Rows begin = nullptr;
    Rows end = nullptr;
    bool empty() const { return begin == end; }
  };

  const FactorTable& table;
  const std::vector<KeyValue>& key;
  base::Date day;

  bool any_holds(Span rows) const {
    if (!table.dated) return !rows.empty();
    return std::any_of(rows.begin, rows.end,
                       [&](std::uint32_t row) { return table.holds(row, day); });
  }

  const exact::Number& value(std::uint32_t row, std::size_t level) const {
    return table.key_cell(row, table.number_keys_[level]).number;
  }

  // The rows whose key of `level` is x. Precondition: the keys before it are equal in `rows`.
  Span equal(Span rows, std::size_t level, const exact::Number& x) const {
    const auto below = [&](std::uint32_t row) { return value(row, level) < x; };
    const auto not_above = [&](std::uint32_t row) { return value(row, level) <= x; };
    Rows first = std::partition_point(rows.begin, rows.end, below);
    return {first, std::partition_point(first, rows.end, not_above)};
  }

  // The nearest rows before (after) a place that hold on the day; empty if there are none.
  Span nearest_below(Span rows, std::size_t level) const {
    while (!rows.empty()) {
      const Span last = equal(rows, level, value(rows.end[-1], level));
      if (any_holds(last)) return last;
      rows.end = last.begin;
    }
    return {};
  }
  Span nearest_above(Span rows, std::size_t level) const {
    while (!rows.empty()) {
      const Span first = equal(rows, level, value(rows.begin[0], level));
      if (any_holds(first)) return first;
      rows.begin = first.end;
    }
    return {};
  }

  // Adds what `rows` give, each with its part of `weight`.
  table::State settle(Span rows, std::size_t level, const exact::Number& weight,
                      Found& found) const {
    if (level == table.number_keys_.size()) return take(rows, weight, found);
    const std::size_t position = table.number_keys_[level];
    const exact::Number& x = std::get<exact::Number>(key[position]);
    const Span same = equal(rows, level, x);
    if (any_holds(same)) return settle(same, level + 1, weight, found);
    const Match match = table.fields[table.key_fields[position]].match;
    if (match == Match::kExact) return table::State::kMissingFactor;
    const Span low =
        match == Match::kUpTo ? Span{} : nearest_below({rows.begin, same.begin}, level);
    const Span high = match == Match::kFrom ? Span{} : nearest_above({same.end, rows.end}, level);
    if (match == Match::kFrom && !low.empty()) return settle(low, level + 1, weight, found);
    if (match == Match::kUpTo && !high.empty()) return settle(high, level + 1, weight, found);
    if (low.empty() || high.empty()) return table::State::kOutOfRange;
    const exact::Number& x_low = value(low.begin[0], level);
    const exact::Number share = (x - x_low) / (value(high.begin[0], level) - x_low);
    const table::State state = settle(low, level + 1, weight * (exact::Number(1) - share), found);
    if (state != table::State::kValue) return state;
    return settle(high, level + 1, weight * share, found);
  }

  // The one row of those with equal keys that holds on the day: their spans do not overlap, so it
  // can only be the last that has begun.
  table::State take(Span rows, const exact::Number& weight, Found& found) const {
    const auto begun = [&](std::uint32_t row) {
      return !table.validity_[row].first || *table.validity_[row].first <= day;
    };
    Rows after = table.dated ? std::partition_point(rows.begin, rows.end, begun) : rows.end;
    if (after == rows.begin || !table.holds(after[-1], day)) return table::State::kMissingFactor;
    found.rows.push_back({after[-1], weight});
    return table::State::kValue;
  }
};

Found FactorTable::find(const std::vector<KeyValue>& key, base::Date day) const {
  QZ_ASSERT(key.size() == key_fields.size());
  Found found;
  const Search search{*this, key, day};
  for (const Pattern& pattern : patterns_) {
    const auto group = pattern.groups.find(asked_group(key, pattern.stars));
    if (group == pattern.groups.end()) continue;
    const RowList& rows = group->second;
    const Search::Span all{rows.data(), rows.data() + rows.size()};
    if (!search.any_holds(all)) continue;
    found.state = search.settle(all, 0, exact::Number(1), found);
    if (found.state != table::State::kValue) found.rows.clear();
    return found;
  }
  return found;
}

}  // namespace qz::factor
