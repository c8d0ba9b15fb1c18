#include "store/buffer_pool.h"

#include <sys/mman.h>

#include <cstdlib>

#include "base/assert.h"

namespace ais::store {
namespace {
constexpr size_t kAlignment = 4096;
constexpr size_t kMappedFrom = 64 * kKiB;  // from here on memory is mapped, so that freeing returns it to the system
// Buffers kept for reuse, per class: what a few busy connections turn over.
constexpr std::array<size_t, BufferPool::kClasses.size()> kKept = {64, 32, 16, 4, 2, 6};
}  // namespace

BufferPool::~BufferPool() {
  for (size_t i = 0; i < kClasses.size(); ++i) {
    for (char* data : free_[i]) release({data, kClasses[i]});
  }
}

size_t BufferPool::class_of(size_t size) {
  size_t i = 0;
  while (i + 1 < kClasses.size() && kClasses[i] < size) ++i;
  return i;
}

Buffer BufferPool::take(size_t size) {
  size_t index = class_of(size);
  size = kClasses[index];
  {
    std::lock_guard lock(mutex_);
    if (used_ != 0 && used_ + size > bytes_max_) return {};
    used_ += size;
    if (!free_[index].empty()) {
      char* data = free_[index].back();
      free_[index].pop_back();
      return {data, size};
    }
  }
  void* data = nullptr;
  if (size >= kMappedFrom) {
    data = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (data == MAP_FAILED) data = nullptr;
  } else {
    data = aligned_alloc(kAlignment, size);
  }
  AIS_ASSERT_MSG(data != nullptr, "out of memory for body buffers");
  return {static_cast<char*>(data), size};
}

void BufferPool::give_back(Buffer buffer) {
  if (!buffer) return;
  std::vector<UniqueFunction<void()>> wake;
  {
    std::lock_guard lock(mutex_);
    used_ -= buffer.size;
    size_t index = class_of(buffer.size);
    if (free_[index].size() < kKept[index]) {
      free_[index].push_back(std::exchange(buffer.data, nullptr));
    }
    // One waiter for each buffer; all of them when there is plenty, so that none is forgotten after the last return.
    size_t count = used_ <= bytes_max_ / 2 ? waiting_.size() : std::min<size_t>(waiting_.size(), 1);
    for (; count > 0; --count) {
      wake.push_back(std::move(waiting_.front()));
      waiting_.pop_front();
    }
  }
  if (buffer.data) release(buffer);
  for (UniqueFunction<void()>& callback : wake) callback();
}

void BufferPool::on_available(UniqueFunction<void()> callback) {
  {
    std::lock_guard lock(mutex_);
    if (used_ > bytes_max_ / 2) {
      waiting_.push_back(std::move(callback));
      return;
    }
  }
  callback();
}

uint64_t BufferPool::used() const {
  std::lock_guard lock(mutex_);
  return used_;
}

void BufferPool::release(Buffer buffer) {
  if (buffer.size >= kMappedFrom) {
    munmap(buffer.data, buffer.size);
  } else {
    free(buffer.data);
  }
}

}  // namespace ais::store
