#include "ais/object_source.h"

#include "ais/arguments.h"
#include "ais/batch.h"

namespace ais::cli {
namespace {

constexpr size_t kNamesAtOnce = 1000;

api::ListRequest list_request(const std::string& prefix, bool with_sizes) {
  api::ListRequest request;
  request.prefix = prefix;
  request.props = with_sizes ? "name,size" : "name";
  request.flags = with_sizes ? api::kListNameSize : api::kListNameOnly;
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

}  // namespace

Result<ObjectSelection> select_objects(Invocation& invocation, const std::vector<std::string>& arguments) {
  ObjectSelection out;
  AIS_TRY(out.limit, invocation.get_number("limit", 0));
  AIS_TRY(meta::ObjectUri first, uri_argument(invocation, arguments.front()));
  bool whole = invocation.has("all") || invocation.has("prefix");
  if (invocation.has("all") && invocation.has("prefix")) return invocation.usage_error("--all and --prefix exclude each other");
  if (whole || is_place(first)) {
    if (arguments.size() != 1)
      return invocation.usage_error(whole ? "--prefix and --all go with one bucket" : "\"" + arguments.front() + "\" goes alone");
    if (whole && !first.object.empty())
      return invocation.usage_error("\"" + arguments.front() + "\": --prefix and --all want a bucket with nothing behind it");
    if (invocation.has("prefix")) first.object = invocation.get("prefix");
    out.cut = whole ? 0 : first.object.size();
    Result<std::string> clean = meta::clean_prefix(first.object);
    if (!clean.ok()) return invocation.usage_error(clean.status().message());
    out.listed = std::move(first);
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
  if (!listed) return std::to_string(*count()) + (*count() == 1 ? " object" : " objects");
  std::string out = limit > 0 ? "the first " + std::to_string(limit) + " objects of " : "all objects of ";
  out += listed->bucket.cname();
  return listed->object.empty() ? out : out + " that begin with \"" + printable(listed->object) + "\"";
}

ObjectSource::ObjectSource(api::ClusterClient& cluster, ObjectSelection selection, bool with_sizes) : selection_(std::move(selection)) {
  if (!selection_.listed) return;
  lister_.emplace(cluster, selection_.listed->bucket, list_request(selection_.listed->object, with_sizes), selection_.limit);
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

net::Task<Result<std::vector<ObjectItem>>> ObjectSource::next() {
  if (!lister_) co_return next_names();
  std::vector<ObjectItem> out;
  while (out.empty() && !lister_->done()) {
    AIS_CO_TRY(std::vector<api::ListEntry> entries, co_await lister_->next());
    for (api::ListEntry& entry : entries)
      out.push_back({selection_.listed->bucket, std::move(entry.name), static_cast<uint64_t>(std::max<int64_t>(entry.size, 0))});
  }
  co_return out;
}

net::Task<void> count_objects(api::ClusterClient& cluster, ObjectSelection selection, Batch& batch, const bool& over) {
  if (std::optional<uint64_t> count = selection.count()) {
    batch.set_total(*count, 0);
    co_return;
  }
  ObjectSource source(cluster, std::move(selection), true);
  uint64_t objects = 0, bytes = 0;
  while (!over) {
    Result<std::vector<ObjectItem>> items = co_await source.next();
    if (!items.ok()) co_return;  // the command meets the same error and tells it
    if (items->empty()) break;
    for (const ObjectItem& item : *items) {
      ++objects;
      bytes += item.size.value_or(0);
    }
  }
  batch.set_total(objects, bytes);
}

}  // namespace ais::cli
