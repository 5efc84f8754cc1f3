// Merkle tree of RFC 9162 §2.1 over leaves as they come; memory grows with the height only.

#ifndef QZ_SEAL_MERKLE_H_
#define QZ_SEAL_MERKLE_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "seal/sha256.h"

namespace qz::seal {

// Leaf hash SHA-256(0x00 ‖ bytes), node SHA-256(0x01 ‖ left ‖ right).
class MerkleTree {
 public:
  void add_leaf(std::string_view bytes);
  std::uint64_t leaves() const { return leaves_; }
  // The root of the leaves so far; of none, SHA-256 of the empty string.
  Digest root();

 private:
  Sha256 hasher_;
  std::uint64_t leaves_ = 0;
  std::vector<Digest> peaks_;  // roots of full subtrees, largest first: one for each 1 bit of leaves_
};

}  // namespace qz::seal

#endif  // QZ_SEAL_MERKLE_H_
