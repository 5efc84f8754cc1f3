// Recompute: a loaded job under edits, by the same stages as any other job.

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "job/edits.h"
#include "table/row_index.h"

namespace qz::job {
namespace {

base::Finding cannot(std::string en, std::string zh) {
  return base::failure("change-does-not-fit", {}, std::move(en), std::move(zh));
}

// The rules of a job with other constants and factors.
std::shared_ptr<const LoadedRules> edited_rules(const LoadedRules& from, const Edits& edits) {
  auto out = std::make_shared<LoadedRules>(from);
  for (const ConstantEdit& edit : edits.constants) {
    for (std::shared_ptr<const rules::Pack>& pack : out->packs) {
      if (pack->name() != edit.pack) continue;
      auto changed = std::make_shared<rules::Pack>(*pack);
      for (rules::Constant& one : changed->constants) {
        if (one.name == edit.name) one.value = edit.number;
      }
      pack = std::move(changed);
    }
  }
  std::map<std::string, factor::FactorTable> tables;
  for (const FactorEdit& edit : edits.factors) {
    const std::size_t at = edit.table.find('@');
    auto known = tables.find(edit.table);
    if (known == tables.end()) {
      const auto found = from.tables.find(edit.table.substr(0, at), edit.table.substr(at + 1));
      if (!found) continue;
      known = tables.emplace(edit.table, **found).first;
    }
    known->second.replace_number(edit.row, edit.field, edit.number);
  }
  for (auto& [name, table] : tables) out->tables.add(std::move(table));
  return out;
}

// The first constant, factor table or parameter of `edits` that the packs in use do not have; ""
// where all are there.
std::string lacking(const rules::CheckedPacks& packs, const Edits& edits) {
  for (const ConstantEdit& edit : edits.constants) {
    const bool known =
        std::any_of(packs.editions.begin(), packs.editions.end(),
                    [&](const rules::Edition& one) { return one.pack->name() == edit.pack; });
    if (!known) return edit.pack + "/" + edit.name;
  }
  for (const FactorEdit& edit : edits.factors) {
    const bool known =
        std::any_of(packs.factors.begin(), packs.factors.end(),
                    [&](const factor::FactorTable* one) { return one->name() == edit.table; });
    if (!known) return edit.table;
  }
  return "";
}

// Puts cell edits of one base into rows that are made anew, found by their keys.
class CellPlacer {
 public:
  CellPlacer(const LoadedJob& base, const compute::Results& results, const Edits& edits,
             const rules::CheckedPacks& packs)
      : from_(*base.packs()), results_(results), packs_(packs) {
    for (const CellEdit& edit : edits.cells) by_table_[edit.table].push_back(&edit);
  }

  // Link columns and dates decide which rows there are: these go into the inputs.
  void put(read::InputTables& inputs) {
    for (const auto& [table, edits] : by_table_) {
      for (const CellEdit* edit : edits) put_input(inputs, *edit);
    }
  }

  void put(std::vector<compute::TableRows>& tables) {
    for (const auto& [table, edits] : by_table_) put_rows(tables, table, edits);
  }

  // Digits as written are no more.
  void forget_places(read::InputTables& inputs) const {
    for (const auto& [table, edits] : by_table_) {
      for (const CellEdit* edit : edits) {
        const auto to = place_of(*edit);
        if (!to) continue;
        for (read::InputColumn& one : inputs.tables[static_cast<std::size_t>(to->first)].columns) {
          const std::uint32_t row = input_row(*edit);
          if (one.column == to->second && row < one.places.size())
            one.places[row] = read::kPlacesUnwritten;
        }
      }
    }
  }

  const std::optional<base::Finding>& problem() const { return problem_; }

 private:
  const rules::CheckedTable& table_of(const CellEdit& edit) const {
    return from_.tables[static_cast<std::size_t>(edit.table)];
  }
  const rules::CheckedColumn& column_of(const CellEdit& edit) const {
    return table_of(edit).columns[static_cast<std::size_t>(edit.column)];
  }
  std::uint32_t input_row(const CellEdit& edit) const {
    return results_.tables[static_cast<std::size_t>(edit.table)].input_row[edit.row];
  }

  std::optional<std::pair<std::int32_t, std::int32_t>> place_of(const CellEdit& edit) const {
    const std::optional<std::int32_t> table = packs_.table(table_of(edit).name);
    if (!table) return std::nullopt;
    const auto column =
        packs_.tables[static_cast<std::size_t>(*table)].column(column_of(edit).name);
    if (!column) return std::nullopt;
    return std::pair(*table, *column);
  }

  void put_input(read::InputTables& inputs, const CellEdit& edit) {
    const rules::CheckedColumn& of = column_of(edit);
    const auto to = place_of(edit);
    const std::uint32_t row = input_row(edit);
    if (of.type == table::Type::kNumber || !to || row == table::kNoRow) return;
    read::InputTable& in = inputs.tables[static_cast<std::size_t>(to->first)];
    if (row >= in.rows) return;
    for (read::InputColumn& one : in.columns) {
      if (one.column == to->second) one.cells.set_id(row, edit.id);
    }
  }

  void put_rows(std::vector<compute::TableRows>& tables, std::int32_t table,
                const std::vector<const CellEdit*>& edits) {
    const rules::CheckedTable& of = from_.tables[static_cast<std::size_t>(table)];
    const std::optional<std::int32_t> to = packs_.table(of.name);
    if (!to) return lacks(*edits.front(), true);
    compute::TableRows& rows = tables[static_cast<std::size_t>(*to)];
    std::vector<std::span<const std::int32_t>> parts;
    for (std::size_t i = 0; i < of.key_size; ++i) parts.push_back(rows.columns[i].ids());
    const table::RowIndex index(std::move(parts), rows.rows);
    std::vector<std::int32_t> key(of.key_size);
    for (const CellEdit* edit : edits) {
      const auto place = place_of(*edit);
      if (!place) return lacks(*edit, true);
      for (std::size_t i = 0; i < of.key_size; ++i) {
        key[i] = results_.tables[static_cast<std::size_t>(table)].columns[i].id(edit->row);
      }
      const std::uint32_t row = index.find(key);
      if (row == table::kNoRow) return lacks(*edit, false);
      table::Column& cells = rows.columns[static_cast<std::size_t>(place->second)];
      const rules::CheckedColumn& was = column_of(*edit);
      const rules::CheckedColumn& is = packs_.tables[static_cast<std::size_t>(place->first)]
                                           .columns[static_cast<std::size_t>(place->second)];
      if (!is.has_input || !(is.type == was.type)) return lacks(*edit, true);
      if (was.type == table::Type::kNumber) {
        cells.set_number(row, edit->number * was.unit.factor_to(is.unit));
      } else {
        cells.set_id(row, edit->id);
      }
    }
  }

  void lacks(const CellEdit& edit, bool column) {
    if (problem_) return;
    std::string name = table_of(edit).name + "." + column_of(edit).name;
    if (column) {
      problem_ = cannot(name + " is no input of the editions that the scenario pins",
                        name + " 不是情景所固定版本的输入列");
      return;
    }
    std::string key;
    for (const auto& [part, value] : results_.key(edit.table, edit.row))
      key += (key.empty() ? "" : ", ") + value;
    problem_ =
        cannot(fmt::format("{}: the row {} no longer exists under the other changes", name, key),
               fmt::format("{}：在其他变更之下，行 {} 已不存在", name, key));
  }

  const rules::CheckedPacks& from_;
  const compute::Results& results_;
  const rules::CheckedPacks& packs_;
  std::map<std::int32_t, std::vector<const CellEdit*>> by_table_;
  std::optional<base::Finding> problem_;
};

struct Prepared {
  std::shared_ptr<const LoadedRules> rules;
  std::optional<plan::Program> program;
  read::InputTables inputs;
  seal::Header header;
  base::Findings findings;
};

base::Finding first_of(const Refusal& refusal) {
  if (!refusal.problems.empty()) return refusal.problems.front();
  return cannot("the job is refused under the changes", "在这些变更之下任务被拒绝");
}

// Packs, program and inputs under the edits of rules.
base::Result<Prepared> prepare(const LoadedJob& base, const Edits& edits, const RunOptions& run,
                               const MorePack& more) {
  std::optional<LoadedJob> pinned;
  Refusal refusal;
  if (!edits.pins.empty()) {
    pinned = load_job(run, {edits.pins, more, base.pool}, refusal);
    if (!pinned) return first_of(refusal);
  }
  const LoadedJob& from = pinned ? *pinned : base;
  Prepared out{from.rules, from.program, from.inputs, from.header, from.findings};
  const std::string missing = lacking(*from.packs(), edits);
  if (!missing.empty()) {
    return cannot(missing + " is not used by the editions that the scenario pins",
                  "情景所固定的版本不使用 " + missing);
  }
  if (edits.factors.empty() && edits.constants.empty() && edits.parameters.empty()) return out;
  out.rules = edited_rules(*from.rules, edits);
  rules::PackRequest request = request_of(from.job, from.more.get());
  for (const auto& [name, value] : edits.parameters)
    request.parameters[name.first][name.second] = value;
  std::vector<std::shared_ptr<const rules::Pack>> installed = out.rules->packs;
  if (from.more) installed.push_back(from.more);
  auto packs =
      rules::check_packs(installed, request, out.rules->tables, out.rules->units, refusal.problems);
  if (!packs) return first_of(refusal);
  out.header.parameters.clear();
  for (const rules::ParameterValue& value : packs->parameters)
    out.header.parameters.push_back({value.pack, value.name, value.value});
  out.program = plan::from_packs(std::make_shared<const rules::CheckedPacks>(std::move(*packs)),
                                 refusal.problems);
  if (!out.program) return first_of(refusal);
  return out;
}

}  // namespace

base::Result<Recomputed> recompute(const LoadedJob& base, const compute::Results& results,
                                   const Edits& edits, const RunOptions& run,
                                   const MorePack& more) {
  auto prepared = prepare(base, edits, run, more);
  if (!prepared) return prepared.failure();
  CellPlacer placer(base, results, edits, *prepared->program->packs);
  placer.put(prepared->inputs);
  const auto adjust = [&](std::vector<compute::TableRows>& tables) { placer.put(tables); };
  Recomputed out{prepared->rules, std::move(prepared->header),
                 compute::run(*prepared->program, std::move(prepared->inputs), base.pool,
                              run.threads, prepared->findings, {}, nullptr, run.rung, adjust),
                 std::move(prepared->findings)};
  if (out.results.refusal) return *out.results.refusal;
  if (placer.problem()) return *placer.problem();
  placer.forget_places(out.results.inputs);
  check_results(out.results, out.findings);
  return out;
}

}  // namespace qz::job
