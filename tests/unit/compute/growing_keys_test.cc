// Keys of files and added ones are found by what they hold, and come into one order.

#include "compute/growing_keys.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace qz::compute {
namespace {

using Keys = std::vector<std::vector<std::int32_t>>;
using table::Type;

constexpr std::int32_t kLeast = std::numeric_limits<std::int32_t>::min();
constexpr std::int32_t kMost = std::numeric_limits<std::int32_t>::max();

// A table whose key has two texts and a period.
rules::CheckedTable shape() {
  rules::CheckedTable out;
  out.key_size = 3;
  for (const Type type : {Type::kText, Type::kText, Type::kPeriod}) {
    out.columns.emplace_back().type = type;
    out.columns.back().is_key = true;
  }
  return out;
}

read::InputTable input(const Keys& keys) {
  read::InputTable out;
  out.rows = keys.size();
  out.is_context.assign(keys.size(), 0);
  const rules::CheckedTable of = shape();
  for (std::size_t i = 0; i < of.key_size; ++i) {
    out.keys.emplace_back(of.columns[i].type);
    for (const std::vector<std::int32_t>& key : keys) out.keys.back().append_id(key[i]);
  }
  return out;
}

struct OrderCase {
  const char* name;
  Keys files, added;
  std::vector<std::uint32_t> expected;  // none: as they stand
};

TEST(GrowingKeys, ComeIntoKeyOrder) {
  const std::vector<std::int32_t> ranks = {2, 0, 1, 3};  // of the texts with ids 0 … 3
  const std::vector<OrderCase> cases = {
      {"none", {}, {}, {}},
      {"in order, by rank and not by id", {{1, 0, 5}, {1, 0, 6}, {2, 0, 1}, {0, 0, 1}}, {}, {}},
      {"two neighbours", {{1, 0, 6}, {1, 0, 5}, {2, 0, 1}}, {}, {1, 0, 2}},
      {"the other way round", {{3, 1, 1}, {0, 1, 1}, {2, 1, 1}, {1, 1, 1}}, {}, {3, 2, 1, 0}},
      {"pieces apart",
       {{1, 1, 2}, {1, 1, 1}, {2, 1, 1}, {2, 1, 2}, {0, 1, 9}, {0, 1, 3}},
       {},
       {1, 0, 2, 3, 5, 4}},
      {"added rows go between", {{1, 1, 1}, {3, 1, 1}}, {{2, 1, 1}, {0, 1, 1}}, {0, 2, 3, 1}},
      {"added rows after all others", {{1, 1, 1}}, {{2, 1, 1}}, {}},
      {"the widest periods", {{3, 1, kMost}, {3, 1, kLeast}, {3, 1, 0}}, {}, {1, 2, 0}},
  };
  for (const OrderCase& one : cases) {
    const read::InputTable files = input(one.files);
    GrowingKeys keys(files, 3, nullptr);
    for (const std::vector<std::int32_t>& key : one.added) EXPECT_TRUE(keys.add(key)) << one.name;
    const std::vector<std::uint32_t> order = key_order(keys, shape(), ranks);
    EXPECT_EQ(order, one.expected) << one.name;
    const std::vector<std::int32_t> periods = keys.parts(2, order);
    for (std::size_t i = 0; i < periods.size(); ++i)
      EXPECT_EQ(periods[i], keys.part(order.empty() ? i : order[i], 2)) << one.name;
  }
}

TEST(GrowingKeys, KeysTooWideForOneNumberComeIntoOrderToo) {
  rules::CheckedTable of = shape();
  for (rules::CheckedColumn& column : of.columns) column.type = Type::kDate;
  const read::InputTable files =
      input({{kMost, kLeast, 0}, {kLeast, kMost, 0}, {kLeast, kMost, -1}, {0, 0, 0}});
  const GrowingKeys keys(files, 3, nullptr);
  EXPECT_EQ(key_order(keys, of, {}), (std::vector<std::uint32_t>{2, 1, 3, 0}));
}

TEST(GrowingKeys, AreFoundAndAddedOnce) {
  const Keys read_keys = {{1, 1, 1}, {2, 1, 1}};
  const read::InputTable files = input(read_keys);
  const auto index = std::make_shared<table::KeyIndex>(3);
  for (const std::vector<std::int32_t>& key : read_keys) index->insert(key);
  for (const bool was_read : {false, true}) {
    GrowingKeys keys(files, 3, was_read ? index : nullptr);
    const std::vector<std::int32_t> known = {2, 1, 1}, other = {3, 1, 1};
    EXPECT_EQ(keys.find(known), 1u);
    EXPECT_EQ(keys.find(other), table::kNoRow);
    EXPECT_FALSE(keys.add(known));
    EXPECT_TRUE(keys.add(other));
    EXPECT_FALSE(keys.add(other));
    EXPECT_EQ(keys.find(other), 2u);
    EXPECT_EQ(keys.part(2, 0), 3);
    EXPECT_EQ(keys.rows(), 3u);
    EXPECT_EQ(keys.file_rows(), 2u);
  }
}

}  // namespace
}  // namespace qz::compute
