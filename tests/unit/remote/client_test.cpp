// What is asked and what comes back: requests, heads, connections, proxies, TLS, and every kind of error.
#include <atomic>
#include <utility>

#include "async/parallel.h"
#include "unit/remote/web_fixture.h"

namespace ais::remote::test {
namespace {

class ClientTest : public RemoteTest {};
class TlsTest : public RemoteTest {};
class ProxyTest : public RemoteTest {};
class RequestTest : public RemoteTest {};

TEST_F(ClientTest, GetsStatusHeadersAndBody) {
  const Answer answer = get(web->https("/data/ten"));
  EXPECT_EQ(answer.code, Code::kOk) << answer.error;
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.get("content-LENGTH"), "10");
  EXPECT_EQ(answer.headers.get("X-None"), std::nullopt);
  EXPECT_EQ(answer.body, "0123456789");
}

TEST_F(ClientTest, AnAnswerOfAnyStatusIsASuccess) {
  const Answer answer = get(web->https("/missing"));
  EXPECT_EQ(answer.code, Code::kOk);
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.body, "no such thing");
}

TEST_F(ClientTest, HeadHasALengthAndNoBody) {
  Request request = quick(web->https("/data/ten"));
  request.method = "HEAD";
  const Answer answer = ask(std::move(request));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.get("Content-Length"), "10");
  EXPECT_EQ(answer.body, "");
}

TEST_F(ClientTest, Ranges) {
  Request request = quick(web->https("/data/ten"));
  request.range = ByteRange{2, 4};
  Answer answer = ask(request);
  EXPECT_EQ(answer.status, 206);
  EXPECT_EQ(answer.body, "234");
  EXPECT_EQ(answer.headers.get("Content-Range"), "bytes 2-4/10");
  request.range = ByteRange{7, {}};
  EXPECT_EQ(ask(request).body, "789");
  request.range = ByteRange{100, {}};
  EXPECT_EQ(ask(request).status, 416);
  request.range = ByteRange{4, 2};
  EXPECT_EQ(ask(request).code, Code::kInvalid);
}

TEST_F(ClientTest, ConnectionsAreUsedAgain) {
  const std::string first = get(web->https("/connection")).body;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(get(web->https("/connection")).body, first);
  EXPECT_EQ(client->connections_made(), 1u);
}

TEST_F(ClientTest, ManyAtOnceWithinTheConnectionsAllowed) {
  Options options = trusting();
  options.connections_max = 8;
  use(options);
  const auto all = [](ClientTest& test) -> async::Task<int> {
    int right = 0;
    co_await async::for_each(200, 200, [&](size_t) -> async::Task<void> {
      const Answer answer = co_await answer_of(*test.client, quick(test.web->https("/data/ten")));
      right += answer.body == "0123456789";
    });
    co_return right;
  };
  EXPECT_EQ(net::run_task(*loop, all(*this)), 200);
  EXPECT_LE(client->connections_made(), 8u);
}

TEST_F(ClientTest, Http2WhereAskedFor) {
  EXPECT_EQ(get(web->https("/protocol")).body, "HTTP/1.1");
  Options options = trusting();
  options.http2 = true;
  use(options);
  EXPECT_EQ(get(web->https("/protocol")).body, "HTTP/2.0");
  EXPECT_EQ(get(web->http("/echo")).body, "plain");
  const auto all = [](ClientTest& test) -> async::Task<int> {
    int right = 0;
    co_await async::for_each(50, 50, [&](size_t) -> async::Task<void> {
      const Answer answer = co_await answer_of(*test.client, quick(test.web->https("/data/ten")));
      right += answer.body == "0123456789";
    });
    co_return right;
  };
  const uint64_t before = client->connections_made();
  EXPECT_EQ(net::run_task(*loop, all(*this)), 50);
  EXPECT_EQ(client->connections_made(), before) << "many exchanges share a connection";
}

TEST_F(ClientTest, AHeadBeyondTheLimitIsAnError) {
  EXPECT_EQ(get(web->https("/heads")).status, 200);
  Options options = trusting();
  options.head_bytes_max = 2000;
  use(options);
  const Answer answer = get(web->https("/heads"));
  EXPECT_EQ(answer.code, Code::kHeadersTooLarge);
  EXPECT_EQ(client->connections_made(), 1u) << "it would be too long again";
}

TEST_F(ClientTest, ABodyBeyondTheReadersLimitIsAnError) {
  const auto read = [](ClientTest& test, std::string url) -> async::Task<Code> {
    Result<Response> response = co_await test.client->send(quick(std::move(url)));
    if (!response.ok()) co_return response.code();
    co_return (co_await response->read_all(9)).code();
  };
  EXPECT_EQ(net::run_task(*loop, read(*this, web->https("/data/ten"))), Code::kPayloadTooLarge);
  Peer unannounced([](int fd) {
    receive_until(fd, "\r\n\r\n");
    say(fd, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n0123456789");
  });
  EXPECT_EQ(net::run_task(*loop, read(*this, unannounced.url())), Code::kPayloadTooLarge);
}

TEST_F(ClientTest, HeadsOf1xxAndTrailersAreNotTheAnswers) {
  Peer peer([](int fd) {
    receive_until(fd, "\r\n\r\n");
    say(fd, "HTTP/1.1 103 Early Hints\r\nX-Early: yes\r\n\r\n");
    say(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Late: yes\r\n\r\n3\r\nabc\r\n0\r\nX-Trailer: yes\r\n\r\n");
  });
  const Answer answer = get(peer.url());
  EXPECT_EQ(answer.body, "abc") << answer.error;
  EXPECT_EQ(answer.headers.get("X-Early"), std::nullopt);
  EXPECT_EQ(answer.headers.get("X-Late"), "yes");
  EXPECT_EQ(answer.headers.get("X-Trailer"), std::nullopt);
}

// ---------------------------------------------------------------- requests

TEST_F(RequestTest, MethodHeadersAndQueryArriveAsTheyAre) {
  Request request = quick(web->https("/echo?a=%2F..%2f&b"));
  request.method = "OPTIONS";
  request.headers.add("Authorization", "Bearer abc");
  request.headers.add("Accept", "application/json");
  request.headers.add("X-Vault-Token", "");
  EXPECT_EQ(ask(std::move(request)).body, "OPTIONS|Bearer abc|||application/json|a=%2F..%2f&b");
}

TEST_F(RequestTest, DotsInAPathAreSentAsTheyAre) {
  std::string head;
  Peer peer([&](int fd) {
    head = receive_until(fd, "\r\n\r\n");
    say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  });
  EXPECT_EQ(get(peer.url("/a/../b/./c#fragment")).status, 200);
  EXPECT_TRUE(head.starts_with("GET /a/../b/./c HTTP/1.1\r\n")) << head;
}

TEST_F(RequestTest, WhatCannotBeSentIsRefused) {
  for (const char* url : {"", "localhost", "file:///etc/passwd", "ftp://localhost/", "gopher://localhost/", "http://", "http:///x",
                          "http://h:99999/", "http://localhost/a b", "http://localhost/\r\nX: y", "http://localhost/\x7f"}) {
    EXPECT_EQ(get(url).code, Code::kInvalid) << url;
  }
  for (const char* name : {"", "A B", "A:", "A\r\nB", "Content-Length", "transfer-encoding"}) {
    Request request = quick(web->https("/echo"));
    request.headers.add(name, "1");
    EXPECT_EQ(ask(std::move(request)).code, Code::kInvalid) << name;
  }
  Request split = quick(web->https("/echo"));
  split.headers.add("A", "1\r\nB: 2");
  EXPECT_EQ(ask(std::move(split)).code, Code::kInvalid);
  for (const char* method : {"", "GET /x", "CONNECT"}) {
    Request request = quick(web->https("/echo"));
    request.method = method;
    EXPECT_EQ(ask(std::move(request)).code, Code::kInvalid) << method;
  }
  EXPECT_EQ(client->connections_made(), 0u);
}

TEST_F(RequestTest, CredentialsInAUrlAreRefusedAndNotRepeated) {
  for (const char* url : {"https://user:secret@localhost/", "https://user@localhost/?X-Signature=secret"}) {
    const Answer answer = get(url);
    EXPECT_EQ(answer.code, Code::kInvalid);
    EXPECT_EQ(answer.error.find("secret"), std::string::npos) << answer.error;
    EXPECT_EQ(answer.error.find("user@"), std::string::npos) << answer.error;
  }
}

// ---------------------------------------------------------------- TLS

TEST_F(TlsTest, AnUnknownAuthorityIsRefused) {
  use({});
  const Answer answer = get(web->https("/data/ten"));
  EXPECT_EQ(answer.code, Code::kConnectionFailed);
  EXPECT_NE(answer.error.find("TLS: "), std::string::npos) << answer.error;
  EXPECT_TRUE(answer.error.starts_with("localhost:" + std::to_string(web->https_port) + ": ")) << answer.error;
  EXPECT_EQ(client->connections_made(), 1u) << "the same certificate would come again";
  Options options;
  options.tls.ca_file = web->file("stranger.pem");
  use(options);
  EXPECT_EQ(get(web->https("/data/ten")).code, Code::kConnectionFailed);
}

TEST_F(TlsTest, AnotherNameIsRefused) {
  const Answer answer = get(web->misnamed("/"));
  EXPECT_EQ(answer.code, Code::kConnectionFailed);
  EXPECT_NE(answer.error.find("TLS: "), std::string::npos) << answer.error;
}

TEST_F(TlsTest, VerificationCanBeTurnedOff) {
  Options options;
  options.tls.verify = false;
  use(options);
  EXPECT_EQ(get(web->https("/data/ten")).status, 200);
  EXPECT_EQ(get(web->misnamed("/")).status, 200);
}

TEST_F(TlsTest, AnAuthorityFileThatIsNotThereIsTheCallersMistake) {
  Options options;
  options.tls.ca_file = web->file("none.pem");
  use(options);
  const Answer answer = get(web->https("/data/ten"));
  EXPECT_EQ(answer.code, Code::kInvalid) << answer.error;
  EXPECT_NE(answer.error.find("none.pem"), std::string::npos) << answer.error;
}

TEST_F(TlsTest, AClientsCertificate) {
  EXPECT_EQ(get(web->mutual("/")).status, 400) << "nginx says so when there is none";
  Options options = trusting();
  options.tls.client_certificate = web->file("client.pem");
  options.tls.client_key = web->file("client.key");
  use(options);
  EXPECT_EQ(get(web->mutual("/")).body, "CN=client");
}

TEST_F(TlsTest, AServerWithoutTls) {
  const Answer answer = get("https://127.0.0.1:" + std::to_string(web->http_port) + "/");
  EXPECT_EQ(answer.code, Code::kConnectionFailed);
  EXPECT_NE(answer.error.find("TLS: "), std::string::npos) << answer.error;
}

// ---------------------------------------------------------------- proxies

TEST_F(ProxyTest, PlainRequestsThroughNginx) {
  Options options = trusting();
  options.proxy = "http://127.0.0.1:" + std::to_string(web->http_port);
  use(options);
  const Answer answer = get(web->http("/proxied/x"));
  EXPECT_EQ(answer.body, "plain");
  EXPECT_EQ(answer.headers.get("X-Proxy"), "nginx");
}

TEST_F(ProxyTest, HttpsThroughATunnelWithCredentialsForTheProxyOnly) {
  std::vector<std::string> seen;
  Peer proxy(connect_proxy(seen));
  Options options = trusting();
  options.proxy = "http://user:secret@127.0.0.1:" + std::to_string(proxy.port());
  use(options);
  const Answer answer = get(web->https("/echo"));
  EXPECT_EQ(answer.body, "GET||||*/*|") << answer.error;
  EXPECT_EQ(answer.headers.get("X-From"), std::nullopt) << "the proxy's head is not the answer's";
  EXPECT_EQ(get(web->https("/echo")).status, 200);
  client.reset();
  ASSERT_EQ(seen.size(), 1u) << "the tunnel is used again";
  EXPECT_NE(seen[0].find("Proxy-Authorization: Basic dXNlcjpzZWNyZXQ="), std::string::npos) << seen[0];
}

TEST_F(ProxyTest, TheEnvironmentNamesOneAndNoneOverridesIt) {
  std::vector<std::string> seen;
  Peer proxy(connect_proxy(seen));
  setenv("https_proxy", ("http://127.0.0.1:" + std::to_string(proxy.port())).c_str(), 1);
  EXPECT_EQ(get(web->https("/echo")).status, 200);
  EXPECT_EQ(proxy.accepted(), 1);
  Options options = trusting();
  options.proxy = "none";
  use(options);
  EXPECT_EQ(get(web->https("/echo")).status, 200);
  EXPECT_EQ(proxy.accepted(), 1);
  unsetenv("https_proxy");
}

TEST_F(ProxyTest, ARefusalIsAFailedConnectionWithoutThePassword) {
  Peer proxy(answers_in_turn({"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"}));
  Options options = trusting();
  options.proxy = "http://user:secret@127.0.0.1:" + std::to_string(proxy.port());
  use(options);
  const Answer answer = get(web->https("/echo"));
  EXPECT_EQ(answer.code, Code::kConnectionFailed);
  EXPECT_NE(answer.error.find("407"), std::string::npos) << answer.error;
  EXPECT_EQ(answer.error.find("secret"), std::string::npos) << answer.error;
}

// ---------------------------------------------------------------- trouble

TEST_F(ClientTest, NobodyListens) {
  uint16_t port = 0;
  {
    port = Peer([](int) {}).port();
  }
  const Answer answer = get("http://127.0.0.1:" + std::to_string(port) + "/path?signature=secret");
  EXPECT_EQ(answer.code, Code::kConnectionFailed);
  EXPECT_TRUE(answer.error.starts_with("127.0.0.1:" + std::to_string(port) + ": ")) << answer.error;
  EXPECT_EQ(answer.error.find("secret"), std::string::npos) << answer.error;
}

TEST_F(ClientTest, NoSuchName) {
  Request request = quick("https://no-such-host.invalid/");
  request.retries.attempts = 1;
  EXPECT_EQ(ask(std::move(request)).code, Code::kConnectionFailed);
}

TEST_F(ClientTest, ASilentServerIsATimeout) {
  Peer silent(wait_for_end);
  Request request = quick(silent.url());
  request.retries.attempts = 1;
  request.timeouts.stall = milliseconds(100);
  Answer answer = ask(request);
  EXPECT_EQ(answer.code, Code::kTimeout);
  EXPECT_NE(answer.error.find("no byte moved for 0.1 s"), std::string::npos) << answer.error;
  request.timeouts.stall = seconds(60);
  request.timeouts.whole = milliseconds(100);
  EXPECT_EQ(ask(request).code, Code::kTimeout);
}

TEST_F(ClientTest, AHandshakeThatDoesNotEndIsATimeout) {
  Peer silent(wait_for_end);
  Request request = quick("https://127.0.0.1:" + std::to_string(silent.port()) + "/");
  request.retries.attempts = 1;
  request.timeouts.connect = milliseconds(100);
  EXPECT_EQ(ask(std::move(request)).code, Code::kTimeout);
}

TEST_F(ClientTest, AServerThatStopsInTheMiddleOfItsBodyIsATimeout) {
  Peer peer([](int fd) {
    receive_until(fd, "\r\n\r\n");
    say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n012");
    wait_for_end(fd);
  });
  Request request = quick(peer.url());
  request.timeouts.stall = milliseconds(100);
  EXPECT_EQ(ask(std::move(request)).code, Code::kTimeout);
  EXPECT_EQ(peer.accepted(), 1) << "send() had returned: nothing is repeated";
}

TEST_F(ClientTest, AServerThatLeavesInTheMiddleOfItsBody) {
  Peer peer([](int fd) {
    receive_until(fd, "\r\n\r\n");
    say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    say(fd, std::string(200'000, 'x'));
  });
  EXPECT_EQ(get(peer.url()).code, Code::kConnectionClosed);
}

TEST_F(ClientTest, WhatIsNotHttp) {
  for (const char* words : {"SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 2x0 ?\r\n\r\n", "ICY 200 OK\r\n\r\n"}) {
    Peer peer([words](int fd) {
      receive_until(fd, "\r\n\r\n");
      say(fd, words);
    });
    EXPECT_EQ(get(peer.url()).code, Code::kBadRequest) << words;
  }
}

// ---------------------------------------------------------------- ends

TEST_F(ClientTest, EndExchangesEndsWhatIsUnderWayAndWhatComesLater) {
  Peer silent(wait_for_end);
  const auto ended = [](ClientTest& test, std::string url) -> async::Task<std::pair<Code, Code>> {
    test.loop->add_timer(milliseconds(20), [&test] { test.client->end_exchanges(); });
    Result<Response> first = co_await test.client->send(quick(url));
    Result<Response> second = co_await test.client->send(quick(url));
    co_return std::pair(first.code(), second.code());
  };
  EXPECT_EQ(net::run_task(*loop, ended(*this, silent.url())), std::pair(Code::kUnavailable, Code::kUnavailable));
}

TEST_F(ClientTest, EndExchangesEndsTheWaitForTheNextTry) {
  Peer busy(answers_in_turn({"HTTP/1.1 503 Busy\r\nRetry-After: 50\r\nContent-Length: 0\r\n\r\n"}));
  const auto ended = [](ClientTest& test, std::string url) -> async::Task<Code> {
    test.loop->add_timer(milliseconds(50), [&test] { test.client->end_exchanges(); });
    co_return (co_await test.client->send(quick(std::move(url)))).code();
  };
  EXPECT_EQ(net::run_task(*loop, ended(*this, busy.url())), Code::kUnavailable);
}

TEST_F(ClientTest, AClientThatIsGoneEndsTheBodyThatIsRead) {
  Peer peer([](int fd) {
    receive_until(fd, "\r\n\r\n");
    say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n012");
    wait_for_end(fd);
  });
  const auto read = [](ClientTest& test, std::string url) -> async::Task<Code> {
    Result<Response> response = co_await test.client->send(quick(std::move(url)));
    if (!response.ok()) co_return response.code();
    test.loop->add_timer(milliseconds(20), [&test] { test.client.reset(); });
    co_return (co_await response->read_all(100)).code();
  };
  EXPECT_EQ(net::run_task(*loop, read(*this, peer.url())), Code::kUnavailable);
}

TEST_F(ClientTest, AResponseThatIsGoneEndsItsConnection) {
  std::atomic<bool> left = false;
  Peer peer([&](int fd) {
    receive_until(fd, "\r\n\r\n");
    say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n012");
    wait_for_end(fd);
    left = true;
  });
  const auto leave = [](ClientTest& test, std::string url, std::atomic<bool>& gone) -> async::Task<bool> {
    {
      Result<Response> response = co_await test.client->send(quick(std::move(url)));
      if (!response.ok()) co_return false;
    }
    const Nanoseconds until = test.loop->now() + seconds(10);
    while (!gone && test.loop->now() < until) co_await async::sleep_for(milliseconds(1));
    co_return gone;
  };
  EXPECT_TRUE(net::run_task(*loop, leave(*this, peer.url(), left)));
}

}  // namespace
}  // namespace ais::remote::test
