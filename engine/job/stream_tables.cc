// Stream tables: a first try with rows that pass by; whatever stands against it, the second keeps
// them.

#include "job/stream_tables.h"

#include "plan/streams.h"

namespace qz::job {
namespace {

std::vector<read::TableFile> files_of(const std::vector<read::TableFile>& files,
                                      const std::string& table) {
  std::vector<read::TableFile> out;
  for (const read::TableFile& file : files) {
    if (file.table == table) out.push_back(file);
  }
  return out;
}

bool has_context(const std::vector<read::TableFile>& files) {
  for (const read::TableFile& file : files) {
    if (file.context) return true;
  }
  return false;
}

}  // namespace

std::vector<compute::StreamedTable> open_streams(const plan::Program& program,
                                                 std::vector<read::TableFile>& files,
                                                 const exact::UnitCatalogue& units,
                                                 table::TextPool& pool) {
  const rules::CheckedPacks& packs = *program.packs;
  std::vector<bool> given(packs.tables.size(), false);
  for (const read::TableFile& file : files) {
    const auto table = packs.table(file.table);
    if (table && !file.context) given[static_cast<std::size_t>(*table)] = true;
  }
  std::vector<compute::StreamedTable> out;
  for (plan::Stream& stream : plan::streams(program, given)) {
    const std::string& name = packs.tables[static_cast<std::size_t>(stream.table)].name;
    compute::StreamedTable one;
    one.files = files_of(files, name);
    if (has_context(one.files)) continue;
    one.reader = read::open_batches(one.files, stream.table, stream.wanted, packs, units, pool);
    if (!one.reader) continue;
    one.plan = std::move(stream);
    out.push_back(std::move(one));
    for (read::TableFile& file : files) {
      if (file.table == name) file.in_batches = true;
    }
  }
  return out;
}

ReadJob read_job(const plan::Program& program, std::vector<read::TableFile>& files,
                 const exact::UnitCatalogue& units, const std::shared_ptr<table::TextPool>& pool,
                 int threads, bool keep_rows, compute::Rung rung, base::Findings& problems,
                 base::Findings& findings) {
  ReadJob out;
  const std::size_t known_findings = findings.size();
  std::vector<compute::StreamedTable> streams;
  if (!keep_rows && problems.empty()) streams = open_streams(program, files, units, *pool);
  if (!streams.empty()) {
    out.inputs = read::read_tables(files, *program.packs, units, *pool, problems, findings);
    if (problems.empty()) {
      out.streamed =
          compute::pass_streams(program, streams, out.inputs, pool, units, threads, rung, findings);
      if (out.streamed) return out;
    }
    problems.clear();
    findings.resize(known_findings);
    for (read::TableFile& file : files) file.in_batches = false;
  }
  out.inputs = read::read_tables(files, *program.packs, units, *pool, problems, findings);
  return out;
}

}  // namespace qz::job
