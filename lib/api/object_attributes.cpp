#include "api/object_attributes.h"

#include <algorithm>
#include <array>

#include "api/names.h"
#include "base/strings.h"
#include "codec/utf8.h"
#include "meta/entity_tag.h"

namespace ais::api {
namespace {

constexpr size_t kVersionBytesMax = 256;

// Values may come from a PATCH body or from disk: nothing in them may end the header line.
void append_header(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ");
  const size_t begin = out.size();
  out.append(value);
  std::replace_if(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(), is_control, ' ');
  out.append("\r\n");
}

Status add_custom_pair(std::string_view text, meta::CustomPairs& pairs, size_t& bytes) {
  const size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0)
    return Status(Code::kInvalid, "invalid custom metadata \"" + std::string(text) + "\": expected key=value");
  const std::string key(trim(text.substr(0, equals)));
  const std::string value(text.substr(equals + 1));
  AIS_RETURN_IF_ERROR(check_custom_pair(key, value));
  bytes += key.size() + value.size();
  if (bytes > meta::kCustomBytesMax)
    return make_status(Code::kInvalid, "custom metadata is too large (the maximum is %zu bytes)", meta::kCustomBytesMax);
  const auto same = std::find_if(pairs.begin(), pairs.end(), [&](const auto& pair) { return pair.first == key; });
  if (same == pairs.end()) pairs.emplace_back(key, value);
  else same->second = value;
  return {};
}

Status read_checksum(const net::HeaderList& headers, PutAttributes& out) {
  const auto type = headers.get(header::kChecksumType);
  const auto value = headers.get(header::kChecksumValue);
  for (const std::string_view name : {header::kChecksumType, header::kChecksumValue}) {
    const auto is_it = [&](const net::Header& field) { return equals_ignore_case(field.name, name); };
    if (std::ranges::count_if(headers.all(), is_it) > 1)
      return Status(Code::kInvalidChecksum, std::string(name) + " is given more than once");
  }
  if (!value || value->empty()) {
    if (!type || type->empty() || *type == codec::checksum_type_name(codec::ChecksumType::kNone)) return {};
    return Status(Code::kInvalidChecksum, "checksum type \"" + std::string(*type) + "\" without a checksum value");
  }
  if (!type) return Status(Code::kInvalidChecksum, "checksum value without a checksum type");
  AIS_TRY(auto checksum, codec::Checksum::parse(*type, *value));
  if (checksum.type != codec::ChecksumType::kNone) out.checksum = std::move(checksum);
  return {};
}

Status read_generation(const net::HeaderList& headers, PutAttributes& out) {
  const auto text = headers.get(header::kGeneration);
  if (!text) return {};
  const size_t dot = text->find('.');
  const auto clock = parse_uint(text->substr(0, dot));
  const auto writer = dot == std::string_view::npos ? std::nullopt : parse_uint(text->substr(dot + 1));
  if (!clock || !writer) return Status(Code::kInvalid, "invalid generation \"" + std::string(*text) + "\"");
  out.generation = meta::Generation{*clock, *writer};
  return {};
}

// One header for all pairs: neither their number nor blanks at their ends meet the limits and rules of headers.
std::string custom_pairs_header(const meta::CustomPairs& pairs) {
  if (pairs.empty()) return "";
  std::string text;
  for (const auto& [key, value] : pairs) {
    if (!text.empty()) text.push_back('&');
    text.append(percent_encode(key)).append("=").append(percent_encode(value));
  }
  std::string out;
  append_header(out, header::kCustomPairs, text);
  return out;
}

Status read_custom_pairs_header(const net::HeaderList& headers, PutAttributes& out) {
  const auto text = headers.get(header::kCustomPairs);
  if (!text) return {};
  out.custom.clear();
  for (const std::string_view item : split(*text, '&')) {
    const size_t equals = item.find('=');
    if (equals == std::string_view::npos) return Status(Code::kInvalid, "custom pairs of a peer: pair without a value");
    auto key = percent_decode(item.substr(0, equals));
    auto value = percent_decode(item.substr(equals + 1));
    if (!key || !value) return Status(Code::kInvalid, "custom pairs of a peer: broken escape");
    out.custom.emplace_back(std::move(*key), std::move(*value));
  }
  return {};
}

}  // namespace

bool header_carries(std::string_view value) { return !has_control_bytes(value) && trim(value) == value; }

Status check_custom_pair(std::string_view key, std::string_view value) {
  if (key.empty()) return Status(Code::kInvalid, "custom metadata has an empty key");
  if (key.find('=') != std::string_view::npos) return Status(Code::kInvalid, "custom metadata has a key with \"=\"");
  if (trim(key) != key || !header_carries(std::string(key).append("=").append(value)))
    return Status(Code::kInvalid, "custom metadata \"" + codec::printable(key) +
                                      "\" contains a control character, or begins or ends with a blank, which headers cannot carry");
  return {};
}

std::string attribute_headers(const meta::ObjectMetadata& metadata, bool with_atime) {
  std::string out;
  out.reserve(192);
  if (metadata.checksum.type != codec::ChecksumType::kNone) {
    append_header(out, header::kChecksumType, codec::checksum_type_name(metadata.checksum.type));
    append_header(out, header::kChecksumValue, metadata.checksum.value);
  }
  if (with_atime && metadata.atime_ns > 0) append_header(out, header::kAtime, std::to_string(metadata.atime_ns));
  if (!metadata.version.empty()) append_header(out, header::kVersion, metadata.version);
  for (const auto& [key, value] : metadata.custom) append_header(out, header::kCustom, key + "=" + value);
  return out;
}

Result<PutAttributes> read_put_attributes(const net::HeaderList& headers) {
  PutAttributes out;
  AIS_RETURN_IF_ERROR(read_checksum(headers, out));
  AIS_RETURN_IF_ERROR(read_generation(headers, out));
  if (const auto version = headers.get(header::kVersion); version && !version->empty()) {
    if (version->size() > kVersionBytesMax || has_control_bytes(*version)) return Status(Code::kInvalid, "invalid object version");
    out.version = std::string(*version);
  }
  if (const auto atime = headers.get(header::kAtime)) {
    out.atime_ns = parse_int(*atime);
    if (!out.atime_ns || *out.atime_ns < 0) return Status(Code::kInvalid, "invalid access time \"" + std::string(*atime) + "\"");
  }
  size_t bytes = 0;
  for (const net::Header& field : headers.all()) {
    if (equals_ignore_case(field.name, header::kCustom)) AIS_RETURN_IF_ERROR(add_custom_pair(field.value, out.custom, bytes));
  }
  return out;
}

std::string copy_headers(const meta::ObjectMetadata& metadata) {
  meta::ObjectMetadata sent;
  sent.checksum = metadata.checksum;
  return attribute_headers(sent, false) + custom_pairs_header(metadata.custom);
}

std::string move_headers(const meta::ObjectMetadata& metadata, int64_t mtime_ns) {
  meta::ObjectMetadata sent = metadata;
  sent.custom.clear();
  std::string out = attribute_headers(sent, true) + custom_pairs_header(metadata.custom);
  append_header(out, header::kMoved, std::to_string(mtime_ns));
  return out;
}

Result<PutAttributes> read_peer_attributes(const net::HeaderList& headers) {
  AIS_TRY(PutAttributes out, read_put_attributes(headers));
  AIS_RETURN_IF_ERROR(read_custom_pairs_header(headers, out));
  if (const auto mtime = headers.get(header::kMoved)) {
    out.moved_mtime_ns = parse_int(*mtime);
    if (!out.moved_mtime_ns) return Status(Code::kInvalid, "invalid time of modification \"" + std::string(*mtime) + "\"");
  }
  return out;
}

std::string custom_text(const meta::CustomPairs& pairs) {
  static constexpr std::array<std::string_view, 7> kFirst = {"source", "ETag", "LastModified", "Last-Modified", "crc32c", "md5", "version"};
  if (pairs.empty()) return "";
  std::string out = "[";
  const auto append = [&](std::string_view key, std::string_view value) {
    if (out.size() > 1) out += ' ';
    out.append(key).append(":").append(value);
  };
  for (const std::string_view key : kFirst) {
    if (const std::string* value = meta::find_custom(pairs, key)) append(key, *value);
  }
  for (const auto& [key, value] : pairs) {
    if (std::find(kFirst.begin(), kFirst.end(), key) == kFirst.end()) append(key, value);
  }
  return out + "]";
}

Result<std::optional<ByteRange>> parse_range(std::string_view header, uint64_t size) {
  using Range = std::optional<ByteRange>;
  header = trim(header);
  if (header.empty()) return Range();
  const auto refuse = [&](std::string_view why) {
    return Status(Code::kRangeNotSatisfiable, "range \"" + std::string(header) + "\": " + std::string(why));
  };
  constexpr std::string_view kUnit = "bytes=";
  if (!header.starts_with(kUnit)) return refuse("malformed, expected bytes=first-last");
  const std::string_view spec = trim(header.substr(kUnit.size()));
  if (spec.find(',') != std::string_view::npos) return refuse("multiple ranges are not supported");
  const size_t dash = spec.find('-');
  if (dash == std::string_view::npos) return refuse("malformed, expected bytes=first-last");
  const std::string_view first_text = trim(spec.substr(0, dash));
  const std::string_view last_text = trim(spec.substr(dash + 1));
  if (first_text.empty()) {
    const auto suffix = parse_uint(last_text);
    if (!suffix) return refuse("malformed suffix");
    if (*suffix == 0 || size == 0) return refuse("nothing to send");
    const uint64_t length = std::min(*suffix, size);
    return Range(ByteRange{size - length, length});
  }
  const auto first = parse_uint(first_text);
  if (!first) return refuse("malformed first byte");
  uint64_t last = UINT64_MAX;
  if (!last_text.empty()) {
    const auto parsed = parse_uint(last_text);
    if (!parsed || *parsed < *first) return refuse("malformed last byte");
    last = *parsed;
  }
  if (*first >= size) return refuse("starts beyond the end of the object (size " + std::to_string(size) + ")");
  return Range(ByteRange{*first, std::min(last, size - 1) - *first + 1});
}

}  // namespace ais::api
