// Canonical: the bytes of a leaf, RFC 8785, that the tree hashes.

#ifndef QZ_SEAL_CANONICAL_H_
#define QZ_SEAL_CANONICAL_H_

#include <string>

#include "seal/leaf.h"

namespace qz::seal {

// Each appends the canonical form to `out` without building a document; `entity` is nullptr for a
// leaf outside entities. Members as in the files, plus "leaf" and, under an entity, "entity".
void append_canonical(std::string& out, const Header& header);
void append_canonical(std::string& out, const Entry& entry, const std::string* entity);  // "entry"
void append_canonical_total(std::string& out, const Total& total);                       // "total"
void append_canonical(std::string& out, const Position& position, const std::string& entity);
void append_canonical(std::string& out, const base::Finding& finding, const std::string* entity);

}  // namespace qz::seal

#endif  // QZ_SEAL_CANONICAL_H_
