// The scan against a plain loop over the bytes, in both forms.

#include "text/csv_index.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace qz::text {
namespace {

struct Plain {
  std::vector<std::uint32_t> ends;
  std::size_t lines = 0;
  bool quote = false, returns = false, control = false, high = false;
};

Plain plain_index(std::string_view text) {
  Plain out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == ',' || c == '\n') out.ends.push_back(static_cast<std::uint32_t>(i));
    if (c == '\n') ++out.lines;
    if (c == '"') out.quote = true;
    if (c >= 0x80) out.high = true;
    if (c == '\r') {
      out.returns = true;
      if (i + 1 == text.size() || text[i + 1] != '\n') out.control = true;
    } else if ((c < 0x20 && c != '\n') || c == 0x7F) {
      out.control = true;
    }
  }
  return out;
}

void expect_same(const std::string& text) {
  const Plain plain = plain_index(text);
  CsvIndex index;
  for (const ScanForm form : {ScanForm::kWords, best_scan()}) {
    // A copy of its own size, so that a read beyond it is found by the sanitizers.
    const std::vector<char> copy(text.begin(), text.end());
    index_csv({copy.data(), copy.size()}, form, index);
    ASSERT_EQ(index.count, plain.ends.size());
    EXPECT_EQ(index.ends[0], 0xffffffffu);
    EXPECT_TRUE(std::equal(plain.ends.begin(), plain.ends.end(), index.ends.begin() + 1));
    EXPECT_EQ(index.lines, plain.lines);
    EXPECT_EQ(index.has_quote, plain.quote);
    EXPECT_EQ(index.has_return, plain.returns);
    EXPECT_EQ(index.has_control, plain.control);
    EXPECT_EQ(index.beyond_ascii, plain.high);
  }
}

TEST(CsvIndex, EveryByteAtEveryPlaceOfABlock) {
  for (int c = 0; c < 256; ++c) {
    for (const std::size_t at : {0, 1, 7, 8, 31, 32, 63, 64, 65, 127, 130}) {
      std::string text(131, 'x');
      text[at] = static_cast<char>(c);
      expect_same(text);
    }
  }
}

TEST(CsvIndex, ReturnsBeforeLineEndsAcrossBlocks) {
  for (std::size_t size = 60; size < 70; ++size) {
    expect_same(std::string(size, 'a') + "\r\n" + "b,c\r\n");
    expect_same(std::string(size, 'a') + "\r" + "b,c\n");
    expect_same(std::string(size, 'a') + "\r");
    expect_same(std::string(size, ','));
    expect_same(std::string(size, '\n'));
  }
  expect_same("");
}

RC_GTEST_PROP(CsvIndex, BothFormsAreTheLoop, ()) {
  const auto usual = rc::gen::elementOf(std::string("ab1.,,\n"));
  const auto any = rc::gen::arbitrary<char>();
  const auto odd = rc::gen::elementOf(std::string("\r\"\n\x7F\t,"));
  expect_same(*rc::gen::container<std::string>(
      rc::gen::weightedOneOf<char>({{30, usual}, {1, any}, {1, odd}})));
  RC_ASSERT(!testing::Test::HasFailure());
}

}  // namespace
}  // namespace qz::text
