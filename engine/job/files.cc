// Files, reading: what a path is, is told before it is opened for its bytes.

#include "job/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "base/nearest_name.h"

namespace qz::job {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPieceBytes = std::size_t{4} << 20;
constexpr std::size_t kMappedBytesMin = std::size_t{4} << 20;  // a smaller file is read

base::Finding missing_file(const std::string& path, const std::string& name) {
  const std::string folder = folder_of(path);
  const std::string own = fs::path(path).filename().string();
  if (!is_folder(folder)) {
    return base::failure("missing-file", {name, 0, 0}, "does not exist: its folder does not either",
                         "文件不存在：所在文件夹也不存在");
  }
  const std::string hint = base::nearest_name(own, names_in(folder));
  return base::failure(
      "missing-file", {name, 0, 0},
      hint.empty() ? "does not exist" : fmt::format("does not exist (did you mean \"{}\"?)", hint),
      hint.empty() ? "文件不存在" : fmt::format("文件不存在（是否指 \"{}\"？）", hint));
}

std::optional<base::Finding> cannot_read(const struct stat& info, const std::string& path,
                                         const std::string& name, std::uint64_t bytes_max) {
  if (S_ISDIR(info.st_mode)) {
    const std::vector<std::string> inside = names_in(path);
    const bool has_job = std::find(inside.begin(), inside.end(), "job.json") != inside.end();
    return base::failure(
        "not-a-file", {name, 0, 0},
        has_job ? fmt::format("is a folder, not a file (write {})", joined(name, "job.json"))
                : "is a folder, not a file (name a file in it)",
        has_job ? fmt::format("是文件夹，不是文件（请写 {}）", joined(name, "job.json"))
                : "是文件夹，不是文件（请写出其中的文件名）");
  }
  if (!S_ISREG(info.st_mode)) {
    return base::failure("not-a-file", {name, 0, 0},
                         "is not an ordinary file (a device or a pipe cannot be sealed)",
                         "不是普通文件（设备或管道无法封存）");
  }
  const auto size = static_cast<std::uint64_t>(info.st_size);
  if (size <= bytes_max) return std::nullopt;
  return base::failure(
      "file-too-large", {name, 0, 0},
      fmt::format("has {} MiB, more than the {} MiB allowed here (split it)", size >> 20,
                  bytes_max >> 20),
      fmt::format("大小为 {} MiB，超过此处允许的 {} MiB（请拆分）", size >> 20, bytes_max >> 20));
}

base::Finding unreadable(const std::string& name, int error) {
  return base::failure("unreadable-file", {name, 0, 0},
                       fmt::format("cannot be read: {}", std::strerror(error)),
                       fmt::format("无法读取：{}", std::strerror(error)));
}

// Reads to the end, but never more than `bytes_max`: a file may grow while it is read.
int read_all(int descriptor, std::size_t size_hint, std::uint64_t bytes_max, std::string& out) {
  out.reserve(size_hint + 1);
  for (;;) {
    const std::size_t had = out.size();
    const std::size_t piece =
        std::min(kPieceBytes, std::max<std::size_t>(size_hint + 1 - std::min(had, size_hint), 1));
    out.resize(had + piece);
    const ssize_t got = ::read(descriptor, out.data() + had, piece);
    if (got < 0 && errno == EINTR) {
      out.resize(had);
      continue;
    }
    out.resize(had + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0) return errno;
    if (got == 0) return 0;
    if (out.size() > bytes_max) return EFBIG;
  }
}

// The open file as pages of the system's own cache; empty where it cannot be mapped.
Bytes map_all(int descriptor, std::size_t size) {
  void* const at = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (at == MAP_FAILED) return {};
  ::madvise(at, size, MADV_SEQUENTIAL);
  const auto unmap = [size](const void* mapped) { ::munmap(const_cast<void*>(mapped), size); };
  return {std::string_view(static_cast<const char*>(at), size),
          std::shared_ptr<const void>(at, unmap)};
}

}  // namespace

base::Result<Bytes> read_file(const std::string& path, const std::string& name,
                              std::uint64_t bytes_max) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return missing_file(path, name);
    return unreadable(name, errno);
  }
  if (auto problem = cannot_read(info, path, name, bytes_max)) return *problem;
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return unreadable(name, errno);
  if (static_cast<std::size_t>(info.st_size) >= kMappedBytesMin) {
    // The size is asked again: only what the open file has now may be mapped.
    const bool is_same = ::fstat(descriptor, &info) == 0 && S_ISREG(info.st_mode) &&
                         static_cast<std::size_t>(info.st_size) >= kMappedBytesMin &&
                         static_cast<std::uint64_t>(info.st_size) <= bytes_max;
    const Bytes mapped =
        is_same ? map_all(descriptor, static_cast<std::size_t>(info.st_size)) : Bytes();
    if (mapped) {
      ::close(descriptor);
      return mapped;
    }
  }
  auto bytes = std::make_shared<std::string>();
  const int error = read_all(descriptor, static_cast<std::size_t>(info.st_size), bytes_max, *bytes);
  ::close(descriptor);
  if (error != 0) return unreadable(name, error);
  return Bytes(std::shared_ptr<const std::string>(std::move(bytes)));
}

std::string file_stamp(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return {};
  return fmt::format("{}:{}:{}:{}.{}", info.st_dev, info.st_ino, info.st_size, info.st_mtim.tv_sec,
                     info.st_mtim.tv_nsec);
}

base::Result<std::string> path_inside(const std::string& folder, const std::string& relative,
                                      const base::Place& place) {
  const auto leaves = [&](std::string_view en, std::string_view zh) {
    return base::failure("path-leaves-folder", place, fmt::format("\"{}\" {}", relative, en),
                         fmt::format("\"{}\" {}", relative, zh));
  };
  const fs::path asked(relative);
  if (relative.empty() || relative.find('\0') != std::string::npos) {
    return leaves("is not a file name", "不是文件名");
  }
  if (asked.is_absolute()) {
    return leaves("is an absolute path (write it relative to the job file's folder)",
                  "是绝对路径（请写相对于任务文件所在文件夹的路径）");
  }
  const std::string normal = asked.lexically_normal().generic_string();
  if (normal == ".." || normal.rfind("../", 0) == 0) {
    return leaves("leaves the job's folder (put the file into it)",
                  "超出任务文件夹（请把文件放入其中）");
  }
  const std::string path = joined(folder, relative);
  const fs::path root(real_path(folder));
  const fs::path target(real_path(path));
  const auto [rest, unused] = std::mismatch(root.begin(), root.end(), target.begin(), target.end());
  static_cast<void>(unused);
  if (rest != root.end()) {
    return leaves("leaves the job's folder through a symbolic link (put the file itself into it)",
                  "经由符号链接超出任务文件夹（请把文件本身放入其中）");
  }
  return path;
}

std::string folder_of(const std::string& path) {
  const std::string folder = fs::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

std::string joined(const std::string& folder, const std::string& relative) {
  if (folder.empty() || folder == ".") return relative;
  return (fs::path(folder) / relative).string();
}

bool is_folder(const std::string& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

bool exists(const std::string& path) {
  std::error_code error;
  return fs::exists(path, error);
}

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> out;
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    out.push_back(entry->path().filename().string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::string program_folder() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  return error ? "." : program.parent_path().string();
}

std::string real_path(const std::string& path) {
  std::error_code error;
  const fs::path real = fs::weakly_canonical(fs::absolute(path, error), error);
  return error ? path : real.string();
}

}  // namespace qz::job
