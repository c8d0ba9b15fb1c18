#include "app/state_document.h"

#include <dirent.h>
#include <fcntl.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "base/log.h"
#include "base/strings.h"
#include "codec/checksum.h"
#include "codec/json.h"
#include "sys/whole_file.h"

namespace ais::app {
namespace {

constexpr uint64_t kFormat = 1;
constexpr size_t kDocumentBytesMax = 64 << 20;
constexpr size_t kRecordBytes = 64 << 10;
constexpr const char* kKinds[] = {"smap", "bmd", "config", "overrides"};
// Quotes are escaped inside JSON strings, so this cannot be found within an earlier member's value.
constexpr std::string_view kDocumentKey = ",\"document\":";

std::string digest(std::string_view text) { return format("%016llx", static_cast<unsigned long long>(codec::xxh64(text))); }

// The checksum covers the document as it was written, so its text is cut out and not printed again.
std::optional<std::string_view> document_text(std::string_view bytes) {
  const size_t begin = bytes.find(kDocumentKey);
  const size_t end = bytes.rfind('}');
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin + kDocumentKey.size()) return std::nullopt;
  return bytes.substr(begin + kDocumentKey.size(), end - begin - kDocumentKey.size());
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
  if (format_number != kFormat) return Status(Code::kCorrupt, "unknown format");
  if (root["kind"].string_or("") != kind) return Status(Code::kInvalid, "not a document of kind " + std::string(kind));
  const auto text = document_text(bytes);
  if (!text || root["checksum"].string_or("") != digest(*text)) return Status(Code::kCorrupt, "checksum does not match");
  return StateDocument{std::string(kind), root["version"].uint_or(0), root["uuid"].string_or(""), std::string(*text)};
}

StateDirectory::~StateDirectory() {
  if (lock_ >= 0) environment_.files.close(lock_);
}

Status StateDirectory::open() {
  sys::FileSystem& files = environment_.files;
  AIS_RETURN_IF_ERROR(sys::make_directories(files, path_));
  const std::string lock = path_ + "/lock";
  lock_ = files.open_at(AT_FDCWD, lock.c_str(), O_RDWR | O_CREAT, 0640);
  if (lock_ < 0) return Status::from_errno(-lock_, "open " + lock);
  const int locked = files.try_lock(lock_);
  if (locked == -EWOULDBLOCK) return Status(Code::kBusy, "state directory " + path_ + " is in use by another process");
  if (locked < 0) return Status::from_errno(-locked, "lock " + lock);
  for (const char* kind : kKinds) {
    const int removed = files.unlink_at(AT_FDCWD, sys::temporary_of(file_of(kind)).c_str(), 0);
    // It does no harm: nobody reads it, and the next version is written over it.
    if (removed < 0 && removed != -ENOENT) AIS_WARN("cluster", "%s.json.tmp not removed: %s", kind, strerror(-removed));
  }
  return {};
}

Status StateDirectory::set_aside(const std::string& kind, const Status& why) {
  const std::string path = file_of(kind);
  const std::string aside = path + ".damaged." + std::to_string(environment_.clock.wall_ns());
  const int renamed = environment_.files.rename_at(AT_FDCWD, path.c_str(), AT_FDCWD, aside.c_str(), 0);
  if (renamed < 0) return Status::from_errno(-renamed, "rename " + path);
  return Status(Code::kCorrupt, path + ": " + why.message() + "; kept as " + aside);
}

Result<std::string> StateDirectory::find_damaged(const std::string& kind) {
  sys::FileSystem& files = environment_.files;
  const int directory = files.open_at(AT_FDCWD, path_.c_str(), O_RDONLY | O_DIRECTORY, 0);
  if (directory < 0) return Status::from_errno(-directory, "open " + path_);
  const std::string prefix = kind + ".json.damaged.";
  std::vector<char> records(kRecordBytes);
  std::string found;
  ssize_t size = 0;
  while (found.empty() && (size = files.read_directory(directory, records.data(), records.size())) > 0) {
    for (ssize_t at = 0; at < size && found.empty();) {
      const auto* entry = reinterpret_cast<const dirent64*>(records.data() + at);  // as the kernel lays them out
      if (std::string_view(entry->d_name).starts_with(prefix)) found = entry->d_name;
      at += entry->d_reclen;
    }
  }
  files.close(directory);
  if (size < 0) return Status::from_errno(static_cast<int>(-size), "read directory " + path_);
  return found;
}

Result<std::optional<StateDocument>> StateDirectory::load(const std::string& kind) {
  using Loaded = std::optional<StateDocument>;
  const std::string path = file_of(kind);
  const auto bytes = sys::read_file(environment_.files, path, kDocumentBytesMax);
  if (!bytes.ok()) {
    if (bytes.code() != Code::kNotFound) return bytes.status();
    AIS_TRY(const std::string damaged, find_damaged(kind));
    if (!damaged.empty())
      return Status(Code::kCorrupt, path + " was damaged: restore it, or remove " + damaged + " to continue without it");
    return Loaded();
  }
  auto document = StateDocument::decode(*bytes, kind);
  if (!document.ok()) return set_aside(kind, document.status());
  return Loaded(std::move(*document));
}

Status StateDirectory::store(const StateDocument& document) {
  return sys::replace_file(environment_.files, file_of(document.kind), document.encode());
}

}  // namespace ais::app
