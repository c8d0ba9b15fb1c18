#include <deque>
#include <filesystem>

#include "ais/arguments.h"
#include "ais/batch.h"
#include "ais/commands.h"
#include "ais/download.h"
#include "ais/lister.h"
#include "ais/parallel.h"
#include "base/strings.h"

namespace ais::cli {
namespace {

/// "bytes=..." from --offset and --length, "" without them.
Result<std::string> range_of(Invocation& invocation) {
  if (!invocation.has("offset") && !invocation.has("length")) return std::string();
  AIS_TRY(uint64_t offset, invocation.get_size("offset", 0));
  AIS_TRY(uint64_t length, invocation.get_size("length", 0));
  if (invocation.has("length") && length == 0) return invocation.usage_error("--length must be at least 1");
  if (length > UINT64_MAX - offset) return invocation.usage_error("--offset and --length are too large together");
  auto first = static_cast<unsigned long long>(offset);
  if (!invocation.has("length")) return format("bytes=%llu-", first);
  return format("bytes=%llu-%llu", first, first + length - 1);
}

Result<DownloadOptions> download_options(Invocation& invocation) {
  DownloadOptions options;
  AIS_TRY(options.range, range_of(invocation));
  options.check = invocation.has("check");
  if (options.check && !options.range.empty()) return invocation.usage_error("--check needs the whole object, not a range of it");
  return options;
}

/// Where one object goes: the name given, a file in the directory given, or the object's last name component here.
std::string destination_of(Invocation& invocation, const std::string& object) {
  std::string base = object.substr(object.rfind('/') + 1);
  if (invocation.arguments().size() < 2) return base;
  std::string path = invocation.argument(1);
  std::error_code error;
  if (path.ends_with('/') || std::filesystem::is_directory(path, error)) return (std::filesystem::path(path) / base).string();
  return path;
}

net::Task<Status> get_one(Invocation& invocation, meta::ObjectUri from, std::string path) {
  AIS_CO_TRY(DownloadOptions options, download_options(invocation));
  if (path == "-") co_return co_await download(invocation, from.bucket, from.object, path, options);
  Batch batch(invocation, "downloaded");
  options.batch = &batch;
  Status status = co_await download(invocation, from.bucket, from.object, path, options);
  if (!status.ok()) co_return status;
  batch.object_done();
  co_return batch.finish();
}

/// The objects below a prefix: page by page, each shared by several workers.
class PrefixDownload {
 public:
  PrefixDownload(Invocation& invocation, Lister& lister, meta::Bucket bucket, std::string directory, DownloadOptions options)
      : invocation_(invocation), lister_(lister), bucket_(std::move(bucket)), directory_(std::move(directory)), options_(options) {}

  net::Task<Status> run(size_t parallel) {
    while (!lister_.done()) {
      AIS_CO_TRY(std::vector<api::ListEntry> entries, co_await lister_.next());
      for (api::ListEntry& entry : entries) queue_.push_back(std::move(entry.name));
      std::vector<net::Task<void>> workers;
      for (size_t i = 0; i < std::min(parallel, queue_.size()); ++i) workers.push_back(work());
      co_await run_parallel(std::move(workers));
    }
    co_return Status();
  }

 private:
  net::Task<void> work() {
    while (!queue_.empty()) {
      std::string object = std::move(queue_.front());
      queue_.pop_front();
      Status status = co_await get_below(object);
      if (status.ok()) options_.batch->object_done();
      else options_.batch->object_failed(object, status);
    }
  }
  net::Task<Status> get_below(std::string object) {
    AIS_CO_TRY(std::string path, path_below(directory_, object));
    AIS_CO_RETURN_IF_ERROR(make_parents(path));
    co_return co_await download(invocation_, bucket_, object, path, options_);
  }

  Invocation& invocation_;
  Lister& lister_;
  const meta::Bucket bucket_;
  const std::string directory_;
  DownloadOptions options_;
  std::deque<std::string> queue_;
};

net::Task<Status> get_prefix(Invocation& invocation, meta::Bucket bucket) {
  AIS_CO_TRY(DownloadOptions options, download_options(invocation));
  if (!options.range.empty()) co_return invocation.usage_error("--offset and --length go with one object, not with --prefix");
  AIS_CO_TRY(size_t parallel, parallel_flag(invocation));
  AIS_CO_TRY(uint64_t limit, invocation.get_number("limit", 0));
  Batch batch(invocation, "downloaded");
  options.batch = &batch;
  api::ListRequest request;
  request.prefix = invocation.get("prefix");
  request.props = "name";
  request.flags = api::kListNameOnly;
  Lister lister(invocation.cluster(), bucket, std::move(request), limit);
  std::string directory = invocation.arguments().size() < 2 ? "." : invocation.argument(1);
  PrefixDownload downloads(invocation, lister, std::move(bucket), std::move(directory), options);
  AIS_CO_RETURN_IF_ERROR(co_await downloads.run(parallel));
  co_return batch.finish();
}

}  // namespace

net::Task<Status> get(Invocation& invocation) {
  if (invocation.has("prefix")) {
    AIS_CO_TRY(meta::Bucket bucket, bucket_argument(invocation, invocation.argument(0)));
    co_return co_await get_prefix(invocation, std::move(bucket));
  }
  AIS_CO_TRY(meta::ObjectUri from, object_argument(invocation, invocation.argument(0)));
  std::string path = destination_of(invocation, from.object);
  co_return co_await get_one(invocation, std::move(from), std::move(path));
}

net::Task<Status> cat(Invocation& invocation) {
  AIS_CO_TRY(meta::ObjectUri from, object_argument(invocation, invocation.argument(0)));
  co_return co_await get_one(invocation, std::move(from), "-");
}

}  // namespace ais::cli
