#include "app/state_document.h"

#include <dirent.h>
#include <unistd.h>

#include <cstdio>
#include <memory>

#include "app/cluster_view.h"
#include "base/log.h"
#include "base/strings.h"
#include "codec/checksum.h"
#include "codec/json.h"
#include "sys/clock.h"

namespace ais::app {
namespace {

constexpr uint64_t kFormat = 1;
constexpr size_t kDocumentBytesMax = 64 << 20;
// Quotes are escaped inside JSON strings, so this cannot be found within an earlier member's value.
constexpr std::string_view kDocumentKey = ",\"document\":";

std::string digest(std::string_view text) { return format("%016llx", static_cast<unsigned long long>(codec::xxh64(text))); }

std::string file_of(const std::string& directory, const std::string& kind) { return directory + "/" + kind + ".json"; }

// The checksum covers the document as it was written, so its text is cut out and not printed again.
std::optional<std::string_view> document_text(std::string_view bytes) {
  const size_t begin = bytes.find(kDocumentKey);
  const size_t end = bytes.rfind('}');
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin + kDocumentKey.size()) return std::nullopt;
  return bytes.substr(begin + kDocumentKey.size(), end - begin - kDocumentKey.size());
}

// "" when there is no damaged file of this kind.
std::string find_damaged(const std::string& directory, const std::string& kind) {
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(opendir(directory.c_str()), closedir);
  if (!entries) return "";
  const std::string prefix = kind + ".json.damaged.";
  while (const dirent* entry = readdir(entries.get())) {
    if (std::string_view(entry->d_name).starts_with(prefix)) return entry->d_name;
  }
  return "";
}

}  // namespace

std::string StateDocument::encode() const {
  codec::JsonWriter out;
  out.begin_object().field("format", kFormat).field("kind", kind).key("version").quoted(version);
  out.field("uuid", uuid).field("checksum", digest(text)).key("document").raw(text).end_object();
  return out.take().append("\n");
}

Result<StateDocument> StateDocument::decode(std::string_view bytes, std::string_view kind) {
  const auto file = codec::JsonDocument::parse(trim(bytes));
  if (!file.ok()) return Status(Code::kCorrupt, "not JSON: " + file.status().message());
  const codec::JsonView root = file->root();
  const uint64_t format_number = root["format"].uint_or(0);
  if (format_number > kFormat) return make_status(Code::kUnsupported, "format %lu is newer than this program", format_number);
  if (format_number != kFormat) return Status(Code::kCorrupt, "no known format");
  if (root["kind"].string_or("") != kind) return Status(Code::kInvalid, "not a document of kind " + std::string(kind));
  const auto text = document_text(bytes);
  if (!text || root["checksum"].string_or("") != digest(*text)) return Status(Code::kCorrupt, "checksum does not match");
  return StateDocument{std::string(kind), root["version"].uint_or(0), root["uuid"].string_or(""), std::string(*text)};
}

Status set_aside(const std::string& directory, const std::string& kind, const Status& why) {
  const std::string path = file_of(directory, kind);
  const std::string aside = path + ".damaged." + std::to_string(sys::real_clock().wall_ns());
  if (rename(path.c_str(), aside.c_str()) != 0) return Status::from_errno(errno, "rename " + path);
  return Status(Code::kCorrupt, path + ": " + why.message() + "; kept as " + aside);
}

Result<std::optional<StateDocument>> load_state_document(const std::string& directory, const std::string& kind) {
  using Loaded = std::optional<StateDocument>;
  const std::string path = file_of(directory, kind);
  const auto bytes = read_small_file(path, kDocumentBytesMax);
  if (!bytes.ok()) {
    if (bytes.code() != Code::kNotFound) return bytes.status();
    if (const std::string damaged = find_damaged(directory, kind); !damaged.empty())
      return Status(Code::kCorrupt, path + " was damaged: restore it, or remove " + damaged + " to go on without it");
    return Loaded();
  }
  auto document = StateDocument::decode(*bytes, kind);
  if (!document.ok()) return set_aside(directory, kind, document.status());
  return Loaded(std::move(*document));
}

Status store_state_document(const std::string& directory, const StateDocument& document) {
  return write_file_durably(file_of(directory, document.kind), document.encode());
}

}  // namespace ais::app
