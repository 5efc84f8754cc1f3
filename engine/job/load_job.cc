// Load job: the stages of a job before its figures are computed, in their order.

#include "job/loaded_job.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <utility>

#include "base/nearest_name.h"
#include "job/detail/header.h"
#include "job/files.h"
#include "job/job_reader.h"
#include "job/stream_tables.h"
#include "publish/verify_ledger.h"
#include "read/moves.h"
#include "seal/sha256.h"
#include "settle/post_moves.h"

namespace qz::job {
namespace {

bool refuse(Refusal& refusal, Fault fault) {
  if (refusal.problems.empty()) return false;
  refusal.fault = fault;
  return true;
}

std::optional<Job> read_job_file(const std::string& file, Refusal& refusal) {
  const auto bytes = read_file(file, file, kDocumentBytesMax);
  if (!bytes) {
    refusal.problems.push_back(bytes.failure());
    refusal.fault = Fault::kJob;
    return std::nullopt;
  }
  auto job = read_job(**bytes, file, refusal.problems);
  if (!job) refusal.fault = Fault::kJob;
  return job;
}

// The names in `packs` that no folder has, with what is nearest.
void check_pack_names(const Job& job, const Installation& installation, base::Findings& problems) {
  for (const Placed& wanted : job.packs) {
    const std::size_t at = wanted.name.find('@');
    const std::string id = wanted.name.substr(0, at);
    const std::vector<std::string> known = installation.pack_ids();
    if (std::find(known.begin(), known.end(), id) == known.end()) {
      const std::string hint = base::nearest_hint(id, known);
      problems.push_back(base::failure(
          "unknown-pack", wanted.place,
          fmt::format("no pack \"{}\" is installed{} (qz packs list shows all)", id, hint),
          fmt::format("未安装规则包 \"{}\"{}（qz packs list 可列出全部）", id, hint)));
      continue;
    }
    if (at == std::string::npos) continue;
    const std::string version = wanted.name.substr(at + 1);
    if (installation.pack(id, version) != nullptr) continue;
    std::string versions;
    for (const InstalledPack& pack : installation.packs()) {
      if (pack.id == id) versions += (versions.empty() ? "" : ", ") + pack.version;
    }
    problems.push_back(base::failure(
        "unknown-pack", wanted.place,
        fmt::format("no version \"{}\" of {} is installed (there are {})", version, id, versions),
        fmt::format("未安装 {} 的版本 \"{}\"（现有 {}）", id, version, versions)));
  }
}

std::shared_ptr<const LoadedRules> load_rules(const Job& job, const Installation& installation,
                                              Refusal& refusal) {
  check_pack_names(job, installation, refusal.problems);
  if (refuse(refusal, Fault::kJob)) return nullptr;
  std::set<std::string> ids;
  for (const Placed& pack : job.packs) ids.insert(pack.name.substr(0, pack.name.find('@')));
  auto loaded = installation.rules_for(ids, refusal.problems);
  if (refuse(refusal, Fault::kInput)) return nullptr;
  return std::make_shared<const LoadedRules>(std::move(*loaded));
}

// Resolves the job's packs. What is wrong in a pack is an input's fault; what the job asks of packs
// that cannot be had (a parameter, a subject) is the job's, and has no place in a pack.
std::shared_ptr<const rules::CheckedPacks> check_rules(
    const Job& job, const LoadedRules& rules, const std::shared_ptr<const rules::Pack>& more,
    Refusal& refusal) {
  std::vector<std::shared_ptr<const rules::Pack>> installed = rules.packs;
  if (more) installed.push_back(more);
  auto packs = rules::check_packs(installed, request_of(job, more.get()), rules.tables, rules.units,
                                  refusal.problems);
  bool job_fault = false;
  for (base::Finding& problem : refusal.problems) {
    if (!problem.place.file.empty()) continue;
    problem.place.file = job.file;
    job_fault = true;
  }
  if (refuse(refusal, job_fault ? Fault::kJob : Fault::kInput)) return nullptr;
  auto checked = std::make_shared<const rules::CheckedPacks>(std::move(*packs));
  std::vector<std::string> known;
  for (const rules::CheckedTable& table : checked->tables) known.push_back(table.name);
  for (const JobFile& file : job.files) {
    if (file.table.table == "flow" || file.table.table == "holding") {
      refusal.problems.push_back(base::failure(
          "unknown-table", file.place,
          fmt::format("the table {} follows from the moves of \"registry\": no file gives it",
                      file.table.table),
          fmt::format("表 {} 由登记簿流水 registry 得出，不能由文件给出", file.table.table)));
    }
    if (checked->table(file.table.table)) continue;
    const std::string hint = base::nearest_hint(file.table.table, known);
    refusal.problems.push_back(base::failure(
        "unknown-table", file.place,
        fmt::format("the packs of this job have no table \"{}\"{}", file.table.table, hint),
        fmt::format("本任务的规则包没有表 \"{}\"{}", file.table.table, hint)));
  }
  if (refuse(refusal, Fault::kJob)) return nullptr;
  return checked;
}

// A file that is being read, and how it was before.
struct Stamped {
  std::string path;
  std::string name;
  std::string stamp;
};

struct LoadedFiles {
  std::vector<read::TableFile> tables;  // those that could be read
  std::vector<read::MovesFile> moves;
  std::vector<Bytes> bytes;  // of each table's file, then of each file of moves
  std::vector<Stamped> stamps;
  base::Findings problems;
};

LoadedFiles load_files(const Job& job) {
  LoadedFiles out;
  const auto load = [&](const std::string& name) {
    const std::string path = joined(job.folder, name);
    out.stamps.push_back({path, name, file_stamp(path)});
    const auto bytes = read_file(path, name, kTableBytesMax);
    if (!bytes) out.problems.push_back(bytes.failure());
    if (bytes) out.bytes.push_back(*bytes);
    return static_cast<bool>(bytes);
  };
  for (const JobFile& file : job.files) {
    if (!load(file.table.name)) continue;
    out.tables.push_back(file.table);
    out.tables.back().bytes = out.bytes.back();
  }
  for (const Placed& file : job.registry) {
    if (load(file.name)) out.moves.push_back({file.name, out.bytes.back()});
  }
  return out;
}

// The digests of `files`, worked out beside their reading.
std::future<std::vector<std::string>> hash_beside(std::vector<Bytes> files) {
  return std::async(std::launch::async, [files = std::move(files)] {
    std::vector<std::string> out;
    for (const Bytes& file : files) out.push_back(seal::sha256_hex(*file));
    return out;
  });
}

// What is hashed and what is read are the same only if nobody wrote to the file meanwhile.
void refuse_changed(const std::vector<Stamped>& files, base::Findings& problems) {
  for (const Stamped& file : files) {
    if (file_stamp(file.path) == file.stamp) continue;
    problems.push_back(base::failure("unreadable-file", {file.name, 0, 0},
                                     "cannot be read: it changed meanwhile (run the job again)",
                                     "无法读取：文件在读取过程中被改动（请重新运行）"));
  }
}

// Problems in the order of the job's files, whoever found them.
void in_file_order(const Job& job, base::Findings& problems) {
  const auto position = [&](const base::Finding& finding) {
    const auto found = std::find_if(job.files.begin(), job.files.end(), [&](const JobFile& file) {
      return file.table.name == finding.place.file;
    });
    return found - job.files.begin();
  };
  std::stable_sort(problems.begin(), problems.end(),
                   [&](const auto& a, const auto& b) { return position(a) < position(b); });
}

std::string previous_root(const Job& job, Refusal& refusal) {
  if (job.previous.name.empty()) return "";
  const std::string path = joined(job.folder, job.previous.name);
  const auto bytes = read_file(path, path, kLedgerBytesMax);
  if (!bytes) {
    refusal.problems.push_back(bytes.failure());
    refusal.fault = Fault::kInput;
    return "";
  }
  const auto seal = publish::verify_ledger(**bytes, path);
  if (seal) return seal->root;
  refusal.problems.push_back(seal.failure());
  refusal.fault = Fault::kMismatch;
  return "";
}

ShownPaths shown_paths(const Job& job, const Installation& installation) {
  ShownPaths out = installation.shown();
  for (const JobFile& file : job.files) out[file.table.name] = joined(job.folder, file.table.name);
  for (const Placed& file : job.registry) out[file.name] = joined(job.folder, file.name);
  return out;
}

// A figure that stands on somebody's own version of a rule or factor must say so.
void add_replacements(const Installation& installation, const seal::Header& header,
                      base::Findings& findings) {
  for (const seal::Source& source : header.sources) {
    const auto replaced = installation.replacements().find(source.name);
    if (replaced != installation.replacements().end()) findings.push_back(replaced->second);
  }
}

// The pins of `load` in place of what the job says of these packs.
void set_pins(const std::vector<Placed>& pins, Job& job) {
  for (const Placed& pin : pins) {
    const std::string id = pin.name.substr(0, pin.name.find('@'));
    std::erase_if(job.packs,
                  [&](const Placed& one) { return one.name.substr(0, one.name.find('@')) == id; });
    job.packs.push_back(pin);
  }
}

}  // namespace

rules::PackRequest request_of(const Job& job, const rules::Pack* more) {
  rules::PackRequest out;
  for (const Placed& pack : job.packs) out.packs.push_back(pack.name);
  if (more != nullptr) out.packs.push_back(more->id);
  out.cycle = job.cycle;
  out.as_of = job.as_of;
  out.subject = job.subject;
  out.parameters = job.parameters;
  return out;
}

std::optional<LoadedJob> load_job(const RunOptions& run, const LoadOptions& load,
                                  Refusal& refusal) {
  auto job = read_job_file(run.job_file, refusal);
  if (!job) return std::nullopt;
  set_pins(load.pins, *job);
  const Installation installation = Installation::load(run.factors, refusal.problems);
  refusal.shown = shown_paths(*job, installation);
  if (refuse(refusal, Fault::kJob)) return std::nullopt;
  const auto rules = load_rules(*job, installation, refusal);
  if (!rules) return std::nullopt;
  std::shared_ptr<const rules::Pack> more;
  if (load.more) more = load.more(*rules, request_of(*job, nullptr), refusal.problems);
  if (load.more && refuse(refusal, Fault::kJob)) return std::nullopt;
  const auto packs = check_rules(*job, *rules, more, refusal);
  if (!packs) return std::nullopt;
  LoadedJob out;
  out.program = plan::from_packs(packs, refusal.problems);
  if (refuse(refusal, Fault::kInput)) return std::nullopt;
  out.pool = load.pool ? load.pool : std::make_shared<table::TextPool>();

  LoadedFiles files = load_files(*job);
  refusal.problems = std::move(files.problems);
  auto hashed = hash_beside(std::move(files.bytes));
  // Rows that pass by cannot wait for the books of a registry.
  const bool keep_rows = run.keep_rows || !job->registry.empty();
  ReadJob read = read_job(*out.program, files.tables, rules->units, out.pool, run.threads,
                          keep_rows, run.rung, refusal.problems, out.findings);
  in_file_order(*job, refusal.problems);
  read::Moves moves =
      read::read_moves(files.moves, *packs, rules->units, *out.pool, refusal.problems);
  const std::vector<std::string> digests = hashed.get();
  if (refusal.problems.empty()) refuse_changed(files.stamps, refusal.problems);
  if (refuse(refusal, Fault::kInput)) return std::nullopt;
  files.tables.clear();  // the bytes are read: their memory goes to what is computed
  files.moves.clear();
  settle::post_moves(*packs, moves, *out.pool, read.inputs, out.findings);
  const std::string previous = previous_root(*job, refusal);
  if (refusal.fault != Fault::kNone) return std::nullopt;

  const detail::HeaderParts parts{*job,        installation, *rules,  *packs,
                                  read.inputs, digests,      previous};
  out.header = detail::header_of(parts);
  add_replacements(installation, out.header, out.findings);
  out.inputs = std::move(read.inputs);
  out.streamed = std::move(read.streamed);
  out.job = std::move(*job);
  out.rules = rules;
  out.more = more;
  out.shown = refusal.shown;
  return out;
}

}  // namespace qz::job
