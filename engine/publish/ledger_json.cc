// The writer knows where it is in the ledger, opens and closes the arrays between leaves, and
// passes its buffer on before it grows large. A leaf out of order is a fault of the program.

#include "publish/ledger_json.h"

#include <utility>

#include "base/assert.h"
#include "publish/detail/figure_forms.h"
#include "publish/detail/leaf_json.h"
#include "text/json.h"

namespace qz::publish {
namespace {

constexpr std::size_t kBufferBytes = 64u << 10;

// What the next leaf of a kind belongs to: in the order in which the parts stand in the file.
enum class Part {
  kStart,
  kEntities,
  kEntries,
  kPositions,
  kEntityFindings,
  kTotals,
  kFindings,
  kEnd
};

}  // namespace

struct JsonLedgerWriter::State {
  ByteSink sink;
  std::string buffer;
  Part part = Part::kStart;
  bool first = true;  // no item stands yet in the open array

  // Moves from the open array of an entity to a later one.
  void advance_in_entity(Part wanted) {
    QZ_ASSERT(part >= Part::kEntries && part <= wanted);
    while (part < wanted) {
      close_array();
      part = static_cast<Part>(static_cast<int>(part) + 1);
      buffer += part == Part::kPositions ? ",\"positions\":[" : ",\"findings\":[";
      first = true;
    }
  }

  // Moves from the open array of the ledger to a later one.
  void advance_in_ledger(Part wanted) {
    QZ_ASSERT(part == Part::kEntities || part == Part::kTotals || part == Part::kFindings);
    QZ_ASSERT(part <= wanted);
    while (part < wanted) {
      close_array();
      part = part == Part::kEntities ? Part::kTotals : Part::kFindings;
      buffer += part == Part::kTotals ? ",\n\"totals\":[" : ",\n\"findings\":[";
      first = true;
    }
  }

  void close_array() { buffer += first ? "]" : "\n]"; }

  void begin_item() {
    buffer += first ? "\n" : ",\n";
    first = false;
  }

  void pass_on() {
    if (buffer.size() < kBufferBytes) return;
    sink(buffer);
    buffer.clear();
  }
};

JsonLedgerWriter::JsonLedgerWriter(ByteSink sink) : state_(std::make_unique<State>()) {
  state_->sink = std::move(sink);
  state_->buffer.reserve(2 * kBufferBytes);
}

JsonLedgerWriter::~JsonLedgerWriter() = default;

void JsonLedgerWriter::header(const seal::Header& header) {
  QZ_ASSERT(state_->part == Part::kStart);
  detail::append_open_header(state_->buffer, header);
  state_->buffer += ",\n\"entities\":[";
  state_->part = Part::kEntities;
}

void JsonLedgerWriter::begin_entity(const std::string& entity) {
  QZ_ASSERT(state_->part == Part::kEntities);
  state_->begin_item();
  state_->buffer += "{\"entity\":";
  text::append_json_string(state_->buffer, entity);
  state_->buffer += ",\"entries\":[";
  state_->part = Part::kEntries;
  state_->first = true;
}

void JsonLedgerWriter::entry(const seal::Entry& entry) {
  state_->advance_in_entity(Part::kEntries);
  state_->begin_item();
  detail::append_entry(state_->buffer, entry);
  state_->pass_on();
}

void JsonLedgerWriter::position(const seal::Position& position) {
  state_->advance_in_entity(Part::kPositions);
  state_->begin_item();
  detail::append_position(state_->buffer, position);
  state_->pass_on();
}

void JsonLedgerWriter::finding(const base::Finding& finding) {
  const bool in_entity = state_->part >= Part::kEntries && state_->part <= Part::kEntityFindings;
  if (in_entity) {
    state_->advance_in_entity(Part::kEntityFindings);
  } else {
    state_->advance_in_ledger(Part::kFindings);
  }
  state_->begin_item();
  detail::append_finding(state_->buffer, finding, nullptr);
  state_->pass_on();
}

void JsonLedgerWriter::end_entity() {
  state_->advance_in_entity(Part::kEntityFindings);
  state_->close_array();
  state_->buffer += '}';
  state_->part = Part::kEntities;
  state_->first = false;
  state_->pass_on();
}

void JsonLedgerWriter::total(const seal::Total& total) {
  state_->advance_in_ledger(Part::kTotals);
  state_->begin_item();
  detail::append_entry(state_->buffer, total);
  state_->pass_on();
}

std::unique_ptr<seal::FigureFormer> JsonLedgerWriter::former() const {
  return std::make_unique<detail::JsonFigures>();
}

// Each item comes with the comma and the line break before it; the first of an array needs no
// comma.
void JsonLedgerWriter::figures(const seal::Figures& figures, std::string_view formed) {
  if (figures.entity != nullptr) {
    state_->advance_in_entity(Part::kEntries);
  } else {
    state_->advance_in_ledger(Part::kTotals);
  }
  if (formed.empty()) return;
  if (state_->first) formed.remove_prefix(1);
  state_->first = false;
  if (formed.size() < kBufferBytes) {
    state_->buffer += formed;
    return state_->pass_on();
  }
  state_->sink(state_->buffer);
  state_->buffer.clear();
  state_->sink(formed);
}

void JsonLedgerWriter::seal(const seal::Seal& seal) {
  state_->advance_in_ledger(Part::kFindings);
  state_->close_array();
  state_->buffer += ",\n\"seal\":";
  detail::append_seal(state_->buffer, seal);
  state_->buffer += "}\n";
  state_->part = Part::kEnd;
  state_->sink(state_->buffer);
  state_->buffer.clear();
}

}  // namespace qz::publish
