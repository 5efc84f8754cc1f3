// XML out and in: what is written is read back, and a schema is kept.

#include "text/xml.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <stdexcept>
#include <string>
#include <thread>

#include "base/finding.h"
#include "text/encoding.h"

namespace qz::text {
namespace {

// What a handler hears, as one text.
class Listener final : public XmlHandler {
 public:
  bool start(const std::string& name, const Attributes& attributes, std::uint32_t line) override {
    story += "<" + name + "@" + std::to_string(line);
    for (const auto& [attribute, value] : attributes) story += " " + attribute + "=" + value;
    story += ">";
    return name != "stop";
  }
  bool characters(const std::string& text) override {
    story += "[" + text + "]";
    return true;
  }
  bool end(const std::string& name) override {
    story += "</" + name + ">";
    return true;
  }
  std::string story;
};

std::string heard(std::string_view xml, std::string_view schema = {}) {
  Listener listener;
  const base::Result<bool> result = read_xml(xml, "a.xml", listener, schema);
  return result ? listener.story : "! " + base::finding_line(result.failure(), "en");
}

template <class Write>
std::string written(Write write) {
  std::string out;
  XmlWriter writer([&out](std::string_view bytes) { out += bytes; });
  write(writer);
  writer.flush();
  return out;
}

TEST(XmlWriter, WritesElementsAttributesAndText) {
  const std::string xml = written([](XmlWriter& w) {
    w.declaration();
    w.start("ledger");
    w.attribute("name", "a & b < c > d \"e\" 'f'\t\n\r煤😀");
    w.newline();
    w.start("k");
    w.attribute("n", "unit");
    w.characters("1 < 2 & ]]> \"x\"\r\n\t煤");
    w.characters("");
    w.end();
    w.start("empty");
    w.end();
    w.newline();
    w.end();
    w.newline();
  });
  EXPECT_EQ(xml,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<ledger name=\"a &amp; b &lt; c > d &quot;e&quot; 'f'&#x9;&#xA;&#xD;煤😀\">\n"
            "<k n=\"unit\">1 &lt; 2 &amp; ]]&gt; \"x\"&#xD;\n\t煤</k><empty/>\n"
            "</ledger>\n");
  EXPECT_EQ(heard(xml),
            "<ledger@2 name=a & b < c > d \"e\" 'f'\t\n\r煤😀>[\n]<k@3 n=unit>[1 < 2 & ]]> "
            "\"x\"\r\n\t煤]</k><empty@4></empty>[\n]</ledger>");
}

// The writer leaves escapes to Xerces; those who write elements by themselves must escape as it
// does.
TEST(XmlWriter, EscapesAsTheFunctionsDo) {
  std::string all;
  for (int c = 1; c < 0x300; ++c) {
    std::string one;
    if (c < 0x80) {
      one = static_cast<char>(c);
    } else {
      one = {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 0x3F))};
    }
    if (is_xml_text(one)) all += one;
  }
  all += "]]> \xE2\x80\xA8 \xEF\xBF\xBD \xEE\x80\x80 \xF0\x9F\x98\x80";
  std::string written;
  XmlWriter writer([&](std::string_view bytes) { written += bytes; });
  writer.start("a");
  writer.attribute("b", all);
  writer.characters(all);
  writer.end();
  writer.flush();
  std::string expected = "<a b=\"";
  append_xml_attribute(expected, all);
  expected += "\">";
  append_xml_text(expected, all);
  EXPECT_EQ(written, expected + "</a>");
}

TEST(XmlWriter, RefusesWhatXmlCannotCarry) {
  const auto name = [](std::string_view bad) { written([&](XmlWriter& w) { w.start(bad); }); };
  EXPECT_THROW(name(""), std::logic_error);
  EXPECT_THROW(name("1a"), std::logic_error);
  EXPECT_THROW(name("FC@mode"), std::logic_error);
  EXPECT_THROW(name("a b"), std::logic_error);
  const auto value = [](std::string_view bad) {
    written([&](XmlWriter& w) {
      w.start("a");
      w.attribute("b", bad);
    });
  };
  EXPECT_THROW(value("\x01"), std::logic_error);
  EXPECT_THROW(value("\uFFFF"), std::logic_error);
  EXPECT_NO_THROW(value("\uFFFD，"));
}

TEST(XmlWriter, KeepsLittleAndLosesNothing) {
  std::size_t largest = 0;
  std::size_t total = 0;
  XmlWriter writer([&](std::string_view bytes) {
    largest = std::max(largest, bytes.size());
    total += bytes.size();
  });
  writer.start("t");
  for (int i = 0; i < 100'000; ++i) {
    writer.start("row");
    writer.attribute("a", "1000.00");
    writer.end();
  }
  writer.end();
  writer.flush();
  EXPECT_EQ(total, 3u + 1u + 4u - 1u + 100'000u * std::string("<row a=\"1000.00\"/>").size());
  EXPECT_LT(largest, 70'000u);
}

TEST(XmlReader, TellsWhatStandsThere) {
  EXPECT_EQ(heard("<a x='1' y='2'>\n <b/>t<![CDATA[<u>]]>v</a>"),
            "<a@1 x=1 y=2>[\n ]<b@2></b>[t<u>v]</a>");
  EXPECT_EQ(heard("<p:a xmlns:p='urn:x' p:b='1'/>"), "<p:a@1 xmlns:p=urn:x p:b=1></p:a>");
}

TEST(XmlReader, StopsWhereTheHandlerSays) {
  EXPECT_EQ(heard("<a>\n<stop/><<<"),
            "! a.xml:2: reading was stopped here (correct what was reported before)");
}

TEST(XmlReader, TakesCommentsOnlyWhereAllowed) {
  EXPECT_EQ(heard("<a><!-- x --></a>"),
            "! a.xml:1: a comment cannot stand in this file (remove it)");
  Listener listener;
  XmlLimits limits;
  limits.comments = true;
  EXPECT_TRUE(read_xml("<a><!-- x --></a>", "a.xml", listener, {}, limits));
}

constexpr std::string_view kSchema = R"(<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t" xmlns="urn:t"
           elementFormDefault="qualified">
  <xs:element name="table">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="row" minOccurs="0" maxOccurs="unbounded">
          <xs:complexType>
            <xs:attribute name="a" use="required">
              <xs:simpleType><xs:restriction base="xs:string">
                <xs:pattern value="[0-9]+"/>
              </xs:restriction></xs:simpleType>
            </xs:attribute>
          </xs:complexType>
        </xs:element>
      </xs:sequence>
    </xs:complexType>
  </xs:element>
</xs:schema>)";

TEST(XmlSchema, IsKept) {
  EXPECT_EQ(heard("<table xmlns='urn:t'><row a='12'/>\n</table>", kSchema),
            "<table@1 xmlns=urn:t><row@1 a=12></row>[\n]</table>");
  for (const char* bad :
       {"<table/>", "<table xmlns='urn:t'><row/></table>",
        "<table xmlns='urn:t'><row a='x'/></table>", "<table xmlns='urn:t'><line/></table>",
        "<table xmlns='urn:t'>text</table>"}) {
    Listener listener;
    const base::Result<bool> result = read_xml(bad, "a.xml", listener, kSchema);
    ASSERT_FALSE(result) << bad;
    EXPECT_EQ(result.failure().code, "breaks-schema") << bad;
    EXPECT_EQ(result.failure().place.line, 1u);
  }
}

TEST(XmlSchema, IsNotTakenFromTheFile) {
  const char* xml =
      "<table xmlns='urn:t' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' "
      "xsi:schemaLocation='urn:t file:///nowhere.xsd'><row a='1'/></table>";
  EXPECT_EQ(heard(xml, kSchema).substr(0, 6), "<table");
  EXPECT_EQ(heard(xml).substr(0, 6), "<table");
}

TEST(XmlSchema, ThatIsNoneIsAFaultOfTheProgram) {
  EXPECT_THROW(heard("<a/>", "<not-a-schema/>"), std::logic_error);
  EXPECT_THROW(heard("<a/>", "not XML"), std::logic_error);
}

TEST(XmlSchema, ServesManyThreads) {
  std::vector<std::thread> threads;
  std::vector<int> good(4, 0);
  for (std::size_t t = 0; t < good.size(); ++t) {
    threads.emplace_back([&good, t] {
      for (int i = 0; i < 50; ++i) {
        if (heard("<table xmlns='urn:t'><row a='12'/></table>", kSchema).front() == '<') ++good[t];
        if (heard("<table xmlns='urn:t'><row a='x'/></table>", kSchema).front() == '!') ++good[t];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, std::vector<int>(4, 100));
}

struct CharacterCase {
  const char* name;
  std::string text;
  bool good;
};

const CharacterCase kCharacterCases[] = {
    {"Plain", "a煤😀\t\n\r", true},      {"Zero", std::string(1, '\0'), false},
    {"Control", "\x1F", false},         {"Delete", "\x7F\u0085", true},
    {"LastCharacter", "\uFFFD", true},  {"NonCharacter", "x\uFFFE", false},
    {"NotUtf8", "\xED\xA0\x80", false},
};

class IsXmlText : public testing::TestWithParam<CharacterCase> {};

TEST_P(IsXmlText, AsXmlSays) { EXPECT_EQ(is_xml_text(GetParam().text), GetParam().good); }

INSTANTIATE_TEST_SUITE_P(Table, IsXmlText, testing::ValuesIn(kCharacterCases),
                         [](const auto& row) { return std::string(row.param.name); });

rc::Gen<std::string> any_text() {
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
                          "a", " ", "\t", "\n", "\r", "\r\n", "\"", "'", "<", ">", "&", "]]>",
                          "&amp;", "煤", "é", "😀", "\u0085", "\u2028", "\uFFFD", "，", "\x7F")),
                      [](const std::vector<std::string>& parts) {
                        std::string out;
                        for (const std::string& part : parts) out += part;
                        return out;
                      });
}

TEST(XmlProperty, AnyTextComesBack) {
  EXPECT_TRUE(rc::check([] {
    const std::string value = *any_text();
    const std::string text = *any_text();
    const std::string xml = written([&](XmlWriter& w) {
      w.declaration();
      w.start("a");
      w.attribute("名", value);
      w.characters(text);
      w.end();
    });
    std::string expected = "<a@2 名=" + value + ">";
    if (!text.empty()) expected += "[" + text + "]";
    RC_ASSERT(heard(xml) == expected + "</a>");
  }));
}

}  // namespace
}  // namespace qz::text
