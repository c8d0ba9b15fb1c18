#include "ais/command/arguments.h"

#include <algorithm>

#include "base/strings.h"
#include "cli/properties.h"

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

std::optional<std::string> provider_argument(std::string_view text) {
  for (std::string_view end : {"://", ":"})
    if (text.ends_with(end)) {
      text.remove_suffix(end.size());
      break;
    }
  Result<std::string> provider = text.empty() ? Status(Code::kInvalid, "") : meta::normalize_provider(text);
  if (!provider.ok()) return std::nullopt;
  return std::move(provider).value();
}

namespace {

Result<Assignments> members_of(Invocation& invocation, const std::string& text) {
  Result<codec::JsonDocument> document = codec::JsonDocument::parse(text);
  if (!document.ok()) return invocation.usage_error("\"" + text + "\" is no JSON: " + document.status().message());
  return flatten(document->root());
}

}  // namespace

Result<Assignments> assignments(Invocation& invocation, const std::vector<std::string>& texts) {
  if (texts.size() == 1 && trim(texts[0]).starts_with('{')) return members_of(invocation, texts[0]);
  Assignments out;
  const bool equals_signs =
      std::any_of(texts.begin(), texts.end(), [](const std::string& text) { return text.find('=') != std::string::npos; });
  if (!equals_signs && texts.size() % 2 == 0) {
    for (size_t i = 0; i < texts.size(); i += 2) out.emplace_back(texts[i], texts[i + 1]);
    return out;
  }
  for (const std::string& text : texts) {
    size_t equals = text.find('=');
    if (equals == 0 || equals == std::string::npos) return invocation.usage_error("\"" + text + "\" is not NAME=VALUE");
    out.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return out;
}

Result<std::vector<std::string>> list_flag(Invocation& invocation) {
  std::vector<std::string> out;
  if (!invocation.has("list")) return out;
  const std::string text = invocation.get("list");
  for (std::string_view name : split(text, ','))
    if (!trim(name).empty()) out.emplace_back(trim(name));
  if (out.empty()) return invocation.usage_error("--list names nothing");
  return out;
}

Result<size_t> parallel_flag(Invocation& invocation) {
  constexpr uint64_t kDefault = 16;
  constexpr uint64_t kMax = 1024;
  if (invocation.get("parallel") == "-1") return size_t{1};
  if (invocation.has("parallel") && !parse_uint(invocation.get("parallel")))
    return invocation.usage_error("--parallel (-j) wants a number, not \"" + invocation.get("parallel") +
                                  "\"; for JSON this command has --json alone");
  AIS_TRY(uint64_t value, invocation.get_number("parallel", kDefault));
  if (value == 0 || value > kMax) return invocation.usage_error(format("--parallel must be from 1 to %d", static_cast<int>(kMax)));
  return static_cast<size_t>(value);
}

}  // namespace ais::cli
