// What the building blocks cost: exact arithmetic, rounding, CSV, keys, hashing. Ratios matter, not
// the seconds of one machine; docs/PERFORMANCE.md has a table with its date.

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "compute/kernels.h"
#include "exact/decimal.h"
#include "exact/number.h"
#include "exact/rounding.h"
#include "seal/merkle.h"
#include "table/column.h"
#include "table/key_index.h"
#include "text/records.h"

namespace qz {
namespace {

constexpr std::size_t kRows = 4096;

table::Column decimals(std::int64_t first, std::int64_t denominator) {
  table::Column out(table::Type::kNumber);
  for (std::size_t i = 0; i < kRows; ++i) {
    out.append_scaled(first + static_cast<std::int64_t>(i % 97), denominator);
  }
  return out;
}

void number_multiply_add(benchmark::State& state) {
  const exact::Number a = exact::Number::ratio(123456, 100), b = exact::Number::ratio(5871, 10000);
  exact::Number sum;
  for (auto unused : state) {
    (void)unused;
    benchmark::DoNotOptimize(sum = a * b + a);
  }
}
BENCHMARK(number_multiply_add);

void parse_and_round(benchmark::State& state) {
  const exact::RoundingRule rule{2, exact::Rounding::kHalfEven, false};
  for (auto unused : state) {
    (void)unused;
    benchmark::DoNotOptimize(exact::round(exact::parse_decimal("52340.1755")->value, rule));
  }
}
BENCHMARK(parse_and_round);

// The combustion formula on columns: three products, one constant, one rounding.
void kernel_chain(benchmark::State& state) {
  const table::Column amount = decimals(1000000, 100), content = decimals(300000, 1000000);
  const table::Column share = decimals(900, 10);
  const exact::RoundingRule rule{2, exact::Rounding::kHalfEven, false};
  for (auto unused : state) {
    (void)unused;
    const table::Column product = compute::multiply(amount, content).column;
    const table::Column part = compute::multiply(product, share).column;
    const table::Column whole = compute::scale(part, exact::Number::ratio(44, 1200)).column;
    benchmark::DoNotOptimize(compute::round(whole, rule).column.size());
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kRows));
}
BENCHMARK(kernel_chain);

class Counter : public text::RecordSink {
 public:
  bool headings(const std::vector<std::string>&, std::uint32_t) override { return true; }
  bool record(const text::Record& record) override {
    cells += record.cells.size();
    return true;
  }
  void problem(base::Finding) override {}
  std::size_t cells = 0;
};

void read_csv(benchmark::State& state) {
  std::string bytes = "entity,unit,fuel,month,FC,C_ar,OF\n";
  for (std::size_t i = 0; i < kRows; ++i)
    bytes += "F000001,1,coal_a,2021-01,14832.24,0.589609,93.3\n";
  for (auto unused : state) {
    (void)unused;
    Counter counter;
    text::read_csv(bytes, "bench.csv", counter);
    benchmark::DoNotOptimize(counter.cells);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes.size()));
}
BENCHMARK(read_csv);

void key_insert(benchmark::State& state) {
  for (auto unused : state) {
    (void)unused;
    table::KeyIndex index(4);
    for (std::int32_t i = 0; i < static_cast<std::int32_t>(kRows); ++i) {
      const std::int32_t key[] = {i / 64, i % 4, i % 16, i};
      benchmark::DoNotOptimize(index.insert(key));
    }
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kRows));
}
BENCHMARK(key_insert);

void merkle_leaf(benchmark::State& state) {
  const std::string leaf(220, 'x');
  seal::MerkleTree tree;
  for (auto unused : state) {
    (void)unused;
    tree.add_leaf(leaf);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(merkle_leaf);

}  // namespace
}  // namespace qz

BENCHMARK_MAIN();
