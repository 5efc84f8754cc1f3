// Any bytes as a registry file: read, then posted. Each move is posted or refused with both
// languages; no account but the issuer's stands below zero, and each lot sums to zero.
//
// The first byte picks the job's other files and the day of the cut.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/assert.h"
#include "factor/library.h"
#include "read/input_tables.h"
#include "read/moves.h"
#include "rules/pack_reader.h"
#include "settle/post_moves.h"
#include "settle/posting.h"

namespace {

using namespace qz;

constexpr const char* kUnits = R"({"units": {"t": {"kind": "mass"},
  "kg": {"kind": "mass", "ratio": "1/1000", "of": "t"}, "CNY": {"kind": "money"}}})";

std::string instrument(const char* name, const char* booking, const char* step) {
  return std::string("\"") + name + R"(": {"unit": "t", "price": "CNY/t", "step": ")" + step +
         R"(", "booking": ")" + booking + R"(", "lot": {"vintage": {"input": "text"},
      "valid_to": {"input": "date", "optional": true}},
    "states": ["available", "frozen"], "roles": ["authority", "entity", "spent"],
    "moves": {"issue": {"from": "authority", "to": "entity"},
      "trade": {"from": "entity", "to": "entity", "price": true},
      "freeze": {"from": "entity", "to": "entity:frozen", "same": true},
      "spend": {"from": "entity", "to": "spent", "columns": {
        "year": {"input": "number", "unit": "1", "max": "3000", "optional": true}}}}})";
}

struct World {
  exact::UnitCatalogue units;
  factor::Library factors;
  std::vector<std::shared_ptr<const rules::Pack>> installed;
  std::optional<rules::CheckedPacks> packs;
};

World make_world() {
  const std::string pack =
      R"({"pack": "x.rules", "version": "1", "title": {"en": "x", "zh": "x"},
  "authority": "x", "document": "x", "applies": {"from": "2021-01-01"}, "rounding": "half-even",
  "instruments": {)" +
      instrument("F", "fifo", "1") + "," + instrument("V", "average", "0.001") + "," +
      instrument("S", "specific", "1") + R"--(},
  "tables": {"entity": {"key": ["entity"], "columns": {"name": {"input": "text", "optional": true},
    "moved": {"unit": "t", "formula": "sum(flow.quantity)"},
    "held": {"unit": "CNY", "formula": "sum(holding.cost)"},
    "late": {"unit": "t",
      "formula": "sum(flow[lot.valid_to > date(\"2021-01-01\")].quantity)"}}}}})--";
  World out;
  out.units = *factor::read_units({{"units.json", kUnits}});
  base::Findings problems;
  for (rules::Pack& one : rules::read_packs({{"p.json", pack, "digest"}}, problems))
    out.installed.push_back(std::make_shared<const rules::Pack>(std::move(one)));
  rules::PackRequest request;
  request.packs = {"x.rules"};
  request.cycle = {"c", 2021, 2022};
  request.as_of = base::Date::of(2022, 12, 31);
  out.packs = rules::check_packs(out.installed, request, out.factors, out.units, problems);
  QZ_ASSERT(out.packs.has_value());
  return out;
}

read::TableFile file(const char* table, std::string bytes) {
  read::TableFile out;
  out.table = table;
  out.name = std::string(table) + ".csv";
  out.bytes = std::make_shared<const std::string>(std::move(bytes));
  return out;
}

void check_books(const settle::Registry& registry) {
  std::vector<settle::Amount> sum(registry.lots().size(), 0);
  for (const settle::Account& one : registry.accounts()) {
    QZ_ASSERT(one.balance >= 0 || registry.side_of(one).is_issuer);
    sum[one.lot] += one.balance;
  }
  for (const settle::Amount one : sum) QZ_ASSERT(one == 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static World world = make_world();
  if (size == 0) return 0;
  const std::uint8_t options = data[0];
  rules::CheckedPacks& packs = *world.packs;
  packs.as_of = (options & 4u) != 0 ? base::Date::of(2021, 6, 30) : base::Date::of(2022, 12, 31);
  std::vector<read::TableFile> files;
  if ((options & 1u) != 0) files.push_back(file("entity", "entity\nA\nB\n"));
  if ((options & 2u) != 0) {
    files.push_back(
        file("lot", "instrument,lot,vintage,valid_to\nF,L,2021,2021-12-31\nV,L,2021,\n"));
  }
  table::TextPool pool;
  base::Findings problems;
  base::Findings findings;
  read::InputTables tables = read::read_tables(files, packs, world.units, pool, problems, findings);
  const auto bytes =
      std::make_shared<const std::string>(reinterpret_cast<const char*>(data) + 1, size - 1);
  const read::Moves moves =
      read::read_moves({{"moves.csv", bytes}}, packs, world.units, pool, problems);
  for (const base::Finding& one : problems) {
    QZ_ASSERT(!one.code.empty() && !one.message.en.empty() && !one.message.zh.empty());
  }
  if (!problems.empty()) return 0;
  settle::Registry registry(packs, moves, pool, tables);
  const settle::Posted posted = settle::Poster(packs, moves, registry).run();
  check_books(registry);
  QZ_ASSERT(posted.postings.size() + posted.refusals.size() + posted.after_as_of ==
            moves.rows.size());
  settle::post_moves(packs, moves, pool, tables, findings);
  for (const base::Finding& one : findings) {
    QZ_ASSERT(!one.code.empty() && !one.message.en.empty() && !one.message.zh.empty());
  }
  return 0;
}
