// The node as such: what it tells about itself, and how it learns of buckets.
#include <atomic>

#include "ais-target/node/disk_stats.h"
#include "ais-target/node/listing_walkers.h"
#include "codec/json.h"
#include "net/event_loop.h"
#include "net/http_server.h"
#include "support/fake_clock.h"
#include "unit/ais-target/target_fixture.h"

namespace ais::target {
namespace {

class NodeTest : public TargetTest {
 protected:
  codec::JsonDocument query(const std::string& what) {
    const Answer answer = HttpProbe(target_->public_port()).call("GET", "/v1/daemon?what=" + what);
    EXPECT_EQ(answer.status, 200) << what;
    auto document = codec::JsonDocument::parse(answer.body);
    EXPECT_TRUE(document.ok()) << answer.body;
    return std::move(*document);
  }
};

TEST_F(NodeTest, Mountpaths) {
  const auto document = query("mountpaths");
  EXPECT_EQ(document.root()["available"].size(), 2u);
  EXPECT_EQ(document.root()["available"].at(0).string_or(""), target_->directory() + "/mp1");
  EXPECT_TRUE(document.root()["waiting_dd"].is_array());
  EXPECT_TRUE(document.root()["disabled"].is_array());
}

TEST_F(NodeTest, DisksAndCapacity) {
  const auto document = query("disk");
  EXPECT_EQ(document.root()["mountpaths"].size(), 2u);
  EXPECT_TRUE(document.root()["AllDiskStats"].is_object());
  const auto capacity = query("node_status");
  const codec::JsonView in = capacity.root()["capacity"];
  // Both mountpaths are folders of one filesystem.
  const codec::JsonView one = in["mountpaths"][target_->directory() + "/mp1"], other = in["mountpaths"][target_->directory() + "/mp2"];
  EXPECT_EQ(one["fs"]["FsID"].string_or(""), other["fs"]["FsID"].string_or("x"));
  EXPECT_GT(in["total_avail"].int_or(0), 0);
  EXPECT_EQ(in["total_avail"].string_or(""), one["avail"].string_or("x"));
  EXPECT_EQ(in["total_used"].string_or(""), one["used"].string_or("x"));
  EXPECT_TRUE(query("remote").root()["a"].is_null());
}

TEST_F(NodeTest, TrackerCounts) {
  ASSERT_EQ(put("o", "hello").status, 200);
  ASSERT_EQ(call("GET", "o").status, 200);
  ASSERT_EQ(call("GET", "none").status, 404);
  const auto tracker = target_->daemon().metrics().tracker();
  EXPECT_EQ(tracker.at("put.n"), 1);
  EXPECT_EQ(tracker.at("put.size"), 5);
  EXPECT_EQ(tracker.at("get.n"), 1);
  EXPECT_EQ(tracker.at("get.size"), 5);
  EXPECT_EQ(tracker.at("err.get.n"), 1);
}

TEST_F(NodeTest, AFullDiskIsNamed) {
  ASSERT_TRUE(target_->daemon()
                  .cluster()
                  .set_overrides({{"space.cleanupwm", "1"}, {"space.lowwm", "2"}, {"space.highwm", "3"}, {"space.out_of_space", "4"}}, true)
                  .ok());
  const auto document = query("node_status");
  const codec::JsonView capacity = document.root()["capacity"], mountpath = capacity["mountpaths"][target_->directory() + "/mp1"];
  if (mountpath["pct_used"].int_or(0) < 4) GTEST_SKIP() << "this disk is emptier than the lowest limit that can be set";
  EXPECT_TRUE(capacity["cs_err"].string_or("").starts_with("out of space: ")) << capacity["cs_err"].string_or("");
  EXPECT_EQ(document.root()["cluster"]["flags"].uint_or(0) & api::kStateOutOfSpace, uint64_t{api::kStateOutOfSpace});
  const std::string disk = mountpath["disks"].at(0).string_or("");
  if (disk.empty()) GTEST_SKIP() << "this filesystem has no disk";
  EXPECT_TRUE(disk.ends_with("(out-of-space)")) << disk;
  EXPECT_TRUE(query("disk").root()["AllDiskStats"][disk].is_object());
}

TEST_F(NodeTest, OutOfSpaceIsRefusedBeforeTheBody) {
  ASSERT_EQ(put("o", "x").status, 200);
  ASSERT_TRUE(target_->daemon()
                  .cluster()
                  .set_overrides({{"space.cleanupwm", "1"}, {"space.lowwm", "2"}, {"space.highwm", "3"}, {"space.out_of_space", "4"}}, true)
                  .ok());
  const Answer answer = put("o2", "x");
  if (answer.status == 200) GTEST_SKIP() << "this disk is emptier than the lowest limit that can be set";
  EXPECT_EQ(answer.status, 507);
  EXPECT_TRUE(error_of(answer).starts_with("ErrCapExceeded|")) << answer.body;
  EXPECT_EQ(call("GET", "o").status, 200);
  EXPECT_EQ(call("DELETE", "o").status, 200);
}

TEST_F(NodeTest, UnknownBucketIsLookedUpAtThePrimary) {
  auto loops = net::LoopGroup::start("primary", 1);
  ASSERT_TRUE(loops.ok());
  std::atomic<int> questions{0};
  const std::string bmd = make_bmd(7, {{"b", {}}, {"fresh", {}}}).to_json();
  auto handler = [&](net::HttpExchange& exchange) -> async::Task<void> {
    ++questions;
    exchange.start(200).add("Content-Type", "application/json");
    (void)co_await exchange.send(bmd);
  };
  net::HttpServerOptions options;
  options.bind_address = "127.0.0.1";
  auto primary = net::HttpServer::start(**loops, options, handler);
  ASSERT_TRUE(primary.ok());
  install_cluster({target_.get()}, 2, buckets(), meta::NetEndpoint{.host = "127.0.0.1", .port = (*primary)->port()});

  EXPECT_EQ(call("PUT", "/v1/objects/fresh/o", "x").status, 200);
  EXPECT_EQ(questions, 1);
  EXPECT_EQ(call("GET", "/v1/objects/fresh/o").body, "x");
  EXPECT_EQ(questions, 1);
  EXPECT_EQ(call("GET", "/v1/objects/none/o").status, 404);
  EXPECT_EQ(questions, 2);
}

TEST_F(NodeTest, DestroyedBucketTakesItsObjectsAlong) {
  ASSERT_EQ(put("o", "x").status, 200);
  install_cluster({target_.get()}, 2, {});
  EXPECT_EQ(call("GET", "o").status, 404);
  // The same name again is another bucket.
  install_cluster({target_.get()}, 3, {{"other", {}}, {"b", {}}});
  EXPECT_EQ(call("GET", "o").status, 404);
  EXPECT_EQ(put("o", "new").header("ais-version"), "1");
}

TEST(NodeBeforeJoining, SaysThatItDoesNotKnow) {
  TestTarget target("t1test00");
  EXPECT_EQ(HttpProbe(target.public_port()).call("GET", "/v1/objects/b/o").status, 503);
}

TEST(TargetStart, BadMountpathsAreNamed) {
  TemporaryDirectory directory;
  app::DaemonOptions options;
  options.type = meta::NodeType::kTarget;
  options.state_dir = directory.path() + "/state";
  options.bind_address = "127.0.0.1";
  options.mountpaths = {directory.path() + "/missing"};
  options.loops = 1;
  const auto server = TargetServer::start(options);
  ASSERT_FALSE(server.ok());
  EXPECT_NE(server.status().message().find(directory.path() + "/missing"), std::string::npos) << server.status().message();
}

TEST(DiskStats, ParsesTheKernelsTable) {
  const auto disks = parse_diskstats(
      "   8       0 sda 100 1 2000 30 50 2 4000 60 0 700 90 0 0 0 0 0 0\n"
      " 259       1 nvme0n1p1 1 0 8 0 2 0 16 0 0 3 3\n"
      "garbage\n   8 1 sdb x 1 2 3 4 5 6 7 8 9 10\n");
  ASSERT_EQ(disks.size(), 2u);
  EXPECT_EQ(disks.at("sda").reads, 100u);
  EXPECT_EQ(disks.at("sda").sectors_read, 2000u);
  EXPECT_EQ(disks.at("sda").writes, 50u);
  EXPECT_EQ(disks.at("sda").sectors_written, 4000u);
  EXPECT_EQ(disks.at("sda").busy_ms, 700u);
  EXPECT_EQ(disk_of_device("tmpfs"), "");
  EXPECT_EQ(disk_of_device("/dev/no-such-disk7"), "no-such-disk7");
}

TEST(DiskStats, RatesAreOfTheInterval) {
  const DiskCounters before{100, 2000, 50, 4000, 700}, now{110, 4000, 50, 4000, 1700};
  const api::DiskStats rates = rates_between(before, now, 2'000'000'000);
  EXPECT_EQ(rates.read_bytes_per_second, 512'000);
  EXPECT_EQ(rates.average_read, 102'400);
  EXPECT_EQ(rates.write_bytes_per_second, 0);
  EXPECT_EQ(rates.average_write, 0);
  EXPECT_EQ(rates.utilization_percent, 50);
  const api::DiskStats replaced = rates_between(now, before, 2'000'000'000);
  EXPECT_EQ(replaced.read_bytes_per_second, 0);
  EXPECT_EQ(replaced.utilization_percent, 0);
  EXPECT_EQ(DiskSampler(sys::real_environment()).rates("no-such-disk7").utilization_percent, 0);
}

std::unique_ptr<StandingListing> standing(const std::string& from, const std::vector<std::string>& names) {
  auto listing = std::make_unique<StandingListing>();
  listing->walker = std::make_unique<disk::ObjectWalker>(Status(Code::kUnavailable, "it stands still"));
  listing->from = from;
  std::string bytes;
  codec::MsgpackWriter entries(bytes);
  api::PageWriter whole("uuid-of-a-listing");
  for (const std::string& name : names) {
    bytes.clear();
    api::ListEntry entry;
    entry.name = name;
    entry.encode(entries);
    whole.add_encoded(bytes);
  }
  listing->recent = std::move(*api::EncodedPage::parse(whole.finish("", 0)));
  return listing;
}

TEST(ListingWalkersTest, KeepsByShapeAndPlaceWithinItsBound) {
  sys::FakeClock clock;
  ListingWalkers walkers(clock);
  walkers.put("k", standing("b", {"c", "d"}));
  EXPECT_EQ(walkers.take("k", "a", "", 0), nullptr) << "before its first entry";
  EXPECT_EQ(walkers.take("k", "e", "", 0), nullptr) << "behind its walker";
  EXPECT_EQ(walkers.take("other", "c", "", 0), nullptr);
  EXPECT_NE(walkers.take("k", "c", "", 0), nullptr);
  EXPECT_EQ(walkers.take("k", "c", "", 0), nullptr) << "whoever takes it has it alone";
  for (size_t i = 0; i < ListingWalkers::kWalkersMax + 3; ++i) walkers.put("k" + std::to_string(i), standing("", {"c"}));
  EXPECT_EQ(walkers.size(), ListingWalkers::kWalkersMax);
  EXPECT_EQ(walkers.take("k0", "", "", 0), nullptr);
  EXPECT_NE(walkers.take("k3", "", "", 0), nullptr);
  walkers.drop_idle(Nanoseconds(-1));
  EXPECT_EQ(walkers.size(), 0u);
}

TEST(ListingWalkersTest, AnotherListingTakesOverOnlyWhileNothingChanged) {
  sys::FakeClock clock;
  ListingWalkers walkers(clock);
  const auto keep = [&walkers] {
    auto listing = standing("b", {"c", "d"});
    listing->list_id = "mine";
    listing->changes = 7;
    walkers.put("k", std::move(listing));
  };
  keep();
  EXPECT_EQ(walkers.take("k", "c", "other", 8), nullptr) << "it began after a change that the walker may not know";
  EXPECT_EQ(walkers.take("k", "c", "", 8), nullptr);
  EXPECT_NE(walkers.take("k", "c", "mine", 8), nullptr) << "its own goes on";
  keep();
  EXPECT_NE(walkers.take("k", "c", "", 7), nullptr) << "nothing changed";
}

}  // namespace
}  // namespace ais::target
