// The same finding objects as in the ledger, so that a script needs to know one shape only.

#include "publish/findings_json.h"

#include <optional>
#include <utility>

#include "publish/detail/leaf_json.h"

namespace qz::publish {
namespace {

constexpr std::size_t kBufferBytes = 64u << 10;

}  // namespace

struct FindingsJsonWriter::State {
  ByteSink sink;
  std::string buffer;
  std::optional<std::string> entity;
  bool first = true;
};

FindingsJsonWriter::FindingsJsonWriter(ByteSink sink) : state_(std::make_unique<State>()) {
  state_->sink = std::move(sink);
  state_->buffer.push_back('[');
}

FindingsJsonWriter::~FindingsJsonWriter() = default;

void FindingsJsonWriter::begin_entity(const std::string& entity) { state_->entity = entity; }

void FindingsJsonWriter::end_entity() { state_->entity.reset(); }

void FindingsJsonWriter::finding(const base::Finding& finding) {
  State& state = *state_;
  state.buffer += state.first ? "\n" : ",\n";
  state.first = false;
  detail::append_finding(state.buffer, finding, state.entity ? &*state.entity : nullptr);
  if (state.buffer.size() < kBufferBytes) return;
  state.sink(state.buffer);
  state.buffer.clear();
}

void FindingsJsonWriter::seal(const seal::Seal&) {
  state_->buffer += state_->first ? "]\n" : "\n]\n";
  state_->sink(state_->buffer);
  state_->buffer.clear();
}

}  // namespace qz::publish
