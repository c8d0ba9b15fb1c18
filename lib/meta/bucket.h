// Bucket identity: provider, namespace, name; unames and cnames; name rules (reference: rest-api 0.8 and 1.1).
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"

namespace ais::meta {

struct Namespace {
  std::string uuid;  // of a remote cluster, or its alias
  std::string name;
  bool empty() const { return uuid.empty() && name.empty(); }
  /// "@uuid#name"; the global namespace is "@#".
  std::string uname() const;
  /// Tolerates a missing '@' or '#name'. kInvalid on bad characters or length.
  static Result<Namespace> parse(std::string_view text);
  bool operator==(const Namespace&) const = default;
  auto operator<=>(const Namespace&) const = default;
};

struct Bucket {
  std::string name;
  std::string provider = "ais";  // normalised: ais aws azure gcp oci
  Namespace ns;

  /// "ais/@#/name/": key of the BMD and beginning of an object's uname.
  std::string uname() const;
  /// uname() + object name: what placement hashes.
  std::string object_uname(std::string_view object) const { return uname().append(object); }
  /// "ais://name", "s3://name", "ais://@uuid#ns/name": for people, error texts and metric labels.
  std::string cname() const;
  bool is_remote() const { return provider != "ais" || !ns.uuid.empty(); }
  bool operator==(const Bucket&) const = default;
  auto operator<=>(const Bucket&) const = default;
};

/// "" -> ais; aliases s3 gs az oc; unknown -> kInvalidProvider with the original's text.
Result<std::string> normalize_provider(std::string_view text);
/// "ais" -> "ais", "aws" -> "s3", ...
std::string_view provider_scheme(std::string_view provider);

/// 1-64 of [A-Za-z0-9_.-], no "..", leading '.' only for system buckets. Messages as the original's.
Status validate_bucket_name(std::string_view name);
/// Not empty, no NUL, no trailing '/', no leading "~/", no "." or ".." component. `allow_trailing_slash`: for HEAD.
Status validate_object_name(std::string_view name, bool allow_trailing_slash = false);
/// A listing prefix: no "." or ".." components; one trailing '*' is dropped. Returns the cleaned prefix.
Result<std::string> clean_prefix(std::string_view prefix);

/// "ais://@uuid#ns/bucket/object" (scheme may be missing: ais). Object may be empty. For tools.
struct ObjectUri {
  Bucket bucket;
  std::string object;
};
Result<ObjectUri> parse_object_uri(std::string_view uri);
/// "ais/@#/bucket/object/with/slashes": of bck_to and object_to.
Result<ObjectUri> parse_uname(std::string_view uname);

}  // namespace ais::meta
