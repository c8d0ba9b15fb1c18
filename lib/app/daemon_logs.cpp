// what=log: the current log from an offset, its warnings and errors only, what follows a place in it, or all log files as a .tar.gz.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/message.h"
#include "api/names.h"
#include "app/daemon_impl.h"
#include "app/log_file.h"
#include "app/log_reader.h"
#include "async/offload.h"
#include "base/strings.h"
#include "codec/tar_gz_writer.h"
#include "sys/descriptor.h"

namespace ais::app {
namespace {

constexpr size_t kWarningsMax = 4 << 20;
constexpr size_t kLogPieceMax = 4 << 20;
constexpr size_t kPieceBytes = 256 * 1024;
constexpr std::string_view kLogType = "text/plain; charset=utf-8";

sys::Descriptor open_to_read(const std::string& path) { return sys::Descriptor(open(path.c_str(), O_RDONLY | O_CLOEXEC)); }

// The archive of a log directory, made piece by piece; each call blocks on the disk for one piece.
class LogArchive {
 public:
  static Result<std::unique_ptr<LogArchive>> create(std::string directory, const std::string& program) {
    AIS_TRY(auto writer, codec::TarGzWriter::create());
    auto names = list_log_files(directory, program);
    return std::unique_ptr<LogArchive>(new LogArchive(std::move(writer), std::move(directory), std::move(names)));
  }
  /// The next bytes of the archive; "" = its end.
  Result<std::string> next() {
    std::string ready;
    while (ready.empty() && !finished_) {
      AIS_RETURN_IF_ERROR(advance());
      ready = writer_.take();
    }
    return ready;
  }

 private:
  LogArchive(codec::TarGzWriter writer, std::string directory, std::vector<std::string> names)
      : writer_(std::move(writer)), directory_(std::move(directory)), names_(std::move(names)) {}

  Status advance() {
    if (file_.is_open()) return copy_piece();
    if (index_ < names_.size()) return begin_file();
    finished_ = true;
    return writer_.finish();
  }

  Status begin_file() {
    const std::string& name = names_[index_++];
    sys::Descriptor file = open_to_read(directory_ + "/" + name);
    struct stat status {};
    if (!file.is_open() || fstat(file.get(), &status) != 0) return {};  // rotated away meanwhile
    left_ = static_cast<uint64_t>(status.st_size);
    AIS_RETURN_IF_ERROR(writer_.begin_file(name, left_, status.st_mtim.tv_sec));
    file_ = std::move(file);
    return {};
  }

  // The current log grows while it is read: the size at its beginning counts.
  Status copy_piece() {
    std::string piece(std::min<uint64_t>(kPieceBytes, left_), '\0');
    const ssize_t n = left_ == 0 ? 0 : read(file_.get(), piece.data(), piece.size());
    if (n <= 0) {
      file_ = sys::Descriptor();
      return {};
    }
    left_ -= static_cast<uint64_t>(n);
    return writer_.write(std::string_view(piece).substr(0, static_cast<size_t>(n)));
  }

  codec::TarGzWriter writer_;
  std::string directory_;
  std::vector<std::string> names_;
  size_t index_ = 0;
  sys::Descriptor file_;
  uint64_t left_ = 0;
  bool finished_ = false;
};

Status beyond_end(uint64_t offset, uint64_t size) {
  return make_status(Code::kRangeNotSatisfiable, "log offset %lu is beyond the end (size %lu)", offset, size);
}

async::Task<Status> respond_archive(Daemon::Impl& impl, net::HttpExchange& exchange) {
  auto archive = LogArchive::create(impl.options.log_dir, impl.program);
  if (!archive.ok()) {
    const Status error = archive.status();
    co_return co_await api::respond_error(exchange, error, impl.display_name);
  }
  exchange.start(200).add("Content-Type", "application/gzip");
  AIS_CO_RETURN_IF_ERROR(co_await exchange.begin_stream());
  LogArchive* source = archive->get();
  while (true) {
    auto work = [source] { return source->next(); };
    AIS_CO_TRY(const std::string piece, co_await async::offload(*impl.pool, std::move(work)));
    if (piece.empty()) break;
    AIS_CO_RETURN_IF_ERROR(co_await exchange.write_stream(piece));
  }
  co_return co_await exchange.end_stream();
}

async::Task<Status> respond_warnings(Daemon::Impl& impl, net::HttpExchange& exchange, std::string path, uint64_t offset) {
  auto work = [path] { return read_warnings(path, kWarningsMax); };
  auto text = co_await async::offload(*impl.pool, std::move(work));
  Status error = text.status();
  if (error.ok() && offset > text->size()) error = beyond_end(offset, text->size());
  if (!error.ok()) co_return co_await api::respond_error(exchange, error, impl.display_name);
  exchange.start(200).add("Content-Type", kLogType);
  co_return co_await exchange.send(std::string_view(*text).substr(offset));
}

async::Task<Status> respond_file(Daemon::Impl& impl, net::HttpExchange& exchange, std::string path, uint64_t offset) {
  const sys::Descriptor file = open_to_read(path);
  struct stat status {};
  Status error;
  if (!file.is_open() || fstat(file.get(), &status) != 0) error = Status(Code::kNotFound, "log file " + path + " does not exist");
  const auto size = static_cast<uint64_t>(status.st_size);
  if (error.ok() && offset > size) error = beyond_end(offset, size);
  if (!error.ok()) co_return co_await api::respond_error(exchange, error, impl.display_name);
  exchange.start(200).add("Content-Type", kLogType);
  co_return co_await exchange.send_file(file.get(), offset, size - offset, impl.pool.get());
}

/// Reading on where a client was, through all rotations since.
async::Task<Status> respond_after(Daemon::Impl& impl, net::HttpExchange& exchange, std::string after, bool only_warnings) {
  const auto position = LogPosition::parse(after);
  Status error;
  if (!after.empty() && !position) error = Status(Code::kInvalid, "invalid log position");
  if (!error.ok()) co_return co_await api::respond_error(exchange, error, impl.display_name);
  LogPiece piece;
  auto work = [&impl, &piece, position, only_warnings]() -> Status {
    AIS_TRY(piece, read_log_after(impl.options.log_dir, impl.program, position, only_warnings, kLogPieceMax));
    return {};
  };
  error = co_await async::offload(*impl.pool, std::move(work));
  if (!error.ok()) co_return co_await api::respond_error(exchange, error, impl.display_name);
  net::ResponseHead head = exchange.start(200);
  head.add("Content-Type", kLogType).add(api::header::kLogPosition, piece.next.to_string());
  if (piece.more) head.add(api::header::kLogMore, "true");
  if (piece.is_late) head.add(api::header::kLogGap, "true");
  co_return co_await exchange.send(piece.text);
}

}  // namespace

async::Task<Status> respond_log(Daemon::Impl& impl, net::HttpExchange& exchange) {
  const auto parameters = api::QueryParameters::parse(exchange.request().query);
  Status error = parameters.status();
  if (!error.ok()) co_return co_await api::respond_error(exchange, error, impl.display_name);
  const std::string severity = to_lower(parameters->get_or_empty(api::query::kSeverity));
  const char letter = severity.empty() ? 'i' : severity[0];
  const auto offset = parse_uint(parameters->get(api::query::kOffset).value_or("0"));
  if (letter != 'i' && letter != 'w' && letter != 'e') error = Status(Code::kInvalid, "unknown log severity \"" + severity + "\"");
  if (!offset) error = Status(Code::kInvalid, "invalid log offset");
  if (!error.ok()) co_return co_await api::respond_error(exchange, error, impl.display_name);
  if (parameters->get_bool(api::query::kAll)) co_return co_await respond_archive(impl, exchange);
  const auto after = parameters->get(api::query::kAfter);
  if (after) co_return co_await respond_after(impl, exchange, std::string(*after), letter != 'i');
  std::string path = impl.options.log_dir + "/" + impl.program + ".log";
  if (letter == 'i') co_return co_await respond_file(impl, exchange, std::move(path), *offset);
  co_return co_await respond_warnings(impl, exchange, std::move(path), *offset);
}

}  // namespace ais::app
