#include "api/listing.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "base/strings.h"
#include "codec/utf8.h"
#include "meta/bucket.h"

namespace ais::api {
namespace {

constexpr size_t kUuidBytesMax = 64;
constexpr size_t kTimeFormatBytesMax = 64;  // it is written out for each entry of a page
constexpr size_t kPropsBytesMax = 1024;     // all the names there are, several times over
constexpr std::string_view kEncodedToken = "~/";

Status read_text(codec::JsonView in, std::string_view name, std::string& out) {
  AIS_TRY(auto text, in[name].get_string(name));
  if (text) out = std::move(*text);
  return {};
}

}  // namespace

std::string token_of_name(std::string_view name) {
  const bool plain = codec::is_valid_utf8(name) && !has_control_bytes(name) && !name.starts_with(kEncodedToken);
  return plain ? std::string(name) : std::string(kEncodedToken).append(percent_encode(name, "/"));
}

Result<std::string> name_of_token(std::string_view token) {
  if (!token.starts_with(kEncodedToken)) return std::string(token);
  auto name = percent_decode(token.substr(kEncodedToken.size()));
  if (!name) return Status(Code::kInvalid, "invalid continuation token \"" + codec::printable(token) + "\"");
  return std::move(*name);
}

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
  AIS_TRY(request.position_, name_of_token(request.continuation_token));
  if (request.time_format.size() > kTimeFormatBytesMax) return Status(Code::kInvalid, "invalid time_format (longer than 64 bytes)");
  if (request.props.size() > kPropsBytesMax) return Status(Code::kInvalid, "invalid props (longer than 1024 bytes)");
  if (request.uuid.size() > kUuidBytesMax) return Status(Code::kInvalid, "invalid listing id (too long)");
  request.page_size = std::min(page_size.value_or(0), kListPageMax);
  request.flags = flags.value_or(0);
  return request;
}

std::string ListRequest::to_msgpack() const {
  const std::pair<std::string_view, const std::string*> texts[] = {{"uuid", &uuid},     {"continuation_token", &continuation_token},
                                                                   {"prefix", &prefix}, {"start_after", &start_after},
                                                                   {"props", &props},   {"time_format", &time_format},
                                                                   {"target", &target}};
  std::string bytes;
  codec::MsgpackWriter out(bytes);
  out.map(std::size(texts) + 2);
  for (const auto& [key, text] : texts) {
    out.string(key);
    out.string(*text);
  }
  out.string("pagesize");
  out.unsigned_integer(page_size);
  out.string("flags");
  out.string(std::to_string(flags));  // a number inside a text, as in JSON
  return bytes;
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

namespace {

/// How a field is called in MessagePack and in JSON.
struct FieldName {
  std::string_view packed, json;
  bool quoted = false;  // JSON: a number inside a text
};

/// All fields but the name, in the order of the wire.
template <typename Entry, typename Visit>
void for_each_field(Entry& entry, Visit&& visit) {
  visit(FieldName{"cs", "checksum"}, entry.checksum);
  visit(FieldName{"a", "atime"}, entry.atime);
  visit(FieldName{"v", "version"}, entry.version);
  visit(FieldName{"t", "location"}, entry.location);
  visit(FieldName{"m", "custom-md"}, entry.custom);
  visit(FieldName{"s", "size", true}, entry.size);
  visit(FieldName{"c", "copies"}, entry.copies);
  visit(FieldName{"f", "flags"}, entry.flags);
}

template <typename Field>
constexpr bool kIsNumber = std::is_integral_v<Field>;

template <typename Field>
bool is_absent(const Field& field) {
  if constexpr (kIsNumber<Field>) return field == 0;
  else return field.empty();
}

template <typename Field>
Status read_field(codec::MsgpackReader& in, Field& field) {
  if constexpr (kIsNumber<Field>) {
    AIS_TRY(const int64_t number, in.integer());
    if (!std::in_range<Field>(number)) return Status(Code::kInvalid, "a number of a list entry is out of range");
    field = static_cast<Field>(number);
  } else {
    AIS_TRY(const std::string_view text, in.string());
    field = Field(text);
  }
  return {};
}

Status json_cannot_carry(std::string_view what, std::string_view name) {
  return Status(Code::kNotAcceptable, std::string(what) + " \"" + codec::printable(name) +
                                          "\" is not UTF-8 and cannot be listed as JSON: ask with \"Accept: application/msgpack\"");
}

}  // namespace

template <typename Text>
void BasicListEntry<Text>::encode(codec::MsgpackWriter& out) const {
  uint32_t fields = 1;
  for_each_field(*this, [&](const FieldName&, const auto& field) { fields += is_absent(field) ? 0 : 1; });
  out.map(fields);
  out.string("n");
  out.string(name);
  for_each_field(*this, [&](const FieldName& key, const auto& field) {
    if (is_absent(field)) return;
    out.string(key.packed);
    if constexpr (kIsNumber<std::remove_cvref_t<decltype(field)>>) out.integer(field);
    else out.string(field);
  });
}

template <typename Text>
Status BasicListEntry<Text>::write_json(codec::JsonWriter& out) const {
  if (!codec::is_valid_utf8(name)) return json_cannot_carry("the name", name);
  out.begin_object().field("name", std::string_view(name));
  std::string_view inexact;
  for_each_field(*this, [&](const FieldName& key, const auto& field) {
    if (is_absent(field)) return;
    out.key(key.json);
    if constexpr (!kIsNumber<std::remove_cvref_t<decltype(field)>>) {
      if (!codec::is_valid_utf8(field)) inexact = key.json;
      out.value(std::string_view(field));
    } else if (key.quoted) {
      out.quoted(int64_t{field});
    } else {
      out.value(int64_t{field});
    }
  });
  out.end_object();
  return inexact.empty() ? Status() : json_cannot_carry(std::string(inexact) + " of", name);
}

template <typename Text>
Result<BasicListEntry<Text>> BasicListEntry<Text>::decode(std::string_view encoded) {
  codec::MsgpackReader in(encoded);
  BasicListEntry entry;
  AIS_TRY(const uint32_t pairs, in.map());
  for (uint32_t i = 0; i < pairs; i++) {
    AIS_TRY(const std::string_view key, in.string());
    Status read;
    bool known = key == "n";
    if (known) read = read_field(in, entry.name);
    for_each_field(entry, [&](const FieldName& candidate, auto& field) {
      if (candidate.packed != key) return;
      known = true;
      read = read_field(in, field);
    });
    if (!known) read = in.skip().status();
    AIS_RETURN_IF_ERROR(std::move(read));
  }
  if (entry.name.empty()) return Status(Code::kInvalid, "list entry without a name");
  return entry;
}

template struct BasicListEntry<std::string>;
template struct BasicListEntry<std::string_view>;

}  // namespace ais::api
