#include "api/listing.h"

#include <algorithm>

#include "meta/bucket.h"

namespace ais::api {
namespace {

constexpr size_t kUuidBytesMax = 64;

Status read_text(codec::JsonView in, std::string_view name, std::string& out) {
  AIS_TRY(auto text, in[name].get_string(name));
  if (text) out = std::move(*text);
  return {};
}

}  // namespace

Result<ListRequest> ListRequest::read_json(codec::JsonView in) {
  if (!in.is_object()) return Status(Code::kInvalid, "expected a list-objects message (JSON object)");
  ListRequest request;
  AIS_RETURN_IF_ERROR(read_text(in, "uuid", request.uuid));
  AIS_RETURN_IF_ERROR(read_text(in, "continuation_token", request.continuation_token));
  AIS_RETURN_IF_ERROR(read_text(in, "prefix", request.prefix));
  AIS_RETURN_IF_ERROR(read_text(in, "start_after", request.start_after));
  AIS_RETURN_IF_ERROR(read_text(in, "props", request.props));
  AIS_RETURN_IF_ERROR(read_text(in, "time_format", request.time_format));
  AIS_RETURN_IF_ERROR(read_text(in, "target", request.target));
  AIS_TRY(auto page_size, in["pagesize"].get_uint("pagesize"));
  AIS_TRY(auto flags, in["flags"].get_uint("flags"));
  AIS_TRY(request.prefix, meta::clean_prefix(request.prefix));
  if (request.uuid.size() > kUuidBytesMax) return Status(Code::kInvalid, "invalid listing id (too long)");
  request.page_size = std::min(page_size.value_or(0), kListPageMax);
  request.flags = flags.value_or(0);
  return request;
}

std::string ListRequest::to_json() const {
  codec::JsonWriter out;
  out.begin_object();
  out.field("uuid", uuid).field("continuation_token", continuation_token).field("prefix", prefix).field("start_after", start_after);
  out.field("props", props).field("time_format", time_format).field("target", target).field("pagesize", page_size);
  out.key("flags").quoted(flags);
  out.end_object();
  return out.take();
}

ListRequest::Wanted ListRequest::wanted() const {
  Wanted wanted;
  if ((flags & kListNameOnly) != 0 || (props == "name" && (flags & kListNameSize) == 0)) return wanted;
  const bool cached_defaults = props.empty() && (flags & kListCached) != 0;
  if ((flags & kListNameSize) != 0 || (props.empty() && !cached_defaults)) {
    wanted.size = true;
    return wanted;
  }
  // Substrings, not items: "size,checksum" and "checksum, size" are the same to clients of the original.
  const auto has = [this](std::string_view name) { return props.find(name) != std::string::npos; };
  wanted.size = cached_defaults || has("size");
  wanted.checksum = cached_defaults || has("checksum");
  wanted.atime = cached_defaults || has("atime");
  wanted.version = has("version");
  wanted.status = has("status");
  wanted.copies = has("copies");
  wanted.custom = has("custom");
  wanted.location = has("location");
  return wanted;
}

void ListEntry::encode(codec::MsgpackWriter& out) const {
  const auto present = [](bool yes) { return yes ? 1u : 0u; };
  out.map(1 + present(!checksum.empty()) + present(!atime.empty()) + present(!version.empty()) + present(!location.empty()) +
          present(!custom.empty()) + present(size != 0) + present(copies != 0) + present(flags != 0));
  const auto text = [&](std::string_view key, const std::string& value) {
    if (value.empty()) return;
    out.string(key);
    out.string(value);
  };
  out.string("n");
  out.string(name);
  text("cs", checksum);
  text("a", atime);
  text("v", version);
  text("t", location);
  text("m", custom);
  const auto number = [&](std::string_view key, int64_t value) {
    if (value == 0) return;
    out.string(key);
    out.integer(value);
  };
  number("s", size);
  number("c", copies);
  number("f", flags);
}

namespace {

Status read_number(codec::MsgpackReader& in, int64_t& out) {
  AIS_TRY(out, in.integer());
  return {};
}

Status read_entry_text(codec::MsgpackReader& in, std::string& out) {
  AIS_TRY(auto text, in.string());
  out = std::string(text);
  return {};
}

Status read_entry_field(std::string_view key, codec::MsgpackReader& in, ListEntry& entry) {
  if (key == "n") return read_entry_text(in, entry.name);
  if (key == "cs") return read_entry_text(in, entry.checksum);
  if (key == "a") return read_entry_text(in, entry.atime);
  if (key == "v") return read_entry_text(in, entry.version);
  if (key == "t") return read_entry_text(in, entry.location);
  if (key == "m") return read_entry_text(in, entry.custom);
  if (key == "s") return read_number(in, entry.size);
  if (key == "c") return read_number(in, entry.copies);
  if (key == "f") {
    int64_t flags = 0;
    AIS_RETURN_IF_ERROR(read_number(in, flags));
    if (flags < 0 || flags > UINT16_MAX) return Status(Code::kInvalid, "entry flags out of range");
    entry.flags = static_cast<uint16_t>(flags);
    return {};
  }
  return in.skip().status();
}

}  // namespace

Result<ListEntry> ListEntry::decode(std::string_view encoded) {
  codec::MsgpackReader in(encoded);
  ListEntry entry;
  AIS_TRY(const uint32_t pairs, in.map());
  for (uint32_t i = 0; i < pairs; i++) {
    AIS_TRY(const std::string_view key, in.string());
    AIS_RETURN_IF_ERROR(read_entry_field(key, in, entry));
  }
  if (entry.name.empty()) return Status(Code::kInvalid, "list entry without a name");
  return entry;
}

}  // namespace ais::api
