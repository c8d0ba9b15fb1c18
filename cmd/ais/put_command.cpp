#include <optional>

#include "ais/arguments.h"
#include "ais/batch.h"
#include "ais/commands.h"
#include "ais/input_file.h"
#include "ais/parallel.h"
#include "ais/upload_source.h"

namespace ais::cli {
namespace {

struct PutPlan {
  meta::Bucket bucket;
  store::CustomPairs custom;
  std::optional<codec::ChecksumType> checksum;  // computed here and checked by the target
};

net::Task<Result<uint64_t>> upload(Invocation& invocation, const PutPlan& plan, Upload upload) {
  AIS_CO_RETURN_IF_ERROR(meta::validate_object_name(upload.object));
  AIS_CO_TRY(InputFile file, InputFile::open(upload.path));
  api::ClusterClient::PutOptions options;
  options.custom = plan.custom;
  if (plan.checksum) {
    AIS_CO_TRY(options.checksum, file.checksum(*plan.checksum));
  }
  Result<api::ObjectInfo> put = co_await invocation.cluster().put_file(plan.bucket, upload.object, file.fd(), file.size(), options);
  if (!put.ok()) co_return put.status();
  co_return file.size();
}

net::Task<void> upload_worker(Invocation& invocation, const PutPlan& plan, UploadSource& source, Batch& batch) {
  while (std::optional<Upload> next = source.next()) {
    std::string path = next->path;
    Result<uint64_t> size = co_await upload(invocation, plan, std::move(*next));
    if (size.ok()) {
      batch.add_bytes(*size);
      batch.object_done();
    } else {
      batch.object_failed(path, size.status());
    }
  }
}

/// The type that the bucket keeps, so that the target hashes once; xxhash2 when it keeps none.
net::Task<Result<codec::ChecksumType>> bucket_checksum_type(Invocation& invocation, const meta::Bucket& bucket) {
  AIS_CO_TRY(meta::BucketProperties props, co_await invocation.cluster().head_bucket(bucket));
  std::optional<codec::ChecksumType> type = codec::parse_checksum_type(props.checksum.type);
  co_return type&&* type != codec::ChecksumType::kNone ? *type : codec::ChecksumType::kXxhash2;
}

Result<UploadSource::Options> read_sources(Invocation& invocation, const meta::ObjectUri& to) {
  UploadSource::Options options;
  options.sources.assign(invocation.arguments().begin(), invocation.arguments().end() - 1);
  options.object = to.object;
  options.recursive = invocation.has("recursive");
  bool one_name = !to.object.empty() && !to.object.ends_with('/');
  if (options.sources.size() > 1 && one_name)
    return invocation.usage_error("several sources need a bucket or a prefix that ends with \"/\", not \"" + to.object + "\"");
  for (const std::string& source : options.sources)
    if (source == "-" && !one_name) return invocation.usage_error("standard input needs an object name: ais://bucket/object");
  return options;
}

}  // namespace

net::Task<Status> put(Invocation& invocation) {
  AIS_CO_TRY(meta::ObjectUri to, uri_argument(invocation, invocation.arguments().back()));
  AIS_CO_TRY(UploadSource::Options sources, read_sources(invocation, to));
  AIS_CO_TRY(size_t parallel, parallel_flag(invocation));
  PutPlan plan;
  plan.bucket = to.bucket;
  AIS_CO_TRY(plan.custom, assignments(invocation, invocation.get_all("custom")));
  if (invocation.has("checksum")) {
    AIS_CO_TRY(plan.checksum, co_await bucket_checksum_type(invocation, to.bucket));
  }
  Batch batch(invocation, "uploaded");
  UploadSource source(std::move(sources), [&batch](const std::string& path, const Status& why) { batch.object_failed(path, why); });
  std::vector<net::Task<void>> workers;
  for (size_t i = 0; i < parallel; ++i) workers.push_back(upload_worker(invocation, plan, source, batch));
  co_await run_parallel(std::move(workers));
  co_return batch.finish();
}

}  // namespace ais::cli
