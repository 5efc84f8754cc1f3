// Formula: cells of factor tables, each key looked up once per thread.

#include <algorithm>

#include "compute/formula.h"

namespace qz::compute {

using rules::Node;
using table::Column;
using table::State;
using table::Type;

namespace {

std::string value_text(const factor::KeyValue& value, const base::Cycle& cycle) {
  if (const auto* text = std::get_if<std::string_view>(&value))
    return "\"" + std::string(*text) + "\"";
  if (const auto* number = std::get_if<exact::Number>(&value)) return number->to_string();
  if (const auto* period = std::get_if<base::Period>(&value))
    return base::period_text(*period, cycle);
  if (const auto* day = std::get_if<base::Date>(&value)) return day->to_string();
  return std::get<bool>(value) ? "true" : "false";
}

}  // namespace

// The day a dated table is read at: `at`, or the last day of the row's own period.
base::Date FormulaRunner::factor_day(const Node& node, const Lanes& lanes, std::size_t lane) const {
  const std::int32_t table = frame_tables_[static_cast<std::size_t>(node.frame)];
  const rules::CheckedTable& shape = data_.packs.tables[static_cast<std::size_t>(table)];
  if (!shape.period_column) return data_.packs.cycle.last_day();
  const std::uint32_t row = lanes.frames[static_cast<std::size_t>(node.frame)][lane];
  const Column& periods = data_.tables[static_cast<std::size_t>(table)]
                              .columns[static_cast<std::size_t>(*shape.period_column)];
  return base::last_day({shape.period, periods.id(row)}, data_.packs.cycle);
}

std::string FormulaRunner::factor_key(const Node& node, const std::vector<Column>& args,
                                      std::size_t lane, base::Date day,
                                      std::vector<factor::KeyValue>* values) const {
  std::string key(reinterpret_cast<const char*>(&node.factor), sizeof node.factor);
  const std::int32_t days = day.days();
  key.append(reinterpret_cast<const char*>(&days), sizeof days);
  const std::size_t keys = args.size() - (node.has_day ? 1 : 0);
  for (std::size_t k = 0; k < keys; ++k) {
    const Column& arg = args[k];
    if (arg.type() == Type::kNumber) {
      const exact::Number number = arg.number(lane);
      key += number.to_string(static_cast<std::size_t>(-1)) + '|';
      if (values != nullptr) values->push_back(number);
      continue;
    }
    const std::int32_t id = arg.id(lane);
    key.append(reinterpret_cast<const char*>(&id), sizeof id);
    if (values == nullptr) continue;
    switch (arg.type()) {
      case Type::kText:
        values->push_back(std::string_view(data_.pool.text(id)));
        break;
      case Type::kPeriod:
        values->push_back(base::Period{at(node.args[k]).period, id});
        break;
      case Type::kDate:
        values->push_back(base::Date(id));
        break;
      default:
        values->push_back(id != 0);
    }
  }
  return key;
}

Column FormulaRunner::factor(const Node& node, const Lanes& lanes) {
  std::vector<Column> args;
  for (const rules::NodeId arg : node.args) args.push_back(this->node(arg, lanes));
  const factor::FactorTable& factors = *data_.packs.factors[static_cast<std::size_t>(node.factor)];
  Column out(node.type, lanes.size, State::kNull);
  for (std::size_t i = 0; i < lanes.size; ++i) {
    State state = State::kValue;
    for (const Column& arg : args) {
      if (!table::is_error(state)) state = both(state, arg.state(i));
    }
    if (state != State::kValue) {
      out.set_state(i, state);
      continue;
    }
    const base::Date day =
        node.has_day ? base::Date(args.back().id(i)) : factor_day(node, lanes, i);
    const std::string key = factor_key(node, args, i, day, nullptr);
    auto cached = factor_cache_.find(key);
    if (cached == factor_cache_.end()) {
      std::vector<factor::KeyValue> values;
      factor_key(node, args, i, day, &values);
      cached = factor_cache_.emplace(key, factors.find(values, day)).first;
    }
    const factor::Found& found = cached->second;
    if (found.state == State::kValue) {
      factor_cell(node, found, lanes, i, out);
    } else {
      std::vector<factor::KeyValue> values;
      factor_key(node, args, i, day, &values);
      out.set_state(i, found.state);
      factor_missing(node, found, values, day, lanes.frames[0][i]);
    }
  }
  return out;
}

void FormulaRunner::factor_cell(const Node& node, const factor::Found& found, const Lanes& lanes,
                                std::size_t lane, Column& out) {
  const factor::FactorTable& factors = *data_.packs.factors[static_cast<std::size_t>(node.factor)];
  const auto field = static_cast<std::size_t>(node.column);
  for (const factor::WeightedRow& one : found.rows) used_factors.insert({node.factor, one.row});
  const std::uint32_t row = found.rows.front().row;
  const auto edited = [&](std::uint32_t factor_row) {
    return data_.variants == nullptr
               ? nullptr
               : data_.variants->factor_cells(node.factor, node.column, factor_row);
  };
  const auto at = [&] {
    return data_.variants->variation(frame_tables_[0], lanes.frames[0][lane]);
  };
  const bool missing =
      std::any_of(found.rows.begin(), found.rows.end(), [&](const factor::WeightedRow& one) {
        const Column* cells = edited(one.row);
        return (cells == nullptr ? factors.state(one.row, field) : cells->state(at())) !=
               State::kValue;
      });
  if (missing) return;
  switch (node.type) {
    case Type::kNumber: {
      exact::Number value;
      for (const factor::WeightedRow& one : found.rows) {
        const Column* cells = edited(one.row);
        value +=
            one.weight * (cells == nullptr ? factors.number(one.row, field) : cells->number(at()));
      }
      out.set_number(lane, value);
      break;
    }
    case Type::kText:
      out.set_id(lane, data_.factor_texts[static_cast<std::size_t>(node.factor)][field][row]);
      break;
    default:
      out.set_id(lane, factors.id_value(row, field));
  }
}

void FormulaRunner::factor_missing(const Node& node, const factor::Found& found,
                                   const std::vector<factor::KeyValue>& values, base::Date day,
                                   std::uint32_t row) {
  const factor::FactorTable& factors = *data_.packs.factors[static_cast<std::size_t>(node.factor)];
  std::string key;
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (!key.empty()) key += ", ";
    key += factors.fields[factors.key_fields[k]].name + " = " +
           value_text(values[k], data_.packs.cycle);
  }
  const std::string on = factors.dated ? " on " + day.to_string() : "";
  const std::string on_zh = factors.dated ? "，日期 " + day.to_string() : "";
  FreshError error;
  error.row = row;
  error.state = found.state;
  if (found.state == State::kOutOfRange) {
    error.detail_en = factors.name() + " does not reach as far as " + key + on;
    error.detail_zh = factors.name() + " 的范围不含 " + key + on_zh;
  } else {
    error.detail_en = "no row of " + factors.name() + " for " + key + on;
    error.detail_zh = "因子表 " + factors.name() + " 中没有 " + key + on_zh + " 的行";
  }
  errors.push_back(std::move(error));
}

}  // namespace qz::compute
