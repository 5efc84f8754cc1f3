// Uncertainty file: the member "uncertainty" of a scenarios file, read strictly and not yet acted
// on.

#ifndef QZ_WHATIF_UNCERTAINTY_FILE_H_
#define QZ_WHATIF_UNCERTAINTY_FILE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/finding.h"
#include "base/place.h"
#include "whatif/distribution.h"
#include "whatif/scenarios_file.h"
#include "whatif/target_pack.h"

namespace qz::whatif {

struct WrittenUncertain {
  std::string name;  // what `set` says, where it has none of its own
  base::Bilingual title;
  Written target;
  Shape shape = Shape::kNormal;
  // What a draw does to each value: of a normal one times or plus; of a lognormal one times.
  Action action = Action::kTimes;
  std::vector<Amount> amounts;  // the half-width; low and high; low, mode and high
  std::optional<Amount> at_least, at_most;
  bool each_row = false;         // a draw for each row
  std::vector<std::string> per;  // a draw for each combination of these key columns
  std::string draw;              // sources of the same name share draws
  base::Place place;
};

struct WrittenPercentile {
  std::string text;  // as written
  exact::Number value;
};

struct WrittenUncertainty {
  std::vector<Target> of;
  std::vector<WrittenUncertain> sources;
  std::uint64_t seed = 1;
  std::uint32_t samples = 10'000;  // 0: error propagation alone
  std::vector<WrittenPercentile> percentiles;
  base::Place place;
};

inline constexpr std::uint32_t kSamplesMax = 1'000'000;
inline constexpr std::size_t kPercentilesMax = 20;

// Every problem goes to `problems` in one pass. Empty result if there were any.
std::optional<WrittenUncertainty> read_uncertainty(const ScenariosFile& file,
                                                   base::Findings& problems);

}  // namespace qz::whatif

#endif  // QZ_WHATIF_UNCERTAINTY_FILE_H_
