// Compare ledgers: the recomputed leaves are kept by name, then the file's leaves come by one at a
// time.

#include "job/compare_ledgers.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "publish/verify_ledger.h"
#include "seal/canonical.h"

namespace qz::job {
namespace {

// A leaf's canonical bytes and how a person reads it.
struct NamedLeaf {
  std::string canonical;
  std::string shown;
};

std::string key_text(const base::Key& key) {
  std::string out;
  for (const auto& [name, value] : key) out += (out.empty() ? "" : ", ") + value;
  return out;
}

// Gives every leaf below the header a name that is its own, in the order of the ledger.
class NamingSink : public seal::LeafSink {
 public:
  void header(const seal::Header&) override {}
  void begin_entity(const std::string& entity) override {
    entity_ = entity;
    inside_ = true;
  }
  void end_entity() override { inside_ = false; }
  void entry(const seal::Entry& entry) override {
    NamedLeaf leaf;
    seal::append_canonical(leaf.canonical, entry, inside_ ? &entity_ : nullptr);
    give(cell_name(entry), value_text(entry), std::move(leaf));
  }
  void total(const seal::Total& total) override {
    NamedLeaf leaf;
    seal::append_canonical_total(leaf.canonical, total);
    give("total " + cell_name(total), value_text(total), std::move(leaf));
  }
  void position(const seal::Position& position) override {
    NamedLeaf leaf;
    seal::append_canonical(leaf.canonical, position, entity_);
    give(fmt::format("{}: position {} {} {}", entity_, position.instrument, position.lot,
                     position.state),
         position.quantity, std::move(leaf));
  }
  void finding(const base::Finding& finding) override {
    NamedLeaf leaf;
    seal::append_canonical(leaf.canonical, finding, inside_ ? &entity_ : nullptr);
    const std::string where = inside_ ? entity_ + ": " : "";
    const std::string name =
        fmt::format("{}finding {} {}({}) {} {}:{}", where, finding.code, finding.table,
                    key_text(finding.key), finding.column, finding.place.file, finding.place.line);
    give(fmt::format("{} #{}", name, ++repeats_[name]), finding.message.en, std::move(leaf));
  }
  void seal(const seal::Seal&) override {}

 protected:
  virtual void take(std::string name, NamedLeaf leaf) = 0;

 private:
  std::string cell_name(const seal::Entry& entry) const {
    return fmt::format("{}{}({}).{}", inside_ ? entity_ + ": " : "", entry.table,
                       key_text(entry.key), entry.column);
  }
  static std::string value_text(const seal::Entry& entry) {
    std::string out = entry.value.value_or("null");
    if (entry.value && entry.unit && *entry.unit != "1") out += " " + *entry.unit;
    if (!entry.error.empty()) out += " (" + entry.error + ")";
    return out + " [" + entry.rule + ", " + entry.how + "]";
  }
  void give(std::string name, std::string shown, NamedLeaf leaf) {
    leaf.shown = std::move(shown);
    take(std::move(name), std::move(leaf));
  }

  std::string entity_;
  bool inside_ = false;
  std::map<std::string, int> repeats_;
};

class Keeper : public NamingSink {
 public:
  std::map<std::string, NamedLeaf> leaves;

 protected:
  void take(std::string name, NamedLeaf leaf) override {
    leaves.emplace(std::move(name), std::move(leaf));
  }
};

class Comparer : public NamingSink {
 public:
  Comparer(std::map<std::string, NamedLeaf> expected, std::size_t differences_max)
      : expected_(std::move(expected)), max_(differences_max) {}

  Comparison finish() {
    for (auto& [name, leaf] : expected_) add({name, "", leaf.shown});
    return std::move(out_);
  }

 protected:
  void take(std::string name, NamedLeaf leaf) override {
    const auto found = expected_.find(name);
    if (found == expected_.end()) {
      add({std::move(name), std::move(leaf.shown), ""});
      return;
    }
    if (found->second.canonical != leaf.canonical) {
      add({std::move(name), std::move(leaf.shown), std::move(found->second.shown)});
    }
    expected_.erase(found);
  }

 private:
  void add(Difference difference) {
    ++out_.count;
    if (out_.differences.size() < max_) out_.differences.push_back(std::move(difference));
  }

  std::map<std::string, NamedLeaf> expected_;
  std::size_t max_;
  Comparison out_;
};

void compare_text(std::string_view what, const std::string& ledger, const std::string& recomputed,
                  std::vector<Difference>& out) {
  if (ledger != recomputed) out.push_back({std::string(what), ledger, recomputed});
}

std::string source_name(const seal::Source& source) {
  std::string out = source.kind + " " + source.name;
  if (!source.table.empty()) out += " (" + source.table + ")";
  return out;
}

std::string source_value(const seal::Source& source) {
  std::string out = "sha256 " + source.sha256;
  if (source.rows) out += fmt::format(", {} rows", *source.rows);
  return out;
}

std::multimap<std::string, std::string> sources_of(const seal::Header& header) {
  std::multimap<std::string, std::string> out;
  for (const seal::Source& source : header.sources) {
    out.emplace(source_name(source), source_value(source));
  }
  return out;
}

void compare_sources(const seal::Header& ledger, const seal::Header& recomputed,
                     std::vector<Difference>& out) {
  auto now = sources_of(recomputed);
  for (const auto& [name, value] : sources_of(ledger)) {
    const auto [first, last] = now.equal_range(name);
    const auto same = std::find_if(
        first, last, [&, &wanted = value](const auto& s) { return s.second == wanted; });
    const auto found = same != last ? same : first;
    if (first == last) {
      out.push_back({name, value, ""});
      continue;
    }
    compare_text(name, value, found->second, out);
    now.erase(found);
  }
  for (const auto& [name, value] : now) out.push_back({name, "", value});
}

std::string parameters_text(const seal::Header& header) {
  std::string out;
  for (const seal::Parameter& parameter : header.parameters) {
    out += fmt::format("{}{}/{}={}", out.empty() ? "" : ", ", parameter.pack, parameter.name,
                       parameter.value);
  }
  return out;
}

}  // namespace

std::vector<Difference> header_differences(const seal::Header& ledger,
                                           const seal::Header& recomputed) {
  std::vector<Difference> out;
  compare_text("schema", ledger.schema, recomputed.schema, out);
  compare_text("job", ledger.job, recomputed.job, out);
  compare_text("title", ledger.title.en + " " + ledger.title.zh,
               recomputed.title.en + " " + recomputed.title.zh, out);
  compare_text("cycle", fmt::format("{} {}", ledger.cycle_id, fmt::join(ledger.cycle_years, ", ")),
               fmt::format("{} {}", recomputed.cycle_id, fmt::join(recomputed.cycle_years, ", ")),
               out);
  compare_text("as_of", ledger.as_of, recomputed.as_of, out);
  compare_text("subject", ledger.subject, recomputed.subject, out);
  compare_text("engine", ledger.engine_name, recomputed.engine_name, out);
  compare_text("parameters", parameters_text(ledger), parameters_text(recomputed), out);
  compare_text("pins", fmt::format("{}", fmt::join(ledger.pins, ", ")),
               fmt::format("{}", fmt::join(recomputed.pins, ", ")), out);
  compare_sources(ledger, recomputed, out);
  compare_text("previous", ledger.previous, recomputed.previous, out);
  return out;
}

Comparison compare_with_ledger(const ComputedJob& computed, std::string_view bytes,
                               const std::string& file, std::size_t differences_max) {
  Keeper keeper;
  seal_job(computed, {&keeper}, 1);
  Comparer comparer(std::move(keeper.leaves), differences_max);
  static_cast<void>(publish::verify_ledger(bytes, file, &comparer));  // held a moment ago
  return comparer.finish();
}

}  // namespace qz::job
