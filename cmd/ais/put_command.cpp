#include <optional>

#include "ais/arguments.h"
#include "ais/commands.h"
#include "ais/put_job.h"

namespace ais::cli {
namespace {

/// The type that the bucket keeps, so that the target hashes once; xxhash2 when it keeps none.
net::Task<Result<codec::ChecksumType>> bucket_checksum_type(Invocation& invocation, meta::Bucket bucket) {
  AIS_CO_TRY(meta::BucketProperties props, co_await invocation.cluster().head_bucket(std::move(bucket)));
  std::optional<codec::ChecksumType> type = codec::parse_checksum_type(props.checksum.type);
  co_return type&&* type != codec::ChecksumType::kNone ? *type : codec::ChecksumType::kXxhash2;
}

Result<UploadSource::Options> read_sources(Invocation& invocation, const meta::ObjectUri& to) {
  UploadSource::Options options;
  options.sources.assign(invocation.arguments().begin(), invocation.arguments().end() - 1);
  options.object = to.object;
  options.recursive = invocation.has("recursive");
  options.literal = invocation.has("literal");
  options.include = invocation.get_all("include");
  options.exclude = invocation.get_all("exclude");
  bool one_name = !to.object.empty() && !to.object.ends_with('/') && to.object.find('{') == std::string::npos;
  if (options.sources.size() > 1 && one_name)
    return invocation.usage_error("several sources need a bucket or a prefix that ends with \"/\", not \"" + to.object + "\"");
  for (const std::string& source : options.sources)
    if (source == "-" && !one_name) return invocation.usage_error("standard input needs an object name: ais://bucket/object");
  return options;
}

net::Task<void> run_put(Invocation& invocation, PutJob& job, Batch& batch, size_t parallel, Status& status) {
  status = co_await run_job(invocation, job, batch, parallel);
  job.is_over();
}

}  // namespace

net::Task<Status> put(Invocation& invocation) {
  AIS_CO_TRY(meta::ObjectUri to, uri_argument(invocation, invocation.arguments().back()));
  AIS_CO_TRY(UploadSource::Options sources, read_sources(invocation, to));
  AIS_CO_TRY(size_t parallel, parallel_flag(invocation));
  PutPlan plan;
  plan.bucket = to.bucket;
  plan.skip_existing = invocation.has("skip-existing");
  AIS_CO_TRY(plan.custom, assignments(invocation, invocation.get_all("custom")));
  if (invocation.has("checksum")) {
    AIS_CO_TRY(plan.checksum, co_await bucket_checksum_type(invocation, to.bucket));
  }
  Batch::Options options{"uploaded", "would upload", invocation.has("dry-run"), false, true};
  Batch batch(invocation, std::move(options));
  PutJob job(std::move(plan), std::move(sources), batch);
  if (Status prepared = job.prepare(); !prepared.ok()) co_return invocation.usage_error(prepared.message());
  Status status;
  std::vector<net::Task<void>> tasks;
  if (batch.wants_total()) tasks.push_back(job.count());
  tasks.push_back(run_put(invocation, job, batch, parallel, status));
  co_await run_parallel(std::move(tasks));
  co_return batch.finish(std::move(status));
}

}  // namespace ais::cli
