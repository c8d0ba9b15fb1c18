// BodyMaker: the bytes of PUT bodies in the ways of --readertype: views of prepared memory (sg), ranges of a prepared file (file), bytes
// made for each PUT (rand), archives made for each PUT (tar). Written before the loops start, then only read: any thread may call it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "aisloader/random_buffer.h"
#include "base/status.h"

namespace ais::loader {

enum class ReaderType : uint8_t { kMemory, kFile, kRandom, kTar };

/// A body as the client sends it: text, or a range of a file. Valid as long as its maker and the buffer it was made in.
struct Body {
  std::string_view text;
  int fd = -1;
  uint64_t offset = 0, size = 0;  // of the file's range
};

class BodyMaker {
 public:
  struct Options {
    ReaderType type = ReaderType::kMemory;
    uint64_t size_max = 0;
    uint64_t workers = 1;
    uint64_t seed = 0;
    std::string directory;  // for the file
  };
  /// Bodies that are made anew need memory: of all workers together at most so much.
  static constexpr uint64_t kMadeBytesMax = 4ull << 30;

  /// kInvalid when bodies of this kind would need more.
  static Status check_memory(ReaderType type, uint64_t size_max, uint64_t workers);
  /// As check_memory(); kCapacityExceeded and others when the file cannot be written.
  static Result<BodyMaker> create(const Options& options);
  BodyMaker(BodyMaker&& other) noexcept;
  BodyMaker& operator=(BodyMaker&&) = delete;
  ~BodyMaker();

  /// A body of `size` <= size_max bytes. Equal sizes and salts of one seed make equal bodies. `buffer` is the worker's own and keeps the
  /// bytes where they have to be made.
  Body make(uint64_t size, uint64_t salt, std::vector<char>& buffer) const;
  /// The bytes of a body that this made.
  std::string_view bytes_of(const Body& body) const { return body.fd < 0 ? body.text : bytes_.all().substr(body.offset, body.size); }

 private:
  BodyMaker(ReaderType type, RandomBuffer bytes) : type_(type), bytes_(std::move(bytes)) {}
  Status write_file(const std::string& directory, uint64_t size);

  ReaderType type_;
  RandomBuffer bytes_;
  int fd_ = -1;
};

/// Sizes of TAR archives: multiples of a block, one file at least.
constexpr uint64_t kTarBlock = 512;
constexpr uint64_t kTarSizeMin = 4 * kTarBlock;
/// The largest size of an archive that is not above `size` >= kTarSizeMin.
constexpr uint64_t tar_size(uint64_t size) { return size / kTarBlock * kTarBlock; }
/// Writes an archive of exactly out.size() bytes, a tar_size(): about ten files with bytes of `content`, which is at least as long.
void write_tar(std::vector<char>& out, std::string_view content);

}  // namespace ais::loader
