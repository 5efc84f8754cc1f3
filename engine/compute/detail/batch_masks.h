// Batch masks: one byte for each lane that says whether it has a value. Private to compute/.
//
// A mask that is nullptr has a value in every lane.

#ifndef QZ_COMPUTE_DETAIL_BATCH_MASKS_H_
#define QZ_COMPUTE_DETAIL_BATCH_MASKS_H_

#include <cstddef>
#include <cstdint>

namespace qz::compute::detail {

inline constexpr std::uint8_t kMaskNull = 1;   // missing, or not applicable
inline constexpr std::uint8_t kMaskError = 2;  // may stand beside kMaskNull, and wins

using Mask = const std::uint8_t*;

// What an operation that needs both has; `space` is where the answer goes if it is neither's.
Mask both_masks(Mask a, Mask b, std::uint8_t* space, std::size_t n);
// Of coalesce(a, b).
Mask coalesced_mask(Mask a, Mask b, bool a_may_fail, std::uint8_t* space, std::size_t n);
// Of the choice between a (test 1) and b (test 0).
Mask chosen_mask(Mask of_test, Mask test, Mask a, Mask b, std::uint8_t* space, std::size_t n);
// out = take_b ? b : a, over bytes.
void choose_bytes(std::uint8_t* out, Mask take_b, Mask a, Mask b, std::size_t n);
// Values and mask of `a and b` (deciding 0) or `a or b` (deciding 1), by rule-language §7.
Mask logic(std::uint8_t* out, Mask a, Mask mask_a, Mask b, Mask mask_b, std::uint8_t deciding,
           std::uint8_t* space, std::size_t n);
// 1 where a value is missing (`missing`), or where there is one; errors stay in the mask.
Mask null_test(std::uint8_t* out, Mask a, bool missing, std::uint8_t* space, std::size_t n);
void either(std::uint8_t* out, Mask a, Mask b, std::size_t n);
void each_of_two(std::uint8_t* out, Mask a, Mask b, std::size_t n);
void opposite(std::uint8_t* out, Mask a, std::size_t n);
// mask[i] |= 2 where zero[i].
Mask with_errors(Mask a, Mask zero, std::uint8_t* space, std::size_t n);
bool any(Mask a, std::size_t n);
bool any_error(Mask a, std::size_t n);
// True where every lane has a value, and it is true.
bool all_true(Mask values, Mask a, std::size_t n);
// out[i] = 1 in every other lane.
void note_untrue(std::uint8_t* out, Mask values, Mask a, std::size_t n);

}  // namespace qz::compute::detail

#endif  // QZ_COMPUTE_DETAIL_BATCH_MASKS_H_
