#include "meta/bucket.h"

#include <algorithm>

namespace ais::meta {
namespace {

constexpr size_t kNameMax = 64;
constexpr size_t kUuidMax = 32;

struct ProviderRow {
  std::string_view provider;
  std::string_view scheme;
};
constexpr ProviderRow kProviders[] = {{"ais", "ais"}, {"aws", "s3"}, {"azure", "az"}, {"gcp", "gs"}, {"oci", "oc"}};

bool is_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool is_uuid_char(char c) { return is_alphanumeric(c) || c == '-' || c == '_'; }
bool is_name_char(char c) { return is_uuid_char(c) || c == '.'; }

/// The checks that bucket and namespace names share; `what` begins the message.
Status check_name(std::string_view name, const std::string& what) {
  if (name.size() > kNameMax)
    return make_status(Code::kBadBucketName, "%s is too long: %zu > %zu(max length)", what.c_str(), name.size(), kNameMax);
  if (!std::all_of(name.begin(), name.end(), is_name_char) || name.find("..") != std::string_view::npos)
    return {Code::kBadBucketName, what + " is invalid: may only contain letters, numbers, dashes (-), underscores (_), and dots (.)"};
  return {};
}

bool has_dot_component(std::string_view path) {
  size_t start = 0;
  while (true) {
    size_t end = path.find('/', start);
    std::string_view component = path.substr(start, end == std::string_view::npos ? end : end - start);
    if (component == "." || component == "..") return true;
    if (end == std::string_view::npos) return false;
    start = end + 1;
  }
}

/// Cuts text at the first '/': returns what is before it and leaves what follows.
std::string_view take_item(std::string_view& text) {
  size_t slash = text.find('/');
  std::string_view item = text.substr(0, slash);
  text = slash == std::string_view::npos ? std::string_view() : text.substr(slash + 1);
  return item;
}

Result<ObjectUri> make_uri(std::string provider, Namespace ns, std::string_view bucket, std::string_view object,
                           bool allow_trailing_slash) {
  AIS_RETURN_IF_ERROR(validate_bucket_name(bucket));
  if (!object.empty()) AIS_RETURN_IF_ERROR(validate_object_name(object, allow_trailing_slash));
  ObjectUri uri;
  uri.bucket.name = bucket;
  uri.bucket.provider = std::move(provider);
  uri.bucket.ns = std::move(ns);
  uri.object = object;
  return uri;
}

}  // namespace

std::string Namespace::uname() const { return "@" + uuid + "#" + name; }

Result<Namespace> Namespace::parse(std::string_view text) {
  if (text.starts_with('@')) text.remove_prefix(1);
  size_t hash = text.find('#');
  Namespace ns;
  ns.uuid = text.substr(0, hash);
  if (hash != std::string_view::npos) ns.name = text.substr(hash + 1);
  if (ns.uuid.size() > kUuidMax || !std::all_of(ns.uuid.begin(), ns.uuid.end(), is_uuid_char))
    return Status(Code::kInvalid, "namespace uuid is invalid: may only contain up to 32 letters, numbers, dashes (-) and underscores (_)");
  AIS_RETURN_IF_ERROR(check_name(ns.name, "namespace name"));
  return ns;
}

std::string Bucket::uname() const {
  std::string out;
  out.reserve(provider.size() + ns.uuid.size() + ns.name.size() + name.size() + 5);
  out.append(provider).append("/@").append(ns.uuid).append("#").append(ns.name).append("/").append(name).append("/");
  return out;
}

std::string Bucket::cname() const {
  std::string out(provider_scheme(provider));
  out += "://";
  if (!ns.uuid.empty()) out.append("@").append(ns.uuid);
  if (!ns.name.empty()) out.append("#").append(ns.name);
  if (!ns.empty()) out += "/";
  return out + name;
}

Result<std::string> normalize_provider(std::string_view text) {
  if (text.empty()) return std::string("ais");
  for (const ProviderRow& row : kProviders)
    if (text == row.provider || text == row.scheme) return std::string(row.provider);
  return Status(Code::kInvalidProvider, "invalid backend provider \"" + std::string(text) + "\": must be one of [ais aws azure gcp oci]");
}

std::string_view provider_scheme(std::string_view provider) {
  for (const ProviderRow& row : kProviders)
    if (provider == row.provider) return row.scheme;
  return provider;
}

Status validate_bucket_name(std::string_view name) {
  if (name.empty()) return {Code::kBadBucketName, "bucket name is empty"};
  AIS_RETURN_IF_ERROR(check_name(name, "bucket name"));
  if (name[0] == '.' && name != ".sys-inventory" && name != ".sys-shardidx")
    return {Code::kBadBucketName, "bucket name is invalid: names starting with a dot (.) are reserved for system buckets"};
  return {};
}

Status validate_object_name(std::string_view name, bool allow_trailing_slash) {
  if (name.empty()) return {Code::kBadObjectName, "object name is empty"};
  if (name.find('\0') != std::string_view::npos || name.starts_with("~/") || has_dot_component(name) ||
      (name.back() == '/' && !allow_trailing_slash))
    return {Code::kBadObjectName, "invalid object name \"" + std::string(name) + "\""};
  return {};
}

Result<std::string> clean_prefix(std::string_view prefix) {
  if (prefix.ends_with('*')) prefix.remove_suffix(1);
  if (prefix.find('\0') != std::string_view::npos || prefix.starts_with("~/") || has_dot_component(prefix))
    return Status(Code::kBadObjectName, "invalid prefix \"" + std::string(prefix) + "\"");
  return std::string(prefix);
}

Result<ObjectUri> parse_object_uri(std::string_view uri) {
  size_t separator = uri.find("://");
  std::string_view scheme = separator == std::string_view::npos ? std::string_view() : uri.substr(0, separator);
  std::string_view rest = separator == std::string_view::npos ? uri : uri.substr(separator + 3);
  AIS_TRY(std::string provider, normalize_provider(scheme));
  Namespace ns;
  if (rest.starts_with('@') || rest.starts_with('#')) {
    AIS_TRY(ns, Namespace::parse(take_item(rest)));
  }
  std::string_view bucket = take_item(rest);
  return make_uri(std::move(provider), std::move(ns), bucket, rest, true);
}

Result<ObjectUri> parse_uname(std::string_view uname) {
  AIS_TRY(std::string provider, normalize_provider(take_item(uname)));
  AIS_TRY(Namespace ns, Namespace::parse(take_item(uname)));
  std::string_view bucket = take_item(uname);
  return make_uri(std::move(provider), std::move(ns), bucket, uname, false);
}

}  // namespace ais::meta
