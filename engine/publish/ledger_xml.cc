// One element a leaf, one leaf a line; what an element is called and holds stands in
// outputs/schema/ledger-1.xsd. A null value is an absent attribute: an empty text is value="".

#include "publish/ledger_xml.h"

#include <charconv>
#include <cstdint>
#include <utility>

#include "publish/detail/figure_forms.h"
#include "publish/detail/leaf_xml.h"
#include "text/xml.h"

namespace qz::publish {

struct XmlLedgerWriter::State {
  explicit State(ByteSink sink) : out(std::move(sink)) {}

  void optional(std::string_view name, std::string_view value) {
    if (!value.empty()) out.attribute(name, value);
  }
  void integer(std::string_view name, std::uint64_t value) {
    char digits[20];
    const char* const end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    out.attribute(name, {digits, static_cast<std::size_t>(end - digits)});
  }
  // <name>text</name>, with one attribute where `attribute` is not empty.
  void text(std::string_view name, std::string_view attribute, std::string_view value,
            std::string_view content) {
    out.start(name);
    if (!attribute.empty()) out.attribute(attribute, value);
    out.characters(content);
    out.end();
  }
  void bilingual(std::string_view name, const base::Bilingual& languages) {
    if (!languages.en.empty()) text(name, "lang", "en", languages.en);
    if (!languages.zh.empty()) text(name, "lang", "zh", languages.zh);
  }
  void key(const base::Key& key) {
    for (const auto& [name, value] : key) text("k", "n", name, value);
  }
  void end_line() {
    out.end();
    out.newline();
  }
  void figure(std::string_view element, const seal::Entry& entry);

  text::XmlWriter out;
};

void XmlLedgerWriter::State::figure(std::string_view element, const seal::Entry& entry) {
  out.start(element);
  out.attribute("table", entry.table);
  out.attribute("column", entry.column);
  if (entry.value) out.attribute("value", *entry.value);
  if (entry.unit) out.attribute("unit", *entry.unit);
  optional("rule", entry.rule);
  optional("cite", entry.cite);
  optional("how", entry.how);
  optional("error", entry.error);
  key(entry.key);
  end_line();
}

XmlLedgerWriter::XmlLedgerWriter(ByteSink sink)
    : state_(std::make_unique<State>(std::move(sink))) {}

XmlLedgerWriter::~XmlLedgerWriter() = default;

void XmlLedgerWriter::header(const seal::Header& header) {
  State& to = *state_;
  text::XmlWriter& out = to.out;
  out.declaration();
  out.start("ledger");
  out.attribute("xmlns", seal::kSchema);
  out.newline();
  out.start("header");
  out.attribute("schema", header.schema);
  out.attribute("job", header.job);
  out.attribute("as_of", header.as_of);
  if (header.subject != seal::kSubject) out.attribute("subject", header.subject);
  to.optional("previous", header.previous);
  to.bilingual("title", header.title);
  out.start("cycle");
  out.attribute("id", header.cycle_id);
  for (const std::string& year : header.cycle_years) to.text("year", {}, {}, year);
  out.end();
  out.start("engine");
  out.attribute("name", header.engine_name);
  out.attribute("version", header.engine_version);
  out.end();
  for (const seal::Parameter& parameter : header.parameters) {
    out.start("parameter");
    out.attribute("pack", parameter.pack);
    out.attribute("name", parameter.name);
    out.attribute("value", parameter.value);
    out.end();
  }
  for (const std::string& pin : header.pins) to.text("pin", {}, {}, pin);
  for (const seal::Source& source : header.sources) {
    out.start("source");
    out.attribute("kind", source.kind);
    out.attribute("name", source.name);
    to.optional("table", source.table);
    out.attribute("sha256", source.sha256);
    if (source.rows) to.integer("rows", *source.rows);
    out.end();
  }
  to.end_line();
}

void XmlLedgerWriter::begin_entity(const std::string& entity) {
  state_->out.start("entity");
  state_->out.attribute("entity", entity);
  state_->out.newline();
}

void XmlLedgerWriter::entry(const seal::Entry& entry) { state_->figure("entry", entry); }

void XmlLedgerWriter::position(const seal::Position& position) {
  std::string element;
  detail::append_xml_position(element, position);
  state_->out.elements(element);
}

void XmlLedgerWriter::finding(const base::Finding& finding) {
  std::string element;
  detail::append_xml_finding(element, finding);
  state_->out.elements(element);
}

void XmlLedgerWriter::end_entity() { state_->end_line(); }

void XmlLedgerWriter::total(const seal::Total& total) { state_->figure("total", total); }

std::unique_ptr<seal::FigureFormer> XmlLedgerWriter::former() const {
  return std::make_unique<detail::XmlFigures>();
}

void XmlLedgerWriter::figures(const seal::Figures&, std::string_view formed) {
  state_->out.elements(formed);
}

void XmlLedgerWriter::seal(const seal::Seal& seal) {
  State& to = *state_;
  to.out.start("seal");
  to.out.attribute("hash", "sha-256");
  to.out.attribute("tree", "rfc9162");
  to.integer("leaves", seal.leaves);
  to.out.attribute("root", seal.root);
  to.out.attribute("signed", "false");
  to.end_line();
  to.end_line();
  to.out.flush();
}

}  // namespace qz::publish
