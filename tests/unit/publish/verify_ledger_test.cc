// Verification: what a ledger's files must not survive.

#include "publish/verify_ledger.h"

#include <gtest/gtest.h>

#include "publish/detail/quick_verify.h"
#include "unit/publish/sample_ledger.h"

namespace qz::publish {
namespace {

// By the strict way, with which the quick one must agree.
std::string code_of(const std::string& bytes) {
  const base::Result<seal::Seal> result = verify_ledger(bytes, "l");
  if (const auto quick = detail::quick_verify(bytes, 1)) {
    EXPECT_TRUE(result) << "only the quick way accepts " << bytes;
    if (result) {
      EXPECT_EQ(quick->seal.root, result->root);
    }
  }
  return result ? "good" : result.failure().code;
}

std::string changed(std::string bytes, const std::string& from, const std::string& to) {
  const std::size_t at = bytes.find(from);
  if (at == std::string::npos) return "no such text: " + from;
  return bytes.replace(at, from.size(), to);
}

TEST(VerifyLedger, AcceptsBothFilesWithOneRoot) {
  const seal::Seal seal = give(sample_ledger(), {});
  for (const std::string& bytes : {as_json(sample_ledger()), as_xml(sample_ledger())}) {
    const base::Result<seal::Seal> result = verify_ledger(bytes, "l");
    ASSERT_TRUE(result) << base::finding_line(result.failure(), "en");
    EXPECT_EQ(result->root, seal.root);
    EXPECT_EQ(result->leaves, seal.leaves);
  }
}

// Else the strict way would answer for it, and no test would see the difference.
TEST(VerifyLedger, WhatIsWrittenIsVerifiedQuickly) {
  const seal::Seal seal = give(sample_ledger(), {});
  for (const std::string& bytes : {as_json(sample_ledger()), as_xml(sample_ledger())}) {
    const auto quick = detail::quick_verify(bytes, 2);
    ASSERT_TRUE(quick) << bytes;
    EXPECT_EQ(quick->seal.root, seal.root);
    EXPECT_EQ(quick->header.job, "sample");
  }
}

// Rows that share a shape and rows that do not, in more chunks than one, with texts that need
// escapes in either form.
Ledger many_rows() {
  Ledger ledger = sample_ledger();
  const char* const texts[] = {"1", "", "a\"b", "<&>", "\\", "烟煤", "\t", "😀", "x > y"};
  for (int i = 0; i < 20000; ++i) {
    seal::Entry entry = ledger.entities[0].entries[0];
    entry.key[0].second = std::to_string(i);
    entry.key[1].second = texts[i % 9];
    if (i % 7 == 0) entry.value = texts[i % 5];
    if (i % 11 == 0) entry.unit.reset();
    if (i % 13 == 0) entry.cite = std::string(texts[i % 9]);
    if (i % 17 == 0) entry.value.reset();
    ledger.entities[static_cast<std::size_t>(i % 2)].entries.push_back(entry);
    entry.table = "s";
    if (i % 3 == 0) ledger.totals.push_back(entry);
  }
  ledger.entities[1].entries.erase(ledger.entities[1].entries.begin());
  for (int i = 0; i < 3000; ++i) {
    ledger.entities[0].findings.push_back(ledger.entities[0].findings[0]);
    ledger.entities[0].positions.push_back({"I", std::to_string(i), "s \"&\"", "1", "t"});
  }
  return ledger;
}

TEST(VerifyLedger, ManyRowsAreVerifiedQuicklyByAnyNumberOfThreads) {
  const Ledger ledger = many_rows();
  const seal::Seal seal = give(ledger, {});
  for (const std::string& bytes : {as_json(ledger), as_xml(ledger)}) {
    ASSERT_TRUE(verify_ledger(bytes, "l"));
    for (const int threads : {1, 2, 5}) {
      const auto quick = detail::quick_verify(bytes, threads);
      ASSERT_TRUE(quick);
      EXPECT_EQ(quick->seal.root, seal.root);
      EXPECT_EQ(quick->seal.leaves, seal.leaves);
    }
  }
}

// In the middle of rows whose shape is known, too.
TEST(VerifyLedger, FlippedBytesAmongManyRowsAreRefused) {
  Ledger ledger = many_rows();
  ledger.entities[0].entries.resize(18);
  ledger.entities[1].entries.resize(18);
  ledger.entities[0].findings.resize(2);
  ledger.entities[0].positions.resize(2);
  ledger.totals.resize(5);
  for (const std::string& good : {as_json(ledger), as_xml(ledger)}) {
    ASSERT_TRUE(detail::quick_verify(good, 1));
    std::string bytes = good;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const char before = bytes[i];
      for (const int mask : {0x01, 0x02, 0x80}) {
        bytes[i] = static_cast<char>(before ^ mask);
        ASSERT_FALSE(detail::quick_verify(bytes, 1)) << "byte " << i << ", mask " << mask;
      }
      bytes[i] = before;
      if (i % 11 != 0) continue;
      ASSERT_FALSE(detail::quick_verify(good.substr(0, i) + good.substr(i + 1), 1)) << i;
      ASSERT_FALSE(detail::quick_verify(good.substr(0, i) + good[i] + good.substr(i), 1)) << i;
      ASSERT_FALSE(detail::quick_verify(good.substr(0, i), 1)) << i;
    }
  }
}

// What is sealed by a root of its own but is written in another way is left to the strict way,
// which tells why it is no ledger.
TEST(VerifyLedger, QuicklyMeansTheSameVerdict) {
  const std::string json = as_json(sample_ledger());
  for (const std::string& bytes :
       {json, as_xml(sample_ledger()), " " + json, changed(json, "2044.78", "2044\\u002e78"),
        changed(json, "2044.78", "2044.79"), json.substr(0, 900)}) {
    const base::Result<seal::Seal> strict = verify_ledger(bytes, "l");
    const base::Result<VerifiedLedger> quick = verify_ledger_quickly(bytes, "l", 2);
    ASSERT_EQ(static_cast<bool>(strict), static_cast<bool>(quick)) << bytes;
    if (strict) {
      EXPECT_EQ(strict->root, quick->seal.root);
      continue;
    }
    EXPECT_EQ(strict.failure().code, quick.failure().code);
    EXPECT_EQ(strict.failure().place.line, quick.failure().place.line);
  }
}

TEST(VerifyLedger, GivesTheLeavesOn) {
  std::string json;
  JsonLedgerWriter writer([&json](std::string_view bytes) { json += bytes; });
  ASSERT_TRUE(verify_ledger(as_xml(sample_ledger()), "l", &writer));
  EXPECT_EQ(json, as_json(sample_ledger()));
}

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

// Every byte, changed in several ways; only white space that stays white space is free, and that
// only between JSON tokens, of which the sample has none inside strings at line breaks.
void expect_every_flip_refused(const std::string& good, bool space_is_free) {
  std::string bytes = good;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char before = bytes[i];
    for (const int mask : {0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0x2A, 0x7F, 0xFF}) {
      bytes[i] = static_cast<char>(before ^ mask);
      if (space_is_free && before == '\n' && is_space(bytes[i])) continue;
      ASSERT_NE(code_of(bytes), "good") << "byte " << i << ", mask " << mask;
    }
    bytes[i] = before;
  }
}

TEST(VerifyLedger, EveryFlippedBitOfJsonIsRefused) {
  expect_every_flip_refused(as_json(sample_ledger()), true);
}

TEST(VerifyLedger, EveryFlippedBitOfXmlIsRefused) {
  expect_every_flip_refused(as_xml(sample_ledger()), false);
}

// Every byte doubled, and every byte left out.
TEST(VerifyLedger, EveryInsertedAndDroppedByteIsRefused) {
  for (const std::string& good : {as_json(sample_ledger()), as_xml(sample_ledger())}) {
    const bool space_is_free = good[0] == '{';
    for (std::size_t i = 0; i < good.size(); ++i) {
      if (space_is_free && good[i] == '\n') continue;
      ASSERT_NE(code_of(good.substr(0, i) + good[i] + good.substr(i)), "good") << i;
      ASSERT_NE(code_of(good.substr(0, i) + good.substr(i + 1)), "good") << i;
    }
  }
}

TEST(VerifyLedger, TruncatedAtEveryLengthIsRefused) {
  for (const std::string& good : {as_json(sample_ledger()), as_xml(sample_ledger())}) {
    const std::size_t whole = good[0] == '{' ? good.size() - 1 : good.size();
    for (std::size_t n = 0; n < whole; ++n) ASSERT_NE(code_of(good.substr(0, n)), "good") << n;
  }
}

TEST(VerifyLedger, WhiteSpaceBetweenJsonTokensIsFree) {
  const std::string good = as_json(sample_ledger());
  std::string loose;
  bool in_string = false;
  for (std::size_t i = 0; i < good.size(); ++i) {
    if (good[i] == '"' && good[i - 1] != '\\') in_string = !in_string;
    loose += good[i];
    if (!in_string && std::string_view("{}[]:,").find(good[i]) != std::string_view::npos) {
      loose += " \r\n\t";
    }
  }
  EXPECT_EQ(code_of(" \n" + loose), "good");
  EXPECT_EQ(code_of(good.substr(0, good.size() - 1)), "good");
}

struct ChangeCase {
  const char* name;
  const char* from;
  const char* to;
  const char* expected;
};

const ChangeCase kChangeCases[] = {
    // What is said.
    {"Value", "2044.78", "2044.79", "seal-mismatch"},
    {"TrailingZero", "2044.78", "2044.780", "seal-mismatch"},
    {"Entity", "{\"entity\":\"A\"", "{\"entity\":\"B\"", "seal-mismatch"},
    {"NullToEmpty", "\"value\":null", "\"value\":\"\"", "seal-mismatch"},
    {"SourceDigest", "aaaa", "aaab", "seal-mismatch"},
    {"Line", "\"line\":14", "\"line\":15", "seal-mismatch"},
    {"ZeroLine", "\"line\":14", "\"line\":0", "seal-mismatch"},
    {"FindingSeverity", "\"warning\"", "\"info\"", "seal-mismatch"},
    {"LeafCount", "\"leaves\":8", "\"leaves\":9", "seal-mismatch"},
    {"Total", "\"sum\"", "\"som\"", "seal-mismatch"},
    // How it is said.
    {"EscapedLetter", "\"2044.78\"", "\"2044\\u002e78\"", "not-canonical"},
    {"EscapedSlash", "p.a@1/t.E", "p.a@1\\/t.E", "not-canonical"},
    {"EscapedCjk", "烟煤", "\\u70df\\u7164", "not-canonical"},
    {"SubjectNeedsNoWords", "\"as_of\":\"2023-12-31\",",
     "\"as_of\":\"2023-12-31\",\"subject\":\"entity\",", "not-canonical"},
    {"EmptyPins", "\"pins\":[\"p.a@1\"],", "\"pins\":[],", "seal-mismatch"},
    {"KeyReordered", "{\"unit\":\"1\",\"fuel\":\"烟煤\"", "{\"fuel\":\"烟煤\",\"unit\":\"1\"",
     "not-canonical"},
};

class ChangedSealTest : public testing::TestWithParam<ChangeCase> {};

TEST_P(ChangedSealTest, IsRefused) {
  const std::string bytes = changed(as_json(sample_ledger()), GetParam().from, GetParam().to);
  EXPECT_EQ(code_of(bytes), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Table, ChangedSealTest, testing::ValuesIn(kChangeCases),
                         [](const auto& row) { return std::string(row.param.name); });

// The same list written with empty pins seals as one without: only the rewriting tells.
TEST(VerifyLedger, AnEmptyListThatIsLeftOutIsNotCanonical) {
  Ledger ledger = sample_ledger();
  ledger.header.pins.clear();
  EXPECT_EQ(code_of(changed(as_json(ledger), "\"sources\":", "\"pins\":[],\"sources\":")),
            "not-canonical");
}

TEST(VerifyLedger, SaysWhereTheWritingDiffers) {
  const std::string bytes = changed(as_json(sample_ledger()), "\"2044.78\"", "\"2044\\u002e78\"");
  const base::Result<seal::Seal> result = verify_ledger(bytes, "l.json");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.failure().place.line, 4u);
}

TEST(VerifyLedger, XmlIsComparedByteByByte) {
  const std::string good = as_xml(sample_ledger());
  EXPECT_EQ(code_of(changed(good, "tCO2\"/>", "tCO2\"></position>")), "not-canonical");
  EXPECT_EQ(code_of(changed(good, "\n<position", "\n\n<position")), "not-canonical");
  EXPECT_EQ(code_of(changed(good, "\"UTF-8\"?>\n", "\"UTF-8\"?>\r\n")), "not-canonical");
  EXPECT_EQ(code_of(changed(good, "2044.78", "2044&#x2E;78")), "not-canonical");
  EXPECT_EQ(code_of(changed(good, "2044.78", "2044.79")), "seal-mismatch");
  EXPECT_EQ(code_of(changed(good, "leaves=\"8\"", "leaves=\"7\"")), "seal-mismatch");
}

// Leaves that change places change the root, even where each says the same as before.
TEST(VerifyLedger, LeavesKeepTheirOrder) {
  Ledger ledger = sample_ledger();
  const std::string root = give(ledger, {}).root;
  std::swap(ledger.entities[0].entries[0], ledger.entities[0].entries[1]);
  std::string forged = as_json(ledger);
  const std::string own_root = give(ledger, {}).root;
  EXPECT_NE(root, own_root);
  EXPECT_EQ(code_of(changed(forged, own_root, root)), "seal-mismatch");
}

TEST(VerifyLedger, NeitherJsonNorXmlIsRefused) {
  for (const char* bytes :
       {"", " ", "<", "{", "<a/>", "[]", "\xFF\xFE<", "<?xml version=\"1.0\"?>"}) {
    EXPECT_NE(code_of(bytes), "good") << bytes;
  }
}

}  // namespace
}  // namespace qz::publish
