#include "store/append.h"

#include <errno.h>
#include <fcntl.h>

#include <algorithm>
#include <cstdio>

#include "base/log.h"
#include "base/strings.h"
#include "disk/directory_reader.h"
#include "sys/fault_points.h"

namespace ais::store {
namespace {

constexpr size_t kReadChunk = 1 * kMiB;

/// Handles belong to one object: the digest in the name keeps a handle from reaching another's work file. Behind it stands the generation
/// and size of the object that the append began with, zeros when there was none: "append.<digest>.<clock>.<writer>.<size>.<unique>".
std::string handle_prefix(uint64_t digest) { return format("%s%016llx.", disk::kAppendPrefix, static_cast<unsigned long long>(digest)); }

Status check_handle(const ObjectName& name, std::string_view work) {
  std::string prefix = handle_prefix(name.digest);
  bool clean = work.starts_with(prefix) && work.size() <= 128 &&
               work.find_first_not_of("0123456789abcdef.", prefix.size()) == std::string_view::npos;
  if (clean) return {};
  return make_status(Code::kInvalid, "append handle does not belong to %s", std::string(name.uname).c_str());
}

}  // namespace

Result<BucketDirectoryPtr> Appends::bucket_of(const ObjectName& name) {
  BucketDirectoryPtr bucket = context_.mountpath_of(name.digest).buckets.find(name.bucket_uname);
  if (bucket) return bucket;
  return make_status(Code::kBucketNotFound, "bucket %s does not exist on this target", std::string(name.bucket_uname).c_str());
}

Result<std::string> Appends::start(const ObjectName& name) {
  AIS_TRY(BucketDirectoryPtr bucket, bucket_of(name));
  AIS_TRY(std::optional<disk::ObjectFile> current, context_.find_object(*bucket, name, sys::FileSystem::Lookup::kBlocking));
  if (!current) return begin_file(name, bucket, nullptr);
  context_.judge_content(name.digest, *current);
  if (!current->sound.ok()) return disk::unsound(*current, name.uname);
  return begin_file(name, bucket, &*current);
}

Result<std::string> Appends::begin_file(const ObjectName& name, const BucketDirectoryPtr& bucket, const disk::ObjectFile* current) {
  meta::Generation base = current ? current->metadata.generation : meta::Generation();
  const uint64_t size = current ? current->metadata.size : 0;
  std::string handle = handle_prefix(name.digest);
  handle += format("%llx.%llx.%llx.", static_cast<unsigned long long>(base.clock), static_cast<unsigned long long>(base.writer),
                   static_cast<unsigned long long>(size));
  handle += unique_name(context_, "0");
  int fd = context_.files.open_at(bucket->work_fd, handle.c_str(), O_RDWR | O_CREAT | O_EXCL, 0644);
  if (fd < 0) return context_.io_error(context_.mountpath_of(name.digest), -fd, "append to " + std::string(name.uname));
  AIS_TRY(WorkFile file, WorkFile::adopt(context_, bucket, handle, fd));
  if (current) {
    AIS_RETURN_IF_ERROR(file.copy_from(current->fd(), size));
    AIS_RETURN_IF_ERROR(verify_copy(name, fd, *current));
  }
  file.leave_named();
  return handle;
}

// The flush computes a checksum of all of it: damaged content must not get a fresh one.
Status Appends::verify_copy(const ObjectName& name, int fd, const disk::ObjectFile& current) {
  const codec::Checksum& stored = current.metadata.checksum;
  AIS_TRY(const codec::Checksum found, hash(name, fd, stored.type, current.metadata.size));
  if (found == stored) return {};
  Status damaged = codec::bad_checksum(stored, found, "content to append to");
  context_.note_damage(context_.mountpath_of(name.digest), name.digest, name.uname, damaged, DamageRegister::Kind::kContent,
                       current.metadata.generation);
  return damaged;
}

Result<uint64_t> Appends::appended(const ObjectName& name, std::string_view work) {
  AIS_RETURN_IF_ERROR(check_handle(name, work));
  unsigned long long begun_with = 0;
  const std::string text(work.substr(handle_prefix(name.digest).size()));
  if (std::sscanf(text.c_str(), "%*x.%*x.%llx.", &begun_with) != 1) return Status(Code::kInvalid, "append handle without a size");
  uint64_t present = 0;
  AIS_RETURN_IF_ERROR(with_work(name, work, [&](int, uint64_t size) {
    present = size;
    return 0;
  }));
  return present - std::min<uint64_t>(begun_with, present);
}

Result<meta::Generation> Appends::base_of(const ObjectName& name, std::string_view work) {
  AIS_RETURN_IF_ERROR(check_handle(name, work));
  std::string handle(work.substr(handle_prefix(name.digest).size()));
  unsigned long long clock = 0, writer = 0;
  if (std::sscanf(handle.c_str(), "%llx.%llx.", &clock, &writer) == 2) return meta::Generation{clock, writer};
  return Status(Code::kInvalid, "append handle without a generation");
}

Status Appends::with_work(const ObjectName& name, std::string_view work, const std::function<int(int fd, uint64_t size)>& use) {
  AIS_RETURN_IF_ERROR(check_handle(name, work));
  AIS_TRY(BucketDirectoryPtr bucket, bucket_of(name));
  std::lock_guard lock(lock_of(work));
  std::string handle(work);
  int fd = context_.files.open_beneath(bucket->work_fd, handle.c_str(), O_WRONLY | O_NOFOLLOW, sys::FileSystem::Lookup::kBlocking);
  if (fd == -ENOENT) return make_status(Code::kNotFound, "append handle \"%s\" does not exist", handle.c_str());
  if (fd < 0) return context_.io_error(context_.mountpath_of(name.digest), -fd, handle);
  struct stat info {};
  int error = context_.files.fstat(fd, &info);
  if (error >= 0) error = use(fd, static_cast<uint64_t>(info.st_size));
  context_.files.close(fd);
  return error < 0 ? context_.io_error(context_.mountpath_of(name.digest), -error, handle) : Status();
}

Result<uint64_t> Appends::write(const ObjectName& name, std::string_view work, std::string_view bytes) {
  uint64_t begin = 0;
  AIS_RETURN_IF_ERROR(with_work(name, work, [&](int fd, uint64_t size) {
    begin = size;
    int error = write_all(fd, bytes, size);
    // The caller will send the same bytes again: none of them may stay.
    if (error < 0 && context_.files.ftruncate(fd, size) < 0) remove_work(name, work);
    AIS_FAULT_POINT("append.after_write");
    return error;
  }));
  return begin;
}

Status Appends::truncate(const ObjectName& name, std::string_view work, uint64_t size) {
  return with_work(name, work, [&](int fd, uint64_t present) { return size < present ? context_.files.ftruncate(fd, size) : 0; });
}

Status Appends::abandon(const ObjectName& name, std::string_view work) {
  return with_work(name, work, [&](int, uint64_t) {
    remove_work(name, work);
    return 0;
  });
}

int Appends::write_all(int fd, std::string_view bytes, uint64_t offset) {
  while (!bytes.empty()) {
    ssize_t written = context_.files.pwrite(fd, bytes.data(), bytes.size(), offset);
    if (written <= 0) return written == 0 ? -ENOSPC : static_cast<int>(written);
    bytes.remove_prefix(static_cast<size_t>(written));
    offset += static_cast<uint64_t>(written);
  }
  return 0;
}

void Appends::remove_work(const ObjectName& name, std::string_view work) {
  if (Result<BucketDirectoryPtr> bucket = bucket_of(name); bucket.ok())
    (void)context_.files.unlink_at((*bucket)->work_fd, std::string(work).c_str(), 0);
}

Result<ReceivedBody> Appends::finish(const ObjectName& name, std::string_view work, codec::ChecksumType checksum,
                                     const CommitOptions& options) {
  AIS_RETURN_IF_ERROR(check_handle(name, work));
  AIS_TRY(BucketDirectoryPtr bucket, bucket_of(name));
  std::string taken = unique_name(context_, "flush");
  std::string handle(work);
  int fd = -1;
  {
    // Under another name no write of the session can reach the file while it is read.
    std::lock_guard lock(lock_of(work));
    int error = context_.files.rename_at(bucket->work_fd, handle.c_str(), bucket->work_fd, taken.c_str(), 0);
    if (error == -ENOENT) return make_status(Code::kNotFound, "append handle \"%s\" does not exist", handle.c_str());
    if (error < 0) return context_.io_error(context_.mountpath_of(name.digest), -error, handle);
    fd = context_.files.open_beneath(bucket->work_fd, taken.c_str(), O_RDWR | O_NOFOLLOW, sys::FileSystem::Lookup::kBlocking);
    if (fd < 0) {
      (void)context_.files.rename_at(bucket->work_fd, taken.c_str(), bucket->work_fd, handle.c_str(), 0);
      return context_.io_error(context_.mountpath_of(name.digest), -fd, handle);
    }
  }
  ReceivedBody body;
  AIS_TRY(body.file, WorkFile::adopt(context_, bucket, taken, fd, handle));
  struct stat info {};
  if (int error = context_.files.fstat(fd, &info); error < 0) return context_.io_error(context_.mountpath_of(name.digest), -error, handle);
  body.size = static_cast<uint64_t>(info.st_size);
  AIS_TRY(body.checksum, hash(name, fd, checksum, body.size));
  if (options.expected && options.expected->type != codec::ChecksumType::kNone) {
    codec::Checksum actual = body.checksum;
    if (!codec::same_algorithm(options.expected->type, checksum)) {
      AIS_TRY(actual, hash(name, fd, options.expected->type, body.size));
    }
    if (actual.value != options.expected->value) return codec::bad_checksum(*options.expected, actual);
  }
  AIS_FAULT_POINT("append.before_sync");
  if (options.policy == WritePolicy::kImmediate) {
    if (int error = context_.files.fdatasync(fd); error < 0) return context_.io_error(context_.mountpath_of(name.digest), -error, handle);
    body.data_synced = true;
  }
  AIS_FAULT_POINT("append.after_sync");
  return body;
}

Result<codec::Checksum> Appends::hash(const ObjectName& name, int fd, codec::ChecksumType type, uint64_t size) {
  codec::Hasher hasher(type);
  if (type != codec::ChecksumType::kNone) {
    auto chunk = std::make_unique_for_overwrite<char[]>(kReadChunk);
    for (uint64_t offset = 0; offset < size;) {
      ssize_t count = context_.files.pread(fd, chunk.get(), kReadChunk, offset);
      if (count <= 0)
        return context_.io_error(context_.mountpath_of(name.digest), count < 0 ? static_cast<int>(-count) : EIO, std::string(name.uname));
      hasher.update({chunk.get(), static_cast<size_t>(count)});
      offset += static_cast<uint64_t>(count);
    }
  }
  return hasher.finish();
}

size_t Appends::remove_idle(Nanoseconds idle) {
  const int64_t before_ns = context_.clock.wall_ns() - idle.count();
  std::vector<char> buffer;
  size_t removed = 0;
  for (const auto& mountpath : context_.mountpaths) {
    for (const BucketDirectoryPtr& bucket : mountpath->buckets.all()) {
      std::vector<std::string> works;
      Status status = disk::read_directory(context_.files, bucket->work_fd, ".", buffer, [&works](std::string_view name, unsigned char) {
        if (name.starts_with(disk::kAppendPrefix)) works.emplace_back(name);
      });
      if (!status.ok()) AIS_WARN("store", "idle appends of %s: %s", bucket->path.c_str(), status.message().c_str());
      for (const std::string& work : works) removed += remove_if_idle(*bucket, work, before_ns);
    }
  }
  return removed;
}

bool Appends::remove_if_idle(const BucketDirectory& bucket, const std::string& work, int64_t before_ns) {
  std::lock_guard lock(lock_of(work));
  struct stat info {};
  if (context_.files.fstat_at(bucket.work_fd, work.c_str(), &info) < 0) return false;
  const int64_t changed_ns = static_cast<int64_t>(info.st_mtim.tv_sec) * 1'000'000'000 + info.st_mtim.tv_nsec;
  if (changed_ns >= before_ns) return false;
  if (context_.files.unlink_at(bucket.work_fd, work.c_str(), 0) < 0) return false;
  AIS_INFO("store", "append %s of bucket %s was abandoned: removed, %lld bytes", work.c_str(), bucket.uname.c_str(),
           static_cast<long long>(info.st_size));
  return true;
}

}  // namespace ais::store
