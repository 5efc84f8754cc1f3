// Rows: a closure over calls, `every` and `cross`, then one sort.

#include "compute/rows.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <set>
#include <tuple>

namespace qz::compute {
namespace {

using table::KeyIndex;
using table::State;
using table::Type;

class Rows {
 public:
  Rows(const plan::Program& program, const read::InputTables& inputs, const table::TextPool& pool,
       const ComputedLinks& links)
      : program_(program), packs_(*program.packs), inputs_(inputs), pool_(pool), links_(links) {}

  std::vector<TableRows> run() {
    for (std::size_t t = 0; t < packs_.tables.size(); ++t) take_files(static_cast<std::int32_t>(t));
    served_.resize(program_.calls.size());
    for (bool grew = true; grew;) {
      const std::size_t before = row_count();
      for (std::size_t t = 0; t < packs_.tables.size(); ++t) {
        add_every(static_cast<std::int32_t>(t));
        add_cross(static_cast<std::int32_t>(t));
      }
      for (std::size_t c = 0; c < program_.calls.size(); ++c) serve(program_.calls[c], served_[c]);
      grew = row_count() != before && crowded_.empty();
    }
    if (!crowded_.empty()) return {};
    std::vector<TableRows> out;
    for (std::size_t t = 0; t < packs_.tables.size(); ++t)
      out.push_back(sorted(static_cast<std::int32_t>(t)));
    return out;
  }

  const std::string& crowded() const { return crowded_; }

 private:
  struct Building {
    KeyIndex index{0};
    std::vector<std::uint32_t> input_row;
    std::vector<std::uint8_t> is_context;
    std::size_t every_done = 0;  // rows that `every` has looked at
    bool complete = false;       // a register: nothing is added
  };

  const rules::CheckedTable& shape(std::int32_t table) const {
    return packs_.tables[static_cast<std::size_t>(table)];
  }
  Building& building(std::int32_t table) { return building_[static_cast<std::size_t>(table)]; }
  const read::InputTable& input(std::int32_t table) const {
    return inputs_.tables[static_cast<std::size_t>(table)];
  }

  std::size_t row_count() const {
    std::size_t n = 0;
    for (const Building& one : building_) n += one.index.rows();
    return n;
  }

  void take_files(std::int32_t table) {
    const read::InputTable& in = input(table);
    Building out;
    out.index = KeyIndex(shape(table).key_size);
    out.index.reserve(in.rows);
    std::vector<std::int32_t> key(shape(table).key_size);
    for (std::size_t row = 0; row < in.rows; ++row) {
      for (std::size_t i = 0; i < key.size(); ++i) key[i] = in.keys[i].id(row);
      out.index.insert(key);
      out.input_row.push_back(static_cast<std::uint32_t>(row));
      out.is_context.push_back(in.is_context[row]);
    }
    out.complete = in.given && !shape(table).period_column;
    building_.push_back(std::move(out));
    if (shape(table).key_size == 0) add(table, {});
  }

  void add(std::int32_t table, std::span<const std::int32_t> key) {
    Building& to = building(table);
    if ((to.complete && shape(table).key_size > 0) || !crowded_.empty()) return;
    bool added = false;
    to.index.insert(key, &added);
    if (!added) return;
    if (++added_rows_ > kAddedRowsMax && crowded_.empty()) crowded_ = shape(table).name;
    to.input_row.push_back(kNoRow);
    to.is_context.push_back(0);
  }

  // A link cell of a row under construction: the file's, or what an earlier round computed.
  std::optional<std::int32_t> link_cell(std::int32_t table, std::int32_t column,
                                        std::uint32_t row) {
    const Building& in = building(table);
    const std::uint32_t input_row = in.input_row[row];
    if (input_row != kNoRow) {
      for (const read::InputColumn& one : input(table).columns) {
        if (one.column == column && one.cells.has_value(input_row)) return one.cells.id(input_row);
      }
    }
    const auto computed = links_.find({table, column});
    if (computed == links_.end()) return std::nullopt;
    const std::span<const std::int32_t> key = in.index.key(row);
    const auto found = computed->second.find({key.begin(), key.end()});
    if (found == computed->second.end()) return std::nullopt;
    return found->second;
  }

  std::optional<std::int32_t> settled(std::int32_t table, const std::string& name,
                                      std::uint32_t row) {
    const rules::Settled& how = shape(table).settled.at(name);
    std::int32_t owner = table;
    if (how.via_table >= 0) {
      std::vector<std::int32_t> key;
      if (!key_above(table, row, how.via_table, key)) return std::nullopt;
      owner = how.via_table;
      row = building(owner).index.find(key);
      if (row == kNoRow) return std::nullopt;
    }
    if (static_cast<std::size_t>(how.column) < shape(owner).key_size) {
      return building(owner).index.key(row)[static_cast<std::size_t>(how.column)];
    }
    return link_cell(owner, how.column, row);
  }

  // The key of the row of `above` that a row of `table` settles; false where a link is missing.
  bool key_above(std::int32_t table, std::uint32_t row, std::int32_t above,
                 std::vector<std::int32_t>& key) {
    const rules::CheckedTable& theirs = shape(above);
    const rules::CheckedTable& mine = shape(table);
    key.resize(theirs.key_size);
    for (std::size_t i = 0; i < key.size(); ++i) {
      const rules::CheckedColumn& column = theirs.columns[i];
      if (column.type == Type::kPeriod) {
        const base::Period own{
            mine.period,
            building(table).index.key(row)[static_cast<std::size_t>(*mine.period_column)]};
        const std::optional<base::Period> holding =
            base::containing(own, column.period, packs_.cycle);
        if (!holding) return false;
        key[i] = holding->index;
      } else {
        const std::optional<std::int32_t> id = settled(table, column.name, row);
        if (!id) return false;
        key[i] = *id;
      }
    }
    return true;
  }

  // How far a call has been answered.
  struct Served {
    std::size_t rows = 0;                // of the caller, from the first
    std::vector<std::uint32_t> waiting;  // of these, rows whose link was not known yet
  };

  void serve(const plan::Call& call, Served& served) {
    if (building(call.called).complete) return;
    // Rows that this very call adds (a table that calls for itself) are served in the next round.
    const std::size_t rows = building(call.caller).index.rows();
    std::vector<std::uint32_t> open = std::move(served.waiting);
    served.waiting.clear();
    for (; served.rows < rows; ++served.rows)
      open.push_back(static_cast<std::uint32_t>(served.rows));
    std::vector<std::int32_t> key;
    for (const std::uint32_t row : open) {
      if (building(call.caller).is_context[row] != 0) continue;
      if (!call.lists &&
          !in_edition(call.caller, building(call.caller).index.key(row), call.edition))
        continue;
      if (!key_above(call.caller, row, call.called, key)) {
        served.waiting.push_back(row);
      } else if (!call.lists || in_edition(call.called, key, call.edition)) {
        add(call.called, key);
      }
    }
  }

  // Is `edition` its pack's for a row with that key?
  bool in_edition(std::int32_t table, std::span<const std::int32_t> key, std::int32_t edition) {
    const std::int32_t pack = packs_.editions[static_cast<std::size_t>(edition)].pack_index;
    const rules::CheckedTable& of = shape(table);
    const int kind = of.period_column ? static_cast<int>(of.period) : -1;
    const std::int32_t period =
        of.period_column ? key[static_cast<std::size_t>(*of.period_column)] : 0;
    const auto [slot, is_new] = edition_of_.emplace(std::tuple{pack, kind, period}, -1);
    if (is_new) {
      const base::Date day = of.period_column ? base::last_day({of.period, period}, packs_.cycle)
                                              : packs_.cycle.last_day();
      slot->second = packs_.edition_at(pack, day);
    }
    return slot->second == edition;
  }

  std::optional<base::Date> bound(std::int32_t table, std::uint32_t row,
                                  const std::optional<std::pair<std::string, std::string>>& from) {
    if (!from) return std::nullopt;
    const std::optional<std::int32_t> above = packs_.table(from->first);
    std::vector<std::int32_t> key;
    if (!above || !key_above(table, row, *above, key)) return std::nullopt;
    const std::uint32_t found = building(*above).index.find(key);
    if (found == kNoRow || building(*above).input_row[found] == kNoRow) return std::nullopt;
    const std::optional<std::int32_t> column = shape(*above).column(from->second);
    for (const read::InputColumn& one : input(*above).columns) {
      const std::uint32_t input_row = building(*above).input_row[found];
      if (column && one.column == *column && one.cells.has_value(input_row)) {
        return base::Date(one.cells.id(input_row));
      }
    }
    return std::nullopt;
  }

  void add_every(std::int32_t table) {
    const rules::CheckedTable& in = shape(table);
    if (!in.every || !in.period_column) return;
    const auto at = static_cast<std::size_t>(*in.period_column);
    const std::size_t rows = building(table).index.rows();
    std::set<std::vector<std::int32_t>>& done = every_done_[table];
    for (std::size_t& row = building(table).every_done; row < rows; ++row) {
      if (building(table).is_context[row] != 0) continue;
      const std::span<const std::int32_t> own = building(table).index.key(row);
      std::vector<std::int32_t> key(own.begin(), own.end());
      key[at] = 0;
      if (!done.insert(key).second) continue;
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
      const Building& in = building(*table);
      for (std::size_t row = 0; row < in.index.rows(); ++row) {
        const std::span<const std::int32_t> key = in.index.key(row);
        if (in.is_context[row] == 0) out.keys.insert({key.begin(), key.end()});
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
      for (const std::optional<std::int32_t>& part : key) {
        if (!part) return;  // the sources do not make the whole key
        whole.push_back(*part);
      }
      add(table, whole);
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

  // Texts by UTF-8 bytes, periods and record numbers by value.
  std::vector<std::uint32_t> order(std::int32_t table) {
    if (ranks_.empty()) ranks_ = pool_.ranks();
    const Building& in = building(table);
    const rules::CheckedTable& of = shape(table);
    std::vector<std::int32_t> sortable;
    sortable.reserve(in.index.rows() * of.key_size);
    for (std::size_t row = 0; row < in.index.rows(); ++row) {
      const std::span<const std::int32_t> key = in.index.key(row);
      for (std::size_t i = 0; i < key.size(); ++i) {
        const bool text = of.columns[i].type == Type::kText;
        sortable.push_back(text ? ranks_[static_cast<std::size_t>(key[i])] : key[i]);
      }
    }
    std::vector<std::uint32_t> out(in.index.rows());
    std::iota(out.begin(), out.end(), 0u);
    const std::size_t width = of.key_size;
    const auto before = [&](std::uint32_t a, std::uint32_t b) {
      const std::int32_t* left = sortable.data() + a * width;
      const std::int32_t* right = sortable.data() + b * width;
      return std::lexicographical_compare(left, left + width, right, right + width);
    };
    // Most files come in key order already.
    if (!std::is_sorted(out.begin(), out.end(), before)) std::sort(out.begin(), out.end(), before);
    return out;
  }

  TableRows sorted(std::int32_t table) {
    const rules::CheckedTable& of = shape(table);
    const std::vector<std::uint32_t> rows = order(table);
    const Building& in = building(table);
    TableRows out;
    out.rows = rows.size();
    for (const std::uint32_t row : rows) {
      out.input_row.push_back(in.input_row[row]);
      out.is_context.push_back(in.is_context[row]);
    }
    for (std::size_t c = 0; c < of.columns.size(); ++c) {
      const rules::CheckedColumn& column = of.columns[c];
      if (c < of.key_size) {
        std::vector<std::int32_t> ids;
        ids.reserve(rows.size());
        for (const std::uint32_t row : rows) ids.push_back(in.index.key(row)[c]);
        out.columns.push_back(table::Column::from_ids(
            column.type, std::move(ids), std::vector<State>(rows.size(), State::kValue)));
      } else {
        out.columns.push_back(input_cells(table, static_cast<std::int32_t>(c), column, out));
      }
    }
    out.cases.resize(of.columns.size());
    set_editions(table, out);
    return out;
  }

  table::Column input_cells(std::int32_t table, std::int32_t column, const rules::CheckedColumn& of,
                            const TableRows& rows) const {
    table::Column out(of.type, rows.rows, State::kNull);
    for (const read::InputColumn& one : input(table).columns) {
      if (one.column != column) continue;
      for (std::size_t row = 0; row < rows.rows; ++row) {
        if (rows.input_row[row] != kNoRow) out.set_cell(row, one.cells, rows.input_row[row]);
      }
    }
    return out;
  }

  void set_editions(std::int32_t table, TableRows& out) const {
    const rules::CheckedTable& of = shape(table);
    std::set<std::int32_t> packs;
    for (const rules::CheckedColumn& column : of.columns) packs.insert(column.pack_index);
    packs.erase(-1);
    out.edition.resize(packs_.packs.size());
    for (const std::int32_t pack : packs) {
      std::map<std::int32_t, std::int32_t> by_period;
      std::vector<std::int32_t>& editions = out.edition[static_cast<std::size_t>(pack)];
      editions.reserve(out.rows);
      for (std::size_t row = 0; row < out.rows; ++row) {
        const std::int32_t period =
            of.period_column ? out.columns[static_cast<std::size_t>(*of.period_column)].id(row) : 0;
        const auto [slot, is_new] = by_period.emplace(period, -1);
        if (is_new) {
          const base::Date day = of.period_column
                                     ? base::last_day({of.period, period}, packs_.cycle)
                                     : packs_.cycle.last_day();
          slot->second = packs_.edition_at(pack, day);
        }
        editions.push_back(slot->second);
      }
    }
  }

  const plan::Program& program_;
  const rules::CheckedPacks& packs_;
  const read::InputTables& inputs_;
  const table::TextPool& pool_;
  const ComputedLinks& links_;
  std::vector<Building> building_;
  std::map<std::int32_t, std::set<std::vector<std::int32_t>>> every_done_;
  std::vector<std::int32_t> ranks_;
  std::size_t added_rows_ = 0;
  std::string crowded_;  // the table whose rows passed the limit
  std::vector<Served> served_;  // by call
  std::map<std::tuple<std::int32_t, int, std::int32_t>, std::int32_t> edition_of_;
};

}  // namespace

std::vector<TableRows> make_rows(const plan::Program& program, const read::InputTables& inputs,
                                 const table::TextPool& pool, const ComputedLinks& links,
                                 std::string& crowded) {
  Rows rows(program, inputs, pool, links);
  std::vector<TableRows> out = rows.run();
  crowded = rows.crowded();
  return out;
}

}  // namespace qz::compute
