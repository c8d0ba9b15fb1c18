// BufferPool: 16 KiB buffers of one loop, kept for reuse up to a bound. Loop thread only.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace ais::net {

class BufferPool {
 public:
  static constexpr size_t kBufferBytes = 16 * 1024;
  static constexpr size_t kKeptMax = 256;

  std::unique_ptr<char[]> take() {
    if (kept_.empty()) return std::unique_ptr<char[]>(new char[kBufferBytes]);
    std::unique_ptr<char[]> buffer = std::move(kept_.back());
    kept_.pop_back();
    return buffer;
  }
  /// Only buffers of kBufferBytes.
  void give(std::unique_ptr<char[]> buffer) {
    if (kept_.size() < kKeptMax) kept_.push_back(std::move(buffer));
  }

 private:
  std::vector<std::unique_ptr<char[]>> kept_;
};

/// Received bytes: [begin, end) of a buffer from the pool that grows to a larger one only when asked. Holds no memory when released.
class InputBuffer {
 public:
  bool allocated() const { return data_ != nullptr; }
  void allocate(BufferPool& pool) {
    data_ = pool.take();
    capacity_ = BufferPool::kBufferBytes;
    begin_ = end_ = 0;
  }
  void release(BufferPool& pool) {
    if (data_ && capacity_ == BufferPool::kBufferBytes) pool.give(std::move(data_));
    data_.reset();
    capacity_ = begin_ = end_ = 0;
  }
  /// Makes room for at least `size` bytes after end(); views into the buffer become invalid when it returns true.
  bool reserve_free(size_t size);
  /// Moves the bytes in use to `offset`.
  void move_to(size_t offset);

  char* at(size_t offset) { return data_.get() + offset; }
  char* begin() { return data_.get() + begin_; }
  char* free_begin() { return data_.get() + end_; }
  size_t size() const { return end_ - begin_; }
  size_t free_size() const { return capacity_ - end_; }
  size_t begin_offset() const { return begin_; }
  void added(size_t bytes) { end_ += bytes; }
  void consumed(size_t bytes) { begin_ += bytes; }

 private:
  std::unique_ptr<char[]> data_;
  size_t capacity_ = 0;
  size_t begin_ = 0;
  size_t end_ = 0;
};

}  // namespace ais::net
