#include "api/query.h"

#include "api/missing.h"
#include "api/names.h"
#include "base/strings.h"
#include "codec/utf8.h"

namespace ais::api {
namespace {

constexpr size_t kParametersMax = 100;

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool escapes_are_whole(std::string_view text) {
  for (size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 3)) {
    if (at + 2 >= text.size() || !is_hex(text[at + 1]) || !is_hex(text[at + 2])) return false;
  }
  return true;
}

bool is_plain(std::string_view text) { return text.find_first_of("%+") == std::string_view::npos; }

std::string decode_form(std::string_view text) {
  if (is_plain(text)) return std::string(text);
  std::string blanks(text);
  for (char& c : blanks) {
    if (c == '+') c = ' ';
  }
  return percent_decode(blanks).value_or("");  // parse() has checked the escapes
}

// Almost every name on the wire is plain: comparing it costs no allocation.
bool name_is(std::string_view raw, std::string_view name) {
  if (raw == name) return true;
  return !is_plain(raw) && decode_form(raw) == name;
}

Result<std::string> decode_segment(std::string_view text) {
  auto decoded = percent_decode(text);
  if (!decoded) return Status(Code::kBadRequest, "broken percent-escape in the path");
  if (decoded->find('\0') != std::string::npos) return Status(Code::kBadRequest, "NUL byte in the path");
  return std::move(*decoded);
}

// What follows `prefix`, leading slashes dropped; nullopt when the path is not below it.
std::optional<std::string_view> below(std::string_view raw_path, std::string_view prefix) {
  while (!prefix.empty() && prefix.back() == '/') prefix.remove_suffix(1);
  if (!raw_path.starts_with(prefix)) return std::nullopt;
  raw_path.remove_prefix(prefix.size());
  if (!raw_path.empty() && raw_path.front() != '/') return std::nullopt;
  while (!raw_path.empty() && raw_path.front() == '/') raw_path.remove_prefix(1);
  return raw_path;
}

Status not_below(std::string_view raw_path, std::string_view prefix) {
  return Status(Code::kBadRequest, "path \"" + std::string(raw_path) + "\" is not below \"" + std::string(prefix) + "\"");
}

// Every boolean parameter of the API. What is none is refused for all requests alike: taken for false it would change what is done.
constexpr std::string_view kBooleans[] = {query::kTransient,
                                          query::kSkipVersionChecksum,
                                          query::kSilent,
                                          query::kSetNewCustom,
                                          query::kAll,
                                          "validate-checksum",
                                          "sys",
                                          "readiness",
                                          "prr",
                                          "cii",
                                          "cii-apr"};

Status check_value(std::string_view raw_name, std::string_view raw_value) {
  if (raw_value.empty() || raw_value == "true" || raw_value == "false") return {};
  for (const std::string_view name : kBooleans) {
    if (!name_is(raw_name, name)) continue;
    const std::string value = decode_form(raw_value);
    if (parse_bool(value)) return {};
    return Status(Code::kInvalid, "invalid " + std::string(name) + "=\"" + codec::printable(value) + "\": expecting true or false");
  }
  return name_is(raw_name, query::kPresence) ? parse_presence(decode_form(raw_value)).status() : Status();
}

}  // namespace

Result<QueryParameters> QueryParameters::parse(std::string_view raw) {
  QueryParameters parameters;
  if (raw.empty()) return parameters;
  parameters.pairs_.reserve(8);
  while (!raw.empty()) {
    const size_t end = raw.find('&');
    const std::string_view item = raw.substr(0, end);
    raw = end == std::string_view::npos ? std::string_view() : raw.substr(end + 1);
    if (item.empty()) continue;
    if (parameters.pairs_.size() == kParametersMax) return Status(Code::kBadRequest, "too many query parameters (the maximum is 100)");
    if (!escapes_are_whole(item)) return Status(Code::kBadRequest, "broken percent-escape in the query");
    const size_t equals = item.find('=');
    const bool has_value = equals != std::string_view::npos;
    parameters.pairs_.emplace_back(item.substr(0, equals), has_value ? item.substr(equals + 1) : std::string_view());
    AIS_RETURN_IF_ERROR(check_value(parameters.pairs_.back().first, parameters.pairs_.back().second));
  }
  return parameters;
}

std::optional<std::string> QueryParameters::get(std::string_view name) const {
  for (const auto& [raw_name, raw_value] : pairs_) {
    if (name_is(raw_name, name)) return decode_form(raw_value);
  }
  return std::nullopt;
}

std::string QueryParameters::get_or_empty(std::string_view name) const { return get(name).value_or(std::string()); }

bool QueryParameters::has(std::string_view name) const {
  for (const auto& pair : pairs_) {
    if (name_is(pair.first, name)) return true;
  }
  return false;
}

bool QueryParameters::get_bool(std::string_view name, bool fallback) const {
  const auto value = get(name);
  return value ? parse_bool(*value).value_or(fallback) : fallback;
}

std::vector<std::pair<std::string, std::string>> QueryParameters::decoded_pairs() const {
  std::vector<std::pair<std::string, std::string>> decoded;
  decoded.reserve(pairs_.size());
  for (const auto& [name, value] : pairs_) decoded.emplace_back(decode_form(name), decode_form(value));
  return decoded;
}

Result<meta::Bucket> QueryParameters::bucket(std::string_view name) const {
  meta::Bucket bucket;
  bucket.name = std::string(name);
  if (pairs_.empty()) return bucket;
  if (const auto provider = get(query::kProvider)) {
    AIS_TRY(bucket.provider, meta::normalize_provider(*provider));
  }
  if (const auto text = get(query::kNamespace); text && !text->empty()) {
    AIS_TRY(bucket.ns, meta::Namespace::parse(*text));
  }
  return bucket;
}

QueryBuilder& QueryBuilder::add(std::string_view name, std::string_view value) {
  if (!text_.empty()) text_ += '&';
  text_.append(percent_encode(name)).append("=").append(percent_encode(value, "/"));
  return *this;
}

QueryBuilder& QueryBuilder::add_bucket(const meta::Bucket& bucket) {
  if (!bucket.provider.empty() && bucket.provider != "ais") add(query::kProvider, bucket.provider);
  if (!bucket.ns.empty()) add(query::kNamespace, bucket.ns.uname());
  return *this;
}

Result<ObjectPath> parse_object_path(std::string_view raw_path, std::string_view prefix) {
  const auto rest = below(raw_path, prefix);
  if (!rest) return not_below(raw_path, prefix);
  const size_t slash = rest->find('/');
  ObjectPath path;
  AIS_TRY(path.bucket, decode_segment(rest->substr(0, slash)));
  if (slash != std::string_view::npos) {
    AIS_TRY(path.object, decode_segment(rest->substr(slash + 1)));
  }
  return path;
}

Result<std::vector<std::string>> parse_path_items(std::string_view raw_path, std::string_view prefix) {
  const auto rest = below(raw_path, prefix);
  if (!rest) return not_below(raw_path, prefix);
  std::vector<std::string> items;
  for (std::string_view item : split(*rest, '/')) {
    if (item.empty()) continue;
    AIS_TRY(auto decoded, decode_segment(item));
    items.push_back(std::move(decoded));
  }
  return items;
}

std::string object_target(std::string_view bucket, std::string_view object) {
  return std::string(path::kObjects) + percent_encode(bucket) + "/" + percent_encode(object, "/");
}

}  // namespace ais::api
