// A Merkle tree over ten million leaves of forty bytes, by our tree and by a plain loop over
// OpenSSL: the same bytes, the same root.

#define OPENSSL_SUPPRESS_DEPRECATED  // SHA256_Init and so on: the fastest way OpenSSL has for a
                                     // short text

#include <benchmark/benchmark.h>
#include <openssl/sha.h>

#include <cstdint>
#include <cstring>
#include <thread>
#include <vector>

#include "seal/merkle.h"

namespace qz {
namespace {

constexpr std::size_t kLeafBytes = 40;
constexpr int kThreads = 2;

std::size_t leaf_count(const benchmark::State& state) {
  return static_cast<std::size_t>(state.range(0));
}

std::vector<char> leaf_bytes(std::size_t leaves) {
  std::vector<char> out(leaves * kLeafBytes);
  std::uint64_t number = 1;
  for (std::size_t i = 0; i < out.size(); i += sizeof number) {
    number = number * 6364136223846793005U + 1442695040888963407U;
    std::memcpy(&out[i], &number, sizeof number);
  }
  return out;
}

// As the sealer does it: leaves hashed by two threads, then folded by two.
seal::Digest our_root(const std::vector<char>& bytes, std::vector<seal::Digest>& digests) {
  const auto hash = [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      digests[i] = seal::leaf_digest({&bytes[i * kLeafBytes], kLeafBytes});
    }
  };
  std::thread other(hash, digests.size() / 2, digests.size());
  hash(0, digests.size() / 2);
  other.join();
  return seal::tree_root(digests, kThreads);
}

void merkle_tree(benchmark::State& state) {
  const std::size_t leaves = leaf_count(state);
  const std::vector<char> bytes = leaf_bytes(leaves);
  std::vector<seal::Digest> digests(leaves);
  for (auto unused : state) {
    (void)unused;
    benchmark::DoNotOptimize(our_root(bytes, digests));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * leaves));
}
BENCHMARK(merkle_tree)->Arg(10'000'000)->Unit(benchmark::kMillisecond)->UseRealTime();

seal::Digest hash(unsigned char kind, const void* bytes, std::size_t size) {
  SHA256_CTX context;
  seal::Digest out;
  SHA256_Init(&context);
  SHA256_Update(&context, &kind, 1);
  SHA256_Update(&context, bytes, size);
  SHA256_Final(out.data(), &context);
  return out;
}

// Level by level, each in the place of the one below; an odd node at the end goes up as it is,
// which is how RFC 9162 splits.
seal::Digest plain_root(const std::vector<char>& bytes, std::vector<seal::Digest>& level) {
  std::size_t nodes = level.size();
  for (std::size_t i = 0; i < nodes; ++i) level[i] = hash(0, &bytes[i * kLeafBytes], kLeafBytes);
  for (; nodes > 1; nodes = (nodes + 1) / 2) {
    for (std::size_t i = 0; i + 1 < nodes; i += 2) {
      level[i / 2] = hash(1, level[i].data(), 2 * sizeof(seal::Digest));
    }
    if (nodes % 2 == 1) level[nodes / 2] = level[nodes - 1];
  }
  return level[0];
}

void merkle_plain_loop(benchmark::State& state) {
  const std::size_t leaves = leaf_count(state);
  const std::vector<char> bytes = leaf_bytes(leaves);
  std::vector<seal::Digest> level(leaves);
  seal::Digest root;
  for (auto unused : state) {
    (void)unused;
    benchmark::DoNotOptimize(root = plain_root(bytes, level));
  }
  if (our_root(bytes, level) != root) state.SkipWithError("the two roots differ");
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * leaves));
}
BENCHMARK(merkle_plain_loop)->Arg(10'000'000)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace qz
