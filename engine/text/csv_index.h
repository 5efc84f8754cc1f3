// CsvIndex: where the cells of a stretch of CSV end, found in one pass, and whether anything stands
// in it that wants a careful reader.
//
// The pass has two forms that give the same answer: 64-bit words on every machine, and vectors of
// 32 bytes where the processor has AVX2, which is asked when the program runs.

#ifndef QZ_TEXT_CSV_INDEX_H_
#define QZ_TEXT_CSV_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/records.h"

namespace qz::text {

enum class ScanForm : std::uint8_t { kWords, kAvx2 };

// The fastest form that this machine has.
ScanForm best_scan();

// Of one stretch. Offsets count from its first byte.
struct CsvIndex {
  // ends[0] is one before the first byte (2^32 - 1); then every comma and line feed, in order, so
  // that cell k is [ends[k] + 1, ends[k + 1]) in 32-bit arithmetic. What lies behind `count` + 1
  // entries is scratch.
  std::vector<std::uint32_t> ends;
  std::size_t count = 0;  // commas and line feeds
  std::size_t lines = 0;  // line feeds
  bool has_quote = false;
  bool has_return = false;   // carriage returns, each before a line feed
  bool has_control = false;  // any other character below U+0020, a lone carriage return, U+007F
  bool beyond_ascii = false;

  bool is_plain() const { return !has_quote && !has_control; }
};

// Precondition: `text` is shorter than 4 GiB. Quotes have no meaning here.
void index_csv(std::string_view text, ScanForm form, CsvIndex& out);

// The header of a CSV file, as read_csv() reads it.
struct CsvHeader {
  bool good = false;  // false: it has a problem that read_csv() tells
  std::vector<std::string> names;
  std::uint32_t line = 0;
  std::uint32_t lines = 0;  // up to where the records begin
  std::size_t bytes = 0;    // up to there
};
CsvHeader read_csv_header(std::string_view utf8, const RecordLimits& limits = {});

// Records from the middle of a file, as read_csv() reads them: `utf8` begins where a record begins,
// on line 0, and ends where the file may be cut (as if it ended there). Stops behind the first
// record that ends at or behind `stop`, and at the first defect.
struct CsvStretch {
  bool good = true;  // false: a defect, or the sink wanted no more
  std::size_t bytes = 0;
  std::uint32_t lines = 0;
};
CsvStretch read_csv_stretch(std::string_view utf8, std::size_t columns, std::size_t stop,
                            RecordSink& sink, const RecordLimits& limits = {});

}  // namespace qz::text

#endif  // QZ_TEXT_CSV_INDEX_H_
