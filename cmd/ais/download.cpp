#include "ais/download.h"

#include <filesystem>
#include <span>

#include "ais/output_file.h"
#include "base/strings.h"

namespace ais::cli {
namespace {

constexpr size_t kReadBytes = 256 * 1024;

/// A hasher of the type the object's checksum has, when the user wants it checked.
Result<codec::Hasher> hasher_of(const api::ObjectInfo& info, bool check) {
  bool known = info.checksum && info.checksum->type != codec::ChecksumType::kNone;
  if (check && !known) return Status(Code::kInvalid, "the object has no checksum to compare with");
  return codec::Hasher(check ? info.checksum->type : codec::ChecksumType::kNone);
}

Status compare(const codec::Checksum& expected, const codec::Checksum& got) {
  if (expected == got) return {};
  return {Code::kBadChecksum, "checksum differs: the object has " + expected.value + ", what arrived has " + got.value};
}

}  // namespace

net::Task<Status> download(Invocation& invocation, meta::Bucket bucket, std::string object, std::string path, DownloadOptions options) {
  AIS_CO_TRY(api::ObjectBody body, co_await invocation.cluster().get(bucket, object, options.range));
  if (!options.range.empty() && body.response.status() != 206)
    co_return Status(Code::kUnexpectedStatus, "the range was asked for, the whole object was sent");
  AIS_CO_TRY(codec::Hasher hasher, hasher_of(body.info, options.check));
  AIS_CO_TRY(OutputFile file, OutputFile::create(path));
  std::vector<char> buffer(kReadBytes);
  std::optional<uint64_t> expected = body.response.content_length();
  uint64_t received = 0;
  while (true) {
    AIS_CO_TRY(size_t got, co_await body.response.read(std::span<char>(buffer)));
    if (got == 0) break;
    std::string_view bytes(buffer.data(), got);
    if (options.check) hasher.update(bytes);
    AIS_CO_RETURN_IF_ERROR(file.write(bytes));
    received += got;
    if (options.batch) options.batch->add_bytes(got);
  }
  if (expected && received != *expected) co_return Status(Code::kConnectionClosed, "the object ended before its announced size");
  if (options.check) AIS_CO_RETURN_IF_ERROR(compare(*body.info.checksum, hasher.finish()));
  co_return file.commit();
}

Result<std::string> path_below(const std::string& directory, const std::string& object) {
  if (object.find('\0') != std::string::npos) return Status(Code::kInvalid, "the name has a NUL byte");
  for (std::string_view part : split(object, '/'))
    if (part.empty() || part == "." || part == "..") return Status(Code::kInvalid, "the name is no path below a directory");
  return directory.ends_with('/') ? directory + object : directory + "/" + object;
}

Status make_parents(const std::string& path) {
  std::error_code error;
  std::filesystem::path parent = std::filesystem::path(path).parent_path();
  if (!parent.empty()) std::filesystem::create_directories(parent, error);
  return error ? Status::from_errno(error.value(), parent.string()) : Status();
}

}  // namespace ais::cli
