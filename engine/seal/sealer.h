// Sealer: hands leaves on to any number of sinks and hashes each once on the way.

#ifndef QZ_SEAL_SEALER_H_
#define QZ_SEAL_SEALER_H_

#include <string>
#include <utility>
#include <vector>

#include "seal/leaf.h"
#include "seal/merkle.h"

namespace qz::seal {

// A LeafSink in front of other sinks. finish() computes the root and gives every sink its seal().
class Sealer : public LeafSink {
 public:
  explicit Sealer(std::vector<LeafSink*> sinks) : sinks_(std::move(sinks)) {}
  void header(const Header& header) override;
  void begin_entity(const std::string& entity) override;
  void entry(const Entry& entry) override;
  void position(const Position& position) override;
  void finding(const base::Finding& finding) override;
  void end_entity() override;
  void total(const Total& total) override;
  void seal(const Seal& seal) override;  // never called from outside: finish() makes the seal
  Seal finish();

 private:
  std::vector<LeafSink*> sinks_;
  MerkleTree tree_;
  std::string bytes_;        // reused for every leaf
  std::string entity_;
  bool in_entity_ = false;
};

}  // namespace qz::seal

#endif  // QZ_SEAL_SEALER_H_
