// Commands about single objects: what is stored with them, appending, locks.
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "ais/arguments.h"
#include "ais/commands.h"
#include "ais/file_pool.h"
#include "ais/input_file.h"
#include "base/strings.h"
#include "base/units.h"

namespace ais::cli {
namespace {

constexpr uint64_t kAppendPiece = 16 * kMiB;

/// Appends one source in pieces, so that a pipe of any length needs bounded memory. Returns the next handle.
net::Task<Result<std::string>> append_source(Invocation& invocation, meta::ObjectUri to, std::string path, std::string handle,
                                             uint64_t& bytes) {
  sys::ThreadPool pool("files", 1);
  auto open = [&path] { return InputStream::open(path); };
  AIS_CO_TRY(InputStream source, co_await on_pool(pool, open));
  while (true) {
    auto take = [&source] { return source.read(kAppendPiece); };
    AIS_CO_TRY(std::string piece, co_await on_pool(pool, take));
    if (piece.empty()) co_return handle;
    AIS_CO_TRY(handle, co_await invocation.cluster().append(to.bucket, to.object, std::move(handle), piece));
    bytes += piece.size();
  }
}

std::string_view lock_name(api::ClusterClient::LockState state) {
  switch (state) {
    case api::ClusterClient::LockState::kUnlocked: return "unlocked";
    case api::ClusterClient::LockState::kReadLocked: return "read-locked";
    case api::ClusterClient::LockState::kWriteLocked: return "write-locked";
  }
  return "";
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

Table info_table(const meta::ObjectUri& uri, const api::ObjectInfo& info, SizeUnits units) {
  Table table({{"PROPERTY"}, {"VALUE"}});
  table.add({"name", uri.object});
  table.add({"bucket", uri.bucket.cname()});
  std::string bytes = std::to_string(info.size), size = format_size(info.size, 2, units);
  bool is_rounded = units != SizeUnits::kRaw && info.size >= 1000 && size != bytes + "B";
  table.add({"size", is_rounded ? size + " (" + bytes + " bytes)" : size});
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

net::Task<Status> show_object(Invocation& invocation) {
  AIS_CO_TRY(meta::ObjectUri uri, object_argument(invocation, invocation.argument(0)));
  AIS_CO_TRY(api::ObjectInfo info, co_await invocation.cluster().head(uri.bucket, uri.object, ""));
  if (invocation.json()) invocation.print_line(info_json(uri, info));
  else invocation.print_table(info_table(uri, info, invocation.units()));
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

net::Task<Status> append_object(Invocation& invocation) {
  AIS_CO_TRY(meta::ObjectUri to, object_argument(invocation, invocation.arguments().back()));
  std::string handle;
  uint64_t bytes = 0;
  for (size_t i = 0; i + 1 < invocation.arguments().size(); ++i) {
    std::string path = invocation.argument(i);
    AIS_CO_TRY(handle, co_await append_source(invocation, to, std::move(path), std::move(handle), bytes));
  }
  if (handle.empty()) co_return Status(Code::kInvalid, "there is nothing to append");
  AIS_CO_RETURN_IF_ERROR(co_await invocation.cluster().append_flush(to.bucket, to.object, handle));
  report(invocation, "appended " + invocation.size_text(bytes, bytes < kKiB ? 0 : 1) + " to", to);
  co_return Status();
}

net::Task<Status> check_object_lock(Invocation& invocation) {
  AIS_CO_TRY(meta::ObjectUri uri, object_argument(invocation, invocation.argument(0)));
  AIS_CO_TRY(api::ClusterClient::LockState state, co_await invocation.cluster().check_lock(uri.bucket, uri.object));
  if (!invocation.json()) {
    invocation.print_line(lock_name(state));
    co_return Status();
  }
  codec::JsonWriter out;
  out.begin_object().field("object", uri.bucket.cname() + "/" + uri.object).field("lock", lock_name(state)).end_object();
  invocation.print_line(out.take());
  co_return Status();
}

}  // namespace ais::cli
