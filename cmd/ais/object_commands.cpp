#include <deque>

#include "ais/arguments.h"
#include "ais/batch.h"
#include "ais/commands.h"
#include "ais/lister.h"
#include "ais/parallel.h"
#include "base/name_template.h"
#include "base/units.h"

namespace ais::cli {
namespace {

net::Task<void> remove_worker(Invocation& invocation, std::deque<meta::ObjectUri>& queue, Batch& batch) {
  while (!queue.empty()) {
    meta::ObjectUri uri = std::move(queue.front());
    queue.pop_front();
    Status status = co_await invocation.cluster().remove(uri.bucket, uri.object);
    if (status.ok()) batch.object_done();
    else batch.object_failed(uri.object, status);
  }
}

net::Task<void> remove_all(Invocation& invocation, std::deque<meta::ObjectUri>& queue, Batch& batch, size_t parallel) {
  std::vector<net::Task<void>> workers;
  for (size_t i = 0; i < std::min(parallel, queue.size()); ++i) workers.push_back(remove_worker(invocation, queue, batch));
  co_await run_parallel(std::move(workers));
}

net::Task<Status> remove_prefix(Invocation& invocation, size_t parallel) {
  if (invocation.arguments().size() != 1) co_return invocation.usage_error("--prefix goes with one bucket");
  AIS_CO_TRY(meta::Bucket bucket, bucket_argument(invocation, invocation.argument(0)));
  std::string prefix = invocation.get("prefix");
  AIS_CO_RETURN_IF_ERROR(invocation.confirm("Remove all objects of " + bucket.cname() + " that begin with \"" + prefix + "\"?"));
  api::ListRequest request;
  request.prefix = prefix;
  request.props = "name";
  request.flags = api::kListNameOnly;
  Lister lister(invocation.cluster(), bucket, std::move(request));
  Batch batch(invocation, "removed");
  std::deque<meta::ObjectUri> queue;
  while (!lister.done()) {
    AIS_CO_TRY(std::vector<api::ListEntry> entries, co_await lister.next());
    for (api::ListEntry& entry : entries) queue.push_back(meta::ObjectUri{bucket, std::move(entry.name)});
    co_await remove_all(invocation, queue, batch, parallel);
  }
  co_return batch.finish();
}

/// Parses what the arguments name, templates expanded; more than one name of a template must be confirmed.
Result<std::vector<NameTemplate>> templates_of(Invocation& invocation) {
  std::vector<NameTemplate> out;
  uint64_t expanded = 0;
  for (const std::string& text : invocation.arguments()) {
    Result<NameTemplate> names = NameTemplate::parse(text);
    if (!names.ok()) return invocation.usage_error(names.status().message());
    Result<meta::ObjectUri> first = object_argument(invocation, names->at(0));
    if (!first.ok()) return first.status();
    if (names->has_range()) expanded += names->count();
    out.push_back(std::move(names).value());
  }
  if (expanded > 1) AIS_RETURN_IF_ERROR(invocation.confirm("Remove " + std::to_string(expanded) + " objects named by templates?"));
  return out;
}

void write_custom(codec::JsonWriter& out, const store::CustomPairs& custom) {
  out.key("custom").begin_object();
  for (const auto& [name, value] : custom) out.field(name, value);
  out.end_object();
}

std::string info_json(const meta::ObjectUri& uri, const api::ObjectInfo& info) {
  codec::JsonWriter out;
  out.begin_object().field("bucket", uri.bucket.cname()).field("name", uri.object).field("size", info.size);
  out.field("checksum_type", info.checksum ? codec::checksum_type_name(info.checksum->type) : "none");
  out.field("checksum", info.checksum ? info.checksum->value : "").field("version", info.version);
  out.key("atime_ns");
  if (info.atime_ns) out.value(*info.atime_ns);
  else out.null();
  write_custom(out, info.custom);
  out.field("location", info.location).field("etag", info.etag).field("present", info.present).end_object();
  return out.take();
}

Table info_table(const meta::ObjectUri& uri, const api::ObjectInfo& info) {
  Table table({{"PROPERTY"}, {"VALUE"}});
  table.add({"name", uri.object});
  table.add({"bucket", uri.bucket.cname()});
  std::string bytes = std::to_string(info.size) + " bytes";
  table.add({"size", info.size < kKiB ? bytes : format_size(info.size, 2) + " (" + bytes + ")"});
  if (info.checksum) table.add({"checksum", std::string(codec::checksum_type_name(info.checksum->type)) + " " + info.checksum->value});
  table.add({"version", info.version});
  if (info.atime_ns) table.add({"atime", api::format_go_time(*info.atime_ns, "")});
  for (const auto& [name, value] : info.custom) table.add({"custom." + name, value});
  table.add({"location", info.location});
  if (!info.etag.empty()) table.add({"etag", info.etag});
  return table;
}

/// Tells that a single object was changed.
void report(Invocation& invocation, std::string_view action, const meta::ObjectUri& uri, const std::string& to = "") {
  std::string name = uri.bucket.cname() + "/" + uri.object;
  if (!invocation.json()) {
    invocation.print_line(std::string(action) + " " + printable(name) + (to.empty() ? "" : " to " + printable(to)));
    return;
  }
  codec::JsonWriter out;
  out.begin_object().field("action", action).field("object", name);
  if (!to.empty()) out.field("to", to);
  invocation.print_line(out.end_object().take());
}

}  // namespace

net::Task<Status> remove_objects(Invocation& invocation) {
  AIS_CO_TRY(size_t parallel, parallel_flag(invocation));
  if (invocation.has("prefix")) co_return co_await remove_prefix(invocation, parallel);
  AIS_CO_TRY(std::vector<NameTemplate> templates, templates_of(invocation));
  constexpr size_t kChunk = 10000;
  Batch batch(invocation, "removed");
  std::deque<meta::ObjectUri> queue;
  for (const NameTemplate& names : templates) {
    for (uint64_t i = 0; i < names.count(); ++i) {
      AIS_CO_TRY(meta::ObjectUri uri, object_argument(invocation, names.at(i)));
      queue.push_back(std::move(uri));
      if (queue.size() >= kChunk) co_await remove_all(invocation, queue, batch, parallel);
    }
  }
  co_await remove_all(invocation, queue, batch, parallel);
  co_return batch.finish();
}

net::Task<Status> copy_object(Invocation& invocation) {
  AIS_CO_TRY(meta::ObjectUri from, object_argument(invocation, invocation.argument(0)));
  AIS_CO_TRY(meta::ObjectUri to, uri_argument(invocation, invocation.argument(1)));
  std::string base = from.object.substr(from.object.rfind('/') + 1);
  if (to.object.empty()) to.object = from.object;
  else if (to.object.ends_with('/')) to.object += base;
  if (to.bucket == from.bucket && to.object == from.object) co_return invocation.usage_error("source and destination are the same");
  AIS_CO_RETURN_IF_ERROR(co_await invocation.cluster().copy(from.bucket, from.object, to.bucket, to.object));
  report(invocation, "copied", from, to.bucket.cname() + "/" + to.object);
  co_return Status();
}

net::Task<Status> rename_object(Invocation& invocation) {
  AIS_CO_TRY(meta::ObjectUri from, object_argument(invocation, invocation.argument(0)));
  std::string name = invocation.argument(1);
  if (name.find("://") != std::string::npos) {
    AIS_CO_TRY(meta::ObjectUri to, object_argument(invocation, name));
    if (to.bucket != from.bucket)
      co_return invocation.usage_error("objects are renamed within their bucket; to another one: ais cp, ais rmo");
    name = to.object;
  }
  AIS_CO_RETURN_IF_ERROR(co_await invocation.cluster().rename(from.bucket, from.object, name));
  report(invocation, "renamed", from, from.bucket.cname() + "/" + name);
  co_return Status();
}

net::Task<Status> show_object(Invocation& invocation) {
  AIS_CO_TRY(meta::ObjectUri uri, object_argument(invocation, invocation.argument(0)));
  AIS_CO_TRY(api::ObjectInfo info, co_await invocation.cluster().head(uri.bucket, uri.object, ""));
  if (invocation.json()) invocation.print_line(info_json(uri, info));
  else invocation.print_table(info_table(uri, info));
  co_return Status();
}

net::Task<Status> set_object_custom(Invocation& invocation) {
  AIS_CO_TRY(meta::ObjectUri uri, object_argument(invocation, invocation.argument(0)));
  std::vector<std::string> texts(invocation.arguments().begin() + 1, invocation.arguments().end());
  AIS_CO_TRY(Assignments pairs, assignments(invocation, texts));
  AIS_CO_RETURN_IF_ERROR(co_await invocation.cluster().set_custom(uri.bucket, uri.object, pairs, invocation.has("replace")));
  report(invocation, "changed", uri);
  co_return Status();
}

}  // namespace ais::cli
