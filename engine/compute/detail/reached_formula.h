// Reached formula: which parts of a formula edits can reach, for which rows, and which rows those
// parts read. Private to compute/.

#ifndef QZ_COMPUTE_DETAIL_REACHED_FORMULA_H_
#define QZ_COMPUTE_DETAIL_REACHED_FORMULA_H_

#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "compute/formula.h"
#include "compute/recalculation.h"

namespace qz::compute::detail {

using RowSet = std::vector<std::uint8_t>;  // by row: not 0 where it belongs; empty: none does

// What edits can reach so far.
struct Reached {
  std::map<plan::ColumnRef, RowSet> cells;
  // (edition, name) and (factor, field): the targets that change them.
  std::map<std::pair<std::int32_t, std::string>, std::uint32_t> constants;
  std::map<std::pair<std::int32_t, std::int32_t>, std::vector<std::uint32_t>> factors;

  const RowSet* of(std::int32_t table, std::int32_t column) const {
    const auto found = cells.find({table, column});
    return found == cells.end() ? nullptr : &found->second;
  }
};

// A formula as the rule of an edition has it, for rows of a table.
struct FormulaAt {
  const rules::Typed* formula = nullptr;
  std::int32_t table = -1;
  std::int32_t edition = -1;
};

class ReachedFormula {
 public:
  // `base`: the finished results; `reached` must outlive it.
  ReachedFormula(const Data& base, const Reached& reached, const FormulaAt& at);

  bool is_reached() const { return is_reached(at_.formula->root); }
  bool is_reached(rules::NodeId id) const { return parts_[index(id)].reached; }
  // Not reached, and read from the own row alone: its cells are known from the base.
  bool is_known(rules::NodeId id) const;
  // A constant that an edit changes: its target; else -1.
  std::int64_t varied(rules::NodeId id) const;
  // A list that edits reach is of a table that passed by, or its texts are joined.
  bool is_beyond() const;

  // The rows, among `rows` of the table, whose cell edits can reach. Precondition: is_reached().
  RowSet rows(const std::vector<std::uint32_t>& rows) const;

  // The largest parts that are known, and everything above and beside them.
  struct Walked {
    std::vector<rules::NodeId> known, others;
    std::vector<std::int32_t> lists;  // of others
  };
  Walked walk() const;

  // Adds to `read` the rows that the others read of tables in it, for own rows `rows`.
  void add_read_rows(const std::vector<std::uint32_t>& rows,
                     std::map<std::int32_t, RowSet>& read) const;

 private:
  struct Part {
    bool reached = false;
    std::uint64_t frames = 0;  // whose rows it reads; bit 63: any from there on
  };
  static std::size_t index(rules::NodeId id) { return static_cast<std::size_t>(id); }
  static std::uint64_t bit(std::int32_t frame) {
    return std::uint64_t{1} << (frame < 63 ? frame : 63);
  }
  const rules::Node& node(rules::NodeId id) const { return at_.formula->node(id); }
  std::size_t rows_of(std::int32_t table) const {
    return base_.tables[static_cast<std::size_t>(table)].rows;
  }
  bool is_plain_lookup(const rules::Node& node) const;
  std::vector<std::uint32_t> looked_up(const rules::Node& node,
                                       const std::vector<std::uint32_t>& rows) const;
  std::vector<const rules::List*> lists_by_frame() const;

  const Data& base_;
  const Reached& reached_;
  FormulaAt at_;
  std::vector<std::int32_t> tables_;  // by frame
  std::vector<Part> parts_;
};

}  // namespace qz::compute::detail

#endif  // QZ_COMPUTE_DETAIL_REACHED_FORMULA_H_
