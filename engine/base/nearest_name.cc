// nearest_name: edit distance by the two-row table, cut at lengths nobody types.

#include "base/nearest_name.h"

#include <algorithm>
#include <cctype>
#include <numeric>

namespace qz::base {
namespace {

constexpr std::size_t kLengthMax = 200;

std::string folded(std::string_view text) {
  std::string out(text.substr(0, kLengthMax));
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row.back();
}

}  // namespace

std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates) {
  const std::string wanted = folded(name);
  std::string best;
  std::size_t best_distance = std::string::npos;
  for (const std::string& candidate : candidates) {
    const std::string known = folded(candidate);
    const std::size_t longer = std::max(wanted.size(), known.size());
    std::size_t distance = edit_distance(wanted, known);
    const bool contained =
        wanted.size() >= 2 && known.size() >= 2 &&
        (wanted.find(known) != std::string::npos || known.find(wanted) != std::string::npos);
    if (distance > std::max<std::size_t>(1, longer / 3) && !contained) continue;
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

std::string nearest_hint(std::string_view name, const std::vector<std::string>& candidates) {
  const std::string near = nearest_name(name, candidates);
  return near.empty() ? std::string() : " (did you mean \"" + near + "\"?)";
}

}  // namespace qz::base
