// Factor lookup: a key as the command line writes it to a row of a factor table, and rows for
// people.

#ifndef QZ_CLI_FACTOR_LOOKUP_H_
#define QZ_CLI_FACTOR_LOOKUP_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "base/date.h"
#include "cli/command_line.h"
#include "cli/listing.h"
#include "factor/factor_table.h"

namespace qz::cli {

struct Lookup {
  std::deque<std::string> texts;  // what text keys point to
  std::vector<factor::KeyValue> key;
  base::Date day;
  std::string written;  // "kind=a, size=12 on 2022-12-31"
};

// Empty, with a message on stderr, where a key field is missing, unknown or of another form.
std::optional<Lookup> read_lookup(const factor::FactorTable& table,
                                  const std::vector<std::string>& pairs, const std::string& day,
                                  const Options& options);

factor::Found find_row(const factor::FactorTable& table, const Lookup& lookup);
std::string not_found_text(table::State state, const Lookup& lookup, const Options& options);
std::string found_text(const factor::FactorTable& table, const factor::Found& found,
                       const Options& options);

Listing rows_listing(const factor::FactorTable& table, const std::vector<std::uint32_t>& rows);

}  // namespace qz::cli

#endif  // QZ_CLI_FACTOR_LOOKUP_H_
