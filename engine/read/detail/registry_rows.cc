#include "read/detail/registry_rows.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "read/lot_name.h"

namespace qz::read::detail {
namespace {

using rules::CheckedInstrument;
using table::Column;
using table::State;
using table::Type;

class RegistryRows {
 public:
  explicit RegistryRows(Session& session) : session_(session), packs_(session.packs) {}

  void run() {
    for (const char* name : {"flow", "holding"}) complete(name);
    begin_lots();
  }

 private:
  const rules::CheckedTable& shape(const char* name) const {
    return packs_.tables[static_cast<std::size_t>(*packs_.table(name))];
  }
  InputTable& table(const char* name) {
    return session_.out.tables[static_cast<std::size_t>(*packs_.table(name))];
  }
  const CheckedInstrument* instrument(const InputTable& in, std::size_t row) const {
    return packs_.instrument(session_.pool.text(in.keys[1].id(row)));
  }

  // The column, made with empty cells where no row gives it.
  InputColumn& column(const char* name, const char* column_name) {
    InputTable& in = table(name);
    const std::int32_t index = *shape(name).column(column_name);
    for (InputColumn& one : in.columns) {
      if (one.column == index) return one;
    }
    InputColumn& made = in.columns.emplace_back();
    made.column = index;
    const Type type = shape(name).columns[static_cast<std::size_t>(index)].type;
    made.cells = Column(type, in.rows, State::kNull);
    if (type == Type::kNumber) {
      made.places.assign(in.rows, 0);
      made.written_unit.assign(in.rows, 0);
    }
    return made;
  }

  void complete(const char* name) {
    if (table(name).rows == 0) return;
    const bool flow = shape(name).name == "flow";
    for (const char* measure : {"quantity", "price", "value", "cost"}) {
      if (flow || shape(name).column(measure)) set_units(name, measure);
    }
    if (!flow) return;
    for (const char* made : {"price", "value", "quantity", "kind", "original_kind"})
      column("flow", made);  // before any reference is taken
    InputColumn& kind = column("flow", "kind");
    InputColumn& original = column("flow", "original_kind");
    for (std::size_t row = 0; row < table("flow").rows; ++row) {
      if (kind.cells.has_value(row) && !original.cells.has_value(row))
        original.cells.set_id(row, kind.cells.id(row));
      set_value(row);
    }
  }

  // From the instrument's unit to bases.
  void set_units(const char* name, const std::string& measure) {
    InputColumn& of = column(name, measure.c_str());
    const InputTable& in = table(name);
    for (std::size_t row = 0; row < in.rows; ++row) {
      const CheckedInstrument* one = instrument(in, row);
      if (one == nullptr) continue;
      std::optional<exact::Unit> unit = one->unit;
      if (measure == "price") unit = one->price;
      if (measure == "value" || measure == "cost") unit = one->money;
      if (!unit) continue;
      of.written_unit[row] = session_.unit_index(*unit);
      if (of.cells.has_value(row) && !(unit->ratio == exact::Number(1)))
        of.cells.set_number(row, of.cells.number(row) * unit->ratio);
    }
  }

  bool has_price(const CheckedInstrument& of, const std::string& kind_name) const {
    return std::any_of(of.editions.begin(), of.editions.end(), [&](const auto& edition) {
      const rules::MoveKind* kind = edition.second->kind(kind_name);
      return kind != nullptr && kind->price;
    });
  }

  void set_value(std::size_t row) {
    InputColumn& price = column("flow", "price");
    InputColumn& value = column("flow", "value");
    const InputColumn& quantity = column("flow", "quantity");
    const InputColumn& kind = column("flow", "kind");
    if (price.cells.has_value(row)) {
      if (!value.cells.has_value(row) && quantity.cells.has_value(row))
        value.cells.set_number(row, quantity.cells.number(row) * price.cells.number(row));
      return;
    }
    const CheckedInstrument* of = instrument(table("flow"), row);
    const bool known = of != nullptr && kind.cells.has_value(row);
    if (known && has_price(*of, session_.pool.text(kind.cells.id(row)))) return;  // missing
    price.cells.set_state(row, State::kNotApplicable);
    if (!value.cells.has_value(row)) value.cells.set_state(row, State::kNotApplicable);
  }

  void begin_lots() {
    InputTable& lots = table("lot");
    if (lots.given) return;
    std::set<std::pair<std::int32_t, std::int32_t>> begun;
    for (const char* name : {"flow", "holding"}) {
      const InputTable& in = table(name);
      for (std::size_t row = 0; row < in.rows; ++row) {
        const std::pair key(in.keys[1].id(row), in.keys[2].id(row));
        if (begun.insert(key).second) add_lot(lots, in, row);
      }
    }
  }

  void add_lot(InputTable& lots, const InputTable& from, std::size_t row) {
    const CheckedInstrument* of = instrument(from, row);
    const bool lone = of != nullptr && of->lot_columns.size() == 1;
    const std::string name = lone ? of->lot_columns.front() : "";
    if (lone) column("lot", name.c_str());
    lots.index = nullptr;
    lots.keys[0].append_id(from.keys[1].id(row));
    lots.keys[1].append_id(from.keys[2].id(row));
    lots.file.push_back(from.file[row]);
    lots.line.push_back(from.line[row]);
    lots.is_context.push_back(0);
    ++lots.rows;
    for (InputColumn& one : lots.columns) {
      const rules::CheckedColumn& column =
          shape("lot").columns[static_cast<std::size_t>(one.column)];
      if (lone && column.name == name && column.type == Type::kText) {
        one.cells.append_id(from.keys[2].id(row));
        continue;
      }
      const bool figure = lone && column.name == name && column.type == Type::kNumber;
      const std::optional<exact::Number> value =
          figure ? lot_figure(session_.pool.text(from.keys[2].id(row)), column) : std::nullopt;
      value ? one.cells.append_number(*value) : one.cells.append_state(State::kNull);
      if (column.type != Type::kNumber) continue;
      one.places.push_back(0);
      one.written_unit.push_back(0);
    }
  }

  Session& session_;
  const rules::CheckedPacks& packs_;
};

}  // namespace

void complete_registry_rows(Session& session) {
  if (!session.packs.instruments.empty()) RegistryRows(session).run();
}

}  // namespace qz::read::detail
