#include "meta/object_metadata.h"

#include <cstring>

#include "base/strings.h"

namespace ais::meta {
namespace {

constexpr uint8_t kMagic = 0xA1;
constexpr uint8_t kFormatVersion = 1;
constexpr size_t kHeaderBytes = 6;  // magic, version, 4 bytes of checksum
constexpr size_t kEncodedBytesMax = 4096;
constexpr size_t kCustomPairsMax = 1024;

class Encoder {
 public:
  explicit Encoder(std::string& out) : out_(out) {}
  void varint(uint64_t value) {
    for (; value >= 0x80; value >>= 7) out_.push_back(static_cast<char>(value | 0x80));
    out_.push_back(static_cast<char>(value));
  }
  void fixed64(uint64_t value) { fixed(value, 8); }
  void fixed32(uint32_t value) { fixed(value, 4); }
  void text(std::string_view bytes) {
    varint(bytes.size());
    out_.append(bytes);
  }

 private:
  void fixed(uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out_.push_back(static_cast<char>(value >> (8 * i)));
  }
  std::string& out_;
};

/// Reads what Encoder wrote, from bytes that may be anything: after the first failure every read gives zeros and ok() is false.
class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : bytes_(bytes) {}
  bool ok() const { return ok_; }
  bool at_end() const { return position_ == bytes_.size(); }

  uint64_t varint() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      uint8_t byte = take();
      if (shift == 63 && byte > 1) break;
      // One spelling per number: a superfluous zero group would make two encodings of one value.
      if (shift > 0 && byte == 0) break;
      value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return ok_ ? value : 0;
    }
    ok_ = false;
    return 0;
  }
  uint64_t fixed64() { return fixed(8); }
  uint8_t byte() { return take(); }
  std::string_view bytes(uint64_t size) {
    if (!ok_ || size > bytes_.size() - position_) {
      ok_ = false;
      return {};
    }
    std::string_view result = bytes_.substr(position_, size);
    position_ += size;
    return result;
  }
  std::string_view text() { return bytes(varint()); }

 private:
  uint8_t take() {
    if (position_ < bytes_.size()) return static_cast<uint8_t>(bytes_[position_++]);
    ok_ = false;
    return 0;
  }
  uint64_t fixed(int count) {
    uint64_t value = 0;
    for (int i = 0; i < count; ++i) value |= static_cast<uint64_t>(take()) << (8 * i);
    return value;
  }
  std::string_view bytes_;
  size_t position_ = 0;
  bool ok_ = true;
};

uint32_t record_checksum(std::string_view fields) { return static_cast<uint32_t>(codec::xxh64(fields)); }

Status corrupt(const char* what) { return make_status(Code::kCorrupt, "object metadata: %s", what); }

}  // namespace

Result<std::string> ObjectMetadata::encode() const {
  std::optional<std::string> raw = from_hex(checksum.value);
  if (!raw || raw->size() != codec::checksum_size(checksum.type)) {
    return make_status(Code::kInvalid, "object metadata: checksum \"%s\" has the wrong length", checksum.value.c_str());
  }
  std::string out;
  out.reserve(80 + version.size() + true_name.size());
  out.push_back(static_cast<char>(kMagic));
  out.push_back(static_cast<char>(kFormatVersion));
  out.append(4, '\0');
  Encoder encoder(out);
  encoder.varint(size);
  out.push_back(static_cast<char>(checksum.type));
  out.append(*raw);
  encoder.text(version);
  encoder.fixed64(generation.clock);
  encoder.fixed64(generation.writer);
  encoder.fixed64(static_cast<uint64_t>(atime_ns));
  encoder.varint(custom.size());
  for (const auto& [key, value] : custom) {
    encoder.text(key);
    encoder.text(value);
  }
  encoder.text(true_name);
  if (out.size() > kEncodedBytesMax || custom.size() > kCustomPairsMax) {
    return make_status(Code::kInvalid, "object metadata of %zu bytes exceeds the limit of %zu", out.size(), kEncodedBytesMax);
  }
  uint32_t sum = record_checksum(std::string_view(out).substr(kHeaderBytes));
  for (int i = 0; i < 4; ++i) out[2 + i] = static_cast<char>(sum >> (8 * i));
  return out;
}

Result<ObjectMetadata> ObjectMetadata::decode(std::string_view bytes) {
  if (bytes.size() < kHeaderBytes || bytes.size() > kEncodedBytesMax) return corrupt("wrong length");
  if (static_cast<uint8_t>(bytes[0]) != kMagic) return corrupt("wrong magic");
  if (uint8_t version = static_cast<uint8_t>(bytes[1]); version != kFormatVersion) {
    if (version == 0) return corrupt("wrong format version");
    return make_status(Code::kUnsupported, "object metadata: format version %u is newer than this program", version);
  }
  uint32_t sum = 0;
  for (int i = 0; i < 4; ++i) sum |= static_cast<uint32_t>(static_cast<uint8_t>(bytes[2 + i])) << (8 * i);
  if (sum != record_checksum(bytes.substr(kHeaderBytes))) return corrupt("wrong checksum");

  Decoder in(bytes.substr(kHeaderBytes));
  ObjectMetadata metadata;
  metadata.size = in.varint();
  uint8_t type = in.byte();
  if (type > static_cast<uint8_t>(codec::ChecksumType::kSha512)) return corrupt("unknown checksum type");
  metadata.checksum.type = static_cast<codec::ChecksumType>(type);
  metadata.checksum.value = to_hex(in.bytes(codec::checksum_size(metadata.checksum.type)));
  metadata.version = in.text();
  metadata.generation.clock = in.fixed64();
  metadata.generation.writer = in.fixed64();
  metadata.atime_ns = static_cast<int64_t>(in.fixed64());
  uint64_t pairs = in.varint();
  if (pairs > kCustomPairsMax) return corrupt("too many custom pairs");
  for (uint64_t i = 0; i < pairs && in.ok(); ++i) {
    std::string_view key = in.text();
    std::string_view value = in.text();
    metadata.custom.emplace_back(key, value);
  }
  metadata.true_name = in.text();
  if (!in.ok() || !in.at_end()) return corrupt("wrong length of a field");
  return metadata;
}

}  // namespace ais::meta
