// Installation: folders to files. What the files mean is told by factor/ and rules/.

#include "job/installation.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "job/files.h"
#include "seal/sha256.h"
#include "text/json.h"

namespace qz::job {
namespace {

std::string text_member(const text::JsonValue& object, std::string_view name) {
  const text::JsonValue* const member = object.find(name);
  return member != nullptr && member->is(text::JsonValue::Kind::kString) ? member->text : "";
}

// The texts of the first two members, if they are `id_member` and "version" and plain: then nothing
// else of a file has to be looked at until somebody uses it. Empty where they are not.
class Head {
 public:
  explicit Head(std::string_view bytes) : rest_(bytes) {}

  std::optional<std::pair<std::string, std::string>> read(std::string_view id_member) {
    std::string_view name, id, version_name, version;
    const bool found = take('{') && text(name) && take(':') && text(id) && take(',') &&
                       text(version_name) && take(':') && text(version) && (take(',') || take('}'));
    if (!found || name != id_member || version_name != "version") return std::nullopt;
    if (id.empty() || version.empty()) return std::nullopt;
    return std::pair(std::string(id), std::string(version));
  }

 private:
  bool take(char wanted) {
    const std::size_t at = rest_.find_first_not_of(" \t\r\n");
    if (at == std::string_view::npos || rest_[at] != wanted) return false;
    rest_.remove_prefix(at + 1);
    return true;
  }

  bool text(std::string_view& out) {
    if (!take('"')) return false;
    const auto is_plain = [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; };
    std::size_t size = 0;
    while (size < rest_.size() && is_plain(rest_[size])) ++size;
    out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return take('"');
  }

  std::string_view rest_;
};

// A name for people and the order of things: what the file says, or what its place says.
std::pair<std::string, std::string> names_of(std::string_view bytes, std::string_view id_member,
                                             const std::string& id_by_place,
                                             const std::string& version_by_place) {
  if (auto head = Head(bytes).read(id_member)) return std::move(*head);
  const auto document = text::parse_json(bytes, "");
  if (!document) return {id_by_place, version_by_place};
  const std::string id = text_member(*document, id_member);
  const std::string version = text_member(*document, "version");
  return {id.empty() ? id_by_place : id, version.empty() ? version_by_place : version};
}

bool ends_in(const std::string& name, std::string_view ending) {
  return name.size() > ending.size() &&
         name.compare(name.size() - ending.size(), ending.size(), ending) == 0;
}

base::Finding contradiction(const std::string& what, const std::string& first,
                            const std::string& second) {
  return base::failure(
      "installed-twice", {second, 0, 0},
      fmt::format("{} is already installed from {} with other content (give one of them another "
                  "version, or remove it)",
                  what, first),
      fmt::format("{} 已由 {} 安装且内容不同（请改版本号或删除其一）", what, first));
}

}  // namespace

std::string table_digest(const std::string& package_bytes, const std::string& csv_bytes) {
  seal::Sha256 hasher;
  hasher.update(package_bytes);
  hasher.update(csv_bytes);
  return seal::hex(hasher.finish());
}

std::string own_factors_folder() {
  const std::string program = program_folder();
  std::string installed = joined(folder_of(program), "share/qingzhang/factors");
  if (is_folder(installed)) return installed;
  for (std::string folder = program; folder.size() > 1; folder = folder_of(folder)) {
    std::string factors = joined(folder, "factors");
    if (is_folder(joined(factors, "packs")) && exists(joined(factors, "units"))) return factors;
  }
  return "";
}

Installation Installation::load(const std::vector<std::string>& more, base::Findings& problems) {
  Installation out;
  const std::string own = own_factors_folder();
  out.loading_own_ = true;
  if (!own.empty()) out.load_folder(own, problems);
  out.loading_own_ = false;
  for (const std::string& folder : more) {
    if (is_folder(folder)) {
      out.load_folder(folder, problems);
    } else {
      problems.push_back(
          base::failure("no-factors-folder", {folder, 0, 0},
                        "is not a folder (--factors takes one laid out like factors/)",
                        "不是文件夹（--factors 需要与 factors/ 结构相同的文件夹）"));
    }
  }
  const auto order = [](const auto& a, const auto& b) {
    return std::tie(a.id, a.version) < std::tie(b.id, b.version);
  };
  std::stable_sort(out.packs_.begin(), out.packs_.end(), order);
  std::stable_sort(out.tables_.begin(), out.tables_.end(), order);
  return out;
}

void Installation::load_folder(const std::string& folder, base::Findings& problems) {
  const std::string real = real_path(folder);
  if (std::find(folders_.begin(), folders_.end(), real) != folders_.end()) return;
  folders_.push_back(real);
  load_units(folder, problems);
  load_tables(folder, problems);
  load_packs(folder, problems);
}

// The name by which a file goes in messages: relative to its factors folder, unless another folder
// has a different file at that place.
std::string Installation::named(const std::string& relative, const std::string& path) {
  const auto [place, is_new] = shown_.emplace(relative, path);
  if (is_new || place->second == path) return relative;
  shown_.emplace(path, path);
  return path;
}

void Installation::load_packs(const std::string& folder, base::Findings& problems) {
  const std::string packs = joined(folder, "packs");
  for (const std::string& id : names_in(packs)) {
    const std::string of_id = joined(packs, id);
    if (!is_folder(of_id)) continue;
    for (const std::string& name : names_in(of_id)) {
      if (!ends_in(name, ".json")) continue;
      const std::string path = joined(of_id, name);
      const auto bytes = read_file(path, path, kDocumentBytesMax);
      if (!bytes) {
        problems.push_back(bytes.failure());
        continue;
      }
      InstalledPack pack;
      std::tie(pack.id, pack.version) =
          names_of(**bytes, "pack", id, name.substr(0, name.size() - 5));
      pack.file = {named("packs/" + id + "/" + name, path), std::string(**bytes), ""};
      keep_pack(std::move(pack), problems);
    }
  }
}

void Installation::keep_pack(InstalledPack pack, base::Findings& problems) {
  pack.own = loading_own_;
  const std::string name = pack.id + "@" + pack.version;
  for (InstalledPack& other : packs_) {
    if (other.id != pack.id || other.version != pack.version) continue;
    if (other.file.bytes == pack.file.bytes) return;
    if (other.own) {
      note_replacement(name);
      other = std::move(pack);
    } else {
      problems.push_back(contradiction(name, shown_[other.file.file], pack.file.file));
    }
    return;
  }
  packs_.push_back(std::move(pack));
}

void Installation::keep_table(InstalledTable table, base::Findings& problems) {
  table.own = loading_own_;
  const std::string name = table.id + "@" + table.version;
  for (InstalledTable& other : tables_) {
    if (other.id != table.id || other.version != table.version) continue;
    factor::TableFiles one, two;
    if (!read_csv(other, one, problems) || !read_csv(table, two, problems)) return;
    if (one.sha256 == two.sha256) return;
    if (other.own) {
      note_replacement(name);
      other = std::move(table);
    } else {
      problems.push_back(
          contradiction(name, shown_[other.files.package_file], table.files.package_file));
    }
    return;
  }
  tables_.push_back(std::move(table));
}

void Installation::note_replacement(const std::string& name) {
  base::Finding note;
  note.code = "replaces-installed";
  note.severity = base::Severity::kWarning;
  note.message = {
      name + " of a folder given with --factors replaces the installed one of that name",
      "--factors 文件夹中的 " + name + " 取代了同名的已安装版本"};
  replacements_.emplace(name, std::move(note));
}

void Installation::load_tables(const std::string& folder, base::Findings& problems) {
  const std::string tables = joined(folder, "tables");
  for (const std::string& id : names_in(tables)) {
    for (const std::string& version : names_in(joined(tables, id))) {
      const std::string of_version = joined(joined(tables, id), version);
      const std::string package = joined(of_version, "datapackage.json");
      if (!exists(package)) continue;
      const std::string relative = "tables/" + id + "/" + version + "/";
      const auto package_bytes = read_file(package, package, kDocumentBytesMax);
      if (!package_bytes) {
        problems.push_back(package_bytes.failure());
        continue;
      }
      InstalledTable table;
      table.files.package_file = named(relative + "datapackage.json", package);
      table.files.package_bytes = **package_bytes;
      std::tie(table.id, table.version) = names_of(**package_bytes, "name", id, version);
      table.folder = of_version;
      for (const std::string& name : names_in(of_version)) {
        if (ends_in(name, ".csv"))
          table.names[name] = named(relative + name, joined(of_version, name));
      }
      keep_table(std::move(table), problems);
    }
  }
}

// The table's files with its CSV.
bool Installation::read_csv(const InstalledTable& table, factor::TableFiles& files,
                            base::Findings& problems) {
  files = table.files;
  const auto csv = factor::csv_path(files.package_file, files.package_bytes);
  const auto path = csv ? path_inside(table.folder, *csv, {files.package_file, 0, 0}) : csv;
  const auto bytes =
      path ? read_file(*path, *path, kTableBytesMax) : base::Result<Bytes>(path.failure());
  if (!bytes) {
    problems.push_back(bytes.failure());
    return false;
  }
  const auto name = table.names.find(*csv);
  files.csv_file = name == table.names.end() ? *path : name->second;
  files.csv_bytes = **bytes;
  files.sha256 = table_digest(files.package_bytes, files.csv_bytes);
  return true;
}

void Installation::load_units(const std::string& folder, base::Findings& problems) {
  const std::string units = joined(folder, "units");
  for (const std::string& name : names_in(units)) {
    if (!ends_in(name, ".json")) continue;
    const std::string path = joined(units, name);
    const auto bytes = read_file(path, path, kDocumentBytesMax);
    if (!bytes) {
      problems.push_back(bytes.failure());
      continue;
    }
    const std::string digest = seal::sha256_hex(**bytes);
    const auto same = std::find_if(units_.begin(), units_.end(), [&](const InstalledUnits& other) {
      return other.sha256 == digest;
    });
    if (same == units_.end())
      units_.push_back({{named("units/" + name, path), std::string(**bytes)}, digest});
  }
}

void Installation::add_pack_file(const std::string& path, base::Findings& problems) {
  const auto bytes = read_file(path, path, kDocumentBytesMax);
  if (!bytes) {
    problems.push_back(bytes.failure());
    return;
  }
  InstalledPack pack;
  std::tie(pack.id, pack.version) = names_of(**bytes, "pack", path, "");
  pack.file = {path, std::string(**bytes), ""};
  std::erase_if(packs_, [&](const InstalledPack& other) {
    return other.id == pack.id && other.version == pack.version;
  });
  packs_.push_back(std::move(pack));
}

std::vector<std::string> Installation::pack_ids() const {
  std::set<std::string> ids;
  for (const InstalledPack& pack : packs_) ids.insert(pack.id);
  return {ids.begin(), ids.end()};
}

std::vector<std::string> Installation::table_ids() const {
  std::set<std::string> ids;
  for (const InstalledTable& table : tables_) ids.insert(table.id);
  return {ids.begin(), ids.end()};
}

const InstalledPack* Installation::pack(const std::string& id, const std::string& version) const {
  for (const InstalledPack& pack : packs_) {
    if (pack.id == id && pack.version == version) return &pack;
  }
  return nullptr;
}

}  // namespace qz::job
