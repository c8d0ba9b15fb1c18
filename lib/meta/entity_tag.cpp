#include "meta/entity_tag.h"

#include <algorithm>

namespace ais::meta {
namespace {

std::string base36(uint64_t value) {
  std::string digits;
  do {
    digits += "0123456789abcdefghijklmnopqrstuvwxyz"[value % 36];
    value /= 36;
  } while (value != 0);
  std::reverse(digits.begin(), digits.end());
  return digits;
}

/// What may stand between the quotes: visible ASCII but the quote, and bytes from 0x80 on.
bool is_tag_value(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte != '"' && byte != 0x7f;
  });
}

/// A user's pair may hold anything: what cannot be a tag is none.
bool read_custom_tag(std::string_view text, EntityTag& tag) {
  const bool weak = text.starts_with("W/\"");
  if (weak) text.remove_prefix(2);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  if (!is_tag_value(text)) return false;
  tag = {std::string(text), weak};
  return true;
}

}  // namespace

std::string EntityTag::text() const {
  std::string out = weak ? "W/\"" : "\"";
  return out.append(value).append("\"");
}

const std::string* find_custom(const CustomPairs& pairs, std::string_view key) {
  for (const auto& pair : pairs) {
    if (pair.first == key) return &pair.second;
  }
  return nullptr;
}

EntityTag entity_tag(const ObjectMetadata& metadata, int64_t mtime_ns) {
  EntityTag tag;
  if (const std::string* custom = find_custom(metadata.custom, "ETag"); custom && read_custom_tag(*custom, tag)) return tag;
  if (metadata.checksum.type == codec::ChecksumType::kMd5) {
    tag.value = metadata.checksum.value;
  } else if (metadata.checksum.type != codec::ChecksumType::kNone) {
    tag.value = "v1-" + metadata.checksum.value + "-" + base36(static_cast<uint64_t>(std::max<int64_t>(mtime_ns, 0)));
  } else {
    tag.value = "g1-" + base36(metadata.generation.clock) + "-" + base36(metadata.generation.writer);
  }
  return tag;
}

}  // namespace ais::meta
