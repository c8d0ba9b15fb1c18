// Appends: named files in %wk that grow over several requests, and are published like any put in the end.
#pragma once

#include <array>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "store/change.h"
#include "store/store_context.h"

namespace ais::store {

class Appends {
 public:
  explicit Appends(StoreContext& context) : context_(context) {}

  /// A new work file, with the object's present content when there is one; its name is the handle. kBadChecksum when that content is not
  /// what was once written. Blocks.
  Result<std::string> start(const ObjectName& name);
  /// Adds all of the bytes, or none at an error; returns where they begin. kNotFound: unknown handle (also after a restart). Blocks.
  Result<uint64_t> write(const ObjectName& name, std::string_view work, std::string_view bytes);
  /// See ObjectStore::append_truncate. Blocks.
  Status truncate(const ObjectName& name, std::string_view work, uint64_t size);
  /// See ObjectStore::append_abandon. Blocks.
  Status abandon(const ObjectName& name, std::string_view work);
  /// See ObjectStore::append_size. Blocks.
  Result<uint64_t> appended(const ObjectName& name, std::string_view work);
  /// Generation of the object that the session began with, zero for none. kInvalid when the handle is not one of this object's.
  static Result<meta::Generation> base_of(const ObjectName& name, std::string_view work);
  /// Hashes the file and hands it over as a body. The session ends when that is published; otherwise it goes on as before. Blocks.
  Result<ReceivedBody> finish(const ObjectName& name, std::string_view work, codec::ChecksumType checksum, const CommitOptions& options);
  /// See ObjectStore::remove_idle_appends.
  size_t remove_idle(Nanoseconds idle);

 private:
  Result<BucketDirectoryPtr> bucket_of(const ObjectName& name);
  /// Calls `use` with the session's file and its size, while nobody else writes to it. kNotFound.
  Status with_work(const ObjectName& name, std::string_view work, const std::function<int(int fd, uint64_t size)>& use);
  Result<std::string> begin_file(const ObjectName& name, const BucketDirectoryPtr& bucket, const disk::ObjectFile* current);
  Status verify_copy(const ObjectName& name, int fd, const disk::ObjectFile& current);
  Result<codec::Checksum> hash(const ObjectName& name, int fd, codec::ChecksumType type, uint64_t size);
  /// 0 or -errno.
  int write_all(int fd, std::string_view bytes, uint64_t offset);
  void remove_work(const ObjectName& name, std::string_view work);
  bool remove_if_idle(const BucketDirectory& bucket, const std::string& work, int64_t before_ns);
  std::mutex& lock_of(std::string_view work) { return locks_[std::hash<std::string_view>()(work) % locks_.size()]; }

  StoreContext& context_;
  std::array<std::mutex, 64> locks_;  // by handle: writes of one session follow each other
};

}  // namespace ais::store
