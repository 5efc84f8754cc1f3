// Philox4x32-10 against the published answers, and streams against an independent calculation.

#include "whatif/philox.h"

#include <gtest/gtest.h>

#include <string>

namespace qz::whatif {
namespace {

struct PublishedCase {
  const char* name;
  PhiloxCounter counter;
  PhiloxKey key;
  PhiloxCounter expected;
};

// The lines "philox4x32 10" of the authors' tests/kat_vectors (Random123).
const PublishedCase kPublished[] = {
    {"Zeros", {0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
    {"Ones",
     {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
     {0xffffffff, 0xffffffff},
     {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
    {"DigitsOfPi",
     {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
     {0xa4093822, 0x299f31d0},
     {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
};

class Published : public testing::TestWithParam<PublishedCase> {};

TEST_P(Published, Answer) {
  EXPECT_EQ(philox(GetParam().counter, GetParam().key), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Philox, Published, testing::ValuesIn(kPublished),
                         [](const auto& row) { return std::string(row.param.name); });

struct StreamCase {
  const char* name;
  const char* stream;
  const char* group;
  std::uint32_t sample;
  std::uint64_t seed;
  std::uint64_t expected;
};

// From a calculation in Python with its own SHA-256.
const StreamCase kStreams[] = {
    {"First", "lab", "", 0, 1, 0xa1110f46698ae15a},
    {"OtherSeed", "lab", "", 0, 0xffffffffffffffff, 0x6dc0406b559d9e10},
    {"NextSample", "lab", "", 1, 1, 0x201749bc38a57dfb},
    {"OtherGroup", "lab", "A", 0, 1, 0x897249a32a960cdc},
    {"OtherName", "meter",
     "A\x1f"
     "2022-01",
     0, 1, 0xe03ee85e9376cdf1},
    {"LastSample", "meter",
     "A\x1f"
     "2022-01",
     0xffffffff, 1, 0xf8bed2b197761c12},
};

class Streams : public testing::TestWithParam<StreamCase> {};

TEST_P(Streams, Bits) {
  const StreamCase& c = GetParam();
  EXPECT_EQ(DrawStream(c.seed, c.stream, c.group).bits(c.sample), c.expected);
}

INSTANTIATE_TEST_SUITE_P(DrawStream, Streams, testing::ValuesIn(kStreams),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace qz::whatif
