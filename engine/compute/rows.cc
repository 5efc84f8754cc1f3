// Rows: a closure over calls, `every` and `cross`, then one sort.

#include "compute/rows.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "compute/by_period.h"
#include "compute/growing_keys.h"

namespace qz::compute {
namespace {

using table::KeyIndex;
using table::State;
using table::Type;

class Rows {
 public:
  Rows(const plan::Program& program, read::InputTables& inputs, const table::TextPool& pool,
       const ComputedLinks& links, bool take, const std::vector<read::InputTable>* callers)
      : program_(program),
        packs_(*program.packs),
        inputs_(inputs),
        pool_(pool),
        links_(links),
        takes_(take),
        callers_(callers),
        editions_(program.packs->packs.size() * kPeriodKinds) {}

  std::vector<TableRows> run() {
    for (std::size_t t = 0; t < packs_.tables.size(); ++t) take_files(static_cast<std::int32_t>(t));
    served_ = calls_by_tables();
    for (bool grew = true; grew;) {
      const std::size_t before = row_count();
      for (std::size_t t = 0; t < packs_.tables.size(); ++t) {
        add_every(static_cast<std::int32_t>(t));
        add_cross(static_cast<std::int32_t>(t));
      }
      for (Served& one : served_) serve(one);
      grew = row_count() != before && crowded_.empty();
    }
    if (!crowded_.empty()) return {};
    take_rows_of_callers();
    for (Building& one : building_) one.keys.forget_files();
    std::vector<TableRows> out;
    for (std::size_t t = 0; t < packs_.tables.size(); ++t)
      out.push_back(sorted(static_cast<std::int32_t>(t)));
    return out;
  }

  const std::string& crowded() const { return crowded_; }

 private:
  struct Building {
    GrowingKeys keys;
    std::size_t every_done = 0;                    // rows that `every` has looked at
    bool complete = false;                         // a register: nothing is added
    std::vector<const read::InputColumn*> inputs;  // by column; null where no file has it
  };

  // Where one part of the key of a row above comes from.
  struct Part {
    enum class From : std::uint8_t { kKey, kLink, kPeriod };
    From from = From::kKey;
    std::int32_t column = -1;   // key part or link column of the owner; own period column
    std::int32_t owner = -1;    // the table that has it
    std::int32_t via = -1;      // the path from the row to its owner, if the row is not it
    base::PeriodKind period{};  // kPeriod: the kind that is asked for
    ByPeriod<std::optional<base::Period>> holding;
  };
  // How a row of one table knows the key of its row of a table above.
  struct Path {
    std::int32_t from = -1;
    std::int32_t above = -1;
    std::vector<Part> parts;
    std::vector<std::int32_t> key;  // of the row asked for last
    std::uint64_t changes = 0;      // how often `key` has become another one
  };

  const rules::CheckedTable& shape(std::int32_t table) const {
    return packs_.tables[static_cast<std::size_t>(table)];
  }
  Building& building(std::int32_t table) { return building_[static_cast<std::size_t>(table)]; }
  const read::InputTable& input(std::int32_t table) const {
    const auto at = static_cast<std::size_t>(table);
    return callers_ != nullptr && (*callers_)[at].rows > 0 ? (*callers_)[at] : inputs_.tables[at];
  }
  bool is_context(std::int32_t table, std::size_t row) {
    return row < building(table).keys.file_rows() && input(table).is_context[row] != 0;
  }

  std::size_t row_count() const {
    std::size_t n = 0;
    for (const Building& one : building_) n += one.keys.rows();
    return n;
  }

  void take_files(std::int32_t table) {
    read::InputTable& in = inputs_.tables[static_cast<std::size_t>(table)];
    std::shared_ptr<const KeyIndex> index = in.index;
    if (takes_) in.index.reset();
    if (!is_asked_for(table)) index.reset();
    const bool complete = in.given && !shape(table).period_column;
    const read::InputTable& keys = input(table);
    Building out{GrowingKeys(keys, shape(table).key_size, std::move(index)), 0, complete, {}};
    out.inputs.resize(shape(table).columns.size());
    for (const read::InputColumn& one : in.columns)
      out.inputs[static_cast<std::size_t>(one.column)] = &one;
    building_.push_back(std::move(out));
    if (shape(table).key_size == 0) add(table, {});
  }

  // Everybody is called: tables that had callers get their own rows.
  void take_rows_of_callers() {
    const std::vector<read::InputTable>* callers = std::exchange(callers_, nullptr);
    for (std::size_t t = 0; callers != nullptr && t < callers->size(); ++t) {
      if ((*callers)[t].rows == 0) continue;
      building_[t].keys =
          GrowingKeys(inputs_.tables[t], shape(static_cast<std::int32_t>(t)).key_size, nullptr);
    }
  }

  // May rows of the table be added or looked for while rows are made?
  bool is_asked_for(std::int32_t table) const {
    const rules::CheckedTable& of = shape(table);
    if (of.every || !of.cross.empty() || of.key_size == 0) return true;
    return std::any_of(program_.calls.begin(), program_.calls.end(),
                       [&](const plan::Call& call) { return call.called == table; });
  }

  void add(std::int32_t table, std::span<const std::int32_t> key) {
    Building& to = building(table);
    if ((to.complete && shape(table).key_size > 0) || !crowded_.empty()) return;
    if (!to.keys.add(key)) return;
    if (++added_rows_ > kAddedRowsMax && crowded_.empty()) crowded_ = shape(table).name;
  }

  // A link cell of a row under construction: the file's, or what an earlier round computed.
  std::optional<std::int32_t> link_cell(std::int32_t table, std::int32_t column,
                                        std::uint32_t row) {
    const Building& in = building(table);
    const read::InputColumn* given = in.inputs[static_cast<std::size_t>(column)];
    if (row < in.keys.file_rows() && given != nullptr && given->cells.has_value(row))
      return given->cells.id(row);
    const auto computed = links_.find({table, column});
    if (computed == links_.end()) return std::nullopt;
    std::vector<std::int32_t> key;
    for (std::size_t i = 0; i < in.keys.width(); ++i) key.push_back(in.keys.part(row, i));
    const auto found = computed->second.find(key);
    if (found == computed->second.end()) return std::nullopt;
    return found->second;
  }

  // The path from rows of `table` to the row of `above` that each settles, made once.
  std::int32_t path(std::int32_t table, std::int32_t above) {
    const auto known = path_of_.find({table, above});
    if (known != path_of_.end()) return known->second;
    Path out;
    out.from = table;
    out.above = above;
    const rules::CheckedTable& theirs = shape(above);
    for (std::size_t i = 0; i < theirs.key_size; ++i) {
      Part part;
      part.owner = table;
      if (theirs.columns[i].type == Type::kPeriod) {
        part.from = Part::From::kPeriod;
        part.column = *shape(table).period_column;
        part.period = theirs.columns[i].period;
      } else {
        const rules::Settled& how = shape(table).settled.at(theirs.columns[i].name);
        if (how.via_table >= 0) {
          part.owner = how.via_table;
          part.via = path(table, how.via_table);
        }
        part.column = how.column;
        const bool is_key = static_cast<std::size_t>(how.column) < shape(part.owner).key_size;
        part.from = is_key ? Part::From::kKey : Part::From::kLink;
      }
      out.parts.push_back(std::move(part));
    }
    out.key.resize(out.parts.size());
    paths_.push_back(std::move(out));
    return path_of_[{table, above}] = static_cast<std::int32_t>(paths_.size() - 1);
  }

  std::optional<std::int32_t> part_of(const Path& path, Part& part, std::uint32_t row) {
    if (part.from == Part::From::kPeriod) {
      const std::int32_t own =
          building(path.from).keys.part(row, static_cast<std::size_t>(part.column));
      const std::optional<base::Period>& holding = part.holding.at(own, [&](std::int32_t period) {
        return base::containing({shape(path.from).period, period}, part.period, packs_.cycle);
      });
      if (!holding) return std::nullopt;
      return holding->index;
    }
    if (part.via >= 0) {
      const std::vector<std::int32_t>* key = key_above(part.via, row);
      if (key == nullptr) return std::nullopt;
      row = building(part.owner).keys.find(*key);
      if (row == kNoRow) return std::nullopt;
    }
    if (part.from == Part::From::kKey)
      return building(part.owner).keys.part(row, static_cast<std::size_t>(part.column));
    return link_cell(part.owner, part.column, row);
  }

  // The key of the row that `row` settles; null where a link is missing. Good until the next call
  // for the same path.
  const std::vector<std::int32_t>* key_above(std::int32_t path, std::uint32_t row) {
    Path& along = paths_[static_cast<std::size_t>(path)];
    const GrowingKeys& keys = building(along.from).keys;
    bool is_other = along.changes == 0;
    for (std::size_t i = 0; i < along.parts.size(); ++i) {
      Part& part = along.parts[i];
      const bool own = part.from == Part::From::kKey && part.via < 0;
      const std::optional<std::int32_t> id =
          own ? keys.part(row, static_cast<std::size_t>(part.column)) : part_of(along, part, row);
      if (!id) {
        ++along.changes;
        return nullptr;
      }
      is_other = is_other || along.key[i] != *id;
      along.key[i] = *id;
    }
    if (is_other) ++along.changes;
    return &along.key;
  }

  // The calls of one table for rows of another, and how far they have been answered.
  struct Served {
    std::span<const plan::Call> calls;
    std::size_t rows = 0;                // of the caller, from the first
    std::vector<std::uint32_t> waiting;  // of these, rows whose link was not known yet
    bool lists = false;                  // some call is of rows that list
    std::uint64_t key = 0;               // Path::changes when a key was looked at last
    bool was_added = false;              // then
    ByPeriod<bool> by_row;               // period of the caller: does an edition of it call?
    ByPeriod<bool> by_list;              // period of the called row: does an edition of it list?
  };

  // Calls stand in the order of caller and called.
  std::vector<Served> calls_by_tables() const {
    std::vector<Served> out;
    const std::span<const plan::Call> all = program_.calls;
    for (std::size_t first = 0, last = 0; first < all.size(); first = last) {
      while (last < all.size() && all[last].caller == all[first].caller &&
             all[last].called == all[first].called)
        ++last;
      Served& one = out.emplace_back();
      one.calls = all.subspan(first, last - first);
      one.lists = std::any_of(one.calls.begin(), one.calls.end(),
                              [](const plan::Call& call) { return call.lists; });
    }
    return out;
  }

  void serve(Served& served) {
    const std::int32_t caller = served.calls.front().caller, called = served.calls.front().called;
    if (building(called).complete) return;
    // Rows that this very call adds (a table that calls for itself) are served in the next round.
    const std::size_t rows = building(caller).keys.rows();
    const std::int32_t along = path(caller, called);
    const std::vector<std::uint32_t> open = std::exchange(served.waiting, {});
    for (const std::uint32_t row : open) serve_row(served, along, row);
    for (; served.rows < rows; ++served.rows)
      serve_row(served, along, static_cast<std::uint32_t>(served.rows));
  }

  void serve_row(Served& served, std::int32_t along, std::uint32_t row) {
    const std::int32_t caller = served.calls.front().caller, called = served.calls.front().called;
    if (is_context(caller, row)) return;
    const bool by_row = served.by_row.at(period_of_row(caller, row), [&](std::int32_t period) {
      return calls_in(served, false, caller, period);
    });
    if (!by_row && !served.lists) return;
    const std::vector<std::int32_t>* key = key_above(along, row);
    if (key == nullptr) {
      served.waiting.push_back(row);
      return;
    }
    // Rows come in order more often than not: the same row is called for many times in a row.
    const std::uint64_t changes = paths_[static_cast<std::size_t>(along)].changes;
    if (served.key == changes && (served.was_added || !by_row)) return;
    const rules::CheckedTable& of = shape(called);
    const std::int32_t period =
        of.period_column ? (*key)[static_cast<std::size_t>(*of.period_column)] : 0;
    served.key = changes;
    served.was_added = by_row || served.by_list.at(period, [&](std::int32_t index) {
      return calls_in(served, true, called, index);
    });
    if (served.was_added) add(called, *key);
  }

  // Is there one among the calls, of those that list or of the others, whose edition holds for rows
  // of `table` in `period`?
  bool calls_in(const Served& served, bool lists, std::int32_t table, std::int32_t period) {
    return std::any_of(served.calls.begin(), served.calls.end(), [&](const plan::Call& call) {
      return call.lists == lists &&
             edition_of(table, period, pack_of(call.edition)) == call.edition;
    });
  }

  std::int32_t pack_of(std::int32_t edition) const {
    return packs_.editions[static_cast<std::size_t>(edition)].pack_index;
  }

  std::int32_t period_of_row(std::int32_t table, std::uint32_t row) {
    const rules::CheckedTable& of = shape(table);
    if (!of.period_column) return 0;
    return building(table).keys.part(row, static_cast<std::size_t>(*of.period_column));
  }

  // The edition of `pack` for rows of `table` in `period` (0 if the table has none); -1 if none.
  std::int32_t edition_of(std::int32_t table, std::int32_t period, std::int32_t pack) {
    const rules::CheckedTable& of = shape(table);
    const std::size_t kind = of.period_column ? static_cast<std::size_t>(of.period) + 1 : 0;
    const std::size_t slot = static_cast<std::size_t>(pack) * kPeriodKinds + kind;
    return editions_[slot].at(period, [&](std::int32_t index) {
      return packs_.edition_at(pack, of.period_column
                                         ? base::last_day({of.period, index}, packs_.cycle)
                                         : packs_.cycle.last_day());
    });
  }

  std::optional<base::Date> bound(std::int32_t table, std::uint32_t row,
                                  const std::optional<std::pair<std::string, std::string>>& from) {
    if (!from) return std::nullopt;
    const std::optional<std::int32_t> above = packs_.table(from->first);
    if (!above) return std::nullopt;
    const std::vector<std::int32_t>* key = key_above(path(table, *above), row);
    if (key == nullptr) return std::nullopt;
    const std::uint32_t found = building(*above).keys.find(*key);
    if (found == kNoRow || found >= building(*above).keys.file_rows()) return std::nullopt;
    const std::optional<std::int32_t> column = shape(*above).column(from->second);
    if (!column) return std::nullopt;
    const read::InputColumn* given = building(*above).inputs[static_cast<std::size_t>(*column)];
    if (given == nullptr || !given->cells.has_value(found)) return std::nullopt;
    return base::Date(given->cells.id(found));
  }

  void add_every(std::int32_t table) {
    const rules::CheckedTable& in = shape(table);
    if (!in.every || !in.period_column) return;
    const auto at = static_cast<std::size_t>(*in.period_column);
    const std::size_t rows = building(table).keys.rows();
    KeyIndex& done = every_done_.try_emplace(table, in.key_size).first->second;
    std::vector<std::int32_t> key(in.key_size);
    for (std::size_t& row = building(table).every_done; row < rows; ++row) {
      if (is_context(table, row)) continue;
      for (std::size_t i = 0; i < key.size(); ++i)
        key[i] = i == at ? 0 : building(table).keys.part(row, i);
      bool is_new = false;
      done.insert(key, &is_new);
      if (!is_new) continue;
      base::Date from = packs_.cycle.first_day(), to = packs_.cycle.last_day();
      const auto index = static_cast<std::uint32_t>(row);
      if (const auto started = bound(table, index, in.every->from)) from = std::max(from, *started);
      if (const auto closed = bound(table, index, in.every->to)) to = std::min(to, *closed);
      for (const base::Period& period : base::periods_between(in.period, from, to)) {
        key[at] = period.index;
        add(table, key);
      }
    }
  }

  // The distinct keys of one source of `cross`, by column name.
  struct Source {
    std::vector<std::string> names;
    std::set<std::vector<std::int32_t>> keys;
  };

  Source source_of(const std::string& name) {
    Source out;
    if (const std::optional<std::int32_t> table = packs_.table(name)) {
      for (std::size_t i = 0; i < shape(*table).key_size; ++i)
        out.names.push_back(shape(*table).columns[i].name);
      const GrowingKeys& keys = building(*table).keys;
      std::vector<std::int32_t> key(keys.width());
      for (std::size_t row = 0; row < keys.rows(); ++row) {
        for (std::size_t i = 0; i < key.size(); ++i) key[i] = keys.part(row, i);
        if (!is_context(*table, row)) out.keys.insert(key);
      }
      return out;
    }
    for (const rules::Edition& edition : packs_.editions) {
      for (std::size_t i = 0; i < edition.pack->factors.size(); ++i) {
        const rules::FactorUse& use = edition.pack->factors[i];
        if (use.alias != name && use.id != name) continue;
        take_factor(*packs_.factors[static_cast<std::size_t>(edition.factors[i])], out);
      }
    }
    return out;
  }

  void take_factor(const factor::FactorTable& factors, Source& out) const {
    out.names.clear();
    for (const std::size_t field : factors.key_fields)
      out.names.push_back(factors.fields[field].name);
    for (std::size_t row = 0; row < factors.row_count(); ++row) {
      std::vector<std::int32_t> key;
      for (const std::size_t field : factors.key_fields) {
        const Type type = factors.fields[field].type;
        key.push_back(type == Type::kText ? pool_.find(factors.text(row, field))
                                          : factors.id_value(row, field));
      }
      out.keys.insert(std::move(key));
    }
  }

  void add_cross(std::int32_t table) {
    const rules::CheckedTable& in = shape(table);
    if (in.cross.empty()) return;
    std::vector<Source> sources;
    for (const std::string& name : in.cross) sources.push_back(source_of(name));
    std::vector<std::optional<std::int32_t>> key(in.key_size);
    combine(table, sources, 0, key);
  }

  void combine(std::int32_t table, const std::vector<Source>& sources, std::size_t at,
               const std::vector<std::optional<std::int32_t>>& key) {
    const rules::CheckedTable& in = shape(table);
    if (at == sources.size()) {
      std::vector<std::int32_t> whole;
      for (const std::optional<std::int32_t>& part : key) whole.push_back(part.value_or(0));
      // Where no source has the period, `every` gives it; that nothing else is lacking is checked.
      const bool has_period =
          !in.period_column || key[static_cast<std::size_t>(*in.period_column)].has_value();
      if (has_period) return add(table, whole);
      for (const base::Period& period :
           base::periods_between(in.period, packs_.cycle.first_day(), packs_.cycle.last_day())) {
        whole[static_cast<std::size_t>(*in.period_column)] = period.index;
        add(table, whole);
      }
      return;
    }
    for (const std::vector<std::int32_t>& one : sources[at].keys) {
      if (!crowded_.empty()) return;
      std::vector<std::optional<std::int32_t>> next = key;
      bool fits = true;
      for (std::size_t i = 0; i < one.size(); ++i) {
        const std::optional<std::int32_t> column = in.column(sources[at].names[i]);
        if (!column || static_cast<std::size_t>(*column) >= in.key_size) continue;
        std::optional<std::int32_t>& part = next[static_cast<std::size_t>(*column)];
        fits = fits && (!part || *part == one[i]);
        part = one[i];
      }
      if (fits) combine(table, sources, at + 1, next);
    }
  }

  TableRows sorted(std::int32_t table) {
    const rules::CheckedTable& of = shape(table);
    const GrowingKeys& keys = building(table).keys;
    if (ranks_.empty()) ranks_ = pool_.ranks();
    const std::vector<std::uint32_t> order = key_order(keys, of, ranks_);
    read::InputTable& in = inputs_.tables[static_cast<std::size_t>(table)];
    TableRows out;
    out.rows = keys.rows();
    out.input_row.resize(out.rows);
    out.is_context.resize(out.rows);
    for (std::size_t row = 0; row < out.rows; ++row) {
      const std::uint32_t from = order.empty() ? static_cast<std::uint32_t>(row) : order[row];
      const bool added = from >= keys.file_rows();
      out.input_row[row] = added ? kNoRow : from;
      out.is_context[row] = added ? 0 : in.is_context[from];
    }
    out.columns.resize(of.columns.size());
    // All inputs before any key: what is left of the inputs may be given up column by column.
    const bool as_read = order.empty() && keys.rows() == keys.file_rows();
    for (std::size_t c = of.key_size; c < of.columns.size(); ++c)
      out.columns[c] = input_cells(table, c, out, as_read);
    for (std::size_t c = 0; c < of.key_size; ++c) {
      if (as_read) {
        out.columns[c] = taken(in.keys[c]);
        continue;
      }
      out.columns[c] = table::Column::from_ids(of.columns[c].type, keys.parts(c, order),
                                               std::vector<State>(out.rows, State::kValue));
    }
    if (takes_) shrink(in);
    out.cases.resize(of.columns.size());
    set_editions(table, out);
    return out;
  }

  // What is left of an input whose cells were taken.
  static void shrink(read::InputTable& in) {
    in.keys.clear();
    in.file.shrink_to_fit();
    in.line.shrink_to_fit();
    in.is_context.shrink_to_fit();
    for (read::InputColumn& one : in.columns) {
      one.places.shrink_to_fit();
      one.written_unit.shrink_to_fit();
    }
  }

  // Cells of the inputs: given up if nobody needs them again.
  table::Column taken(table::Column& cells) const {
    return takes_ ? std::exchange(cells, table::Column(cells.type())) : cells;
  }

  table::Column input_cells(std::int32_t table, std::size_t column, const TableRows& rows,
                            bool as_read) {
    for (read::InputColumn& one : inputs_.tables[static_cast<std::size_t>(table)].columns) {
      if (static_cast<std::size_t>(one.column) != column) continue;
      if (as_read) return taken(one.cells);
      table::Column out = one.cells.picked_or_null(rows.input_row, kNoRow);
      if (takes_) one.cells = table::Column(one.cells.type());
      return out;
    }
    return {shape(table).columns[column].type, rows.rows, State::kNull};
  }

  void set_editions(std::int32_t table, TableRows& out) {
    const rules::CheckedTable& of = shape(table);
    out.edition.resize(packs_.packs.size());
    for (const rules::CheckedColumn& column : of.columns) {
      if (column.pack_index < 0) continue;
      std::vector<std::int32_t>& editions =
          out.edition[static_cast<std::size_t>(column.pack_index)];
      if (!editions.empty()) continue;
      editions.resize(out.rows);
      const table::Column* periods =
          of.period_column ? &out.columns[static_cast<std::size_t>(*of.period_column)] : nullptr;
      for (std::size_t row = 0; row < out.rows; ++row)
        editions[row] =
            edition_of(table, periods != nullptr ? periods->id(row) : 0, column.pack_index);
    }
  }

  static constexpr std::size_t kPeriodKinds = 7;  // and none

  const plan::Program& program_;
  const rules::CheckedPacks& packs_;
  read::InputTables& inputs_;
  const table::TextPool& pool_;
  const ComputedLinks& links_;
  const bool takes_;
  const std::vector<read::InputTable>* callers_;  // null once everybody is called
  std::vector<Building> building_;
  std::map<std::int32_t, KeyIndex> every_done_;
  std::deque<Path> paths_;  // a path may be made while another is in use
  std::map<std::pair<std::int32_t, std::int32_t>, std::int32_t> path_of_;
  std::vector<std::int32_t> ranks_;
  std::size_t added_rows_ = 0;
  std::string crowded_;  // the table whose rows passed the limit
  std::vector<Served> served_;
  std::vector<ByPeriod<std::int32_t>> editions_;  // by pack and kind of period
};

}  // namespace

std::vector<TableRows> make_rows(const plan::Program& program, read::InputTables& inputs,
                                 const table::TextPool& pool, const ComputedLinks& links, bool take,
                                 const std::vector<read::InputTable>* callers,
                                 std::string& crowded) {
  Rows rows(program, inputs, pool, links, take, callers);
  std::vector<TableRows> out = rows.run();
  crowded = rows.crowded();
  return out;
}

}  // namespace qz::compute
