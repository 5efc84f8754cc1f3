// Merkle tree of RFC 9162 §2.1 over leaves as they come; memory grows with the height only.
//
// Leaf hash SHA-256(0x00 ‖ bytes), node SHA-256(0x01 ‖ left ‖ right).

#ifndef QZ_SEAL_MERKLE_H_
#define QZ_SEAL_MERKLE_H_

#include <cstdint>
#include <map>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

#include "seal/sha256.h"

namespace qz::seal {

Digest leaf_digest(std::string_view bytes);
Digest node_digest(const Digest& left, const Digest& right);
// The root over leaf digests, which it overwrites. Precondition: their number is a power of two.
Digest subtree_root(std::span<Digest> leaves);
// The root over any number of leaf digests, which it overwrites, by that many threads.
Digest tree_root(std::span<Digest> leaves, int threads);

// Leaves one by one, on one thread.
class MerkleTree {
 public:
  void add_leaf(std::string_view bytes) { add_subtree(leaf_digest(bytes), 0); }
  // The root over the next 2^height leaves. Precondition: leaves() is a multiple of 2^height.
  void add_subtree(const Digest& root, unsigned height);
  std::uint64_t leaves() const { return leaves_; }
  // The root of the leaves so far; of none, SHA-256 of the empty string.
  Digest root() const;

 private:
  std::uint64_t leaves_ = 0;
  std::vector<Digest>
      peaks_;  // roots of full subtrees, largest first: one for each 1 bit of leaves_
};

// The same tree where several threads hash. Digests of leaves come in order; every full block of
// them is handed out, to be folded by whoever has time.
class BlockTree {
 public:
  static constexpr unsigned kHeight = 10;
  struct Block {
    std::uint64_t number = 0;
    std::vector<Digest> digests;
  };

  // One thread at a time. Blocks that became full are appended to `full`.
  void add(std::span<const Digest> leaves, std::vector<Block>& full);
  // On any thread, each block once.
  void fold(Block& block);
  std::uint64_t leaves() const { return leaves_; }
  // Precondition: every full block was folded.
  Digest root() const;

 private:
  std::uint64_t leaves_ = 0;
  Block open_;
  std::mutex mutex_;
  std::uint64_t folded_blocks_ = 0;        // that the tree has
  std::map<std::uint64_t, Digest> early_;  // folded before a block in front of them
  MerkleTree tree_;
};

}  // namespace qz::seal

#endif  // QZ_SEAL_MERKLE_H_
