// Stream kept: the records' own bytes under their file's own heading are a small file, and the
// general reader reads that.

#include "compute/stream_kept.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <string_view>

namespace qz::compute {
namespace {

// Lines of a file to positions; asked for in rising order.
class Lines {
 public:
  explicit Lines(std::string_view bytes) : bytes_(bytes) {}

  // Where line `line` (from 1) begins; the end of the file if it has fewer.
  std::size_t begin_of(std::uint32_t line) {
    while (line_ < line && at_ < bytes_.size()) {
      const void* found = std::memchr(bytes_.data() + at_, '\n', bytes_.size() - at_);
      at_ = found == nullptr
                ? bytes_.size()
                : static_cast<std::size_t>(static_cast<const char*>(found) - bytes_.data()) + 1;
      ++line_;
    }
    return at_;
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
};

// A kept record with what messages call it.
struct Found {
  std::size_t file = 0;  // in StreamedTable::files
  std::uint32_t line = 0;
  std::uint32_t next_line = KeptRecord::kToTheEnd;
  std::int32_t number = 0;
};

class Kept {
 public:
  Kept(const StreamedTable& table, const rules::CheckedPacks& packs,
       const exact::UnitCatalogue& units, table::TextPool& pool, read::InputTables& inputs)
      : table_(table), packs_(packs), units_(units), pool_(pool), inputs_(inputs) {
    for (std::size_t i = 0; i < table.files.size(); ++i) by_name_[table.files[i].name] = i;
    heads_.assign(table.files.size(), KeptRecord::kToTheEnd);
  }

  bool run(const std::vector<KeptRecord>& kept,
           const std::vector<std::pair<std::size_t, std::uint32_t>>& first_lines) {
    if (by_name_.size() != table_.files.size()) return false;
    for (const auto& [piece, line] : first_lines) {
      const base::Place place = table_.reader->place(piece, line);
      std::uint32_t& head = heads_[by_name_.at(place.file)];
      head = std::min<std::uint32_t>(head, place.line);
    }
    for (const KeptRecord& one : kept) found_.push_back(find(one));
    return read_again();
  }

 private:
  Found find(const KeptRecord& one) const {
    const base::Place place = table_.reader->place(one.piece, one.line);
    Found out;
    out.file = by_name_.at(place.file);
    out.line = place.line;
    out.number = static_cast<std::int32_t>(table_.reader->row_number(one.piece, one.record));
    if (one.next_line != KeptRecord::kToTheEnd) {
      out.next_line = table_.reader->place(one.piece, one.next_line).line;
    } else if (one.piece + 1 < table_.reader->pieces()) {
      const base::Place next = table_.reader->place(one.piece + 1, 0);
      if (next.file == place.file) out.next_line = next.line;
    }
    return out;
  }

  bool read_again() {
    std::vector<read::TableFile> files;
    std::size_t at = 0;
    for (std::size_t f = 0; f < table_.files.size(); ++f) {
      const std::string_view bytes = *table_.files[f].bytes;
      Lines lines(bytes);
      std::string text;
      const std::size_t first = at;
      for (; at < found_.size() && found_[at].file == f; ++at) {
        if (text.empty()) text = bytes.substr(0, lines.begin_of(heads_[f]));
        const std::size_t begin = lines.begin_of(found_[at].line);
        const std::size_t end = found_[at].next_line == KeptRecord::kToTheEnd
                                    ? bytes.size()
                                    : lines.begin_of(found_[at].next_line);
        text.append(bytes, begin, end - begin);
        if (text.back() != '\n') text += '\n';
      }
      if (at == first) continue;
      files.push_back(table_.files[f]);
      files.back().bytes = std::make_shared<const std::string>(std::move(text));
      files.back().in_batches = false;
    }
    if (at != found_.size()) return false;
    base::Findings problems, findings;
    read::InputTables again = read::read_tables(files, packs_, units_, pool_, problems, findings);
    read::InputTable& in = again.tables[static_cast<std::size_t>(table_.plan.table)];
    if (!problems.empty() || in.rows != found_.size()) return false;
    put(in, again.units);
    return true;
  }

  // Rows as they stand in the whole files.
  void put(read::InputTable& in, const std::vector<exact::Unit>& units) {
    std::vector<std::uint16_t> file_of(table_.files.size());
    for (std::size_t i = 0; i < inputs_.files.size(); ++i) {
      const auto known = by_name_.find(inputs_.files[i].name);
      if (known != by_name_.end() && inputs_.files[i].table == table_.files[known->second].table)
        file_of[known->second] = static_cast<std::uint16_t>(i);
    }
    std::vector<std::int32_t> numbers;
    for (std::size_t row = 0; row < found_.size(); ++row) {
      numbers.push_back(found_[row].number);
      in.line[row] = found_[row].line;
      in.file[row] = file_of[found_[row].file];
    }
    in.keys.back() =
        table::Column::from_ids(table::Type::kRow, std::move(numbers),
                                std::vector<table::State>(found_.size(), table::State::kValue));
    std::vector<std::uint16_t> unit_of;
    for (const exact::Unit& unit : units) {
      const auto known = std::find_if(inputs_.units.begin(), inputs_.units.end(),
                                      [&](const auto& one) { return one.text == unit.text; });
      unit_of.push_back(static_cast<std::uint16_t>(known - inputs_.units.begin()));
      if (known == inputs_.units.end()) inputs_.units.push_back(unit);
    }
    for (read::InputColumn& column : in.columns) {
      for (std::uint16_t& unit : column.written_unit) unit = unit_of[unit];
    }
    in.given = true;
    inputs_.tables[static_cast<std::size_t>(table_.plan.table)] = std::move(in);
  }

  const StreamedTable& table_;
  const rules::CheckedPacks& packs_;
  const exact::UnitCatalogue& units_;
  table::TextPool& pool_;
  read::InputTables& inputs_;
  std::map<std::string, std::size_t> by_name_;
  std::vector<std::uint32_t> heads_;  // by file: the line of its first record
  std::vector<Found> found_;
};

}  // namespace

bool read_kept(const StreamedTable& table, std::vector<KeptRecord> kept,
               const std::vector<std::pair<std::size_t, std::uint32_t>>& first_lines,
               const rules::CheckedPacks& packs, const exact::UnitCatalogue& units,
               table::TextPool& pool, read::InputTables& inputs) {
  std::sort(kept.begin(), kept.end(), [](const KeptRecord& a, const KeptRecord& b) {
    return std::pair(a.piece, a.record) < std::pair(b.piece, b.record);
  });
  return Kept(table, packs, units, pool, inputs).run(kept, first_lines);
}

}  // namespace qz::compute
