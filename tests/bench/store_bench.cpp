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
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/log.h"
#include "meta/placement.h"
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

/// One of `in_flight` connections: puts objects one after the other until the time is over.
void connection(ObjectStore& store, const std::string& tag, const std::string& bytes, WritePolicy policy, bool overwrite, double until,
                std::atomic<uint64_t>& count) {
  for (int i = 0; now() < until; ++i) {
    Name name(tag + std::to_string(overwrite ? i % 4 : i));
    auto writer = store.create_writer(name.view, bytes.size(), codec::ChecksumType::kXxhash2);
    while (!writer) {
      std::this_thread::yield();
      writer = store.create_writer(name.view, bytes.size(), codec::ChecksumType::kXxhash2);
    }
    std::mutex mutex;
    std::condition_variable wake;
    bool ready = false;
    auto signal = [&] {
      std::lock_guard lock(mutex);
      ready = true;
      wake.notify_one();
    };
    auto wait = [&] {
      std::unique_lock lock(mutex);
      wake.wait(lock, [&] { return ready; });
      ready = false;
    };
    for (size_t at = 0; at < bytes.size();) {
      auto buffer = writer->next_buffer();
      if (!buffer) {
        writer->flush([&](Status) { signal(); });
        wait();
        continue;
      }
      size_t n = std::min(buffer->size(), bytes.size() - at);
      memcpy(buffer->data(), bytes.data() + at, n);
      writer->advance(n);
      at += n;
    }
    CommitOptions options;
    options.policy = policy;
    store.commit(name.view, std::move(writer), options, [&](Result<CommitResult> result) {
      if (!result.ok()) die(result.status().to_string());
      signal();
    });
    wait();
    ++count;
  }
}

/// A loop of a server: keeps `in_flight` small puts going from one thread, as an event loop with that many connections does.
void event_loop(ObjectStore& store, const std::string& tag, const std::string& bytes, WritePolicy policy, bool overwrite, int in_flight,
                double until, std::atomic<uint64_t>& count) {
  std::mutex mutex;
  std::condition_variable wake;
  int ready = in_flight, outstanding = 0;
  for (int i = 0;;) {
    int start;
    {
      std::unique_lock lock(mutex);
      wake.wait(lock, [&] { return ready > 0 || outstanding == 0; });
      if (now() >= until) {
        wake.wait(lock, [&] { return outstanding == 0; });
        return;
      }
      start = std::exchange(ready, 0);
      outstanding += start;
    }
    for (; start > 0; --start, ++i) {
      Name name(tag + std::to_string(overwrite ? i % (4 * in_flight) : i));
      auto writer = store.create_writer(name.view, bytes.size(), codec::ChecksumType::kXxhash2);
      if (!writer) die("no memory for a small body");
      auto buffer = writer->next_buffer();
      memcpy(buffer->data(), bytes.data(), bytes.size());
      writer->advance(bytes.size());
      CommitOptions options;
      options.policy = policy;
      store.commit(name.view, std::move(writer), options, [&](Result<CommitResult> result) {
        if (!result.ok()) die(result.status().to_string());
        ++count;
        std::lock_guard lock(mutex);
        if (ready++ == 0 || outstanding == 1) wake.notify_one();
        --outstanding;
      });
    }
  }
}

double puts_per_second(const std::string& root, size_t size, int in_flight, WritePolicy policy, bool overwrite) {
  // Every case in its own folder, and nothing is removed before the end: ext4 is slow to create files for half a minute after many
  // were deleted, probably because it avoids the inodes just freed.
  static int cases = 0;
  auto store = open_store(root + "/case" + std::to_string(cases++), 1);
  std::string bytes(size, 'x');
  std::atomic<uint64_t> count{0};
  std::vector<std::thread> threads;
  double start = now();
  bool small = size <= 64 * kKiB;
  for (int t = 0; t < (small ? std::min(in_flight, 2) : in_flight); ++t) {
    threads.emplace_back([&, t] {
      std::string tag = "d/t" + std::to_string(t) + "-";
      if (small) {
        event_loop(*store, tag, bytes, policy, overwrite, std::max(1, in_flight / 2), start + g_seconds, count);
      } else {
        connection(*store, tag, bytes, policy, overwrite, start + g_seconds, count);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
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
    for (int i = 0; i < count; ++i) {
      char object[64];
      snprintf(object, sizeof(object), "train/shard-%08d.tar", i);
      Name name(object);
      auto writer = store->create_writer(name.view, 0, codec::ChecksumType::kNone);
      while (!writer) {
        std::this_thread::yield();
        writer = store->create_writer(name.view, 0, codec::ChecksumType::kNone);
      }
      CommitOptions options;
      options.policy = WritePolicy::kNever;
      store->commit(name.view, std::move(writer), options, [](Result<CommitResult> r) {
        if (!r.ok()) die(r.status().to_string());
      });
    }
    store->drain();
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
