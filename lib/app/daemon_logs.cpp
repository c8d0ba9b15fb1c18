// what=log: the current log from an offset, its warnings and errors only, or all log files as a .tar.gz.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/message.h"
#include "api/names.h"
#include "app/daemon_impl.h"
#include "app/log_file.h"
#include "base/strings.h"
#include "codec/tar_gz_writer.h"
#include "net/offload.h"

namespace ais::app {
namespace {

constexpr size_t kWarningsMax = 4 << 20;
constexpr size_t kPieceBytes = 256 * 1024;
constexpr std::string_view kLogType = "text/plain; charset=utf-8";

struct Descriptor {
  int fd = -1;
  explicit Descriptor(const std::string& path) : fd(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  Descriptor(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd >= 0) close(fd);
  }
};

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
    if (file_) return copy_piece();
    if (index_ < names_.size()) return begin_file();
    finished_ = true;
    return writer_.finish();
  }

  Status begin_file() {
    const std::string& name = names_[index_++];
    auto file = std::make_unique<Descriptor>(directory_ + "/" + name);
    struct stat status {};
    if (file->fd < 0 || fstat(file->fd, &status) != 0) return {};  // rotated away meanwhile
    left_ = static_cast<uint64_t>(status.st_size);
    AIS_RETURN_IF_ERROR(writer_.begin_file(name, left_, status.st_mtim.tv_sec));
    file_ = std::move(file);
    return {};
  }

  // The current log grows while it is read: the size at its beginning counts.
  Status copy_piece() {
    std::string piece(std::min<uint64_t>(kPieceBytes, left_), '\0');
    const ssize_t n = left_ == 0 ? 0 : read(file_->fd, piece.data(), piece.size());
    if (n <= 0) {
      file_.reset();
      return {};
    }
    left_ -= static_cast<uint64_t>(n);
    return writer_.write(std::string_view(piece).substr(0, static_cast<size_t>(n)));
  }

  codec::TarGzWriter writer_;
  std::string directory_;
  std::vector<std::string> names_;
  size_t index_ = 0;
  std::unique_ptr<Descriptor> file_;
  uint64_t left_ = 0;
  bool finished_ = false;
};

Status beyond_end(uint64_t offset, uint64_t size) {
  return make_status(Code::kRangeNotSatisfiable, "log offset %lu is beyond the end (size %lu)", offset, size);
}

net::Task<Status> respond_archive(Daemon::Impl& impl, net::HttpExchange& exchange) {
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
    AIS_CO_TRY(const std::string piece, co_await net::offload(*impl.pool, std::move(work)));
    if (piece.empty()) break;
    AIS_CO_RETURN_IF_ERROR(co_await exchange.write_stream(piece));
  }
  co_return co_await exchange.end_stream();
}

net::Task<Status> respond_warnings(Daemon::Impl& impl, net::HttpExchange& exchange, std::string path, uint64_t offset) {
  auto work = [path] { return read_warnings(path, kWarningsMax); };
  auto text = co_await net::offload(*impl.pool, std::move(work));
  Status error = text.status();
  if (error.ok() && offset > text->size()) error = beyond_end(offset, text->size());
  if (!error.ok()) co_return co_await api::respond_error(exchange, error, impl.display_name);
  exchange.start(200).add("Content-Type", kLogType);
  co_return co_await exchange.send(std::string_view(*text).substr(offset));
}

net::Task<Status> respond_file(Daemon::Impl& impl, net::HttpExchange& exchange, std::string path, uint64_t offset) {
  const Descriptor file(path);
  struct stat status {};
  Status error;
  if (file.fd < 0 || fstat(file.fd, &status) != 0) error = Status(Code::kNotFound, "log file " + path + " does not exist");
  const auto size = static_cast<uint64_t>(status.st_size);
  if (error.ok() && offset > size) error = beyond_end(offset, size);
  if (!error.ok()) co_return co_await api::respond_error(exchange, error, impl.display_name);
  exchange.start(200).add("Content-Type", kLogType);
  co_return co_await exchange.send_file(file.fd, offset, size - offset, impl.pool.get());
}

}  // namespace

net::Task<Status> respond_log(Daemon::Impl& impl, net::HttpExchange& exchange) {
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
  std::string path = impl.options.log_dir + "/" + impl.program + ".log";
  if (letter == 'i') co_return co_await respond_file(impl, exchange, std::move(path), *offset);
  co_return co_await respond_warnings(impl, exchange, std::move(path), *offset);
}

}  // namespace ais::app
