// HttpClient against our server and against peers that follow a script: what its tests share.
#pragma once

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "net/http_client.h"
#include "net/socket.h"
#include "unit/net/server_fixture.h"

namespace ais::net::test {

using std::chrono::milliseconds;

// A peer whose every connection is handled by a script, one after the other.
class ScriptedPeer {
 public:
  explicit ScriptedPeer(std::vector<std::function<void(int)>> scripts) {
    listen_fd_ = *listen_on("127.0.0.1", 0, 16);
    fcntl(listen_fd_, F_SETFL, 0);
    thread_ = std::thread([this, scripts = std::move(scripts)] {
      for (auto& script : scripts) {
        int fd = accept4(listen_fd_, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0) return;
        ++accepted_;
        connection_ = fd;
        script(fd);
        connection_ = -1;
        close(fd);
        ++closed_;
      }
    });
  }
  ~ScriptedPeer() {
    shutdown(listen_fd_, SHUT_RDWR);
    int connection = connection_;
    if (connection >= 0) shutdown(connection, SHUT_RDWR);  // a script may wait for a request that nobody will send
    thread_.join();
    close(listen_fd_);
  }
  uint16_t port() const { return local_port(listen_fd_); }
  int accepted() const { return accepted_; }
  void wait_for_closed(int count) const {
    while (closed_ < count) std::this_thread::yield();
  }

 private:
  int listen_fd_ = -1;
  std::atomic<int> accepted_{0}, closed_{0};
  std::atomic<int> connection_{-1};
  std::thread thread_;
};

inline std::string receive_until(int fd, std::string_view end) {
  std::string text;
  char c;
  while (!text.ends_with(end) && recv(fd, &c, 1, 0) == 1) text += c;
  return text;
}

inline void say(int fd, std::string_view text) {
  ASSERT_EQ(::send(fd, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
}

inline std::function<void(int)> answers(std::string answer) {
  return [answer](int fd) {
    receive_until(fd, "\r\n\r\n");
    say(fd, answer);
  };
}

constexpr const char* kAnswerOne = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none";
constexpr const char* kAnswerTwo = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ntwo";

// Answers one request, takes a second one, says `last` and closes.
inline std::function<void(int)> one_and_then(std::string last) {
  return [last](int fd) {
    receive_until(fd, "\r\n\r\n");
    say(fd, kAnswerOne);
    receive_until(fd, "\r\n\r\n");
    say(fd, last);
  };
}

struct Answer {
  Code code = Code::kOk;
  int status = 0;
  std::string body;
  std::string header;  // "X"
};

inline async::Task<Answer> ask(HttpClient& client, ClientRequest request, int redirects) {
  Answer answer;
  Result<ClientResponse> response = co_await client.send_following(std::move(request), redirects);
  answer.code = response.code();
  if (!response.ok()) co_return answer;
  answer.status = response->status();
  answer.header = response->headers().get_or_empty("X");
  Result<std::string> body = co_await response->read_all(64 << 20);
  answer.code = body.code();
  if (body.ok()) answer.body = *body;
  co_return answer;
}

class Client : public ServerTest {
 protected:
  void SetUp() override { loop_ = *EventLoop::create("client"); }
  void TearDown() override {
    client_.reset();
    ServerTest::TearDown();
  }
  HttpClient& client() {
    if (!client_) client_ = std::make_unique<HttpClient>(*loop_, client_options_);
    return *client_;
  }
  Answer ask_port(uint16_t port, ClientRequest request = {}, int redirects = 0) {
    request.host = "127.0.0.1";
    request.port = port;
    return run_task(*loop_, ask(client(), std::move(request), redirects));
  }
  Answer ask_server(ClientRequest request = {}, int redirects = 0) { return ask_port(server->port(), std::move(request), redirects); }

  HttpClientOptions client_options_;
  std::unique_ptr<EventLoop> loop_;
  std::unique_ptr<HttpClient> client_;
};

inline async::Task<void> echo(HttpExchange& exchange) {
  Result<std::string> body = co_await exchange.read_whole_body(64 << 20);
  exchange.start(body.ok() ? 200 : 400).add("X", exchange.request().target);
  std::string text = std::string(exchange.request().method_text) + ":" + (body.ok() ? *body : "");
  Status sent = co_await exchange.send(text);
  (void)sent.ok();
}

}  // namespace ais::net::test
