// What the readers of a scenarios file's parts say alike of its members.

#ifndef QZ_WHATIF_DETAIL_WRITTEN_MEMBERS_H_
#define QZ_WHATIF_DETAIL_WRITTEN_MEMBERS_H_

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

#include "job/strict_object.h"
#include "text/json.h"

namespace qz::whatif::detail {

// A problem with the code that the file's faults of form have.
void problem(const job::Reading& reading, const text::JsonValue& at, std::string en,
             std::string zh);
// A list that is longer than `most`.
void too_many(const job::Reading& reading, const text::JsonValue& at, std::string_view what,
              std::size_t most);
// Tells each of `names` that an object lacks; of what is no object others have spoken.
void need(const job::Reading& reading, const text::JsonValue& value, std::string_view what,
          std::initializer_list<const char*> names);

}  // namespace qz::whatif::detail

#endif  // QZ_WHATIF_DETAIL_WRITTEN_MEMBERS_H_
