#include "whatif/base_job.h"

#include <utility>

#include "base/assert.h"

namespace qz::whatif {

job::MorePack BaseJob::more() const {
  return
      [this](const job::LoadedRules& rules, const rules::PackRequest& request,
             base::Findings& problems) { return target_pack(rules, request, targets_, problems); };
}

std::unique_ptr<const BaseJob> BaseJob::load(const job::RunOptions& run,
                                             std::vector<Target> targets, job::Refusal& refusal) {
  std::unique_ptr<BaseJob> out(new BaseJob());
  out->run_ = run;
  out->run_.keep_rows = true;
  out->targets_ = std::move(targets);
  auto loaded = job::load_job(out->run_, {{}, out->more(), nullptr}, refusal);
  if (!loaded) return nullptr;
  out->loaded_ = std::move(*loaded);
  out->findings_ = out->loaded_.findings;
  out->results_ = compute::run(*out->loaded_.program, out->loaded_.inputs, out->loaded_.pool,
                               run.threads, out->findings_, run.progress, nullptr, run.rung);
  if (out->results_.refusal) {
    refusal.problems.push_back(*out->results_.refusal);
    refusal.fault = job::Fault::kInput;
    return nullptr;
  }
  out->run_.progress = {};  // shows the base alone
  job::check_results(out->results_, out->findings_);
  const rules::CheckedPacks& packs = out->packs();
  const auto table = packs.table(kTargetTable);
  QZ_ASSERT(table);
  out->target_table_ = *table;
  for (std::size_t i = 0; i < out->targets_.size(); ++i) {
    const auto column =
        packs.tables[static_cast<std::size_t>(*table)].column(target_column_name(i));
    QZ_ASSERT(column);
    out->target_columns_.push_back(*column);
  }
  for (std::size_t i = 0; i < packs.editions.size(); ++i) {
    if (packs.editions[i].pack->id == kTargetPack)
      out->viewing_edition_ = static_cast<std::int32_t>(i);
  }
  return out;
}

bool BaseJob::is_condition(std::size_t target) const {
  return packs()
             .tables[static_cast<std::size_t>(target_table_)]
             .columns[static_cast<std::size_t>(target_columns_[target])]
             .type == table::Type::kBool;
}

const exact::Unit& BaseJob::target_unit(std::size_t target) const {
  return packs()
      .tables[static_cast<std::size_t>(target_table_)]
      .columns[static_cast<std::size_t>(target_columns_[target])]
      .unit;
}

}  // namespace qz::whatif
