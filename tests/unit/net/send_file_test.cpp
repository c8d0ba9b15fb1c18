// Answers by sendfile: ranges, cold files through a pool, files that shrink, slow readers.
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

#include "base/strings.h"
#include "net/page_cache.h"
#include "sys/thread_pool.h"
#include "unit/net/server_fixture.h"

namespace ais::net::test {
namespace {

constexpr size_t kFileBytes = 9 * 1024 * 1024 + 123;

class SendFile : public ServerTest {
 protected:
  void SetUp() override {
    char name[] = "/var/tmp/ais-net-XXXXXX";  // a real disk where there is one: pages must be evictable
    fd_ = mkstemp(name);
    ASSERT_GE(fd_, 0);
    unlink(name);
    content_.resize(kFileBytes);
    for (size_t i = 0; i < content_.size(); ++i) content_[i] = static_cast<char>((i * 2654435761u) >> 13);
    ASSERT_EQ(pwrite(fd_, content_.data(), content_.size(), 0), static_cast<ssize_t>(content_.size()));
    ASSERT_EQ(fsync(fd_), 0);
  }
  void TearDown() override {
    ServerTest::TearDown();
    close(fd_);
  }
  void evict() { ASSERT_EQ(posix_fadvise(fd_, 0, 0, POSIX_FADV_DONTNEED), 0); }

  // Serves "/<offset>/<length>".
  void serve(sys::ThreadPool* pool) {
    start([this, pool](HttpExchange& exchange) -> async::Task<void> {
      auto parts = split(exchange.request().path, '/');
      uint64_t offset = *parse_uint(parts[1]), length = *parse_uint(parts[2]);
      exchange.start(206).add("X", "y");
      last_status_ = co_await exchange.send_file(fd_, offset, length, pool);
    });
  }
  void expect_range(RawSocket& socket, uint64_t offset, uint64_t length) {
    socket.send("GET /" + std::to_string(offset) + "/" + std::to_string(length) + " HTTP/1.1\r\nHost: h\r\n\r\n");
    std::string answer = socket.read_answer();
    EXPECT_EQ(status_of(answer), 206);
    EXPECT_TRUE(body_of(answer) == content_.substr(offset, length)) << offset << " " << length;
  }

  int fd_ = -1;
  std::string content_;
  Status last_status_;
};

TEST_F(SendFile, SendsRangesFromTheLoop) {
  serve(nullptr);
  RawSocket socket(server->port());
  for (auto [offset, length] :
       {std::pair<uint64_t, uint64_t>{0, 0}, {0, 1}, {0, 4096}, {4095, 2}, {kFileBytes - 1, 1}, {1, 3000000}, {0, kFileBytes}})
    expect_range(socket, offset, length);
}

TEST_F(SendFile, SendsColdRangesThroughThePool) {
  sys::ThreadPool pool("cold", 2);
  serve(&pool);
  RawSocket socket(server->port());
  for (int round = 0; round < 3; ++round) {
    if (round < 2) evict();
    for (auto [offset, length] : {std::pair<uint64_t, uint64_t>{5000000, 100000}, {0, kFileBytes}, {kFileBytes - 10, 10}})
      expect_range(socket, offset, length);
  }
}

TEST_F(SendFile, ProbeSeesWhatIsCached) {
  EXPECT_TRUE(is_in_page_cache(fd_, 0, kFileBytes, false));
  EXPECT_TRUE(is_in_page_cache(fd_, 0, kFileBytes, true));
  EXPECT_TRUE(is_in_page_cache(fd_, 0, 0, true));
  evict();
  char byte;
  if (pread(fd_, &byte, 0, 0) == 0 && is_in_page_cache(fd_, 0, kFileBytes, true)) GTEST_SKIP() << "this file system keeps its pages";
  EXPECT_FALSE(is_in_page_cache(fd_, 0, kFileBytes, false));
  EXPECT_FALSE(is_in_page_cache(fd_, kFileBytes - 1, 1, true));
}

TEST_F(SendFile, SlowReaderGetsEverything) {
  for (sys::ThreadPool* pool : {static_cast<sys::ThreadPool*>(nullptr), new sys::ThreadPool("cold", 1)}) {
    evict();
    serve(pool);
    RawSocket socket(server->port());
    int small = 65536;
    setsockopt(socket.fd(), SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
    expect_range(socket, 7, kFileBytes - 7);
    ServerTest::TearDown();
    delete pool;
  }
}

TEST_F(SendFile, ShortFileCutsTheAnswer) {
  serve(nullptr);
  RawSocket socket(server->port());
  socket.send("GET /" + std::to_string(kFileBytes - 10) + "/20 HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_LE(body_of(socket.read_to_end()).size(), 10u);
  server.reset();
  EXPECT_EQ(last_status_.code(), Code::kInputOutput);
}

TEST_F(SendFile, HeadSendsNoBytesOfTheFile) {
  serve(nullptr);
  RawSocket socket(server->port());
  socket.send("HEAD /0/1000 HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_NE(socket.read_until("\r\n\r\n").find("Content-Length: 1000\r\n"), std::string::npos);
  expect_range(socket, 3, 4);
}

TEST_F(SendFile, ClientThatLeavesEndsTheSending) {
  serve(nullptr);
  {
    RawSocket socket(server->port());
    socket.send("GET /0/" + std::to_string(kFileBytes) + " HTTP/1.1\r\nHost: h\r\n\r\n");
    socket.read_exactly(100);
  }
  while (server->counters().connections_open > 0) std::this_thread::yield();
  server.reset();
  EXPECT_EQ(last_status_.code(), Code::kConnectionClosed);
}

}  // namespace
}  // namespace ais::net::test
