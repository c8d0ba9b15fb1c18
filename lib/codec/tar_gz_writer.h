// TarGzWriter: a .tar.gz made piece by piece (libarchive): what is ready is taken out after each call, so that an archive of any
// size passes through a bounded buffer. Not thread-safe. Errors are kInternal with the library's text.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"

namespace ais::codec {

class TarGzWriter {
 public:
  static Result<TarGzWriter> create();
  TarGzWriter(TarGzWriter&&) noexcept;
  TarGzWriter& operator=(TarGzWriter&&) noexcept;
  ~TarGzWriter();
  /// Begins a regular file of exactly `size` bytes: a file that is given fewer is filled up with zero bytes.
  Status begin_file(const std::string& name, uint64_t size, int64_t mtime_seconds);
  /// Bytes of the file that was begun; those beyond its size are dropped.
  Status write(std::string_view bytes);
  /// Ends the archive.
  Status finish();
  /// Compressed bytes made since the last call.
  std::string take();

 private:
  struct Impl;
  explicit TarGzWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace ais::codec
