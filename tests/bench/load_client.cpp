// The client of the benchmarks: one thread, N kept-alive connections, one request in flight on each. It costs less than the servers that it
// measures, so that they are what limits the rate: bodies of answers are thrown away in the kernel (MSG_TRUNC). It sleeps when there is
// nothing to do. (A client that polls instead saves the server the waking, but takes a processor from the disk's interrupts and brings
// the server one request at a time: GET 4K then costs 0.85 of nginx instead of 0.78.)
//
//   load_client URL CONNECTIONS SECONDS same|random|each|put SIZE COUNT PREFIX SUFFIX [RATE]
//
// With RATE it begins so many requests a second at most.
//
//   same    the URL as it is                            (GET)
//   random  PREFIX<number below COUNT>SUFFIX            (GET)
//   each    PREFIX<0, 1, ... COUNT - 1, 0, ...>SUFFIX   (GET)
//   put     PREFIX<running number>SUFFIX                (PUT of SIZE bytes, new names)
//
// Prints {"requests":N,"us":U,"bytes":B,"p50":U,"p99":U,"max":U,"errors":N,"cpu_us":U}; latencies in microseconds. An answer that is not
// 2xx or 3xx is an error; a broken connection or a malformed answer ends the program.
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

using SteadyClock = std::chrono::steady_clock;

enum class Mode { kSame, kRandom, kEach, kPut };

struct Options {
  std::string host, path;
  uint16_t port = 0;
  size_t connections = 16;
  double seconds = 1;
  Mode mode = Mode::kSame;
  size_t size = 0;
  uint64_t count = 1;
  std::string prefix, suffix;
  double rate = 0;
};

struct Connection {
  int fd = -1;
  std::string head;    // of the request
  size_t sent = 0;     // of head and body
  std::string answer;  // its head, when it came in pieces
  bool in_body = false;
  uint64_t body_left = 0;
  SteadyClock::time_point begin;
};

struct Totals {
  uint64_t requests = 0, errors = 0, bytes = 0;
  std::vector<uint32_t> latencies_us;
};

[[noreturn]] void die(const std::string& what) {
  fprintf(stderr, "load_client: %s\n", what.c_str());
  exit(1);
}

class Client {
 public:
  explicit Client(Options options) : options_(std::move(options)), body_(options_.mode == Mode::kPut ? options_.size : 0, 'x') {}

  void run() {
    epoll_ = epoll_create1(EPOLL_CLOEXEC);
    connections_.resize(options_.connections);
    for (Connection& connection : connections_) open(connection);
    begin_ = last_event_ = SteadyClock::now();
    end_ = begin_ + std::chrono::microseconds(static_cast<int64_t>(options_.seconds * 1e6));
    running_ = connections_.size();
    for (Connection& connection : connections_) start_when_due(connection);
    std::vector<epoll_event> events(connections_.size());
    while (running_ > 0) {
      int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), options_.rate > 0 ? 1 : 1000);
      if (count > 0) last_event_ = SteadyClock::now();
      else if (SteadyClock::now() - last_event_ > std::chrono::seconds(30)) die("the server is silent for 30 seconds");
      for (int i = 0; i < count; ++i) {
        Connection& connection = *static_cast<Connection*>(events[i].data.ptr);
        if (events[i].events & (EPOLLERR | EPOLLHUP)) die("a connection broke");
        if (events[i].events & EPOLLOUT) send_more(connection);
        if (events[i].events & EPOLLIN) receive(connection);
      }
      start_due();
    }
  }

  void print() {
    double us = std::chrono::duration<double, std::micro>(SteadyClock::now() - begin_).count();
    std::sort(totals_.latencies_us.begin(), totals_.latencies_us.end());
    auto percentile = [this](double share) -> unsigned {
      const auto& all = totals_.latencies_us;
      return all.empty() ? 0 : all[std::min(all.size() - 1, static_cast<size_t>(share * static_cast<double>(all.size())))];
    };
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    auto micros = [](const timeval& time) { return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec); };
    printf("{\"requests\":%llu,\"us\":%.0f,\"bytes\":%llu,\"p50\":%u,\"p99\":%u,\"max\":%u,\"errors\":%llu,\"cpu_us\":%.0f}\n",
           static_cast<unsigned long long>(totals_.requests), us, static_cast<unsigned long long>(totals_.bytes), percentile(0.5),
           percentile(0.99), percentile(1), static_cast<unsigned long long>(totals_.errors),
           micros(usage.ru_utime) + micros(usage.ru_stime));
  }

 private:
  void open(Connection& connection) {
    connection.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(options_.port);
    if (inet_pton(AF_INET, options_.host.c_str(), &address.sin_addr) != 1) die("not an IPv4 address: " + options_.host);
    if (connect(connection.fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0)
      die(std::string("connect: ") + strerror(errno));
    int on = 1;
    setsockopt(connection.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    watch(connection, EPOLL_CTL_ADD, EPOLLIN);
  }

  void watch(Connection& connection, int operation, uint32_t what) {
    epoll_event event{};
    event.events = what;
    event.data.ptr = &connection;
    if (epoll_ctl(epoll_, operation, connection.fd, &event) != 0) die("epoll_ctl");
  }

  void start_when_due(Connection& connection) {
    if (options_.rate <= 0) return start_request(connection);
    waiting_.push_back(&connection);
    start_due();
  }

  void start_due() {
    while (!waiting_.empty()) {
      const auto due = begin_ + std::chrono::duration_cast<SteadyClock::duration>(std::chrono::duration<double>(started_ / options_.rate));
      if (SteadyClock::now() < due && SteadyClock::now() < end_) return;
      ++started_;
      Connection& connection = *waiting_.back();
      waiting_.pop_back();
      start_request(connection);
    }
  }

  std::string next_path() {
    if (options_.mode == Mode::kRandom) return options_.prefix + std::to_string(random_() % options_.count) + options_.suffix;
    if (options_.mode == Mode::kEach) return options_.prefix + std::to_string(number_++ % options_.count) + options_.suffix;
    if (options_.mode == Mode::kPut) return options_.prefix + std::to_string(number_++) + options_.suffix;
    return options_.path;
  }

  // Four headers, as a library sends them.
  void start_request(Connection& connection) {
    if (SteadyClock::now() >= end_) {
      --running_;
      return;
    }
    if (options_.mode != Mode::kSame || connection.head.empty()) {
      const bool put = options_.mode == Mode::kPut;
      connection.head = std::string(put ? "PUT " : "GET ") + next_path() + " HTTP/1.1\r\nHost: " + options_.host + ":" +
                        std::to_string(options_.port) + "\r\nUser-Agent: load_client\r\nAccept: */*\r\nAccept-Encoding: identity\r\n";
      if (put) connection.head += "Content-Length: " + std::to_string(body_.size()) + "\r\n";
      connection.head += "\r\n";
    }
    connection.sent = 0;
    connection.in_body = false;
    connection.begin = SteadyClock::now();
    send_more(connection);
  }

  void send_more(Connection& connection) {
    const bool waited = connection.sent > 0;
    const size_t total = connection.head.size() + body_.size();
    while (connection.sent < total) {
      iovec parts[2];
      int count = 0;
      if (connection.sent < connection.head.size())
        parts[count++] = {connection.head.data() + connection.sent, connection.head.size() - connection.sent};
      size_t body_sent = connection.sent > connection.head.size() ? connection.sent - connection.head.size() : 0;
      if (body_sent < body_.size()) parts[count++] = {body_.data() + body_sent, body_.size() - body_sent};
      msghdr message{};
      message.msg_iov = parts;
      message.msg_iovlen = static_cast<size_t>(count);
      ssize_t sent = sendmsg(connection.fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
      if (sent < 0 && errno == EAGAIN) return watch(connection, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
      if (sent < 0) die(std::string("send: ") + strerror(errno));
      connection.sent += static_cast<size_t>(sent);
    }
    if (waited) watch(connection, EPOLL_CTL_MOD, EPOLLIN);
  }

  void receive(Connection& connection) {
    if (!connection.in_body && !receive_head(connection)) return;
    while (connection.body_left > 0) {
      ssize_t got = recv(connection.fd, nullptr, std::min<uint64_t>(connection.body_left, 1 << 20), MSG_TRUNC | MSG_DONTWAIT);
      if (got < 0 && errno == EAGAIN) return;
      if (got <= 0) die("the answer ends early");
      connection.body_left -= static_cast<uint64_t>(got);
      totals_.bytes += static_cast<uint64_t>(got);
    }
    finish(connection);
  }

  // One recv takes the head and a small body; only what is left of a large one is thrown away in the kernel.
  bool receive_head(Connection& connection) {
    char buffer[8192];
    ssize_t got = recv(connection.fd, buffer, sizeof(buffer), MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN) return false;
    if (got <= 0) die("the server closed the connection");
    std::string_view text(buffer, static_cast<size_t>(got));
    if (!connection.answer.empty()) text = connection.answer.append(text);
    size_t end = text.find("\r\n\r\n");
    if (end == text.npos) {
      if (text.size() >= sizeof(buffer)) die("the head of an answer is too long");
      if (connection.answer.empty()) connection.answer = text;
      return false;
    }
    std::string_view head = text.substr(0, end + 4);
    if (head.size() < 13 || !head.starts_with("HTTP/1.1 ")) die("not an answer: " + std::string(head.substr(0, 40)));
    if (head[9] != '2' && head[9] != '3') ++totals_.errors;
    size_t length = find_content_length(head);
    if (length == head.npos) die("an answer without Content-Length: " + std::string(head));
    const uint64_t body = strtoull(head.data() + length, nullptr, 10), received = text.size() - head.size();
    if (received > body) die("more than one answer");
    connection.body_left = body - received;
    totals_.bytes += received;
    connection.in_body = true;
    connection.answer.clear();
    return true;
  }

  static size_t find_content_length(std::string_view head) {
    constexpr std::string_view kName = "\r\ncontent-length:";
    for (size_t at = head.find("\r\n"); at != head.npos && at + kName.size() < head.size(); at = head.find("\r\n", at + 2))
      if (strncasecmp(head.data() + at, kName.data(), kName.size()) == 0) return at + kName.size();
    return head.npos;
  }

  void finish(Connection& connection) {
    ++totals_.requests;
    auto latency = std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - connection.begin).count();
    totals_.latencies_us.push_back(static_cast<uint32_t>(latency));
    start_when_due(connection);
  }

  const Options options_;
  std::string body_;
  int epoll_ = -1;
  std::vector<Connection> connections_;
  size_t running_ = 0;
  std::vector<Connection*> waiting_;  // until they are due
  double started_ = 0;
  uint64_t number_ = 0;
  std::mt19937_64 random_{4711};
  SteadyClock::time_point begin_, end_, last_event_;
  Totals totals_;
};

Options parse(int argc, char** argv) {
  if (argc != 9 && argc != 10) die("usage: load_client URL CONNECTIONS SECONDS same|random|each|put SIZE COUNT PREFIX SUFFIX [RATE]");
  Options options;
  std::string_view url = argv[1];
  if (!url.starts_with("http://")) die("not an http URL");
  url.remove_prefix(7);
  size_t slash = std::min(url.find('/'), url.size());
  size_t colon = url.find(':');
  if (colon == url.npos || colon > slash) die("the URL has no port");
  options.host = url.substr(0, colon);
  options.port = static_cast<uint16_t>(atoi(std::string(url.substr(colon + 1, slash - colon - 1)).c_str()));
  options.path = slash < url.size() ? url.substr(slash) : "/";
  options.connections = strtoull(argv[2], nullptr, 10);
  options.seconds = atof(argv[3]);
  std::string_view mode = argv[4];
  options.mode = mode == "put" ? Mode::kPut : mode == "random" ? Mode::kRandom : mode == "each" ? Mode::kEach : Mode::kSame;
  options.size = strtoull(argv[5], nullptr, 10);
  options.count = std::max<uint64_t>(1, strtoull(argv[6], nullptr, 10));
  options.prefix = argv[7];
  options.suffix = argv[8];
  if (argc == 10) options.rate = atof(argv[9]);
  if (options.connections == 0 || options.seconds <= 0) die("CONNECTIONS and SECONDS must be more than 0");
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  signal(SIGPIPE, SIG_IGN);
  Client client(parse(argc, argv));
  client.run();
  client.print();
  return 0;
}
