// ObjectStore: the objects of one target, on its mountpaths. The only code that changes files under them.
//
// Reads are synchronous and lock-free for the caller: an OpenObject is a snapshot (descriptor and metadata), because files are
// replaced, never rewritten. All changes of a mountpath go through its one committer thread, which orders them; a second thread
// syncs what it published, many changes at a time: changes to one name are serialised without locks. A change is a task: it is begun
// when it is awaited, and its caller goes on on its own loop.
//
// Durability (write_policy.data): kImmediate = bytes, metadata and name are on stable storage before the answer; kDelayed =
// synced soon after; kNever = left to the kernel. An object is published whole, with its metadata on the inode, or not at all.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "async/task.h"
#include "base/function.h"
#include "base/status.h"
#include "base/units.h"
#include "disk/walker.h"
#include "meta/bucket.h"
#include "meta/bucket_metadata.h"
#include "store/buckets.h"
#include "store/change_options.h"
#include "store/claims.h"
#include "store/mountpath.h"
#include "store/object_writer.h"
#include "store/open_object.h"
#include "store/store_context.h"

namespace ais::store {

class Appends;
enum class ChangeKind : uint8_t;

class ObjectStore {
 public:
  /// Checks every mountpath (extended attributes, write, sync, distinct filesystems, not another node's), removes left-over work
  /// files, restores the generation clock. Errors say which mountpath and what to do about it.
  static Result<std::unique_ptr<ObjectStore>> open(StoreOptions options, sys::FileSystem& files, sys::Clock& clock);
  /// Drains. Nothing that came from the store (open objects aside) may outlive it.
  ~ObjectStore();
  ObjectStore(const ObjectStore&) = delete;

  // --- reading -------------------------------------------------------------------------------------------------------------
  /// Set before use.
  void set_header_block_maker(HeaderBlockMaker maker);
  /// From the cache, or opened without blocking. nullptr result: must be looked up with open_blocking on the pool.
  /// kObjectNotFound only when certain.
  Result<OpenObjectPtr> open_nonblocking(const ObjectName& name);
  /// May block on the disk: call on pool(mountpath_of(name)). kObjectNotFound, kCorrupt (whenever it is asked for: a damaged file stays
  /// where it is until the object is overwritten or removed), kInputOutput.
  Result<OpenObjectPtr> open_blocking(const ObjectName& name);
  uint32_t mountpath_of(uint64_t object_digest) const;
  sys::ThreadPool& pool(uint32_t mountpath_index);
  /// Ordered walk; call next() on pool threads (it blocks).
  std::unique_ptr<disk::ObjectWalker> walk(const meta::Bucket& bucket, disk::WalkOptions options);

  // --- changing ------------------------------------------------------------------------------------------------------------
  // What a name refers to must live until the change is done.

  /// A writer for an object. `size_hint` (nullopt: unknown length) chooses between memory and work file. nullptr: the memory
  /// bound is reached; await buffers_available() and try again.
  ObjectWriterPtr create_writer(const ObjectName& name, std::optional<uint64_t> size_hint, codec::ChecksumType checksum);
  async::Task<void> buffers_available();
  /// Publishes what the writer received, which is used up in any case.
  async::Task<Result<CommitResult>> commit(ObjectName name, ObjectWriterPtr writer, CommitOptions options);
  /// kObjectNotFound when there is none. A damaged one is set aside, not deleted.
  async::Task<Status> remove(ObjectName name, ChangeOptions options);
  /// Done when everything that was published under this name so far is on stable storage: before an answer that relies on
  /// an object somebody else has just written.
  async::Task<Status> settle(ObjectName name);
  /// Replaces (or merges, when !replace_all) the custom pairs.
  async::Task<Status> set_custom(ObjectName name, meta::CustomPairs pairs, bool replace_all, ChangeOptions options);
  /// Copies within this target, also across mountpaths and buckets. The copy is a new object: the next version of its own name, read
  /// now; it keeps the custom pairs. Where its checksum is to be of another algorithm than the source's, it is computed while the source's
  /// own is verified (kBadChecksum, nothing is stored).
  async::Task<Result<CommitResult>> copy(ObjectName from, ObjectName to, CopyOptions options);
  /// Renames within this target: afterwards `to` has the object, with version, checksum and time of access, and `from` does not exist;
  /// at a crash either or both, never neither. The condition is of `from`. kBusy when an object under `to` is being moved itself.
  async::Task<Status> rename(ObjectName from, ObjectName to, ChangeOptions options);
  /// Begins a move to another node. kObjectNotFound; kTooManyRequests when too many changes wait for moves already.
  async::Task<Result<MoveClaim>> claim_move(ObjectName name, ChangeTerms terms);
  /// The last step of a move: removes the object as it was claimed, and ends the claim. OK as well when it was overwritten meanwhile: the
  /// new content stays, as if it had been written after the move.
  async::Task<Status> finish_move(ObjectName name, MoveClaim claim, WritePolicy policy);

  // --- appends: a work file that survives between requests, named by an opaque handle -------------------------------------------
  /// Starts an append (copying the current content, when the object exists) and returns the work file's name. kBadChecksum when that
  /// content does not match its checksum: nothing is begun, and the damage is noted as by note_content_check().
  Result<std::string> append_start(const ObjectName& name);  // pool thread
  /// kInvalid when the handle is not one of this object's. Touches nothing.
  Status append_check(const ObjectName& name, std::string_view work) const;
  /// Adds all of the bytes, or none at an error. Returns where they begin. kNotFound: no such append (any more).
  Result<uint64_t> append_write(const ObjectName& name, std::string_view work, std::string_view bytes);  // pool thread
  /// How many bytes were added so far. kNotFound, as all of these.
  Result<uint64_t> append_size(const ObjectName& name, std::string_view work);  // pool thread
  /// Takes back what was added from this place on.
  Status append_truncate(const ObjectName& name, std::string_view work, uint64_t size);  // pool thread
  /// Ends the append, and nothing comes of it.
  Status append_abandon(const ObjectName& name, std::string_view work);  // pool thread
  /// Publishes the work file as the object's new content. kStaleGeneration when the object has changed since append_start(): what was
  /// written to it meanwhile would be lost; the append is over then, too. After any other refusal it goes on as before.
  async::Task<Result<CommitResult>> append_flush(ObjectName name, std::string_view work, codec::ChecksumType checksum,
                                                 CommitOptions options);
  /// Ends appends that nobody added to for `idle`, and removes their files; their handles are unknown from then on. Returns how
  /// many. Blocks.
  size_t remove_idle_appends(Nanoseconds idle);

  // --- buckets ---------------------------------------------------------------------------------------------------------------
  /// A number that differs after any change of the bucket's objects that was acknowledged, and after the bucket was made anew. It may
  /// differ without one.
  uint64_t bucket_changes(std::string_view bucket_uname) const;
  /// Makes the directories agree with the BMD: creates missing ones, moves those of vanished or re-created buckets (by bucket
  /// id) into the trash, which a background thread empties; with kKeep those stay where they are. A bucket whose directories cannot be
  /// opened does not keep the others from theirs; the first such error is returned. Blocks; call on a thread of the caller's.
  Status sync_buckets(const meta::BucketMetadata& bmd, VanishedBuckets vanished);

  // --- state -----------------------------------------------------------------------------------------------------------------
  /// Asks the filesystems: may block.
  std::vector<MountpathInfo> mountpaths() const;
  /// By mountpath index. Touches no disk.
  std::vector<MountpathTrouble> trouble() const;
  const StoreCounters& counters() const;
  /// Raises the generation clock above one seen elsewhere.
  void observe_generation(meta::Generation generation);
  /// The content of an object was compared with its checksum. A mismatch (kBadChecksum) is counted and logged once; from then on, until a
  /// restart or an `outcome` that is OK, changes treat the object as damaged: it is set aside and not deleted. Any thread.
  void note_content_check(const ObjectName& name, const OpenObject& object, const Status& outcome);
  /// Whether such a mismatch is known of this very content.
  bool is_content_bad(const ObjectName& name, const OpenObject& object) const;
  /// What waits for the end of a move is answered kUnavailable, now and until drain() has returned: for a node that is about to stop.
  void refuse_waiting();
  /// Waits until everything queued is committed. refuse_waiting() first: the moves may have lost the threads that would end them.
  void drain();

 private:
  template <typename T>
  using Done = UniqueFunction<void(T)>;

  explicit ObjectStore(std::unique_ptr<StoreContext> context);
  Result<OpenObjectPtr> open_from_disk(const ObjectName& name, sys::FileSystem::Lookup lookup);
  /// A change of `name` with its bucket; kBucketNotFound.
  Result<ChangePtr> make_change(ChangeKind kind, const OwnedName& name, ChangeOptions options);
  /// Hands a change to the committer of its name. `done` is called on a store thread.
  void submit(ChangePtr change, Done<Result<CommitResult>> done);
  async::Task<Status> submit(ChangePtr change);
  void submit_put(const OwnedName& name, ReceivedBody body, CommitOptions options, Done<Result<CommitResult>> done);
  // What takes several steps goes from one to the next on store threads: it needs no loop to come to its end.
  void commit(const OwnedName& name, ObjectWriterPtr writer, CommitOptions options, Done<Result<CommitResult>> done);
  void copy(OwnedName from, OwnedName to, CopyOptions options, Done<Result<CommitResult>> done);
  void rename(OwnedName from, OwnedName to, ChangeOptions options, Done<Status> done);
  void rename_by_copy(OwnedName from, OwnedName to, ChangeOptions options, Done<Status> done);
  void move_claimed(OwnedName from, OwnedName to, MoveClaim claim, WritePolicy policy, Done<Status> done);
  void claim_move(const OwnedName& name, ChangeTerms terms, Done<Result<MoveClaim>> done);
  void finish_move(const OwnedName& name, MoveClaim claim, WritePolicy policy, Done<Status> done);
  void append_flush(OwnedName name, std::string work, codec::ChecksumType checksum, CommitOptions options, Done<Result<CommitResult>> done);
  /// kBadChecksum when the content is known not to match: such an object is not copied.
  Status check_content(const ObjectName& name, const OpenObject& source) const;
  /// The bytes of `source` in a work file for `to`, with a checksum of that type. Blocks.
  Result<ReceivedBody> copy_body(const OpenObject& source, const OwnedName& to, codec::ChecksumType checksum, WritePolicy policy);
  void begin_work();
  void end_work();
  /// begin_work now, end_work after `done` was called.
  template <typename T>
  Done<T> counted(Done<T> done) {
    begin_work();
    return [this, done = std::move(done)](T outcome) mutable {
      done(std::move(outcome));
      end_work();
    };
  }

  std::unique_ptr<StoreContext> context_;
  std::unique_ptr<Appends> appends_;
  std::unique_ptr<Trash> trash_;
  std::mutex drain_mutex_;
  std::condition_variable drained_;
  size_t in_flight_ = 0;  // guarded by drain_mutex_
};

}  // namespace ais::store
