#include "ais/object/download.h"

#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <span>

#include "ais/file/input_file.h"
#include "ais/file/output_file.h"
#include "ais/object/same_content.h"
#include "async/parallel.h"

namespace ais::cli {
namespace {

constexpr uint64_t kSmallObject = 256 * kKiB;
constexpr size_t kPieceBytes = 512 * kKiB;

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
async::Task<Status> fill(net::ClientResponse& response, Buffer& buffer, std::atomic<uint64_t>* moved) {
  while (buffer.used < buffer.size) {
    std::span<char> room(buffer.data.get() + buffer.used, buffer.size - buffer.used);
    AIS_CO_TRY(size_t got, co_await response.read(room));
    if (got == 0) break;
    buffer.used += got;
    if (moved) moved->fetch_add(got, std::memory_order_relaxed);
  }
  co_return Status();
}

async::Task<void> refill(net::ClientResponse& response, Buffer& buffer, std::atomic<uint64_t>* moved, Status& status) {
  buffer.used = 0;
  status = co_await fill(response, buffer, moved);
}

template <typename Write>
async::Task<void> write_piece(sys::ThreadPool& threads, Write& write, Status& status) {
  status = co_await on_pool(threads, std::ref(write));
}

/// Size of a regular file, or nothing.
std::optional<uint64_t> file_size(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
  return static_cast<uint64_t>(info.st_size);
}

}  // namespace

async::Task<Status> Downloader::receive_small(JobLoop& loop, api::ObjectBody& body, const std::string& path, uint64_t length) {
  Buffer buffer(length);
  AIS_CO_RETURN_IF_ERROR(co_await fill(body.response, buffer, nullptr));
  if (buffer.used != length) co_return Status(Code::kConnectionClosed, "the object ended before its announced size");
  auto store = [this, &body, &path, &buffer]() -> Status {
    if (options_.check) {
      AIS_TRY(codec::Hasher hasher, hasher_of(body.info, true));
      hasher.update(buffer.text());
      AIS_RETURN_IF_ERROR(compare(*body.info.checksum, hasher.finish()));
    }
    return destination_.write(path, buffer.text());
  };
  co_return co_await loop.files().run(store);
}

/// While one piece is written the next one is received.
async::Task<Status> Downloader::receive_large(JobLoop& loop, api::ObjectBody& body, const std::string& path, Batch::Moving& moving) {
  AIS_CO_TRY(codec::Hasher hasher, hasher_of(body.info, options_.check));
  auto create = [this, &path] { return destination_.create(path); };
  AIS_CO_TRY(OutputFile file, co_await on_pool(loop.file_threads(), create));
  std::optional<uint64_t> expected = body.response.content_length();
  Buffer current(kPieceBytes);
  Status received = co_await fill(body.response, current, &moving.bytes);
  Buffer next(current.used == current.size ? kPieceBytes : 0);  // a short first piece is the only one
  while (received.ok() && current.used > 0) {
    auto write = [this, &file, &hasher, &current] {
      if (options_.check) hasher.update(current.text());
      return file.write(current.text());
    };
    Status written;
    std::vector<async::Task<void>> both;
    both.push_back(write_piece(loop.file_threads(), write, written));
    both.push_back(refill(body.response, next, &moving.bytes, received));
    co_await async::when_all(std::move(both));
    if (!written.ok()) co_return written;
    std::swap(current, next);
  }
  if (!received.ok()) co_return received;
  if (expected && moving.bytes != *expected) co_return Status(Code::kConnectionClosed, "the object ended before its announced size");
  if (options_.check) AIS_CO_RETURN_IF_ERROR(compare(*body.info.checksum, hasher.finish()));
  auto commit = [&file] { return file.commit(); };
  co_return co_await on_pool(loop.file_threads(), commit);
}

async::Task<Result<uint64_t>> Downloader::receive(JobLoop& loop, api::ObjectBody& body, const std::string& path) {
  std::optional<uint64_t> length = body.response.content_length();
  if (length && *length <= kSmallObject && !options_.may_wait) {
    AIS_CO_RETURN_IF_ERROR(co_await receive_small(loop, body, path, *length));
    co_return *length;
  }
  Batch::Moving moving(batch_, length.value_or(0));
  AIS_CO_RETURN_IF_ERROR(co_await receive_large(loop, body, path, moving));
  co_return moving.bytes.load();
}

async::Task<Result<uint64_t>> Downloader::download(JobLoop& loop, meta::Bucket bucket, std::string object, std::string path) {
  AIS_CO_TRY(api::ObjectBody body, co_await loop.cluster().get(std::move(bucket), std::move(object), options_.range));
  if (!options_.range.empty() && body.response.status() != 206)
    co_return Status(Code::kUnexpectedStatus, "the range was asked for, the whole object was sent");
  Result<uint64_t> bytes = co_await receive(loop, body, path);
  if (!bytes.ok() && path == "-" && bytes.status().error_number() == EPIPE) invocation_.output_was_closed();
  co_return bytes;
}

async::Task<Result<bool>> Downloader::is_there(JobLoop& loop, meta::Bucket bucket, std::string object, std::string path,
                                               std::optional<uint64_t> size) {
  auto measure = [&path] { return file_size(path); };
  std::optional<uint64_t> local = co_await loop.files().run(measure);
  if (!local || (size && *size != *local)) co_return false;
  AIS_CO_TRY(std::optional<api::ObjectInfo> info, co_await look_up(loop.cluster(), std::move(bucket), std::move(object)));
  if (!info || info->size != *local) co_return false;
  if (!info->checksum) co_return true;
  auto hash = [&path, &info]() -> Result<codec::Checksum> {
    AIS_TRY(InputFile file, InputFile::open(path));
    return file.checksum(info->checksum->type);
  };
  AIS_CO_TRY(codec::Checksum checksum, co_await on_pool(loop.file_threads(), hash));
  co_return checksum == *info->checksum;
}

}  // namespace ais::cli
