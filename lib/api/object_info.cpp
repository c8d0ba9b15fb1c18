// What object headers say, read back on the client's side.
#include "api/cluster_client.h"
#include "api/names.h"
#include "base/strings.h"

namespace ais::api {

ObjectInfo ObjectInfo::from_headers(const net::HeaderList& headers, std::optional<uint64_t> content_length) {
  ObjectInfo info;
  info.size = content_length.value_or(0);
  const auto type = headers.get(header::kChecksumType);
  const auto value = headers.get(header::kChecksumValue);
  if (type && value) {
    auto checksum = codec::Checksum::parse(*type, *value);
    if (checksum.ok() && checksum->type != codec::ChecksumType::kNone) info.checksum = std::move(*checksum);
  }
  info.version = std::string(headers.get_or_empty(header::kVersion));
  info.atime_ns = parse_int(headers.get_or_empty(header::kAtime));
  info.location = std::string(headers.get_or_empty(header::kLocation));
  info.present = parse_bool_lenient(headers.get_or_empty(header::kPresent));
  std::string_view etag = headers.get_or_empty("ETag");
  if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"') etag = etag.substr(1, etag.size() - 2);
  info.etag = std::string(etag);
  for (const net::Header& field : headers.all()) {
    if (!equals_ignore_case(field.name, header::kCustom)) continue;
    const size_t equals = field.value.find('=');
    if (equals == std::string_view::npos) continue;
    info.custom.emplace_back(std::string(field.value.substr(0, equals)), std::string(field.value.substr(equals + 1)));
  }
  return info;
}

}  // namespace ais::api
