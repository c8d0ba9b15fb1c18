// PutJob: files on their way to a bucket. Small ones are read by threads of a pool and sent from memory, large ones go from the page
// cache to the socket.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ais/file/input_file.h"
#include "ais/file/upload_source.h"
#include "ais/job/job.h"
#include "sys/thread_pool.h"

namespace ais::cli {

struct PutPlan {
  meta::Bucket bucket;
  store::CustomPairs custom;
  std::optional<codec::ChecksumType> checksum;  // computed here and checked by the target
  std::optional<codec::Checksum> expected;      // of that type: another file is not sent
  bool skip_existing = false;
  uint64_t retries = 0;  // after a failure that may pass
};

class PutJob final : public Job<Upload> {
 public:
  PutJob(PutPlan plan, UploadSource::Options sources, Batch& batch) : plan_(std::move(plan)), options_(std::move(sources)), batch_(batch) {}

  /// kInvalid when the sources make no sense together.
  Status prepare();
  net::Task<Result<std::vector<Upload>>> produce() override;
  net::Task<void> perform(JobLoop& loop, Upload upload) override;
  /// Tells the batch how much there is, for the progress line. Returns early when the batch stops or is_over() was called.
  net::Task<void> count();
  /// Without --recursive: directories that were met. After the work.
  uint64_t directories_left_out() const { return source_ ? source_->directories_left_out() : 0; }
  void is_over() { over_.store(true, std::memory_order_relaxed); }

 private:
  /// A file that is ready to be sent.
  struct Source {
    InputFile file;
    std::string text;  // all of a small file
    std::optional<codec::Checksum> checksum;
    Result<codec::Checksum> checksum_as(codec::ChecksumType type) const;
  };
  static Result<Source> read_source(const std::string& path, std::optional<codec::ChecksumType> checksum);
  net::Task<Status> put(JobLoop& loop, Upload upload);
  net::Task<Result<bool>> is_there(JobLoop& loop, const Upload& upload, const Source& source);
  net::Task<Status> plan(JobLoop& loop, Upload upload);
  net::Task<Status> send(JobLoop& loop, std::string object, const Source& source);
  net::Task<Status> send_and_retry(JobLoop& loop, std::string object, const Source& source);

  const PutPlan plan_;
  const UploadSource::Options options_;
  Batch& batch_;
  std::optional<UploadSource> source_;
  std::vector<std::pair<std::string, Status>> unreadable_;  // found by the walk, told when it returns
  std::atomic<bool> over_{false};
  sys::ThreadPool walker_{"walk", 1};
  sys::ThreadPool counter_{"count", 1};
};

}  // namespace ais::cli
