// Sealer: hands leaves on to any number of sinks and hashes each once on the way.

#ifndef QZ_SEAL_SEALER_H_
#define QZ_SEAL_SEALER_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "seal/figure_leaves.h"
#include "seal/figures.h"
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

  // Figures, in three steps: shaped on any thread, taken in their order, and what is left to hash
  // folded on any thread again.
  struct Shaped {
    std::vector<Digest> digests;
    std::vector<std::string> formed;       // for each sink
    std::vector<BlockTree::Block> blocks;  // left by take(), for fold()
  };
  // One for each thread.
  class Shaper {
   public:
    void shape(const Figures& figures, Shaped& out);

   private:
    friend class Sealer;
    FigureLeaves leaves_;
    std::vector<std::unique_ptr<FigureFormer>> formers_;  // nullptr for sinks without one
  };
  Shaper shaper() const;
  void take(const Figures& figures, Shaped& shaped);
  void fold(Shaped& shaped);

 private:
  void add_leaf();

  std::vector<LeafSink*> sinks_;
  BlockTree tree_;
  std::vector<BlockTree::Block> blocks_;
  std::string bytes_;  // reused for every leaf
  std::string entity_;
  bool in_entity_ = false;
};

}  // namespace qz::seal

#endif  // QZ_SEAL_SEALER_H_
