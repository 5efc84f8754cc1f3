// Files, writing: temporary names in the target's own folder, then renames, which are atomic there.

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "job/files.h"

namespace qz::job {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBufferBytes = std::size_t{1} << 20;

// Names that a signal handler may read at any moment: fixed slots, each set by one atomic store.
constexpr std::size_t kSlots = 64;
std::array<std::atomic<char*>, kSlots> staged_names{};

void remember(const std::string& name) {
  char* const copy = ::strdup(name.c_str());
  for (auto& slot : staged_names) {
    char* empty = nullptr;
    if (slot.compare_exchange_strong(empty, copy)) return;
  }
  ::free(copy);  // more files at once than anybody stages: only a signal would miss it
}

void forget(const std::string& name) {
  for (auto& slot : staged_names) {
    char* const held = slot.load();
    if (held != nullptr && name == held && slot.exchange(nullptr) == held) {
      ::free(held);
      return;
    }
  }
}

// SIGBUS: a mapped file was cut off while it was read. What was staged of it is removed too.
extern "C" void end_by_signal(int number) {
  for (auto& slot : staged_names) {
    if (const char* name = slot.load()) ::unlink(name);
  }
  ::signal(number, SIG_DFL);
  ::raise(number);
}

base::Finding cannot_write(const std::string& path, int error) {
  return base::failure("cannot-write", {path, 0, 0},
                       fmt::format("cannot be written: {}", std::strerror(error)),
                       fmt::format("无法写入：{}", std::strerror(error)));
}

}  // namespace

void remove_staged_files_on_signals() {
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGBUS}) {
    struct sigaction action {};
    action.sa_handler = end_by_signal;
    ::sigaction(number, &action, nullptr);
  }
}

StagedFiles::~StagedFiles() { discard(); }

base::Result<std::size_t> StagedFiles::open(const std::string& path) {
  const std::string folder = folder_of(path);
  std::error_code error;
  for (fs::path missing = folder; !missing.empty() && !fs::exists(missing, error);
       missing = missing.parent_path()) {
    created_folders_.push_back(missing.string());  // deepest first
  }
  fs::create_directories(folder, error);
  if (error) return cannot_write(folder, error.value());
  if (is_folder(path)) {
    return base::failure("cannot-write", {path, 0, 0}, "is a folder where a file should go",
                         "应写文件之处是文件夹");
  }
  File file;
  file.path = path;
  file.staged = path + ".XXXXXX";
  file.descriptor = ::mkostemp(file.staged.data(), O_CLOEXEC);
  if (file.descriptor < 0) return cannot_write(path, errno);
  remember(file.staged);
  ::fchmod(file.descriptor, 0644);
  file.buffer.reserve(kBufferBytes);
  files_.push_back(std::move(file));
  return files_.size() - 1;
}

void StagedFiles::write(std::size_t number, std::string_view bytes) {
  File& file = files_[number];
  if (file.buffer.size() + bytes.size() > kBufferBytes) flush(file);
  if (bytes.size() < kBufferBytes) {
    file.buffer.append(bytes);
    return;
  }
  file.buffer.assign(bytes);
  flush(file);
}

void StagedFiles::flush(File& file) {
  std::string_view left = file.buffer;
  while (!left.empty() && file.error == 0) {
    const ssize_t put = ::write(file.descriptor, left.data(), left.size());
    if (put >= 0) {
      left.remove_prefix(static_cast<std::size_t>(put));
    } else if (errno != EINTR) {
      file.error = errno;
    }
  }
  file.buffer.clear();
}

std::optional<base::Finding> StagedFiles::close_all() {
  for (File& file : files_) {
    if (file.descriptor < 0) continue;
    flush(file);
    if (::fsync(file.descriptor) != 0 && errno != EINVAL && file.error == 0) file.error = errno;
    if (::close(file.descriptor) != 0 && file.error == 0) file.error = errno;
    file.descriptor = -1;
  }
  for (const File& file : files_) {
    if (file.error != 0) return cannot_write(file.path, file.error);
  }
  return std::nullopt;
}

std::optional<base::Finding> StagedFiles::commit() {
  if (auto problem = close_all()) return problem;
  for (File& file : files_) {
    if (::rename(file.staged.c_str(), file.path.c_str()) != 0)
      return cannot_write(file.path, errno);
    forget(file.staged);
    file.staged.clear();
  }
  files_.clear();
  created_folders_.clear();
  return std::nullopt;
}

void StagedFiles::discard() {
  for (File& file : files_) {
    if (file.descriptor >= 0) ::close(file.descriptor);
    if (file.staged.empty()) continue;
    ::unlink(file.staged.c_str());
    forget(file.staged);
  }
  files_.clear();
  std::error_code ignored;  // a folder with something in it stays
  for (const std::string& folder : created_folders_) fs::remove(folder, ignored);
  created_folders_.clear();
}

}  // namespace qz::job
