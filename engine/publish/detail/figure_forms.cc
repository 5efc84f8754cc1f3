// The order of members and attributes is that of the writers of single leaves; a test holds them
// together.

#include "publish/detail/figure_forms.h"

#include <string_view>

#include "seal/figure_leaves.h"
#include "text/json.h"
#include "text/xml.h"

namespace qz::publish::detail {
namespace {

using seal::Figure;
using seal::Figures;

// Calls `make_key` where a figure's row is another than that of the figure before.
template <class MakeKey, class Write>
void each_figure(const Figures& figures, const MakeKey& make_key, const Write& write) {
  const Figure* before = nullptr;
  for (const Figure& figure : figures.figures) {
    if (before == nullptr || before->key != figure.key || before->frame->key != figure.frame->key)
      make_key(figure);
    before = &figure;
    write(figure);
  }
}

void append_attribute(std::string& out, std::string_view name, std::string_view value) {
  out += ' ';
  out += name;
  out += "=\"";
  text::append_xml_attribute(out, value);
  out += '"';
}

}  // namespace

void JsonFigures::form(const Figures& figures, std::string& out) {
  const auto make_key = [&](const Figure& figure) {
    key_.clear();
    const KeyParts& parts = parts_of(*figure.frame->key);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const seal::Text& value = figures.keys[figure.key + i];
      key_ += parts[i];
      seal::append_json_text(key_, figures.text(value), value.plain);
    }
    key_ += parts.empty() ? "{}" : "}";
  };
  each_figure(figures, make_key, [&](const Figure& figure) {
    const FrameParts& frame = parts_of(*figure.frame);
    out += frame.before_key;
    out += key_;
    out += frame.before_value;
    if (frame.has_value) {
      seal::append_json_text(out, figures.text(figure.value), figure.value.plain);
    } else {
      out += "null";
    }
    out += frame.after_value;
  });
}

const JsonFigures::FrameParts& JsonFigures::parts_of(const seal::Frame& frame) {
  return frames_.of(frame.number, [&](FrameParts& parts) {
    const seal::Entry& shared = frame.shared;
    parts.has_value = shared.value.has_value();
    parts.before_key = ",\n{\"table\":";
    text::append_json_string(parts.before_key, shared.table);
    parts.before_key += ",\"key\":";
    parts.before_value = ",\"column\":";
    text::append_json_string(parts.before_value, shared.column);
    parts.before_value += ",\"value\":";
    const auto member = [&](std::string_view quoted, std::string_view value) {
      parts.after_value += quoted;
      text::append_json_string(parts.after_value, value);
    };
    if (shared.unit) member(",\"unit\":", *shared.unit);
    if (!shared.rule.empty()) member(",\"rule\":", shared.rule);
    if (!shared.cite.empty()) member(",\"cite\":", shared.cite);
    if (!shared.how.empty()) member(",\"how\":", shared.how);
    if (!shared.error.empty()) member(",\"error\":", shared.error);
    parts.after_value += '}';
  });
}

const JsonFigures::KeyParts& JsonFigures::parts_of(const seal::KeyNames& key) {
  return keys_.of(key.number, [&](KeyParts& parts) {
    for (const std::string& name : key.names) {
      std::string& part = parts.emplace_back(parts.empty() ? "{" : ",");
      text::append_json_string(part, name);
      part += ':';
    }
  });
}

void XmlFigures::form(const Figures& figures, std::string& out) {
  const bool total = figures.entity == nullptr;
  const auto make_key = [&](const Figure& figure) {
    key_.clear();
    const KeyParts& parts = parts_of(*figure.frame->key);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const seal::Text& value = figures.keys[figure.key + i];
      key_ += parts[i];
      if (value.size == 0) {
        key_ += "/>";
        continue;
      }
      key_ += '>';
      if (value.plain) {
        key_ += figures.text(value);
      } else {
        text::append_xml_text(key_, figures.text(value));
      }
      key_ += "</k>";
    }
  };
  each_figure(figures, make_key, [&](const Figure& figure) {
    const FrameParts& frame = parts_of(*figure.frame, total);
    out += frame.before_value;
    if (frame.has_value) {
      if (figure.value.plain) {
        out += figures.text(figure.value);
      } else {
        text::append_xml_attribute(out, figures.text(figure.value));
      }
      out += '"';
    }
    out += frame.after_value;
    if (key_.empty()) {
      out += "/>\n";
      return;
    }
    out += '>';
    out += key_;
    out += total ? "</total>\n" : "</entry>\n";
  });
}

const XmlFigures::FrameParts& XmlFigures::parts_of(const seal::Frame& frame, bool total) {
  seal::Prepared<FrameParts>& prepared = total ? totals_ : entries_;
  return prepared.of(frame.number, [&](FrameParts& parts) {
    const seal::Entry& shared = frame.shared;
    parts.has_value = shared.value.has_value();
    parts.before_value = total ? "<total" : "<entry";
    append_attribute(parts.before_value, "table", shared.table);
    append_attribute(parts.before_value, "column", shared.column);
    if (parts.has_value) parts.before_value += " value=\"";
    if (shared.unit) append_attribute(parts.after_value, "unit", *shared.unit);
    if (!shared.rule.empty()) append_attribute(parts.after_value, "rule", shared.rule);
    if (!shared.cite.empty()) append_attribute(parts.after_value, "cite", shared.cite);
    if (!shared.how.empty()) append_attribute(parts.after_value, "how", shared.how);
    if (!shared.error.empty()) append_attribute(parts.after_value, "error", shared.error);
  });
}

const XmlFigures::KeyParts& XmlFigures::parts_of(const seal::KeyNames& key) {
  return keys_.of(key.number, [&](KeyParts& parts) {
    for (const std::string& name : key.names) {
      append_attribute(parts.emplace_back("<k"), "n", name);
    }
  });
}

}  // namespace qz::publish::detail
