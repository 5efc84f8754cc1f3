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
  add_leaf();
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
  add_leaf();
  for (LeafSink* sink : sinks_) sink->entry(entry);
}

void Sealer::position(const Position& position) {
  QZ_ASSERT(in_entity_);
  bytes_.clear();
  append_canonical(bytes_, position, entity_);
  add_leaf();
  for (LeafSink* sink : sinks_) sink->position(position);
}

void Sealer::finding(const base::Finding& finding) {
  QZ_ASSERT(tree_.leaves() > 0);
  bytes_.clear();
  append_canonical(bytes_, finding, in_entity_ ? &entity_ : nullptr);
  add_leaf();
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
  add_leaf();
  for (LeafSink* sink : sinks_) sink->total(total);
}

void Sealer::seal(const Seal&) { QZ_ASSERT(!"a seal is made by finish()"); }

Seal Sealer::finish() {
  QZ_ASSERT(!in_entity_ && tree_.leaves() > 0);
  Seal seal{tree_.leaves(), hex(tree_.root())};
  for (LeafSink* sink : sinks_) sink->seal(seal);
  return seal;
}

void Sealer::add_leaf() {
  const Digest digest = leaf_digest(bytes_);
  tree_.add({&digest, 1}, blocks_);
  for (BlockTree::Block& block : blocks_) tree_.fold(block);
  blocks_.clear();
}

Sealer::Shaper Sealer::shaper() const {
  Shaper out;
  for (const LeafSink* sink : sinks_) out.formers_.push_back(sink->former());
  return out;
}

void Sealer::Shaper::shape(const Figures& figures, Shaped& out) {
  out.digests.clear();
  out.formed.resize(formers_.size());
  leaves_.digests(figures, out.digests);
  for (std::size_t i = 0; i < formers_.size(); ++i) {
    out.formed[i].clear();
    if (formers_[i] != nullptr) formers_[i]->form(figures, out.formed[i]);
  }
}

void Sealer::take(const Figures& figures, Shaped& shaped) {
  QZ_ASSERT(in_entity_ == (figures.entity != nullptr) && tree_.leaves() > 0);
  QZ_ASSERT(!in_entity_ || *figures.entity == entity_);
  if (figures.figures.empty()) return;
  tree_.add(shaped.digests, shaped.blocks);
  for (std::size_t i = 0; i < sinks_.size(); ++i) sinks_[i]->figures(figures, shaped.formed[i]);
}

void Sealer::fold(Shaped& shaped) {
  for (BlockTree::Block& block : shaped.blocks) tree_.fold(block);
  shaped.blocks.clear();
}

}  // namespace qz::seal
