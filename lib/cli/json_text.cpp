#include "cli/json_text.h"

#include <string>

#include "codec/base64.h"
#include "codec/utf8.h"

namespace ais::cli {

void text_field(codec::JsonWriter& out, std::string_view key, std::string_view text) {
  if (codec::is_valid_utf8(text)) out.field(key, text);
  else out.field(std::string(key) + "_base64", codec::base64(text));
}

}  // namespace ais::cli
