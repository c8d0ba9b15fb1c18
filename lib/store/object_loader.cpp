#include "store/object_loader.h"

#include <errno.h>
#include <fcntl.h>

#include <algorithm>

#include "base/log.h"
#include "meta/placement.h"

namespace ais::store {
namespace {

using Lookup = sys::FileSystem::Lookup;

constexpr int64_t kAccessTimeSlack = 600'000'000'000;  // ten minutes
constexpr size_t kXattrBytesMax = 4096;
// What most metadata fits in. The kernel allocates and clears as much as it is offered, so the large buffer is offered second.
constexpr size_t kXattrBytesUsual = 512;

int64_t to_ns(const timespec& time) { return static_cast<int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec; }

bool means_absent(int error) {
  // EXDEV: a way out of the bucket, never one of ours.
  return error == ENOENT || error == ENOTDIR || error == EISDIR || error == ENAMETOOLONG || error == EXDEV;
}

bool means_foreign(int error) {
  // ELOOP: a symbolic link, also in the place of a directory of the name. ENXIO: a socket or a device.
  return error == ELOOP || error == ENXIO;
}

/// Somebody put something else where the object's file belongs: it cannot be read, which is not the same as its absence.
Status not_a_file() { return make_status(Code::kCorrupt, "a link, pipe, socket or device is in the place of its file"); }

/// What is looked for, and where it belongs.
struct Sought {
  std::string_view object;
  std::string_view uname;
};

Status read_error(StoreContext& context, const Sought& sought, int error) {
  const Mountpath& mountpath = context.mountpath_of(meta::placement_digest(sought.uname));
  return context.io_error(mountpath, error, "read " + std::string(sought.uname));
}

/// Reads metadata and stat of an open file into `file`; false for a directory.
Result<bool> inspect(StoreContext& context, const Sought& sought, FoundFile& file) {
  struct stat info {};
  if (int error = context.files.fstat(file.fd, &info); error < 0) return read_error(context, sought, -error);
  if (S_ISDIR(info.st_mode)) return false;
  if (!S_ISREG(info.st_mode)) {
    file.close(context.files);
    file.fd = -1;
    file.sound = not_a_file();
    return true;
  }
  file.mtime_ns = to_ns(info.st_mtim);
  file.atime_ns = to_ns(info.st_atim);
  char bytes[kXattrBytesMax];
  ssize_t size = context.files.fget_xattr(file.fd, disk::kMetadataXattr, bytes, kXattrBytesUsual);
  if (size == -ERANGE) size = context.files.fget_xattr(file.fd, disk::kMetadataXattr, bytes, sizeof(bytes));
  if (size == -ENODATA || size == -ERANGE) {
    file.sound = make_status(Code::kCorrupt, "object has no valid metadata");
    return true;
  }
  if (size < 0) return read_error(context, sought, static_cast<int>(-size));
  Result<meta::ObjectMetadata> metadata = meta::ObjectMetadata::decode({bytes, static_cast<size_t>(size)});
  if (!metadata.ok()) {
    file.sound = std::move(metadata).take_status();
    return true;
  }
  file.metadata = std::move(metadata).value();
  context.generations.observe(file.metadata.generation);
  if (file.metadata.size != static_cast<uint64_t>(info.st_size)) {
    file.sound = make_status(Code::kCorrupt, "object has %llu bytes, its metadata says %llu", static_cast<unsigned long long>(info.st_size),
                             static_cast<unsigned long long>(file.metadata.size));
  } else if (file.location.hashed && file.metadata.true_name != sought.object) {
    file.sound = make_status(Code::kCorrupt, "object stored under its digest has another name");
  }
  return true;
}

/// One attempt at one place.
Result<std::optional<FoundFile>> find_at(StoreContext& context, const BucketDirectory& bucket, const Sought& sought,
                                         disk::ObjectLocation location, Lookup lookup) {
  // O_NONBLOCK: a foreign FIFO must not hang us.
  constexpr int kFlags = O_RDONLY | O_NOATIME | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  FoundFile file;
  file.location = std::move(location);
  file.fd = context.files.open_beneath(bucket.base(file.location.hashed), file.location.path.c_str(), kFlags, lookup);
  if (file.fd == -EAGAIN) return make_status(Code::kUnavailable, "not in memory");
  if (file.fd < 0) {
    if (means_absent(-file.fd)) return std::optional<FoundFile>();
    if (!means_foreign(-file.fd)) return read_error(context, sought, -file.fd);
    file.fd = -1;
    file.sound = not_a_file();
  } else {
    Result<bool> is_there = inspect(context, sought, file);
    if (!is_there.ok() || !is_there.value()) {
      file.close(context.files);
      if (!is_there.ok()) return std::move(is_there).take_status();
      return std::optional<FoundFile>();
    }
  }
  if (!file.sound.ok() && lookup == Lookup::kBlocking) {
    const uint64_t digest = meta::placement_digest(sought.uname);
    context.note_damage(context.mountpath_of(digest), digest, sought.uname, file.sound);
  }
  return std::optional<FoundFile>(std::move(file));
}

}  // namespace

Result<std::optional<FoundFile>> find_file(StoreContext& context, const BucketDirectory& bucket, std::string_view object,
                                           std::string_view uname, Lookup lookup) {
  if (disk::is_plain_path(object)) {
    auto found = find_at(context, bucket, {object, uname}, {.hashed = false, .path = std::string(object)}, lookup);
    if (!found.ok() || found.value()) return found;
  }
  if (!bucket.has_hashed()) return std::optional<FoundFile>();
  return find_at(context, bucket, {object, uname}, {.hashed = true, .path = disk::hashed_path(uname)}, lookup);
}

void judge_content(const Mountpath& mountpath, uint64_t digest, FoundFile& file) {
  if (!file.sound.ok() || !mountpath.damage.is_content_bad(digest, file.metadata.generation)) return;
  file.sound = make_status(Code::kBadChecksum, "the content was found not to match its checksum");
}

Status unsound(const FoundFile& file, std::string_view uname) {
  Status status = file.sound.with_context(uname);
  // Clients look for these words at the beginning.
  return file.sound.code() == Code::kBadChecksum ? status.with_context("BAD DATA CHECKSUM") : status;
}

OpenObjectPtr make_open_object(StoreContext& context, FoundFile file, uint32_t mountpath_index) {
  auto object = std::make_shared<OpenObject>();
  object->fd = file.fd;
  object->metadata = std::move(file.metadata);
  // The inode's own time is younger than its content only where save_access_time put it there.
  if (file.atime_ns > file.mtime_ns) object->metadata.atime_ns = std::max(object->metadata.atime_ns, file.atime_ns);
  object->mtime_ns = file.mtime_ns;
  object->mountpath_index = mountpath_index;
  object->last_access_ns = object->metadata.atime_ns;
  if (context.header_block_maker) object->header_block = context.header_block_maker(object->metadata, object->mtime_ns);
  return object;
}

void save_access_time(StoreContext& context, OpenObjectPtr object) {
  int64_t accessed = object->last_access_ns.load(std::memory_order_relaxed);
  if (accessed <= object->metadata.atime_ns + kAccessTimeSlack) return;
  sys::ThreadPool& pool = context.mountpaths[object->mountpath_index]->pool;
  run_on(pool, [&files = context.files, object = std::move(object), accessed] {
    if (int error = files.set_access_time(object->fd, accessed); error < 0) AIS_DEBUG("store", "atime not saved: errno %d", -error);
  });
}

}  // namespace ais::store
