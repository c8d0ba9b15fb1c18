// StreamBody: a pipe as the body of a request.
#include "ais/object/stream_body.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "net/event_loop.h"

namespace ais::cli {
namespace {

class StreamBodyTest : public testing::Test {
 protected:
  StreamBodyTest() {
    int ends[2] = {-1, -1};
    EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
    writer_ = ends[1];
    input_.emplace(InputStream::open("/proc/self/fd/" + std::to_string(ends[0])).value());
    close(ends[0]);
  }
  ~StreamBodyTest() override { close_writer(); }
  void close_writer() {
    if (writer_ >= 0) close(writer_);
    writer_ = -1;
  }
  void write(std::string_view text) { ASSERT_EQ(::write(writer_, text.data(), text.size()), static_cast<ssize_t>(text.size())); }
  std::string next(StreamBody& body) {
    Result<std::string_view> piece = net::run_task(*loop_, body.next());
    EXPECT_TRUE(piece.ok());
    return std::string(piece.ok() ? *piece : "");
  }

  std::unique_ptr<net::EventLoop> loop_ = *net::EventLoop::create("test");
  sys::ThreadPool pool_{"test", 1};
  std::atomic<uint64_t> sent_{0};
  StreamBody::MayEnd may_end_ = []() -> async::Task<Status> { co_return Status(); };
  std::optional<InputStream> input_;
  int writer_ = -1;
};

TEST_F(StreamBodyTest, HandsOutAllBytesInOrder) {
  const std::string first(10000, 'f'), second(60000, 's'), third(100, 't');
  StreamBody body(*input_, first, pool_, sent_, may_end_);
  body.hash_as(codec::ChecksumType::kMd5);
  write(second);
  EXPECT_EQ(next(body), first);
  write(third);
  close_writer();
  std::string rest;
  for (std::string piece = next(body); !piece.empty(); piece = next(body)) rest += piece;
  EXPECT_TRUE(rest == second + third);
  EXPECT_EQ(sent_, first.size() + rest.size());
  EXPECT_EQ(*body.checksum(), codec::checksum_of(codec::ChecksumType::kMd5, first + rest));
}

TEST_F(StreamBodyTest, KeepsASilentPipeAliveByteByByte) {
  StreamBody body(*input_, "abc", pool_, sent_, may_end_, std::chrono::milliseconds(10));
  EXPECT_EQ(next(body), "a");
  EXPECT_EQ(next(body), "b");
  write("def");
  close_writer();
  EXPECT_EQ(next(body), "cdef");
  EXPECT_EQ(next(body), "");
  EXPECT_EQ(next(body), "");
}

TEST_F(StreamBodyTest, HasNoEndWhereItMayNotEnd) {
  may_end_ = []() -> async::Task<Status> { co_return Status(Code::kCancelled, "a signal came"); };
  StreamBody body(*input_, "abc", pool_, sent_, may_end_);
  close_writer();
  EXPECT_EQ(net::run_task(*loop_, body.next()).code(), Code::kCancelled);
  EXPECT_EQ(sent_, 0U);
}

}  // namespace
}  // namespace ais::cli
