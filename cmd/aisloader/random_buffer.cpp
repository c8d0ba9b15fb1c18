#include "aisloader/random_buffer.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace ais::loader {
namespace {

constexpr uint64_t kPage = 4096;

}  // namespace

// xorshift64*: the bytes need to be fast and incompressible, not unpredictable.
void fill_random(char* to, size_t size, uint64_t seed) {
  uint64_t state = seed * 0x9E3779B97F4A7C15ull | 1;
  for (size_t i = 0; i < size; i += 8) {
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    uint64_t word = state * 0x2545F4914F6CDD1Dull;
    std::memcpy(to + i, &word, std::min<size_t>(sizeof(word), size - i));
  }
}

Result<RandomBuffer> RandomBuffer::create(uint64_t size_max, uint64_t seed) {
  uint64_t length = (size_max + kStartsMax + kPage - 1) / kPage * kPage;
  uint64_t stretch = std::min(length, kStretch);
  int fd = memfd_create("aisloader", MFD_CLOEXEC);
  if (fd < 0) return Status::from_errno(errno, "memfd_create");
  void* base = MAP_FAILED;
  if (ftruncate(fd, static_cast<off_t>(stretch)) == 0)
    base = mmap(nullptr, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (base == MAP_FAILED) {
    Status failed = Status::from_errno(errno, "memory for PUT bodies");
    close(fd);
    return failed;
  }
  RandomBuffer out(static_cast<char*>(base), length);
  for (uint64_t offset = 0; offset < length; offset += stretch) {
    uint64_t part = std::min(stretch, length - offset);
    if (mmap(out.address_ + offset, part, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED) {
      Status failed = Status::from_errno(errno, "memory for PUT bodies");
      close(fd);
      return failed;
    }
  }
  close(fd);
  fill_random(out.address_, stretch, seed);
  return out;
}

RandomBuffer::RandomBuffer(RandomBuffer&& other) noexcept
    : address_(std::exchange(other.address_, nullptr)), length_(std::exchange(other.length_, 0)) {}

RandomBuffer::~RandomBuffer() {
  if (address_) munmap(address_, length_);
}

}  // namespace ais::loader
