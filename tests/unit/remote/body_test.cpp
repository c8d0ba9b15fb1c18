// Bodies both ways: streaming, back-pressure, bounded memory.
#include <sys/socket.h>

#include <fstream>
#include <iterator>

#include "unit/remote/web_fixture.h"

namespace ais::remote::test {
namespace {

class DownloadTest : public RemoteTest {};
class UploadTest : public RemoteTest {};

size_t resident_bytes() {
  size_t all = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> all >> resident;
  return resident * 4096;
}

/// `size` bytes in pieces of `piece` bytes, each after a turn of the loop.
class Pattern : public BodySource {
 public:
  Pattern(uint64_t size, size_t piece) : size_(size), buffer_(piece, '\0') {}
  std::optional<uint64_t> length() const override { return announced; }
  async::Task<Result<std::string_view>> next() override {
    co_await async::yield();
    if (fails_at && offset_ >= *fails_at) co_return make_status(Code::kInputOutput, "the disk is gone");
    const size_t n = static_cast<size_t>(std::min<uint64_t>(buffer_.size(), size_ - offset_));
    for (size_t i = 0; i < n; ++i) buffer_[i] = Web::large_byte(offset_ + i);
    offset_ += n;
    co_return std::string_view(buffer_).substr(0, n);
  }
  bool rewind() override {
    offset_ = 0;
    ++rewound;
    return can_rewind;
  }
  std::optional<uint64_t> announced;
  std::optional<uint64_t> fails_at;
  bool can_rewind = true;
  int rewound = 0;

 private:
  uint64_t size_;
  uint64_t offset_ = 0;
  std::string buffer_;
};

struct Read {
  uint64_t bytes = 0;
  bool right = true;
  size_t growth = 0;
  Status status;
};

/// Reads pieces of `piece` bytes, with `turns` turns of the loop before each.
async::Task<Read> read_slowly(Client& client, Request request, size_t piece, int turns) {
  Read read;
  Result<Response> response = co_await client.send(std::move(request));
  if (!response.ok()) {
    read.status = response.status();
    co_return read;
  }
  std::string buffer(piece, '\0');
  const size_t before = resident_bytes();
  size_t pieces = 0;
  while (true) {
    for (int i = 0; i < turns; ++i) co_await async::yield();
    Result<size_t> got = co_await response->read(buffer);
    read.status = got.status();
    if (!got.ok() || *got == 0) co_return read;
    for (size_t i = 0; i < *got; ++i) read.right &= buffer[i] == Web::large_byte(read.bytes + i);
    read.bytes += *got;
    if (++pieces % 64 != 0) continue;
    const size_t now = resident_bytes();
    read.growth = std::max(read.growth, now - std::min(before, now));
  }
}

TEST_F(DownloadTest, ALargeBodyWithASlowReaderNeedsLittleMemory) {
  for (const std::string& url : {web->https("/data/large"), web->http("/data/large")}) {
    const Read read = net::run_task(*loop, read_slowly(*client, quick(url), 32 * 1024, 3));
    EXPECT_TRUE(read.status.ok()) << read.status.to_string();
    EXPECT_EQ(read.bytes, Web::kLargeBytes);
    EXPECT_TRUE(read.right);
#ifndef __SANITIZE_ADDRESS__
    EXPECT_LT(read.growth, 4u << 20);
#endif
  }
}

TEST_F(DownloadTest, ALargeBodyByHttp2) {
  Options options = trusting();
  options.http2 = true;
  use(options);
  const Read read = net::run_task(*loop, read_slowly(*client, quick(web->https("/data/large")), 32 * 1024, 3));
  EXPECT_EQ(read.bytes, Web::kLargeBytes) << read.status.to_string();
  EXPECT_TRUE(read.right);
}

TEST_F(DownloadTest, PiecesOfEverySize) {
  for (const size_t piece : {size_t{1}, size_t{7}, size_t{4096}, size_t{1 << 20}}) {
    Request request = quick(web->https("/data/large"));
    request.range = ByteRange{0, piece == 1 ? 50'000 : 3'000'000};
    const Read read = net::run_task(*loop, read_slowly(*client, std::move(request), piece, 0));
    EXPECT_EQ(read.bytes, piece == 1 ? 50'001u : 3'000'001u) << piece;
    EXPECT_TRUE(read.right) << piece;
  }
}

TEST_F(DownloadTest, AReaderThatNeverReadsHoldsTheServerBack) {
  std::atomic<uint64_t> taken = 0;
  Peer peer([&](int fd) {
    receive_until(fd, "\r\n\r\n");
    say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
    const std::string piece(64 * 1024, 'x');
    for (ssize_t n; (n = send(fd, piece.data(), piece.size(), MSG_NOSIGNAL)) > 0;) taken += static_cast<uint64_t>(n);
  });
  const auto hold = [](DownloadTest& test, std::string url, std::atomic<uint64_t>& sent) -> async::Task<uint64_t> {
    Request request = quick(std::move(url));
    request.timeouts.stall = milliseconds(50);  // a reader that takes its time is no stall
    Result<Response> response = co_await test.client->send(std::move(request));
    if (!response.ok()) co_return 0;
    // Until nothing has moved for half a second.
    uint64_t last = 0;
    Nanoseconds since = test.loop->now();
    while (test.loop->now() - since < milliseconds(500)) {
      co_await async::sleep_for(milliseconds(5));
      if (std::exchange(last, sent.load()) != sent.load()) since = test.loop->now();
    }
    std::string buffer(1000, '\0');
    co_return (co_await response->read(buffer)).ok() ? last : 0;
  };
  const uint64_t taken_while_nobody_read = net::run_task(*loop, hold(*this, peer.url(), taken));
  EXPECT_GT(taken_while_nobody_read, 0u);
  EXPECT_LT(taken_while_nobody_read, 32u << 20) << "the kernel's buffers and ours";
}

TEST_F(UploadTest, ATextIsSentWhole) {
  const std::string text(300'000, 't');
  Request request = quick(web->https("/put/text"));
  request.method = "PUT";
  request.body = text;
  EXPECT_EQ(ask(std::move(request)).status, 201);
  std::ifstream in(web->file("put/text"), std::ios::binary);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), text);
}

TEST_F(UploadTest, AnEmptyBodyHasALength) {
  for (const char* method : {"PUT", "POST"}) {
    std::string head;
    Peer peer([&](int fd) {
      head = receive_until(fd, "\r\n\r\n");
      say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    });
    Request request = quick(peer.url());
    request.method = method;
    EXPECT_EQ(ask(std::move(request)).status, 200);
    EXPECT_TRUE(head.starts_with(method)) << head;
    EXPECT_NE(head.find("Content-Length: 0\r\n"), std::string::npos) << head;
  }
}

TEST_F(UploadTest, AStreamOfKnownAndOfUnknownLength) {
  constexpr uint64_t kBytes = 20'000'003;
  for (const bool known : {true, false}) {
    Pattern source(kBytes, 100'000);
    if (known) source.announced = kBytes;
    Request request = quick(web->https("/put/stream"));
    request.method = "PUT";
    request.source = &source;
    const size_t before = resident_bytes();
    const Answer answer = ask(std::move(request));
    EXPECT_TRUE(answer.status == 201 || answer.status == 204) << answer.status << answer.error;
#ifndef __SANITIZE_ADDRESS__
    EXPECT_LT(resident_bytes(), before + (4u << 20));
#endif
    std::ifstream in(web->file("put/stream"), std::ios::binary);
    const std::string stored(std::istreambuf_iterator<char>(in), {});
    ASSERT_EQ(stored.size(), kBytes);
    bool right = true;
    for (uint64_t i = 0; i < kBytes; ++i) right &= stored[i] == Web::large_byte(i);
    EXPECT_TRUE(right);
  }
}

TEST_F(UploadTest, ASourceThatFailsOrMiscountsEndsTheRequest) {
  Pattern broken(1'000'000, 10'000);
  broken.fails_at = 500'000;
  Request request = quick(web->https("/put/broken"));
  request.method = "PUT";
  request.source = &broken;
  Answer answer = ask(request);
  EXPECT_EQ(answer.code, Code::kInputOutput);
  EXPECT_NE(answer.error.find("the disk is gone"), std::string::npos) << answer.error;
  for (const uint64_t announced : {uint64_t{50'000}, uint64_t{2'000'000}}) {
    Pattern miscounted(1'000'000, 30'000);
    miscounted.announced = announced;
    request.source = &miscounted;
    EXPECT_EQ(ask(request).code, Code::kInvalid) << announced;
  }
  EXPECT_FALSE(std::filesystem::exists(web->file("put/broken")));
}

TEST_F(UploadTest, AnEarlyRefusalStopsTheSource) {
  Peer peer([](int fd) {
    receive_until(fd, "\r\n\r\n");
    say(fd, "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig");
    wait_for_end(fd);
  });
  Pattern source(1'000'000'000, 100'000);
  Request request = quick(peer.url());
  request.method = "PUT";
  request.source = &source;
  const Answer answer = ask(std::move(request));
  EXPECT_EQ(answer.status, 413) << answer.error;
  EXPECT_EQ(answer.body, "big");
}

TEST_F(UploadTest, ASourceThatIsSlowIsNoStall) {
  class Slow : public BodySource {
   public:
    async::Task<Result<std::string_view>> next() override {
      co_await async::sleep_for(milliseconds(150));
      co_return std::string_view(left_-- > 0 ? "piece" : "");
    }

   private:
    int left_ = 2;
  } source;
  Request request = quick(web->https("/put/slow"));
  request.method = "PUT";
  request.source = &source;
  request.timeouts.stall = milliseconds(100);
  const Answer answer = ask(std::move(request));
  EXPECT_EQ(answer.status, 201) << answer.error;
}

TEST_F(UploadTest, ABodyIsRewoundForTheNextTry) {
  std::vector<std::string> bodies;
  Peer peer([&](int fd) {
    receive_until(fd, "\r\n\r\n");
    bodies.push_back(receive_until(fd, "0\r\n\r\n"));
    say(fd, bodies.size() == 1 ? "HTTP/1.1 503 Busy\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
                               : "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  });
  Pattern source(1000, 100);
  Request request = quick(peer.url());
  request.method = "PUT";
  request.headers.add("Expect", "");
  request.source = &source;
  EXPECT_EQ(ask(request).status, 200);
  EXPECT_EQ(source.rewound, 1);
  ASSERT_EQ(bodies.size(), 2u);
  EXPECT_EQ(bodies[0], bodies[1]);
  Pattern once(1000, 100);
  once.can_rewind = false;
  bodies.clear();
  request.source = &once;
  EXPECT_EQ(ask(request).status, 503) << "the answer is the caller's when the body cannot be sent again";
}

}  // namespace
}  // namespace ais::remote::test
