// Select editions: closure over `needs`, then the editions that meet the cycle.

#include "rules/select_editions.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/nearest_name.h"

namespace qz::rules {
namespace {

using PackPtr = std::shared_ptr<const Pack>;
using ById = std::map<std::string, std::vector<PackPtr>>;

bool meets(const Pack& pack, base::Date from, base::Date to) {
  return pack.applies_from <= to && (!pack.applies_to || from <= *pack.applies_to);
}

std::string span_text(const Pack& pack) {
  return pack.applies_from.to_string() + " – " +
         (pack.applies_to ? pack.applies_to->to_string() : std::string("…"));
}

// Sorted by first day: neighbours are enough to find every overlap.
bool refuse_overlaps(const std::vector<PackPtr>& versions, base::Findings& problems) {
  bool good = true;
  for (std::size_t i = 1; i < versions.size(); ++i) {
    const Pack& one = *versions[i - 1];
    const Pack& next = *versions[i];
    if (one.applies_to && *one.applies_to < next.applies_from) continue;
    problems.push_back(base::failure(
        "overlapping-editions", {next.file, 0, 0},
        next.name() + " applies " + span_text(next) + ", which overlaps " + one.name() + " (" +
            span_text(one) +
            "): give the earlier edition an \"applies\": {\"to\": …} before the next begins",
        next.name() + " 适用期 " + span_text(next) + " 与 " + one.name() + "（" + span_text(one) +
            "）重叠：请为较早版本写明 applies.to"));
    good = false;
  }
  return good;
}

// The editions of one pack that meet the cycle; where none does, the nearest one, so that its
// columns are known and every row can say that no edition covers it.
std::vector<PackPtr> in_use(const std::vector<PackPtr>& versions, const base::Cycle& cycle) {
  std::vector<PackPtr> out;
  for (const PackPtr& one : versions) {
    if (meets(*one, cycle.first_day(), cycle.last_day())) out.push_back(one);
  }
  if (!out.empty()) return out;
  for (auto one = versions.rbegin(); one != versions.rend(); ++one) {
    if ((*one)->applies_from <= cycle.first_day()) return {*one};
  }
  return {versions.front()};
}

class Selection {
 public:
  Selection(const std::vector<PackPtr>& installed, const base::Cycle& cycle,
            base::Findings& problems)
      : cycle_(cycle), problems_(problems) {
    for (const PackPtr& one : installed) by_id_[one->id].push_back(one);
    for (auto& [id, versions] : by_id_) {
      std::sort(versions.begin(), versions.end(), [](const PackPtr& a, const PackPtr& b) {
        return std::tie(a->applies_from, a->version) < std::tie(b->applies_from, b->version);
      });
    }
  }

  // `wanted` is "id" or "id@version"; `asker` names who wants it.
  void add(const std::string& wanted, const base::Place& asker) {
    const std::size_t at = wanted.find('@');
    const std::string id = wanted.substr(0, at);
    const std::string version = at == std::string::npos ? "" : wanted.substr(at + 1);
    if (on_path_.contains(id)) {
      problem("circular-needs", asker, "packs need each other in a circle through " + id,
              "规则包相互依赖成环：" + id);
      return;
    }
    const auto known = by_id_.find(id);
    if (known == by_id_.end()) {
      std::vector<std::string> names;
      for (const auto& one : by_id_) names.push_back(one.first);
      problem("unknown-pack", asker,
              "no pack \"" + id + "\" is installed" + base::nearest_hint(id, names),
              "未安装规则包 \"" + id + "\"");
      return;
    }
    if (chosen_.contains(id) && (version.empty() || pinned_.contains(id))) return;
    if (version.empty()) {
      if (!refuse_overlaps(known->second, problems_)) return;
      chosen_[id] = in_use(known->second, cycle_);
    } else {
      pin(id, version, known->second, asker);
    }
    on_path_.insert(id);
    const std::vector<PackPtr> editions = chosen_[id];
    for (const PackPtr& edition : editions) {
      for (const std::string& need : edition->needs) add(need, {edition->file, 0, 0});
    }
    on_path_.erase(id);
  }

  void fill(CheckedPacks& checked) const {
    for (const auto& [id, editions] : chosen_) {
      const auto index = static_cast<std::int32_t>(checked.packs.size());
      checked.packs.push_back(id);
      for (const PackPtr& one : editions) {
        checked.editions.push_back({one, index, pinned_.contains(id), {}});
      }
    }
  }

 private:
  void pin(const std::string& id, const std::string& version, const std::vector<PackPtr>& versions,
           const base::Place& asker) {
    std::vector<std::string> names;
    for (const PackPtr& one : versions) {
      names.push_back(one->version);
      if (one->version != version) continue;
      chosen_[id] = {one};
      pinned_.insert(id);
      return;
    }
    problem(
        "unknown-pack", asker,
        "pack " + id + " has no version \"" + version + "\"" + base::nearest_hint(version, names),
        "规则包 " + id + " 没有版本 \"" + version + "\"");
  }

  void problem(const char* code, const base::Place& place, std::string en, std::string zh) {
    problems_.push_back(base::failure(code, place, std::move(en), std::move(zh)));
  }

  const base::Cycle& cycle_;
  base::Findings& problems_;
  ById by_id_;
  std::map<std::string, std::vector<PackPtr>> chosen_;
  std::set<std::string> pinned_;
  std::set<std::string> on_path_;
};

}  // namespace

bool select_editions(const std::vector<PackPtr>& installed, const PackRequest& request,
                     CheckedPacks& checked, base::Findings& problems) {
  const std::size_t before = problems.size();
  Selection selection(installed, request.cycle, problems);
  // Pins first: a pack that another one needs keeps the edition that the job pinned.
  for (const std::string& wanted : request.packs) {
    if (wanted.find('@') != std::string::npos) selection.add(wanted, {});
  }
  for (const std::string& wanted : request.packs) {
    if (wanted.find('@') == std::string::npos) selection.add(wanted, {});
  }
  selection.fill(checked);
  return problems.size() == before;
}

}  // namespace qz::rules
