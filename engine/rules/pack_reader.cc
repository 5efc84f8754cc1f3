// Pack reader: the top level of a pack file, and all files together.

#include "rules/pack_reader.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "rules/detail/written_pack.h"

namespace qz::rules {
namespace {

using detail::MemberReader;
using detail::WrittenPack;
using text::JsonValue;

const std::vector<std::string> kModes = {"half-even", "half-up", "down", "up"};

using PartReader = void (*)(MemberReader&, const JsonValue&, WrittenPack&);

void read_part(MemberReader& reader, const JsonValue& root, const char* name, PartReader read,
               WrittenPack& out) {
  const JsonValue* value = root.find(name);
  if (value == nullptr) return;
  const MemberReader::Step step(reader, name);
  read(reader, *value, out);
}

void read_identity(MemberReader& reader, const JsonValue& root, WrittenPack& out) {
  Pack& pack = out.pack;
  for (const char* name : {"pack", "version", "applies"}) reader.require(root, name);
  if (reader.read(root, "pack", pack.id)) {
    const MemberReader::Step step(reader, "pack");
    reader.check_id(pack.id, *root.find("pack"));
  }
  if (reader.read(root, "version", pack.version)) {
    const MemberReader::Step step(reader, "version");
    out.version_place = reader.place(*root.find("version"));
    reader.check_id(pack.version, *root.find("version"));
  }
  if (reader.read(root, "extends", pack.extends)) {
    out.extends_place = reader.place(*root.find("extends"));
  }
  reader.read(root, "title", pack.title);
  reader.read(root, "authority", pack.authority);
  reader.read(root, "document", pack.document);
}

void read_applies(MemberReader& reader, const JsonValue& applies, WrittenPack& out) {
  if (!reader.expect(applies, JsonValue::Kind::kObject)) return;
  reader.refuse_unknown(applies, {"from", "to"});
  reader.require(applies, "from");
  std::optional<base::Date> from;
  reader.read(applies, "from", from);
  reader.read(applies, "to", out.pack.applies_to);
  if (from) out.pack.applies_from = *from;
  if (from && out.pack.applies_to && *out.pack.applies_to < *from) {
    reader.problem(*applies.find("to"), "\"to\" lies before \"from\"", "“to”早于“from”");
  }
}

void read_needs(MemberReader& reader, const JsonValue& needs, WrittenPack& out) {
  std::vector<std::string> ids = reader.texts(needs);
  reader.each_item(needs, [&](const JsonValue& item) {
    if (!item.is(JsonValue::Kind::kString) || item.text.empty()) return;  // reported already
    if (item.text == out.pack.id) {
      reader.problem(item, "a pack does not need itself", "规则包不能依赖自身");
    } else if (item.text.find('@') != std::string::npos) {
      reader.problem(item,
                     "\"" + item.text + "\" names an edition: a pack is needed by its id alone",
                     "“" + item.text + "”带版本，依赖只写规则包标识");
    } else {
      reader.check_id(item.text, item);
    }
  });
  out.needs = std::move(ids);
}

void read_root(MemberReader& reader, const JsonValue& root, WrittenPack& out) {
  if (!reader.expect(root, JsonValue::Kind::kObject)) return;
  reader.refuse_unknown(root, {"$schema", "pack", "version", "title", "authority", "document",
                               "applies", "extends", "needs", "factors", "constants", "parameters",
                               "rounding", "tables", "checks", "examples", "instruments"});
  read_identity(reader, root, out);
  read_part(reader, root, "applies", read_applies, out);
  read_part(reader, root, "needs", read_needs, out);
  read_part(reader, root, "factors", detail::read_factors, out);
  read_part(reader, root, "constants", detail::read_constants, out);
  read_part(reader, root, "parameters", detail::read_parameters, out);
  std::string mode;
  if (reader.read_word(root, "rounding", kModes, mode)) out.rounding = exact::parse_rounding(mode);
  read_part(reader, root, "tables", detail::read_tables, out);
  read_part(reader, root, "checks", detail::read_checks, out);
  read_part(reader, root, "examples", detail::read_examples, out);
  read_part(reader, root, "instruments", detail::read_instruments, out);
}

WrittenPack read_file(const PackFile& file, base::Findings& problems) {
  WrittenPack out;
  out.pack.file = file.file;
  out.pack.sha256 = file.sha256;
  const std::size_t before = problems.size();
  auto root = text::parse_json(file.bytes, file.file);
  if (root) {
    MemberReader reader(file.file, problems);
    read_root(reader, *root, out);
  } else {
    problems.push_back(root.failure());
  }
  out.faulty = problems.size() != before;
  return out;
}

}  // namespace

std::vector<Pack> read_packs(const std::vector<PackFile>& files, base::Findings& problems) {
  std::vector<WrittenPack> written;
  std::set<std::string> names;
  for (const PackFile& file : files) {
    WrittenPack one = read_file(file, problems);
    if (!one.pack.version.empty() && !names.insert(one.pack.name()).second) {
      problems.push_back(base::failure("malformed-pack", one.version_place,
                                       one.pack.name() + " stands in another file too",
                                       one.pack.name() + " 在另一个文件中已有"));
      one.faulty = true;
    }
    written.push_back(std::move(one));
  }
  std::vector<Pack> out = detail::apply_extends(std::move(written), problems);
  std::sort(out.begin(), out.end(), [](const Pack& a, const Pack& b) {
    return std::tie(a.id, a.applies_from, a.version) < std::tie(b.id, b.applies_from, b.version);
  });
  return out;
}

}  // namespace qz::rules
