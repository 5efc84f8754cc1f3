// CSV: one pass over the bytes. Lines of plain cells come from the index of their window, many at
// once. In any other window a cell without quotes, tabs and characters beyond ASCII that need a
// second look costs one table look-up for each byte, and the rest takes the careful road. All three
// give the same answer.
//
// Invariants:
//   1. at_ stands at the start of a record whenever read_record() begins, and line_ is its line.
//   2. No scan goes further than the record's limit, so a file without line breaks fails at once.
//   3. After a defect, reading goes on at the next line break behind the cell's first byte.

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "base/assert.h"
#include "text/csv_index.h"
#include "text/detail/problems.h"
#include "text/encoding.h"
#include "text/records.h"

namespace qz::text {
namespace {

using detail::Defect;

// Bytes that are indexed together: small enough to lie in the nearest caches.
constexpr std::size_t kWindow = std::size_t{1} << 15;

// Bytes at which the quick road stops. C2 leads the control characters U+0080 to U+009F, EF leads
// the non-characters U+FFFE and U+FFFF.
constexpr std::array<bool, 256> make_stops() {
  std::array<bool, 256> out{};
  for (std::size_t c = 0; c < 0x20; ++c) out[c] = true;
  for (const std::size_t c : {0x7F, 0xC2, 0xEF}) out[c] = true;
  out[','] = true;
  out['"'] = true;
  return out;
}
constexpr std::array<bool, 256> kStops = make_stops();

bool is_stop(char c) { return kStops[static_cast<unsigned char>(c)]; }
bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view view(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

Defect malformed(std::string en, std::string zh) {
  return {"malformed-csv", {std::move(en), std::move(zh)}};
}

Defect stray_quote() {
  return malformed(
      "a quotation mark stands inside a cell that does not begin with one (put the whole cell in "
      "quotation marks and write each inner one twice)",
      "单元格中间出现双引号（请用双引号括住整个单元格，其中的双引号写两个）");
}

Defect text_after_quote() {
  return malformed(
      "text follows the closing quotation mark (write a quotation mark inside a quoted cell twice)",
      "结束的双引号后还有文字（引号内的双引号请写两个）");
}

Defect unclosed_quote() {
  return {"truncated-file",
          {"a quotation mark is never closed (write the closing quote; the file may be cut off)",
           "双引号没有结束（请补上结束的引号；文件可能不完整）"}};
}

Defect wrong_count(std::size_t found, std::size_t expected) {
  const std::string n = std::to_string(found);
  const std::string of = std::to_string(expected);
  return {
      "cell-count",
      {"the record has " + n + (found == 1 ? " cell" : " cells") + " where the header has " + of +
           " (write one cell for each column, and a cell that holds a comma in quotation marks)",
       "该行有 " + n + " 个单元格，表头有 " + of +
           " 个（请每列写一格，含逗号的单元格用双引号括住）"}};
}

// Hears nothing: for a header on its own.
class NoSink : public RecordSink {
 public:
  bool headings(const std::vector<std::string>&, std::uint32_t) override { return true; }
  bool record(const Record&) override { return true; }
  void problem(base::Finding) override {}
};

class CsvReader {
 public:
  CsvReader(std::string_view utf8, const std::string& file, RecordSink& sink,
            const RecordLimits& limits)
      : sink_(sink),
        limits_(limits),
        problems_(sink, file, limits.problems),
        begin_(utf8.data()),
        at_(begin_),
        end_(utf8.data() + utf8.size()),
        wanted_(limits.columns + 1),
        odd_until_(begin_) {}

  void run() {
    if (read_header()) read_records(end_);
  }

  CsvHeader header() {
    CsvHeader out;
    out.good = read_header();
    out.names = names_;
    out.line = header_line_;
    out.lines = line_ - 1;
    out.bytes = static_cast<std::size_t>(at_ - begin_);
    return out;
  }

  // For those who have looked at the index themselves.
  CsvStretch stretch(std::size_t columns, std::size_t stop) {
    odd_until_ = end_;
    names_.resize(columns);
    wanted_ = columns;
    line_ = 0;
    CsvStretch out;
    out.good = read_records(begin_ + std::min(stop, static_cast<std::size_t>(end_ - begin_)));
    out.bytes = static_cast<std::size_t>(at_ - begin_);
    out.lines = line_;
    return out;
  }

 private:
  // Up to the first record that ends at or behind `stop`; false where the sink or the number of
  // problems stopped it before.
  bool read_records(const char* stop) {
    Record record;
    if (limits_.cell_bytes < kWindow || limits_.record_bytes < kWindow) odd_until_ = end_;
    while (at_ < stop) {
      if (at_ >= odd_until_) {
        if (!read_window(stop, record)) return false;
        continue;
      }
      const std::uint32_t line = line_;
      if (!read_record()) {
        if (!report(line)) return false;
        continue;
      }
      if (is_blank_line() && names_.size() != 1) continue;
      if (count_ != names_.size()) {
        if (!problems_.add(wrong_count(count_, names_.size()), line)) return false;
        continue;
      }
      record.line = line;
      record.cells.swap(cells_);
      const bool more = sink_.record(record);
      record.cells.swap(cells_);
      if (!more) return false;
    }
    return true;
  }

  // The lines that begin at at_, as far as the index of the next bytes has them whole; none where
  // something in these bytes wants another reader, who has them then. False where the sink wants no
  // more.
  bool read_window(const char* stop, Record& record) {
    std::size_t size = std::min(kWindow, static_cast<std::size_t>(end_ - at_));
    // A return at the cut belongs to the line feed behind it.
    if (size > 1 && at_ + size != end_ && at_[size - 1] == '\r') --size;
    const std::string_view text(at_, size);
    index_csv(text, best_scan(), index_);
    if (!is_regular(text)) {
      odd_until_ = at_ + size;
      return true;
    }
    const std::size_t width = names_.size();
    const std::uint32_t* end = index_.ends.data();
    std::size_t done = 0;
    bool more = true;
    record.cells.resize(width);
    for (; done < index_.lines && more && at_ + (end[0] + std::uint32_t{1}) < stop; ++done) {
      for (std::size_t i = 0; i < width; ++i, ++end) {
        const char* const begin = at_ + (end[0] + std::uint32_t{1});
        const char* past = at_ + end[1];
        if (i + 1 == width && index_.has_return && past != begin && past[-1] == '\r') --past;
        const bool blank = begin != past && (is_blank(*begin) || is_blank(past[-1]));
        record.cells[i] = blank ? detail::trimmed(view(begin, past)) : view(begin, past);
      }
      record.line = line_++;
      more = sink_.record(record);
    }
    at_ += end[0] + std::uint32_t{1};
    return more;
  }

  // Has every whole line in the window as many cells as the header, and nothing but plain text?
  bool is_regular(std::string_view text) const {
    const std::size_t width = names_.size();
    const std::size_t cells = index_.lines * width;
    if (!index_.is_plain() || index_.lines == 0 || cells > index_.count) return false;
    // As many line feeds as lines: none of them stands anywhere else.
    for (std::size_t i = width; i <= cells; i += width) {
      if (text[index_.ends[i]] != '\n') return false;
    }
    return !index_.beyond_ascii || (text.find('\xC2') == std::string_view::npos &&
                                    text.find("\xEF\xBF") == std::string_view::npos);
  }

  // The unescaped text of a cell lies in unescaped_ until the record is complete, since the buffer
  // may move while it grows.
  struct Unescaped {
    std::size_t cell = 0;
    std::size_t begin = 0;
    std::size_t size = 0;
  };

  bool read_header() {
    while (at_ != end_) {
      const std::uint32_t line = line_;
      if (!read_record()) {
        report(line);
        return false;
      }
      if (is_blank_line()) continue;
      if (count_ > limits_.columns) {
        problems_.add(detail::too_many_columns(limits_.columns), line);
        return false;
      }
      names_.assign(cells_.begin(), cells_.end());
      wanted_ = names_.size();
      header_line_ = line;
      return sink_.headings(names_, line);
    }
    problems_.add(malformed("the file has no header (write the columns' names on its first line)",
                            "文件没有表头（请在第一行写列名）"),
                  1);
    return false;
  }

  bool report(std::uint32_t line) {
    const std::size_t cell = count_;
    return problems_.add(
        std::move(*defect_), line,
        cell < names_.size() ? std::string_view(names_[cell]) : std::string_view());
  }

  // True if the record was a line with nothing but spaces on it.
  bool is_blank_line() const { return count_ == 1 && !quoted_ && cells_.front().empty(); }

  // Reads one record into cells_ and moves behind its line break. False if it has a defect.
  bool read_record() {
    cells_.clear();
    patches_.clear();
    unescaped_.clear();
    defect_.reset();
    count_ = 0;
    quoted_ = false;
    const auto left = static_cast<std::size_t>(end_ - at_);
    const char* const limit = at_ + std::min(left, limits_.record_bytes);
    for (;;) {
      const char* const begin = at_;
      const char* p = begin;
      while (p != limit && !is_stop(*p)) ++p;
      if (p == limit && limit != end_)
        return refuse(begin, detail::record_too_large(limits_.record_bytes));
      const bool quick = p == end_ || *p == ',' || *p == '\n';
      if (quick) {
        if (!push(begin, p)) return refuse(begin, detail::cell_too_large(limits_.cell_bytes));
        at_ = p;
      } else if (!careful_cell(begin, limit)) {
        return false;
      }
      if (at_ == end_) break;
      if (*at_++ == ',') continue;
      ++line_;
      break;
    }
    for (const Unescaped& patch : patches_) {
      cells_[patch.cell] = std::string_view(unescaped_).substr(patch.begin, patch.size);
    }
    return true;
  }

  // False if the cell is longer than a cell may be.
  bool push(const char* begin, const char* end) {
    if (begin != end && (is_blank(*begin) || is_blank(end[-1]))) {
      const std::string_view cell = detail::trimmed(view(begin, end));
      begin = cell.data();
      end = begin + cell.size();
    }
    if (static_cast<std::size_t>(end - begin) > limits_.cell_bytes) return false;
    store(view(begin, end));
    return true;
  }

  // Cells beyond the last column are counted only.
  void store(std::string_view cell) {
    if (count_++ < wanted_) cells_.push_back(cell);
  }

  // Notes the defect and moves to the line behind `cell`. Always false.
  bool refuse(const char* cell, Defect defect) {
    defect_ = std::move(defect);
    const auto* line_end =
        static_cast<const char*>(std::memchr(cell, '\n', static_cast<std::size_t>(end_ - cell)));
    at_ = line_end == nullptr ? end_ : line_end + 1;
    ++line_;
    return false;
  }

  // One cell of any kind; at_ then stands at its comma, its line feed or the end.
  bool careful_cell(const char* begin, const char* limit) {
    const char* p = begin;
    while (p != limit && is_blank(*p)) ++p;
    if (p != limit && *p == '"') return quoted_cell(begin, p + 1, limit);
    while (p != limit && *p != ',' && *p != '\n' && *p != '"' && !is_line_end(p)) ++p;
    if (p != limit && *p == '"') return refuse(begin, stray_quote());
    if (p == limit && limit != end_)
      return refuse(begin, detail::record_too_large(limits_.record_bytes));
    if (!is_clean_text(detail::trimmed(view(begin, p)))) {
      return refuse(begin, detail::control_character());
    }
    if (!push(begin, p)) return refuse(begin, detail::cell_too_large(limits_.cell_bytes));
    at_ = p != end_ && *p == '\r' ? p + 1 : p;
    return true;
  }

  // CR LF, or a CR that ends the file.
  bool is_line_end(const char* p) const { return *p == '\r' && (p + 1 == end_ || p[1] == '\n'); }

  bool quoted_cell(const char* begin, const char* content, const char* limit) {
    const auto room = static_cast<std::size_t>(limit - content);
    const char* const cell_limit = content + std::min(room, limits_.cell_bytes + 1);
    const char* p = content;
    bool doubled = false;
    for (;;) {
      p = static_cast<const char*>(std::memchr(p, '"', static_cast<std::size_t>(cell_limit - p)));
      if (p == nullptr) {
        return refuse(begin, cell_limit == end_ ? unclosed_quote()
                                                : detail::cell_too_large(limits_.cell_bytes));
      }
      if (p + 1 == end_ || p[1] != '"') break;
      doubled = true;
      p += 2;
      if (p > cell_limit) return refuse(begin, detail::cell_too_large(limits_.cell_bytes));
    }
    const std::string_view cell = view(content, p++);
    while (p != limit && is_blank(*p)) ++p;
    if (p != end_ && *p != ',' && *p != '\n' && !is_line_end(p)) {
      return refuse(begin, text_after_quote());
    }
    if (!detail::is_clean_cell(cell)) return refuse(begin, detail::control_character());
    if (doubled) unescape(cell);
    quoted_ = true;
    store(cell);
    line_ += static_cast<std::uint32_t>(std::count(cell.begin(), cell.end(), '\n'));
    at_ = p != end_ && *p == '\r' ? p + 1 : p;
    return true;
  }

  void unescape(std::string_view cell) {
    const std::size_t begin = unescaped_.size();
    for (std::size_t i = 0; i < cell.size(); ++i) {
      unescaped_ += cell[i];
      if (cell[i] == '"') ++i;
    }
    if (count_ < wanted_) {
      patches_.push_back({count_, begin, unescaped_.size() - begin});
    }
  }

  RecordSink& sink_;
  const RecordLimits& limits_;
  detail::Problems problems_;
  const char* begin_;
  const char* at_;
  const char* end_;
  std::uint32_t line_ = 1;
  std::vector<std::string> names_;
  std::uint32_t header_line_ = 0;
  std::size_t wanted_;     // how many cells of a record are kept
  CsvIndex index_;         // of a window
  const char* odd_until_;  // up to here no window is tried

  // Of the record being read.
  std::vector<std::string_view> cells_;
  std::size_t count_ = 0;
  bool quoted_ = false;
  std::vector<Unescaped> patches_;
  std::string unescaped_;
  std::optional<Defect> defect_;
};

}  // namespace

void read_csv(std::string_view utf8, const std::string& file, RecordSink& sink,
              const RecordLimits& limits) {
  CsvReader(utf8, file, sink, limits).run();
}

CsvHeader read_csv_header(std::string_view utf8, const RecordLimits& limits) {
  NoSink sink;
  return CsvReader(utf8, "", sink, limits).header();
}

CsvStretch read_csv_stretch(std::string_view utf8, std::size_t columns, std::size_t stop,
                            RecordSink& sink, const RecordLimits& limits) {
  RecordLimits first_problem = limits;
  first_problem.problems = 1;
  return CsvReader(utf8, "", sink, first_problem).stretch(columns, stop);
}

}  // namespace qz::text
