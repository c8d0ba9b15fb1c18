#include <optional>

#include "ais/command/arguments.h"
#include "ais/command/commands.h"
#include "ais/object/put_arguments.h"
#include "ais/object/put_job.h"
#include "base/strings.h"
#include "cli/counted.h"
#include "cli/text_width.h"

namespace ais::cli {
namespace {

/// The type that the bucket keeps, so that the target hashes once; xxhash2 when it keeps none.
async::Task<Result<codec::ChecksumType>> bucket_checksum_type(Invocation& invocation, meta::Bucket bucket) {
  AIS_CO_TRY(meta::BucketProperties props, co_await invocation.cluster().head_bucket(std::move(bucket)));
  std::optional<codec::ChecksumType> type = codec::parse_checksum_type(props.checksum.type);
  co_return type&&* type != codec::ChecksumType::kNone ? *type : codec::ChecksumType::kXxhash2;
}

/// --md5 HEX and its like: what the only file must have.
Result<std::optional<codec::Checksum>> expected_checksum(Invocation& invocation) {
  std::optional<codec::Checksum> out;
  for (const char* type : {"crc32c", "md5", "sha256", "sha512", "xxhash", "xxhash2"}) {
    if (!invocation.has(type)) continue;
    if (out) return invocation.usage_error("one checksum is enough");
    Result<codec::Checksum> checksum = codec::Checksum::parse(type, invocation.get(type));
    if (!checksum.ok()) return invocation.usage_error(std::string("--") + type + ": " + checksum.status().message());
    out = std::move(checksum).value();
  }
  return out;
}

Result<PutPlan> plan_of(Invocation& invocation, PutArguments& arguments) {
  PutPlan plan;
  plan.bucket = arguments.to.bucket;
  plan.skip_existing = invocation.has("skip-existing");
  AIS_TRY(plan.retries, invocation.get_number("retries", 0));
  const std::vector<std::string> custom = invocation.get_all("custom");
  for (const std::string& text : custom)  // "NAME VALUE" is two words, and each flag has one
    if (text.find('=') == std::string::npos && !text.starts_with('{')) return invocation.usage_error("\"" + text + "\" is not NAME=VALUE");
  AIS_TRY(plan.custom, assignments(invocation, custom));
  for (const auto& [name, value] : plan.custom)
    if (has_control_bytes(name) || has_control_bytes(value))
      return invocation.usage_error("--custom: a control character in \"" + printable(name) + "\"");
  AIS_TRY(plan.expected, expected_checksum(invocation));
  if (!plan.expected) return plan;
  plan.checksum = plan.expected->type;
  arguments.files.single_file = true;
  return plan;
}

async::Task<void> run_put(Invocation& invocation, PutJob& job, Batch& batch, size_t parallel, Status& status) {
  status = co_await run_job(invocation, job, batch, parallel);
  job.is_over();
}

Status check_append(Invocation& invocation) {
  for (const char* flag : {"skip-existing", "checksum", "custom", "crc32c", "md5", "sha256", "sha512", "xxhash", "xxhash2", "retries"})
    if (invocation.has(flag)) return invocation.usage_error(std::string("--append and --") + flag + " exclude each other");
  return {};
}

}  // namespace

async::Task<Status> put(Invocation& invocation) {
  if (invocation.has("append")) {
    AIS_CO_RETURN_IF_ERROR(check_append(invocation));
    co_return co_await append_object(invocation);
  }
  AIS_CO_TRY(PutArguments arguments, read_put_arguments(invocation));
  AIS_CO_TRY(size_t parallel, parallel_flag(invocation));
  AIS_CO_TRY(PutPlan plan, plan_of(invocation, arguments));
  if (invocation.has("checksum") && !plan.expected) {
    AIS_CO_TRY(plan.checksum, co_await bucket_checksum_type(invocation, plan.bucket));
  }
  bool dry_run = invocation.has("dry-run");
  if (dry_run) AIS_CO_RETURN_IF_ERROR((co_await invocation.cluster().head_bucket(plan.bucket)).status());
  if (dry_run && !plan.skip_existing) parallel = 1;  // what costs nothing comes in order
  Batch::Options options{"uploaded", "would upload", dry_run, false, true, ""};
  Batch batch(invocation, std::move(options));
  PutJob job(std::move(plan), std::move(arguments.files), batch);
  if (Status prepared = job.prepare(); !prepared.ok()) co_return invocation.usage_error(prepared.message());
  Status status;
  std::vector<async::Task<void>> tasks;
  if (batch.wants_total()) tasks.push_back(job.count());
  tasks.push_back(run_put(invocation, job, batch, parallel, status));
  co_await async::when_all(std::move(tasks));
  status = batch.finish(std::move(status));
  if (const uint64_t left_out = job.directories_left_out(); left_out > 0)
    invocation.warn("left out " + counted(left_out, "subfolder") + "; -r takes what is in them too");
  co_return status;
}

}  // namespace ais::cli
