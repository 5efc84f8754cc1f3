// Quick verify: the seal of a file that stands exactly as the writers write it, by several threads.

#ifndef QZ_PUBLISH_DETAIL_QUICK_VERIFY_H_
#define QZ_PUBLISH_DETAIL_QUICK_VERIFY_H_

#include <optional>
#include <string_view>

#include "seal/leaf.h"

namespace qz::publish::detail {

struct QuickVerdict {
  seal::Header header;
  seal::Seal seal;
};

// The header and the seal where every byte of the file is as written and count and root agree.
// Empty otherwise: verify_ledger.h's strict way then decides, and finds the words.
std::optional<QuickVerdict> quick_verify(std::string_view bytes, int threads);

}  // namespace qz::publish::detail

#endif  // QZ_PUBLISH_DETAIL_QUICK_VERIFY_H_
