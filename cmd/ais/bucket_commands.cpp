#include "ais/arguments.h"
#include "ais/commands.h"
#include "ais/properties.h"
#include "base/name_template.h"
#include "meta/bucket_metadata.h"

namespace ais::cli {
namespace {

/// The buckets that the arguments name, templates expanded.
Result<std::vector<meta::Bucket>> buckets_of(Invocation& invocation) {
  constexpr uint64_t kBucketsMax = 10000;
  std::vector<meta::Bucket> out;
  for (const std::string& text : invocation.arguments()) {
    Result<NameTemplate> names = NameTemplate::parse(text);
    if (!names.ok()) return invocation.usage_error(names.status().message());
    if (names->count() > kBucketsMax) return invocation.usage_error("\"" + text + "\" is too many buckets");
    for (uint64_t i = 0; i < names->count(); ++i) {
      AIS_TRY(meta::Bucket bucket, bucket_argument(invocation, names->at(i)));
      out.push_back(std::move(bucket));
    }
  }
  return out;
}

/// Says what happened to each bucket, for people at once and as one JSON array at the end.
class BucketReport {
 public:
  BucketReport(Invocation& invocation, std::string verb) : invocation_(invocation), verb_(std::move(verb)) { json_.begin_array(); }
  void add(const meta::Bucket& bucket, const Status& status) {
    json_.begin_object().field("bucket", bucket.cname()).field("ok", status.ok());
    if (!status.ok()) json_.field("error", status.message());
    json_.end_object();
    if (!status.ok()) ++failed_;
    if (!status.ok()) invocation_.complain(status.message());
    else if (!invocation_.json()) invocation_.print_line("bucket " + bucket.cname() + " " + verb_);
  }
  Status finish() {
    json_.end_array();
    if (invocation_.json()) invocation_.print_line(json_.take());
    if (failed_ == 0) return {};
    return make_status(Code::kInternal, failed_ == 1 ? "%zu bucket failed" : "%zu buckets failed", failed_);
  }

 private:
  Invocation& invocation_;
  const std::string verb_;
  codec::JsonWriter json_;
  size_t failed_ = 0;
};

Result<std::string> props_of(Invocation& invocation, const std::vector<std::string>& texts) {
  AIS_TRY(Assignments changes, assignments(invocation, texts));
  Result<std::string> json = bucket_properties_json(changes);
  if (!json.ok()) return invocation.usage_error(json.status().message());
  return json;
}

}  // namespace

net::Task<Status> create_buckets(Invocation& invocation) {
  AIS_CO_TRY(std::vector<meta::Bucket> buckets, buckets_of(invocation));
  std::string props = "null";
  if (invocation.has("set")) {
    AIS_CO_TRY(props, props_of(invocation, invocation.get_all("set")));
  }
  BucketReport report(invocation, "created");
  for (const meta::Bucket& bucket : buckets) {
    Status status = co_await invocation.cluster().create_bucket(bucket, props);
    if (status.code() == Code::kBucketAlreadyExists && invocation.has("exist-ok")) status = Status();
    report.add(bucket, status);
  }
  co_return report.finish();
}

net::Task<Status> remove_buckets(Invocation& invocation) {
  AIS_CO_TRY(std::vector<meta::Bucket> buckets, buckets_of(invocation));
  std::string what = buckets.size() == 1 ? "bucket " + buckets[0].cname() : std::to_string(buckets.size()) + " buckets";
  AIS_CO_RETURN_IF_ERROR(invocation.confirm("Destroy " + what + " with all objects?"));
  BucketReport report(invocation, "destroyed");
  for (const meta::Bucket& bucket : buckets) {
    Status status = co_await invocation.cluster().destroy_bucket(bucket);
    report.add(bucket, status);
  }
  co_return report.finish();
}

net::Task<Status> show_bucket_props(Invocation& invocation) {
  AIS_CO_TRY(meta::Bucket bucket, bucket_argument(invocation, invocation.argument(0)));
  AIS_CO_TRY(meta::BucketProperties props, co_await invocation.cluster().head_bucket(bucket));
  codec::JsonWriter json;
  props.write_json(json);
  std::string text = json.take();
  if (invocation.json()) {
    invocation.print_line(text);
    co_return Status();
  }
  AIS_CO_TRY(codec::JsonDocument document, codec::JsonDocument::parse(text));
  std::string section = invocation.arguments().size() > 1 ? invocation.argument(1) : "";
  Assignments rows = in_section(flatten(document.root()), section);
  if (rows.empty()) co_return invocation.usage_error("no bucket property is named \"" + section + "\"");
  Table table({{"PROPERTY"}, {"VALUE"}});
  for (auto& [name, value] : rows) table.add({name, value});
  invocation.print_table(table);
  co_return Status();
}

net::Task<Status> set_bucket_props(Invocation& invocation) {
  AIS_CO_TRY(meta::Bucket bucket, bucket_argument(invocation, invocation.argument(0)));
  std::vector<std::string> texts(invocation.arguments().begin() + 1, invocation.arguments().end());
  AIS_CO_TRY(std::string props, props_of(invocation, texts));
  AIS_CO_RETURN_IF_ERROR(co_await invocation.cluster().set_bucket_props(bucket, props));
  BucketReport report(invocation, "changed");
  report.add(bucket, Status());
  co_return report.finish();
}

net::Task<Status> reset_bucket_props(Invocation& invocation) {
  AIS_CO_TRY(meta::Bucket bucket, bucket_argument(invocation, invocation.argument(0)));
  AIS_CO_RETURN_IF_ERROR(invocation.confirm("Set all properties of " + bucket.cname() + " back to the cluster's defaults?"));
  AIS_CO_RETURN_IF_ERROR(co_await invocation.cluster().reset_bucket_props(bucket));
  BucketReport report(invocation, "reset");
  report.add(bucket, Status());
  co_return report.finish();
}

}  // namespace ais::cli
