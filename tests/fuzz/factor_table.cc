// Any bytes as a units file, a datapackage.json and its CSV: a table or findings, and whatever
// table is loaded answers for the keys of its own rows.
//
// NUL bytes part the three.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/assert.h"
#include "factor/library.h"

namespace {

using qz::factor::FactorTable;
using qz::factor::KeyValue;

KeyValue key_of(const FactorTable& table, std::size_t row, std::size_t field) {
  const qz::factor::Field& one = table.fields[field];
  switch (one.type) {
    case qz::table::Type::kNumber:
      return table.number(row, field);
    case qz::table::Type::kPeriod:
      return qz::base::Period{one.period, table.id_value(row, field)};
    case qz::table::Type::kDate:
      return qz::base::Date(table.id_value(row, field));
    case qz::table::Type::kBool:
      return table.id_value(row, field) != 0;
    default:
      return std::string_view(table.text(row, field));
  }
}

// A row without "*" is found by its own key on its first day; one with "*" by nothing less.
void ask_for_every_row(const FactorTable& table) {
  for (std::size_t row = 0; row < table.row_count(); ++row) {
    std::vector<KeyValue> key;
    bool stars = false;
    for (const std::size_t field : table.key_fields) {
      key.push_back(key_of(table, row, field));
      const bool is_text = table.fields[field].type == qz::table::Type::kText;
      stars = stars || (is_text && table.text(row, field) == "*");
    }
    const qz::base::Date day =
        table.valid_from(row).value_or(table.valid_to(row).value_or(qz::base::Date(0)));
    const qz::factor::Found found = table.find(key, day);
    if (stars) continue;
    QZ_ASSERT(found.state == qz::table::State::kValue);
    QZ_ASSERT(found.rows.size() == 1 && found.rows[0].row == row);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t first = bytes.find('\0');
  const std::size_t second = first == std::string::npos ? first : bytes.find('\0', first + 1);
  if (second == std::string::npos) return 0;
  const auto units = qz::factor::read_units({{"units.json", bytes.substr(0, first)}});
  QZ_ASSERT(units || !units.failure().message.en.empty());
  const qz::exact::UnitCatalogue none;
  qz::factor::TableFiles files;
  files.package_file = "datapackage.json";
  files.package_bytes = bytes.substr(first + 1, second - first - 1);
  files.csv_file = "t.csv";
  files.csv_bytes = bytes.substr(second + 1);
  qz::base::Findings problems;
  const auto table = qz::factor::read_factor_table(files, units ? *units : none, problems);
  QZ_ASSERT(table.has_value() == problems.empty());
  for (const qz::base::Finding& one : problems) {
    QZ_ASSERT(!one.code.empty() && !one.message.en.empty() && !one.message.zh.empty());
  }
  if (table) ask_for_every_row(*table);
  return 0;
}
