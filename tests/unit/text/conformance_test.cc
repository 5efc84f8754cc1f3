// Conformance: the readers against torture files and attacks that other people collected. Each test
// counts what it has checked, so that an empty folder cannot pass.

#include <gtest/gtest.h>

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <map>
#include <set>
#include <string>

#include "text/encoding.h"
#include "text/json.h"
#include "text/xml.h"
#include "unit/text/collecting_sink.h"
#include "unit/text/fixtures.h"

namespace qz::text {
namespace {

namespace fs = std::filesystem;

// JSON text as a file gives it: bytes that are no text are refused before JSON begins.
base::Result<JsonValue> parse_file(const fs::path& path) {
  base::Result<std::string> text = to_utf8(bytes_of(path), path.filename().string());
  if (!text) return text.failure();
  return parse_json(*text, path.filename().string(), {.depth = 600});
}

TEST(Conformance, JsonTorture) {
  const fs::path folder = fixture_folder("json/test_parsing");
  if (folder.empty()) GTEST_SKIP() << "QZ_FIXTURES has no json/";
  // JSON lets a name stand twice and leaves it open what that means; here it is refused.
  const std::set<std::string> stricter = {"y_object_duplicated_key.json",
                                          "y_object_duplicated_key_and_value.json"};
  int accepted = 0;
  int refused = 0;
  int free_to_choose = 0;
  for (const fs::path& path : files_in(folder, ".json")) {
    const std::string name = path.filename().string();
    const base::Result<JsonValue> out = parse_file(path);
    if (!out) {
      EXPECT_FALSE(out.failure().message.en.empty()) << name;
      EXPECT_FALSE(out.failure().message.zh.empty()) << name;
      EXPECT_TRUE(is_clean_text(out.failure().message.en)) << name;
    }
    if (name[0] == 'i') ++free_to_choose;
    if (name[0] == 'n') {
      EXPECT_FALSE(out) << name;
      ++refused;
    }
    if (name[0] == 'y') {
      EXPECT_EQ(static_cast<bool>(out), !stricter.contains(name))
          << name << ": " << (out ? "" : base::finding_line(out.failure(), "en"));
      ++accepted;
    }
    CollectingSink sink;
    read_json_records(is_utf8(bytes_of(path)) ? bytes_of(path) : "[", name, sink);
    if (name[0] == 'n') {
      EXPECT_FALSE(sink.problems.empty()) << name;
    }
  }
  EXPECT_EQ(accepted, 95);
  EXPECT_EQ(refused, 188);
  EXPECT_EQ(free_to_choose, 35);
}

// The ECMAScript form of an IEEE number, which the product never writes: shortest digits, then the
// layout of ECMA-262 §6.1.6.1.20.
std::string ecmascript_number(const std::string& text) {
  const double value = std::strtod(text.c_str(), nullptr);
  if (value == 0) return "0";
  char buffer[64];
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific);
  std::string digits;
  std::string out = value < 0 ? "-" : "";
  const std::string scientific(buffer, end.ptr);
  const std::size_t e = scientific.find('e');
  for (const char c : scientific.substr(0, e)) {
    if (c >= '0' && c <= '9') digits += c;
  }
  const int n = std::stoi(scientific.substr(e + 1)) + 1;
  const int k = static_cast<int>(digits.size());
  if (k <= n && n <= 21) return out + digits + std::string(static_cast<std::size_t>(n - k), '0');
  if (0 < n && n <= 21) {
    return out + digits.substr(0, static_cast<std::size_t>(n)) + "." +
           digits.substr(static_cast<std::size_t>(n));
  }
  if (-6 < n && n <= 0) return out + "0." + std::string(static_cast<std::size_t>(-n), '0') + digits;
  out += digits[0];
  if (k > 1) out += "." + digits.substr(1);
  return out + (n > 0 ? "e+" : "e-") + std::to_string(n > 0 ? n - 1 : 1 - n);
}

// Replaces each number by a string that can be found again in the canonical text.
void mark_numbers(JsonValue& value, std::vector<std::pair<std::string, std::string>>& marks) {
  if (value.is(JsonValue::Kind::kNumber) && !is_canonical_integer(value.text)) {
    const std::string mark = "@@" + std::to_string(marks.size()) + "@@";
    marks.emplace_back("\"" + mark + "\"", ecmascript_number(value.text));
    value.kind = JsonValue::Kind::kString;
    value.text = mark;
  }
  for (JsonValue& item : value.items) mark_numbers(item, marks);
  for (auto& [name, member] : value.members) mark_numbers(member, marks);
}

TEST(Conformance, CanonicalJson) {
  const fs::path folder = fixture_folder("jcs/testdata");
  if (folder.empty()) GTEST_SKIP() << "QZ_FIXTURES has no jcs/";
  int checked = 0;
  int numbers = 0;
  for (const fs::path& path : files_in(folder / "input", ".json")) {
    base::Result<JsonValue> value = parse_file(path);
    ASSERT_TRUE(value) << path;
    std::vector<std::pair<std::string, std::string>> marks;
    mark_numbers(*value, marks);
    std::string canonical = canonical_json(*value);
    for (const auto& [mark, number] : marks) {
      canonical.replace(canonical.find(mark), mark.size(), number);
      ++numbers;
    }
    EXPECT_EQ(canonical, bytes_of(folder / "output" / path.filename())) << path;
    ++checked;
  }
  EXPECT_EQ(checked, 6);
  EXPECT_EQ(numbers, 6);
}

// The expected cells of one CSV file: an array of arrays (header first) or of objects.
std::vector<std::vector<std::string>> expected_rows(const JsonValue& json,
                                                    std::vector<std::string>& names) {
  std::vector<std::vector<std::string>> out;
  for (const JsonValue& row : json.items) {
    std::vector<std::string>& cells = out.emplace_back();
    std::vector<std::string> row_names;
    for (const JsonValue& cell : row.items) cells.push_back(cell.text);
    for (const auto& [name, cell] : row.members) {
      row_names.push_back(name);
      cells.push_back(cell.text);
    }
    if (!row_names.empty()) names = row_names;
  }
  if (names.empty() && !out.empty()) {
    names = out.front();
    out.erase(out.begin());
  }
  return out;
}

std::string without_blank_ends(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

void check_csv(const fs::path& csv, const fs::path& json, bool blank_ends_differ) {
  const std::string text = bytes_of(csv);
  CollectingSink sink;
  read_csv(text, csv.filename().string(), sink);
  EXPECT_TRUE(sink.problems.empty()) << sink.story();
  const base::Result<JsonValue> value = parse_json(bytes_of(json), json.filename().string());
  ASSERT_TRUE(value) << json;
  std::vector<std::string> names;
  std::vector<std::vector<std::string>> expected = expected_rows(*value, names);
  // Blanks at the ends of a bare cell are not part of it here, whatever others say.
  if (blank_ends_differ) {
    for (auto& row : expected)
      std::transform(row.begin(), row.end(), row.begin(), without_blank_ends);
  }
  if (!names.empty()) {
    EXPECT_EQ(sink.names, names) << csv;
  }
  ASSERT_EQ(sink.rows.size(), expected.size()) << csv;
  for (std::size_t i = 0; i < expected.size(); ++i)
    EXPECT_EQ(sink.rows[i].cells, expected[i]) << csv;
}

TEST(Conformance, CsvSpectrum) {
  const fs::path folder = fixture_folder("csv");
  if (folder.empty()) GTEST_SKIP() << "QZ_FIXTURES has no csv/";
  int checked = 0;
  for (const fs::path& path : files_in(folder / "csvs", ".csv")) {
    check_csv(path, folder / "json" / (path.stem().string() + ".json"), false);
    ++checked;
  }
  EXPECT_EQ(checked, 11);
}

TEST(Conformance, CsvTorture) {
  const fs::path folder = fixture_folder("csv/more");
  if (folder.empty()) GTEST_SKIP() << "QZ_FIXTURES has no csv/more";
  // A header without names is refused; that a header names the wrong columns is not for this layer
  // to know.
  const std::set<std::string> differs = {"all-empty", "bad-header-wrong-header"};
  int good = 0;
  int bad = 0;
  for (const fs::path& path : files_in(folder / "csv", ".csv")) {
    const std::string name = path.stem().string();
    const bool blanks = name == "leading-space" || name == "trailing-space";
    if (name.starts_with("bad-") != differs.contains(name)) {
      CollectingSink sink;
      read_csv(bytes_of(path), name, sink);
      EXPECT_FALSE(sink.problems.empty()) << name;
      ++bad;
    } else if (!differs.contains(name)) {
      check_csv(path, folder / "json" / (name + ".json"), blanks);
      ++good;
    }
  }
  EXPECT_EQ(good, 17);
  EXPECT_EQ(bad, 7);
}

class Counter final : public XmlHandler {
 public:
  bool start(const std::string&, const Attributes&, std::uint32_t) override {
    ++elements;
    return true;
  }
  bool characters(const std::string&) override { return true; }
  bool end(const std::string&) override { return true; }
  int elements = 0;
};

TEST(Conformance, XmlAttacks) {
  const fs::path folder = fixture_folder("xml-attacks/xmltestdata");
  if (folder.empty()) GTEST_SKIP() << "QZ_FIXTURES has no xml-attacks/";
  const std::map<std::string, std::string> expected = {
      {"cyclic.xml", "dtd-refused"},
      {"dtd.xml", "dtd-refused"},
      {"dtd_element.xml", "dtd-refused"},
      {"external.xml", "dtd-refused"},
      {"external_file.xml", "dtd-refused"},
      {"quadratic.xml", "dtd-refused"},
      {"simple-ns.xml", "malformed-xml"},  // a processing instruction
      {"simple.xml", ""},
      {"xmlbomb.xml", "dtd-refused"},
      {"xmlbomb2.xml", "dtd-refused"},
  };
  XmlLimits limits;
  limits.comments = true;
  int checked = 0;
  const auto start = std::chrono::steady_clock::now();
  for (const fs::path& path : files_in(folder, ".xml")) {
    const std::string name = path.filename().string();
    Counter counter;
    const base::Result<bool> out = read_xml(bytes_of(path), name, counter, {}, limits);
    ASSERT_TRUE(expected.contains(name)) << name;
    EXPECT_EQ(out ? "" : out.failure().code, expected.at(name)) << name;
    EXPECT_EQ(counter.elements > 0, static_cast<bool>(out)) << name;
    CollectingSink sink;
    read_xml_records(bytes_of(path), name, sink);
    EXPECT_FALSE(sink.problems.empty()) << name;
    ++checked;
  }
  EXPECT_EQ(checked, 10);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST(Conformance, ASchemaThatReachesOutIsNotFollowed) {
  const fs::path folder = fixture_folder("xml-attacks/xmltestdata");
  if (folder.empty()) GTEST_SKIP() << "QZ_FIXTURES has no xml-attacks/";
  Counter counter;
  const std::string schema = bytes_of(folder / "schema-include.xsd");
  ASSERT_FALSE(schema.empty());
  EXPECT_THROW(static_cast<void>(read_xml("<root>true</root>", "a.xml", counter, schema)),
               std::logic_error);
}

}  // namespace
}  // namespace qz::text
