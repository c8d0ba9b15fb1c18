// Appends: named files in %wk that grow over several requests, and are published like any put in the end.
#pragma once

#include <array>
#include <mutex>
#include <string>
#include <string_view>

#include "store/change.h"
#include "store/store_context.h"

namespace ais::store {

class Appends {
 public:
  explicit Appends(StoreContext& context) : context_(context) {}

  /// A new work file, with the object's present content when there is one; its name is the handle. Blocks.
  Result<std::string> start(const ObjectName& name);
  /// Adds bytes: all of them, or none at an error. kNotFound for an unknown handle (also after a restart). Blocks.
  Status write(const ObjectName& name, std::string_view work, std::string_view bytes);
  /// Generation of the object that the session began with, zero for none.
  static Result<Generation> base_of(const ObjectName& name, std::string_view work);
  /// Ends the session: hashes the file and hands it over as a body. Blocks.
  Result<ReceivedBody> finish(const ObjectName& name, std::string_view work, codec::ChecksumType checksum, const CommitOptions& options);
  /// See ObjectStore::remove_idle_appends.
  size_t remove_idle(Nanoseconds idle);

 private:
  Result<BucketDirectoryPtr> bucket_of(const ObjectName& name);
  Result<std::string> begin_file(const ObjectName& name, const BucketDirectoryPtr& bucket, const FoundFile* current);
  Result<codec::Checksum> hash(const ObjectName& name, int fd, codec::ChecksumType type, uint64_t size);
  bool remove_if_idle(const BucketDirectory& bucket, const std::string& work, int64_t before_ns);
  std::mutex& lock_of(std::string_view work) { return locks_[std::hash<std::string_view>()(work) % locks_.size()]; }

  StoreContext& context_;
  std::array<std::mutex, 64> locks_;  // by handle: writes of one session follow each other
};

}  // namespace ais::store
