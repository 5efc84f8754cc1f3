// JSON records: an array of flat objects, read as events; one record is held at a time.

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

#include "text/detail/headings.h"
#include "text/detail/json_events.h"
#include "text/detail/problems.h"
#include "text/records.h"

namespace qz::text {
namespace {

using detail::Defect;
using detail::JsonPosition;

Defect nested_value() {
  return {"nested-value",
          {"the value is a list or an object (write a string, a number, true, false or null)",
           "值是列表或对象（请写字符串、数字、true、false 或 null）"}};
}

Defect not_an_object() {
  return {"malformed-json",
          {"a record is an object (write {\"column\": \"value\"})",
           "每条记录应是对象（请写成 {\"列名\": \"值\"}）"}};
}

Defect not_an_array() {
  return {"malformed-json",
          {"a table is an array of objects (write [{\"column\": \"value\"}])",
           "表格应是对象的数组（请写成 [{\"列名\": \"值\"}]）"}};
}

class RecordBuilder final : public detail::JsonEvents {
 public:
  RecordBuilder(std::string_view source, const std::string& file, RecordSink& sink,
                const RecordLimits& limits)
      : source_(source),
        file_(file),
        sink_(sink),
        limits_(limits),
        problems_(sink, file, limits.problems),
        headings_(limits.columns) {}

  // A token of that many bytes may still be a cell: an escape has six bytes for one.
  detail::JsonScanLimits scan_limits() const { return {64, 6 * limits_.cell_bytes + 4096}; }

  void finish(base::Finding failure) { problems_.add(std::move(failure)); }

  bool open(JsonValue::Kind kind, const JsonPosition& at) override {
    if (skipped_ > 0) {
      ++skipped_;
      return true;
    }
    if (level_ == 0) return open_table(kind, at);
    if (level_ == 1 && kind == JsonValue::Kind::kObject) return open_record(at);
    skipped_ = 1;
    return level_ == 1 ? problem(not_an_object(), at) : bad_cell(nested_value(), at);
  }

  bool close(const JsonPosition& at) override {
    if (skipped_ > 0) {
      --skipped_;
      return true;
    }
    if (level_-- == 2) return close_record(at);
    return true;
  }

  bool name(std::string& name, const JsonPosition& at) override {
    if (skipped_ > 0) return true;
    if (at.offset - record_offset_ > limits_.record_bytes) {
      problem(detail::record_too_large(limits_.record_bytes), at);
      return false;
    }
    const std::string_view trimmed = detail::trimmed(name);
    const std::optional<std::size_t> heading = headings_.find(trimmed);
    if (!heading) {
      problem(detail::too_many_columns(limits_.columns), at);
      return false;
    }
    heading_ = *heading;
    if (out_.cells.size() < headings_.size()) {
      out_.cells.emplace_back();
      decoded_.emplace_back();
    }
    if (!headings_.take(heading_)) return bad_cell(detail::repeated_name(trimmed), at);
    return is_clean_text(trimmed) || bad_cell(detail::control_character(), at);
  }

  bool string(std::string& text, const JsonPosition& at) override {
    if (skipped_ > 0) return true;
    if (level_ != 2) return scalar_outside(at);
    if (text.size() > limits_.cell_bytes) {
      return bad_cell(detail::cell_too_large(limits_.cell_bytes), at);
    }
    if (!detail::is_clean_cell(text)) return bad_cell(detail::control_character(), at);
    // A string without escapes stands in the file as it is; only others are copied.
    std::string_view cell = source_.substr(at.offset + 1, text.size());
    if (cell != text) {
      decoded_[heading_] = text;
      cell = decoded_[heading_];
    }
    return set(detail::trimmed(cell));
  }

  bool number(std::string_view text, const JsonPosition& at) override { return scalar(text, at); }
  bool boolean(bool value, const JsonPosition& at) override {
    return scalar(value ? "true" : "false", at);
  }
  bool null(const JsonPosition& at) override { return scalar({}, at); }

 private:
  bool open_table(JsonValue::Kind kind, const JsonPosition& at) {
    level_ = 1;
    if (kind == JsonValue::Kind::kArray) return true;
    problem(not_an_array(), at);
    return false;
  }

  bool open_record(const JsonPosition& at) {
    level_ = 2;
    headings_.begin_record();
    record_offset_ = at.offset;
    out_.line = at.line;
    std::fill(out_.cells.begin(), out_.cells.end(), std::string_view());
    good_ = true;
    return true;
  }

  bool close_record(const JsonPosition&) {
    if (!good_) return true;
    if (!headings_.tell(sink_, out_.line)) return false;
    return sink_.record(out_);
  }

  bool scalar(std::string_view text, const JsonPosition& at) {
    if (skipped_ > 0) return true;
    if (level_ != 2) return scalar_outside(at);
    if (text.size() > limits_.cell_bytes) {
      return bad_cell(detail::cell_too_large(limits_.cell_bytes), at);
    }
    return set(text);
  }

  bool scalar_outside(const JsonPosition& at) {
    if (level_ == 1) return problem(not_an_object(), at);
    problem(not_an_array(), at);
    return false;
  }

  bool set(std::string_view cell) {
    out_.cells[heading_] = cell;
    return true;
  }

  bool problem(Defect defect, const JsonPosition& at, std::string column = {}) {
    base::Finding out = base::failure(std::move(defect.code), {file_, at.line, at.column},
                                      std::move(defect.message.en), std::move(defect.message.zh));
    out.column = std::move(column);
    return problems_.add(std::move(out));
  }

  // The record is then not given.
  bool bad_cell(Defect defect, const JsonPosition& at) {
    good_ = false;
    return problem(std::move(defect), at, headings_.name(heading_));
  }

  std::string_view source_;
  const std::string& file_;
  RecordSink& sink_;
  const RecordLimits& limits_;
  detail::Problems problems_;

  // 0 outside, 1 in the array, 2 in a record; and how many values are open that are skipped.
  int level_ = 0;
  std::size_t skipped_ = 0;

  detail::Headings headings_;
  std::deque<std::string> decoded_;  // a deque, since views into it must stay good as it grows

  Record out_;
  std::size_t record_offset_ = 0;
  std::size_t heading_ = 0;
  bool good_ = true;
};

}  // namespace

void read_json_records(std::string_view utf8, const std::string& file, RecordSink& sink,
                       const RecordLimits& limits) {
  if (utf8.starts_with("\xEF\xBB\xBF")) utf8.remove_prefix(3);
  RecordBuilder builder(utf8, file, sink, limits);
  std::optional<base::Finding> failure =
      detail::scan_json(utf8, file, builder.scan_limits(), builder);
  if (failure) builder.finish(std::move(*failure));
}

}  // namespace qz::text
