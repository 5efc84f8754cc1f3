// QZ_ASSERT: the program is wrong if this does not hold. On in release too; ends in exit code 5.

#ifndef QZ_BASE_ASSERT_H_
#define QZ_BASE_ASSERT_H_

namespace qz::base {

// Throws std::logic_error naming the condition and its place; the command line turns it into
// exit code 5, so that a fault of the program is never taken for a result.
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);

}  // namespace qz::base

#define QZ_ASSERT(condition) \
  ((condition) ? void(0) : ::qz::base::assertion_failed(#condition, __FILE__, __LINE__))

#endif  // QZ_BASE_ASSERT_H_
