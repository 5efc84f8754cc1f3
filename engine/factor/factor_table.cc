// FactorTable: the cells of a table, and how a row is named for people.

#include "factor/factor_table.h"

#include "base/assert.h"

namespace qz::factor {

std::string_view status_name(Status status) {
  switch (status) {
    case Status::kVerified:
      return "verified";
    case Status::kSecondary:
      return "secondary";
    case Status::kRecalled:
      return "recalled";
    case Status::kDraft:
      return "draft";
  }
  return "draft";
}

std::optional<std::size_t> FactorTable::field(std::string_view name) const {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name == name) return i;
  }
  return std::nullopt;
}

std::vector<std::string> FactorTable::value_field_names() const {
  std::vector<std::string> out;
  for (const Field& one : fields) {
    const bool validity = one.name == "valid_from" || one.name == "valid_to";
    if (!one.is_key && !validity) out.push_back(one.name);
  }
  return out;
}

void FactorTable::replace_number(std::size_t row, std::size_t field, const exact::Number& value) {
  Cell& cell = cells_[row][field];
  QZ_ASSERT(fields[field].type == table::Type::kNumber && !fields[field].is_key);
  QZ_ASSERT(cell.state == table::State::kValue);
  cell.number = value;
  cell.written = value.to_string();
}

table::State FactorTable::state(std::size_t row, std::size_t field) const {
  return cells_[row][field].state;
}

exact::Number FactorTable::number(std::size_t row, std::size_t field) const {
  QZ_ASSERT(fields[field].type == table::Type::kNumber);
  return cells_[row][field].number;
}

const std::string& FactorTable::text(std::size_t row, std::size_t field) const {
  return cells_[row][field].written;
}

std::int32_t FactorTable::id_value(std::size_t row, std::size_t field) const {
  return cells_[row][field].id;
}

const std::string& FactorTable::written(std::size_t row, std::size_t field) const {
  return cells_[row][field].written;
}

std::optional<base::Date> FactorTable::valid_from(std::size_t row) const {
  return validity_[row].first;
}

std::optional<base::Date> FactorTable::valid_to(std::size_t row) const {
  return validity_[row].second;
}

std::string FactorTable::row_name(std::size_t row) const {
  std::string out;
  const auto add = [&](const std::string& name, const std::string& value) {
    if (value.empty()) return;
    if (!out.empty()) out += ", ";
    out += name + "=" + value;
  };
  for (const std::size_t key : key_fields) add(fields[key].name, cells_[row][key].written);
  if (const std::optional<std::size_t> from = field("valid_from")) {
    add("valid_from", cells_[row][*from].written);
  }
  return out;
}

}  // namespace qz::factor
