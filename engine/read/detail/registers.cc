// Registers: for each pair of a table and a register above it, how the register's key is known in a
// row of the table is worked out once; then every row asks one hash index.

#include "read/detail/registers.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>

#include "table/key_index.h"

namespace qz::read::detail {
namespace {

using Ids = std::vector<std::int32_t>;
constexpr std::int32_t kUnknown = -1;       // a null link, or a row that is not there
constexpr std::size_t kHintRowsMax = 2000;  // of a register through which a hint is looked for
constexpr std::size_t kHintsMax = 100;

struct Register {
  std::int32_t table = -1;
  std::vector<std::string> names;
  table::KeyIndex index;
};

// Keys of one holder that a message names.
constexpr std::size_t kSiblingsMax = 8;

class RegisterCheck {
 public:
  RegisterCheck(Session& session, const std::vector<std::vector<std::uint16_t>>& files_of_table)
      : session_(session), files_of_table_(files_of_table) {}

  void run() {
    find_registers();
    const auto tables = static_cast<std::int32_t>(session_.packs.tables.size());
    for (std::int32_t table = 0; table < tables; ++table) check_table(table);
  }

  // True if some row of `table` would be told.
  bool asks(std::int32_t table) {
    find_registers();
    only_asks_ = true;
    check_table(table);
    return lacks_;
  }

 private:
  void find_registers() {
    const auto tables = static_cast<std::int32_t>(session_.packs.tables.size());
    for (std::int32_t table = 0; table < tables; ++table) {
      if (is_register(table)) registers_.push_back(make(table));
    }
    // The shorter key first: who lacks its entity is not told again that it lacks its unit.
    std::stable_sort(
        registers_.begin(), registers_.end(),
        [](const Register& a, const Register& b) { return a.names.size() < b.names.size(); });
  }

  const rules::CheckedTable& checked(std::int32_t table) const {
    return session_.packs.tables[static_cast<std::size_t>(table)];
  }
  const InputTable& given(std::int32_t table) const {
    return session_.out.tables[static_cast<std::size_t>(table)];
  }

  bool is_register(std::int32_t table) const {
    const rules::CheckedTable& one = checked(table);
    if (!given(table).given || one.period_column || one.ends_in_row || one.key_size == 0) {
      return false;
    }
    const auto& files = files_of_table_[static_cast<std::size_t>(table)];
    return std::none_of(files.begin(), files.end(),
                        [&](std::uint16_t file) { return session_.has_problems(file); });
  }

  Register make(std::int32_t table) const {
    const rules::CheckedTable& one = checked(table);
    Register out{table, {}, table::KeyIndex(one.key_size)};
    for (std::size_t k = 0; k < one.key_size; ++k) out.names.push_back(one.columns[k].name);
    Ids key(one.key_size);
    for (std::size_t row = 0; row < given(table).rows; ++row) {
      for (std::size_t k = 0; k < key.size(); ++k) key[k] = given(table).keys[k].id(row);
      out.index.insert(key);
    }
    return out;
  }

  const Register* find_register(std::int32_t table) const {
    const auto found = std::find_if(registers_.begin(), registers_.end(),
                                    [&](const Register& one) { return one.table == table; });
    return found == registers_.end() ? nullptr : &*found;
  }

  // The column in which a table's own file holds a name: a key, or an input; nullptr if it has
  // none.
  const table::Column* column_of(std::int32_t table, std::int32_t column) const {
    const InputTable& input = given(table);
    if (static_cast<std::size_t>(column) < input.keys.size()) {
      return &input.keys[static_cast<std::size_t>(column)];
    }
    for (const InputColumn& one : input.columns) {
      if (one.column == column) return &one.cells;
    }
    return nullptr;
  }

  // Where the value of a name in a row of `table` comes from.
  struct Source {
    const table::Column* own = nullptr;
    const Register* via = nullptr;  // otherwise: the row above, and its link column
    std::vector<Source> via_key;
    const table::Column* link = nullptr;
  };

  Source source_of(std::int32_t table, const std::string& name, int depth) const {
    Source out;
    const auto found = checked(table).settled.find(name);
    if (found == checked(table).settled.end() || depth == 0) return out;
    const rules::Settled& settled = found->second;
    if (settled.via_table < 0) {
      out.own = column_of(table, settled.column);
      return out;
    }
    out.via = find_register(settled.via_table);
    if (out.via == nullptr) return out;
    out.link = column_of(settled.via_table, settled.column);
    for (const std::string& key : out.via->names) {
      out.via_key.push_back(source_of(table, key, depth - 1));
    }
    return out;
  }

  std::int32_t value(const Source& source, std::size_t row) const {
    if (source.own != nullptr) return source.own->has_value(row) ? source.own->id(row) : kUnknown;
    if (source.via == nullptr || source.link == nullptr) return kUnknown;
    Ids key;
    for (const Source& one : source.via_key) key.push_back(value(one, row));
    const std::uint32_t above = source.via->index.find(key);
    if (above == table::kNoRow || !source.link->has_value(above)) return kUnknown;
    return source.link->id(above);
  }

  void check_table(std::int32_t table) {
    constexpr int kLinksMax = 8;  // a link of a link of a link …: no rule goes further
    std::vector<const Register*> above;
    std::vector<std::vector<Source>> sources;
    for (const Register& one : registers_) {
      if (one.table == table) continue;
      std::vector<Source> key;
      for (const std::string& name : one.names) key.push_back(source_of(table, name, kLinksMax));
      // What is known through other tables only is told at the rows of those.
      const bool any_own = std::any_of(key.begin(), key.end(),
                                       [](const Source& source) { return source.own != nullptr; });
      if (!any_own) continue;
      above.push_back(&one);
      sources.push_back(std::move(key));
    }
    if (above.empty()) return;
    std::vector<Ids> last(above.size());
    Ids key;
    for (std::size_t row = 0; row < given(table).rows; ++row) {
      std::vector<const Register*> lacking;
      for (std::size_t i = 0; i < above.size(); ++i) {
        key.clear();
        for (const Source& source : sources[i]) key.push_back(value(source, row));
        if (key == last[i]) continue;  // the row before had the same, and it was there
        if (std::find(key.begin(), key.end(), kUnknown) != key.end()) continue;
        if (above[i]->index.find(key) != table::kNoRow) {
          last[i] = key;
          continue;
        }
        if (is_told(lacking, *above[i])) continue;
        lacking.push_back(above[i]);
        tell(table, row, *above[i], key);
      }
    }
  }

  // True if what the row lacks has been told by a register with a part of this one's key.
  static bool is_told(const std::vector<const Register*>& lacking, const Register& one) {
    return std::any_of(lacking.begin(), lacking.end(), [&](const Register* other) {
      return std::all_of(other->names.begin(), other->names.end(), [&](const std::string& name) {
        return std::find(one.names.begin(), one.names.end(), name) != one.names.end();
      });
    });
  }

  std::string key_text(std::span<const std::int32_t> key) const {
    std::string out;
    for (const std::int32_t id : key) {
      if (!out.empty()) out += ", ";
      out += session_.pool.text(id);
    }
    return out;
  }

  base::Bilingual nearest(const Register& one, const std::string& text) {
    const auto [found, is_new] = hints_.try_emplace({one.table, text});
    if (!is_new || hints_.size() > kHintsMax || one.index.rows() > kHintRowsMax) {
      return found->second;
    }
    std::vector<std::string> known;
    for (std::uint32_t row = 0; row < one.index.rows(); ++row) {
      known.push_back(key_text(one.index.key(row)));
    }
    return found->second = hint(text, known);
  }

  void tell(std::int32_t table, std::size_t row, const Register& one, const Ids& key) {
    lacks_ = true;
    if (only_asks_) return;
    const InputTable& input = given(table);
    const std::string text = key_text(key);
    const std::string names = fmt::format("{}", fmt::join(one.names, ", "));
    const base::Bilingual near = nearest(one, text);
    const std::string& name = checked(one.table).name;
    const auto& files = files_of_table_[static_cast<std::size_t>(one.table)];
    const std::string file = files.empty() ? name : session_.out.files[files.front()].name;
    session_.add_problem(input.file[row], "missing-parent", input.line[row], names,
                         fmt::format("\"{}\" does not stand in table {} ({}){}", text, name, file,
                                     near.en.empty() ? siblings(one, key, false) : near.en),
                         fmt::format("表 {}（{}）中没有“{}”{}", name, file, text,
                                     near.zh.empty() ? siblings(one, key, true) : near.zh));
  }

  // Where no name is near: the keys that the register has with the same first part.
  std::string siblings(const Register& one, const Ids& key, bool zh) const {
    std::string known;
    std::size_t shown = 0;
    for (std::uint32_t row = 0; key.size() > 1 && row < one.index.rows() && row < kHintRowsMax;
         ++row) {
      const std::span<const std::int32_t> other = one.index.key(row);
      if (other.front() != key.front() || ++shown > kSiblingsMax) continue;
      known += (known.empty() ? "" : ", ") + session_.pool.text(other.back());
    }
    if (known.empty()) return zh ? "（请在该表中补上）" : " (add a row there)";
    const std::string& first = session_.pool.text(key.front());
    return zh ? fmt::format("（{} 已登记：{}；请改用其中之一，或在该表中补上）", first, known)
              : fmt::format(" ({} has {}: write one of them, or add a row there)", first, known);
  }

  Session& session_;
  const std::vector<std::vector<std::uint16_t>>& files_of_table_;
  bool only_asks_ = false;
  bool lacks_ = false;
  std::vector<Register> registers_;
  std::map<std::pair<std::int32_t, std::string>, base::Bilingual> hints_;
};

}  // namespace

void check_registers(Session& session,
                     const std::vector<std::vector<std::uint16_t>>& files_of_table) {
  RegisterCheck(session, files_of_table).run();
}

bool any_row_lacks_parent(Session& session, std::int32_t table) {
  const std::vector<std::vector<std::uint16_t>> no_files(session.packs.tables.size());
  return RegisterCheck(session, no_files).asks(table);
}

}  // namespace qz::read::detail
