// Ten rounds of two products; the key grows by two constants between rounds.

#include "whatif/philox.h"

#include <string>

#include "seal/sha256.h"

namespace qz::whatif {
namespace {

constexpr int kRounds = 10;
constexpr std::uint64_t kProduct0 = 0xD2511F53;
constexpr std::uint64_t kProduct1 = 0xCD9E8D57;
constexpr std::uint32_t kKeyStep0 = 0x9E3779B9;  // the golden ratio
constexpr std::uint32_t kKeyStep1 = 0xBB67AE85;  // the root of three, less one

std::uint32_t high(std::uint64_t v) { return static_cast<std::uint32_t>(v >> 32); }
std::uint32_t low(std::uint64_t v) { return static_cast<std::uint32_t>(v); }

std::uint32_t word(const seal::Digest& digest, std::size_t index) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < 4; ++i) out = out << 8 | digest[4 * index + i];
  return out;
}

}  // namespace

PhiloxCounter philox(PhiloxCounter counter, PhiloxKey key) {
  for (int round = 0; round < kRounds; ++round) {
    const std::uint64_t first = kProduct0 * counter[0];
    const std::uint64_t second = kProduct1 * counter[2];
    counter = {high(second) ^ counter[1] ^ key[0], low(second), high(first) ^ counter[3] ^ key[1],
               low(first)};
    key[0] += kKeyStep0;
    key[1] += kKeyStep1;
  }
  return counter;
}

DrawStream::DrawStream(std::uint64_t seed, std::string_view name, std::string_view group)
    : key_{low(seed), high(seed)} {
  std::string text(name);
  text += '\0';
  text += group;
  const seal::Digest digest = seal::sha256_of(text);
  words_ = {word(digest, 0), word(digest, 1), word(digest, 2)};
}

std::uint64_t DrawStream::bits(std::uint32_t index) const {
  const PhiloxCounter out = philox({index, words_[0], words_[1], words_[2]}, key_);
  return static_cast<std::uint64_t>(out[1]) << 32 | out[0];
}

}  // namespace qz::whatif
