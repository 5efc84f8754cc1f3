// findings.json: the findings of a ledger alone, for programs that want nothing else.

#ifndef QZ_PUBLISH_FINDINGS_JSON_H_
#define QZ_PUBLISH_FINDINGS_JSON_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "seal/leaf.h"

namespace qz::publish {

using ByteSink = std::function<void(std::string_view)>;

// A JSON array, one finding a line: the ledger's finding objects, led by "entity" where there is
// one. The other leaves pass by unheeded; seal() ends the array.
class FindingsJsonWriter : public seal::LeafSink {
 public:
  explicit FindingsJsonWriter(ByteSink sink);
  ~FindingsJsonWriter() override;
  void header(const seal::Header&) override {}
  void begin_entity(const std::string& entity) override;
  void entry(const seal::Entry&) override {}
  void position(const seal::Position&) override {}
  void finding(const base::Finding& finding) override;
  void end_entity() override;
  void total(const seal::Total&) override {}
  void seal(const seal::Seal&) override;
  void figures(const seal::Figures&, std::string_view) override {}

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace qz::publish

#endif  // QZ_PUBLISH_FINDINGS_JSON_H_
