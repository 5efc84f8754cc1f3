// The sealer: each leaf hashed once, in order, and handed on unchanged to every sink.

#include "seal/sealer.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "seal/canonical.h"

namespace qz::seal {
namespace {

// Writes down what it is given.
class Journal : public LeafSink {
 public:
  void header(const Header& header) override { lines.push_back("header " + header.job); }
  void begin_entity(const std::string& entity) override { lines.push_back("begin " + entity); }
  void entry(const Entry& entry) override { lines.push_back("entry " + entry.column); }
  void position(const Position& position) override { lines.push_back("position " + position.lot); }
  void finding(const base::Finding& finding) override {
    lines.push_back("finding " + finding.code);
  }
  void end_entity() override { lines.push_back("end"); }
  void total(const Total& total) override { lines.push_back("total " + total.column); }
  void seal(const Seal& seal) override {
    lines.push_back("seal " + std::to_string(seal.leaves) + " " + seal.root);
  }

  std::vector<std::string> lines;
};

struct Leaves {
  Header header;
  Entry entry;
  Position position{"I", "L", "S", "1", "t"};
  base::Finding finding;
  Entry total;
  Leaves() {
    header.job = "j";
    entry.column = "c";
    finding.code = "f";
    total.column = "t";
  }
};

void give(const Leaves& leaves, Sealer& sealer) {
  sealer.header(leaves.header);
  sealer.begin_entity("A");
  sealer.entry(leaves.entry);
  sealer.position(leaves.position);
  sealer.finding(leaves.finding);
  sealer.end_entity();
  sealer.total(leaves.total);
  sealer.finding(leaves.finding);
}

TEST(Sealer, HashesEachLeafInOrder) {
  const Leaves leaves;
  Sealer sealer({});
  give(leaves, sealer);
  const Seal seal = sealer.finish();

  const std::string entity = "A";
  std::vector<std::string> bytes(6);
  append_canonical(bytes[0], leaves.header);
  append_canonical(bytes[1], leaves.entry, &entity);
  append_canonical(bytes[2], leaves.position, entity);
  append_canonical(bytes[3], leaves.finding, &entity);
  append_canonical_total(bytes[4], leaves.total);
  append_canonical(bytes[5], leaves.finding, nullptr);
  MerkleTree tree;
  for (const std::string& leaf : bytes) tree.add_leaf(leaf);
  EXPECT_EQ(seal.leaves, 6u);
  EXPECT_EQ(seal.root, hex(tree.root()));
}

TEST(Sealer, HandsEverythingToEverySink) {
  Journal first;
  Journal second;
  Sealer sealer({&first, &second});
  give({}, sealer);
  const Seal seal = sealer.finish();
  const std::vector<std::string> expected = {"header j",   "begin A",   "entry c",
                                             "position L", "finding f", "end",
                                             "total t",    "finding f", "seal 6 " + seal.root};
  EXPECT_EQ(first.lines, expected);
  EXPECT_EQ(second.lines, expected);
}

TEST(Sealer, TheEntityIsPartOfTheLeaf) {
  Sealer a({});
  Sealer b({});
  for (Sealer* sealer : {&a, &b}) {
    sealer->header({});
    sealer->begin_entity(sealer == &a ? "A" : "B");
    sealer->entry({});
    sealer->end_entity();
  }
  EXPECT_NE(a.finish().root, b.finish().root);
}

TEST(Sealer, LeavesOutOfOrderAreAFaultOfTheProgram) {
  Sealer sealer({});
  EXPECT_THROW(sealer.begin_entity("A"), std::logic_error);
  EXPECT_THROW(sealer.finish(), std::logic_error);
  sealer.header({});
  EXPECT_THROW(sealer.header({}), std::logic_error);
  EXPECT_THROW(sealer.entry({}), std::logic_error);
  EXPECT_THROW(sealer.end_entity(), std::logic_error);
  EXPECT_THROW(sealer.seal({}), std::logic_error);
  sealer.begin_entity("A");
  EXPECT_THROW(sealer.begin_entity("B"), std::logic_error);
  EXPECT_THROW(sealer.total({}), std::logic_error);
  EXPECT_THROW(sealer.finish(), std::logic_error);
}

}  // namespace
}  // namespace qz::seal
