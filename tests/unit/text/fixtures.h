// Fixtures: data other people wrote, in the folder that QZ_FIXTURES names. Not part of the project;
// a test that wants them is skipped where they are absent.

#ifndef QZ_TESTS_UNIT_TEXT_FIXTURES_H_
#define QZ_TESTS_UNIT_TEXT_FIXTURES_H_

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace qz::text {

// The folder, or an empty path.
inline std::filesystem::path fixture_folder(const std::string& name) {
  const char* root = std::getenv("QZ_FIXTURES");
  if (root == nullptr) return {};
  const std::filesystem::path folder = std::filesystem::path(root) / name;
  return std::filesystem::is_directory(folder) ? folder : std::filesystem::path();
}

inline std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder,
                                                   const std::string& extension) {
  std::vector<std::filesystem::path> out;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == extension) out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

inline std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace qz::text

#endif  // QZ_TESTS_UNIT_TEXT_FIXTURES_H_
