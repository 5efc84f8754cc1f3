// Ledger lines: a ledger file cut into its leaves, one a line, as the writers put them; the way
// from leaf to leaf is followed token by token, what stands inside a leaf is not looked at.
//
// Whatever is not exactly as written gives kUnknown: the strict readers then decide.

#ifndef QZ_PUBLISH_DETAIL_LEDGER_LINES_H_
#define QZ_PUBLISH_DETAIL_LEDGER_LINES_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace qz::publish::detail {

struct LedgerLine {
  enum class Kind {
    kEntity,  // text: its name as written, without quotes
    kEntry,   // text: the object or element, without what separates it from the next
    kPosition,
    kFinding,  // of the open entity, or of the ledger
    kEndEntity,
    kTotal,
    kEnd,  // the seal comes next, and then the file ends
    kUnknown,
  };
  Kind kind = Kind::kUnknown;
  std::string_view text;
};

class LedgerLines {
 public:
  virtual ~LedgerLines() = default;
  // The lines in their order; kEnd or kUnknown is the last.
  virtual LedgerLine next() = 0;
  // The file without entities, totals and findings: a ledger of its header and its seal alone,
  // short enough for the strict readers. Empty where the file has no such ends. Only if next()
  // comes to kEnd are these really the ends of all lines.
  virtual std::string skeleton() const = 0;
};

// By the first character of `bytes`.
std::unique_ptr<LedgerLines> ledger_lines(std::string_view bytes);

}  // namespace qz::publish::detail

#endif  // QZ_PUBLISH_DETAIL_LEDGER_LINES_H_
