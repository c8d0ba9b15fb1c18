#include <algorithm>
#include <map>
#include <set>

#include "ais/command/arguments.h"
#include "ais/command/commands.h"
#include "ais/command/item_report.h"
#include "ais/object/object_source.h"
#include "base/name_template.h"
#include "base/strings.h"
#include "cli/counted.h"
#include "cli/properties.h"
#include "meta/bucket_metadata.h"

namespace ais::cli {
namespace {

/// The buckets that the arguments name, templates expanded, each once.
Result<std::vector<meta::Bucket>> buckets_of(Invocation& invocation) {
  constexpr uint64_t kBucketsMax = 10000;
  std::vector<meta::Bucket> out;
  std::set<std::string> seen;
  for (const std::string& text : invocation.arguments()) {
    Result<NameTemplate> names = NameTemplate::parse(text);
    if (!names.ok()) return invocation.usage_error(names.status().message());
    if (names->count() > kBucketsMax) return invocation.usage_error("\"" + text + "\" names too many buckets");
    for (uint64_t i = 0; i < names->count(); ++i) {
      AIS_TRY(meta::Bucket bucket, bucket_argument(invocation, names->at(i)));
      if (seen.insert(bucket.cname()).second) out.push_back(std::move(bucket));
    }
  }
  return out;
}

/// NAME=VALUE texts, or one JSON object, as the document that sets them.
Result<std::string> props_of(Invocation& invocation, const std::vector<std::string>& texts) {
  if (texts.size() == 1 && trim(texts[0]).starts_with('{')) {
    Result<codec::JsonDocument> document = codec::JsonDocument::parse(texts[0]);
    if (!document.ok()) return invocation.usage_error("the properties are not JSON: " + document.status().message());
    return document->root().to_text();
  }
  AIS_TRY(Assignments changes, assignments(invocation, texts));
  Result<std::string> json = bucket_properties_json(changes);
  if (!json.ok()) return invocation.usage_error(json.status().message());
  return json;
}

/// What --set and --props say: NAME=VALUE texts, or one of JSON.
Result<std::vector<std::string>> new_props(Invocation& invocation) {
  std::vector<std::string> out = invocation.get_all("set");
  const std::string text(trim(invocation.get("props")));
  if (text.starts_with('{')) {
    out.push_back(text);
    return out;
  }
  std::vector<std::string> words;
  for (std::string_view word : split(text, ' '))
    if (!word.empty()) words.emplace_back(word);
  AIS_TRY(const Assignments pairs, assignments(invocation, words));
  for (const auto& [name, value] : pairs) out.push_back(name + "=" + value);
  return out;
}

/// The bucket's properties as they are now, as JSON.
async::Task<Result<std::string>> props_json(Invocation& invocation, meta::Bucket bucket) {
  AIS_CO_TRY(meta::BucketProperties props, co_await invocation.cluster().head_bucket(bucket));
  codec::JsonWriter json;
  props.write_json(json);
  co_return json.take();
}

/// Names and values of the properties as people read them, by name. What says nothing is left out: sections without a value, and the name
/// that a bucket had before, which no bucket has.
Assignments readable_properties(codec::JsonView document) {
  Assignments out;
  for (auto& [name, value] : flatten(document))
    if (value != "{}" && !(name == "Renamed" && value.empty())) out.emplace_back(name, value_text(name, value));
  std::sort(out.begin(), out.end());
  return out;
}

/// One row for each section: "disabled", or its values.
Assignments compact(const Assignments& properties) {
  std::map<std::string, Assignments> sections;
  for (const auto& [name, value] : properties) {
    size_t dot = name.find('.');
    sections[name.substr(0, dot)].emplace_back(dot == std::string::npos ? "" : name.substr(dot + 1), value);
  }
  Assignments out;
  for (const auto& [section, values] : sections) {
    std::vector<std::string> texts;
    for (const auto& [name, value] : values)
      if (!value.empty()) texts.push_back(name.empty() ? value : name + "=" + value);
    bool off = std::find(values.begin(), values.end(), std::pair<std::string, std::string>("enabled", "false")) != values.end();
    out.emplace_back(section, off ? "disabled" : join(texts, ", "));
  }
  return out;
}

/// What a request makes of a bucket's properties, by the gateway's own rules: what others change meanwhile is not in it.
struct Edit {
  Assignments values, before;  // of the properties that become others, in the same order
};

Result<Edit> edit_between(const meta::BucketProperties& current, const meta::BucketProperties& planned) {
  codec::JsonWriter before, after;
  current.write_json(before);
  planned.write_json(after);
  AIS_TRY(codec::JsonDocument old_document, codec::JsonDocument::parse(before.take()));
  AIS_TRY(codec::JsonDocument new_document, codec::JsonDocument::parse(after.take()));
  std::map<std::string, std::string> old_values;
  for (auto& [name, value] : flatten(old_document.root())) old_values[name] = value;
  Edit out;
  for (auto& [name, value] : flatten(new_document.root()))
    if (old_values[name] != value) {
      out.before.emplace_back(name, old_values[name]);
      out.values.emplace_back(name, value);
    }
  return out;
}

/// `props` as for set_bucket_props, "" for a reset.
async::Task<Result<Edit>> plan_edit(Invocation& invocation, meta::Bucket bucket, std::string props) {
  AIS_CO_TRY(const meta::BucketProperties current, co_await invocation.cluster().head_bucket(bucket));
  AIS_CO_TRY(const std::string text, co_await invocation.cluster().cluster_query("cluster_config"));
  AIS_CO_TRY(const meta::ClusterConfig config, meta::ClusterConfig::from_json(text));
  if (props.empty()) co_return edit_between(current, meta::reset_bucket_properties(current, config));
  AIS_CO_TRY(const meta::ClusterMap map, co_await invocation.cluster().cluster_map());
  AIS_CO_TRY(const codec::JsonDocument changes, codec::JsonDocument::parse(props));
  AIS_CO_TRY(const meta::BucketProperties planned,
             meta::apply_bucket_properties(bucket, current, changes.root(), config, map.active_targets()));
  co_return edit_between(current, planned);
}

Status report_edit(Invocation& invocation, const meta::Bucket& bucket, const Edit& edit, std::string verb) {
  if (edit.values.empty() && !invocation.json()) {
    invocation.print_line("nothing to change: the properties of " + bucket.cname() + " are these already");
    return {};
  }
  if (!invocation.json()) {
    Table table({{"PROPERTY"}, {"VALUE"}, {"BEFORE"}});
    for (size_t i = 0; i < edit.values.size(); ++i) {
      const auto& [name, value] = edit.values[i];
      table.add({name, value_text(name, value), value_text(name, edit.before[i].second)});
    }
    invocation.print_table(table);
    invocation.print_line("");
  }
  ItemReport report(invocation, "bucket", std::move(verb));
  report.changed(bucket.cname(), edit.values, edit.before, invocation.has("dry-run"));
  return report.finish();
}

/// What is in each bucket that is there: " (ais://a: 12 objects, 3.00MiB; ais://b: 0 objects, 0B)"; of many buckets the first ones.
async::Task<Result<std::string>> extent_of(Invocation& invocation, std::vector<meta::Bucket> buckets) {
  constexpr size_t kBucketsShown = 10;
  std::string out;
  for (size_t i = 0; i < buckets.size() && i < kBucketsShown; ++i) {
    ObjectSelection all;
    all.listed = meta::ObjectUri{buckets[i], ""};
    Result<std::string> extent = co_await extent_text(invocation, std::move(all));
    if (!extent.ok() && extent.code() == Code::kBucketNotFound) continue;  // told when it is to be destroyed
    if (!extent.ok()) co_return extent.status();
    if (buckets.size() == 1) co_return extent;
    out += (out.empty() ? " (" : "; ") + buckets[i].cname() + ": " + extent->substr(2, extent->size() - 3);
  }
  if (out.empty()) co_return out;
  co_return out + (buckets.size() > kBucketsShown ? "; ...)" : ")");
}

/// Takes those that are not there out of `buckets`: nobody need be asked about them.
async::Task<Status> tell_missing(Invocation& invocation, std::vector<meta::Bucket>& buckets, ItemReport& report) {
  std::vector<meta::Bucket> there;
  for (meta::Bucket& bucket : buckets) {
    const Status found = (co_await invocation.cluster().head_bucket(bucket)).status();
    if (found.ok()) there.push_back(std::move(bucket));
    else if (found.code() != Code::kBucketNotFound) co_return found;
    else if (!invocation.has("missing-ok")) report.add(bucket.cname(), found);
  }
  buckets = std::move(there);
  co_return Status();
}

/// OK when there is no such bucket yet.
async::Task<Status> check_free(api::ClusterClient& cluster, meta::Bucket bucket) {
  const std::string name = bucket.cname();
  Result<meta::BucketProperties> there = co_await cluster.head_bucket(std::move(bucket));
  if (there.code() == Code::kBucketNotFound) co_return Status();
  if (!there.ok()) co_return there.status();
  co_return Status(Code::kBucketAlreadyExists, "bucket \"" + name + "\" already exists");
}

}  // namespace

async::Task<Status> create_buckets(Invocation& invocation) {
  AIS_CO_TRY(std::vector<meta::Bucket> buckets, buckets_of(invocation));
  std::string props = "null";
  AIS_CO_TRY(const std::vector<std::string> texts, new_props(invocation));
  if (!texts.empty()) {
    AIS_CO_TRY(props, props_of(invocation, texts));
  }
  ItemReport report(invocation, "bucket", "created");
  for (const meta::Bucket& bucket : buckets) {
    Status status;
    if (invocation.has("dry-run")) status = co_await check_free(invocation.cluster(), bucket);
    else status = co_await invocation.cluster().create_bucket(bucket, props);
    if (status.code() == Code::kBucketAlreadyExists && invocation.has("exist-ok")) report.existed(bucket.cname());
    else if (status.ok() && invocation.has("dry-run")) report.would(bucket.cname());
    else report.add(bucket.cname(), status);
  }
  co_return report.finish();
}

async::Task<Status> remove_buckets(Invocation& invocation) {
  const bool all = invocation.has("all");
  if (all != invocation.arguments().empty()) co_return invocation.usage_error("expected the names of buckets, or --all");
  std::vector<meta::Bucket> buckets;
  if (all) {
    AIS_CO_TRY(buckets, co_await invocation.cluster().list_buckets(std::string()));
  } else {
    AIS_CO_TRY(buckets, buckets_of(invocation));
  }
  ItemReport report(invocation, "bucket", "destroyed");
  if (invocation.has("dry-run")) {
    for (const meta::Bucket& bucket : buckets) {
      Result<meta::BucketProperties> exists = co_await invocation.cluster().head_bucket(bucket);
      if (exists.ok()) report.would(bucket.cname());
      else if (!invocation.has("missing-ok") || exists.code() != Code::kBucketNotFound) report.add(bucket.cname(), exists.status());
    }
    co_return report.finish();
  }
  if (!all && invocation.asks()) AIS_CO_RETURN_IF_ERROR(co_await tell_missing(invocation, buckets, report));
  if (buckets.empty()) co_return report.finish();
  std::string what = buckets.size() == 1 ? "bucket " + buckets[0].cname() : counted(buckets.size(), "bucket");
  if (!all) {
    std::string extent;
    if (invocation.asks()) {
      AIS_CO_TRY(extent, co_await extent_of(invocation, buckets));
    }
    AIS_CO_RETURN_IF_ERROR(invocation.confirm("Destroy " + what + " with all objects" + extent + "?"));
  } else if (!buckets.empty())
    AIS_CO_RETURN_IF_ERROR(invocation.confirm_phrase("This destroys every object of the cluster.", "destroy " + what));
  for (const meta::Bucket& bucket : buckets) {
    Status status = co_await invocation.cluster().destroy_bucket(bucket);
    if (status.code() == Code::kBucketNotFound && invocation.has("missing-ok")) continue;
    report.add(bucket.cname(), status);
  }
  co_return report.finish();
}

async::Task<Status> show_bucket_props(Invocation& invocation) {
  AIS_CO_TRY(meta::Bucket bucket, bucket_argument(invocation, invocation.argument(0)));
  AIS_CO_TRY(const std::string text, co_await props_json(invocation, bucket));
  AIS_CO_TRY(codec::JsonDocument document, codec::JsonDocument::parse(text));
  const std::string section = invocation.arguments().size() > 1 ? invocation.argument(1) : "";
  const Assignments all = readable_properties(document.root());
  const Assignments rows = in_section(all, section);
  if (rows.empty() && section_of(document.root(), section).is_null())
    co_return invocation.usage_error(unknown_name("bucket property", section, all));
  if (invocation.json()) {
    invocation.print_line(section_of(document.root(), section).to_text());
    co_return Status();
  }
  Table table({{"PROPERTY"}, {"VALUE"}});
  for (const auto& [name, value] : invocation.has("compact") ? compact(rows) : rows) table.add({name, value});
  invocation.print_table(table);
  co_return Status();
}

async::Task<Status> set_bucket_props(Invocation& invocation) {
  AIS_CO_TRY(meta::Bucket bucket, bucket_argument(invocation, invocation.argument(0)));
  std::vector<std::string> texts(invocation.arguments().begin() + 1, invocation.arguments().end());
  AIS_CO_TRY(std::string props, props_of(invocation, texts));
  const bool dry_run = invocation.has("dry-run");
  Result<Edit> edit = co_await plan_edit(invocation, bucket, props);
  if (!edit.ok() && dry_run) co_return edit.status();
  if (!dry_run) AIS_CO_RETURN_IF_ERROR(co_await invocation.cluster().set_bucket_props(bucket, props));
  if (!edit.ok()) co_return edit.status().with_context("the properties were set, but what has changed is not known");
  co_return report_edit(invocation, bucket, *edit, "changed");
}

async::Task<Status> reset_bucket_props(Invocation& invocation) {
  AIS_CO_TRY(meta::Bucket bucket, bucket_argument(invocation, invocation.argument(0)));
  AIS_CO_TRY(const Edit edit, co_await plan_edit(invocation, bucket, std::string()));
  if (!invocation.has("dry-run")) {
    AIS_CO_RETURN_IF_ERROR(invocation.confirm("Set all properties of " + bucket.cname() + " back to the cluster's defaults?"));
    AIS_CO_RETURN_IF_ERROR(co_await invocation.cluster().reset_bucket_props(bucket));
  }
  co_return report_edit(invocation, bucket, edit, "reset");
}

}  // namespace ais::cli
