// Leaves pass through in their order; a call out of order is a fault of the program, for the order
// of leaves is what the root proves.

#include "seal/sealer.h"

#include "base/assert.h"
#include "seal/canonical.h"

namespace qz::seal {

void Sealer::header(const Header& header) {
  QZ_ASSERT(tree_.leaves() == 0);
  bytes_.clear();
  append_canonical(bytes_, header);
  tree_.add_leaf(bytes_);
  for (LeafSink* sink : sinks_) sink->header(header);
}

void Sealer::begin_entity(const std::string& entity) {
  QZ_ASSERT(!in_entity_ && tree_.leaves() > 0);
  in_entity_ = true;
  entity_ = entity;
  for (LeafSink* sink : sinks_) sink->begin_entity(entity);
}

void Sealer::entry(const Entry& entry) {
  QZ_ASSERT(in_entity_);
  bytes_.clear();
  append_canonical(bytes_, entry, &entity_);
  tree_.add_leaf(bytes_);
  for (LeafSink* sink : sinks_) sink->entry(entry);
}

void Sealer::position(const Position& position) {
  QZ_ASSERT(in_entity_);
  bytes_.clear();
  append_canonical(bytes_, position, entity_);
  tree_.add_leaf(bytes_);
  for (LeafSink* sink : sinks_) sink->position(position);
}

void Sealer::finding(const base::Finding& finding) {
  QZ_ASSERT(tree_.leaves() > 0);
  bytes_.clear();
  append_canonical(bytes_, finding, in_entity_ ? &entity_ : nullptr);
  tree_.add_leaf(bytes_);
  for (LeafSink* sink : sinks_) sink->finding(finding);
}

void Sealer::end_entity() {
  QZ_ASSERT(in_entity_);
  in_entity_ = false;
  for (LeafSink* sink : sinks_) sink->end_entity();
}

void Sealer::total(const Total& total) {
  QZ_ASSERT(!in_entity_ && tree_.leaves() > 0);
  bytes_.clear();
  append_canonical_total(bytes_, total);
  tree_.add_leaf(bytes_);
  for (LeafSink* sink : sinks_) sink->total(total);
}

void Sealer::seal(const Seal&) { QZ_ASSERT(!"a seal is made by finish()"); }

Seal Sealer::finish() {
  QZ_ASSERT(!in_entity_ && tree_.leaves() > 0);
  Seal seal{tree_.leaves(), hex(tree_.root())};
  for (LeafSink* sink : sinks_) sink->seal(seal);
  return seal;
}

}  // namespace qz::seal
