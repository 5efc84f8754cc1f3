// XML records: a <table> of <row>s whose attributes are the cells.

#include <optional>

#include "text/detail/headings.h"
#include "text/detail/problems.h"
#include "text/records.h"
#include "text/xml.h"

namespace qz::text {
namespace {

using detail::Defect;

Defect wrong_element(std::string_view found, std::string_view wanted) {
  const std::string name = detail::excerpt(found);
  const std::string want(wanted);
  return {"malformed-xml",
          {"<" + name + "> cannot stand here (write <" + want + ">)",
           "此处不能写 <" + name + ">（请写 <" + want + ">）"}};
}

Defect nested_element() {
  return {"nested-value",
          {"a row has no elements inside (write its cells as attributes: <row FC=\"1000.00\"/>)",
           "<row> 内不能有元素（请把单元格写成属性：<row FC=\"1000.00\"/>）"}};
}

Defect loose_text(std::string_view text) {
  const std::string shown = detail::excerpt(text);
  return {"malformed-xml",
          {"the text \"" + shown + "\" stands between tags (write cells as attributes of <row>)",
           "标签之间有文字“" + shown + "”（请把单元格写成 <row> 的属性）"}};
}

Defect unknown_attribute(std::string_view name) {
  const std::string shown = detail::excerpt(name);
  return {"malformed-xml",
          {"<table> has no attribute \"" + shown + "\" (remove it)",
           "<table> 没有属性“" + shown + "”（请删去）"}};
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

class RowReader final : public XmlHandler {
 public:
  RowReader(const std::string& file, RecordSink& sink, const RecordLimits& limits)
      : sink_(sink),
        limits_(limits),
        problems_(sink, file, limits.problems),
        headings_(limits.columns) {}

  void finish(const base::Finding& failure) {
    if (failure.code != "stopped") problems_.add(failure);
  }

  bool start(const std::string& name, const Attributes& attributes, std::uint32_t line) override {
    line_ = line;
    switch (++depth_) {
      case 1:
        return start_table(name, attributes);
      case 2:
        return start_row(name, attributes);
      default:
        break;
    }
    // One problem for a row is enough, however much stands in it.
    if (!good_) return true;
    good_ = false;
    return problems_.add(nested_element(), line);
  }

  bool characters(const std::string& text) override {
    if (is_blank(text)) return true;
    if (depth_ > 1 && !good_) return true;
    good_ = false;
    std::string_view shown = text;
    shown.remove_prefix(shown.find_first_not_of(" \t\r\n"));
    return problems_.add(loose_text(shown), line_);
  }

  bool end(const std::string&) override {
    if (depth_-- != 2 || !good_) return true;
    return headings_.tell(sink_, out_.line) && sink_.record(out_);
  }

 private:
  bool start_table(const std::string& name, const Attributes& attributes) {
    if (name != "table") {
      problems_.add(wrong_element(name, "table"), line_);
      return false;
    }
    for (const auto& [attribute, value] : attributes) {
      if (attribute.starts_with("xmlns") || attribute.starts_with("xsi:")) continue;
      if (!problems_.add(unknown_attribute(attribute), line_)) return false;
    }
    return true;
  }

  bool start_row(const std::string& name, const Attributes& attributes) {
    good_ = name == "row";
    if (!good_) return problems_.add(wrong_element(name, "row"), line_);
    out_.line = line_;
    headings_.begin_record();
    for (std::string& value : values_) value.clear();
    for (const auto& [attribute, value] : attributes) {
      const std::optional<std::size_t> heading = headings_.find(attribute);
      if (!heading) {
        problems_.add(detail::too_many_columns(limits_.columns), line_);
        return false;
      }
      if (values_.size() < headings_.size()) values_.emplace_back();
      const std::optional<Defect> defect = defect_of(value);
      if (defect) {
        good_ = false;
        if (!problems_.add(*defect, line_, attribute)) return false;
        continue;
      }
      values_[*heading] = detail::trimmed(value);
    }
    // Views are taken when all values have their place.
    out_.cells.assign(values_.begin(), values_.end());
    return true;
  }

  std::optional<Defect> defect_of(std::string_view value) const {
    if (value.size() > limits_.cell_bytes) return detail::cell_too_large(limits_.cell_bytes);
    if (!detail::is_clean_cell(value)) return detail::control_character();
    return std::nullopt;
  }

  RecordSink& sink_;
  const RecordLimits& limits_;
  detail::Problems problems_;
  detail::Headings headings_;
  std::vector<std::string> values_;
  Record out_;
  std::size_t depth_ = 0;
  std::uint32_t line_ = 1;
  bool good_ = true;
};

}  // namespace

void read_xml_records(std::string_view bytes, const std::string& file, RecordSink& sink,
                      const RecordLimits& limits) {
  RowReader reader(file, sink, limits);
  XmlLimits xml_limits;
  xml_limits.attributes = limits.columns;
  xml_limits.text_bytes = limits.record_bytes;
  xml_limits.comments = true;
  const base::Result<bool> result = read_xml(bytes, file, reader, {}, xml_limits);
  if (!result) reader.finish(result.failure());
}

}  // namespace qz::text
