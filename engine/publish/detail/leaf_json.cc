// The written order of members is the order of the structs in seal/leaf.h.

#include "publish/detail/leaf_json.h"

#include "seal/json_members.h"

namespace qz::publish::detail {
namespace {

using seal::JsonMembers;

void append_key(std::string& out, const base::Key& key) {
  JsonMembers members(out);
  for (const auto& [name, value] : key) members.named(name, value);
  members.end();
}

void append_bilingual(JsonMembers& members, std::string& out, std::string_view quoted,
                      const base::Bilingual& text) {
  if (text.en.empty() && text.zh.empty()) return;
  members.begin(quoted);
  JsonMembers languages(out);
  languages.optional("\"en\":", text.en);
  languages.optional("\"zh\":", text.zh);
  languages.end();
}

void append_parameter(std::string& out, const seal::Parameter& parameter) {
  JsonMembers members(out);
  members.text("\"pack\":", parameter.pack);
  members.text("\"name\":", parameter.name);
  members.text("\"value\":", parameter.value);
  members.end();
}

void append_source(std::string& out, const seal::Source& source) {
  JsonMembers members(out);
  members.text("\"kind\":", source.kind);
  members.text("\"name\":", source.name);
  members.optional("\"table\":", source.table);
  members.text("\"sha256\":", source.sha256);
  if (source.rows) members.integer("\"rows\":", *source.rows);
  members.end();
}

}  // namespace

void append_open_header(std::string& out, const seal::Header& header) {
  JsonMembers members(out);
  members.text("\"schema\":", header.schema);
  members.text("\"job\":", header.job);
  append_bilingual(members, out, "\"title\":", header.title);
  members.begin("\"cycle\":");
  JsonMembers cycle(out);
  cycle.text("\"id\":", header.cycle_id);
  cycle.begin("\"years\":");
  seal::append_json_array(out, header.cycle_years, text::append_json_string);
  cycle.end();
  members.text("\"as_of\":", header.as_of);
  if (header.subject != seal::kSubject) members.text("\"subject\":", header.subject);
  members.begin("\"engine\":");
  JsonMembers engine(out);
  engine.text("\"name\":", header.engine_name);
  engine.text("\"version\":", header.engine_version);
  engine.end();
  members.begin("\"parameters\":");
  seal::append_json_array(out, header.parameters, append_parameter);
  if (!header.pins.empty()) {
    members.begin("\"pins\":");
    seal::append_json_array(out, header.pins, text::append_json_string);
  }
  members.begin("\"sources\":");
  seal::append_json_array(out, header.sources, append_source);
  members.optional("\"previous\":", header.previous);
}

void append_entry(std::string& out, const seal::Entry& entry) {
  JsonMembers members(out);
  members.text("\"table\":", entry.table);
  members.begin("\"key\":");
  append_key(out, entry.key);
  members.text("\"column\":", entry.column);
  members.begin("\"value\":");
  if (entry.value) {
    text::append_json_string(out, *entry.value);
  } else {
    out += "null";
  }
  if (entry.unit) members.text("\"unit\":", *entry.unit);
  members.optional("\"rule\":", entry.rule);
  members.optional("\"cite\":", entry.cite);
  members.optional("\"how\":", entry.how);
  members.optional("\"error\":", entry.error);
  members.end();
}

void append_position(std::string& out, const seal::Position& position) {
  JsonMembers members(out);
  members.text("\"instrument\":", position.instrument);
  members.text("\"lot\":", position.lot);
  members.text("\"state\":", position.state);
  members.text("\"quantity\":", position.quantity);
  members.text("\"unit\":", position.unit);
  members.end();
}

void append_finding(std::string& out, const base::Finding& finding, const std::string* entity) {
  JsonMembers members(out);
  if (entity != nullptr) members.text("\"entity\":", *entity);
  members.text("\"code\":", finding.code);
  members.text("\"severity\":", base::severity_name(finding.severity));
  members.optional("\"table\":", finding.table);
  if (!finding.key.empty()) {
    members.begin("\"key\":");
    append_key(out, finding.key);
  }
  members.optional("\"column\":", finding.column);
  members.optional("\"file\":", finding.place.file);
  if (finding.place.line != 0) members.integer("\"line\":", finding.place.line);
  append_bilingual(members, out, "\"message\":", finding.message);
  members.optional("\"cite\":", finding.cite);
  members.end();
}

void append_seal(std::string& out, const seal::Seal& seal) {
  JsonMembers members(out);
  members.text("\"hash\":", "sha-256");
  members.text("\"tree\":", "rfc9162");
  members.integer("\"leaves\":", seal.leaves);
  members.text("\"root\":", seal.root);
  members.begin("\"signature\":");
  out += "null";
  members.end();
}

}  // namespace qz::publish::detail
