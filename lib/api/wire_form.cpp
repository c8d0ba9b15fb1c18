#include "api/wire_form.h"

#include <limits>

#include "base/strings.h"

namespace ais::api::wire {
namespace {

std::optional<int32_t> to_int32(std::string_view text) {
  const std::optional<int64_t> number = parse_int(trim(text));
  if (!number || *number < std::numeric_limits<int32_t>::min() || *number > std::numeric_limits<int32_t>::max()) return std::nullopt;
  return static_cast<int32_t>(*number);
}

}  // namespace

void JsonIn::filesystem_id(Name name, FilesystemId& id) {
  const std::string text = in_[name.json].string_or("");
  const std::vector<std::string_view> parts = split(text, ',');
  if (parts.size() != 2) return;
  const auto first = to_int32(parts[0]), second = to_int32(parts[1]);
  if (!first || !second) return;
  id[0] = *first;
  id[1] = *second;
}

MsgpackIn::MsgpackIn(std::string_view bytes) {
  codec::MsgpackReader reader(bytes);
  const Result<uint32_t> count = reader.map();
  for (uint32_t i = 0; count.ok() && i < *count; ++i) {
    const Result<std::string_view> name = reader.string();
    const Result<std::string_view> value = name.ok() ? reader.skip() : Result<std::string_view>(name.status());
    if (!value.ok()) return;
    members_.emplace_back(*name, *value);
  }
}

std::string_view MsgpackIn::raw(Name name) const {
  for (const auto& [key, bytes] : members_)
    if (key == name.msgpack) return bytes;
  return {};
}

void MsgpackIn::text(Name name, std::string& value) {
  const Result<std::string_view> read = find(name).string();
  if (read.ok()) value = *read;
}

void MsgpackIn::real(Name name, double& value) { store(find(name).real(), value); }

void MsgpackIn::texts(Name name, std::vector<std::string>& values) {
  codec::MsgpackReader reader = find(name);
  const Result<uint32_t> count = reader.array();
  for (uint32_t i = 0; count.ok() && i < *count; ++i) {
    const Result<std::string_view> value = reader.string();
    if (!value.ok()) return;
    values.emplace_back(*value);
  }
}

void MsgpackIn::counters(Name name, std::map<std::string, int64_t>& values) {
  for (const auto& [key, bytes] : MsgpackIn(raw(name)).members_) store(codec::MsgpackReader(bytes).integer(), values[std::string(key)]);
}

void MsgpackIn::filesystem_id(Name name, FilesystemId& id) {
  codec::MsgpackReader reader = find(name);
  const Result<uint32_t> count = reader.array();
  if (!count.ok() || *count != 2) return;
  for (int32_t& part : id) store(reader.integer(), part);
}

void MsgpackIn::node(Name name, meta::Node& value) {
  Result<meta::Node> read = meta::Node::read_msgpack(raw(name));
  if (read.ok()) value = std::move(*read);
}

}  // namespace ais::api::wire
