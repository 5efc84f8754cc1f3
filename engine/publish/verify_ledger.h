// Verify: does a ledger file prove itself?

#ifndef QZ_PUBLISH_VERIFY_LEDGER_H_
#define QZ_PUBLISH_VERIFY_LEDGER_H_

#include <string>
#include <string_view>

#include "base/result.h"
#include "seal/leaf.h"

namespace qz::publish {

// Reads the ledger (XML where the first character is '<', else JSON), hashes its leaves again,
// compares count and root with its seal, and writes it again to compare it with the file: JSON
// token by token (white space between tokens is free), XML byte by byte. So no byte can change
// unnoticed. The value is the seal; a failure ("seal-mismatch", "not-canonical", "malformed-json",
// …) says what differs first and where. `also` (may be nullptr) gets the leaves too.
base::Result<seal::Seal> verify_ledger(std::string_view bytes, const std::string& file,
                                       seal::LeafSink* also = nullptr);

struct VerifiedLedger {
  seal::Header header;
  seal::Seal seal;
};

// The same verdict, without the leaves: quickly and by that many threads where the file stands as
// it was written, else as above.
base::Result<VerifiedLedger> verify_ledger_quickly(std::string_view bytes, const std::string& file,
                                                   int threads);

}  // namespace qz::publish

#endif  // QZ_PUBLISH_VERIFY_LEDGER_H_
