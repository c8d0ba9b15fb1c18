#include "codec/checksum.h"

#include <isa-l/crc.h>
#include <openssl/evp.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>

#include "base/assert.h"
#include "base/strings.h"

namespace ais::codec {
namespace {

struct TypeRow {
  ChecksumType type;
  std::string_view name;
  size_t size;
};
constexpr TypeRow kTypes[] = {
    {ChecksumType::kNone, "none", 0},      {ChecksumType::kXxhash, "xxhash", 8}, {ChecksumType::kXxhash2, "xxhash2", 8},
    {ChecksumType::kMd5, "md5", 16},       {ChecksumType::kCrc32c, "crc32c", 4}, {ChecksumType::kSha256, "sha256", 32},
    {ChecksumType::kSha512, "sha512", 64},
};

const TypeRow& row_of(ChecksumType type) {
  for (const TypeRow& row : kTypes)
    if (row.type == type) return row;
  AIS_UNREACHABLE("checksum type");
}

const EVP_MD* digest_of(ChecksumType type) {
  switch (type) {
    case ChecksumType::kMd5: return EVP_md5();
    case ChecksumType::kSha256: return EVP_sha256();
    case ChecksumType::kSha512: return EVP_sha512();
    default: return nullptr;
  }
}

std::string big_endian_hex(uint64_t value, size_t bytes) {
  std::string raw;
  for (size_t i = bytes; i-- > 0;) raw.push_back(static_cast<char>(value >> (8 * i)));
  return to_hex(raw);
}

}  // namespace

std::string_view checksum_type_name(ChecksumType type) { return row_of(type).name; }

std::optional<ChecksumType> parse_checksum_type(std::string_view name) {
  for (const TypeRow& row : kTypes)
    if (row.name == name) return row.type;
  return std::nullopt;
}

size_t checksum_size(ChecksumType type) { return row_of(type).size; }

bool same_algorithm(ChecksumType a, ChecksumType b) {
  auto is_xxh64 = [](ChecksumType type) { return type == ChecksumType::kXxhash || type == ChecksumType::kXxhash2; };
  return a == b || (is_xxh64(a) && is_xxh64(b));
}

bool is_slow(ChecksumType type) { return digest_of(type) != nullptr; }

constexpr size_t kShownMax = 128;  // bytes of a client's value that an error repeats

Result<Checksum> Checksum::parse(std::string_view type_name, std::string_view value) {
  auto type = parse_checksum_type(type_name);
  if (!type) return Status(Code::kInvalidChecksum, "invalid checksum type \"" + std::string(type_name) + "\"");
  if (value.size() != 2 * checksum_size(*type) || !from_hex(value))
    return make_status(Code::kBadChecksum, "BAD DATA CHECKSUM: %.*s(%.*s) does not have %zu hex digits", static_cast<int>(type_name.size()),
                       type_name.data(), static_cast<int>(std::min<size_t>(value.size(), kShownMax)), value.data(),
                       2 * checksum_size(*type));
  Checksum checksum;
  checksum.type = *type;
  checksum.value = to_lower(value);
  return checksum;
}

Status bad_checksum(const Checksum& expected, const Checksum& actual, std::string_view context) {
  std::string text = "BAD DATA CHECKSUM: ";
  text.append(checksum_type_name(expected.type)).append("(").append(expected.value).append(" != ").append(actual.value).append(")");
  if (!context.empty()) text.append(" (context: ").append(context).append(")");
  return Status(Code::kBadChecksum, std::move(text));
}

struct Hasher::Impl {
  explicit Impl(ChecksumType t) : type(t) {
    if (is_slow(type)) context = EVP_MD_CTX_new();
    AIS_ASSERT(!is_slow(type) || context != nullptr);
    start();
  }
  ~Impl() { EVP_MD_CTX_free(context); }
  void start() {
    crc = 0;
    XXH64_reset(&xxh, 0);
    if (context) AIS_ASSERT(EVP_DigestInit_ex(context, digest_of(type), nullptr) == 1);
  }

  ChecksumType type;
  uint32_t crc = 0;
  XXH64_state_t xxh;
  EVP_MD_CTX* context = nullptr;
};

Hasher::Hasher(ChecksumType type) : impl_(std::make_unique<Impl>(type)) {}
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;
ChecksumType Hasher::type() const { return impl_->type; }
void Hasher::reset() { impl_->start(); }

void Hasher::update(std::string_view bytes) {
  if (bytes.empty()) return;
  switch (impl_->type) {
    case ChecksumType::kNone: return;
    case ChecksumType::kXxhash:
    case ChecksumType::kXxhash2: XXH64_update(&impl_->xxh, bytes.data(), bytes.size()); return;
    case ChecksumType::kCrc32c: impl_->crc = crc32c(bytes, impl_->crc); return;
    default: AIS_ASSERT(EVP_DigestUpdate(impl_->context, bytes.data(), bytes.size()) == 1);
  }
}

Checksum Hasher::finish() {
  Checksum checksum;
  checksum.type = impl_->type;
  switch (impl_->type) {
    case ChecksumType::kNone: break;
    case ChecksumType::kXxhash:
    case ChecksumType::kXxhash2: checksum.value = big_endian_hex(XXH64_digest(&impl_->xxh), 8); break;
    case ChecksumType::kCrc32c: checksum.value = big_endian_hex(impl_->crc, 4); break;
    default: {
      unsigned char raw[EVP_MAX_MD_SIZE];
      unsigned length = 0;
      AIS_ASSERT(EVP_DigestFinal_ex(impl_->context, raw, &length) == 1);
      checksum.value = to_hex({reinterpret_cast<const char*>(raw), length});
    }
  }
  return checksum;
}

Checksum checksum_of(ChecksumType type, std::string_view bytes) {
  Hasher hasher(type);
  hasher.update(bytes);
  return hasher.finish();
}

uint64_t xxh64(std::string_view bytes, uint64_t seed) { return XXH64(bytes.data(), bytes.size(), seed); }

uint32_t crc32c(std::string_view bytes, uint32_t crc) {
  // ISA-L takes an int length and leaves both inversions to the caller.
  constexpr size_t kStride = size_t{1} << 30;
  crc = ~crc;
  while (!bytes.empty()) {
    size_t length = std::min(bytes.size(), kStride);
    auto* data = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data()));
    crc = crc32_iscsi(data, static_cast<int>(length), crc);
    bytes.remove_prefix(length);
  }
  return ~crc;
}

}  // namespace ais::codec
