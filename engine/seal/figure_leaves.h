// Figure leaves: the leaf digests of figures, their canonical bytes put together from ready parts.

#ifndef QZ_SEAL_FIGURE_LEAVES_H_
#define QZ_SEAL_FIGURE_LEAVES_H_

#include <string>
#include <utility>
#include <vector>

#include "seal/figures.h"
#include "seal/sha256.h"

namespace qz::seal {

class FigureLeaves {
 public:
  // Appends the digest of each. The bytes are those of append_canonical() and
  // append_canonical_total().
  void digests(const Figures& figures, std::vector<Digest>& out);
  // The bytes of one leaf, for tests.
  std::string bytes(const Figures& figures, const Figure& figure);

 private:
  // {"cite":…,"column":… | ,"entity":… | ,"error":…,"how":…,"key": | {…} | ,"leaf":…,"value": | …
  struct FrameParts {
    std::string before_entity, before_key, before_value;
    bool has_value = false;
  };
  // In the order of RFC 8785: the place in the key, and `{"name":` or `,"name":`.
  using KeyParts = std::vector<std::pair<std::size_t, std::string>>;

  void begin(const Figures& figures);
  void compose(const Figures& figures, const Figure& figure);
  const FrameParts& parts_of(const Frame& frame, bool total);
  const KeyParts& parts_of(const KeyNames& key);

  Prepared<FrameParts> entries_;
  Prepared<FrameParts> totals_;
  Prepared<KeyParts> keys_;
  std::string entity_;  // the member, ready
  std::string key_;     // of the row at hand
  const KeyNames* key_names_ = nullptr;
  std::size_t key_at_ = 0;
  std::string leaf_;
};

// Appends `text` as a JSON string, looking into it only where it is not plain.
void append_json_text(std::string& out, std::string_view text, bool plain);

}  // namespace qz::seal

#endif  // QZ_SEAL_FIGURE_LEAVES_H_
