// Downloading one object to a file.
#pragma once

#include <string>

#include "ais/batch.h"
#include "ais/destination.h"
#include "ais/file_pool.h"
#include "ais/invocation.h"
#include "meta/bucket.h"
#include "sys/thread_pool.h"

namespace ais::cli {

struct DownloadOptions {
  std::string range;   // a Range header's value, "" = the whole object
  bool check = false;  // compare with the object's checksum; kBadChecksum when it differs, kInvalid when there is none
};

/// Writes objects to files: the loop receives, threads of a pool write what takes long. Loop thread only.
class Downloader {
 public:
  Downloader(Invocation& invocation, Batch& batch, DownloadOptions options)
      : invocation_(invocation), batch_(batch), options_(std::move(options)) {}

  /// Writes the object to `path` ("-" = standard output), which appears only when all of it arrived. Returns its bytes.
  net::Task<Result<uint64_t>> download(meta::Bucket bucket, std::string object, std::string path);
  /// True when the file at `path` has size and checksum of the object. `size` of the object, where it is known, saves a question.
  net::Task<Result<bool>> is_there(meta::Bucket bucket, std::string object, std::string path, std::optional<uint64_t> size);

 private:
  net::Task<Status> receive_small(api::ObjectBody& body, const std::string& path, uint64_t length, Batch::Moving& moving);
  net::Task<Status> receive_large(api::ObjectBody& body, const std::string& path, Batch::Moving& moving);

  Invocation& invocation_;
  Batch& batch_;
  const DownloadOptions options_;
  Destination destination_;
  sys::ThreadPool pool_{"files", kFileThreads};
  FileLane lane_{pool_};
};

}  // namespace ais::cli
