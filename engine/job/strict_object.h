// StrictObject: a JSON object of which every member must be known and of the right kind.

#ifndef QZ_JOB_STRICT_OBJECT_H_
#define QZ_JOB_STRICT_OBJECT_H_

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/finding.h"
#include "text/json.h"

namespace qz::job {

using text::JsonValue;

// Collects problems of one document; the functions below say what they expected where.
struct Reading {
  std::string file;
  base::Findings& problems;
  std::string malformed = "malformed-job";  // the code where a member is of the wrong kind

  base::Place place(const JsonValue& value) const { return {file, value.line, value.column}; }
  void problem(const JsonValue& at, std::string code, std::string en, std::string zh) const;
};

// What to do with a member of a known name.
using Members = std::vector<std::pair<std::string, std::function<void(const JsonValue&)>>>;

// Calls the function of each member; an unknown one is a problem with the nearest known name.
// False (and a problem) if `value` is no object.
bool read_object(const Reading& reading, const JsonValue& value, std::string_view what,
                 const Members& members);

// The text of a string that is not empty; "" and a problem otherwise.
std::string read_text(const Reading& reading, const JsonValue& value, std::string_view what);
// {"en": …, "zh": …} or one text for both.
base::Bilingual read_bilingual(const Reading& reading, const JsonValue& value,
                               std::string_view what);
// Calls `item` for each element of a list; a problem if it is none, or empty.
void read_list(const Reading& reading, const JsonValue& value, std::string_view what,
               const std::function<void(const JsonValue&)>& item);

}  // namespace qz::job

#endif  // QZ_JOB_STRICT_OBJECT_H_
