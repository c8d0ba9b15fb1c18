// Object metadata as a damaged or hostile disk may hold it. What decodes must encode to the same bytes again. Since random bytes
// hardly ever carry the right checksum, each input is also tried with its header made right.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "codec/checksum.h"
#include "meta/object_metadata.h"

namespace {

constexpr size_t kHeaderBytes = 6;

void check(const std::string& bytes) {
  auto metadata = ais::meta::ObjectMetadata::decode(bytes);
  if (!metadata.ok()) return;
  auto again = metadata->encode();
  if (!again.ok() || *again != bytes) abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  check(bytes);
  std::string right("\xa1\x01\0\0\0\0", kHeaderBytes);
  right += bytes;
  uint64_t sum = ais::codec::xxh64(std::string_view(right).substr(kHeaderBytes));
  for (int i = 0; i < 4; ++i) right[2 + i] = static_cast<char>(sum >> (8 * i));
  check(right);
  return 0;
}
