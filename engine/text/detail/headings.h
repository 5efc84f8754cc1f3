// Headings: the columns of a table whose records name them one by one (JSON, XML).
//
// Always holds: the list only grows, and a heading keeps its position.

#ifndef QZ_TEXT_DETAIL_HEADINGS_H_
#define QZ_TEXT_DETAIL_HEADINGS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/records.h"

namespace qz::text::detail {

class Headings {
 public:
  explicit Headings(std::size_t columns_max) : columns_max_(columns_max) {}

  void begin_record();
  // The position of `name`, new or not; empty if there is no room for another column.
  std::optional<std::size_t> find(std::string_view name);
  // Notes that this record has a value for the heading; false if it had one already.
  bool take(std::size_t heading);
  // Tells the sink of headings that it does not know yet; false to stop.
  bool tell(RecordSink& sink, std::uint32_t line);

  std::size_t size() const { return names_.size(); }
  const std::string& name(std::size_t heading) const { return names_[heading]; }

 private:
  std::size_t columns_max_;
  std::vector<std::string> names_;
  std::map<std::string, std::size_t, std::less<>> positions_;
  std::vector<std::uint64_t> taken_in_;  // for each heading the last record that had it
  std::uint64_t record_ = 0;
  std::size_t next_ = 0;
  std::size_t told_ = 0;
};

}  // namespace qz::text::detail

#endif  // QZ_TEXT_DETAIL_HEADINGS_H_
