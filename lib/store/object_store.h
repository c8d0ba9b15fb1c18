// ObjectStore: the objects of one target, on its mountpaths. The only code that changes files under them.
//
// Reads are synchronous and lock-free for the caller: an OpenObject is a snapshot (descriptor and metadata), because files are
// replaced, never rewritten. All changes of a mountpath go through its one committer thread, which orders them; a second thread
// syncs what it published, many changes at a time, and calls back: changes to one name are serialised without locks. Callbacks
// run on store threads and must not block.
//
// Durability (write_policy.data): kImmediate = bytes, metadata and name are on stable storage before the callback; kDelayed =
// synced soon after; kNever = left to the kernel. An object is published whole, with its metadata on the inode, or not at all.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "async/task.h"
#include "base/function.h"
#include "base/status.h"
#include "base/units.h"
#include "codec/checksum.h"
#include "disk/walker.h"
#include "meta/bucket.h"
#include "meta/bucket_metadata.h"
#include "meta/object_metadata.h"
#include "meta/precondition.h"
#include "store/buckets.h"
#include "store/mountpath.h"
#include "store/open_object.h"
#include "sys/thread_pool.h"

namespace ais::sys {
class FileSystem;
class Clock;
}  // namespace ais::sys

namespace ais::store {

class Committer;

enum class WritePolicy : uint8_t { kImmediate, kDelayed, kNever };

struct StoreOptions {
  std::string node_id;
  std::vector<std::string> mountpaths;           // absolute, existing directories
  bool allow_shared_filesystem = false;          // several mountpaths on one filesystem: playgrounds and tests
  size_t open_objects_max = 8192;                // descriptors cached for reading
  uint64_t write_buffers_bytes_max = 32 * kMiB;  // memory of bodies being received, whole target
  uint64_t direct_threshold = 256 * kKiB;        // objects from this size on are written with O_DIRECT where the filesystem can
  size_t pool_threads = 8;                       // blocking-call threads per mountpath
  std::string state_dir;                         // of the target, for the generation high-water mark
};

/// A body being received. Bytes are appended in order by one thread at a time; destroying it unfinished leaves nothing behind.
/// Small bodies stay in memory until commit; bodies from direct_threshold on go to a work file of the object's mountpath.
class ObjectWriter {
 public:
  virtual ~ObjectWriter() = default;
  /// The buffer to receive into next; never empty. nullopt: the writer must be flushed first (await flush, then ask again).
  virtual std::optional<std::span<char>> next_buffer() = 0;
  /// `n` bytes of the buffer were filled.
  virtual void advance(size_t n) = 0;
  /// Writes full buffers out on the mountpath's pool (hashing on the way), then calls back. kCapacityExceeded on a full disk.
  virtual void flush(UniqueFunction<void(Status)> done) = 0;
  async::Task<Status> flush();
  virtual uint64_t bytes_received() const = 0;
};

/// On whose terms a change is made.
struct ChangeTerms {
  meta::PreconditionPtr condition = nullptr;  // of the object that is there; kPreconditionFailed, and nothing changes
  /// Whether nobody waits for the outcome any more. Asked on a store thread when it is the change's turn, at the times that `ask` says:
  /// when it is late, it would be done over what others were promised meanwhile. kConnectionClosed, and nothing changes.
  std::function<bool()> is_abandoned = nullptr;
  /// kAfterWaiting: of a change that had to wait for the end of a move. kAlways: also of one that took its time for other reasons (for a
  /// sender that ends only after it has given up, and tells others so).
  enum class Ask : uint8_t { kAfterWaiting, kAlways } ask = Ask::kAfterWaiting;
};

/// How a change is made, whatever it changes.
struct ChangeOptions : ChangeTerms {
  WritePolicy policy = WritePolicy::kImmediate;
};

/// What a change asks for besides the bytes.
struct CommitOptions : ChangeOptions {
  std::optional<codec::Checksum> expected;  // of the client; a mismatch is kBadChecksum and nothing is stored
  std::optional<std::string> version;       // nullopt: counter (when versioned), else as given
  bool versioned = true;
  meta::CustomPairs custom;
  bool keep_custom = false;  // without pairs in `custom` those of the object that is replaced stay, but for what they say of its content
  std::optional<int64_t> atime_ns;
  std::optional<int64_t> mtime_ns;            // of the file; nullopt: when it was written
  bool if_generation_newer = false;           // install only over an older generation, with `generation` (migrations)
  meta::Generation generation;                // used when if_generation_newer
  std::optional<meta::Generation> only_over;  // kStaleGeneration when the present object has another one; zero = there must be none
  bool part_of_move = false;                  // the new name of a rename: kBusy while an object of that name is itself being moved
};

struct CommitResult {
  meta::ObjectMetadata metadata;  // as stored
  int64_t mtime_ns = 0;           // of the file; with the metadata it makes the entity tag
  bool replaced = false;          // an older object was there
};

/// What a copy asks for.
struct CopyOptions : ChangeOptions {                          // `condition`: of the object that the copy replaces
  codec::ChecksumType checksum = codec::ChecksumType::kNone;  // what the copy gets (see ObjectStore::copy)
  bool versioned = true;
};

/// The right to move one object to another name: until it ends, changes that depend on what is there wait (store/claims.h). Ends with
/// finish_move(), release() or its destruction; must not outlive the store. Any thread.
class MoveClaim {
 public:
  MoveClaim() = default;
  MoveClaim(MoveClaim&& other) noexcept;
  MoveClaim& operator=(MoveClaim&& other) noexcept;
  ~MoveClaim() { release(); }
  /// The object as it was when the claim began.
  const OpenObject& source() const { return *source_; }
  void release();
  uint64_t id() const { return id_; }  // 0: none

 private:
  friend class ChangeSteps;
  friend class Committer;
  MoveClaim(Committer* committer, uint64_t digest, uint64_t id) : committer_(committer), digest_(digest), id_(id) {}
  Committer* committer_ = nullptr;
  uint64_t digest_ = 0;
  uint64_t id_ = 0;
  OpenObjectPtr source_;
};

/// io_errors: answers of disks. torn_objects: objects found damaged, each counted once. waiting: changes that wait for the end of a move
/// now, the only one that falls again.
struct StoreCounters {
  std::atomic<uint64_t> open_hits{0}, open_misses{0}, commits{0}, commit_batches{0}, syncs{0}, bytes_written{0}, deletes{0}, io_errors{0},
      torn_objects{0}, waiting{0};
};

class ObjectStore {
 public:
  /// Checks every mountpath (extended attributes, write, sync, distinct filesystems, not another node's), removes left-over work
  /// files, restores the generation clock. Errors say which mountpath and what to do about it.
  static Result<std::unique_ptr<ObjectStore>> open(StoreOptions options, sys::FileSystem& files, sys::Clock& clock);
  virtual ~ObjectStore() = default;

  // --- reading -------------------------------------------------------------------------------------------------------------
  /// Prepares header_block of an object as it enters the cache; called once per open on whichever thread opens. Set before use.
  using HeaderBlockMaker = std::function<std::string(const meta::ObjectMetadata&, int64_t mtime_ns)>;
  virtual void set_header_block_maker(HeaderBlockMaker maker) = 0;
  /// From the cache, or opened without blocking. nullptr result: must be looked up with open_blocking on the pool.
  /// kObjectNotFound only when certain.
  virtual Result<OpenObjectPtr> open_nonblocking(const ObjectName& name) = 0;
  /// May block on the disk: call on pool(mountpath_of(name)). kObjectNotFound, kCorrupt (whenever it is asked for: a damaged file stays
  /// where it is until the object is overwritten or removed), kInputOutput.
  virtual Result<OpenObjectPtr> open_blocking(const ObjectName& name) = 0;
  virtual uint32_t mountpath_of(uint64_t object_digest) const = 0;
  virtual sys::ThreadPool& pool(uint32_t mountpath_index) = 0;
  /// Ordered walk; call next() on pool threads (it blocks).
  virtual std::unique_ptr<disk::ObjectWalker> walk(const meta::Bucket& bucket, disk::WalkOptions options) = 0;

  // --- changing ------------------------------------------------------------------------------------------------------------
  // Each change has two forms: a Task for coroutines, which goes on on their loop, and one that calls back on a store thread and is for
  // code without a loop. What a name refers to must live until the change is done.

  /// A writer for an object. `size_hint` (nullopt: unknown length) chooses between memory and work file. nullptr: the memory
  /// bound is reached; retry when `on_buffers_available` was called.
  virtual std::unique_ptr<ObjectWriter> create_writer(const ObjectName& name, std::optional<uint64_t> size_hint,
                                                      codec::ChecksumType checksum) = 0;
  virtual void on_buffers_available(UniqueFunction<void()> callback) = 0;
  async::Task<void> buffers_available();
  /// Publishes what the writer received. Takes the writer in any case.
  virtual void commit(const ObjectName& name, std::unique_ptr<ObjectWriter> writer, CommitOptions options,
                      UniqueFunction<void(Result<CommitResult>)> done) = 0;
  async::Task<Result<CommitResult>> commit(ObjectName name, std::unique_ptr<ObjectWriter> writer, CommitOptions options);
  /// kObjectNotFound when there is none. A damaged one is set aside, not deleted.
  virtual void remove(const ObjectName& name, ChangeOptions options, UniqueFunction<void(Status)> done) = 0;
  async::Task<Status> remove(ObjectName name, ChangeOptions options);
  /// Calls back when everything that was published under this name so far is on stable storage: before an answer that relies on
  /// an object somebody else has just written.
  virtual void settle(const ObjectName& name, UniqueFunction<void(Status)> done) = 0;
  async::Task<Status> settle(ObjectName name);
  /// Replaces (or merges, when !replace_all) the custom pairs.
  virtual void set_custom(const ObjectName& name, meta::CustomPairs pairs, bool replace_all, ChangeOptions options,
                          UniqueFunction<void(Status)> done) = 0;
  async::Task<Status> set_custom(ObjectName name, meta::CustomPairs pairs, bool replace_all, ChangeOptions options);
  /// Copies within this target, also across mountpaths and buckets. The copy is a new object: the next version of its own name, read
  /// now; it keeps the custom pairs. Where its checksum is to be of another algorithm than the source's, it is computed while the source's
  /// own is verified (kBadChecksum, nothing is stored).
  virtual void copy(const ObjectName& from, const ObjectName& to, CopyOptions options, UniqueFunction<void(Result<CommitResult>)> done) = 0;
  async::Task<Result<CommitResult>> copy(ObjectName from, ObjectName to, CopyOptions options);
  /// Renames within this target: afterwards `to` has the object, with version, checksum and time of access, and `from` does not exist;
  /// at a crash either or both, never neither. The condition is of `from`. kBusy when an object under `to` is being moved itself.
  virtual void rename(const ObjectName& from, const ObjectName& to, ChangeOptions options, UniqueFunction<void(Status)> done) = 0;
  async::Task<Status> rename(ObjectName from, ObjectName to, ChangeOptions options);
  /// Begins a move to another node. kObjectNotFound; kTooManyRequests when too many changes wait for moves already.
  virtual void claim_move(const ObjectName& name, ChangeTerms terms, UniqueFunction<void(Result<MoveClaim>)> done) = 0;
  async::Task<Result<MoveClaim>> claim_move(ObjectName name, ChangeTerms terms);
  /// The last step of a move: removes the object as it was claimed, and ends the claim. OK as well when it was overwritten meanwhile: the
  /// new content stays, as if it had been written after the move.
  virtual void finish_move(const ObjectName& name, MoveClaim claim, WritePolicy policy, UniqueFunction<void(Status)> done) = 0;
  async::Task<Status> finish_move(ObjectName name, MoveClaim claim, WritePolicy policy);

  // --- appends: a work file that survives between requests, named by an opaque handle -------------------------------------------
  /// Starts an append (copying the current content, when the object exists) and returns the work file's name. kBadChecksum when that
  /// content does not match its checksum: nothing is begun, and the damage is noted as by note_content_check().
  virtual Result<std::string> append_start(const ObjectName& name) = 0;  // pool thread
  /// kInvalid when the handle is not one of this object's. Touches nothing.
  virtual Status append_check(const ObjectName& name, std::string_view work) const = 0;
  /// Adds all of the bytes, or none at an error. Returns where they begin. kNotFound: no such append (any more).
  virtual Result<uint64_t> append_write(const ObjectName& name, std::string_view work, std::string_view bytes) = 0;  // pool thread
  /// How many bytes were added so far. kNotFound, as all of these.
  virtual Result<uint64_t> append_size(const ObjectName& name, std::string_view work) = 0;  // pool thread
  /// Takes back what was added from this place on.
  virtual Status append_truncate(const ObjectName& name, std::string_view work, uint64_t size) = 0;  // pool thread
  /// Ends the append, and nothing comes of it.
  virtual Status append_abandon(const ObjectName& name, std::string_view work) = 0;  // pool thread
  /// Publishes the work file as the object's new content. kStaleGeneration when the object has changed since append_start(): what was
  /// written to it meanwhile would be lost; the append is over then, too. After any other refusal it goes on as before.
  virtual void append_flush(const ObjectName& name, std::string_view work, codec::ChecksumType checksum, CommitOptions options,
                            UniqueFunction<void(Result<CommitResult>)> done) = 0;
  async::Task<Result<CommitResult>> append_flush(ObjectName name, std::string_view work, codec::ChecksumType checksum,
                                                 CommitOptions options);
  /// Ends appends that nobody added to for `idle`, and removes their files; their handles are unknown from then on. Returns how
  /// many. Blocks.
  virtual size_t remove_idle_appends(Nanoseconds idle) = 0;

  // --- buckets ---------------------------------------------------------------------------------------------------------------
  /// A number that differs after any change of the bucket's objects that was acknowledged, and after the bucket was made anew. It may
  /// differ without one.
  virtual uint64_t bucket_changes(std::string_view bucket_uname) const = 0;
  /// Makes the directories agree with the BMD: creates missing ones, moves those of vanished or re-created buckets (by bucket
  /// id) into the trash, which a background thread empties; with kKeep those stay where they are. A bucket whose directories cannot be
  /// opened does not keep the others from theirs; the first such error is returned. Blocks; call on a thread of the caller's.
  virtual Status sync_buckets(const meta::BucketMetadata& bmd, VanishedBuckets vanished) = 0;

  // --- state -----------------------------------------------------------------------------------------------------------------
  /// Asks the filesystems: may block.
  virtual std::vector<MountpathInfo> mountpaths() const = 0;
  /// By mountpath index. Touches no disk.
  virtual std::vector<MountpathTrouble> trouble() const = 0;
  virtual const StoreCounters& counters() const = 0;
  /// Raises the generation clock above one seen elsewhere.
  virtual void observe_generation(meta::Generation generation) = 0;
  /// The content of an object was compared with its checksum. A mismatch (kBadChecksum) is counted and logged once; from then on, until a
  /// restart or an `outcome` that is OK, changes treat the object as damaged: it is set aside and not deleted. Any thread.
  virtual void note_content_check(const ObjectName& name, const OpenObject& object, const Status& outcome) = 0;
  /// Whether such a mismatch is known of this very content.
  virtual bool is_content_bad(const ObjectName& name, const OpenObject& object) const = 0;
  /// What waits for the end of a move is answered kUnavailable, now and until drain() has returned: for a node that is about to stop.
  virtual void refuse_waiting() = 0;
  /// Waits until everything queued is committed. refuse_waiting() first: the moves may have lost the threads that would end them.
  virtual void drain() = 0;
};

}  // namespace ais::store
