// The query string of a request, parsed in place. At most 100 parameters (rest-api 0.6); names and values percent-decoded on
// access only when they contain an escape or '+'.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "meta/bucket.h"

namespace ais::api {

class QueryParameters {
 public:
  /// Views into `raw`, which must outlive this. kBadRequest on more than 100 parameters or a broken escape, kInvalid
  /// when a parameter that is boolean everywhere ("transient", "sln", ...) or `presence` has a value that is none of theirs.
  static Result<QueryParameters> parse(std::string_view raw);
  /// Decoded value of the first parameter of that name; nullopt when absent.
  std::optional<std::string> get(std::string_view name) const;
  /// get() or "".
  std::string get_or_empty(std::string_view name) const;
  bool has(std::string_view name) const;
  /// Absent is `fallback`. For parameters that parse() knows as booleans.
  bool get_bool(std::string_view name, bool fallback = false) const;
  /// The raw (still encoded) pairs in order.
  const std::vector<std::pair<std::string_view, std::string_view>>& raw_pairs() const { return pairs_; }
  /// All pairs in order, decoded.
  std::vector<std::pair<std::string, std::string>> decoded_pairs() const;
  /// `provider` and `namespace` applied to a bucket name. kInvalidProvider, kInvalid.
  Result<meta::Bucket> bucket(std::string_view name) const;

 private:
  std::vector<std::pair<std::string_view, std::string_view>> pairs_;
};

/// Builds "a=b&c=d" with encoding.
class QueryBuilder {
 public:
  QueryBuilder& add(std::string_view name, std::string_view value);
  QueryBuilder& add_bucket(const meta::Bucket& bucket);  // provider and namespace, where not the default
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

/// "/v1/objects/B/O": bucket and decoded object of a path under `prefix` ("/v1/objects/"). Empty segments before the bucket are
/// dropped; the object is the whole remainder. kBadRequest on a broken escape or NUL.
struct ObjectPath {
  std::string bucket;
  std::string object;
};
Result<ObjectPath> parse_object_path(std::string_view raw_path, std::string_view prefix);
/// The decoded, non-empty segments after `prefix`.
Result<std::vector<std::string>> parse_path_items(std::string_view raw_path, std::string_view prefix);
/// "/v1/objects/B/O" with everything but '/' and unreserved bytes encoded.
std::string object_target(std::string_view bucket, std::string_view object);

}  // namespace ais::api
