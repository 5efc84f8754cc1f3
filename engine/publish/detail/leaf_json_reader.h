// Leaves as the JSON file writes them, read back one at a time into structs that are used again.

#ifndef QZ_PUBLISH_DETAIL_LEAF_JSON_READER_H_
#define QZ_PUBLISH_DETAIL_LEAF_JSON_READER_H_

#include <string>

#include "publish/detail/json_cursor.h"
#include "seal/leaf.h"

namespace qz::publish::detail {

// Each takes one object; what was taken is good only where in.ok().
class LeafJsonReader {
 public:
  explicit LeafJsonReader(JsonCursor& in) : in_(in) {}
  void entry(seal::Entry& out);
  void position(seal::Position& out);
  void finding(base::Finding& out);
  void bilingual(base::Bilingual& out);

 private:
  void key(base::Key& out);
  base::Severity severity();

  JsonCursor& in_;
  std::string name_;
};

}  // namespace qz::publish::detail

#endif  // QZ_PUBLISH_DETAIL_LEAF_JSON_READER_H_
