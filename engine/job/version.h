// The version that `qz --version` prints and every ledger's header seals.

#ifndef QZ_JOB_VERSION_H_
#define QZ_JOB_VERSION_H_

#include <string_view>

namespace qz::job {

inline constexpr std::string_view kEngineName = "qingzhang";
std::string_view engine_version();

}  // namespace qz::job

#endif  // QZ_JOB_VERSION_H_
