// SHA-256 through OpenSSL, which uses the processor's own instructions where it has them.

#ifndef QZ_SEAL_SHA256_H_
#define QZ_SEAL_SHA256_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace qz::seal {

using Digest = std::array<std::uint8_t, 32>;

// One hasher, reused for many messages without allocation.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  void update(std::string_view bytes);
  Digest finish();  // and starts anew

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// SHA-256 of a message, or of one byte and a message: for very many short ones that stand whole in
// memory. Nothing is allocated, and any number of threads may call them.
Digest sha256_of(std::string_view bytes);
Digest sha256_of(char first, std::string_view rest);

std::string hex(const Digest& digest);
std::string sha256_hex(std::string_view bytes);

}  // namespace qz::seal

#endif  // QZ_SEAL_SHA256_H_
