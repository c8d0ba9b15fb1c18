#include "ais/object/put_job.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "ais/job/file_pool.h"
#include "ais/object/same_content.h"

namespace ais::cli {
namespace {

constexpr uint64_t kSmallFile = 64 * kKiB;
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

net::Task<Result<std::vector<Upload>>> PutJob::produce() {
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
    for (const auto& [path, why] : unreadable_) batch_.object_failed(path, why);
    unreadable_.clear();
  }
  co_return found;
}

net::Task<void> PutJob::count() {
  auto count = [this] { return count_files(options_, over_); };
  Total total = co_await on_pool(counter_, count);
  batch_.set_total(total.files, total.bytes);
}

net::Task<void> PutJob::perform(JobLoop& loop, Upload upload) {
  std::string path = upload.path;
  Status status;
  if (Status valid = meta::validate_object_name(upload.object); !valid.ok()) status = valid;
  else if (batch_.dry_run() && !plan_.skip_existing) status = co_await plan(loop, std::move(upload));
  else status = co_await put(loop, std::move(upload));
  if (!status.ok()) batch_.object_failed(path, status);
}

Result<PutJob::Source> PutJob::read_source(const std::string& path, std::optional<codec::ChecksumType> checksum) {
  AIS_TRY(InputFile file, InputFile::open(path));
  Source source{std::move(file), "", std::nullopt};
  if (source.file.size() <= kSmallFile) {
    AIS_TRY(source.text, source.file.read_all());
  }
  if (checksum) {
    AIS_TRY(source.checksum, source.checksum_as(*checksum));
  }
  return source;
}

Result<codec::Checksum> PutJob::Source::checksum_as(codec::ChecksumType type) const {
  if (checksum && checksum->type == type) return *checksum;
  if (text.size() == file.size()) return codec::checksum_of(type, text);
  return file.checksum(type);
}

/// What a dry run says of a file that it need not read.
net::Task<Status> PutJob::plan(JobLoop& loop, Upload upload) {
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

net::Task<Result<bool>> PutJob::is_there(JobLoop& loop, const Upload& upload, const Source& source) {
  std::string object = upload.object;
  AIS_CO_TRY(std::optional<api::ObjectInfo> info, co_await look_up(loop.cluster(), plan_.bucket, std::move(object)));
  if (!info || info->size != source.file.size()) co_return false;
  if (!info->checksum) co_return true;
  auto hash = [&source, &info] { return source.checksum_as(info->checksum->type); };
  AIS_CO_TRY(codec::Checksum local, co_await on_pool(loop.file_threads(), hash));
  co_return local == *info->checksum;
}

net::Task<Status> PutJob::put(JobLoop& loop, Upload upload) {
  auto read = [this, &upload] { return read_source(upload.path, plan_.checksum); };
  // A pipe is waited for, and a checksum of a large file takes its time: only small files are quick.
  bool maybe_long = upload.path == "-" || plan_.checksum || !is_small_file(upload.path);
  Result<Source> opened = Status(Code::kInternal, "");
  if (maybe_long) opened = co_await on_pool(loop.file_threads(), read);
  else opened = co_await loop.files().run(read);
  if (!opened.ok()) co_return opened.status();
  const Source& source = *opened;
  if (plan_.expected && *source.checksum != *plan_.expected)
    co_return Status(Code::kBadChecksum, "the file has another checksum, " + source.checksum->value);
  if (plan_.skip_existing) {
    AIS_CO_TRY(bool there, co_await is_there(loop, upload, source));
    if (there) {
      batch_.object_skipped(source.file.size());
      co_return Status();
    }
  }
  if (batch_.dry_run()) {
    batch_.object_planned(Batch::Plan{upload.path, plan_.bucket.cname() + "/" + upload.object, source.file.size()});
    co_return Status();
  }
  AIS_CO_RETURN_IF_ERROR(co_await send_and_retry(loop, upload.object, source));
  batch_.object_done(source.file.size());
  if (batch_.verbose()) batch_.tell_done(Batch::Plan{upload.path, plan_.bucket.cname() + "/" + upload.object, source.file.size()});
  co_return Status();
}

net::Task<Status> PutJob::send_and_retry(JobLoop& loop, std::string object, const Source& source) {
  Nanoseconds pause = kFirstPause;
  for (uint64_t failures = 0;; ++failures) {
    Status status = co_await send(loop, object, source);
    bool may_pass = is_retryable(status.code()) || status.code() == Code::kBadChecksum;
    if (status.ok() || !may_pass || failures >= plan_.retries || batch_.stopped()) co_return status;
    co_await net::sleep_for(pause);
    if (batch_.stopped()) co_return status;
    pause = std::min(2 * pause, kLongestPause);
  }
}

net::Task<Status> PutJob::send(JobLoop& loop, std::string object, const Source& source) {
  Batch::Moving moving(batch_, source.file.size());
  api::ClusterClient::PutOptions options;
  options.custom = plan_.custom;
  options.checksum = source.checksum;
  options.sent = &moving.bytes;
  api::ClusterClient& cluster = loop.cluster();
  if (source.text.size() == source.file.size()) {
    Result<api::ObjectInfo> put = co_await cluster.put_text(plan_.bucket, std::move(object), source.text, std::move(options));
    co_return put.status();
  }
  Result<api::ObjectInfo> put =
      co_await cluster.put_file(plan_.bucket, std::move(object), source.file.fd(), source.file.size(), std::move(options));
  co_return put.status();
}

}  // namespace ais::cli
