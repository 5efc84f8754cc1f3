// TimeOrder: whether the hours of a file stand in the order of time, series by series.
//
// No figure depends on the order of rows. But a file of hours that goes back in time was put
// together from pieces, or a clock was set, and whoever answers for it should look.

#ifndef QZ_READ_DETAIL_TIME_ORDER_H_
#define QZ_READ_DETAIL_TIME_ORDER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "table/key_index.h"

namespace qz::read::detail {

class TimeOrder {
 public:
  // Keys have `width` ids, of which that at `period_at` is the hour; the others name the series.
  TimeOrder(std::size_t width, std::size_t period_at);
  void begin_file();
  // Whether the file has a later hour of the same series before this row.
  bool goes_back(std::span<const std::int32_t> key);

 private:
  std::size_t period_at_;
  table::KeyIndex series_;
  std::vector<std::int32_t> latest_;  // by row of series_
  std::vector<std::int32_t> names_;   // of this row
};

}  // namespace qz::read::detail

#endif  // QZ_READ_DETAIL_TIME_ORDER_H_
