// The tree of RFC 9162: known roots, the definition itself, and the roots of public test data.

#include "seal/merkle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <span>
#include <string>

#include "text/json.h"

namespace qz::seal {
namespace {

using namespace std::string_literals;

// The eight leaves that Certificate Transparency's own tests use, and their roots.
const std::vector<std::string> kLeaves = {""s,         "\x00"s,
                                          "\x10"s,     "\x20\x21"s,
                                          "\x30\x31"s, "\x40\x41\x42\x43"s,
                                          "PQRSTUVW"s, "`abcdefghijklmno"s};

const char* const kRoots[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

TEST(MerkleTree, GivesTheKnownRoots) {
  MerkleTree tree;
  EXPECT_EQ(hex(tree.root()), kRoots[0]);
  for (std::size_t n = 1; n <= kLeaves.size(); ++n) {
    tree.add_leaf(kLeaves[n - 1]);
    EXPECT_EQ(tree.leaves(), n);
    EXPECT_EQ(hex(tree.root()), kRoots[n]) << n;
    EXPECT_EQ(hex(tree.root()), kRoots[n]) << "asking twice changes nothing";
  }
}

// Roots of the leaves "0", "1", … computed with hashlib.
TEST(MerkleTree, GivesTheRootsOfLargerTrees) {
  const std::map<int, std::string> roots = {
      {1000, "638afa98022925bacfddadb15ef22fd0199c1ac99c2973b6158243d13fce05c2"},
      {1023, "d6e508f15c513c7f41e585a2bba5e0d03981790427bb7ac756502a4424d1ce87"},
      {1025, "ba9b10a0d60d30dbfdff3c0bbd42e01be43185aade36ec0f7d720275efaf102b"}};
  MerkleTree tree;
  for (int n = 1; n <= 1025; ++n) {
    tree.add_leaf(std::to_string(n - 1));
    const auto known = roots.find(n);
    if (known == roots.end()) continue;
    EXPECT_EQ(hex(tree.root()), known->second) << n;
  }
}

std::string_view view(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// The definition of RFC 9162 §2.1.1, word for word and slow.
Digest defined_root(std::span<const std::string> leaves) {
  Sha256 hasher;
  if (leaves.empty()) return hasher.finish();
  if (leaves.size() == 1) {
    hasher.update("\x00"s + leaves[0]);
    return hasher.finish();
  }
  std::size_t split = 1;
  while (split * 2 < leaves.size()) split *= 2;
  const Digest left = defined_root(leaves.first(split));
  const Digest right = defined_root(leaves.subspan(split));
  hasher.update("\x01"s);
  hasher.update(view(left));
  hasher.update(view(right));
  return hasher.finish();
}

TEST(MerkleTree, IsTheDefinitionForEverySize) {
  std::vector<std::string> leaves;
  MerkleTree tree;
  for (int n = 0; n < 130; ++n) {
    EXPECT_EQ(hex(tree.root()), hex(defined_root(leaves))) << n;
    leaves.push_back("leaf " + std::to_string(n));
    tree.add_leaf(leaves.back());
  }
}

// All ways to the root: subtrees of any height that fits, blocks folded out of order, several
// threads at once.
TEST(MerkleTree, EveryWayToTheRootIsTheDefinition) {
  std::vector<std::size_t> sizes;
  for (std::size_t n = 0; n <= 70; ++n) sizes.push_back(n);
  for (const std::size_t n : {255u, 1023u, 1024u, 1025u, 2047u, 2048u, 3001u, 5121u})
    sizes.push_back(n);
  std::vector<std::string> leaves;
  for (std::size_t i = 0; i < 5121; ++i) leaves.push_back("leaf " + std::to_string(i));
  for (const std::size_t n : sizes) {
    const std::string expected = hex(defined_root(std::span(leaves).first(n)));
    std::vector<Digest> digests;
    for (std::size_t i = 0; i < n; ++i) digests.push_back(leaf_digest(leaves[i]));

    MerkleTree by_subtrees;
    for (std::size_t at = 0; at < n;) {
      unsigned height = 0;
      while (height < 6 && at % (2u << height) == 0 && at + (2u << height) <= n) ++height;
      std::vector<Digest> some(digests.begin() + static_cast<std::ptrdiff_t>(at),
                               digests.begin() + static_cast<std::ptrdiff_t>(at + (1u << height)));
      by_subtrees.add_subtree(subtree_root(some), height);
      at += 1u << height;
    }
    EXPECT_EQ(hex(by_subtrees.root()), expected) << n;

    BlockTree by_blocks;
    std::vector<BlockTree::Block> full;
    for (std::size_t at = 0; at < n; at += 333)
      by_blocks.add(std::span(digests).subspan(at, std::min<std::size_t>(333, n - at)), full);
    for (std::size_t i = full.size(); i-- > 0;) by_blocks.fold(full[i]);
    EXPECT_EQ(by_blocks.leaves(), n);
    EXPECT_EQ(hex(by_blocks.root()), expected) << n;

    for (const int threads : {1, 2, 3}) {
      std::vector<Digest> copy = digests;
      EXPECT_EQ(hex(tree_root(copy, threads)), expected) << n;
    }
  }
}

TEST(MerkleTree, ALeafIsNeverANode) {
  MerkleTree two;
  two.add_leaf("a");
  two.add_leaf("b");
  MerkleTree forged;
  Sha256 hasher;
  hasher.update("\x00"s + "a");
  const Digest left = hasher.finish();
  hasher.update("\x00"s + "b");
  const Digest right = hasher.finish();
  forged.add_leaf(std::string(view(left)) + std::string(view(right)));
  EXPECT_NE(hex(two.root()), hex(forged.root()));
}

// "+sVC…=" to "fac542…".
std::string hex_of_base64(const std::string& text) {
  const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  Digest out{};
  std::size_t bits = 0;
  for (const char c : text) {
    const std::size_t value = digits.find(c);
    if (value == std::string::npos) break;
    for (int i = 5; i >= 0; --i, ++bits) {
      if ((value >> i & 1) != 0 && bits < 256)
        out[bits / 8] |= static_cast<std::uint8_t>(128 >> bits % 8);
    }
  }
  return hex(out);
}

// The public proofs name roots of trees over the same eight leaves.
TEST(MerkleTree, AgreesWithPublicTestData) {
  const char* const fixtures = std::getenv("QZ_FIXTURES");
  if (fixtures == nullptr) GTEST_SKIP() << "QZ_FIXTURES is not set";
  const std::filesystem::path folder = std::filesystem::path(fixtures) / "merkle" / "testdata";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " does not exist";
  const std::pair<const char*, const char*> kSizeAndRoot[] = {
      {"size1", "root1"}, {"size2", "root2"}, {"treeSize", "root"}};
  int compared = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (file.path().filename() != "happy-path.json") continue;
    std::ifstream in(file.path());
    const std::string bytes((std::istreambuf_iterator<char>(in)), {});
    const auto document = text::parse_json(bytes, file.path().string());
    ASSERT_TRUE(document);
    for (const auto& [size_name, root_name] : kSizeAndRoot) {
      const text::JsonValue* const size = document->find(size_name);
      const text::JsonValue* const root = document->find(root_name);
      if (size == nullptr || root == nullptr || size->text.size() != 1) continue;
      const std::size_t n = static_cast<std::size_t>(size->text[0] - '0');
      if (n == 0 || n > 8) continue;
      EXPECT_EQ(hex_of_base64(root->text), kRoots[n]) << file.path();
      ++compared;
    }
  }
  EXPECT_GT(compared, 5);
}

}  // namespace
}  // namespace qz::seal
