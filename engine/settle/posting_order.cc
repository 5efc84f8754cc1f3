// Posting order: date, time, seq, then id (the shorter first, then by bytes).

#include <algorithm>
#include <tuple>

#include "settle/posting.h"

namespace qz::settle {
namespace {

struct Sortable {
  std::int64_t when = 0;
  std::int64_t seq = 0;
  std::uint32_t row = 0;
};

// Moves of one id at one moment: any order that does not come from the file will do.
bool content_before(const read::Moves& moves, const read::Move& a, const read::Move& b) {
  const auto key = [&](const read::Move& one) {
    return std::tuple(moves.word(one.kind), moves.word(one.instrument), moves.word(one.lot),
                      moves.word(one.from), moves.word(one.to), moves.ref(one), one.quantity.places,
                      one.quantity.mantissa, one.price.places, one.price.mantissa, one.line);
  };
  return key(a) < key(b);
}

}  // namespace

std::vector<std::uint32_t> posting_order(const read::Moves& moves, base::Date as_of,
                                         std::size_t& after) {
  constexpr std::int64_t kDaySeconds = 86400;
  std::vector<Sortable> sortable;
  sortable.reserve(moves.rows.size());
  for (std::size_t i = 0; i < moves.rows.size(); ++i) {
    const read::Move& one = moves.rows[i];
    if (one.date > as_of.days()) {
      ++after;
      continue;
    }
    sortable.push_back({std::int64_t{one.date} * kDaySeconds + one.seconds, one.seq,
                        static_cast<std::uint32_t>(i)});
  }
  const auto before = [&](const Sortable& a, const Sortable& b) {
    if (a.when != b.when) return a.when < b.when;
    if (a.seq != b.seq) return a.seq < b.seq;
    const read::Move& left = moves.rows[a.row];
    const read::Move& right = moves.rows[b.row];
    if (left.id_size != right.id_size) return left.id_size < right.id_size;
    const int order = moves.id(left).compare(moves.id(right));
    return order != 0 ? order < 0 : content_before(moves, left, right);
  };
  if (!std::is_sorted(sortable.begin(), sortable.end(), before))
    std::sort(sortable.begin(), sortable.end(), before);
  std::vector<std::uint32_t> out;
  out.reserve(sortable.size());
  for (const Sortable& one : sortable) out.push_back(one.row);
  return out;
}

}  // namespace qz::settle
