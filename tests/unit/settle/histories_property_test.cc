// Random histories: what holds for every registry, whatever its moves are.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <random>
#include <set>
#include <tuple>

#include "unit/settle/settle_fixture.h"

namespace qz::settle {
namespace {

constexpr int kDays = 12;

struct Draft {
  int day = 0, kind = 0, instrument = 0, lot = 0, from = 0, to = 0, quantity = 0, price = 0,
      ref = 0;
};

void showValue(const Draft& one, std::ostream& out) {
  out << "{" << one.day << "," << one.kind << "," << one.instrument << "," << one.lot << ","
      << one.from << "," << one.to << "," << one.quantity << "," << one.price << "," << one.ref
      << "}";
}

rc::Gen<std::vector<Draft>> histories() {
  const auto below = [](int n) { return rc::gen::inRange(0, n); };
  return rc::gen::container<std::vector<Draft>>(rc::gen::build<Draft>(
      rc::gen::set(&Draft::day, below(kDays)), rc::gen::set(&Draft::kind, below(13)),
      rc::gen::set(&Draft::instrument, below(3)), rc::gen::set(&Draft::lot, below(5)),
      rc::gen::set(&Draft::from, below(3)), rc::gen::set(&Draft::to, below(3)),
      rc::gen::set(&Draft::quantity, rc::gen::inRange(1, 12)),
      rc::gen::set(&Draft::price, below(9)), rc::gen::set(&Draft::ref, below(1000))));
}

std::string day_text(int day) {
  return base::Date(base::Date::of(2021, 3, 25).days() + day).to_string();
}

bool is_reversal(const Draft& one) { return one.kind >= 11; }
// Reversals are late, so that there is something to take back.
int day_of(const Draft& one) { return is_reversal(one) ? (kDays + one.day) / 2 : one.day; }

// Row `id` of moves.csv. Early days buy, so that later ones have something to move.
std::string row(const Draft& one, std::size_t id, std::size_t size) {
  struct Form {
    const char* kind;
    bool from, to, price;
  };
  static constexpr Form kForms[] = {
      {"issue", false, true, false},     {"auction", false, true, true},
      {"trade", true, true, true},       {"gift", true, true, false},
      {"freeze", true, false, false},    {"release", true, false, false},
      {"surrender", true, false, false}, {"return", false, true, false},
      {"cancel", true, false, false}};
  static constexpr const char* kInstruments[] = {"F", "V", "S"};
  static constexpr const char* kHolders[] = {"A", "B", "C"};
  const std::string ref = std::to_string(static_cast<std::size_t>(one.ref) % size + 1);
  const int to = (one.from + 1 + one.to % 2) % 3;  // a receiver is another
  std::string out = std::to_string(id) + "," + day_text(day_of(one)) + ",";
  if (is_reversal(one))
    return out + "reverse,,,,," + (one.kind == 11 ? "" : std::to_string(one.quantity)) + ",," +
           ref + "\n";
  const Form& form = one.day < 3 || one.kind >= 9 ? kForms[one.price % 2] : kForms[one.kind];
  return out + form.kind + "," + kInstruments[one.instrument] + ",L" + (one.lot == 0 ? "2" : "1") +
         "," + (form.from ? kHolders[one.from] : "") + "," + (form.to ? kHolders[to] : "") + "," +
         std::to_string(one.quantity) + "," + (form.price ? std::to_string(one.price * 7) : "") +
         "," + (one.instrument == 2 ? ref : "") + "\n";
}

std::vector<std::string> rows_of(const std::vector<Draft>& history) {
  std::vector<std::string> out;
  for (const Draft& one : history) out.push_back(row(one, out.size() + 1, history.size()));
  return out;
}

std::string text(const std::vector<std::string>& rows) {
  std::string out;
  for (const std::string& one : rows) out += one;
  return out;
}

std::string state(const Settled& done) { return done.balances() + " | " + done.costs(); }

// What was posted, by id, with its costs.
std::vector<std::string> postings(const Settled& done) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < done.posted.postings.size(); ++i) {
    const Posting& one = done.posted.postings[i];
    const PostingCosts& costs = done.posted.costs[i];
    out.push_back(std::string(done.moves->id(done.moves->rows[one.row])) + " " +
                  number_of(one.quantity).to_string() + " " + costs.out.amount.to_string() + " " +
                  costs.in.amount.to_string());
  }
  return out;
}

std::set<std::string> refused(const Settled& done) {
  std::set<std::string> out;
  for (const Refusal& one : done.posted.refusals)
    out.insert(std::string(done.moves->id(done.moves->rows[one.row])));
  return out;
}

RC_GTEST_PROP(Histories, NothingBelowZeroNothingMadeNothingLost, ()) {
  const Settled done = settle(text(rows_of(*histories())));
  std::map<std::uint32_t, Amount> balance;  // by account
  std::map<std::uint32_t, Amount> sum;      // by lot
  for (std::size_t i = 0; i < done.posted.postings.size(); ++i) {
    const Posting& one = done.posted.postings[i];
    const Account& from = done.registry->account_at(one.from);
    const Account& to = done.registry->account_at(one.to);
    RC_ASSERT(from.lot == to.lot);
    RC_ASSERT(one.quantity > 0);
    balance[one.from] -= one.quantity;
    balance[one.to] += one.quantity;
    RC_ASSERT(balance[one.from] >= 0 || done.registry->side_of(from).is_issuer);
  }
  for (std::uint32_t i = 0; i < done.registry->accounts().size(); ++i) {
    const Account& one = done.registry->accounts()[i];
    RC_ASSERT(one.balance == balance[i]);
    sum[one.lot] += one.balance;
  }
  for (const auto& [lot, total] : sum) RC_ASSERT(total == 0);
  RC_ASSERT(done.posted.postings.size() + done.posted.refusals.size() == done.moves->rows.size());
}

RC_GTEST_PROP(Histories, AnyDayIsTheStateOfStoppingThere, ()) {
  const std::vector<Draft> history = *histories();
  const std::vector<std::string> rows = rows_of(history);
  for (int day = 0; day < kDays; day += 3) {
    std::string up_to;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (day_of(history[i]) <= day) up_to += rows[i];
    }
    const Settled cut = settle(text(rows), day_text(day));
    const Settled stopped = settle(up_to);
    RC_ASSERT(state(cut) == state(stopped));
    RC_ASSERT(postings(cut) == postings(stopped));
    RC_ASSERT(refused(cut) == refused(stopped));
    RC_ASSERT(cut.tables.holders == stopped.tables.holders);
  }
}

RC_GTEST_PROP(Histories, AWholeReversalRestoresBalancesAndCosts, ()) {
  const std::vector<std::string> rows = rows_of(*histories());
  const Settled done = settle(text(rows));
  RC_PRE(!done.posted.postings.empty());
  const Posting& last = done.posted.postings.back();
  RC_PRE(last.reversed == kNone);
  std::string before;  // a move that was refused could be posted in place of the last
  for (const Posting& one : done.posted.postings) {
    if (one.row != last.row) before += rows[one.row];
  }
  const std::string id(done.moves->id(done.moves->rows[last.row]));
  const Settled back = settle(text(rows) + "9999,2022-06-01,reverse,,,,,,," + id + "\n");
  RC_ASSERT(!refused(back).contains("9999"));
  RC_ASSERT(state(back) == state(settle(before)));
}

RC_GTEST_PROP(Histories, TheOrderOfLinesChangesNothing, ()) {
  std::vector<std::string> rows = rows_of(*histories());
  const Settled one = settle(text(rows));
  std::mt19937 order(static_cast<std::mt19937::result_type>(*rc::gen::inRange(0, 1000)));
  std::shuffle(rows.begin(), rows.end(), order);
  const Settled other = settle(text(rows));
  RC_ASSERT(state(one) == state(other));
  RC_ASSERT(postings(one) == postings(other));
  RC_ASSERT(one.refused() == other.refused());
}

// Without the refused moves every other does what it did.
RC_GTEST_PROP(Histories, ARefusedMoveChangesNothing, ()) {
  const std::vector<std::string> rows = rows_of(*histories());
  const Settled done = settle(text(rows));
  const std::set<std::string> out = refused(done);
  std::string rest;
  for (const std::string& one : rows) {
    if (!out.contains(one.substr(0, one.find(',')))) rest += one;
  }
  const Settled again = settle(rest);
  RC_ASSERT(again.refused() == "");
  RC_ASSERT(state(again) == state(done));
  RC_ASSERT(postings(again) == postings(done));
}

// Where nobody asks what units had cost, the same moves are posted and refused.
RC_GTEST_PROP(Histories, CostsChangeNoPosting, ()) {
  const Settled done = settle(text(rows_of(*histories())));
  Registry registry(*done.world->packs, *done.moves, *done.pool, done.tables);
  const Posted bare = Poster(*done.world->packs, *done.moves, registry, false).run();
  RC_ASSERT(bare.costs.empty());
  RC_ASSERT(bare.postings.size() == done.posted.postings.size());
  for (std::size_t i = 0; i < bare.postings.size(); ++i) {
    RC_ASSERT(bare.postings[i].row == done.posted.postings[i].row);
    RC_ASSERT(bare.postings[i].quantity == done.posted.postings[i].quantity);
  }
  RC_ASSERT(bare.refusals.size() == done.posted.refusals.size());
  for (std::size_t i = 0; i < bare.refusals.size(); ++i)
    RC_ASSERT(bare.refusals[i].rule == done.posted.refusals[i].rule);
}

// Of each holder and lot: the cost of what left and of what stayed is the cost of what came.
RC_GTEST_PROP(Histories, CostsAreKept, ()) {
  const Settled done = settle(text(rows_of(*histories())));
  std::map<std::tuple<std::uint32_t, std::int32_t>, exact::Number> balance;
  const auto of = [&](const Account& one) -> exact::Number& {
    return balance[{one.lot, one.holder}];
  };
  for (std::size_t i = 0; i < done.posted.postings.size(); ++i) {
    const Posting& one = done.posted.postings[i];
    const exact::Number& gave = done.posted.costs[i].out.amount;
    const exact::Number& took = done.posted.costs[i].in.amount;
    const Account& from = done.registry->account_at(one.from);
    const Account& to = done.registry->account_at(one.to);
    RC_ASSERT(gave.sign() >= 0 && took.sign() >= 0);
    if (done.registry->side_of(from).is_holder) of(from) = of(from) - gave;
    if (done.registry->side_of(to).is_holder) of(to) += took;
  }
  for (std::uint32_t i = 0; i < done.registry->accounts().size(); ++i) {
    const Account& one = done.registry->accounts()[i];
    if (!done.registry->side_of(one).is_holder) continue;
    const InstrumentBook& book = done.registry->book(done.registry->lots()[one.lot].instrument);
    const exact::Number cost = done.registry->costs_at(i).cost(book.instrument->booking);
    RC_ASSERT(cost.sign() >= 0);
    RC_ASSERT(one.balance != 0 || cost.is_zero());
    of(one) = of(one) - cost;
  }
  for (const auto& [key, rest] : balance) RC_ASSERT(rest.is_zero());
}

}  // namespace
}  // namespace qz::settle
