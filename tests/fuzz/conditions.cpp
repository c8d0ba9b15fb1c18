// Conditional headers, dates and append handles from clients: what is accepted means the same when it is written and read again.
#include "api/conditions.h"

#include "api/append_handle.h"
#include "api/http_date.h"

namespace {

ais::meta::PreconditionPtr read_tags(std::string_view text) {
  ais::net::HeaderList headers;
  headers.add("If-Match", text);
  const auto condition = ais::api::read_precondition(headers);
  return condition.ok() ? *condition : nullptr;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  using namespace ais;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto condition = read_tags(text)) {
    const std::string line = api::precondition_headers(*condition);
    constexpr size_t kName = 10, kLineEnd = 2;  // "If-Match: "
    const auto again = read_tags(std::string_view(line).substr(kName, line.size() - kName - kLineEnd));
    if (!again || again->if_match->any != condition->if_match->any) __builtin_trap();
    if (again->if_match->tags.size() != condition->if_match->tags.size()) __builtin_trap();
    for (size_t i = 0; i < again->if_match->tags.size(); ++i) {
      if (again->if_match->tags[i].text() != condition->if_match->tags[i].text()) __builtin_trap();
    }
  }
  if (const auto seconds = api::parse_http_date(text)) {
    if (api::parse_http_date(api::http_date(*seconds)) != seconds) __builtin_trap();
  }
  if (const auto handle = api::AppendHandle::parse(text); handle.ok() && handle->to_text() != text) __builtin_trap();
  (void)api::if_range_holds(text, meta::ObjectMetadata(), 0);
  return 0;
}
