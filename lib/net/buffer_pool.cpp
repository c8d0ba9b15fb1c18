#include "net/buffer_pool.h"

#include <algorithm>
#include <cstring>

namespace ais::net {

bool InputBuffer::reserve_free(size_t size) {
  if (free_size() >= size) return false;
  size_t capacity = std::max(capacity_ * 2, end_ + size);
  std::unique_ptr<char[]> larger(new char[capacity]);
  if (end_ > 0) memcpy(larger.get(), data_.get(), end_);
  data_ = std::move(larger);
  capacity_ = capacity;
  return true;
}

void InputBuffer::move_to(size_t offset) {
  size_t bytes = size();
  if (bytes > 0 && begin_ != offset) memmove(data_.get() + offset, data_.get() + begin_, bytes);
  begin_ = offset;
  end_ = offset + bytes;
}

}  // namespace ais::net
