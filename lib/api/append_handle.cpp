#include "api/append_handle.h"

#include <optional>
#include <vector>

#include "base/strings.h"

namespace ais::api {
namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Eight bytes, big-endian: always eleven digits and one '='.
std::string encode_count(uint64_t count) {
  std::string out;
  for (int bit = 58; bit >= 0; bit -= 6) out.push_back(kBase64[count >> bit & 63]);
  out.push_back(kBase64[(count << 2) & 63]);
  out.push_back('=');
  return out;
}

std::optional<uint64_t> decode_count(std::string_view text) {
  if (text.size() != 12 || text[11] != '=') return std::nullopt;
  uint64_t count = 0;
  for (size_t i = 0; i < 11; ++i) {
    const size_t digit = kBase64.find(text[i]);
    if (digit == std::string_view::npos) return std::nullopt;
    if (i == 10 && (digit & 3) != 0) return std::nullopt;
    count = i < 10 ? count << 6 | digit : count << 4 | digit >> 2;
  }
  return count;
}

bool is_work_name(std::string_view text) {
  if (text.empty() || text.size() > 255 || text.front() == '.') return false;
  for (const char c : text)
    if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && c != '.' && c != '-' && c != '_') return false;
  return true;
}

}  // namespace

std::string AppendHandle::to_text() const {
  std::string text = target_id;
  text.append("|").append(work).append("|").append(codec::checksum_type_name(checksum)).append("|").append(encode_count(appended));
  return text;
}

Result<AppendHandle> AppendHandle::parse(std::string_view text) {
  const std::vector<std::string_view> items = split(text, '|');
  const Status invalid(Code::kInvalid, "invalid APPEND handle: \"" + std::string(text.substr(0, 512)) + "\"");
  if (items.size() != 4 || items[0].empty() || !is_work_name(items[1])) return invalid;
  const auto type = codec::parse_checksum_type(items[2]);
  const auto count = decode_count(items[3]);
  if (!type || !count) return invalid;
  AppendHandle handle;
  handle.target_id = items[0];
  handle.work = items[1];
  handle.checksum = *type;
  handle.appended = *count;
  return handle;
}

}  // namespace ais::api
