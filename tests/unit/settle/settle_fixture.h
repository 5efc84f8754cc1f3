// A small registry for the tests of this folder: one instrument for each booking, three holders.

#ifndef QZ_TESTS_UNIT_SETTLE_SETTLE_FIXTURE_H_
#define QZ_TESTS_UNIT_SETTLE_SETTLE_FIXTURE_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "exact/decimal.h"
#include "read/input_tables.h"
#include "read/moves.h"
#include "settle/post_moves.h"
#include "settle/posting.h"
#include "settle/refusals.h"
#include "support/packs_for_tests.h"

namespace qz::settle {

inline constexpr const char* kSettleUnits = R"({"units": {
  "t": {"kind": "mass"}, "kg": {"kind": "mass", "ratio": "1/1000", "of": "t"},
  "CNY": {"kind": "money"}}})";

inline std::string instrument(const std::string& name, const std::string& booking,
                              const std::string& step) {
  return "\"" + name + R"(": {"unit": "t", "step": ")" + step +
         R"(", "price": "CNY/t", "booking": ")" + booking + R"(",
    "lot": {"vintage": {"input": "text", "optional": true},
      "valid_from": {"input": "date", "optional": true},
      "valid_to": {"input": "date", "optional": true}},
    "states": ["available", "frozen"], "roles": ["authority", "entity", "surrendered"],
    "moves": {
      "issue": {"from": "authority", "to": "entity"},
      "auction": {"from": "authority", "to": "entity", "price": true},
      "trade": {"from": "entity", "to": "entity", "price": true},
      "gift": {"from": "entity", "to": "entity"},
      "freeze": {"from": "entity", "to": "entity:frozen", "same": true},
      "release": {"from": "entity:frozen", "to": "entity", "same": true},
      "surrender": {"from": "entity", "to": "surrendered", "lots": ["L1", "L2"]},
      "return": {"from": "surrendered", "to": "entity"},
      "cancel": {"from": "entity", "to": "authority", "validity": false}
    }})";
}

inline std::string settle_pack(const std::string& version = "1",
                               const std::string& from = "2021-01-01") {
  return R"({"pack": "x.rules", "version": ")" + version +
         R"(", "title": {"en": "x", "zh": "x"}, "authority": "x", "document": "x",
  "applies": {"from": ")" +
         from + R"("}, "rounding": "half-even", "instruments": {)" + instrument("F", "fifo", "1") +
         "," + instrument("V", "average", "1") + "," + instrument("S", "specific", "0.5") + R"(},
  "tables": {"entity": {"key": ["entity"], "columns": {
    "name": {"input": "text", "optional": true}}}}})";
}

inline constexpr const char* kMovesHeading =
    "id,date,kind,instrument,lot,from,to,quantity,price,ref\n";

// One history on the books, and what was said about it.
struct Settled {
  std::shared_ptr<testing_support::TestPacks> world;
  std::shared_ptr<table::TextPool> pool = std::make_shared<table::TextPool>();
  std::shared_ptr<read::Moves> moves = std::make_shared<read::Moves>();
  read::InputTables tables;
  base::Findings problems, findings;
  std::shared_ptr<Registry> registry;
  Posted posted;

  // "A F L1 available 60; …": each balance that is not 0, of holders and roles alike, sorted.
  std::string balances(bool roles = true) const {
    std::vector<std::string> all;
    for (const Account& one : registry->accounts()) {
      const Side& side = registry->side_of(one);
      if (one.balance == 0 || (!roles && !side.is_holder)) continue;
      const Lot& lot = registry->lots()[one.lot];
      const InstrumentBook& book = registry->book(lot.instrument);
      const std::string who(moves->word(one.holder));
      all.push_back((who.empty() ? "" : who + " ") + book.instrument->name + " " +
                    std::string(moves->word(lot.word)) + " " + side.name + " " +
                    amount_text(book, one.balance));
    }
    return joined(all);
  }
  // The same with costs in place of quantities, of holders.
  std::string costs() const {
    std::vector<std::string> all;
    for (std::uint32_t i = 0; i < registry->accounts().size(); ++i) {
      const Account& one = registry->accounts()[i];
      if (one.balance == 0 || !registry->side_of(one).is_holder) continue;
      const Lot& lot = registry->lots()[one.lot];
      const InstrumentBook& book = registry->book(lot.instrument);
      all.push_back(std::string(moves->word(one.holder)) + " " +
                    std::string(moves->word(lot.word)) + " " + registry->side_of(one).name + " " +
                    registry->costs_at(i).cost(book.instrument->booking).to_string());
    }
    return joined(all);
  }
  // "3 move-overdraft; …": id and code, in the order told.
  std::string refused() const {
    std::vector<std::string> all;
    for (const base::Finding& one : findings)
      all.push_back((one.key.empty() ? "" : one.key.front().second + " ") + one.code);
    std::string out;
    for (const std::string& one : all) out += (out.empty() ? "" : "; ") + one;
    return out;
  }

 private:
  static std::string joined(std::vector<std::string>& all) {
    std::sort(all.begin(), all.end());
    std::string out;
    for (const std::string& one : all) out += (out.empty() ? "" : "; ") + one;
    return out;
  }
};

inline std::shared_ptr<testing_support::TestPacks> settle_world() {
  static const std::shared_ptr<testing_support::TestPacks> world =
      testing_support::check_packs({settle_pack()}, kSettleUnits, 2021, 2022);
  return world;
}

inline read::TableFile settle_file(const std::string& table, const std::string& bytes) {
  read::TableFile out;
  out.table = table;
  out.name = table + ".csv";
  out.bytes = std::make_shared<const std::string>(bytes);
  return out;
}

// Posts the rows, which have no heading, as of a day; `lots` is the job's table lot, "" for none.
inline Settled settle(const std::string& rows, const std::string& as_of = "2022-12-31",
                      const std::string& lots = "", const std::string& heading = kMovesHeading,
                      std::shared_ptr<testing_support::TestPacks> world = settle_world()) {
  Settled out;
  out.world = std::move(world);
  rules::CheckedPacks& packs = *out.world->packs;
  packs.as_of = *base::Date::parse(as_of);
  std::vector<read::TableFile> files = {settle_file("entity", "entity\nA\nB\nC\n")};
  if (!lots.empty()) files.push_back(settle_file("lot", lots));
  out.tables = read_tables(files, packs, out.world->units, *out.pool, out.problems, out.findings);
  *out.moves =
      read::read_moves({{"moves.csv", std::make_shared<const std::string>(heading + rows)}}, packs,
                       out.world->units, *out.pool, out.problems);
  EXPECT_EQ(testing_support::lines(out.problems), "") << rows;
  out.registry = std::make_shared<Registry>(packs, *out.moves, *out.pool, out.tables);
  out.posted = Poster(packs, *out.moves, *out.registry).run();
  post_moves(packs, *out.moves, *out.pool, out.tables, out.findings);
  return out;
}

}  // namespace qz::settle

#endif  // QZ_TESTS_UNIT_SETTLE_SETTLE_FIXTURE_H_
