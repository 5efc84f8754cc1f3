// Problems: what a record reader found wrong with the form of a file, up to the limit.

#ifndef QZ_TEXT_DETAIL_PROBLEMS_H_
#define QZ_TEXT_DETAIL_PROBLEMS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "base/finding.h"
#include "text/records.h"

namespace qz::text::detail {

// A problem without its place.
struct Defect {
  std::string code;
  base::Bilingual message;
};

class Problems {
 public:
  Problems(RecordSink& sink, std::string file, std::size_t limit)
      : sink_(sink), file_(std::move(file)), limit_(limit) {}

  // Gives one problem to the sink; false where reading should stop, since there are too many.
  bool add(Defect defect, std::uint32_t line, std::string_view column = {});
  // Gives a problem that has its place already.
  bool add(base::Finding finding);

 private:
  RecordSink& sink_;
  std::string file_;
  std::size_t limit_;
  std::size_t count_ = 0;
};

// The sentences that several readers share.
Defect control_character();
Defect cell_too_large(std::size_t bytes);
Defect record_too_large(std::size_t bytes);
Defect too_many_columns(std::size_t columns);
Defect repeated_name(std::string_view name);

// True if `cell` is clean apart from line breaks (LF or CR LF), which a quoted cell may hold.
bool is_clean_cell(std::string_view cell);

// `text` without spaces and tabs at its ends.
std::string_view trimmed(std::string_view text);

// At most `characters_max` characters of `text`, up to the first that is_clean_text refuses: what a
// message may quote, so that it stays one line and any ledger can carry it.
std::string excerpt(std::string_view text, std::size_t characters_max = 24);

}  // namespace qz::text::detail

#endif  // QZ_TEXT_DETAIL_PROBLEMS_H_
