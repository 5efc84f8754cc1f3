// The JSON document reader: events become values on an explicit stack, so depth costs no call
// stack.

#include "text/json.h"

#include <algorithm>
#include <optional>

#include "text/detail/json_events.h"
#include "text/detail/problems.h"

namespace qz::text {
namespace {

using Kind = JsonValue::Kind;

class DocumentBuilder final : public detail::JsonEvents {
 public:
  DocumentBuilder(const std::string& file, const JsonLimits& limits)
      : file_(file), limits_(limits) {}

  bool open(Kind kind, const detail::JsonPosition& at) override {
    JsonValue* value = add(kind, at);
    if (value == nullptr) return false;
    // Pointers into the tree stay good: a parent's list grows only once its child is closed.
    open_.push_back(value);
    return true;
  }

  bool close(const detail::JsonPosition&) override {
    const JsonValue* value = open_.back();
    open_.pop_back();
    return value->kind != Kind::kObject || names_differ(*value);
  }

  bool name(std::string& name, const detail::JsonPosition&) override {
    open_.back()->members.emplace_back(std::move(name), JsonValue());
    return true;
  }

  bool string(std::string& text, const detail::JsonPosition& at) override {
    return add_text(Kind::kString, std::move(text), at);
  }
  bool number(std::string_view text, const detail::JsonPosition& at) override {
    return add_text(Kind::kNumber, std::string(text), at);
  }
  bool boolean(bool value, const detail::JsonPosition& at) override {
    JsonValue* out = add(Kind::kBool, at);
    if (out != nullptr) out->boolean = value;
    return out != nullptr;
  }
  bool null(const detail::JsonPosition& at) override { return add(Kind::kNull, at) != nullptr; }

  JsonValue& root() { return root_; }
  std::optional<base::Finding>& failure() { return failure_; }

 private:
  bool add_text(Kind kind, std::string text, const detail::JsonPosition& at) {
    JsonValue* out = add(kind, at);
    if (out != nullptr) out->text = std::move(text);
    return out != nullptr;
  }

  JsonValue* add(Kind kind, const detail::JsonPosition& at) {
    if (++count_ > limits_.values) {
      const std::string n = std::to_string(limits_.values);
      failure_ = base::failure("too-large", {file_, at.line, at.column},
                               "the file holds more than " + n + " values (split it)",
                               "文件中的值超过 " + n + " 个（请拆分文件）");
      return nullptr;
    }
    JsonValue* out = &root_;
    if (!open_.empty()) {
      JsonValue& parent = *open_.back();
      out = parent.kind == Kind::kArray ? &parent.items.emplace_back()
                                        : &parent.members.back().second;
    }
    out->kind = kind;
    out->line = at.line;
    out->column = at.column;
    return out;
  }

  // Sorted once at the end of an object, so that many names cost no more than their sorting.
  bool names_differ(const JsonValue& object) {
    std::vector<const JsonValue::Member*> sorted;
    sorted.reserve(object.members.size());
    for (const JsonValue::Member& member : object.members) sorted.push_back(&member);
    std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) {
      const int order = a->first.compare(b->first);
      return order != 0 ? order < 0 : a < b;
    });
    const auto twin =
        std::adjacent_find(sorted.begin(), sorted.end(),
                           [](const auto* a, const auto* b) { return a->first == b->first; });
    if (twin == sorted.end()) return true;
    const JsonValue::Member& second = **std::next(twin);
    detail::Defect defect = detail::repeated_name(second.first);
    failure_ =
        base::failure(std::move(defect.code), {file_, second.second.line, second.second.column},
                      std::move(defect.message.en), std::move(defect.message.zh));
    return false;
  }

  const std::string& file_;
  const JsonLimits& limits_;
  JsonValue root_;
  std::vector<JsonValue*> open_;
  std::size_t count_ = 0;
  std::optional<base::Finding> failure_;
};

}  // namespace

JsonValue::JsonValue() = default;
JsonValue::~JsonValue() = default;
JsonValue::JsonValue(const JsonValue&) = default;
JsonValue::JsonValue(JsonValue&&) noexcept = default;
JsonValue& JsonValue::operator=(const JsonValue&) = default;
JsonValue& JsonValue::operator=(JsonValue&&) noexcept = default;

const JsonValue* JsonValue::find(std::string_view name) const {
  for (const Member& member : members) {
    if (member.first == name) return &member.second;
  }
  return nullptr;
}

base::Result<JsonValue> parse_json(std::string_view utf8, const std::string& file,
                                   const JsonLimits& limits) {
  if (utf8.size() > limits.bytes) {
    const std::string n = std::to_string(limits.bytes);
    return base::failure("too-large", {file, 0, 0},
                         "the file is longer than " + n + " bytes (split it)",
                         "文件超过 " + n + " 字节（请拆分文件）");
  }
  DocumentBuilder builder(file, limits);
  // Within the file's own limit no token needs another.
  const detail::JsonScanLimits scan_limits{limits.depth, utf8.size() + 1};
  std::optional<base::Finding> failure = detail::scan_json(utf8, file, scan_limits, builder);
  if (builder.failure()) failure = std::move(builder.failure());
  if (failure) return *failure;
  return std::move(builder.root());
}

}  // namespace qz::text
