#include "ais/download.h"

#include <sys/stat.h>

#include <algorithm>
#include <memory>
#include <span>

#include "ais/input_file.h"
#include "ais/output_file.h"
#include "ais/same_content.h"

namespace ais::cli {
namespace {

constexpr uint64_t kSmallObject = 256 * kKiB;
constexpr size_t kPieceBytes = 1 << 20;

struct Buffer {
  explicit Buffer(size_t bytes) : data(std::make_unique_for_overwrite<char[]>(bytes)), size(bytes) {}
  std::unique_ptr<char[]> data;
  size_t size;
  size_t used = 0;
  std::string_view text() const { return {data.get(), used}; }
};

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

/// Reads until the buffer is full or the body ends.
net::Task<Status> fill(net::ClientResponse& response, Buffer& buffer, Batch::Moving& moving) {
  while (buffer.used < buffer.size) {
    std::span<char> room(buffer.data.get() + buffer.used, buffer.size - buffer.used);
    AIS_CO_TRY(size_t got, co_await response.read(room));
    if (got == 0) break;
    buffer.used += got;
    moving.bytes += got;
  }
  co_return Status();
}

/// Size of a regular file, or nothing.
std::optional<uint64_t> file_size(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
  return static_cast<uint64_t>(info.st_size);
}

}  // namespace

net::Task<Status> Downloader::receive_small(api::ObjectBody& body, const std::string& path, uint64_t length, Batch::Moving& moving) {
  Buffer buffer(length);
  AIS_CO_RETURN_IF_ERROR(co_await fill(body.response, buffer, moving));
  if (buffer.used != length) co_return Status(Code::kConnectionClosed, "the object ended before its announced size");
  auto store = [this, &body, &path, &buffer]() -> Status {
    if (options_.check) {
      AIS_TRY(codec::Hasher hasher, hasher_of(body.info, true));
      hasher.update(buffer.text());
      AIS_RETURN_IF_ERROR(compare(*body.info.checksum, hasher.finish()));
    }
    AIS_TRY(OutputFile file, destination_.create(path));
    AIS_RETURN_IF_ERROR(file.write(buffer.text()));
    return file.commit();
  };
  co_return co_await lane_.run(store);
}

net::Task<Status> Downloader::receive_large(api::ObjectBody& body, const std::string& path, Batch::Moving& moving) {
  AIS_CO_TRY(codec::Hasher hasher, hasher_of(body.info, options_.check));
  auto create = [this, &path] { return destination_.create(path); };
  AIS_CO_TRY(OutputFile file, co_await on_pool(pool_, create));
  std::optional<uint64_t> expected = body.response.content_length();
  Buffer buffer(kPieceBytes);
  auto write = [this, &file, &hasher, &buffer] {
    if (options_.check) hasher.update(buffer.text());
    return file.write(buffer.text());
  };
  while (true) {
    buffer.used = 0;
    AIS_CO_RETURN_IF_ERROR(co_await fill(body.response, buffer, moving));
    if (buffer.used == 0) break;
    AIS_CO_RETURN_IF_ERROR(co_await on_pool(pool_, write));
  }
  if (expected && moving.bytes != *expected) co_return Status(Code::kConnectionClosed, "the object ended before its announced size");
  if (options_.check) AIS_CO_RETURN_IF_ERROR(compare(*body.info.checksum, hasher.finish()));
  auto commit = [&file] { return file.commit(); };
  co_return co_await on_pool(pool_, commit);
}

net::Task<Result<uint64_t>> Downloader::download(meta::Bucket bucket, std::string object, std::string path) {
  AIS_CO_TRY(api::ObjectBody body, co_await invocation_.cluster().get(std::move(bucket), std::move(object), options_.range));
  if (!options_.range.empty() && body.response.status() != 206)
    co_return Status(Code::kUnexpectedStatus, "the range was asked for, the whole object was sent");
  Batch::Moving moving(batch_);
  std::optional<uint64_t> length = body.response.content_length();
  Status status;
  if (length && *length <= kSmallObject && path != "-") status = co_await receive_small(body, path, *length, moving);
  else status = co_await receive_large(body, path, moving);
  if (!status.ok() && path == "-" && status.error_number() == EPIPE) invocation_.output_was_closed();
  if (!status.ok()) co_return status;
  co_return moving.bytes;
}

net::Task<Result<bool>> Downloader::is_there(meta::Bucket bucket, std::string object, std::string path, std::optional<uint64_t> size) {
  auto measure = [&path] { return file_size(path); };
  std::optional<uint64_t> local = co_await lane_.run(measure);
  if (!local || (size && *size != *local)) co_return false;
  AIS_CO_TRY(std::optional<api::ObjectInfo> info, co_await look_up(invocation_.cluster(), std::move(bucket), std::move(object)));
  if (!info || info->size != *local) co_return false;
  if (!info->checksum) co_return true;
  auto hash = [&path, &info]() -> Result<codec::Checksum> {
    AIS_TRY(InputFile file, InputFile::open(path));
    return file.checksum(info->checksum->type);
  };
  AIS_CO_TRY(codec::Checksum checksum, co_await on_pool(pool_, hash));
  co_return checksum == *info->checksum;
}

}  // namespace ais::cli
