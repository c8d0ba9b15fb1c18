#include "disk/layout.h"

#include "base/strings.h"
#include "codec/checksum.h"

namespace ais::disk {
namespace {
constexpr size_t kComponentBytesMax = 255;
constexpr size_t kPlainPathBytesMax = 4000;  // below PATH_MAX, also with a short prefix
constexpr size_t kHashedPathBytes = 2 + 1 + 32;
}  // namespace

std::string bucket_path(const meta::Bucket& bucket) {
  std::string path = "@" + bucket.provider + "/";
  if (!bucket.ns.uuid.empty()) path += "@" + bucket.ns.uuid;
  if (!bucket.ns.empty()) path += "#" + bucket.ns.name + "/";
  return path + bucket.name;
}

std::optional<meta::Bucket> bucket_at(std::string_view path) {
  std::vector<std::string_view> parts = split(path, '/');
  if (parts.size() < 2 || parts.size() > 3 || parts[0].size() < 2 || parts[0][0] != '@' || parts.back().empty()) return std::nullopt;
  meta::Bucket bucket{.name = std::string(parts.back()), .provider = std::string(parts[0].substr(1)), .ns = {}};
  if (parts.size() == 3) {
    const size_t name = parts[1].find('#');
    if (name == std::string_view::npos || (name > 0 && parts[1][0] != '@')) return std::nullopt;
    if (name > 0) bucket.ns.uuid = parts[1].substr(1, name - 1);
    bucket.ns.name = parts[1].substr(name + 1);
  }
  return bucket_path(bucket) == path ? std::optional(std::move(bucket)) : std::nullopt;
}

bool is_plain_path(std::string_view object) {
  if (object.empty() || object.size() > kPlainPathBytesMax) return false;
  while (true) {
    size_t slash = object.find('/');
    std::string_view component = object.substr(0, slash);
    if (component.empty() || component.size() > kComponentBytesMax || component == "." || component == "..") return false;
    if (component.find('\0') != std::string_view::npos) return false;
    if (slash == std::string_view::npos) return true;
    object.remove_prefix(slash + 1);
  }
}

std::string hashed_path(std::string_view uname) {
  std::string digest = codec::checksum_of(codec::ChecksumType::kSha256, uname).value.substr(0, 32);
  return digest.substr(0, 2) + "/" + digest;
}

bool is_hashed_path(std::string_view path) {
  return path.size() == kHashedPathBytes && path[2] == '/' && path.substr(3, 2) == path.substr(0, 2) &&
         path.substr(3).find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string_view parent_of(std::string_view path) {
  size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string_view leaf_of(std::string_view path) {
  size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

}  // namespace ais::disk
