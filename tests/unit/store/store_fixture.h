// A store on real directories for one test, and synchronous forms of its calls.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "meta/placement.h"
#include "store/object_store.h"
#include "support/fake_clock.h"
#include "support/fault_file_system.h"
#include "sys/clock.h"
#include "unit/store/loop_thread.h"

namespace ais::store {

/// A name with its storage.
struct TestName {
  TestName(std::string bucket, std::string object) : bucket_uname(std::move(bucket)), uname(bucket_uname + object) {
    view.bucket_uname = bucket_uname;
    view.uname = uname;
    view.object = std::string_view(uname).substr(bucket_uname.size());
    view.digest = meta::placement_digest(uname);
  }
  TestName(const TestName&) = delete;
  const std::string bucket_uname, uname;
  ObjectName view;
};

class StoreTest : public ::testing::Test {
 protected:
  StoreTest() {
    char pattern[] = "/tmp/ais_store_XXXXXX";
    root_ = mkdtemp(pattern);
    options_.node_id = "node1";
    options_.allow_shared_filesystem = true;
    options_.pool_threads = 2;
    options_.state_dir = root_ + "/state";
    std::filesystem::create_directory(options_.state_dir);
    for (int i = 0; i < 2; ++i) {
      options_.mountpaths.push_back(root_ + "/mp" + std::to_string(i));
      std::filesystem::create_directory(options_.mountpaths.back());
    }
    add_bucket("bck", 1);
  }
  ~StoreTest() override {
    store_.reset();
    std::filesystem::remove_all(root_);
  }

  void add_bucket(const std::string& name, uint64_t id) {
    meta::Bucket bucket{.name = name, .provider = "ais", .ns = {}};
    meta::BucketProperties properties;
    properties.bid = id;
    bmd_.buckets[bucket.uname()] = {bucket, properties};
  }

  void open() {
    store_.reset();
    auto store = ObjectStore::open(options_, files_, *clock_);
    ASSERT_TRUE(store.ok()) << store.status().to_string();
    store_ = std::move(store).value();
    Status status = store_->sync_buckets(bmd_, VanishedBuckets::kTrash);
    ASSERT_TRUE(status.ok()) << status.to_string();
  }

  /// The loop that the store's tasks are awaited on. A child process has one of its own; its first call comes from its only thread. Any
  /// thread else.
  LoopThread& loop() {
    if (loop_process_ == getpid()) return *loop_;
    static_cast<void>(loop_.release());  // its thread is the parent's
    loop_ = std::make_unique<LoopThread>();
    loop_process_ = getpid();
    return *loop_;
  }

  /// Feeds `bytes` to a writer as a connection would.
  ObjectWriterPtr receive(ObjectStore& store, const ObjectName& name, std::string_view bytes, std::optional<uint64_t> hint,
                          codec::ChecksumType type, Status* failure = nullptr) {
    ObjectWriterPtr writer = store.create_writer(name, hint, type);
    while (!writer) {
      std::promise<void> available;
      loop().run([&] { async::start_detached(store.buffers_available(), [&] { available.set_value(); }); });
      available.get_future().wait();
      writer = store.create_writer(name, hint, type);
    }
    while (!bytes.empty()) {
      std::optional<std::span<char>> buffer = writer->next_buffer();
      if (!buffer) {
        Status status = loop().wait(writer->flush());
        if (!status.ok() && failure) {
          *failure = status;
          return writer;
        }
        continue;
      }
      size_t n = std::min(buffer->size(), bytes.size());
      memcpy(buffer->data(), bytes.data(), n);
      writer->advance(n);
      bytes.remove_prefix(n);
    }
    return writer;
  }

  Result<CommitResult> put(const ObjectName& name, std::string_view bytes, CommitOptions options = {}, bool known = true,
                           codec::ChecksumType type = codec::ChecksumType::kXxhash2) {
    auto hint = known ? std::optional<uint64_t>(bytes.size()) : std::nullopt;
    auto writer = receive(*store_, name, bytes, hint, type);
    return loop().wait(store_->commit(name, std::move(writer), std::move(options)));
  }
  Result<CommitResult> put(const std::string& object, std::string_view bytes, CommitOptions options = {}) {
    return put(TestName("ais/@#/bck/", object).view, bytes, std::move(options));
  }

  Result<OpenObjectPtr> open_object(const ObjectName& name) {
    Result<OpenObjectPtr> object = store_->open_nonblocking(name);
    if (object.ok() && !object.value()) object = store_->open_blocking(name);
    return object;
  }

  /// The bytes, checked against the metadata; or the error's name in angle brackets.
  std::string get(const ObjectName& name) {
    Result<OpenObjectPtr> object = open_object(name);
    if (!object.ok()) return "<" + std::string(code_name(object.code())) + ">";
    std::string bytes((*object)->metadata.size, '\0');
    size_t at = 0;
    while (at < bytes.size()) {
      ssize_t n = pread((*object)->fd, bytes.data() + at, bytes.size() - at, static_cast<off_t>(at));
      if (n <= 0) return "<short>";
      at += static_cast<size_t>(n);
    }
    const codec::Checksum& checksum = (*object)->metadata.checksum;
    if (checksum.type != codec::ChecksumType::kNone && codec::checksum_of(checksum.type, bytes) != checksum) return "<checksum>";
    return bytes;
  }
  std::string get(const std::string& object) { return get(TestName("ais/@#/bck/", object).view); }

  Status remove(const ObjectName& name) { return loop().wait(store_->remove(name, {})); }
  Status remove(const std::string& object) { return remove(TestName("ais/@#/bck/", object).view); }

  Status rename(const std::string& from, const std::string& to) { return start_rename(from, to).get(); }
  std::future<Status> start_rename(const std::string& from, const std::string& to) {
    return started<Status>(from, to, [this](const ObjectName& a, const ObjectName& b) { return store_->rename(a, b, {}); });
  }
  std::future<Status> start_remove(const std::string& object, ChangeOptions options = {}) {
    return started<Status>(object, "", [&](const ObjectName& name, const ObjectName&) { return store_->remove(name, std::move(options)); });
  }
  static CopyOptions copy_as(codec::ChecksumType type) {
    CopyOptions options;
    options.checksum = type;
    return options;
  }
  Result<CommitResult> copy(const std::string& from, const std::string& to) {
    TestName a("ais/@#/bck/", from), b("ais/@#/bck/", to);
    return loop().wait(store_->copy(a.view, b.view, copy_as(codec::ChecksumType::kXxhash2)));
  }
  Status set_custom(const std::string& object, meta::CustomPairs pairs, bool replace_all) {
    TestName name("ais/@#/bck/", object);
    return loop().wait(store_->set_custom(name.view, std::move(pairs), replace_all, {}));
  }
  std::future<Status> start_set_custom(const std::string& object, meta::CustomPairs pairs) {
    const auto change = [&](const ObjectName& name, const ObjectName&) { return store_->set_custom(name, std::move(pairs), true, {}); };
    return started<Status>(object, "", change);
  }
  std::future<Result<CommitResult>> start_put(const std::string& object, std::string_view bytes, CommitOptions options = {}) {
    return started<Result<CommitResult>>(object, "", [&](const ObjectName& name, const ObjectName&) {
      return store_->commit(name, receive(*store_, name, bytes, bytes.size(), codec::ChecksumType::kXxhash2), std::move(options));
    });
  }
  Result<MoveClaim> claim(const std::string& object, meta::PreconditionPtr condition = nullptr) {
    TestName name("ais/@#/bck/", object);
    ChangeTerms terms;
    terms.condition = std::move(condition);
    return loop().wait(store_->claim_move(name.view, std::move(terms)));
  }
  Status finish_move(const std::string& object, MoveClaim claim) {
    TestName name("ais/@#/bck/", object);
    return loop().wait(store_->finish_move(name.view, std::move(claim), WritePolicy::kImmediate));
  }
  Result<CommitResult> append_flush(const ObjectName& name, const std::string& handle, CommitOptions options = {}) {
    return loop().wait(store_->append_flush(name, handle, codec::ChecksumType::kXxhash2, std::move(options)));
  }

  std::vector<std::string> list(disk::WalkOptions options = {}) {
    auto walker = store_->walk({.name = "bck", .provider = "ais", .ns = {}}, std::move(options));
    std::vector<std::string> names;
    while (true) {
      auto entry = walker->next();
      EXPECT_TRUE(entry.ok()) << entry.status().to_string();
      if (!entry.ok() || !entry.value()) return names;
      names.emplace_back(entry.value()->name);
    }
  }

  /// Files below %wk of all buckets.
  size_t work_files() const {
    size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root_)) {
      if (entry.is_regular_file() && entry.path().string().find("/%wk/") != std::string::npos) ++count;
    }
    return count;
  }
  std::string path_of(const std::string& object) const {
    TestName name("ais/@#/bck/", object);
    return options_.mountpaths[store_->mountpath_of(name.view.digest)] + "/@ais/bck/%ob/" + object;
  }

  /// Begins a change of one or two names, which live until it is done.
  template <typename T, typename Begin>
  std::future<T> started(const std::string& object, const std::string& to, Begin begin) {
    auto names = std::make_shared<std::pair<TestName, TestName>>(std::piecewise_construct, std::forward_as_tuple("ais/@#/bck/", object),
                                                                 std::forward_as_tuple("ais/@#/bck/", to));
    auto done = std::make_shared<std::promise<T>>();
    loop().template start<T>(begin(names->first.view, names->second.view),
                             [names, done](T outcome) { done->set_value(std::move(outcome)); });
    return done->get_future();
  }

  std::string root_;
  std::unique_ptr<LoopThread> loop_ = std::make_unique<LoopThread>();
  pid_t loop_process_ = getpid();
  StoreOptions options_;
  sys::Clock* clock_ = &sys::real_clock();
  sys::FaultFileSystem files_{sys::real_file_system()};
  meta::BucketMetadata bmd_;
  std::unique_ptr<ObjectStore> store_;
};

inline std::string pattern_bytes(size_t size, uint64_t seed) {
  std::string bytes(size, '\0');
  uint64_t state = seed * 0x9E3779B97F4A7C15ull + 1;
  for (char& c : bytes) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    c = static_cast<char>(state);
  }
  return bytes;
}

}  // namespace ais::store
