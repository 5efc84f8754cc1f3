// Ledger as XML: written leaf by leaf through text/xml.h, one leaf a line; and read back strictly.

#ifndef QZ_PUBLISH_LEDGER_XML_H_
#define QZ_PUBLISH_LEDGER_XML_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "seal/leaf.h"

namespace qz::publish {

using ByteSink = std::function<void(std::string_view)>;

class XmlLedgerWriter : public seal::LeafSink {
 public:
  explicit XmlLedgerWriter(ByteSink sink);
  ~XmlLedgerWriter() override;
  void header(const seal::Header& header) override;
  void begin_entity(const std::string& entity) override;
  void entry(const seal::Entry& entry) override;
  void position(const seal::Position& position) override;
  void finding(const base::Finding& finding) override;
  void end_entity() override;
  void total(const seal::Total& total) override;
  void seal(const seal::Seal& seal) override;
  std::unique_ptr<seal::FigureFormer> former() const override;
  void figures(const seal::Figures& figures, std::string_view formed) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Gives the leaves of a ledger file to `sink` as they come, in bounded memory, validated against the
// schema of outputs/schema/ (built into the program). Refused: anything that the writer would not write.
base::Result<bool> read_ledger_xml(std::string_view bytes, const std::string& file,
                                    seal::LeafSink& sink);

}  // namespace qz::publish

#endif  // QZ_PUBLISH_LEDGER_XML_H_
