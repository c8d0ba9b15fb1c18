// StoreImpl: the ObjectStore, put together from its parts. Reading and state are in object_store.cpp, changes in changes.cpp,
// copies and renames in moves.cpp.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>

#include "store/append.h"
#include "store/buckets.h"
#include "store/change.h"
#include "store/object_store.h"
#include "store/store_context.h"

namespace ais::store {

class StoreImpl : public ObjectStore {
 public:
  explicit StoreImpl(std::unique_ptr<StoreContext> context);
  ~StoreImpl() override;

  void set_header_block_maker(HeaderBlockMaker maker) override;
  Result<OpenObjectPtr> open_nonblocking(const ObjectName& name) override;
  Result<OpenObjectPtr> open_blocking(const ObjectName& name) override;
  uint32_t mountpath_of(uint64_t object_digest) const override;
  sys::ThreadPool& pool(uint32_t mountpath_index) override;
  std::unique_ptr<disk::ObjectWalker> walk(const meta::Bucket& bucket, disk::WalkOptions options) override;

  std::unique_ptr<ObjectWriter> create_writer(const ObjectName& name, std::optional<uint64_t> size_hint,
                                              codec::ChecksumType checksum) override;
  void on_buffers_available(UniqueFunction<void()> callback) override;
  void commit(const ObjectName& name, std::unique_ptr<ObjectWriter> writer, CommitOptions options,
              UniqueFunction<void(Result<CommitResult>)> done) override;
  void remove(const ObjectName& name, ChangeOptions options, UniqueFunction<void(Status)> done) override;
  void settle(const ObjectName& name, UniqueFunction<void(Status)> done) override;
  void set_custom(const ObjectName& name, meta::CustomPairs pairs, bool replace_all, ChangeOptions options,
                  UniqueFunction<void(Status)> done) override;
  void copy(const ObjectName& from, const ObjectName& to, CopyOptions options, UniqueFunction<void(Result<CommitResult>)> done) override;
  void rename(const ObjectName& from, const ObjectName& to, ChangeOptions options, UniqueFunction<void(Status)> done) override;
  void claim_move(const ObjectName& name, ChangeTerms terms, UniqueFunction<void(Result<MoveClaim>)> done) override;
  void finish_move(const ObjectName& name, MoveClaim claim, WritePolicy policy, UniqueFunction<void(Status)> done) override;

  Result<std::string> append_start(const ObjectName& name) override { return appends_.start(name); }
  Status append_check(const ObjectName& name, std::string_view work) const override { return Appends::base_of(name, work).status(); }
  Result<uint64_t> append_write(const ObjectName& name, std::string_view work, std::string_view bytes) override {
    return appends_.write(name, work, bytes);
  }
  Status append_truncate(const ObjectName& name, std::string_view work, uint64_t size) override {
    return appends_.truncate(name, work, size);
  }
  Result<uint64_t> append_size(const ObjectName& name, std::string_view work) override { return appends_.appended(name, work); }
  Status append_abandon(const ObjectName& name, std::string_view work) override { return appends_.abandon(name, work); }
  void append_flush(const ObjectName& name, std::string_view work, codec::ChecksumType checksum, CommitOptions options,
                    UniqueFunction<void(Result<CommitResult>)> done) override;

  size_t remove_idle_appends(Nanoseconds idle) override { return appends_.remove_idle(idle); }

  uint64_t bucket_changes(std::string_view bucket_uname) const override;
  Status sync_buckets(const meta::BucketMetadata& bmd, VanishedBuckets vanished) override;
  std::vector<MountpathInfo> mountpaths() const override;
  std::vector<MountpathTrouble> trouble() const override;
  const StoreCounters& counters() const override;
  void observe_generation(meta::Generation generation) override;
  void note_content_check(const ObjectName& name, const OpenObject& object, const Status& outcome) override;
  bool is_content_bad(const ObjectName& name, const OpenObject& object) const override;
  void refuse_waiting() override;
  void drain() override;

 private:
  Result<OpenObjectPtr> open_from_disk(const ObjectName& name, sys::FileSystem::Lookup lookup);
  /// A change of `name` with its bucket; kBucketNotFound.
  Result<ChangePtr> make_change(Change::Kind kind, const OwnedName& name, ChangeOptions options);
  /// Counts for drain(), and hands to the committer of the change's name.
  void submit(ChangePtr change);
  void submit_put(const OwnedName& name, ReceivedBody body, CommitOptions options, UniqueFunction<void(Result<CommitResult>)> done);
  /// The bytes of `source` in a work file for `to`, with a checksum of that type. Blocks.
  /// kBadChecksum when the content is known not to match: such an object is not copied.
  Status check_content(const ObjectName& name, const OpenObject& source) const;
  Result<ReceivedBody> copy_body(const OpenObject& source, const OwnedName& to, codec::ChecksumType checksum, WritePolicy policy);
  void rename_by_copy(OwnedName from, OwnedName to, ChangeOptions options, UniqueFunction<void(Status)> done);
  void move_claimed(OwnedName from, OwnedName to, MoveClaim claim, WritePolicy policy, UniqueFunction<void(Status)> done);
  void begin_work();
  void end_work();
  /// begin_work now, end_work after `done` was called.
  template <typename T>
  UniqueFunction<void(T)> counted(UniqueFunction<void(T)> done) {
    begin_work();
    return [this, done = std::move(done)](T outcome) mutable {
      done(std::move(outcome));
      end_work();
    };
  }

  std::unique_ptr<StoreContext> context_;
  Appends appends_;
  std::unique_ptr<Trash> trash_;
  std::mutex drain_mutex_;
  std::condition_variable drained_;
  size_t in_flight_ = 0;  // guarded by drain_mutex_
};

}  // namespace ais::store
