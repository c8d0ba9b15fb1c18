#include "ais/arguments.h"

#include "base/strings.h"

namespace ais::cli {

Result<meta::ObjectUri> uri_argument(Invocation& invocation, std::string_view text) {
  Result<meta::ObjectUri> uri = meta::parse_object_uri(text);
  if (!uri.ok()) return invocation.usage_error("\"" + std::string(text) + "\": " + uri.status().message());
  return uri;
}

Result<meta::Bucket> bucket_argument(Invocation& invocation, std::string_view text) {
  AIS_TRY(meta::ObjectUri uri, uri_argument(invocation, text));
  if (!uri.object.empty()) return invocation.usage_error("\"" + std::string(text) + "\" names an object, a bucket is wanted");
  return std::move(uri.bucket);
}

Result<meta::ObjectUri> object_argument(Invocation& invocation, std::string_view text) {
  AIS_TRY(meta::ObjectUri uri, uri_argument(invocation, text));
  if (uri.object.empty()) return invocation.usage_error("\"" + std::string(text) + "\" names no object: want ais://bucket/object");
  if (Status valid = meta::validate_object_name(uri.object); !valid.ok()) return invocation.usage_error(valid.message());
  return uri;
}

Result<Assignments> assignments(Invocation& invocation, const std::vector<std::string>& texts) {
  Assignments out;
  for (const std::string& text : texts) {
    size_t equals = text.find('=');
    if (equals == 0 || equals == std::string::npos) return invocation.usage_error("\"" + text + "\" is not NAME=VALUE");
    out.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return out;
}

Result<size_t> parallel_flag(Invocation& invocation) {
  constexpr uint64_t kDefault = 16;
  constexpr uint64_t kMax = 1024;
  AIS_TRY(uint64_t value, invocation.get_number("parallel", kDefault));
  if (value == 0 || value > kMax) return invocation.usage_error(format("--parallel must be from 1 to %d", static_cast<int>(kMax)));
  return static_cast<size_t>(value);
}

}  // namespace ais::cli
