// Downloading one object to a file.
#pragma once

#include <string>

#include "ais/command/invocation.h"
#include "ais/file/destination.h"
#include "ais/job/batch.h"
#include "ais/job/job_loops.h"
#include "meta/bucket.h"

namespace ais::cli {

struct DownloadOptions {
  std::string range;      // a Range header's value, "" = the whole object
  bool check = false;     // compare with the object's checksum; kBadChecksum when it differs, kInvalid when there is none
  bool may_wait = false;  // writing may take as long as somebody who reads likes
};

/// Writes objects to files: loops receive and write what is short, threads of a pool write what takes long. Used by all loops of a job.
class Downloader {
 public:
  Downloader(Invocation& invocation, Batch& batch, DownloadOptions options)
      : invocation_(invocation), batch_(batch), options_(std::move(options)) {}

  /// Writes the object to `path` ("-" = standard output), which appears only when all of it arrived. Returns its bytes.
  async::Task<Result<uint64_t>> download(JobLoop& loop, meta::Bucket bucket, std::string object, std::string path);
  /// True when the file at `path` has size and checksum of the object. `size` of the object, where it is known, saves a question.
  async::Task<Result<bool>> is_there(JobLoop& loop, meta::Bucket bucket, std::string object, std::string path,
                                     std::optional<uint64_t> size);

 private:
  async::Task<Result<uint64_t>> receive(JobLoop& loop, api::ObjectBody& body, const std::string& path);
  async::Task<Status> receive_small(JobLoop& loop, api::ObjectBody& body, const std::string& path, uint64_t length);
  async::Task<Status> receive_large(JobLoop& loop, api::ObjectBody& body, const std::string& path, Batch::Moving& moving);

  Invocation& invocation_;
  Batch& batch_;
  const DownloadOptions options_;
  Destination destination_;
};

}  // namespace ais::cli
