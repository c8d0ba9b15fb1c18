#include "ais/object/put_job.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "ais/job/file_pool.h"
#include "ais/object/same_content.h"
#include "ais/object/stream_body.h"

namespace ais::cli {
namespace {

constexpr uint64_t kSmallFile = 64 * kKiB;
constexpr size_t kShortPipe = 1 * kMiB;
constexpr size_t kFilesAtOnce = 128;                                 // found by one job of the pool
constexpr Nanoseconds kFirstPause = std::chrono::milliseconds(100);  // before a retry; the next ones are twice as long each
constexpr Nanoseconds kLongestPause = std::chrono::seconds(10);

struct Total {
  uint64_t files = 0, bytes = 0;
};

/// Sizes are of what can be looked at without reading: pipes count nothing.
Total count_files(UploadSource::Options options, const std::atomic<bool>& over) {
  Total total;
  options.each_name_once = false;
  Result<UploadSource> source = UploadSource::create(std::move(options), [&total](const std::string&, const Status&) { ++total.files; });
  if (!source.ok()) return total;
  while (std::optional<Upload> upload = source->next()) {
    if (over.load(std::memory_order_relaxed)) break;
    struct stat info {};
    ++total.files;
    if (upload->path != "-" && stat(upload->path.c_str(), &info) == 0 && S_ISREG(info.st_mode))
      total.bytes += static_cast<uint64_t>(info.st_size);
  }
  return total;
}

bool is_small_file(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && static_cast<uint64_t>(info.st_size) <= kSmallFile;
}

}  // namespace

Status PutJob::prepare() {
  auto on_error = [this](const std::string& path, const Status& why) { unreadable_.emplace_back(path, why); };
  AIS_TRY(source_, UploadSource::create(options_, on_error));
  return {};
}

async::Task<Result<std::vector<Upload>>> PutJob::produce() {
  auto find = [this] {
    std::vector<Upload> found;
    while (found.size() < kFilesAtOnce && unreadable_.size() < kFilesAtOnce) {
      std::optional<Upload> upload = source_->next();
      if (!upload) break;
      found.push_back(std::move(*upload));
    }
    return found;
  };
  std::vector<Upload> found;
  bool unreadable = true;
  while (found.empty() && unreadable && !batch_.stopped()) {  // an empty list would be the end
    found = co_await on_pool(walker_, find);
    unreadable = !unreadable_.empty();
    for (const auto& [path, why] : unreadable_) {
      if (why.code() == Code::kUnsupported) batch_.left_out(path, why);
      else batch_.object_failed(path, why);
    }
    unreadable_.clear();
  }
  co_return found;
}

async::Task<void> PutJob::count() {
  auto count = [this] { return count_files(options_, over_); };
  Total total = co_await on_pool(counter_, count);
  batch_.set_total(total.files, total.bytes);
}

async::Task<void> PutJob::perform(JobLoop& loop, Upload upload) {
  std::string path = upload.path;
  Status status;
  if (Status valid = meta::validate_object_name(upload.object); !valid.ok()) status = valid;
  else if (batch_.dry_run() && !plan_.skip_existing) status = co_await plan(loop, std::move(upload));
  else status = co_await put(loop, std::move(upload));
  if (status.code() == Code::kCancelled) batch_.object_given_up();
  else if (!status.ok()) batch_.object_failed(path, status);
}

Result<PutJob::Source> PutJob::read_source(const std::string& path, std::optional<codec::ChecksumType> checksum) {
  AIS_TRY(InputFile file, InputFile::open(path));
  Source source{std::move(file), "", std::nullopt};
  if (source.size() <= kSmallFile) {
    AIS_TRY(source.text, source.file->read_all());
  }
  if (checksum) {
    AIS_TRY(source.checksum, source.checksum_as(*checksum));
  }
  return source;
}

Result<codec::Checksum> PutJob::Source::checksum_as(codec::ChecksumType type) const {
  if (checksum && checksum->type == type) return *checksum;
  if (is_in_memory()) return codec::checksum_of(type, text);
  return file->checksum(type);
}

Result<PutJob::Pipe> PutJob::read_pipe(const std::string& path, const PutPlan& plan) {
  AIS_TRY(InputStream stream, InputStream::open(path));
  Pipe pipe{std::move(stream), "", std::nullopt};
  AIS_TRY(pipe.first, pipe.rest.read(kShortPipe));
  if (pipe.first.size() < kShortPipe) {
    pipe.source = Source{std::nullopt, std::move(pipe.first), std::nullopt};
  } else if (plan.skip_existing) {
    AIS_TRY(InputFile copy, InputFile::copy_of(pipe.first, pipe.rest));
    pipe.source = Source{std::move(copy), "", std::nullopt};
  }
  if (pipe.source && plan.checksum) {
    AIS_TRY(pipe.source->checksum, pipe.source->checksum_as(*plan.checksum));
  }
  return pipe;
}

/// What a dry run says of a file that it need not read.
async::Task<Status> PutJob::plan(JobLoop& loop, Upload upload) {
  Batch::Plan plan{upload.path, plan_.bucket.cname() + "/" + upload.object, std::nullopt};
  if (upload.path != "-") {
    auto look = [&upload]() -> Result<struct stat> {
      struct stat info {};
      if (stat(upload.path.c_str(), &info) != 0) return Status::from_errno(errno, upload.path);
      return info;
    };
    AIS_CO_TRY(struct stat info, co_await on_pool(loop.file_threads(), look));
    if (S_ISREG(info.st_mode)) plan.size = static_cast<uint64_t>(info.st_size);
  }
  batch_.object_planned(std::move(plan));
  co_return Status();
}

async::Task<Result<bool>> PutJob::is_there(JobLoop& loop, const Upload& upload, const Source& source) {
  std::string object = upload.object;
  AIS_CO_TRY(std::optional<api::ObjectInfo> info, co_await look_up(loop.cluster(), plan_.bucket, std::move(object)));
  if (!info || info->size != source.size()) co_return false;
  if (!info->checksum) co_return true;
  auto hash = [&source, &info] { return source.checksum_as(info->checksum->type); };
  AIS_CO_TRY(codec::Checksum local, co_await on_pool(loop.file_threads(), hash));
  co_return local == *info->checksum;
}

async::Task<Status> PutJob::put(JobLoop& loop, Upload upload) {
  if (is_stream(upload.path)) co_return co_await put_pipe(loop, std::move(upload));
  auto read = [this, &upload] { return read_source(upload.path, plan_.checksum); };
  // A checksum of a large file takes its time: only small files are quick.
  Result<Source> opened = Status(Code::kInternal, "");
  if (plan_.checksum || !is_small_file(upload.path)) opened = co_await on_pool(loop.file_threads(), read);
  else opened = co_await loop.files().run(read);
  if (!opened.ok()) co_return opened.status();
  co_return co_await put_source(loop, std::move(upload), *opened);
}

async::Task<Status> PutJob::put_pipe(JobLoop& loop, Upload upload) {
  auto read = [this, &upload] { return read_pipe(upload.path, plan_); };
  AIS_CO_TRY(Pipe pipe, co_await on_pool(loop.file_threads(), read));
  if (pipe.source) AIS_CO_RETURN_IF_ERROR(co_await batch_.end_of_input());
  if (pipe.source) co_return co_await put_source(loop, std::move(upload), *pipe.source);
  co_return co_await send_pipe(loop, std::move(upload), pipe);
}

void PutJob::is_done(const Upload& upload, uint64_t size) {
  batch_.object_done(size);
  if (batch_.verbose()) batch_.tell_done(Batch::Plan{upload.path, plan_.bucket.cname() + "/" + upload.object, size});
}

async::Task<Status> PutJob::put_source(JobLoop& loop, Upload upload, const Source& source) {
  if (plan_.expected && *source.checksum != *plan_.expected)
    co_return Status(Code::kBadChecksum, "the file has another checksum, " + source.checksum->value);
  if (plan_.skip_existing) {
    AIS_CO_TRY(bool there, co_await is_there(loop, upload, source));
    if (there) {
      batch_.object_skipped(source.size());
      co_return Status();
    }
  }
  if (batch_.dry_run()) {
    batch_.object_planned(Batch::Plan{upload.path, plan_.bucket.cname() + "/" + upload.object, source.size()});
    co_return Status();
  }
  AIS_CO_RETURN_IF_ERROR(co_await send_and_retry(loop, upload.object, source));
  is_done(upload, source.size());
  co_return Status();
}

/// A checksum that is known beforehand is the target's to check; one that is not is compared with the target's in the end.
async::Task<Status> PutJob::send_pipe(JobLoop& loop, Upload upload, Pipe& pipe) {
  std::optional<Batch::Moving> moving(std::in_place, batch_);
  StreamBody body(pipe.rest, std::move(pipe.first), loop.file_threads(), moving->bytes, [this] { return batch_.end_of_input(); });
  if (plan_.checksum && !plan_.expected) body.hash_as(*plan_.checksum);
  api::ClusterClient::PutOptions options;
  options.custom = plan_.custom;
  options.checksum = plan_.expected;
  AIS_CO_TRY(const api::ObjectInfo put, co_await loop.cluster().put_stream(plan_.bucket, upload.object, body, std::move(options)));
  const std::optional<codec::Checksum> sent = body.checksum();
  if (sent && put.checksum && put.checksum->type == sent->type && *put.checksum != *sent)
    co_return Status(Code::kBadChecksum, "stored, but with another checksum than was sent, " + sent->value);
  const uint64_t size = moving->bytes.load();
  moving.reset();
  is_done(upload, size);
  co_return Status();
}

async::Task<Status> PutJob::send_and_retry(JobLoop& loop, std::string object, const Source& source) {
  Nanoseconds pause = kFirstPause;
  for (uint64_t failures = 0;; ++failures) {
    Status status = co_await send(loop, object, source);
    bool may_pass = is_retryable(status.code()) || status.code() == Code::kBadChecksum;
    if (status.ok() || !may_pass || failures >= plan_.retries || batch_.stopped()) co_return status;
    co_await async::sleep_for(pause);
    if (batch_.stopped()) co_return status;
    pause = std::min(2 * pause, kLongestPause);
  }
}

async::Task<Status> PutJob::send(JobLoop& loop, std::string object, const Source& source) {
  Batch::Moving moving(batch_, source.size());
  api::ClusterClient::PutOptions options;
  options.custom = plan_.custom;
  options.checksum = source.checksum;
  options.sent = &moving.bytes;
  api::ClusterClient& cluster = loop.cluster();
  if (source.is_in_memory()) {
    Result<api::ObjectInfo> put = co_await cluster.put_text(plan_.bucket, std::move(object), source.text, std::move(options));
    co_return put.status();
  }
  Result<api::ObjectInfo> put =
      co_await cluster.put_file(plan_.bucket, std::move(object), source.file->fd(), source.size(), std::move(options));
  co_return put.status();
}

}  // namespace ais::cli
