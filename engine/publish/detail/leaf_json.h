// Leaves as the JSON files write them: members in the ledger's order, one object without white
// space.

#ifndef QZ_PUBLISH_DETAIL_LEAF_JSON_H_
#define QZ_PUBLISH_DETAIL_LEAF_JSON_H_

#include <string>

#include "seal/leaf.h"

namespace qz::publish::detail {

// The header's members without the closing brace: the rest of the ledger follows in the same
// object.
void append_open_header(std::string& out, const seal::Header& header);
void append_entry(std::string& out, const seal::Entry& entry);
void append_position(std::string& out, const seal::Position& position);
// `entity` (may be nullptr) is written first: for files where findings stand alone.
void append_finding(std::string& out, const base::Finding& finding, const std::string* entity);
void append_seal(std::string& out, const seal::Seal& seal);

}  // namespace qz::publish::detail

#endif  // QZ_PUBLISH_DETAIL_LEAF_JSON_H_
