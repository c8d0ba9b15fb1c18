// Change: one entry of a committer's queue. ChangeSteps: how it is made.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/function.h"
#include "base/status.h"
#include "codec/checksum.h"
#include "store/buffer_pool.h"
#include "store/change_options.h"
#include "store/claims.h"
#include "store/publishing.h"
#include "store/store_context.h"

namespace ais::store {

/// The bytes of a put, received and hashed: in memory (then the committer writes them) or in a work file.
struct ReceivedBody {
  ReceivedBody() = default;
  ReceivedBody(ReceivedBody&& other) noexcept { *this = std::move(other); }
  ReceivedBody& operator=(ReceivedBody&& other) noexcept;
  ~ReceivedBody();

  std::shared_ptr<BufferPool> pool;  // owner of `memory`
  Buffer memory;
  WorkFile file;
  bool data_synced = false;  // of `file`
  uint64_t size = 0;
  codec::Checksum checksum;
};

/// kClaim: a move begins. kBarrier: changes nothing, and is answered after the syncs of all before it. kTask: a function that runs alone,
/// with nothing before it unfinished.
enum class ChangeKind : uint8_t { kPut, kRemove, kSetCustom, kRename, kClaim, kBarrier, kTask };

struct Change {
  ChangeKind kind = ChangeKind::kTask;
  OwnedName name;
  BucketDirectoryPtr bucket;
  WritePolicy policy = WritePolicy::kImmediate;
  ChangeTerms terms;
  UniqueFunction<void(Result<CommitResult>)> done;
  UniqueFunction<void()> task;  // kTask

  // kPut
  ReceivedBody body;
  CommitOptions options;

  // kClaim: what the caller gets, filled by the committer. kRemove: the claim of the move that this ends; then only what was claimed is
  // removed.
  MoveClaim claim;

  // kSetCustom
  meta::CustomPairs pairs;
  bool replace_all = true;

  // kRename
  OwnedName to;
  BucketDirectoryPtr to_bucket;

  // --- filled by the committer ----------------------------------------------------------------------------------------------
  Status status;
  CommitResult result;
  std::optional<disk::ObjectFile> current;  // the sound object before the change
  std::optional<disk::ObjectFile> damaged;  // an unsound file under the name
  int64_t waiting_since_ns = 0;             // for the end of a move; 0: it did not have to
  bool finished = false;                    // nothing to publish: an error, or nothing to do
  bool published = false;
  int sync_file = -1;  // borrowed descriptors to sync for durability, -1: none
  int sync_directory = -1;
  int sync_directory_too = -1;

  Change() = default;
  Change(const Change&) = delete;
  /// What lies under the name, sound or not; nullptr for nothing.
  const disk::ObjectFile* present() const { return current ? &*current : damaged ? &*damaged : nullptr; }
};
using ChangePtr = std::unique_ptr<Change>;

/// What a change of this name hears while the name is being moved.
Status name_is_moving(std::string_view uname);

/// What a rename that cannot be done in place answers with; the store then copies and removes.
constexpr Code kRenameNeedsCopy = Code::kNotImplemented;

/// The two halves of making one change, both on the committer's thread of its mountpath.
class ChangeSteps {
 public:
  ChangeSteps(StoreContext& context, Mountpath& mountpath) : context_(context), mountpath_(mountpath) {}

  /// Everything that can be decided and written before the object's name is touched: looks up the present object, checks conditions,
  /// decides version and generation, writes small bodies and the metadata to work files.
  void prepare(Change& change);
  /// Links, renames, unlinks or sets the xattr. Names change here.
  void publish(Change& change, ParentDirectories& parents);

 private:
  Status prepare_put(Change& change);
  Status prepare_remove(Change& change);
  Status prepare_custom(Change& change);
  Status prepare_rename(Change& change);
  Status prepare_claim(Change& change);
  Status check_condition(const Change& change) const;
  Status find_current(Change& change);
  Status build_metadata(Change& change);
  Status write_body(Change& change);
  Status publish_put(Change& change, ParentDirectories& parents);
  Status publish_new(Change& change, ParentDirectories& parents);
  int try_publish_at(Change& change, const disk::ObjectLocation& location, ParentDirectories& parents);
  Status publish_remove(Change& change, ParentDirectories& parents);
  Status publish_custom(Change& change);
  Status publish_rename(Change& change, ParentDirectories& parents);
  /// Gives the damaged file that is about to lose its name another one in %bad. What is no file loses the first one at once.
  Status put_aside(Change& change, ParentDirectories& parents);

  StoreContext& context_;
  Mountpath& mountpath_;
};

}  // namespace ais::store
