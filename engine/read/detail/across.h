// Across: a sheet whose headings are values of a key (months, mostly), turned into ordinary
// records.
//
// What is left beside the key columns is one column that names the quantities, or none where there
// is just one quantity. Such sheets are made by people and small: they are held in memory.

#ifndef QZ_READ_DETAIL_ACROSS_H_
#define QZ_READ_DETAIL_ACROSS_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "read/detail/session.h"
#include "read/detail/table_reader.h"

namespace qz::read::detail {

class Across {
 public:
  Across(Session& session, TableReader& reader, const TableFile& file, std::uint16_t file_index);

  bool headings(const std::vector<std::string>& names, std::uint32_t line);
  void record(std::uint32_t line, const std::vector<std::string_view>& cells);
  // Gives the reader the upright records.
  void finish();

 private:
  struct UprightRow {
    std::uint32_t line = 0;
    std::vector<std::string> cells;  // key columns, the across key, then quantities
    CellLines lines;
  };

  void sort_out(const std::string& name, std::size_t position, std::uint32_t line);
  bool is_spread(const std::string& name) const;
  void find_quantity(std::uint32_t line);
  std::size_t quantity(const std::string& name, std::uint32_t line);
  void put(std::uint32_t line, std::size_t spread, const std::string& key,
           const std::vector<std::string_view>& cells, std::size_t quantity);

  Session& session_;
  TableReader& reader_;
  const TableFile& file_;
  std::uint16_t file_index_;
  std::vector<std::string> file_names_;
  std::vector<std::size_t> keys_;    // positions of key columns
  std::vector<std::size_t> spread_;  // positions of headings that are values
  std::vector<std::size_t> rest_;    // positions of others; the first names the quantities
  std::vector<std::string> names_;   // of the upright records, growing
  std::map<std::string, std::size_t> quantities_;  // name -> position in names_
  std::map<std::pair<std::string, std::size_t>, std::size_t> rows_at_;  // key, spread -> row
  std::vector<UprightRow> rows_;
};

}  // namespace qz::read::detail

#endif  // QZ_READ_DETAIL_ACROSS_H_
