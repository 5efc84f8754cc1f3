// The ledger read back, member by member in the written order; one leaf is held at a time, in
// structs that are used again for the next.

#include <cstdint>
#include <utility>

#include "publish/detail/json_cursor.h"
#include "publish/detail/leaf_json_reader.h"
#include "publish/detail/limits.h"
#include "publish/ledger_json.h"

namespace qz::publish {
namespace {

using detail::JsonCursor;
using detail::JsonObjectCursor;

// A list in the header, which is held as a whole.
template <class Read>
void read_header_list(JsonCursor& in, const Read& read) {
  std::size_t count = 0;
  detail::read_json_array(in, [&] {
    if (++count > detail::kHeaderItemsMax)
      in.fail("too-large", detail::kTooManyItems.en, detail::kTooManyItems.zh);
    read();
  });
}

class Reader {
 public:
  Reader(std::string_view bytes, const std::string& file, seal::LeafSink& sink)
      : in_(bytes, file), sink_(sink) {}

  base::Result<bool> read() {
    JsonObjectCursor ledger(in_);
    read_header(ledger);
    ledger.need("\"entities\"");
    detail::read_json_array(in_, [this] { read_entity(); });
    ledger.need("\"totals\"");
    detail::read_json_array(in_, [this] {
      leaves_.entry(entry_);
      if (in_.ok()) sink_.total(entry_);
    });
    ledger.need("\"findings\"");
    detail::read_json_array(in_, [this] { read_finding(); });
    ledger.need("\"seal\"");
    const seal::Seal seal = read_seal();
    ledger.end();
    in_.end();
    if (!in_.ok()) return *in_.failure();
    sink_.seal(seal);
    return true;
  }

 private:
  void read_header(JsonObjectCursor& ledger);
  void read_entity();
  seal::Seal read_seal();

  void read_finding() {
    leaves_.finding(finding_);
    if (in_.ok()) sink_.finding(finding_);
  }

  JsonCursor in_;
  detail::LeafJsonReader leaves_{in_};
  seal::LeafSink& sink_;
  seal::Entry entry_;
  seal::Position position_;
  base::Finding finding_;
  std::string name_;
};

void Reader::read_header(JsonObjectCursor& ledger) {
  seal::Header header;
  ledger.need_text("\"schema\"", header.schema);
  if (in_.ok() && header.schema != seal::kSchema) {
    in_.fail("unknown-schema", "this is no ledger of " + std::string(seal::kSchema),
             "这不是 " + std::string(seal::kSchema) + " 的台账");
  }
  ledger.need_text("\"job\"", header.job);
  if (ledger.has("\"title\"")) leaves_.bilingual(header.title);
  ledger.need("\"cycle\"");
  JsonObjectCursor cycle(in_);
  cycle.need_text("\"id\"", header.cycle_id);
  cycle.need("\"years\"");
  read_header_list(in_, [&] { in_.text(header.cycle_years.emplace_back()); });
  cycle.end();
  ledger.need_text("\"as_of\"", header.as_of);
  if (ledger.has("\"subject\"")) in_.text(header.subject);
  ledger.need("\"engine\"");
  JsonObjectCursor engine(in_);
  engine.need_text("\"name\"", header.engine_name);
  engine.need_text("\"version\"", header.engine_version);
  engine.end();
  ledger.need("\"parameters\"");
  read_header_list(in_, [&] {
    seal::Parameter& parameter = header.parameters.emplace_back();
    JsonObjectCursor object(in_);
    object.need_text("\"pack\"", parameter.pack);
    object.need_text("\"name\"", parameter.name);
    object.need_text("\"value\"", parameter.value);
    object.end();
  });
  if (ledger.has("\"pins\"")) {
    read_header_list(in_, [&] { in_.text(header.pins.emplace_back()); });
  }
  ledger.need("\"sources\"");
  read_header_list(in_, [&] {
    seal::Source& source = header.sources.emplace_back();
    JsonObjectCursor object(in_);
    object.need_text("\"kind\"", source.kind);
    object.need_text("\"name\"", source.name);
    object.maybe_text("\"table\"", source.table);
    object.need_text("\"sha256\"", source.sha256);
    if (object.has("\"rows\"")) source.rows = in_.integer(detail::kIntegerMax);
    object.end();
  });
  ledger.maybe_text("\"previous\"", header.previous);
  if (in_.ok()) sink_.header(header);
}

void Reader::read_entity() {
  in_.begin_leaf();
  JsonObjectCursor object(in_);
  object.need_text("\"entity\"", name_);
  if (in_.ok()) sink_.begin_entity(name_);
  object.need("\"entries\"");
  detail::read_json_array(in_, [this] {
    leaves_.entry(entry_);
    if (in_.ok()) sink_.entry(entry_);
  });
  object.need("\"positions\"");
  detail::read_json_array(in_, [this] {
    leaves_.position(position_);
    if (in_.ok()) sink_.position(position_);
  });
  object.need("\"findings\"");
  detail::read_json_array(in_, [this] { read_finding(); });
  object.end();
  if (in_.ok()) sink_.end_entity();
}

seal::Seal Reader::read_seal() {
  seal::Seal seal;
  JsonObjectCursor object(in_);
  object.need("\"hash\"");
  in_.need("\"sha-256\"");
  object.need("\"tree\"");
  in_.need("\"rfc9162\"");
  object.need("\"leaves\"");
  seal.leaves = in_.integer(detail::kIntegerMax);
  object.need_text("\"root\"", seal.root);
  object.need("\"signature\"");
  in_.need("null");
  object.end();
  return seal;
}

}  // namespace

base::Result<bool> read_ledger_json(std::string_view bytes, const std::string& file,
                                    seal::LeafSink& sink) {
  return Reader(bytes, file, sink).read();
}

}  // namespace qz::publish
