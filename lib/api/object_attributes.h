// Object attributes as headers, both directions (rest-api 0.7, 2.5): what a target sends with an object and what a client or
// peer sends with a PUT.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "meta/object_metadata.h"
#include "net/http_types.h"

namespace ais::api {

/// "Ais-Checksum-Type: ..\r\nAis-Checksum-Value: ..\r\nAis-Atime: ..\r\nAis-Version: ..\r\nAis-Custom-Md: k=v\r\n...". `with_atime` false
/// leaves Ais-Atime out (it changes while the rest does not).
std::string attribute_headers(const meta::ObjectMetadata& metadata, bool with_atime);

/// True when a header line carries the value as it is: no control bytes, no blanks at its ends. Other bytes pass, UTF-8 or not.
bool header_carries(std::string_view value);
/// Custom pairs travel as header lines "Ais-Custom-Md: key=value", which carry any bytes but control characters, and lose blanks at their
/// ends. kInvalid for a pair that would not arrive as it is: an empty key, '=' in the key, such bytes, such blanks.
Status check_custom_pair(std::string_view key, std::string_view value);

/// What a PUT's headers ask for. kInvalidChecksum (also half of one, or two); kInvalid (bad custom pair, more than 2048 bytes, bad bytes).
struct PutAttributes {
  std::optional<codec::Checksum> checksum;
  std::optional<std::string> version;
  std::optional<int64_t> atime_ns;
  meta::CustomPairs custom;
  std::optional<meta::Generation> generation;  // from peers only
  std::optional<int64_t> moved_mtime_ns;       // from peers only: the object keeps all it had under its old name, this time as well
};
Result<PutAttributes> read_put_attributes(const net::HeaderList& headers);

/// What a target sends along with an object that it copies to another target: checksum and custom pairs. What the copy gets besides
/// follows from its bucket.
std::string copy_headers(const meta::ObjectMetadata& metadata);
/// The same for a rename: everything.
std::string move_headers(const meta::ObjectMetadata& metadata, int64_t mtime_ns);
/// What a PUT of another target asks for: read_put_attributes, and what only nodes may say.
Result<PutAttributes> read_peer_attributes(const net::HeaderList& headers);

/// "[k:v k2:v2]" with the known keys first, as in list results.
std::string custom_text(const meta::CustomPairs& pairs);

/// Range header against an object's size (2.5). nullopt: no header. kRangeNotSatisfiable on malformed, multiple or unsatisfiable.
struct ByteRange {
  uint64_t offset = 0;
  uint64_t length = 0;
};
Result<std::optional<ByteRange>> parse_range(std::string_view header, uint64_t size);

}  // namespace ais::api
