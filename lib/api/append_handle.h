// AppendHandle: what names an append between two requests. The one place that knows its text: a gateway sends the request to the target
// that the handle names, the target finds the rest in it.
//
//   <target id>|<work file>|<checksum type>|<bytes appended so far, 8 bytes big-endian in base64>
//
// The last field makes a handle good for one append: sending the same request twice would otherwise append the same bytes twice. Clients
// pass handles on as they are.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"
#include "codec/checksum.h"

namespace ais::api {

struct AppendHandle {
  std::string target_id;
  std::string work;  // lib/store's name of it
  codec::ChecksumType checksum = codec::ChecksumType::kNone;
  uint64_t appended = 0;

  std::string to_text() const;
  /// kInvalid `invalid APPEND handle: "<text>"`.
  static Result<AppendHandle> parse(std::string_view text);
};

}  // namespace ais::api
