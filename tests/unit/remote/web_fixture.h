// What the tests of remote::Client talk to: nginx with certificates of a test authority, and peers that follow a script.
#pragma once

#include <gtest/gtest.h>
#include <sys/types.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "net/event_loop.h"
#include "remote/client.h"

namespace ais::remote::test {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// nginx on free ports, over a temporary directory; started once, ends with the test program.
class Web {
 public:
  /// nullptr when nginx or the openssl tool is not installed.
  static Web* get();
  Web(const Web&) = delete;
  ~Web();

  std::string https(std::string_view path) const { return url("https", "localhost", https_port, path); }
  std::string other_https(std::string_view path) const { return url("https", "localhost", other_https_port, path); }
  std::string http(std::string_view path) const { return url("http", "127.0.0.1", http_port, path); }
  /// Its certificate is for another name.
  std::string misnamed(std::string_view path) const { return url("https", "localhost", misnamed_port, path); }
  /// Asks for a client's certificate.
  std::string mutual(std::string_view path) const { return url("https", "localhost", mutual_port, path); }
  std::string file(std::string_view name) const { return (folder / name).string(); }
  /// Lines of the access log that tell of this path.
  int requests_of(std::string_view path) const;

  static constexpr size_t kLargeBytes = 64 << 20;
  /// The content of /data/large at this offset.
  static char large_byte(uint64_t offset) { return static_cast<char>((offset * 2654435761u) >> 13); }

  std::filesystem::path folder;
  uint16_t https_port = 0, other_https_port = 0, http_port = 0, misnamed_port = 0, mutual_port = 0;

 private:
  Web();
  static std::string url(std::string_view scheme, std::string_view host, uint16_t port, std::string_view path);
  bool make_certificates();
  void write_configuration();
  void start(const std::vector<int>& listeners);
  pid_t nginx_ = -1;
};

/// A server whose every connection is handled by one call of a script, each on a thread of its own. Destroying it ends them.
class Peer {
 public:
  explicit Peer(std::function<void(int fd)> script);
  ~Peer();
  Peer(const Peer&) = delete;
  uint16_t port() const { return port_; }
  std::string url(std::string_view path = "/") const { return "http://127.0.0.1:" + std::to_string(port_) + std::string(path); }
  int accepted() const { return accepted_; }

 private:
  void serve();
  std::function<void(int)> script_;
  int listener_ = -1;
  uint16_t port_ = 0;
  std::atomic<int> accepted_{0};
  std::vector<int> connections_;      // of the accepting thread until it has ended
  std::vector<std::thread> scripts_;  // as above
  std::thread accepting_;
};

/// Reads until `end` was received; "" when the other side left before.
std::string receive_until(int fd, std::string_view end);
void say(int fd, std::string_view text);
/// Answers each request of a connection with the next of `answers`, the last one again and again.
std::function<void(int)> answers_in_turn(std::vector<std::string> answers);
/// Takes CONNECT and passes bytes on; writes the heads that it got into `seen`.
std::function<void(int)> connect_proxy(std::vector<std::string>& seen);
/// Waits until the other side leaves.
void wait_for_end(int fd);

struct Answer {
  Code code = Code::kOk;
  std::string error;
  int status = 0;
  Headers headers;
  std::string body;
};

class RemoteTest : public ::testing::Test {
 public:
  void SetUp() override;
  /// Most tests need it; those with peers only do not call it.
  void use(Options changed);
  Options trusting() const;
  Answer ask(Request request);
  Answer get(std::string url);
  /// A request without delays between its tries, with short time limits.
  static Request quick(std::string url);

  Web* web = nullptr;
  std::unique_ptr<net::EventLoop> loop;
  std::unique_ptr<Client> client;
};

async::Task<Answer> answer_of(Client& client, Request request);

}  // namespace ais::remote::test
