// Redirects and repeated tries: what is sent where, and how often.
#include "support/fake_clock.h"
#include "unit/remote/web_fixture.h"

namespace ais::remote::test {
namespace {

class RedirectTest : public RemoteTest {};
class RetryTest : public RemoteTest {};

constexpr const char* kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
constexpr const char* kBusy = "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy";

std::string busy_for(std::string_view retry_after) {
  return "HTTP/1.1 503 Busy\r\nRetry-After: " + std::string(retry_after) + "\r\nContent-Length: 0\r\n\r\n";
}

Request with_secrets(std::string url) {
  Request request;
  request.url = std::move(url);
  request.headers.add("Authorization", "Bearer secret");
  request.headers.add("Cookie", "secret");
  request.headers.add("X-Vault-Token", "secret");
  request.headers.add("Accept", "text/plain");
  return request;
}

// ---------------------------------------------------------------- redirects

TEST_F(RedirectTest, AbsoluteAndRelative) {
  EXPECT_EQ(get(web->https("/once")).body, "GET||||*/*|once");
  EXPECT_EQ(get(web->https("/relative/a")).body, "/relative/b?x=1");
  EXPECT_EQ(client->connections_made(), 1u);
}

TEST_F(RedirectTest, CredentialsStayWithTheOriginTheyAreFor) {
  EXPECT_EQ(ask(with_secrets(web->https("/once"))).body, "GET|Bearer secret|secret|secret|text/plain|once");
  EXPECT_EQ(ask(with_secrets(web->https("/other"))).body, "GET||||text/plain|") << "another port is another server";
}

TEST_F(RedirectTest, FromHttpsToHttpIsRefused) {
  const Answer answer = get(web->https("/down"));
  EXPECT_EQ(answer.code, Code::kUnexpectedStatus);
  EXPECT_NE(answer.error.find("from https to http"), std::string::npos) << answer.error;
}

TEST_F(RedirectTest, OtherSchemesAndUsersAreRefused) {
  EXPECT_EQ(get(web->https("/nowhere")).code, Code::kUnexpectedStatus);
  const Answer answer = get(web->https("/login"));
  EXPECT_EQ(answer.code, Code::kUnexpectedStatus);
  EXPECT_EQ(answer.error.find("secret"), std::string::npos) << answer.error;
}

TEST_F(RedirectTest, AnEndlessOneEnds) {
  const Answer answer = get(web->https("/endless"));
  EXPECT_EQ(answer.code, Code::kUnexpectedStatus);
  EXPECT_NE(answer.error.find("more than 5 redirects"), std::string::npos) << answer.error;
}

TEST_F(RedirectTest, IsTheAnswerWhereNoneIsFollowed) {
  Request request = quick(web->https("/once"));
  request.redirects_max = 0;
  const Answer answer = ask(std::move(request));
  EXPECT_EQ(answer.status, 302);
  EXPECT_TRUE(answer.headers.get("Location").value_or("").ends_with("/echo?once"));
}

TEST_F(RedirectTest, PostBecomesGetAsEverywhere) {
  for (const char* path : {"/once", "/see"}) {
    Request request = quick(web->https(path));
    request.method = "POST";
    request.body = "text";
    request.headers.add("Content-Type", "text/plain");
    const Answer answer = ask(std::move(request));
    EXPECT_TRUE(answer.body.starts_with("GET|")) << answer.body << answer.error;
  }
}

TEST_F(RedirectTest, ABodyIsSentAgainWhereTheRedirectLeads) {
  Request request = quick(web->https("/keep"));
  request.method = "PUT";
  request.body = "kept text";
  const Answer answer = ask(std::move(request));
  EXPECT_EQ(answer.status, 201) << answer.error;
  EXPECT_EQ(std::filesystem::file_size(web->file("put/kept")), 9u);
}

// ---------------------------------------------------------------- tries

TEST_F(RetryTest, UntilItSucceeds) {
  Peer peer(answers_in_turn({kBusy, kBusy, kOk}));
  const Answer answer = get(peer.url());
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(peer.accepted(), 1) << "refusals are read to their end: the connection is used again";
}

TEST_F(RetryTest, TheLastAnswerIsTheCallersWithItsBody) {
  Peer peer(answers_in_turn({kBusy}));
  const Answer answer = get(peer.url());
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.body, "busy");
}

TEST_F(RetryTest, NeverMoreTriesThanAllowed) {
  Peer peer([](int fd) { receive_until(fd, "\r\n\r\n"); });
  Request request = quick(peer.url());
  request.retries.attempts = 4;
  EXPECT_EQ(ask(std::move(request)).code, Code::kConnectionClosed);
  EXPECT_EQ(peer.accepted(), 4);
}

TEST_F(RetryTest, RetryAfterIsWaitedFor) {
  Peer peer(answers_in_turn({busy_for("1"), kOk}));
  const Nanoseconds begun = loop->now();
  EXPECT_EQ(get(peer.url()).status, 200);
  EXPECT_GE(loop->now() - begun, seconds(1));
}

TEST_F(RetryTest, RetryAfterMayBeADate) {
  // Sun, 06 Nov 1994 08:49:37 GMT
  sys::FakeClock clock(784'111'777'000'000'000);
  client = *Client::create(*loop, trusting(), sys::Random(1), clock);
  Peer past(answers_in_turn({busy_for("Sun, 06 Nov 1994 08:49:36 GMT"), kOk}));
  EXPECT_EQ(get(past.url()).status, 200);
  Peer next(answers_in_turn({busy_for("Sun, 06 Nov 1994 08:49:38 GMT"), kOk}));
  const Nanoseconds begun = loop->now();
  EXPECT_EQ(get(next.url()).status, 200);
  EXPECT_GE(loop->now() - begun, seconds(1));
  Peer far(answers_in_turn({busy_for("Sun, 06 Nov 1994 09:49:38 GMT"), kOk}));
  EXPECT_EQ(get(far.url()).status, 503) << "nobody waits for an hour";
}

TEST_F(RetryTest, NobodyWaitsLongerThanAllowed) {
  Peer peer(answers_in_turn({busy_for("100"), kOk}));
  EXPECT_EQ(get(peer.url()).status, 503);
  Peer other(answers_in_turn({busy_for("2"), kOk}));
  Request request = quick(other.url());
  request.timeouts.whole = seconds(1);
  EXPECT_EQ(ask(std::move(request)).status, 503);
}

TEST_F(RetryTest, WhatIsNotIdempotentIsSentOnce) {
  for (const char* body : {"", "text"}) {
    std::atomic<int> requests = 0;
    Peer peer([&](int fd) {
      if (receive_until(fd, "\r\n\r\n").empty()) return;
      ++requests;
      say(fd, kOk);
      if (!receive_until(fd, "\r\n\r\n").empty()) ++requests;  // and leaves without an answer
    });
    Request request = quick(peer.url());
    request.method = "POST";
    request.body = body;
    EXPECT_EQ(ask(request).status, 200);
    const Answer second = ask(request);
    EXPECT_LE(requests, 2) << "also not by libcurl itself, on a kept connection";
    EXPECT_TRUE(second.code == Code::kConnectionClosed || second.status == 200) << second.error;
  }
}

TEST_F(RetryTest, APostThatHadNotBegunIsRepeated) {
  // Refused by the proxy at first: nothing of the request was sent.
  std::vector<std::string> seen;
  std::atomic<int> connections = 0;
  Peer proxy([&, pass = connect_proxy(seen)](int fd) {
    if (connections++ == 0) return;
    pass(fd);
  });
  Options options = trusting();
  options.proxy = "http://127.0.0.1:" + std::to_string(proxy.port());
  use(options);
  Request request = quick(web->https("/echo"));
  request.method = "POST";
  request.body = "text";
  EXPECT_EQ(ask(std::move(request)).status, 200);
  EXPECT_EQ(connections, 2);
  client.reset();
}

TEST_F(RetryTest, AKeptConnectionThatWasClosedMeanwhile) {
  Peer peer([](int fd) {
    receive_until(fd, "\r\n\r\n");
    say(fd, kOk);
  });
  Request request = quick(peer.url());
  request.retries.attempts = 1;
  request.method = "PUT";
  request.body = "text";
  for (int i = 0; i < 20; ++i) EXPECT_EQ(ask(request).status, 200);
}

}  // namespace
}  // namespace ais::remote::test
