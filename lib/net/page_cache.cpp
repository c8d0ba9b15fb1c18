#include "net/page_cache.h"

#include <errno.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>

namespace ais::net {
namespace {

constexpr uint64_t kPageBytes = 4096;
constexpr uint64_t kProbeDistance = 256 * 1024;
constexpr long kCachestatNumber = 451;  // newer than the headers that this is built with; the same on all architectures

struct CachestatRange {
  uint64_t offset;
  uint64_t length;
};
struct Cachestat {
  uint64_t cached;
  uint64_t dirty;
  uint64_t writeback;
  uint64_t evicted;
  uint64_t recently_evicted;
};

std::atomic<bool> g_has_cachestat{true};

enum class Answer { kYes, kNo, kUnknown };

Answer ask_cachestat(int fd, uint64_t offset, uint64_t length) {
  if (!g_has_cachestat.load(std::memory_order_relaxed)) return Answer::kUnknown;
  CachestatRange range{offset, length};
  Cachestat found{};
  if (syscall(kCachestatNumber, fd, &range, &found, 0) != 0) {
    if (errno == ENOSYS) g_has_cachestat.store(false, std::memory_order_relaxed);
    return Answer::kUnknown;
  }
  uint64_t pages = (offset + length - 1) / kPageBytes - offset / kPageBytes + 1;
  return found.cached >= pages ? Answer::kYes : Answer::kNo;
}

bool is_byte_cached(int fd, uint64_t offset) {
  char byte;
  iovec part{&byte, 1};
  ssize_t n = preadv2(fd, &part, 1, static_cast<off_t>(offset), RWF_NOWAIT);
  return n >= 0 || errno != EAGAIN;
}

}  // namespace

bool is_in_page_cache(int fd, uint64_t offset, uint64_t length, bool thorough) {
  if (length == 0) return true;
  Answer answer = ask_cachestat(fd, offset, length);
  if (answer == Answer::kNo) return false;
  if (answer == Answer::kYes && !thorough) return true;
  for (uint64_t at = offset; at < offset + length; at += kProbeDistance)
    if (!is_byte_cached(fd, at)) return false;
  return is_byte_cached(fd, offset + length - 1);
}

}  // namespace ais::net
