// read_tables: each file by its form, all files of a table one after the other.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>

#include "read/detail/across.h"
#include "read/detail/registers.h"
#include "read/detail/session.h"
#include "read/detail/table_reader.h"
#include "read/input_tables.h"
#include "text/encoding.h"
#include "text/records.h"

namespace qz::read {
namespace {

using detail::HeadingMatcher;
using detail::Session;
using detail::TableReader;
using Form = HeadingMatcher::Form;

// Forms that people send and that are no text; all of them can be saved as CSV.
constexpr std::array<std::string_view, 17> kOtherForms = {
    "xlsx", "xls", "xlsm", "xlsb", "ods", "et",  "numbers", "pdf", "doc",
    "docx", "wps", "zip",  "gz",   "7z",  "rar", "parquet", "tsv"};

std::string extension_of(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string::npos || name.find('/', dot) != std::string::npos) return {};
  std::string out = name.substr(dot + 1);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

Form form_of(const std::string& extension) {
  if (extension == "json") return Form::kJson;
  if (extension == "xml") return Form::kXml;
  return Form::kCsv;
}

// A spreadsheet under any name: a zip archive, or the older compound file.
bool is_spreadsheet(std::string_view bytes) {
  return bytes.starts_with("PK\x03\x04") || bytes.starts_with("\xD0\xCF\x11\xE0");
}

// Hands the records of one file on to its table.
class FileSink : public text::RecordSink {
 public:
  FileSink(Session& session, TableReader& reader, const TableFile& file, std::uint16_t index)
      : session_(session), reader_(reader), file_(file), index_(index) {
    if (!file.across.empty()) across_.emplace(session, reader, file, index);
  }

  bool headings(const std::vector<std::string>& names, std::uint32_t line) override {
    return across_ ? across_->headings(names, line) : reader_.headings(names, line);
  }

  bool record(const text::Record& record) override {
    if (is_skipped(record)) return true;
    if (!across_) return reader_.record(record.line, record.cells);
    across_->record(record.line, record.cells);
    return true;
  }

  void problem(base::Finding finding) override { session_.add_problem(index_, std::move(finding)); }

  void finish() {
    if (across_) across_->finish();
  }

 private:
  bool is_skipped(const text::Record& record) const {
    return !file_.skip.empty() && !record.cells.empty() &&
           record.cells.front().find(file_.skip) != std::string_view::npos;
  }

  Session& session_;
  TableReader& reader_;
  const TableFile& file_;
  std::uint16_t index_;
  std::optional<detail::Across> across_;
};

class TablesReader {
 public:
  explicit TablesReader(Session& session)
      : session_(session),
        readers_(session.packs.tables.size()),
        files_of_table_(session.packs.tables.size()) {}

  void read(const std::vector<TableFile>& files) {
    for (const TableFile& file : files) {
      if (session_.out.files.size() >= kFilesMax) {
        session_.add_problem(
            static_cast<std::uint16_t>(kFilesMax - 1), "too-many-files", 0, "",
            fmt::format("a job has at most {} table files (put several into one)", kFilesMax),
            fmt::format("一个作业最多 {} 个表文件（请合并）", kFilesMax));
        break;
      }
      read_file(file);
    }
    for (const std::unique_ptr<TableReader>& reader : readers_) {
      if (reader) reader->finish();
    }
    detail::check_registers(session_, files_of_table_);
  }

 private:
  static constexpr std::size_t kFilesMax = 60000;

  void read_file(const TableFile& file) {
    const std::uint16_t index = session_.add_file(file.table, file.name, file.context);
    const std::optional<std::int32_t> table = session_.packs.table(file.table);
    if (!table) return unknown_table(file, index);
    const auto t = static_cast<std::size_t>(*table);
    files_of_table_[t].push_back(index);
    if (file.in_batches) {
      session_.out.tables[t].given = true;
      return;
    }
    if (!readers_[t]) readers_[t] = std::make_unique<TableReader>(session_, *table);
    const std::string extension = extension_of(file.name);
    const bool other =
        std::find(kOtherForms.begin(), kOtherForms.end(), extension) != kOtherForms.end();
    const std::string_view bytes = *file.bytes;
    const Form form = form_of(extension);
    TableReader& reader = *readers_[t];
    reader.begin_file(file, index, form);
    if (other || is_spreadsheet(bytes)) {
      session_.add_problem(index, "unknown-form", 0, "",
                           fmt::format("{} files are not read (save the table as CSV, JSON or XML)",
                                       other ? "." + extension : "spreadsheet"),
                           fmt::format("不读取 {} 文件（请把表另存为 CSV、JSON 或 XML）",
                                       other ? "." + extension : "电子表格"));
    } else if (!file.across.empty() && form != Form::kCsv) {
      session_.add_problem(
          index, "unknown-form", 0, "",
          "\"across\" is for CSV files (leave it out: JSON and XML name columns by "
          "their codes)",
          "“across”仅用于 CSV 文件（请去掉：JSON 和 XML 以代码为列名）");
    } else {
      read_bytes(file, index, form, reader);
    }
    reader.end_file();
  }

  void read_bytes(const TableFile& file, std::uint16_t index, Form form, TableReader& reader) {
    FileSink sink(session_, reader, file, index);
    const std::string_view bytes = *file.bytes;
    if (form == Form::kXml) {
      text::read_xml_records(bytes, file.name, sink);
      return sink.finish();
    }
    // Most files are UTF-8 already: their bytes are read where they stand.
    constexpr std::string_view kMark = "\xEF\xBB\xBF";
    std::string_view utf8 = bytes;
    std::string converted;
    if (text::is_utf8(bytes)) {
      if (utf8.starts_with(kMark)) utf8.remove_prefix(kMark.size());
    } else {
      base::Result<std::string> made = text::to_utf8(std::string(bytes), file.name);
      if (!made) {
        session_.add_problem(index, made.failure());
        return;
      }
      converted = std::move(*made);
      utf8 = converted;
    }
    if (form == Form::kJson) {
      text::read_json_records(utf8, file.name, sink);
    } else {
      text::read_csv(utf8, file.name, sink);
    }
    sink.finish();
  }

  void unknown_table(const TableFile& file, std::uint16_t index) {
    std::vector<std::string> known;
    for (const rules::CheckedTable& table : session_.packs.tables) known.push_back(table.name);
    const base::Bilingual near = detail::hint(file.table, known);
    session_.add_problem(
        index, "unknown-table", 0, "",
        fmt::format("no pack of this job has a table \"{}\"{}", file.table, near.en),
        fmt::format("本作业的规则包中没有表“{}”{}", file.table, near.zh));
  }

  Session& session_;
  std::vector<std::unique_ptr<TableReader>> readers_;
  std::vector<std::vector<std::uint16_t>> files_of_table_;
};

}  // namespace

InputTables read_tables(const std::vector<TableFile>& files, const rules::CheckedPacks& packs,
                        const exact::UnitCatalogue& units, table::TextPool& pool,
                        base::Findings& problems, base::Findings& findings) {
  Session session(packs, units, pool, findings);
  TablesReader(session).read(files);
  session.move_problems(problems);
  return std::move(session.out);
}

}  // namespace qz::read
