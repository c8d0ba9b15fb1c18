// Checksums as AIStore names and prints them (reference: rest-api 3.7). Values are lower-case hex.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"

namespace ais::codec {

/// Numbers are stored on disk: never change them. xxhash and xxhash2 are both XXH64 with seed 0.
enum class ChecksumType : uint8_t { kNone = 0, kXxhash = 1, kXxhash2 = 2, kMd5 = 3, kCrc32c = 4, kSha256 = 5, kSha512 = 6 };

std::string_view checksum_type_name(ChecksumType type);  // "none", "xxhash", ...
std::optional<ChecksumType> parse_checksum_type(std::string_view name);
/// Bytes of the raw digest: 0, 8, 8, 16, 4, 32, 64.
size_t checksum_size(ChecksumType type);
/// True where both names stand for one algorithm, so that equal bytes have equal values: equal types, and xxhash with xxhash2.
bool same_algorithm(ChecksumType a, ChecksumType b);
/// True for md5, sha256, sha512: a MiB costs milliseconds, so they belong on a pool, not on an event loop.
bool is_slow(ChecksumType type);

/// A type and its value; equal only when both agree.
struct Checksum {
  ChecksumType type = ChecksumType::kNone;
  std::string value;  // lower-case hex; empty for kNone
  bool operator==(const Checksum&) const = default;
  /// From a pair of headers (upper-case hex is lowered). kInvalidChecksum when the type is not known, kBadChecksum when the value is no
  /// checksum of that type: then no content can match.
  static Result<Checksum> parse(std::string_view type_name, std::string_view value);
};

/// kBadChecksum, "BAD DATA CHECKSUM: md5(<expected> != <actual>)": clients look for the words. `expected` as the client sent it. `context`,
/// when not empty, tells of what: " (context: <context>)".
Status bad_checksum(const Checksum& expected, const Checksum& actual, std::string_view context = "");

/// Hashes in passing. Not thread-safe. Reusable after reset().
class Hasher {
 public:
  explicit Hasher(ChecksumType type);
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  ~Hasher();
  ChecksumType type() const;
  void update(std::string_view bytes);
  /// The value over all updates so far; may be called again after more updates only following reset().
  Checksum finish();
  void reset();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

Checksum checksum_of(ChecksumType type, std::string_view bytes);

/// XXH64: names, placement and our own records.
uint64_t xxh64(std::string_view bytes, uint64_t seed = 0);
/// CRC-32C (Castagnoli) of bytes, continued from `crc` (0 at the start).
uint32_t crc32c(std::string_view bytes, uint32_t crc = 0);

}  // namespace ais::codec
