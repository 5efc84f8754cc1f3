// Each leaf's members stand here in the order of RFC 8785 (UTF-16 code units), written out by hand:
// only the names of a key come from data and need sorting.

#include "seal/canonical.h"

#include <cstddef>
#include <string_view>

#include "base/assert.h"
#include "seal/json_members.h"
#include "text/json.h"

namespace qz::seal {
namespace {

// The position of the smallest name after `last` (nullptr: the smallest of all). Keys have a
// handful of names, so that looking through them each time beats a sorted copy.
std::size_t next_name(const base::Key& key, const std::string* last) {
  std::size_t best = key.size();
  for (std::size_t i = 0; i < key.size(); ++i) {
    if (last != nullptr && !text::canonical_less(*last, key[i].first)) continue;
    if (best == key.size() || text::canonical_less(key[i].first, key[best].first)) best = i;
  }
  return best;
}

void append_key(std::string& out, const base::Key& key) {
  JsonMembers members(out);
  const std::string* last = nullptr;
  for (std::size_t written = 0; written < key.size(); ++written) {
    const std::size_t i = next_name(key, last);
    QZ_ASSERT(i < key.size());  // else a name stands twice
    members.named(key[i].first, key[i].second);
    last = &key[i].first;
  }
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

void append_parameter(std::string& out, const Parameter& parameter) {
  JsonMembers members(out);
  members.text("\"name\":", parameter.name);
  members.text("\"pack\":", parameter.pack);
  members.text("\"value\":", parameter.value);
  members.end();
}

void append_source(std::string& out, const Source& source) {
  JsonMembers members(out);
  members.text("\"kind\":", source.kind);
  members.text("\"name\":", source.name);
  if (source.rows) members.integer("\"rows\":", *source.rows);
  members.text("\"sha256\":", source.sha256);
  members.optional("\"table\":", source.table);
  members.end();
}

void append_figure(std::string& out, const Entry& entry, const std::string* entity,
                   std::string_view leaf) {
  JsonMembers members(out);
  members.optional("\"cite\":", entry.cite);
  members.text("\"column\":", entry.column);
  if (entity != nullptr) members.text("\"entity\":", *entity);
  members.optional("\"error\":", entry.error);
  members.optional("\"how\":", entry.how);
  members.begin("\"key\":");
  append_key(out, entry.key);
  members.text("\"leaf\":", leaf);
  members.optional("\"rule\":", entry.rule);
  members.text("\"table\":", entry.table);
  if (entry.unit) members.text("\"unit\":", *entry.unit);
  members.begin("\"value\":");
  if (entry.value) {
    text::append_json_string(out, *entry.value);
  } else {
    out += "null";
  }
  members.end();
}

}  // namespace

void append_canonical(std::string& out, const Header& header) {
  JsonMembers members(out);
  members.text("\"as_of\":", header.as_of);
  members.begin("\"cycle\":");
  JsonMembers cycle(out);
  cycle.text("\"id\":", header.cycle_id);
  cycle.begin("\"years\":");
  append_json_array(out, header.cycle_years, text::append_json_string);
  cycle.end();
  members.begin("\"engine\":");
  JsonMembers engine(out);
  engine.text("\"name\":", header.engine_name);
  engine.text("\"version\":", header.engine_version);
  engine.end();
  members.text("\"job\":", header.job);
  members.text("\"leaf\":", "header");
  members.begin("\"parameters\":");
  append_json_array(out, header.parameters, append_parameter);
  if (!header.pins.empty()) {
    members.begin("\"pins\":");
    append_json_array(out, header.pins, text::append_json_string);
  }
  members.optional("\"previous\":", header.previous);
  members.text("\"schema\":", header.schema);
  members.begin("\"sources\":");
  append_json_array(out, header.sources, append_source);
  if (header.subject != kSubject) members.text("\"subject\":", header.subject);
  append_bilingual(members, out, "\"title\":", header.title);
  members.end();
}

void append_canonical(std::string& out, const Entry& entry, const std::string* entity) {
  append_figure(out, entry, entity, "entry");
}

void append_canonical_total(std::string& out, const Total& total) {
  append_figure(out, total, nullptr, "total");
}

void append_canonical(std::string& out, const Position& position, const std::string& entity) {
  JsonMembers members(out);
  members.text("\"entity\":", entity);
  members.text("\"instrument\":", position.instrument);
  members.text("\"leaf\":", "position");
  members.text("\"lot\":", position.lot);
  members.text("\"quantity\":", position.quantity);
  members.text("\"state\":", position.state);
  members.text("\"unit\":", position.unit);
  members.end();
}

void append_canonical(std::string& out, const base::Finding& finding, const std::string* entity) {
  JsonMembers members(out);
  members.optional("\"cite\":", finding.cite);
  members.text("\"code\":", finding.code);
  members.optional("\"column\":", finding.column);
  if (entity != nullptr) members.text("\"entity\":", *entity);
  members.optional("\"file\":", finding.place.file);
  if (!finding.key.empty()) {
    members.begin("\"key\":");
    append_key(out, finding.key);
  }
  members.text("\"leaf\":", "finding");
  if (finding.place.line != 0) members.integer("\"line\":", finding.place.line);
  append_bilingual(members, out, "\"message\":", finding.message);
  members.text("\"severity\":", base::severity_name(finding.severity));
  members.optional("\"table\":", finding.table);
  members.end();
}

}  // namespace qz::seal
