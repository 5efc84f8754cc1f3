// Files: the one door to the file system below the command line. Reading whole files with limits
// and errors a person can act on; writing sets of files so that either all or none of them change.

#ifndef QZ_JOB_FILES_H_
#define QZ_JOB_FILES_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/finding.h"
#include "base/result.h"

namespace qz::job {

using base::Bytes;

inline constexpr std::uint64_t kTableBytesMax = std::uint64_t{4} << 30;      // one input file
inline constexpr std::uint64_t kDocumentBytesMax = std::uint64_t{64} << 20;  // a job, a pack, units
inline constexpr std::uint64_t kLedgerBytesMax = std::uint64_t{16} << 30;

// The whole file. `name` is what messages call it. Refused: missing (with the nearest name in its
// folder), a folder, a device or pipe, unreadable, larger than `bytes_max`; told before reading, so
// that no size of file costs memory. A large file is mapped, not copied: who reads it must be sure
// that it is still the same when he is done (file_stamp). If somebody cuts it off meanwhile, the
// system ends the program with SIGBUS; staged files are removed then, and nothing is written.
base::Result<Bytes> read_file(const std::string& path, const std::string& name,
                              std::uint64_t bytes_max);

// What tells that a file is still the one that was read: its number, size and time of change.
// Empty where there is no such file.
std::string file_stamp(const std::string& path);

// `folder`/`relative` if that stays inside `folder`, by its spelling and after symbolic links;
// the failure "path-leaves-folder" otherwise. The file need not exist.
base::Result<std::string> path_inside(const std::string& folder, const std::string& relative,
                                      const base::Place& place);

// "a/b" -> "a"; "b" -> ".".
std::string folder_of(const std::string& path);
std::string joined(const std::string& folder, const std::string& relative);
bool is_folder(const std::string& path);
bool exists(const std::string& path);
// Names in a folder, sorted by bytes; empty where it cannot be read.
std::vector<std::string> names_in(const std::string& folder);
// The folder of the running program.
std::string program_folder();
// `path` without symbolic links and dots, absolute; unchanged where that fails.
std::string real_path(const std::string& path);

// Files written beside their places under temporary names, and moved there together.
// What is not committed leaves nothing behind: neither on destruction nor on a signal (see below).
class StagedFiles {
 public:
  StagedFiles() = default;
  ~StagedFiles();
  StagedFiles(const StagedFiles&) = delete;
  StagedFiles& operator=(const StagedFiles&) = delete;

  // Creates the folder if it is absent (and takes it away again if nothing is committed). The value
  // is the number to write to.
  base::Result<std::size_t> open(const std::string& path);
  void write(std::size_t file, std::string_view bytes);
  // Moves every file to its place. A failure (a full disk, a folder in the way) moves none that can
  // be told beforehand.
  std::optional<base::Finding> commit();

 private:
  struct File {
    std::string path;
    std::string staged;
    int descriptor = -1;
    std::string buffer;
    int error = 0;
  };
  void flush(File& file);
  std::optional<base::Finding> close_all();
  void discard();

  std::vector<File> files_;
  std::vector<std::string> created_folders_;
};

// From now on SIGINT, SIGTERM and SIGHUP remove staged files before the program ends.
void remove_staged_files_on_signals();

}  // namespace qz::job

#endif  // QZ_JOB_FILES_H_
