// Quick leaves: lines of a ledger file back to leaves.
//
// A line is read once by the strict way; what it shares with others, its shape, is kept as the
// pieces of text between key values and value. The next lines of that shape are compared with the
// pieces, and only what stands between them is looked at.
//
// Always holds: a line is taken only if writing its leaf again gives the line, byte for byte.

#ifndef QZ_PUBLISH_DETAIL_QUICK_LEAVES_H_
#define QZ_PUBLISH_DETAIL_QUICK_LEAVES_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "seal/figures.h"
#include "seal/leaf.h"

namespace qz::publish::detail {

// One for each thread. Whatever gives false is left to the strict readers.
class QuickLeaves {
 public:
  explicit QuickLeaves(bool xml);
  ~QuickLeaves();

  // The name of an entity as it stands in the file.
  bool entity(std::string_view written, std::string& out);
  // An entry, or a total where figures.entity is nullptr, appended to `figures`. Its frames belong
  // to this object.
  bool figure(std::string_view line, seal::Figures& figures);
  bool position(std::string_view line, seal::Position& out);
  bool finding(std::string_view line, base::Finding& out);

  // How the tables that were met name their keys: names in their order. No table names them in two
  // ways, or figure() gave false.
  const std::map<std::string, std::vector<std::string>>& key_orders() const { return orders_; }

 private:
  struct Shape {
    bool total = false;
    seal::KeyNames names;
    seal::Frame frame;
    std::vector<std::string> pieces;  // one more than slots
    // What stands between them: the place in the key, or the key's size for the value.
    std::vector<std::size_t> slots;
    Shape* next = nullptr;  // whose line came after this one's
  };

  bool matches(const Shape& shape, std::string_view line, seal::Figures& figures);
  bool learn(std::string_view line, seal::Figures& figures);
  bool read_entry(std::string_view line);
  Shape* shape_of(bool total);
  void cut_pieces(Shape& shape);
  // The figure of entry_ by itself.
  void fill(const Shape& shape, seal::Figures& out) const;
  std::string written(const seal::Figures& figures);

  bool xml_;
  std::unique_ptr<seal::FigureFormer> former_;
  std::deque<Shape> shapes_;  // stable addresses
  std::map<std::string, Shape*> by_text_;
  std::vector<Shape*> recent_;
  Shape* last_ = nullptr;
  std::map<std::string, std::vector<std::string>> orders_;
  seal::Entry entry_;  // reused
  seal::Figures one_;
  std::string text_;
};

}  // namespace qz::publish::detail

#endif  // QZ_PUBLISH_DETAIL_QUICK_LEAVES_H_
