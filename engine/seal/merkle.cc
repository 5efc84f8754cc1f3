// The tree keeps the peaks only: a new leaf joins the peaks of its own size, as a binary counter
// carries. Folding the peaks from the right is the split at the largest power of two.

#include "seal/merkle.h"

namespace qz::seal {
namespace {

using namespace std::string_view_literals;

std::string_view view(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// The prefixes keep a node from ever passing for a leaf.
Digest node(Sha256& hasher, const Digest& left, const Digest& right) {
  hasher.update("\x01"sv);
  hasher.update(view(left));
  hasher.update(view(right));
  return hasher.finish();
}

}  // namespace

void MerkleTree::add_leaf(std::string_view bytes) {
  hasher_.update("\0"sv);
  hasher_.update(bytes);
  Digest digest = hasher_.finish();
  for (std::uint64_t size = leaves_; (size & 1) != 0; size >>= 1) {
    digest = node(hasher_, peaks_.back(), digest);
    peaks_.pop_back();
  }
  peaks_.push_back(digest);
  ++leaves_;
}

Digest MerkleTree::root() {
  if (peaks_.empty()) return hasher_.finish();
  Digest out = peaks_.back();
  for (std::size_t i = peaks_.size() - 1; i-- > 0;) out = node(hasher_, peaks_[i], out);
  return out;
}

}  // namespace qz::seal
