// Records: a table file as a stream of rows of cells, whatever its form: CSV, JSON or XML.
//
// Readers give cells as written (trimmed text, or missing), with the line each record begins on,
// and know nothing of columns' types. Memory does not grow with the number of rows beyond the input
// bytes themselves. All problems of the form are given to `problem`; where reading can go on, it
// does.

#ifndef QZ_TEXT_RECORDS_H_
#define QZ_TEXT_RECORDS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/finding.h"

namespace qz::text {

struct RecordLimits {
  std::size_t columns = 4096;
  std::size_t cell_bytes = 1u << 20;
  std::size_t record_bytes = 16u << 20;
  std::size_t problems = 1000;  // after these, reading stops with one that says so
};

struct Heading {
  std::string_view name;     // as written, trimmed
  std::uint32_t column = 0;  // 1-based position (CSV), 0 elsewhere
};

// One row. `cells[i]` belongs to heading i; a cell that is absent or empty is an empty view.
// Views are valid only during the call.
struct Record {
  std::uint32_t line = 0;
  std::vector<std::string_view> cells;
};

class RecordSink {
 public:
  virtual ~RecordSink() = default;
  // Called once for CSV before any record; for JSON and XML again each time a new name turns up
  // (the list only grows; earlier positions keep their meaning). Return false to stop reading.
  virtual bool headings(const std::vector<std::string>& names, std::uint32_t line) = 0;
  virtual bool record(const Record& record) = 0;
  virtual void problem(base::Finding finding) = 0;
};

// RFC 4180: comma, quotes doubled, CRLF or LF, line breaks inside quotes; spaces and tabs around a
// cell are not part of it (inside quotes they stay). Refused: a stray quote, text after a closing
// quote, an unclosed quote (truncated file), a record with more or fewer cells than the header
// (a wholly empty line is skipped; in a one-column table it is an empty cell), control characters.
// Precondition: `utf8` is well-formed UTF-8 without a byte order mark.
void read_csv(std::string_view utf8, const std::string& file, RecordSink& sink,
              const RecordLimits& limits = {});

// An array of flat objects; values are strings, numbers (given as their text), true/false (as
// "true"/"false") or null (missing). A nested value, a repeated name, trailing text are problems.
void read_json_records(std::string_view utf8, const std::string& file, RecordSink& sink,
                       const RecordLimits& limits = {});

// <table><row FC="1000.00" …/></table>, read with Xerces-C SAX2: no DTD, no entity beyond the five,
// no network or file access, attributes and depth limited. `bytes` in any encoding XML declares
// among UTF-8 and GB18030/GBK/GB2312.
void read_xml_records(std::string_view bytes, const std::string& file, RecordSink& sink,
                      const RecordLimits& limits = {});

// True if `cell` has no control character (tab inside quotes counts as one) and no U+FFFE or
// U+FFFF. Line breaks count too: the readers allow them inside a cell and check what stands between
// them.
bool is_clean_text(std::string_view cell);

}  // namespace qz::text

#endif  // QZ_TEXT_RECORDS_H_
