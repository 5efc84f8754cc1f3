// Date: a day of the proleptic Gregorian calendar. Nothing here reads a clock.

#ifndef QZ_BASE_DATE_H_
#define QZ_BASE_DATE_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qz::base {

class Date {
 public:
  Date() = default;
  // Days since 1970-01-01; may be negative.
  explicit Date(std::int32_t days) : days_(days) {}
  // Precondition: the day exists.
  static Date of(int year, int month, int day);
  // "2022-03-31" only, years 0001 to 9999; empty if the text is another form or no such day.
  static std::optional<Date> parse(std::string_view text);

  std::int32_t days() const { return days_; }
  int year() const;
  int month() const;  // 1 to 12
  int day() const;    // 1 to 31
  std::string to_string() const;

  Date plus_days(std::int32_t n) const { return Date(days_ + n); }
  auto operator<=>(const Date&) const = default;

 private:
  std::int32_t days_ = 0;
};

// 28 to 31.
int days_in_month(int year, int month);

}  // namespace qz::base

#endif  // QZ_BASE_DATE_H_
