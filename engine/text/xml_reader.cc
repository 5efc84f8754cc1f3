// The XML reader: Xerces' SAX2 parser with everything switched off that reaches beyond the bytes it
// was given.
//
// Always holds: no document type, hence no entity beyond the five; no file and no address is
// opened; no tag and no text is held beyond the limit; no exception of Xerces leaves this file.

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <xercesc/framework/XMLGrammarPoolImpl.hpp>
#include <xercesc/sax/Locator.hpp>
#include <xercesc/sax/SAXParseException.hpp>
#include <xercesc/sax2/Attributes.hpp>
#include <xercesc/sax2/DefaultHandler.hpp>
#include <xercesc/sax2/SAX2XMLReader.hpp>
#include <xercesc/sax2/XMLReaderFactory.hpp>
#include <xercesc/util/OutOfMemoryException.hpp>
#include <xercesc/util/SecurityManager.hpp>
#include <xercesc/util/XMLUni.hpp>

#include "base/assert.h"
#include "text/detail/problems.h"
#include "text/detail/xerces.h"
#include "text/detail/xml_input.h"
#include "text/xml.h"

namespace qz::text {
namespace {

using xercesc::SAX2XMLReader;
using xercesc::SAXParseException;
using xercesc::XMLUni;

// What Xerces says, in one line of bounded length; it may quote the document.
template <class Problem>
std::string reason_of(const Problem& problem) {
  std::string reason = detail::utf8(problem.getMessage());
  for (char& c : reason) {
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';
  }
  return detail::excerpt(reason, 200);
}

bool is_early_end(std::string_view reason) {
  return reason.find("nput ended") != std::string_view::npos ||
         reason.find("end of input") != std::string_view::npos;
}

// Thrown through Xerces to end a parse, as SAX has it; the reason stands in the handler.
struct Stop {};

std::uint32_t narrow(XMLFileLoc line) {
  return static_cast<std::uint32_t>(std::min<XMLFileLoc>(line, UINT32_MAX));
}

// Xerces' events to ours: names and values in UTF-8, text nodes whole, limits kept.
class Adapter final : public xercesc::DefaultHandler {
 public:
  Adapter(const std::string& file, XmlHandler& handler, const XmlLimits& limits,
          detail::XmlFlow& flow, std::uint32_t root_line)
      : file_(file), handler_(handler), limits_(limits), flow_(flow), line_(root_line) {}

  std::optional<base::Finding>& failure() { return failure_; }

  void setDocumentLocator(const xercesc::Locator* const locator) override { locator_ = locator; }

  void startElement(const XMLCh* const, const XMLCh* const, const XMLCh* const name,
                    const xercesc::Attributes& attributes) override {
    event();
    give_text();
    if (++depth_ > limits_.depth) {
      const std::string n = std::to_string(limits_.depth);
      fail("too-deep", "elements are nested deeper than " + n + " levels (write them flatter)",
           "元素嵌套超过 " + n + " 层（请减少嵌套）");
    }
    const std::size_t count = attributes.getLength();
    if (count > limits_.attributes) {
      const std::string n = std::to_string(limits_.attributes);
      fail("too-large", "an element has more than " + n + " attributes (write fewer)",
           "元素的属性超过 " + n + " 个（请减少属性）");
    }
    attributes_.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      assign(attributes_[i].first, attributes.getQName(i));
      assign(attributes_[i].second, attributes.getValue(i));
    }
    assign(name_, name);
    // The locator stands behind the tag; the tag begins where the last event ended.
    const std::uint32_t line = line_;
    line_ = narrow(locator_->getLineNumber());
    if (!handler_.start(name_, attributes_, line)) stop();
  }

  void endElement(const XMLCh* const, const XMLCh* const, const XMLCh* const name) override {
    event();
    give_text();
    --depth_;
    line_ = narrow(locator_->getLineNumber());
    assign(name_, name);
    if (!handler_.end(name_)) stop();
  }

  void characters(const XMLCh* const text, const XMLSize_t length) override {
    flow_.since_event = 0;
    detail::append_utf8(text_, text, length);
    if (text_.size() > limits_.text_bytes) too_large();
    line_ = narrow(locator_->getLineNumber());
  }

  void ignorableWhitespace(const XMLCh* const text, const XMLSize_t length) override {
    characters(text, length);
  }

  void comment(const XMLCh* const, const XMLSize_t) override {
    if (!limits_.comments) {
      fail("malformed-xml", "a comment cannot stand in this file (remove it)",
           "此文件不能含有注释（请删去）");
    }
    event();
    if (depth_ > 0) line_ = narrow(locator_->getLineNumber());
  }

  void processingInstruction(const XMLCh* const, const XMLCh* const) override {
    fail("malformed-xml", "a processing instruction <?…?> is not read (remove it)",
         "不支持处理指令 <?…?>（请删去）");
  }

  void startDTD(const XMLCh* const, const XMLCh* const, const XMLCh* const) override {
    refuse_dtd();
  }

  void startEntity(const XMLCh* const) override { refuse_dtd(); }
  void skippedEntity(const XMLCh* const) override { refuse_dtd(); }

  xercesc::InputSource* resolveEntity(const XMLCh* const, const XMLCh* const) override {
    refuse_dtd();
  }

  void warning(const SAXParseException&) override {}

  // Only validation reports errors that are not fatal.
  void error(const SAXParseException& problem) override {
    const std::string reason = reason_of(problem);
    failure_ =
        base::failure("breaks-schema", place(problem), "the schema does not allow this: " + reason,
                      "不符合模式（XSD）：" + reason);
    throw Stop();
  }

  void fatalError(const SAXParseException& problem) override {
    if (flow_.too_large) too_large();
    const std::string reason = reason_of(problem);
    if (reason.find("already specified") != std::string::npos) {
      failure_ = base::failure("repeated-name", place(problem),
                               "an attribute stands twice in one tag (write it once): " + reason,
                               "同一标签中属性出现两次（请只写一次）：" + reason);
    } else if (flow_.at_end && is_early_end(reason)) {
      failure_ = base::failure("truncated-file", place(problem),
                               "the XML text ends before it is complete (write the rest, to the "
                               "last closing tag)",
                               "XML 文字没有写完（请补全到最后一个结束标签）");
    } else {
      failure_ = base::failure("malformed-xml", place(problem),
                               "this is not well-formed XML (correct it here): " + reason,
                               "不是合格的 XML（请在此处改正）：" + reason);
    }
    throw Stop();
  }

 private:
  void event() {
    flow_.since_event = 0;
    // The limit was passed between the last event and the end of this one.
    if (flow_.too_large) too_large();
  }

  void give_text() {
    if (text_.empty()) return;
    const bool more = handler_.characters(text_);
    text_.clear();
    if (!more) stop();
  }

  static void assign(std::string& out, const XMLCh* text) {
    const XMLCh* end = text;
    while (*end != 0) ++end;
    detail::assign_utf8(out, text, static_cast<std::size_t>(end - text));
  }

  base::Place place(const SAXParseException& problem) const {
    return {file_, narrow(problem.getLineNumber()), narrow(problem.getColumnNumber())};
  }

  [[noreturn]] void fail(std::string code, std::string en, std::string zh) {
    const std::uint32_t line = locator_ == nullptr ? 0 : narrow(locator_->getLineNumber());
    failure_ = base::failure(std::move(code), {file_, line, 0}, std::move(en), std::move(zh));
    throw Stop();
  }

  [[noreturn]] void stop() {
    fail("stopped", "reading was stopped here (correct what was reported before)",
         "在此停止读取（请先改正前面的问题）");
  }

  [[noreturn]] void too_large() {
    const std::string n = std::to_string(limits_.text_bytes);
    fail("too-large", "a tag or a text is longer than " + n + " bytes (write a shorter one)",
         "标签或文字超过 " + n + " 字节（请缩短）");
  }

  [[noreturn]] void refuse_dtd() {
    const std::uint32_t line = locator_ == nullptr ? 0 : narrow(locator_->getLineNumber());
    failure_ = detail::refused_dtd({file_, line, 0});
    throw Stop();
  }

  const std::string& file_;
  XmlHandler& handler_;
  const XmlLimits& limits_;
  detail::XmlFlow& flow_;
  const xercesc::Locator* locator_ = nullptr;
  std::size_t depth_ = 0;
  std::uint32_t line_;  // where the last event ended
  std::string name_;
  std::string text_;
  XmlHandler::Attributes attributes_;
  std::optional<base::Finding> failure_;
};

// Refuses whatever a schema text would have opened, and says if it is not a schema.
class SchemaHandler final : public xercesc::DefaultHandler {
 public:
  xercesc::InputSource* resolveEntity(const XMLCh* const, const XMLCh* const) override {
    throw Stop();
  }
  void warning(const SAXParseException&) override {}
  void error(const SAXParseException&) override { throw Stop(); }
  void fatalError(const SAXParseException&) override { throw Stop(); }
};

void switch_off_the_world(SAX2XMLReader& reader) {
  reader.setFeature(XMLUni::fgXercesLoadExternalDTD, false);
  reader.setFeature(XMLUni::fgXercesLoadSchema, false);
  reader.setFeature(XMLUni::fgXercesDisableDefaultEntityResolution, true);
  reader.setFeature(XMLUni::fgXercesSkipDTDValidation, true);
  reader.setFeature(XMLUni::fgXercesContinueAfterFatalError, false);
}

using GrammarPool = std::unique_ptr<xercesc::XMLGrammarPool>;

// The schema parsed; null if the text is no schema.
GrammarPool parse_schema(std::string_view schema) {
  auto pool = std::make_unique<xercesc::XMLGrammarPoolImpl>();
  const std::unique_ptr<SAX2XMLReader> reader(xercesc::XMLReaderFactory::createXMLReader(
      xercesc::XMLPlatformUtils::fgMemoryManager, pool.get()));
  switch_off_the_world(*reader);
  SchemaHandler handler;
  reader->setErrorHandler(&handler);
  reader->setEntityResolver(&handler);
  const detail::MemorySource source(schema, nullptr);
  bool loaded = false;
  try {
    loaded = reader->loadGrammar(source, xercesc::Grammar::SchemaGrammarType, true) != nullptr;
  } catch (const Stop&) {
  } catch (const xercesc::XMLException&) {
  } catch (const xercesc::SAXException&) {
  }
  if (!loaded) return nullptr;
  pool->lockPool();
  return pool;
}

// The grammar of a schema for the time of one parse. It is parsed once for as many threads as read
// at the same time and then kept: Xerces completes a grammar while it validates (content models,
// facets), without a lock, so that two parses may not share one even when its pool is locked.
class Grammar {
 public:
  explicit Grammar(std::string_view schema) : schema_(schema) {
    {
      const std::lock_guard<std::mutex> lock(mutex());
      std::vector<GrammarPool>& idle = idle_of(schema_);
      if (!idle.empty()) {
        pool_ = std::move(idle.back());
        idle.pop_back();
      }
    }
    if (pool_ == nullptr) pool_ = parse_schema(schema);
  }
  ~Grammar() {
    const std::lock_guard<std::mutex> lock(mutex());
    if (pool_ != nullptr) idle_of(schema_).push_back(std::move(pool_));
  }
  Grammar(const Grammar&) = delete;
  Grammar& operator=(const Grammar&) = delete;

  xercesc::XMLGrammarPool* pool() const { return pool_.get(); }

 private:
  // Never destroyed: a reader in another thread may still run when the process ends.
  static std::mutex& mutex() {
    static auto& mutex = *new std::mutex();
    return mutex;
  }
  static std::vector<GrammarPool>& idle_of(const std::string& schema) {
    static auto& idle = *new std::map<std::string, std::vector<GrammarPool>>();
    return idle[schema];
  }

  std::string schema_;
  GrammarPool pool_;
};

void switch_on_validation(SAX2XMLReader& reader) {
  reader.setFeature(XMLUni::fgSAX2CoreNameSpaces, true);
  // Namespace declarations are given as attributes here too.
  reader.setFeature(XMLUni::fgSAX2CoreNameSpacePrefixes, true);
  reader.setFeature(XMLUni::fgXercesSchema, true);
  reader.setFeature(XMLUni::fgSAX2CoreValidation, true);
  reader.setFeature(XMLUni::fgXercesDynamic, false);
  reader.setFeature(XMLUni::fgXercesUseCachedGrammarInParse, true);
}

base::Finding out_of_memory(const std::string& file) {
  return base::failure("too-large", {file, 0, 0}, "the memory does not suffice (split the file)",
                       "内存不足（请拆分文件）");
}

// The parse itself; empty if all went well.
std::optional<base::Finding> parse(SAX2XMLReader& reader, const xercesc::InputSource& source,
                                   const std::string& file, Adapter& adapter) {
  try {
    reader.parse(source);
  } catch (const Stop&) {
  } catch (const xercesc::OutOfMemoryException&) {
    return out_of_memory(file);
  } catch (const xercesc::XMLException& problem) {
    const std::string reason = reason_of(problem);
    return base::failure("malformed-xml", {file, narrow(problem.getSrcLine()), 0},
                         "the XML cannot be read (correct it): " + reason,
                         "无法读取 XML（请改正）：" + reason);
  } catch (const xercesc::SAXException& problem) {
    const std::string reason = reason_of(problem);
    return base::failure("malformed-xml", {file, 0, 0},
                         "the XML cannot be read (correct it): " + reason,
                         "无法读取 XML（请改正）：" + reason);
  }
  return std::move(adapter.failure());
}

}  // namespace

base::Result<bool> read_xml(std::string_view bytes, const std::string& file, XmlHandler& handler,
                            std::string_view schema, const XmlLimits& limits) {
  detail::start_xerces();
  const base::Result<detail::XmlText> text = detail::xml_text(bytes, file);
  if (!text) return text.failure();

  std::optional<Grammar> grammar;
  if (!schema.empty()) {
    grammar.emplace(schema);
    QZ_ASSERT(grammar->pool() != nullptr);  // schemas are part of the program
  }
  xercesc::XMLGrammarPool* pool = grammar ? grammar->pool() : nullptr;
  const std::unique_ptr<SAX2XMLReader> reader(
      xercesc::XMLReaderFactory::createXMLReader(xercesc::XMLPlatformUtils::fgMemoryManager, pool));
  switch_off_the_world(*reader);
  reader->setFeature(XMLUni::fgSAX2CoreNameSpaces, false);
  reader->setFeature(XMLUni::fgSAX2CoreValidation, false);
  reader->setFeature(XMLUni::fgXercesSchema, false);
  if (pool != nullptr) switch_on_validation(*reader);
  xercesc::SecurityManager no_entities;
  no_entities.setEntityExpansionLimit(0);
  reader->setProperty(XMLUni::fgXercesSecurityManager, &no_entities);

  detail::XmlFlow flow;
  flow.limit = limits.text_bytes;
  Adapter adapter(file, handler, limits, flow, text->root_line);
  reader->setContentHandler(&adapter);
  reader->setLexicalHandler(&adapter);
  reader->setErrorHandler(&adapter);
  reader->setEntityResolver(&adapter);
  const detail::MemorySource source(text->text(bytes), &flow);
  std::optional<base::Finding> failure = parse(*reader, source, file, adapter);
  if (failure) return std::move(*failure);
  return true;
}

}  // namespace qz::text
