// The hash itself: vectors of FIPS 180-4, and one hasher used again and again.

#include "seal/sha256.h"

#include <gtest/gtest.h>

namespace qz::seal {
namespace {

struct HashCase {
  const char* name;
  std::string bytes;
  const char* expected;
};

const HashCase kHashCases[] = {
    {"Empty", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"OneBlock", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"TwoBlocks", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"AMillionLetters", std::string(1000000, 'a'),
     "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
};

class Sha256Test : public testing::TestWithParam<HashCase> {};

TEST_P(Sha256Test, GivesThePublishedDigest) {
  EXPECT_EQ(sha256_hex(GetParam().bytes), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Table, Sha256Test, testing::ValuesIn(kHashCases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Sha256, PiecesGiveWhatTheWholeGives) {
  Sha256 hasher;
  hasher.update("a");
  hasher.update("");
  hasher.update("bc");
  EXPECT_EQ(hex(hasher.finish()), sha256_hex("abc"));
}

TEST(Sha256, StartsAnewAfterEachDigest) {
  Sha256 hasher;
  for (int i = 0; i < 3; ++i) {
    hasher.update("abc");
    EXPECT_EQ(hex(hasher.finish()), sha256_hex("abc"));
  }
  EXPECT_EQ(hex(hasher.finish()), sha256_hex(""));
}

}  // namespace
}  // namespace qz::seal
