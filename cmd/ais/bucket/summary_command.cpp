#include "ais/bucket/summary.h"
#include "ais/command/arguments.h"
#include "ais/command/commands.h"
#include "ais/object/lister.h"
#include "base/units.h"
#include "cli/counted.h"
#include "cli/json_text.h"

namespace ais::cli {
namespace {

std::string size_cell(Invocation& invocation, uint64_t bytes) { return invocation.size_text(bytes, bytes < kKiB ? 0 : 2); }

void write_fields(codec::JsonWriter& out, const Summary& one) {
  out.field("objects", one.objects).field("bytes", one.bytes).field("size_min", one.smallest);
  out.field("size_average", one.average()).field("size_max", one.largest).field("damaged", one.damaged);
  out.field("misplaced", one.misplaced);
}

/// All buckets of a provider, "" for all there are.
async::Task<Status> add_buckets(Invocation& invocation, std::string provider, std::vector<meta::ObjectUri>& places) {
  AIS_CO_TRY(std::vector<meta::Bucket> buckets, co_await invocation.cluster().list_buckets(provider));
  std::sort(buckets.begin(), buckets.end());
  for (meta::Bucket& bucket : buckets) places.push_back({std::move(bucket), ""});
  co_return Status();
}

std::string summaries_json(const std::vector<Summary>& summaries) {
  codec::JsonWriter out;
  out.begin_array();
  for (const Summary& one : summaries) {
    text_field(out.begin_object().field("bucket", one.place.bucket.cname()), "prefix", one.place.object);
    write_fields(out, one);
    out.end_object();
  }
  return out.end_array().take();
}

}  // namespace

async::Task<Result<Summary>> summarize(Invocation& invocation, meta::ObjectUri place, const ListFilter& filter) {
  Summary out;
  out.place = place;
  api::ListRequest request;
  request.prefix = place.object;
  if (filter.prefix().starts_with(place.object)) request.prefix = filter.prefix();
  request.props = "name,size";
  request.flags = api::kListNameSize;
  Lister lister(invocation.cluster(), place.bucket, std::move(request));
  while (!lister.done()) {
    AIS_CO_TRY(std::vector<api::ListEntry> entries, co_await lister.next());
    for (const api::ListEntry& entry : entries) {
      if (!filter.wants(entry.name)) continue;
      if (api::is_misplaced(entry.flags)) ++out.misplaced;
      if (entry.flags & api::kEntryHeadFailed) ++out.damaged;
      else out.add(static_cast<uint64_t>(std::max<int64_t>(entry.size, 0)));
    }
  }
  co_return out;
}

std::string damage_text(uint64_t objects) {
  return counted(objects, "object") + (objects == 1 ? " is" : " are") +
         " damaged, of unknown size: reading gives an error until the object " + "is overwritten or removed";
}

std::string misplaced_text(uint64_t objects) {
  return counted(objects, "object") + (objects == 1 ? " is" : " are") +
         " misplaced, on a target or mountpath that does not own the name: reading one says that it does not exist";
}

void print_summaries(Invocation& invocation, const std::vector<Summary>& summaries) {
  uint64_t damaged = 0, misplaced = 0;
  for (const Summary& one : summaries) damaged += one.damaged, misplaced += one.misplaced;
  if (damaged > 0) invocation.complain(damage_text(damaged));
  if (misplaced > 0) invocation.complain(misplaced_text(misplaced));
  if (invocation.json()) return invocation.print_line(summaries_json(summaries));
  Table table({{"NAME"},
               {"OBJECTS", Align::kRight},
               {"SIZE", Align::kRight},
               {"SIZE (MIN)", Align::kRight},
               {"SIZE (AVG)", Align::kRight},
               {"SIZE (MAX)", Align::kRight}});
  uint64_t objects = 0, bytes = 0;
  for (const Summary& one : summaries) {
    objects += one.objects;
    bytes += one.bytes;
    std::string name = one.place.bucket.cname() + (one.place.object.empty() ? "" : "/" + one.place.object);
    if (one.objects == 0) {
      table.add({name, "0", size_cell(invocation, 0), "", "", ""});
      continue;
    }
    table.add({name, std::to_string(one.objects), size_cell(invocation, one.bytes), size_cell(invocation, one.smallest),
               size_cell(invocation, one.average()), size_cell(invocation, one.largest)});
  }
  if (summaries.size() > 1 && invocation.table_style().footers)
    table.add({"total", std::to_string(objects), size_cell(invocation, bytes), "", "", ""});
  invocation.print_table(table);
}

async::Task<Status> summarize_all(Invocation& invocation, std::vector<meta::ObjectUri> places, const ListFilter& filter) {
  std::vector<Summary> summaries;
  for (meta::ObjectUri& place : places) {
    AIS_CO_TRY(Summary one, co_await summarize(invocation, std::move(place), filter));
    summaries.push_back(std::move(one));
  }
  print_summaries(invocation, summaries);
  co_return Status();
}

async::Task<Status> summarize_buckets(Invocation& invocation) {
  AIS_CO_TRY(ListFilter filter, ListFilter::create(invocation));
  std::vector<meta::ObjectUri> places;
  for (const std::string& text : invocation.arguments()) {
    if (std::optional<std::string> provider = provider_argument(text)) {
      AIS_CO_RETURN_IF_ERROR(co_await add_buckets(invocation, std::move(*provider), places));
      continue;
    }
    AIS_CO_TRY(meta::ObjectUri uri, uri_argument(invocation, text));
    if (!uri.object.empty() && invocation.has("prefix"))
      co_return invocation.usage_error("the prefix is given twice: after the bucket and with --prefix");
    places.push_back(std::move(uri));
  }
  if (invocation.arguments().empty()) AIS_CO_RETURN_IF_ERROR(co_await add_buckets(invocation, std::string(), places));
  if (invocation.has("prefix"))
    for (meta::ObjectUri& place : places) place.object = invocation.get("prefix");
  co_return co_await summarize_all(invocation, std::move(places), filter);
}

}  // namespace ais::cli
