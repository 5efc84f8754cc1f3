// The tree keeps the peaks only: a new leaf joins the peaks of its own size, as a binary counter
// carries. Folding the peaks from the right is the split at the largest power of two.

#include "seal/merkle.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <exception>
#include <thread>
#include <utility>

#include "base/assert.h"

namespace qz::seal {

// The prefixes keep a node from ever passing for a leaf.
Digest leaf_digest(std::string_view bytes) { return sha256_of('\0', bytes); }

Digest node_digest(const Digest& left, const Digest& right) {
  std::array<char, 65> node;
  node[0] = '\x01';
  std::memcpy(node.data() + 1, left.data(), left.size());
  std::memcpy(node.data() + 33, right.data(), right.size());
  return sha256_of({node.data(), node.size()});
}

Digest subtree_root(std::span<Digest> leaves) {
  QZ_ASSERT(std::has_single_bit(leaves.size()));
  for (std::size_t n = leaves.size() / 2; n > 0; n /= 2) {
    for (std::size_t i = 0; i < n; ++i) leaves[i] = node_digest(leaves[2 * i], leaves[2 * i + 1]);
  }
  return leaves[0];
}

Digest tree_root(std::span<Digest> leaves, int threads) {
  constexpr std::size_t kBlock = std::size_t{1} << BlockTree::kHeight;
  const std::size_t blocks = leaves.size() / kBlock;
  std::vector<Digest> roots(blocks);
  const auto fold = [&](std::size_t begin, std::size_t end) {
    for (std::size_t b = begin; b < end; ++b)
      roots[b] = subtree_root(leaves.subspan(b * kBlock, kBlock));
  };
  const auto workers =
      std::min<std::size_t>(blocks, static_cast<std::size_t>(std::max(1, threads)));
  std::vector<std::thread> pool;
  for (std::size_t w = 1; w < workers; ++w) {
    pool.emplace_back(fold, blocks * w / workers, blocks * (w + 1) / workers);
  }
  fold(0, workers == 0 ? 0 : blocks / workers);
  for (std::thread& one : pool) one.join();
  MerkleTree tree;
  for (const Digest& root : roots) tree.add_subtree(root, BlockTree::kHeight);
  for (const Digest& leaf : leaves.subspan(blocks * kBlock)) tree.add_subtree(leaf, 0);
  return tree.root();
}

void MerkleTree::add_subtree(const Digest& root, unsigned height) {
  QZ_ASSERT(leaves_ % (std::uint64_t{1} << height) == 0);
  Digest digest = root;
  for (std::uint64_t size = leaves_ >> height; (size & 1) != 0; size >>= 1) {
    digest = node_digest(peaks_.back(), digest);
    peaks_.pop_back();
  }
  peaks_.push_back(digest);
  leaves_ += std::uint64_t{1} << height;
}

Digest MerkleTree::root() const {
  if (peaks_.empty()) return Sha256().finish();
  Digest out = peaks_.back();
  for (std::size_t i = peaks_.size() - 1; i-- > 0;) out = node_digest(peaks_[i], out);
  return out;
}

void BlockTree::add(std::span<const Digest> leaves, std::vector<Block>& full) {
  constexpr std::size_t kBlock = std::size_t{1} << kHeight;
  leaves_ += leaves.size();
  while (!leaves.empty()) {
    const std::size_t taken = std::min(leaves.size(), kBlock - open_.digests.size());
    open_.digests.insert(open_.digests.end(), leaves.begin(),
                         leaves.begin() + static_cast<std::ptrdiff_t>(taken));
    leaves = leaves.subspan(taken);
    if (open_.digests.size() < kBlock) return;
    const std::uint64_t number = open_.number;
    full.push_back(std::exchange(open_, Block{number + 1, {}}));
    open_.digests.reserve(kBlock);
  }
}

void BlockTree::fold(Block& block) {
  const Digest root = subtree_root(block.digests);
  const std::lock_guard lock(mutex_);
  early_.emplace(block.number, root);
  while (!early_.empty() && early_.begin()->first == folded_blocks_) {
    tree_.add_subtree(early_.begin()->second, kHeight);
    early_.erase(early_.begin());
    ++folded_blocks_;
  }
}

Digest BlockTree::root() const {
  QZ_ASSERT(early_.empty() && folded_blocks_ == open_.number);
  MerkleTree tree = tree_;
  for (const Digest& leaf : open_.digests) tree.add_subtree(leaf, 0);
  return tree.root();
}

}  // namespace qz::seal
