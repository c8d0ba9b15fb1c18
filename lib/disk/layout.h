// Layout: how buckets and objects are named on disk (docs/on_disk.md). Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "meta/bucket.h"

namespace ais::disk {

constexpr const char* kMetadataXattr = "user.ais";      // of an object's file
constexpr const char* kNameXattr = "user.ais.name";     // of an object's file under %hn: its true name once more
constexpr const char* kBucketIdXattr = "user.ais.bid";  // of a bucket's directory: decimal bucket id
constexpr const char* kNodeXattr = "user.ais.node";     // of a mountpath's root: the node it belongs to

constexpr const char* kObjectsDirectory = "%ob";
constexpr const char* kWorkDirectory = "%wk";
constexpr const char* kHashedDirectory = "%hn";
constexpr const char* kTrashDirectory = "%trash";  // of the mountpath
constexpr const char* kBadDirectory = "%bad";      // of the mountpath: files set aside
constexpr const char* kLockFile = ".ais.lock";

constexpr const char* kNewBucketTag = "new";  // of directories in %trash that will become buckets
constexpr const char* kAppendPrefix = "append.";

/// Where an object's file is, relative to its bucket's %ob (plain) or %hn (hashed) directory.
struct ObjectLocation {
  bool hashed = false;
  std::string path;
};

/// "@ais/name", "@aws/#ns/name": a bucket's directory below a mountpath.
std::string bucket_path(const meta::Bucket& bucket);
/// The bucket whose directory has this path; nullopt for what is not the path of one.
std::optional<meta::Bucket> bucket_at(std::string_view path);

/// Whether a name can be a path of its own: no empty, "." or ".." component, none longer than 255 bytes, not too long in all.
bool is_plain_path(std::string_view object);

/// "<first 2 hex>/<32 hex>": SHA-256 of the object's uname, cut to 128 bits.
std::string hashed_path(std::string_view uname);
/// Whether `path` has that shape.
bool is_hashed_path(std::string_view path);

/// "a/b/c" -> "a/b" and "c"; "c" -> "" and "c".
std::string_view parent_of(std::string_view path);
std::string_view leaf_of(std::string_view path);

}  // namespace ais::disk
