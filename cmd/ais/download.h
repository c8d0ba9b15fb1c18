// Downloading one object to a file.
#pragma once

#include <string>

#include "ais/batch.h"
#include "ais/invocation.h"
#include "meta/bucket.h"

namespace ais::cli {

struct DownloadOptions {
  std::string range;       // a Range header's value, "" = the whole object
  bool check = false;      // compare with the object's checksum; kBadChecksum when it differs, kInvalid when there is none
  Batch* batch = nullptr;  // hears of the bytes; may be null
};

/// Writes the object to `path` ("-" = standard output), which appears only when all of it arrived.
net::Task<Status> download(Invocation& invocation, meta::Bucket bucket, std::string object, std::string path, DownloadOptions options);

/// `object` below `directory`, or kInvalid when the name would lead out of it or is no path ("a//b", "../x").
Result<std::string> path_below(const std::string& directory, const std::string& object);
/// Makes the directories that lead to `path`.
Status make_parents(const std::string& path);

}  // namespace ais::cli
