// The one place that hashes: OpenSSL's EVP with the algorithm fetched once and the context kept for
// streams; its low-level calls for short messages, where EVP's own cost would be as large as the
// hashing. Both end in the same code, which uses the processor's instructions where it has them.

#include "seal/sha256.h"

#define OPENSSL_SUPPRESS_DEPRECATED  // the low-level calls
#include <openssl/evp.h>
#include <openssl/sha.h>

#include "base/assert.h"

namespace qz::seal {

struct Sha256::State {
  EVP_MD* algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  EVP_MD_CTX* context = EVP_MD_CTX_new();

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    EVP_MD_CTX_free(context);
    EVP_MD_free(algorithm);
  }

  void start() { QZ_ASSERT(EVP_DigestInit_ex2(context, algorithm, nullptr) == 1); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  QZ_ASSERT(state_->algorithm != nullptr && state_->context != nullptr);
  state_->start();
}

Sha256::~Sha256() = default;

void Sha256::update(std::string_view bytes) {
  QZ_ASSERT(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1);
}

Digest Sha256::finish() {
  Digest out{};
  QZ_ASSERT(EVP_DigestFinal_ex(state_->context, out.data(), nullptr) == 1);
  state_->start();
  return out;
}

Digest sha256_of(std::string_view bytes) {
  SHA256_CTX context;
  Digest out;
  SHA256_Init(&context);
  SHA256_Update(&context, bytes.data(), bytes.size());
  SHA256_Final(out.data(), &context);
  return out;
}

Digest sha256_of(char first, std::string_view rest) {
  SHA256_CTX context;
  Digest out;
  SHA256_Init(&context);
  SHA256_Update(&context, &first, 1);
  SHA256_Update(&context, rest.data(), rest.size());
  SHA256_Final(out.data(), &context);
  return out;
}

std::string hex(const Digest& digest) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(2 * digest.size());
  for (const std::uint8_t byte : digest) {
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

std::string sha256_hex(std::string_view bytes) {
  Sha256 hasher;
  hasher.update(bytes);
  return hex(hasher.finish());
}

}  // namespace qz::seal
