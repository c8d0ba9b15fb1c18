#include "remote/url.h"

#include <curl/curl.h>

#include <memory>

#include "base/strings.h"

namespace ais::remote {
namespace {

using Handle = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

Status refused(const char* why) { return make_status(Code::kInvalid, "URL: %s", why); }

std::string part(CURLU* handle, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(handle, which, &text, flags) != CURLUE_OK) return "";
  std::string copy = text;
  curl_free(text);
  return copy;
}

// Blanks and control bytes would end a line of the request.
bool has_bad_bytes(std::string_view text) { return has_control_bytes(text) || text.find(' ') != std::string_view::npos; }

Status set_whole(CURLU* handle, std::string_view text) {
  if (has_bad_bytes(text)) return refused("a blank or control byte in it");
  const CURLUcode code = curl_url_set(handle, CURLUPART_URL, std::string(text).c_str(), CURLU_PATH_AS_IS);
  return code == CURLUE_OK ? Status() : refused(curl_url_strerror(code));
}

}  // namespace

Result<Url> Url::take_parts(void* opaque) {
  auto* handle = static_cast<CURLU*>(opaque);
  const std::string scheme = part(handle, CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") return refused("neither http nor https");
  if (!part(handle, CURLUPART_USER).empty() || !part(handle, CURLUPART_PASSWORD).empty())
    return refused("a user or password in it: credentials belong into a header");
  curl_url_set(handle, CURLUPART_FRAGMENT, nullptr, 0);
  Url url;
  url.text_ = part(handle, CURLUPART_URL);
  url.authority_ = to_lower(part(handle, CURLUPART_HOST)) + ":" + part(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT);
  url.https_ = scheme == "https";
  return url;
}

Result<Url> Url::parse(std::string_view text) {
  // Without this look libcurl would guess a scheme from the host's name.
  const size_t scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos) return refused("no scheme");
  if (text.substr(scheme_end + 3).starts_with('/')) return refused("no host");  // libcurl would take a third slash for a slip
  const Handle handle(curl_url(), &curl_url_cleanup);
  AIS_RETURN_IF_ERROR(set_whole(handle.get(), text));
  return take_parts(handle.get());
}

Result<Url> Url::resolve(std::string_view location) const {
  const Handle handle(curl_url(), &curl_url_cleanup);
  AIS_RETURN_IF_ERROR(set_whole(handle.get(), text_));
  AIS_RETURN_IF_ERROR(set_whole(handle.get(), location));
  return take_parts(handle.get());
}

}  // namespace ais::remote
