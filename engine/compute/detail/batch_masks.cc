// Batch masks: loops over bytes, without branches.

#include "compute/detail/batch_masks.h"

#include <algorithm>

namespace qz::compute::detail {
namespace {

std::uint8_t byte(int value) { return static_cast<std::uint8_t>(value); }

// 255 where value is not 0.
std::uint8_t filled(std::uint8_t value) { return byte(-static_cast<int>(value != 0)); }

std::uint8_t pick(std::uint8_t take_b, std::uint8_t a, std::uint8_t b) {
  const std::uint8_t all = filled(take_b);
  return byte((a & ~all) | (b & all));
}

// What stands in any lane.
std::uint8_t found(Mask a, std::size_t n) {
  std::uint8_t out = 0;
  for (std::size_t i = 0; a != nullptr && i < n; ++i) out = byte(out | a[i]);
  return out;
}

}  // namespace

Mask both_masks(Mask a, Mask b, std::uint8_t* space, std::size_t n) {
  if (a == nullptr) return b;
  if (b == nullptr) return a;
  for (std::size_t i = 0; i < n; ++i) space[i] = byte(a[i] | b[i]);
  return space;
}

Mask coalesced_mask(Mask a, Mask b, bool a_may_fail, std::uint8_t* space, std::size_t n) {
  if (a == nullptr || (b == nullptr && !a_may_fail)) return nullptr;
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint8_t rest = b == nullptr ? 0 : b[i];
    space[i] = byte((a[i] & kMaskError) | (filled(a[i] == kMaskNull) & rest));
  }
  return space;
}

Mask chosen_mask(Mask of_test, Mask test, Mask a, Mask b, std::uint8_t* space, std::size_t n) {
  if (of_test == nullptr && a == nullptr && b == nullptr) return nullptr;
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint8_t of_a = a == nullptr ? 0 : a[i], of_b = b == nullptr ? 0 : b[i];
    const std::uint8_t own = of_test == nullptr ? 0 : of_test[i];
    space[i] = pick(own, pick(test[i], of_b, of_a), own);
  }
  return space;
}

void choose_bytes(std::uint8_t* out, Mask take_b, Mask a, Mask b, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = pick(take_b[i], a[i], b[i]);
}

Mask logic(std::uint8_t* out, Mask a, Mask mask_a, Mask b, Mask mask_b, std::uint8_t deciding,
           std::uint8_t* space, std::size_t n) {
  if (mask_a == nullptr && mask_b == nullptr) {
    for (std::size_t i = 0; i < n; ++i) out[i] = deciding != 0 ? a[i] | b[i] : a[i] & b[i];
    return nullptr;
  }
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint8_t of_a = mask_a == nullptr ? 0 : mask_a[i];
    const std::uint8_t of_b = mask_b == nullptr ? 0 : mask_b[i];
    const std::uint8_t left = filled((of_a == 0) & (a[i] == deciding));
    const std::uint8_t right = filled((of_b == 0) & (b[i] == deciding));
    const std::uint8_t failed = byte(of_a & kMaskError);
    const std::uint8_t open = byte(of_b & kMaskError) | (byte(of_a | of_b) & byte(~right));
    space[i] = byte((failed | (open & ~filled(failed))) & ~left);
    out[i] = deciding != 0 ? filled(left | right) & 1 : byte(~(left | right)) & 1;
  }
  return space;
}

Mask null_test(std::uint8_t* out, Mask a, bool missing, std::uint8_t* space, std::size_t n) {
  if (a == nullptr) {
    std::fill_n(out, n, missing ? 0 : 1);
    return nullptr;
  }
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = (a[i] == 0) != missing ? 1 : 0;
    space[i] = a[i] & kMaskError;
  }
  return space;
}

void either(std::uint8_t* out, Mask a, Mask b, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = a[i] | b[i];
}

void each_of_two(std::uint8_t* out, Mask a, Mask b, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = a[i] & b[i];
}

void opposite(std::uint8_t* out, Mask a, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = a[i] ^ 1;
}

Mask with_errors(Mask a, Mask zero, std::uint8_t* space, std::size_t n) {
  if (!any(zero, n)) return a;
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint8_t own = a == nullptr ? 0 : a[i];
    space[i] = byte(own | (zero[i] << 1));
  }
  return space;
}

bool any(Mask a, std::size_t n) { return found(a, n) != 0; }

bool any_error(Mask a, std::size_t n) { return (found(a, n) & kMaskError) != 0; }

bool all_true(Mask values, Mask a, std::size_t n) {
  std::uint8_t all = 1;
  for (std::size_t i = 0; i < n; ++i) all = byte(all & values[i]);
  return all != 0 && !any(a, n);
}

void note_untrue(std::uint8_t* out, Mask values, Mask a, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    if (values[i] == 0 || (a != nullptr && a[i] != 0)) out[i] = 1;
  }
}

}  // namespace qz::compute::detail
