#include "ais/object/object_source.h"

#include <algorithm>
#include <functional>

#include "ais/command/arguments.h"
#include "ais/job/batch.h"
#include "ais/object/hints.h"
#include "ais/object/name_list.h"
#include "base/strings.h"
#include "cli/counted.h"

namespace ais::cli {
namespace {

constexpr size_t kNamesAtOnce = 1000;

api::ListRequest list_request(const ObjectSelection& selection, bool with_sizes) {
  api::ListRequest request;
  request.prefix = selection.listed->object;
  request.props = with_sizes ? "name,size" : "name";
  request.page_size = kNamesAtOnce;  // the work begins with the first page
  request.flags = with_sizes ? api::kListNameSize : api::kListNameOnly;
  if (selection.flat) request.flags |= api::kListNoRecursion | api::kListNoDirectories | api::kListCallerIsS3;
  return request;
}

/// "ais://b/train/" is a place with objects below it; no object has such a name.
bool is_place(const meta::ObjectUri& uri) { return uri.object.ends_with('/'); }

Result<ObjectSelection::Names> names_of(Invocation& invocation, const std::string& text) {
  ObjectSelection::Names names;
  AIS_TRY(meta::ObjectUri uri, uri_argument(invocation, text));
  if (uri.object.empty())
    return invocation.usage_error("\"" + text + "\" names no object: want ais://bucket/object, or --prefix \"\" for all of a bucket");
  if (is_place(uri)) return invocation.usage_error("\"" + text + "\" stands for many objects and goes alone");
  names.bucket = std::move(uri.bucket);
  if (invocation.has("literal")) {
    names.objects = NameTemplate::literal(uri.object);
  } else {
    Result<NameTemplate> parsed = NameTemplate::parse(uri.object);
    if (!parsed.ok()) return invocation.usage_error(parsed.status().message());
    names.objects = std::move(parsed).value();
  }
  if (Status valid = meta::validate_object_name(names.objects.at(0)); !valid.ok()) return invocation.usage_error(valid.message());
  return names;
}

/// All that begins with the prefix `uri.object`; its first `cut` bytes stand for the place.
Status select_listed(Invocation& invocation, meta::ObjectUri uri, size_t cut, ObjectSelection& out) {
  Result<std::string> clean = meta::clean_prefix(uri.object);
  if (!clean.ok()) return invocation.usage_error(clean.status().message());
  out.cut = cut;
  out.listed = std::move(uri);
  return {};
}

/// --list, --names-from and --template: names in a bucket, or below a place in it. A template without a range is a prefix.
Status select_by_flag(Invocation& invocation, const std::string& place, ObjectSelection& out) {
  AIS_TRY(meta::ObjectUri uri, uri_argument(invocation, place));
  if (!uri.object.empty() && !is_place(uri))
    return invocation.usage_error("\"" + place +
                                  "\": --list, --names-from and --template want a bucket, or a place in it that ends with \"/\"");
  out.cut = uri.object.size();
  AIS_TRY(std::vector<std::string> list, name_list(invocation));
  for (const std::string& name : list) out.names.push_back({uri.bucket, NameTemplate::literal(uri.object + name)});
  if (invocation.has("template")) {
    Result<NameTemplate> names = NameTemplate::parse(uri.object + invocation.get("template"));
    if (!names.ok()) return invocation.usage_error(names.status().message());
    if (!names->has_range() && list.empty()) return select_listed(invocation, {uri.bucket, names->at(0)}, out.cut, out);
    out.names.push_back({uri.bucket, std::move(names).value()});
  }
  for (const ObjectSelection::Names& names : out.names)
    if (Status valid = meta::validate_object_name(names.objects.at(0)); !valid.ok()) return invocation.usage_error(valid.message());
  return {};
}

/// How many of these flags are given.
size_t count_flags(const Invocation& invocation, std::initializer_list<const char*> flags) {
  return static_cast<size_t>(std::count_if(flags.begin(), flags.end(), [&](const char* flag) { return invocation.has(flag); }));
}

}  // namespace

Result<ObjectSelection> select_objects(Invocation& invocation, const std::vector<std::string>& arguments, BareBucket bare) {
  ObjectSelection out;
  AIS_TRY(out.limit, invocation.get_number("limit", 0));
  if (invocation.has("limit") && out.limit == 0) return invocation.usage_error("--limit 0 would leave nothing to do");
  out.flat = invocation.has("no-recursion");
  for (const std::string& text : arguments) AIS_RETURN_IF_ERROR(check_is_remote(invocation, text));
  size_t ways = count_flags(invocation, {"all", "prefix", "list", "names-from", "template"});
  if (ways > 1) return invocation.usage_error("--all, --prefix, --list, --names-from and --template exclude each other");
  if (ways == 1 && arguments.size() != 1)
    return invocation.usage_error("--all, --prefix, --list, --names-from and --template go with one bucket");
  if (invocation.has("null") && !invocation.has("names-from")) return invocation.usage_error("--null is about the file of --names-from");
  if (count_flags(invocation, {"list", "names-from", "template"}) == 1) {
    AIS_RETURN_IF_ERROR(select_by_flag(invocation, arguments.front(), out));
    return out;
  }
  AIS_TRY(meta::ObjectUri first, uri_argument(invocation, arguments.front()));
  if (ways == 1) {
    if (!first.object.empty())
      return invocation.usage_error("\"" + arguments.front() + "\": --prefix and --all want a bucket with nothing behind it");
    first.object = invocation.get("prefix");
    AIS_RETURN_IF_ERROR(select_listed(invocation, std::move(first), 0, out));
    return out;
  }
  bool whole_bucket = first.object.empty() && bare == BareBucket::kAll;
  if (is_place(first) || whole_bucket) {
    if (arguments.size() != 1) return invocation.usage_error("\"" + arguments.front() + "\" stands for many objects and goes alone");
    size_t cut = first.object.size();
    AIS_RETURN_IF_ERROR(select_listed(invocation, std::move(first), cut, out));
    return out;
  }
  for (const std::string& text : arguments) {
    AIS_TRY(ObjectSelection::Names names, names_of(invocation, text));
    out.names.push_back(std::move(names));
  }
  return out;
}

std::optional<uint64_t> ObjectSelection::count() const {
  if (listed) return std::nullopt;
  uint64_t sum = 0;
  for (const Names& one : names) sum += one.objects.count();
  return limit > 0 ? std::min(sum, limit) : sum;
}

std::string ObjectSelection::text() const {
  if (!listed) return counted(*count(), "object");
  std::string out = limit > 0 ? "the first " + counted(limit, "object") + " of " : "all objects of ";
  out += listed->bucket.cname();
  if (!listed->object.empty()) out += " that begin with \"" + printable(listed->object) + "\"";
  return flat ? out + ", without those below a further \"/\"" : out;
}

std::string ObjectSelection::text_of_nothing() const {
  if (!listed) return "";
  if (listed->object.empty()) return "there is nothing in " + listed->bucket.cname();
  return "nothing in " + listed->bucket.cname() + " begins with \"" + printable(listed->object) + "\"";
}

ObjectSource::ObjectSource(api::ClusterClient& cluster, ObjectSelection selection, bool with_sizes)
    : selection_(std::move(selection)), with_sizes_(with_sizes) {
  if (!selection_.listed) return;
  lister_.emplace(cluster, selection_.listed->bucket, list_request(selection_, with_sizes), selection_.limit);
}

std::vector<ObjectItem> ObjectSource::next_names() {
  std::vector<ObjectItem> out;
  while (out.size() < kNamesAtOnce && next_template_ < selection_.names.size()) {
    const ObjectSelection::Names& names = selection_.names[next_template_];
    if (selection_.limit > 0 && given_ == selection_.limit) break;
    if (next_name_ == names.objects.count()) {
      ++next_template_;
      next_name_ = 0;
      continue;
    }
    out.push_back({names.bucket, names.objects.at(next_name_++), std::nullopt});
    ++given_;
  }
  return out;
}

async::Task<Result<std::vector<ObjectItem>>> ObjectSource::next() {
  if (!lister_) co_return next_names();
  std::vector<ObjectItem> out;
  while (out.empty() && !lister_->done()) {
    AIS_CO_TRY(std::vector<api::ListEntry> entries, co_await lister_->next());
    for (api::ListEntry& entry : entries) {
      std::optional<uint64_t> size;
      const bool damaged = (entry.flags & api::kEntryHeadFailed) != 0;  // whoever reads it is told
      if (with_sizes_ && !damaged) size = static_cast<uint64_t>(std::max<int64_t>(entry.size, 0));
      out.push_back({selection_.listed->bucket, std::move(entry.name), size});
    }
  }
  co_return out;
}

namespace {

struct Extent {
  uint64_t objects = 0, bytes = 0;
  bool is_whole = true;  // there is no more
};

/// Lists what is selected until it ends or `enough` says so.
async::Task<Result<Extent>> measure(api::ClusterClient& cluster, ObjectSelection selection, std::function<bool(const Extent&)> enough) {
  Extent out;
  ObjectSource source(cluster, std::move(selection), true);
  while (!enough(out)) {
    AIS_CO_TRY(const std::vector<ObjectItem> items, co_await source.next());
    if (items.empty()) co_return out;
    for (const ObjectItem& item : items) {
      ++out.objects;
      out.bytes += item.size.value_or(0);
    }
  }
  out.is_whole = false;
  co_return out;
}

}  // namespace

async::Task<void> count_objects(api::ClusterClient& cluster, ObjectSelection selection, Batch& batch, const bool& over) {
  if (std::optional<uint64_t> count = selection.count()) {
    batch.set_total(*count, 0);
    co_return;
  }
  auto is_over = [&over](const Extent&) { return over; };
  Result<Extent> extent = co_await measure(cluster, std::move(selection), is_over);
  // The command meets the same error and tells it.
  if (extent.ok() && (extent->is_whole || !over)) batch.set_total(extent->objects, extent->bytes);
}

async::Task<Result<std::string>> extent_text(Invocation& invocation, ObjectSelection selection) {
  if (!selection.listed) co_return std::string();
  constexpr uint64_t kCountedMax = 100'000;  // ten pages: a question should not take long
  auto is_enough = [](const Extent& extent) { return extent.objects >= kCountedMax; };
  AIS_CO_TRY(const Extent extent, co_await measure(invocation.cluster(), std::move(selection), is_enough));
  std::string more = extent.is_whole ? "" : "more than ";
  co_return " (" + more + counted(extent.objects, "object") + ", " + more + invocation.size_text(extent.bytes) + ")";
}

}  // namespace ais::cli
