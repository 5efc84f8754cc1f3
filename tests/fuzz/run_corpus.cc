// run_corpus: a fuzz target as an ordinary test. Each seed of the corpus is given to it, then every
// beginning of the seed, then the seed with each byte replaced by each byte that readers fear.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr std::size_t kNeighboursOfSeedsUpTo = 2000;
constexpr std::string_view kFeared("\0\n\r\t\",<&\\\x80\xC2\xFF", 12);

void run(std::string_view input) {
  // A copy of its own size, so that a read beyond the end is noticed.
  const std::vector<std::uint8_t> bytes(input.begin(), input.end());
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

void run_with_neighbours(std::string seed) {
  run(seed);
  if (seed.size() > kNeighboursOfSeedsUpTo) return;
  for (std::size_t i = 0; i < seed.size(); ++i) run(std::string_view(seed).substr(0, i));
  for (char& byte : seed) {
    const char kept = byte;
    for (const char feared : kFeared) {
      byte = feared;
      run(seed);
    }
    byte = kept;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || !std::filesystem::is_directory(argv[1])) {
    std::fprintf(stderr, "usage: %s <corpus folder>\n", argv[0]);
    return 2;
  }
  std::vector<std::filesystem::path> seeds;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1]))
    seeds.push_back(entry.path());
  std::sort(seeds.begin(), seeds.end());
  if (seeds.empty()) {
    std::fprintf(stderr, "%s holds no seed\n", argv[1]);
    return 1;
  }
  for (const std::filesystem::path& seed : seeds) {
    std::ifstream in(seed, std::ios::binary);
    run_with_neighbours({std::istreambuf_iterator<char>(in), {}});
  }
  std::printf("%zu seeds\n", seeds.size());
  return 0;
}
