// Figure forms: entries and totals as the two files write them, put together from ready parts.

#ifndef QZ_PUBLISH_DETAIL_FIGURE_FORMS_H_
#define QZ_PUBLISH_DETAIL_FIGURE_FORMS_H_

#include <string>
#include <vector>

#include "seal/figures.h"

namespace qz::publish::detail {

// ",\n{…}" for each: the bytes of append_entry() in leaf_json.h.
class JsonFigures : public seal::FigureFormer {
 public:
  void form(const seal::Figures& figures, std::string& out) override;

 private:
  struct FrameParts {  // ,\n{"table":…,"key": | {…} | ,"column":…,"value": | … | ,"unit":…}
    std::string before_key, before_value, after_value;
    bool has_value = false;
  };
  using KeyParts = std::vector<std::string>;  // `{"name":` or `,"name":`

  const FrameParts& parts_of(const seal::Frame& frame);
  const KeyParts& parts_of(const seal::KeyNames& key);

  seal::Prepared<FrameParts> frames_;
  seal::Prepared<KeyParts> keys_;
  std::string key_;  // of the row at hand
};

// "<entry …>…</entry>\n" for each: what XmlLedgerWriter writes one by one.
class XmlFigures : public seal::FigureFormer {
 public:
  void form(const seal::Figures& figures, std::string& out) override;

 private:
  struct FrameParts {  // <entry table=… column=… value=" | … | " unit=…
    std::string before_value, after_value;
    bool has_value = false;
  };
  using KeyParts = std::vector<std::string>;  // `<k n="name"`

  const FrameParts& parts_of(const seal::Frame& frame, bool total);
  const KeyParts& parts_of(const seal::KeyNames& key);

  seal::Prepared<FrameParts> entries_;
  seal::Prepared<FrameParts> totals_;
  seal::Prepared<KeyParts> keys_;
  std::string key_;
};

}  // namespace qz::publish::detail

#endif  // QZ_PUBLISH_DETAIL_FIGURE_FORMS_H_
