// From results: entities one after another, each table's rows in key order. Chunks of them are
// written out and hashed by several threads, and handed over in order.

#include "seal/from_results.h"

#include <algorithm>
#include <map>
#include <memory>
#include <vector>

#include "compute/cell_text.h"
#include "seal/figure_source.h"
#include "seal/in_turn.h"

namespace qz::seal {
namespace {

using compute::Results;

// Where a table's subject stands in its key; −1 for tables that belong to no entity.
std::int32_t subject_column(const Results& results, std::size_t table) {
  const rules::CheckedTable& of = results.packs->tables[table];
  for (std::size_t i = 0; i < of.key_size; ++i) {
    if (of.columns[i].name == results.packs->subject) return static_cast<std::int32_t>(i);
  }
  return -1;
}

constexpr std::size_t kChunkFigures = 4096;
constexpr std::size_t kChunkBytes = std::size_t{4} << 20;  // of the texts of a chunk

// Rows of one table that follow each other and belong together.
struct Rows {
  std::size_t table = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

struct EntityParts {
  std::vector<Rows> rows;  // by table
  std::vector<std::size_t> positions;
  std::vector<std::size_t> findings;  // in their order
};

// Who has which rows and findings, and which cells belong to nobody.
class Parts {
 public:
  Parts(const Results& results, const base::Findings& findings)
      : results_(results), findings_(findings) {
    for (std::size_t t = 0; t < results.tables.size(); ++t) {
      const auto& columns = results.packs->tables[t].columns;
      width_.push_back(static_cast<std::size_t>(
          std::count_if(columns.begin() + static_cast<std::ptrdiff_t>(key_size(t)), columns.end(),
                        [](const rules::CheckedColumn& one) { return one.report; })));
    }
    group_rows();
    for (const std::string& holder : results.inputs.holders) entities_[holder];
    for (std::size_t i = 0; i < results.inputs.positions.size(); ++i)
      entities_[results.inputs.positions[i].entity].positions.push_back(i);
    group_findings();
  }

  const std::map<std::string, EntityParts>& entities() const { return entities_; }
  const std::vector<Rows>& totals() const { return totals_; }
  const std::vector<std::size_t>& common_findings() const { return common_findings_; }
  // How many figures a row of the table may give.
  std::size_t width(std::size_t table) const { return width_[table]; }

 private:
  std::size_t key_size(std::size_t table) const { return results_.packs->tables[table].key_size; }

  void group_rows() {
    std::vector<EntityParts*> by_id(results_.pool->size(), nullptr);
    for (std::size_t t = 0; t < results_.tables.size(); ++t) {
      const std::int32_t subject = subject_column(results_, t);
      if (subject < 0) {
        if (width_[t] > 0) group_totals(t);
        continue;
      }
      const compute::TableRows& in = results_.tables[t];
      const table::Column& entities = in.columns[static_cast<std::size_t>(subject)];
      for (std::uint32_t row = 0; row < in.rows;) {
        const std::uint32_t begin = row;
        const std::int32_t id = entities.id(row);
        const bool context = in.is_context[row] != 0;
        while (row < in.rows && entities.id(row) == id && (in.is_context[row] != 0) == context)
          ++row;
        if (context) continue;
        EntityParts*& parts = by_id[static_cast<std::size_t>(id)];
        if (parts == nullptr) parts = &entities_[results_.pool->text(id)];
        if (width_[t] > 0) parts->rows.push_back({t, begin, row});
      }
    }
    for (const std::int32_t subject : results_.subjects) entities_[results_.pool->text(subject)];
  }

  void group_totals(std::size_t table) {
    const compute::TableRows& in = results_.tables[table];
    for (std::uint32_t row = 0; row < in.rows; ++row) {
      if (in.is_context[row] != 0) continue;
      if (!totals_.empty() && totals_.back().table == table && totals_.back().end == row) {
        ++totals_.back().end;
      } else {
        totals_.push_back({table, row, row + 1});
      }
    }
  }

  void group_findings() {
    for (std::size_t i = 0; i < findings_.size(); ++i) {
      const base::Key& key = findings_[i].key;
      const auto entity = std::find_if(key.begin(), key.end(), [&](const auto& part) {
        return part.first == results_.packs->subject;
      });
      if (entity == key.end()) {
        common_findings_.push_back(i);
      } else {  // an entity is also who has nothing but a finding
        entities_[entity->second].findings.push_back(i);
      }
    }
  }

  const Results& results_;
  const base::Findings& findings_;
  std::vector<std::size_t> width_;  // by table
  std::map<std::string, EntityParts> entities_;
  std::vector<Rows> totals_;
  std::vector<std::size_t> common_findings_;
};

// A part of one entity, or of the totals, as one thread prepares it.
struct Run {
  const EntityParts* entity = nullptr;  // nullptr: totals
  bool opens = false;                   // the entity begins here
  bool closes = false;                  // and ends here
  std::vector<Rows> rows;
  Figures figures;
  Sealer::Shaped shaped;
};

// Cuts all that is reported into chunks of about kChunkFigures, in the ledger's order.
class Cutter {
 public:
  explicit Cutter(const Parts& parts) : parts_(parts), entity_(parts.entities().begin()) {}

  // The next runs into the first `count` of `runs`; none where everything is cut.
  void cut(std::vector<Run>& runs, std::size_t& count) {
    count = 0;
    for (std::size_t room = kChunkFigures; room > 0 && !done_;) {
      const bool totals = entity_ == parts_.entities().end();
      const std::vector<Rows>& rows = totals ? parts_.totals() : entity_->second.rows;
      if (count == runs.size()) runs.emplace_back();
      Run& run = runs[count++];
      run.entity = totals ? nullptr : &entity_->second;
      run.figures.clear();
      run.figures.entity = totals ? nullptr : &entity_->first;
      run.opens = !totals && piece_ == 0 && row_ == 0;
      run.rows.clear();
      room -= std::min(room, fill(rows, room, run.rows) + 1);
      run.closes = !totals && piece_ == rows.size();
      if (piece_ < rows.size()) continue;
      piece_ = 0;
      if (totals) done_ = true;
      if (!totals) ++entity_;
    }
  }

 private:
  // Gives how many figures the rows may have that were taken.
  std::size_t fill(const std::vector<Rows>& rows, std::size_t room, std::vector<Rows>& out) {
    std::size_t taken = 0;
    for (; piece_ < rows.size() && taken < room; ++piece_, row_ = 0) {
      const Rows& piece = rows[piece_];
      const std::size_t width = parts_.width(piece.table);
      const std::uint32_t begin = piece.begin + row_;
      const std::size_t wanted = (room - taken + width - 1) / width;
      const std::size_t got = std::min<std::size_t>(piece.end - begin, wanted);
      out.push_back({piece.table, begin, begin + static_cast<std::uint32_t>(got)});
      taken += got * width;
      if (begin + got == piece.end) continue;
      row_ += static_cast<std::uint32_t>(got);
      break;
    }
    return taken;
  }

  const Parts& parts_;
  std::map<std::string, EntityParts>::const_iterator entity_;
  std::size_t piece_ = 0;
  std::uint32_t row_ = 0;  // within the piece
  bool done_ = false;
};

// One thread's share: see run_in_turn().
class Worker {
 public:
  Worker(const Results& results, const base::Findings& findings, Cutter& cutter, Sealer& sealer)
      : results_(results),
        findings_(findings),
        cutter_(cutter),
        sealer_(sealer),
        source_(std::make_unique<FigureSource>(results)),
        shaper_(sealer.shaper()) {}

  bool cut() {
    cutter_.cut(runs_, count_);
    given_ = 0;
    return count_ > 0;
  }

  template <class Wait>
  void prepare(const Wait& wait) {
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      Run& run = runs_[i];
      for (const Rows& rows : run.rows) {
        for (std::uint32_t row = rows.begin; row < rows.end; ++row) {
          const std::size_t before = run.figures.texts.size();
          source_->add_row(rows.table, row, run.figures);
          bytes += run.figures.texts.size() - before;
          if (bytes <= kChunkBytes) continue;
          bytes = 0;  // long texts: what there is goes before more is made
          if (!wait()) return;
          give_part(i);
        }
      }
      shaper_.shape(run.figures, run.shaped);
    }
  }

  void hand_over() {
    for (; given_ < count_; ++given_) give(runs_[given_], runs_[given_].closes);
  }

  void finish() {
    for (std::size_t i = 0; i < count_; ++i) sealer_.fold(runs_[i].shaped);
  }

 private:
  void give_part(std::size_t last) {
    for (; given_ < last; ++given_) give(runs_[given_], runs_[given_].closes);
    Run& run = runs_[last];
    shaper_.shape(run.figures, run.shaped);
    give(run, false);
    sealer_.fold(run.shaped);
    run.opens = false;
    run.figures.clear();
  }

  void give(Run& run, bool closes) {
    if (run.opens) sealer_.begin_entity(*run.figures.entity);
    sealer_.take(run.figures, run.shaped);
    if (!closes) return;
    for (const std::size_t i : run.entity->positions) {
      const read::Position& one = results_.inputs.positions[i];
      sealer_.position({one.instrument, one.lot, one.state, one.quantity, one.unit});
    }
    for (const std::size_t i : run.entity->findings) {
      base::Finding finding = findings_[i];
      std::erase_if(finding.key,
                    [&](const auto& part) { return part.first == results_.packs->subject; });
      sealer_.finding(finding);
    }
    sealer_.end_entity();
  }

  const Results& results_;
  const base::Findings& findings_;
  Cutter& cutter_;
  Sealer& sealer_;
  std::unique_ptr<FigureSource> source_;
  Sealer::Shaper shaper_;
  std::vector<Run> runs_;  // reused for every chunk
  std::size_t count_ = 0;  // of the chunk
  std::size_t given_ = 0;  // handed over
};

}  // namespace

Entry entry_of(const Results& results, std::int32_t table, std::int32_t column, std::uint32_t row) {
  const rules::CheckedTable& of = results.packs->tables[static_cast<std::size_t>(table)];
  const rules::CheckedColumn& read = of.columns[static_cast<std::size_t>(column)];
  const compute::TableRows& rows = results.tables[static_cast<std::size_t>(table)];
  const rules::ColumnRule* rule = compute::rule_of(results, table, column, row);
  compute::CellText text = compute::cell_text(results, table, column, row);
  Entry out;
  out.table = of.name;
  out.key = results.key(table, row);
  std::erase_if(out.key, [&](const auto& part) { return part.first == results.packs->subject; });
  out.column = read.name;
  out.value = std::move(text.value);
  out.unit = std::move(text.unit);
  out.error = table::error_code(text.state);
  const std::string pack =
      rule != nullptr
          ? results.packs->editions[static_cast<std::size_t>(rule->edition)].pack->name()
          : results.packs->packs[static_cast<std::size_t>(std::max(0, read.pack_index))];
  out.rule = pack + "/" + of.name + "." + read.name;
  const std::vector<std::uint8_t>& cases = rows.cases[static_cast<std::size_t>(column)];
  const bool has_formula = rule != nullptr && !rule->cases.empty();
  if (rule == nullptr) {  // no edition covers the row
    out.how = read.has_formula ? "formula" : "measured";
  } else if (!has_formula) {
    out.how = "measured";
  } else if (cases.empty() || cases[row] == compute::kCaseInput) {
    out.how = "override";
  } else {
    out.how = cases[row] == compute::kCaseNone ? "formula" : rule->cases[cases[row]].how;
  }
  if (rule != nullptr) {
    out.cite = rule->definition->cite;
    if (has_formula && !cases.empty() && cases[row] < rule->cases.size())
      out.cite = rule->cases[cases[row]].cite;
  }
  return out;
}

void give_leaves(const Header& header, const Results& results, const base::Findings& findings,
                 Sealer& sealer, int threads) {
  sealer.header(header);
  const Parts parts(results, findings);
  Cutter cutter(parts);
  run_in_turn(threads, [&] { return Worker(results, findings, cutter, sealer); });
  for (const std::size_t i : parts.common_findings()) sealer.finding(findings[i]);
}

}  // namespace qz::seal
