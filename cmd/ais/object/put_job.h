// PutJob: files on their way to a bucket. Small ones are read by threads of a pool and sent from memory, large ones go from the page
// cache to the socket. Of a pipe the first MiB is read: when that is all, it is sent from memory, else what follows is sent as it comes,
// once and without a copy anywhere; only --skip-existing, which has to know all of it first, copies it to $TMPDIR.
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
  meta::CustomPairs custom;
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
  async::Task<Result<std::vector<Upload>>> produce() override;
  async::Task<void> perform(JobLoop& loop, Upload upload) override;
  /// Tells the batch how much there is, for the progress line. Returns early when the batch stops or is_over() was called.
  async::Task<void> count();
  /// Without --recursive: directories that were met. After the work.
  uint64_t directories_left_out() const { return source_ ? source_->directories_left_out() : 0; }
  void is_over() { over_.store(true, std::memory_order_relaxed); }

 private:
  /// A file that is ready to be sent.
  struct Source {
    std::optional<InputFile> file;  // none for a short pipe
    std::string text;               // all of a small file or short pipe
    std::optional<codec::Checksum> checksum;
    uint64_t size() const { return file ? file->size() : text.size(); }
    bool is_in_memory() const { return text.size() == size(); }
    Result<codec::Checksum> checksum_as(codec::ChecksumType type) const;
  };
  /// What of a pipe can be had without sending it.
  struct Pipe {
    InputStream rest;
    std::string first;
    std::optional<Source> source;  // all of it
  };
  static Result<Source> read_source(const std::string& path, std::optional<codec::ChecksumType> checksum);
  static Result<Pipe> read_pipe(const std::string& path, const PutPlan& plan);
  async::Task<Status> put(JobLoop& loop, Upload upload);
  async::Task<Status> put_pipe(JobLoop& loop, Upload upload);
  async::Task<Status> put_source(JobLoop& loop, Upload upload, const Source& source);
  async::Task<Status> send_pipe(JobLoop& loop, Upload upload, Pipe& pipe);
  void is_done(const Upload& upload, uint64_t size);
  async::Task<Result<bool>> is_there(JobLoop& loop, const Upload& upload, const Source& source);
  async::Task<Status> plan(JobLoop& loop, Upload upload);
  async::Task<Status> send(JobLoop& loop, std::string object, const Source& source);
  async::Task<Status> send_and_retry(JobLoop& loop, std::string object, const Source& source);

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
