// QZ_VERSION comes from project(… VERSION …) in the top CMakeLists.txt and reaches this file alone.

#include "job/version.h"

namespace qz::job {

std::string_view engine_version() { return QZ_VERSION; }

}  // namespace qz::job
