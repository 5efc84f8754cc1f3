// Ledger as JSON: written leaf by leaf, one leaf a line, no other white space; and read back strictly.

#ifndef QZ_PUBLISH_LEDGER_JSON_H_
#define QZ_PUBLISH_LEDGER_JSON_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "seal/leaf.h"

namespace qz::publish {

using ByteSink = std::function<void(std::string_view)>;

class JsonLedgerWriter : public seal::LeafSink {
 public:
  explicit JsonLedgerWriter(ByteSink sink);
  ~JsonLedgerWriter() override;
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

// Gives the leaves of a ledger file to `sink` as they come, in bounded memory. Refused: anything but
// the members that the writer writes, in their order, none twice. (verify_ledger.h also demands that
// writing the leaves again gives the same tokens.)
base::Result<bool> read_ledger_json(std::string_view bytes, const std::string& file,
                                    seal::LeafSink& sink);

}  // namespace qz::publish

#endif  // QZ_PUBLISH_LEDGER_JSON_H_
