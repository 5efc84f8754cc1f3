// Resolver: from what a scenarios file says to what it touches of a base job.

#ifndef QZ_WHATIF_RESOLVER_H_
#define QZ_WHATIF_RESOLVER_H_

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/finding.h"
#include "compute/evaluate.h"
#include "exact/number.h"
#include "whatif/base_job.h"
#include "whatif/change.h"
#include "whatif/scenarios_file.h"

namespace qz::whatif {

// Looks at the base job, which must outlive it. One thread.
class Resolver {
 public:
  explicit Resolver(const BaseJob& base);

  // Selects by name, `where` (on the base job) and dates; what has no value is not touched. Null,
  // with its place in `problems`: an unknown name (with the nearest), a column that is no input, a
  // formula that does not type-check, dates where there is no period, nothing that is touched.
  SelectionPtr select(const Written& target, base::Findings& problems);

  // The change with its amount in the selection's unit. Further problems: a unit of another
  // dimension, a value that the column does not take, "times" and "plus" of what is no number.
  std::optional<Change> resolve(const WrittenChange& change, base::Findings& problems);
  // All of them: every problem in one pass.
  Changes resolve(const std::vector<WrittenChange>& changes, base::Findings& problems);

  // `amount` in the selection's unit; of `times` a plain number.
  std::optional<exact::Number> amount_in(const Selection& target, Action action,
                                         const Amount& amount, base::Findings& problems);

 private:
  SelectionPtr selected(const Written& target, base::Findings& problems);
  SelectionPtr select_constant(const Written& target, base::Findings& problems);
  SelectionPtr select_cells(const Written& target, std::int32_t table, const std::string& column,
                            base::Findings& problems);
  SelectionPtr select_factor(const Written& target, std::int32_t factor, const std::string& field,
                             base::Findings& problems);
  SelectionPtr select_edition(const WrittenChange& change, base::Findings& problems);
  std::vector<std::uint32_t> input_rows(std::int32_t table, std::int32_t column) const;
  bool keep_where(const Written& target, std::int32_t table, std::vector<std::uint32_t>& rows,
                  base::Findings& problems);
  bool keep_dated(const Written& target, std::int32_t table, std::vector<std::uint32_t>& rows,
                  base::Findings& problems) const;
  std::optional<std::int32_t> factor_named(const Written& target, const std::string& name,
                                           base::Findings& problems) const;
  base::Finding unknown_name(const Written& target) const;
  bool set_other(const WrittenChange& from, Change& out, base::Findings& problems) const;

  const BaseJob& base_;
  compute::Evaluation evaluation_;
  std::deque<rules::Typed> conditions_;        // the evaluation knows formulas by where they lie
  std::map<std::string, SelectionPtr> known_;  // by everything that selects
};

}  // namespace qz::whatif

#endif  // QZ_WHATIF_RESOLVER_H_
