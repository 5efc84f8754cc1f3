// Lane space: room for arrays of lanes, in the nearest form that all kernels can use. Private to
// compute/.

#ifndef QZ_COMPUTE_DETAIL_LANE_SPACE_H_
#define QZ_COMPUTE_DETAIL_LANE_SPACE_H_

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>

#include "exact/lanes.h"

namespace qz::compute::detail {

struct FreeLanes {
  void operator()(std::byte* bytes) const { ::operator delete[](bytes, std::align_val_t{64}); }
};
using LaneSpace = std::unique_ptr<std::byte[], FreeLanes>;

inline LaneSpace lane_space(std::size_t bytes) {
  void* made = ::operator new[](bytes, std::align_val_t{64});
  std::memset(made, 0, bytes);
  return LaneSpace(static_cast<std::byte*>(made));
}

// The lane at `byte` of an array; the offset is the representation's.
inline exact::Lane* lanes_at(const LaneSpace& space, std::size_t byte) {
  return reinterpret_cast<exact::Lane*>(space.get() + byte);
}

}  // namespace qz::compute::detail

#endif  // QZ_COMPUTE_DETAIL_LANE_SPACE_H_
