// Commands about single objects: what is stored with them, locks.
#include <algorithm>

#include "ais/command/arguments.h"
#include "ais/command/commands.h"
#include "base/strings.h"
#include "base/units.h"
#include "cli/json_text.h"
#include "codec/base64.h"
#include "codec/utf8.h"

namespace ais::cli {
namespace {

std::string_view lock_name(api::ClusterClient::LockState state) {
  switch (state) {
    case api::ClusterClient::LockState::kUnlocked: return "unlocked";
    case api::ClusterClient::LockState::kReadLocked: return "read-locked";
    case api::ClusterClient::LockState::kWriteLocked: return "write-locked";
  }
  return "";
}

/// Pairs that JSON cannot carry stand apart, names and values in base64.
void write_custom(codec::JsonWriter& out, const meta::CustomPairs& custom) {
  auto is_text = [](const auto& pair) { return codec::is_valid_utf8(pair.first) && codec::is_valid_utf8(pair.second); };
  out.key("custom").begin_object();
  for (const auto& pair : custom)
    if (is_text(pair)) out.field(pair.first, pair.second);
  out.end_object();
  if (std::all_of(custom.begin(), custom.end(), is_text)) return;
  out.key("custom_base64").begin_object();
  for (const auto& pair : custom)
    if (!is_text(pair)) out.field(codec::base64(pair.first), codec::base64(pair.second));
  out.end_object();
}

std::string info_json(const meta::ObjectUri& uri, const api::ObjectInfo& info) {
  codec::JsonWriter out;
  text_field(out.begin_object().field("bucket", uri.bucket.cname()), "name", uri.object);
  out.field("size", info.size);
  out.field("checksum_type", info.checksum ? codec::checksum_type_name(info.checksum->type) : "none");
  out.field("checksum", info.checksum ? info.checksum->value : "").field("version", info.version);
  out.key("atime");
  if (info.atime_ns) out.value(api::format_go_time(*info.atime_ns, api::kRfc3339));
  else out.null();
  write_custom(out, info.custom);
  out.field("location", info.location).field("etag", info.etag).field("present", info.present).end_object();
  return out.take();
}

Assignments info_rows(const meta::ObjectUri& uri, const api::ObjectInfo& info, SizeUnits units) {
  Assignments rows = {{"name", uri.object}, {"bucket", uri.bucket.cname()}};
  std::string bytes = std::to_string(info.size), size = format_size(info.size, 2, units);
  bool is_rounded = units != SizeUnits::kRaw && info.size >= 1000 && size != bytes + "B";
  rows.emplace_back("size", is_rounded ? size + " (" + bytes + " bytes)" : size);
  if (info.checksum)
    rows.emplace_back("checksum", std::string(codec::checksum_type_name(info.checksum->type)) + " " + info.checksum->value);
  rows.emplace_back("version", info.version);
  if (info.atime_ns) rows.emplace_back("atime", api::format_go_time(*info.atime_ns, ""));
  for (const auto& [name, value] : info.custom) rows.emplace_back("custom." + name, value);
  rows.emplace_back("location", info.location);
  if (!info.etag.empty()) rows.emplace_back("etag", info.etag);
  return rows;
}

/// The names of --props; empty for all.
Result<std::vector<std::string>> wanted_rows(Invocation& invocation) {
  constexpr std::string_view kKnown[] = {"name", "bucket", "size", "checksum", "version", "atime", "custom", "location", "etag", "all"};
  std::vector<std::string> out;
  const std::string wanted = invocation.get("props", "all");
  for (std::string_view name : split(wanted, ',')) {
    name = trim(name);
    if (name == "all") return std::vector<std::string>();
    if (std::find(std::begin(kKnown), std::end(kKnown), name) == std::end(kKnown))
      return invocation.usage_error("--props: objects have no \"" + std::string(name) + "\"");
    out.emplace_back(name);
  }
  return out;
}

void print_rows(Invocation& invocation, const Assignments& rows, const std::vector<std::string>& wanted) {
  Table table({{"PROPERTY"}, {"VALUE"}});
  for (const auto& [name, value] : rows)
    if (wanted.empty() || std::find(wanted.begin(), wanted.end(), name.substr(0, name.find('.'))) != wanted.end()) table.add({name, value});
  invocation.print_table(table);
}

}  // namespace

async::Task<Status> show_object(Invocation& invocation) {
  AIS_CO_TRY(meta::ObjectUri uri, object_argument(invocation, invocation.argument(0)));
  AIS_CO_TRY(const std::vector<std::string> wanted, wanted_rows(invocation));
  AIS_CO_TRY(api::ObjectInfo info, co_await invocation.cluster().head(uri.bucket, uri.object, ""));
  if (invocation.json()) invocation.print_line(info_json(uri, info));
  else print_rows(invocation, info_rows(uri, info, invocation.units()), wanted);
  co_return Status();
}

async::Task<Status> set_object_custom(Invocation& invocation) {
  AIS_CO_TRY(meta::ObjectUri uri, object_argument(invocation, invocation.argument(0)));
  std::vector<std::string> texts(invocation.arguments().begin() + 1, invocation.arguments().end());
  AIS_CO_TRY(Assignments pairs, assignments(invocation, texts));
  AIS_CO_RETURN_IF_ERROR(co_await invocation.cluster().set_custom(uri.bucket, uri.object, pairs, invocation.has("replace")));
  std::string name = uri.bucket.cname() + "/" + uri.object;
  codec::JsonWriter out;
  text_field(out.begin_object().field("action", "changed"), "object", name);
  out.end_object();
  std::string text = "changed " + printable(name);
  invocation.print_line(invocation.json() ? out.take() : text);
  co_return Status();
}

async::Task<Status> check_object_lock(Invocation& invocation) {
  AIS_CO_TRY(meta::ObjectUri uri, object_argument(invocation, invocation.argument(0)));
  AIS_CO_TRY(api::ClusterClient::LockState state, co_await invocation.cluster().check_lock(uri.bucket, uri.object));
  if (!invocation.json()) {
    invocation.print_line(lock_name(state));
    co_return Status();
  }
  codec::JsonWriter out;
  text_field(out.begin_object(), "object", uri.bucket.cname() + "/" + uri.object);
  out.field("lock", lock_name(state)).end_object();
  invocation.print_line(out.take());
  co_return Status();
}

}  // namespace ais::cli
