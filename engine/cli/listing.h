// Listing: a small table of texts that a command shows: aligned for people, or CSV, JSON, XML.

#ifndef QZ_CLI_LISTING_H_
#define QZ_CLI_LISTING_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/finding.h"

namespace qz::cli {

class Listing {
 public:
  struct Heading {
    std::string code;       // in CSV, JSON and XML
    base::Bilingual title;  // for people
  };
  using Row = std::vector<std::string>;

  explicit Listing(std::vector<Heading> headings) : headings_(std::move(headings)) {}
  void add(Row row);  // as many cells as headings
  std::size_t size() const { return rows_.size(); }

  std::string text(std::string_view language) const;
  std::string csv() const;
  std::string json() const;  // an array of objects; empty cells are left out
  std::string xml() const;   // <table><row …/></table>, the form that tables are read in
  // In the format named so.
  std::string in(std::string_view format, std::string_view language) const;

 private:
  std::vector<Heading> headings_;
  std::vector<Row> rows_;
};

// One line of CSV, with quotes where RFC 4180 asks for them.
void append_csv_row(std::string& out, const std::vector<std::string_view>& cells);

// Columns that a terminal gives to a text: two to Chinese characters and full-width forms.
std::size_t display_width(std::string_view utf8);

}  // namespace qz::cli

#endif  // QZ_CLI_LISTING_H_
