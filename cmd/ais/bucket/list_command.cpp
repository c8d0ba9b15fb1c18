#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <limits>
#include <optional>

#include "ais/bucket/list_filter.h"
#include "ais/bucket/summary.h"
#include "ais/command/arguments.h"
#include "ais/command/commands.h"
#include "ais/object/lister.h"
#include "base/strings.h"
#include "base/units.h"
#include "cli/counted.h"
#include "cli/json_text.h"

namespace ais::cli {
namespace {

/// The object is there, and what is known of it cannot be read or believed.
bool is_damaged(const api::ListEntry& entry) { return (entry.flags & api::kEntryHeadFailed) != 0; }
bool is_misplaced(const api::ListEntry& entry) { return api::is_misplaced(entry.flags); }
const char* status_of(const api::ListEntry& entry) { return is_damaged(entry) ? "damaged" : is_misplaced(entry) ? "misplaced" : "ok"; }

/// A property of objects that a listing can show.
struct ListColumn {
  const char* property;
  const char* title;
  Align align;
  std::string (*text)(const api::ListEntry& entry, SizeUnits units);
};
constexpr ListColumn kColumns[] = {
    {"name", "NAME", Align::kLeft, [](const api::ListEntry& e, SizeUnits) { return e.name; }},
    {"size", "SIZE", Align::kRight,
     [](const api::ListEntry& e, SizeUnits units) {
       if (is_damaged(e)) return std::string(status_of(e));
       return format_size(static_cast<uint64_t>(e.size), e.size < static_cast<int64_t>(kKiB) ? 0 : 2, units);
     }},
    {"version", "VERSION", Align::kLeft, [](const api::ListEntry& e, SizeUnits) { return e.version; }},
    {"checksum", "CHECKSUM", Align::kLeft, [](const api::ListEntry& e, SizeUnits) { return e.checksum; }},
    {"atime", "ATIME", Align::kLeft, [](const api::ListEntry& e, SizeUnits) { return e.atime; }},
    {"copies", "COPIES", Align::kRight, [](const api::ListEntry& e, SizeUnits) { return std::to_string(e.copies); }},
    {"location", "LOCATION", Align::kLeft, [](const api::ListEntry& e, SizeUnits) { return e.location; }},
    {"custom", "CUSTOM", Align::kLeft, [](const api::ListEntry& e, SizeUnits) { return e.custom; }},
    {"status", "STATUS", Align::kLeft, [](const api::ListEntry& e, SizeUnits) { return std::string(status_of(e)); }},
};

using Columns = std::vector<const ListColumn*>;

Result<Columns> columns_of(Invocation& invocation) {
  Columns out = {&kColumns[0]};
  if (invocation.has("name-only") || invocation.has("null")) return out;
  std::string wanted = invocation.get("props", "name,size");
  std::vector<std::string> known = {"all"};
  for (const ListColumn& column : kColumns) known.emplace_back(column.property);
  for (std::string_view property : split(wanted, ',')) {
    property = trim(property);
    if (std::find(known.begin(), known.end(), property) == known.end()) {
      std::string best = nearest(property, known);
      return invocation.usage_error("--props: objects have no \"" + std::string(property) + "\"" +
                                    (best.empty() ? ", only " + join(known, ", ") : ", did you mean \"" + best + "\"?"));
    }
    for (const ListColumn& column : kColumns)
      if (property == "all" || property == column.property)
        if (std::find(out.begin(), out.end(), &column) == out.end()) out.push_back(&column);
  }
  return out;
}

std::string props_text(const Columns& columns) {
  std::vector<std::string> names;
  for (const ListColumn* column : columns) names.emplace_back(column->property);
  return join(names, ",");
}

/// `matched` is told where both kinds are printed.
void write_entry(codec::JsonWriter& out, const api::ListEntry& entry, const Columns& columns, std::optional<bool> matched) {
  out.begin_object();
  if (matched) out.field("matched", *matched);
  // What a damaged object's size and the like may be is not known: only its name, and that it is damaged, asked for or not.
  if (is_damaged(entry)) {
    text_field(out, "name", entry.name);
    out.field("status", status_of(entry)).end_object();
    return;
  }
  for (const ListColumn* column : columns) {
    std::string_view property = column->property;
    if (property == "size") out.field(property, entry.size);
    else if (property == "copies") out.field(property, entry.copies);
    else text_field(out, property, column->text(entry, SizeUnits::kRaw));
  }
  out.end_object();
}

/// Prints entries page by page.
class EntryPrinter {
 public:
  EntryPrinter(Invocation& invocation, const Columns& columns) : invocation_(invocation), columns_(columns), table_(heads(columns)) {}

  /// The names of JSON entries are told apart by this filter.
  void tell_matches(const ListFilter& filter) { filter_ = &filter; }

  void add(const std::vector<api::ListEntry>& entries) {
    damaged_ += static_cast<uint64_t>(std::count_if(entries.begin(), entries.end(), is_damaged));
    misplaced_ += static_cast<uint64_t>(std::count_if(entries.begin(), entries.end(), is_misplaced));
    if (invocation_.json()) return add_json(entries);
    if (columns_.size() == 1) return add_names(entries);
    if (entries.empty()) return;
    for (const api::ListEntry& entry : entries) table_.add(cells(entry));
    invocation_.print_table(table_);
    table_.next_page();
  }
  /// kInvalid when a name could not be printed.
  Status finish() {
    if (damaged_ > 0) invocation_.complain(damage_text(damaged_));
    if (misplaced_ > 0) invocation_.complain(misplaced_text(misplaced_));
    if (invocation_.json()) invocation_.print_line(started_ ? "\n]" : "[]");
    if (unprinted_ == 0) return {};
    return {Code::kInvalid, counted(unprinted_, "name") + " with a line end left out: --null prints them"};
  }

 private:
  /// Names alone are for pipes: no title, no padding, and the bytes that they are, for whoever reads them back. A line cannot hold a line
  /// end: whoever reads such a name as two would get other objects.
  void add_names(const std::vector<api::ListEntry>& entries) {
    std::string text;
    for (const api::ListEntry& entry : entries) {
      if (with_nul_) {
        text.append(entry.name).push_back('\0');
      } else if (for_people_) {
        text.append(printable(entry.name)).push_back('\n');
      } else if (entry.name.find('\n') == std::string::npos) {
        text.append(entry.name).push_back('\n');
      } else {
        ++unprinted_;
        invocation_.complain(printable(entry.name) + ": a line end in the name");
      }
    }
    invocation_.print(text);
  }
  static std::vector<Column> heads(const Columns& columns) {
    std::vector<Column> out;
    for (const ListColumn* column : columns) out.push_back({column->title, column->align, std::string_view(column->property) == "atime"});
    return out;
  }
  std::vector<std::string> cells(const api::ListEntry& entry) const {
    std::vector<std::string> out;
    bool directory = (entry.flags & api::kEntryDirectory) != 0;
    for (const ListColumn* column : columns_)
      out.push_back(directory && column != &kColumns[0] ? "" : column->text(entry, invocation_.units()));
    return out;
  }
  void add_json(const std::vector<api::ListEntry>& entries) {
    for (const api::ListEntry& entry : entries) {
      codec::JsonWriter out;
      write_entry(out, entry, columns_, filter_ ? std::optional(filter_->wants(entry.name)) : std::nullopt);
      invocation_.print(started_ ? ",\n" : "[\n");
      invocation_.print(out.take());
      started_ = true;
    }
  }

  Invocation& invocation_;
  const Columns& columns_;
  Table table_;
  const bool with_nul_ = invocation_.has("null");
  const bool for_people_ = isatty(fileno(invocation_.terminal().out)) != 0;
  uint64_t unprinted_ = 0;
  const ListFilter* filter_ = nullptr;
  bool started_ = false;
  uint64_t damaged_ = 0, misplaced_ = 0;
};

/// "ais://#ns", "ais://@cluster#ns": all buckets of a namespace. nullopt for anything else.
std::optional<meta::Bucket> namespace_argument(std::string_view text) {
  const size_t scheme = text.find("://");
  if (scheme == std::string_view::npos) return std::nullopt;
  const std::optional<std::string> provider = provider_argument(text.substr(0, scheme + 3));
  std::string_view rest = text.substr(scheme + 3);
  if (rest.ends_with('/')) rest.remove_suffix(1);
  const bool is_one = (rest.starts_with('#') || rest.starts_with('@')) && rest.find('/') == std::string_view::npos;
  if (!provider || !is_one) return std::nullopt;
  Result<meta::Namespace> ns = meta::Namespace::parse(rest);
  if (!ns.ok()) return std::nullopt;
  return meta::Bucket{"", *provider, std::move(ns).value()};
}

/// `ns` is "" for all of them.
async::Task<Status> list_buckets(Invocation& invocation, std::string provider, meta::Namespace ns) {
  AIS_CO_TRY(ListFilter filter, ListFilter::create(invocation));
  AIS_CO_TRY(std::vector<meta::Bucket> buckets, co_await invocation.cluster().list_buckets(provider));
  std::erase_if(buckets, [&](const meta::Bucket& bucket) { return !filter.wants(bucket.name) || !(ns.empty() || bucket.ns == ns); });
  std::sort(buckets.begin(), buckets.end());
  if (invocation.has("summary")) {
    std::vector<meta::ObjectUri> places;
    for (meta::Bucket& bucket : buckets) places.push_back({std::move(bucket), ""});
    ListFilter all;
    co_return co_await summarize_all(invocation, std::move(places), all);
  }
  if (invocation.json()) {
    codec::JsonWriter out;
    out.begin_array();
    for (const meta::Bucket& bucket : buckets)
      out.begin_object().field("bucket", bucket.cname()).field("name", bucket.name).field("provider", bucket.provider).end_object();
    out.end_array();
    invocation.print_line(out.take());
    co_return Status();
  }
  for (const meta::Bucket& bucket : buckets) invocation.print(bucket.cname() + (invocation.has("null") ? '\0' : '\n'));
  if (buckets.empty()) invocation.remark("no buckets");
  co_return Status();
}

Result<api::ListRequest> list_request(Invocation& invocation, const meta::ObjectUri& uri, const Columns& columns,
                                      const ListFilter& filter) {
  if (!uri.object.empty() && invocation.has("prefix"))
    return invocation.usage_error("the prefix is given twice: after the bucket and with --prefix");
  api::ListRequest request;
  AIS_TRY(request.page_size, invocation.get_number("page-size", 0));
  request.prefix = uri.object.empty() ? invocation.get("prefix") : uri.object;
  bool flat = !invocation.has("no-recursion");
  if (invocation.has("show-unmatched") && filter.wants_all())
    return invocation.usage_error("--show-unmatched is about what --regex or --template leave out");
  if (flat && !invocation.has("show-unmatched") && filter.prefix().starts_with(request.prefix)) request.prefix = filter.prefix();
  request.start_after = invocation.get("start-after");
  request.props = props_text(columns);
  if (invocation.json()) request.time_format = api::kRfc3339;
  if (columns.size() == 1) request.flags |= api::kListNameOnly;
  if (request.props == "name,size") request.flags |= api::kListNameSize;
  if (!flat) request.flags |= api::kListNoRecursion;
  return request;
}

/// --limit and --max-pages as a number of objects, 0 for all.
Result<uint64_t> limit_of(Invocation& invocation, const api::ListRequest& request) {
  AIS_TRY(const uint64_t limit, invocation.get_number("limit", 0));
  AIS_TRY(const uint64_t pages, invocation.get_number("max-pages", 0));
  if (pages == 0) return limit;
  const uint64_t of_page = request.page_size == 0 ? api::kListPageMax : request.page_size;
  if (pages > std::numeric_limits<uint64_t>::max() / of_page) return limit;
  return limit == 0 ? pages * of_page : std::min(limit, pages * of_page);
}

/// What an empty listing means, for those who see nothing.
std::string nothing_in(const meta::ObjectUri& uri, const api::ListRequest& request, const ListFilter& filter) {
  if (!filter.wants_all()) return "no object of " + uri.bucket.cname() + " matches";
  if (!request.start_after.empty()) return "no object of " + uri.bucket.cname() + " comes after \"" + request.start_after + "\"";
  if (!request.prefix.empty()) return "no object of " + uri.bucket.cname() + " begins with \"" + request.prefix + "\"";
  return "no objects in " + uri.bucket.cname();
}

/// --count-only: "16 names in 4ms".
void print_count(Invocation& invocation, uint64_t names, Nanoseconds time) {
  codec::JsonWriter out;
  out.begin_object().field("names", names).field("time_ns", static_cast<int64_t>(time.count())).end_object();
  invocation.print_line(invocation.json() ? out.take() : counted(names, "name") + " in " + format_duration(time));
}

async::Task<Status> count_objects(Invocation& invocation, meta::ObjectUri uri) {
  const Columns columns = {&kColumns[0]};
  AIS_CO_TRY(ListFilter filter, ListFilter::create(invocation));
  AIS_CO_TRY(api::ListRequest request, list_request(invocation, uri, columns, filter));
  AIS_CO_TRY(const uint64_t limit, limit_of(invocation, request));
  const auto begin = std::chrono::steady_clock::now();
  Lister lister(invocation.cluster(), uri.bucket, std::move(request), filter.wants_all() ? limit : 0);
  uint64_t names = 0;
  while (!lister.done() && (limit == 0 || names < limit)) {
    AIS_CO_TRY(const std::vector<api::ListEntry> entries, co_await lister.next());
    for (const api::ListEntry& entry : entries) names += filter.wants(entry.name) ? 1 : 0;
  }
  print_count(invocation, limit == 0 ? names : std::min(names, limit), std::chrono::steady_clock::now() - begin);
  co_return Status();
}

/// Which entries of a listing are printed.
struct Wanted {
  std::function<bool(const std::string& name)> filter;  // empty: all
  uint64_t limit = 0;                                   // 0 = none
};

/// Prints page by page; the number of entries, nullopt when the listing did not come to its end.
async::Task<Result<std::optional<uint64_t>>> print_entries(Invocation& invocation, meta::Bucket bucket, api::ListRequest request,
                                                           Wanted wanted, EntryPrinter& printer) {
  // The limit is of what is shown: behind a filter it is not the gateway's.
  Lister lister(invocation.cluster(), std::move(bucket), std::move(request), wanted.filter ? 0 : wanted.limit);
  uint64_t shown = 0;
  while (!lister.done() && invocation.output_wanted() && (wanted.limit == 0 || shown < wanted.limit)) {
    AIS_CO_TRY(std::vector<api::ListEntry> entries, co_await lister.next());
    if (wanted.filter) std::erase_if(entries, [&wanted](const api::ListEntry& entry) { return !wanted.filter(entry.name); });
    if (wanted.limit > 0 && entries.size() > wanted.limit - shown) entries.resize(wanted.limit - shown);
    shown += entries.size();
    printer.add(entries);
    invocation.flush();
  }
  if (!lister.done()) co_return std::optional<uint64_t>();
  co_return std::optional<uint64_t>(shown);
}

async::Task<Status> list_objects(Invocation& invocation, meta::ObjectUri uri) {
  AIS_CO_TRY(Columns columns, columns_of(invocation));
  AIS_CO_TRY(ListFilter filter, ListFilter::create(invocation));
  AIS_CO_TRY(const api::ListRequest request, list_request(invocation, uri, columns, filter));
  AIS_CO_TRY(const uint64_t limit, limit_of(invocation, request));
  const bool both = invocation.has("show-unmatched");
  EntryPrinter printer(invocation, columns);
  Wanted wanted{nullptr, limit};
  if (!filter.wants_all() && !(both && invocation.json()))
    wanted.filter = [&filter](const std::string& name) { return filter.wants(name); };
  if (both && invocation.json()) printer.tell_matches(filter);
  AIS_CO_TRY(const std::optional<uint64_t> shown, co_await print_entries(invocation, uri.bucket, request, wanted, printer));
  Status printed = printer.finish();
  if (shown == 0u) invocation.remark(nothing_in(uri, request, filter));
  if (!printed.ok() || !both || invocation.json()) co_return printed;
  // Listed once more: neither half need be kept.
  invocation.print("\nUNMATCHED\n");
  EntryPrinter others(invocation, columns);
  wanted.filter = [&filter](const std::string& name) { return !filter.wants(name); };
  AIS_CO_RETURN_IF_ERROR((co_await print_entries(invocation, uri.bucket, request, wanted, others)).status());
  co_return others.finish();
}

async::Task<Status> summarize_place(Invocation& invocation, meta::ObjectUri uri) {
  AIS_CO_TRY(ListFilter filter, ListFilter::create(invocation));
  if (!uri.object.empty() && invocation.has("prefix"))
    co_return invocation.usage_error("the prefix is given twice: after the bucket and with --prefix");
  if (invocation.has("prefix")) uri.object = invocation.get("prefix");
  std::vector<meta::ObjectUri> places;
  places.push_back(std::move(uri));
  co_return co_await summarize_all(invocation, std::move(places), filter);
}

}  // namespace

async::Task<Status> list(Invocation& invocation) {
  const meta::Namespace any;
  if (invocation.arguments().empty()) co_return co_await list_buckets(invocation, invocation.get("provider"), any);
  const std::string& text = invocation.argument(0);
  if (std::optional<std::string> provider = provider_argument(text)) co_return co_await list_buckets(invocation, *provider, any);
  if (std::optional<meta::Bucket> all = namespace_argument(text)) co_return co_await list_buckets(invocation, all->provider, all->ns);
  AIS_CO_TRY(meta::ObjectUri uri, uri_argument(invocation, text));
  if (invocation.has("summary")) co_return co_await summarize_place(invocation, std::move(uri));
  if (invocation.has("count-only")) co_return co_await count_objects(invocation, std::move(uri));
  co_return co_await list_objects(invocation, std::move(uri));
}

}  // namespace ais::cli
