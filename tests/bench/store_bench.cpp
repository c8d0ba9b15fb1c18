// Store benchmark: durable commits against a plain write+fsync loop, large bodies, and walking a large directory. One JSON line.
//
//   store_bench [directory] [seconds per case] [only cases whose name contains this] [keep]
//
// `keep` leaves the files: for several runs in a row, since deleting slows the next one down (see puts_per_second).
#include <fcntl.h>
#include <stdlib.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include "async/task.h"
#include "base/log.h"
#include "meta/placement.h"
#include "net/event_loop.h"
#include "store/object_store.h"
#include "sys/clock.h"
#include "sys/file_system.h"

namespace {

using namespace ais;
using namespace ais::store;

constexpr const char* kBucket = "ais/@#/bench/";
double g_seconds = 2;
std::string g_only;
const char* g_separator = "{";

double now() { return static_cast<double>(sys::real_clock().monotonic_ns()) / 1e9; }

struct Name {
  explicit Name(const std::string& object) : uname(kBucket + object) {
    view.bucket_uname = kBucket;
    view.uname = uname;
    view.object = std::string_view(uname).substr(strlen(kBucket));
    view.digest = meta::placement_digest(uname);
  }
  std::string uname;
  ObjectName view;
};

void die(const std::string& why) {
  fprintf(stderr, "store_bench: %s\n", why.c_str());
  exit(1);
}

std::unique_ptr<ObjectStore> open_store(const std::string& root, int mountpaths) {
  StoreOptions options;
  options.node_id = "bench";
  options.allow_shared_filesystem = true;
  for (int i = 0; i < mountpaths; ++i) {
    options.mountpaths.push_back(root + "/mp" + std::to_string(i));
    std::filesystem::create_directories(options.mountpaths.back());
  }
  auto store = ObjectStore::open(options, sys::real_file_system(), sys::real_clock());
  if (!store.ok()) die(store.status().to_string());
  meta::BucketMetadata bmd;
  meta::Bucket bucket{.name = "bench", .provider = "ais", .ns = {}};
  bmd.buckets[bucket.uname()] = {bucket, {}};
  if (Status status = (*store)->sync_buckets(bmd, store::VanishedBuckets::kTrash); !status.ok()) die(status.to_string());
  return std::move(store).value();
}

/// Puts one object as a connection of a target does.
async::Task<void> put(ObjectStore& store, const Name& name, const std::string& bytes, codec::ChecksumType checksum, WritePolicy policy) {
  ObjectWriterPtr writer = store.create_writer(name.view, bytes.size(), checksum);
  while (!writer) {
    co_await store.buffers_available();
    writer = store.create_writer(name.view, bytes.size(), checksum);
  }
  for (size_t at = 0; at < bytes.size();) {
    auto buffer = writer->next_buffer();
    if (!buffer) {
      Status flushed = co_await writer->flush();
      if (!flushed.ok()) die(flushed.to_string());
      continue;
    }
    size_t n = std::min(buffer->size(), bytes.size() - at);
    memcpy(buffer->data(), bytes.data() + at, n);
    writer->advance(n);
    at += n;
  }
  CommitOptions options;
  options.policy = policy;
  Result<CommitResult> result = co_await store.commit(name.view, std::move(writer), std::move(options));
  if (!result.ok()) die(result.status().to_string());
}

/// One of `in_flight` connections: puts objects one after the other until the time is over.
async::Task<void> connection(ObjectStore& store, std::string tag, const std::string& bytes, WritePolicy policy, bool overwrite,
                             double until, std::atomic<uint64_t>& count) {
  for (int i = 0; now() < until; ++i) {
    const Name name(tag + std::to_string(overwrite ? i % 4 : i));
    co_await put(store, name, bytes, codec::ChecksumType::kXxhash2, policy);
    ++count;
  }
}

/// As many loops as a target on two cores has.
std::unique_ptr<net::LoopGroup> start_loops() {
  auto loops = net::LoopGroup::start("bench", 2);
  if (!loops.ok()) die(loops.status().to_string());
  return std::move(loops).value();
}

/// Runs `count` tasks on loops, and waits for their end.
template <typename Make>
void run_on_loops(int count, Make make) {
  std::latch ended(count);
  auto loops = start_loops();
  for (int i = 0; i < count; ++i) {
    (*loops)[static_cast<size_t>(i) % loops->size()].post([&, i] { async::start_detached(make(i), [&] { ended.count_down(); }); });
  }
  ended.wait();
}

double puts_per_second(const std::string& root, size_t size, int in_flight, WritePolicy policy, bool overwrite) {
  // Every case in its own folder, and nothing is removed before the end: ext4 is slow to create files for half a minute after many
  // were deleted, probably because it avoids the inodes just freed.
  static int cases = 0;
  auto store = open_store(root + "/case" + std::to_string(cases++), 1);
  std::string bytes(size, 'x');
  std::atomic<uint64_t> count{0};
  double start = now();
  run_on_loops(in_flight, [&](int i) {
    return connection(*store, "d/t" + std::to_string(i) + "-", bytes, policy, overwrite, start + g_seconds, count);
  });
  double rate = static_cast<double>(count) / (now() - start);
  return rate;
}

/// What a plain program does: write a file, set its xattr, fsync, rename, fsync the directory; in as many threads.
double plain_per_second(const std::string& root, size_t size, int threads_count) {
  static int cases = 0;
  std::string directory = root + "/plain" + std::to_string(cases++);
  std::filesystem::create_directories(directory);
  std::string bytes(size, 'x'), attribute(56, 'm');
  std::atomic<uint64_t> count{0};
  std::vector<std::thread> threads;
  double start = now();
  for (int t = 0; t < threads_count; ++t) {
    threads.emplace_back([&, t] {
      int directory_fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY);
      for (int i = 0; now() < start + g_seconds; ++i) {
        std::string name = "t" + std::to_string(t) + "-" + std::to_string(i), work = name + ".w";
        int fd = openat(directory_fd, work.c_str(), O_WRONLY | O_CREAT, 0644);
        bool ok = write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) &&
                  fsetxattr(fd, "user.m", attribute.data(), attribute.size(), 0) == 0 && fsync(fd) == 0 &&
                  renameat(directory_fd, work.c_str(), directory_fd, name.c_str()) == 0 && fsync(directory_fd) == 0;
        if (!ok) die("plain write failed");
        ::close(fd);
        ++count;
      }
      ::close(directory_fd);
    });
  }
  for (std::thread& thread : threads) thread.join();
  double rate = static_cast<double>(count) / (now() - start);
  return rate;
}

struct WalkTimes {
  double first_page_ms, names_per_second;
};

WalkTimes walk_names(const std::string& root, int count, int walkers_count, bool with_metadata) {
  auto store = open_store(root, 2);
  if (!std::filesystem::exists(root + "/filled")) {
    // Empty files are enough for names; with metadata, real objects are.
    constexpr int kInFlight = 64;
    const std::string empty;
    auto fill = [&](int first) -> async::Task<void> {
      for (int i = first; i < count; i += kInFlight) {
        char object[64];
        snprintf(object, sizeof(object), "train/shard-%08d.tar", i);
        const Name name(object);
        co_await put(*store, name, empty, codec::ChecksumType::kNone, WritePolicy::kNever);
      }
    };
    run_on_loops(kInFlight, fill);
    FILE* marker = fopen((root + "/filled").c_str(), "w");
    if (marker) fclose(marker);
  }
  std::vector<std::thread> threads;
  std::atomic<double> first{0};
  std::atomic<uint64_t> total{0};
  double start = now();
  for (int w = 0; w < walkers_count; ++w) {
    threads.emplace_back([&] {
      disk::WalkOptions options;
      options.with_metadata = with_metadata;
      auto walker = store->walk({.name = "bench", .provider = "ais", .ns = {}}, options);
      uint64_t names = 0;
      while (true) {
        auto entry = walker->next();
        if (!entry.ok()) die(entry.status().to_string());
        if (!entry.value()) break;
        if (++names == 10'000) first = now() - start;
      }
      total += names;
    });
  }
  for (std::thread& thread : threads) thread.join();
  return {first * 1000, static_cast<double>(total) / (now() - start)};
}

/// Runs and prints one case, when it is wanted.
template <typename Measure>
void report(const std::string& name, Measure measure) {
  if (name.find(g_only) == std::string::npos) return;
  const char* separator = std::exchange(g_separator, ", ");
  printf("%s\"%s\": %.0f", separator, name.c_str(), measure());
  fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  std::string root = argc > 1 ? argv[1] : "/tmp/store_bench";
  if (argc > 2) g_seconds = atof(argv[2]);
  if (argc > 3) g_only = argv[3];
  set_log_level(LogLevel::kWarn);
  std::filesystem::create_directories(root);
  for (int n : {1, 4, 16, 64}) {
    std::string tail = "_4k_" + std::to_string(n);
    report("plain" + tail, [&] { return plain_per_second(root, 4096, n); });
    report("durable" + tail, [&] { return puts_per_second(root, 4096, n, WritePolicy::kImmediate, false); });
    report("overwrite" + tail, [&] { return puts_per_second(root, 4096, n, WritePolicy::kImmediate, true); });
    report("never" + tail, [&] { return puts_per_second(root, 4096, n, WritePolicy::kNever, false); });
  }
  for (size_t mib : {1u, 16u}) {
    for (int n : {1, 4}) {
      std::string tail = "_mibps_" + std::to_string(mib) + "m_" + std::to_string(n);
      double scale = static_cast<double>(mib);
      report("plain" + tail, [&] { return scale * plain_per_second(root, mib << 20, n); });
      report("durable" + tail, [&] { return scale * puts_per_second(root, mib << 20, n, WritePolicy::kImmediate, true); });
      report("never" + tail, [&] { return scale * puts_per_second(root, mib << 20, n, WritePolicy::kNever, true); });
    }
  }
  constexpr int kNames = 300'000;
  report("walk_first_page_ms", [&] { return walk_names(root, kNames, 1, false).first_page_ms; });
  report("walk_names_per_s", [&] { return walk_names(root, kNames, 1, false).names_per_second; });
  report("walk_3_walkers_names_per_s", [&] { return walk_names(root, kNames, 3, false).names_per_second; });
  report("walk_metadata_per_s", [&] { return walk_names(root, kNames, 1, true).names_per_second; });
  printf("}\n");
  if (argc <= 4) std::filesystem::remove_all(root);
  return 0;
}
