// Reading trusts nothing and checks little: the caller writes the leaf again and compares.

#include "publish/detail/leaf_xml.h"

#include <charconv>
#include <cstdint>

#include "publish/detail/limits.h"
#include "text/xml.h"

namespace qz::publish::detail {
namespace {

void append_attribute(std::string& out, std::string_view name, std::string_view value) {
  out += ' ';
  out += name;
  out += "=\"";
  text::append_xml_attribute(out, value);
  out += '"';
}

void append_optional(std::string& out, std::string_view name, std::string_view value) {
  if (!value.empty()) append_attribute(out, name, value);
}

// <element attribute="name">content</element>
void append_named(std::string& out, std::string_view element, std::string_view attribute,
                  std::string_view name, std::string_view content) {
  out += '<';
  out += element;
  append_attribute(out, attribute, name);
  if (content.empty()) {
    out += "/>";
    return;
  }
  out += '>';
  text::append_xml_text(out, content);
  out += "</";
  out += element;
  out += '>';
}

// Takes an element apart, from its name to its end.
class ElementCursor {
 public:
  explicit ElementCursor(std::string_view line) : rest_(line) {}

  bool take(std::string_view token) {
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }
  // Everything before `stop`, unescaped; `stop` is taken too.
  bool text_until(char stop, std::string& out) {
    const std::size_t end = rest_.find(stop);
    if (end == std::string_view::npos) return false;
    std::optional<std::string> text = unescaped_xml(rest_.substr(0, end));
    if (!text) return false;
    out = std::move(*text);
    rest_.remove_prefix(end + 1);
    return true;
  }
  // ` name="value"` for each attribute; `take_one(name, value)` is false where there is none of it.
  template <class TakeOne>
  bool attributes(const TakeOne& take_one) {
    std::string value;
    while (take(" ")) {
      const std::size_t end = rest_.find('=');
      if (end == std::string_view::npos) return false;
      const std::string_view name = rest_.substr(0, end);
      rest_.remove_prefix(end + 1);
      if (!take("\"") || !text_until('"', value) || !take_one(name, value)) return false;
    }
    return true;
  }
  // What follows `<element attribute="`: a name and a text.
  bool named(std::string_view element, std::string& name, std::string& content) {
    content.clear();
    if (!text_until('"', name)) return false;
    if (take("/>")) return true;
    return take(">") && text_until('<', content) && take("/") && take(element) && take(">");
  }
  bool key(base::Key& out) {
    while (take("<k n=\"")) {
      auto& [name, value] = out.emplace_back();
      if (out.size() > kKeyNamesMax || !named("k", name, value)) return false;
      for (std::size_t i = 0; i + 1 < out.size(); ++i) {
        if (out[i].first == name) return false;
      }
    }
    return true;
  }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

std::string* figure_text(seal::Entry& out, std::string_view name) {
  if (name == "table") return &out.table;
  if (name == "column") return &out.column;
  if (name == "value") return &out.value.emplace();
  if (name == "unit") return &out.unit.emplace();
  if (name == "rule") return &out.rule;
  if (name == "cite") return &out.cite;
  if (name == "how") return &out.how;
  return name == "error" ? &out.error : nullptr;
}

std::string* finding_text(base::Finding& out, std::string_view name) {
  if (name == "code") return &out.code;
  if (name == "table") return &out.table;
  if (name == "column") return &out.column;
  if (name == "file") return &out.place.file;
  return name == "cite" ? &out.cite : nullptr;
}

bool take_finding_attribute(base::Finding& out, std::string_view name, std::string& value) {
  if (name == "severity") {
    for (const base::Severity one :
         {base::Severity::kInfo, base::Severity::kWarning, base::Severity::kError}) {
      out.severity = one;
      if (base::severity_name(one) == value) return true;
    }
    return false;
  }
  if (name == "line") {
    const char* const end = value.data() + value.size();
    const auto [stop, error] = std::from_chars(value.data(), end, out.place.line);
    return error == std::errc() && stop == end;
  }
  std::string* const text = finding_text(out, name);
  if (text != nullptr) text->swap(value);
  return text != nullptr;
}

}  // namespace

void append_xml_position(std::string& out, const seal::Position& position) {
  out += "<position";
  append_attribute(out, "instrument", position.instrument);
  append_attribute(out, "lot", position.lot);
  append_attribute(out, "state", position.state);
  append_attribute(out, "quantity", position.quantity);
  append_attribute(out, "unit", position.unit);
  out += "/>\n";
}

void append_xml_finding(std::string& out, const base::Finding& finding) {
  out += "<finding";
  append_attribute(out, "code", finding.code);
  append_attribute(out, "severity", base::severity_name(finding.severity));
  append_optional(out, "table", finding.table);
  append_optional(out, "column", finding.column);
  append_optional(out, "file", finding.place.file);
  if (finding.place.line != 0) append_attribute(out, "line", std::to_string(finding.place.line));
  append_optional(out, "cite", finding.cite);
  const base::Bilingual& message = finding.message;
  if (finding.key.empty() && message.en.empty() && message.zh.empty()) {
    out += "/>\n";
    return;
  }
  out += '>';
  for (const auto& [name, value] : finding.key) append_named(out, "k", "n", name, value);
  if (!message.en.empty()) append_named(out, "message", "lang", "en", message.en);
  if (!message.zh.empty()) append_named(out, "message", "lang", "zh", message.zh);
  out += "</finding>\n";
}

std::optional<std::string> unescaped_xml(std::string_view written) {
  struct Escape {
    std::string_view written;
    char meant;
  };
  constexpr Escape kEscapes[] = {{"&amp;", '&'},  {"&lt;", '<'},   {"&gt;", '>'},  {"&quot;", '"'},
                                 {"&#x9;", '\t'}, {"&#xA;", '\n'}, {"&#xD;", '\r'}};
  std::string out;
  for (;;) {
    const std::size_t plain = written.find('&');
    out += written.substr(0, plain);
    if (plain == std::string_view::npos) break;
    written.remove_prefix(plain);
    const Escape* found = nullptr;
    for (const Escape& one : kEscapes) {
      if (written.starts_with(one.written)) found = &one;
    }
    if (found == nullptr) return std::nullopt;
    out += found->meant;
    written.remove_prefix(found->written.size());
  }
  if (!text::is_xml_text(out)) return std::nullopt;
  return out;
}

bool read_xml_figure(std::string_view line, seal::Entry& out) {
  out = {};
  ElementCursor in(line);
  if (!in.take("<entry") && !in.take("<total")) return false;
  const auto take_one = [&](std::string_view name, std::string& value) {
    std::string* const text = figure_text(out, name);
    if (text != nullptr) text->swap(value);
    return text != nullptr;
  };
  if (!in.attributes(take_one)) return false;
  if (in.take("/>")) return in.at_end();
  return in.take(">") && in.key(out.key) && (in.take("</entry>") || in.take("</total>")) &&
         in.at_end();
}

bool read_xml_position(std::string_view line, seal::Position& out) {
  out = {};
  ElementCursor in(line);
  const auto take_one = [&](std::string_view name, std::string& value) {
    std::string* const text = name == "instrument" ? &out.instrument
                              : name == "lot"      ? &out.lot
                              : name == "state"    ? &out.state
                              : name == "quantity" ? &out.quantity
                              : name == "unit"     ? &out.unit
                                                   : nullptr;
    if (text != nullptr) text->swap(value);
    return text != nullptr;
  };
  return in.take("<position") && in.attributes(take_one) && in.take("/>") && in.at_end();
}

bool read_xml_finding(std::string_view line, base::Finding& out) {
  out = {};
  ElementCursor in(line);
  const auto take_one = [&](std::string_view name, std::string& value) {
    return take_finding_attribute(out, name, value);
  };
  if (!in.take("<finding") || !in.attributes(take_one)) return false;
  if (in.take("/>")) return in.at_end();
  if (!in.take(">") || !in.key(out.key)) return false;
  std::string lang;
  while (in.take("<message lang=\"")) {
    std::string content;
    if (!in.named("message", lang, content)) return false;
    (lang == "en" ? out.message.en : out.message.zh) = std::move(content);
  }
  return in.take("</finding>") && in.at_end();
}

}  // namespace qz::publish::detail
