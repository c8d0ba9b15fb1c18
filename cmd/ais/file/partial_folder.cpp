#include "ais/file/partial_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <vector>

namespace ais::cli {
namespace fs = std::filesystem;
namespace {

std::mutex g_mutex;
std::vector<std::string> g_folders;  // of this process

constexpr mode_t kMark = 01700;

bool has_mark(const struct stat& info) { return S_ISDIR(info.st_mode) && (info.st_mode & 07777) == kMark; }

bool is_name_of_file(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// The folder and the files that were made in it; it stays when there is anything else.
void remove_folder(const std::string& path) {
  std::error_code error;
  std::vector<std::string> files;
  for (fs::directory_iterator entries(path, error); !error && entries != fs::directory_iterator(); entries.increment(error))
    if (is_name_of_file(entries->path().filename().string())) files.push_back(entries->path().string());
  for (const std::string& file : files) unlink(file.c_str());
  rmdir(path.c_str());
}

/// Folders of runs that are gone: nobody holds their lock.
void remove_stale(const std::string& parent) {
  std::error_code error;
  fs::directory_iterator entries(parent, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    const fs::path& path = entries->path();
    if (!path.filename().string().starts_with(PartialFolder::kPrefix)) continue;
    int fd = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) continue;
    struct stat info {};
    if (flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &info) == 0 && has_mark(info)) remove_folder(path.string());
    close(fd);
  }
}

/// Locks the folder; false when another run took it for a stale one in between and removed it.
Result<int> lock_folder(const std::string& path) {
  int fd = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return -1;
  if (fd < 0) return Status::from_errno(errno, path);
  struct stat info {};
  bool locked = flock(fd, LOCK_EX) == 0;
  if (locked) fchmod(fd, kMark);  // under the lock: from now on it may be taken for what a killed run left
  if (locked && fstat(fd, &info) == 0 && info.st_nlink > 0 && access(path.c_str(), F_OK) == 0) return fd;
  close(fd);
  if (!locked && errno != EINTR) return Status::from_errno(errno, path);
  return -1;
}

}  // namespace

bool PartialFolder::is_one(const std::string& path) {
  struct stat info {};
  return path.substr(path.rfind('/') + 1).starts_with(kPrefix) && lstat(path.c_str(), &info) == 0 && has_mark(info);
}

Status PartialFolder::open_folder() {
  std::lock_guard guard(mutex_);
  if (ready_.load(std::memory_order_relaxed)) return {};
  std::string parent = parent_.empty() ? "." : parent_;
  remove_stale(parent);
  constexpr int kAttempts = 10;
  for (int attempt = 0; lock_ < 0 && attempt < kAttempts; ++attempt) {
    std::string path = parent + "/" + kPrefix + "XXXXXX";
    if (!mkdtemp(path.data()))
      return Status::from_errno(errno, "nothing can be written in " + (parent_.empty() ? "this directory" : parent_));
    AIS_TRY(lock_, lock_folder(path));
    path_ = std::move(path);
  }
  if (lock_ < 0) return {Code::kInputOutput, parent + ": another program removes what is made there"};
  {
    std::lock_guard global(g_mutex);
    g_folders.push_back(path_);
  }
  ready_.store(true, std::memory_order_release);
  return {};
}

Result<PartialFolder::File> PartialFolder::create_file() {
  if (!ready_.load(std::memory_order_acquire)) AIS_RETURN_IF_ERROR(open_folder());
  File file;
  file.path = path_ + "/" + std::to_string(next_.fetch_add(1, std::memory_order_relaxed));
  constexpr mode_t kMode = 0666;
  file.fd = open(file.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kMode);
  if (file.fd < 0) return Status::from_errno(errno, "nothing can be written in " + (parent_.empty() ? "this directory" : parent_));
  return file;
}

PartialFolder::~PartialFolder() {
  if (lock_ < 0) return;
  remove_folder(path_);
  close(lock_);
  std::lock_guard guard(g_mutex);
  std::erase(g_folders, path_);
}

void PartialFolder::remove_all() {
  std::lock_guard guard(g_mutex);
  for (const std::string& folder : g_folders) remove_folder(folder);
}

}  // namespace ais::cli
