#include "whatif/measure_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/nearest_name.h"

namespace qz::whatif {
namespace {

using Links = std::vector<std::vector<std::uint32_t>>;

void tidy(std::vector<std::uint32_t>& members) {
  std::sort(members.begin(), members.end());
  members.erase(std::unique(members.begin(), members.end()), members.end());
}

class Rules {
 public:
  Rules(WrittenMeasures& measures, base::Findings& problems)
      : measures_(measures), problems_(problems) {
    for (std::uint32_t i = 0; i < measures.list.size(); ++i) {
      places_[measures.list[i].id] = i;
      ids_.push_back(measures.list[i].id);
    }
  }

  void run() {
    const std::size_t n = measures_.list.size();
    measures_.excludes.assign(n, {});
    measures_.needs.assign(n, {});
    for (std::uint32_t i = 0; i < n; ++i) {
      for (const std::string& id : measures_.list[i].excludes) exclude(i, id);
      for (const std::string& id : measures_.list[i].needs) {
        if (const auto other = find(i, id, "requires")) measures_.needs[i].push_back(*other);
      }
    }
    for (auto& members : measures_.excludes) tidy(members);
    for (auto& members : measures_.needs) tidy(members);
    put_in_order();
    if (measures_.order.size() == n) find_contradictions();
  }

 private:
  std::optional<std::uint32_t> find(std::uint32_t from, const std::string& id, const char* member) {
    const auto known = places_.find(id);
    if (known != places_.end()) return known->second;
    problems_.push_back(
        base::failure("unknown-measure", measures_.list[from].place,
                      fmt::format("measure {} {} \"{}\", which is no measure of this file{}",
                                  ids_[from], member, id, base::nearest_hint(id, ids_)),
                      fmt::format("措施 {} 的 {} 中的 \"{}\" 不是本文件的措施{}", ids_[from],
                                  member, id, base::nearest_hint(id, ids_))));
    return std::nullopt;
  }

  void exclude(std::uint32_t i, const std::string& id) {
    const auto other = find(i, id, "excludes");
    if (!other) return;
    if (*other == i) {
      problems_.push_back(base::failure("measure-contradiction", measures_.list[i].place,
                                        fmt::format("measure {} excludes itself", ids_[i]),
                                        fmt::format("措施 {} 排除了自己", ids_[i])));
      return;
    }
    measures_.excludes[i].push_back(*other);
    measures_.excludes[*other].push_back(i);
  }

  // Takes, again and again, the first in the file whose needs are all taken.
  void put_in_order() {
    const std::size_t n = measures_.list.size();
    std::vector<bool> taken(n, false);
    Links direct = measures_.needs;
    while (measures_.order.size() < n) {
      const std::size_t before = measures_.order.size();
      for (std::uint32_t i = 0; i < n; ++i) {
        const auto& needs = direct[i];
        if (taken[i] || !std::all_of(needs.begin(), needs.end(),
                                     [&](std::uint32_t other) { return taken[other]; })) {
          continue;
        }
        taken[i] = true;
        measures_.order.push_back(i);
        for (const std::uint32_t other : needs) {
          const auto& further = measures_.needs[other];
          measures_.needs[i].insert(measures_.needs[i].end(), further.begin(), further.end());
        }
        tidy(measures_.needs[i]);
      }
      if (measures_.order.size() == before) return say_circle(direct, taken);
    }
  }

  // From any measure that is left its needs lead round: what is met twice is on the circle.
  void say_circle(const Links& direct, const std::vector<bool>& taken) {
    const auto left = [&](std::uint32_t i) { return !taken[i]; };
    std::uint32_t at = 0;
    while (!left(at)) ++at;
    std::vector<std::uint32_t> path;
    while (std::find(path.begin(), path.end(), at) == path.end()) {
      path.push_back(at);
      at = *std::find_if(direct[at].begin(), direct[at].end(), left);
    }
    path.erase(path.begin(), std::find(path.begin(), path.end(), at));
    std::string circle;
    for (const std::uint32_t i : path) circle += ids_[i] + " → ";
    circle += ids_[path.front()];
    problems_.push_back(
        base::failure("measure-cycle", measures_.list[path.front()].place,
                      fmt::format("measures require each other in a circle: {}", circle),
                      fmt::format("措施互为前提，形成循环：{}", circle)));
  }

  void find_contradictions() {
    for (std::uint32_t i = 0; i < measures_.list.size(); ++i) {
      std::vector<std::uint32_t> together = measures_.needs[i];
      together.push_back(i);
      for (const std::uint32_t a : together) {
        for (const std::uint32_t b : measures_.excludes[a]) {
          if (a > b || std::find(together.begin(), together.end(), b) == together.end()) continue;
          problems_.push_back(base::failure(
              "measure-contradiction", measures_.list[i].place,
              fmt::format("measure {} can never be taken: with what it requires it has both {} and "
                          "{}, which exclude each other",
                          ids_[i], ids_[a], ids_[b]),
              fmt::format("措施 {} 永远无法采用：连同其前提包含互相排斥的 {} 和 {}", ids_[i],
                          ids_[a], ids_[b])));
        }
      }
    }
  }

  WrittenMeasures& measures_;
  base::Findings& problems_;
  std::map<std::string, std::uint32_t> places_;
  std::vector<std::string> ids_;
};

}  // namespace

void check_rules(WrittenMeasures& measures, base::Findings& problems) {
  Rules(measures, problems).run();
}

}  // namespace qz::whatif
