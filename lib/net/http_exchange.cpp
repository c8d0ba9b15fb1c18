// HttpRequest, ResponseHead and HttpExchange: the handlers' view of a Connection.
#include "base/strings.h"
#include "net/connection.h"
#include "net/http_server.h"
#include "net/socket.h"

namespace ais::net {

namespace {

// What no header value may have (RFC 9110, 5.5); a line end would begin another header.
bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; }

}  // namespace

ResponseHead& ResponseHead::add(std::string_view name, std::string_view value) {
  *out_ += name;
  *out_ += ": ";
  size_t start = out_->size();
  *out_ += value;
  for (size_t i = start; i < out_->size(); ++i) {
    char& c = (*out_)[i];
    if (is_control(c)) c = ' ';
  }
  *out_ += "\r\n";
  return *this;
}

ResponseHead& ResponseHead::add(std::string_view name, uint64_t value) {
  *out_ += name;
  *out_ += ": ";
  append_decimal(*out_, value);
  *out_ += "\r\n";
  return *this;
}

ResponseHead& ResponseHead::add_block(std::string_view lines) {
  *out_ += lines;
  return *this;
}

const HttpRequest& HttpExchange::request() const { return connection_->request(); }
EventLoop& HttpExchange::loop() const { return connection_->loop(); }
std::string HttpExchange::peer_address() const { return peer_text(connection_->fd()); }
std::string HttpExchange::local_address() const { return local_text(connection_->fd()); }
async::Task<Result<size_t>> HttpExchange::read_body(std::span<char> buffer) { return connection_->read_body(buffer); }
async::Task<Result<std::string>> HttpExchange::read_whole_body(size_t limit) { return connection_->read_whole_body(limit); }
std::optional<std::string_view> HttpExchange::whole_body_if_buffered() { return connection_->whole_body_if_buffered(); }
ResponseHead HttpExchange::start(int status) { return ResponseHead(connection_->start_answer(status)); }
async::Task<Status> HttpExchange::send(std::string_view body) { return connection_->send(body); }
async::Task<Status> HttpExchange::send_head_only(std::optional<uint64_t> length) { return connection_->send_head_only(length); }
async::Task<Status> HttpExchange::send_file(int fd, uint64_t offset, uint64_t length, sys::ThreadPool* pool) {
  return connection_->send_file(fd, offset, length, pool);
}
async::Task<Status> HttpExchange::begin_stream() { return connection_->begin_stream(); }
async::Task<Status> HttpExchange::write_stream(std::string_view bytes) { return connection_->write_stream(bytes); }
async::Task<Status> HttpExchange::end_stream() { return connection_->end_stream(); }
bool HttpExchange::peer_closed() const { return connection_->peek_end(); }
bool HttpExchange::responded() const { return connection_->responded(); }
void HttpExchange::close_after() { connection_->close_after(); }

}  // namespace ais::net
