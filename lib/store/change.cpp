#include "store/change.h"

#include <errno.h>
#include <fcntl.h>

#include <algorithm>

#include "base/log.h"
#include "base/strings.h"
#include "store/committer.h"
#include "sys/fault_points.h"

namespace ais::store {

namespace {

/// The successor of a decimal version; "1" for none and for versions that are not a counter of ours. The largest number stays.
std::string next_version(const disk::ObjectFile* current) {
  const uint64_t number = current != nullptr ? parse_uint(current->metadata.version).value_or(0) : 0;
  return std::to_string(number + (number < UINT64_MAX));
}

// Whoever is told that this change failed, and then writes, stands behind it in the queue: asking when its turn comes is soon enough.
bool is_abandoned(const Change& change) {
  const bool ask = change.waiting_since_ns != 0 || change.terms.ask == ChangeTerms::Ask::kAlways;
  return ask && change.terms.is_abandoned && change.terms.is_abandoned();
}

/// The pairs that stay true when the content changes.
meta::CustomPairs pairs_of_any_content(meta::CustomPairs pairs) {
  constexpr std::string_view kOfContent[] = {"ETag", "md5", "crc32c", "LastModified", "Last-Modified"};
  std::erase_if(pairs, [&](const auto& pair) { return std::ranges::find(kOfContent, pair.first) != std::end(kOfContent); });
  return pairs;
}

Status check_custom(const meta::CustomPairs& pairs) {
  size_t bytes = 0;
  for (const auto& [key, value] : pairs) bytes += key.size() + value.size();
  if (bytes <= meta::kCustomBytesMax) return {};
  return make_status(Code::kInvalid, "custom metadata of %zu bytes exceeds the limit of %zu", bytes, meta::kCustomBytesMax);
}

using Missing = ParentDirectories::Missing;

/// Errors by which a plain path turns out to collide with another name, so that the object must go under its digest.
bool is_collision(int error) {
  return error == -EEXIST || error == -ENOTDIR || error == -EISDIR || error == -ENOTEMPTY || error == -ENAMETOOLONG;
}

std::string leaf_text(const disk::ObjectLocation& location) { return std::string(disk::leaf_of(location.path)); }

}  // namespace

ReceivedBody& ReceivedBody::operator=(ReceivedBody&& other) noexcept {
  if (this == &other) return *this;
  if (pool) pool->give_back(memory);
  pool = std::move(other.pool);
  memory = std::exchange(other.memory, {});
  file = std::move(other.file);
  data_synced = other.data_synced;
  size = other.size;
  checksum = std::move(other.checksum);
  return *this;
}

ReceivedBody::~ReceivedBody() {
  if (pool) pool->give_back(memory);
}

Status name_is_moving(std::string_view uname) {
  return make_status(Code::kBusy, "object \"%.*s\" is currently busy (being renamed), please try again", static_cast<int>(uname.size()),
                     uname.data());
}

// --- before the name is touched --------------------------------------------------------------------------------------------------

void ChangeSteps::prepare(Change& change) {
  Status status;
  if (change.bucket->retired || (change.to_bucket && change.to_bucket->retired)) {
    status = make_status(Code::kBucketNotFound, "bucket %s was destroyed", change.bucket->uname.c_str());
  } else if (is_abandoned(change)) {
    status = make_status(Code::kConnectionClosed, "the client waiting for the change of %s has disconnected", change.name.uname.c_str());
  } else {
    status = find_current(change);
  }
  if (status.ok()) status = check_condition(change);
  if (status.ok()) {
    switch (change.kind) {
      case ChangeKind::kPut: status = prepare_put(change); break;
      case ChangeKind::kRemove: status = prepare_remove(change); break;
      case ChangeKind::kSetCustom: status = prepare_custom(change); break;
      case ChangeKind::kRename: status = prepare_rename(change); break;
      case ChangeKind::kClaim: status = prepare_claim(change); break;
      case ChangeKind::kBarrier: change.finished = true; break;
      case ChangeKind::kTask: break;
    }
  }
  if (status.ok()) return;
  change.status = std::move(status);
  change.finished = true;
}

Status ChangeSteps::find_current(Change& change) {
  AIS_TRY(std::optional<disk::ObjectFile> found,
          context_.find_object(*change.bucket, change.name.view(), sys::FileSystem::Lookup::kBlocking));
  if (!found) return {};
  context_.judge_content(change.name.digest, *found);
  if (found->sound.ok()) {
    change.current = std::move(found);
    return {};
  }
  change.damaged = std::move(found);
  // Only an overwrite and a removal put something else in its place. A file of a newer format is not ours to judge, not even for them.
  const bool replaces = change.kind == ChangeKind::kPut || change.kind == ChangeKind::kRemove;
  if (change.kind == ChangeKind::kBarrier) return {};
  if (replaces && change.damaged->sound.code() != Code::kUnsupported) return {};
  return disk::unsound(*change.damaged, change.name.uname);
}

Status ChangeSteps::check_condition(const Change& change) const {
  if (!change.terms.condition) return {};
  if (change.damaged) return disk::unsound(*change.damaged, change.name.uname);  // what it says of itself is not known
  const disk::ObjectFile* current = change.current ? &*change.current : nullptr;
  // Only a put can make an object where there is none; for the others its absence is the answer.
  if (!current && change.kind != ChangeKind::kPut) return {};
  if (change.terms.condition->allows_change(current ? &current->metadata : nullptr, current ? current->mtime_ns : 0)) return {};
  return make_status(Code::kPreconditionFailed, "precondition failed: %s", change.name.uname.c_str());
}

Status ChangeSteps::prepare_put(Change& change) {
  const CommitOptions& options = change.options;
  if (options.if_generation_newer) {
    context_.generations.observe(options.generation);
    // Also when the newer one is damaged: an older one in its place would be a lie.
    if (change.present() && change.present()->metadata.generation > options.generation) {
      return make_status(Code::kStaleGeneration, "%s: a newer object is stored", change.name.uname.c_str());
    }
    if (change.current && change.current->metadata.generation == options.generation) {
      change.result.metadata = change.current->metadata;
      change.result.mtime_ns = change.current->mtime_ns;
      change.finished = true;
      return {};
    }
  }
  if (options.only_over && change.damaged) return disk::unsound(*change.damaged, change.name.uname);
  const meta::Generation present = change.current ? change.current->metadata.generation : meta::Generation();
  if (options.only_over && *options.only_over != present) {
    change.body.file.forget_fallback();
    return make_status(Code::kStaleGeneration, "%s has changed meanwhile", change.name.uname.c_str());
  }
  change.result.replaced = change.current.has_value();
  AIS_RETURN_IF_ERROR(build_metadata(change));
  return write_body(change);
}

Status ChangeSteps::build_metadata(Change& change) {
  const CommitOptions& options = change.options;
  meta::ObjectMetadata& metadata = change.result.metadata;
  AIS_RETURN_IF_ERROR(check_custom(options.custom));
  metadata.size = change.body.size;
  metadata.checksum = change.body.checksum;
  metadata.custom = options.custom;
  if (options.keep_custom && options.custom.empty() && change.current)
    metadata.custom = pairs_of_any_content(change.current->metadata.custom);
  if (options.version) {
    metadata.version = *options.version;
  } else if (options.versioned) {
    metadata.version = next_version(change.present());
  }
  metadata.atime_ns = options.atime_ns.value_or(context_.clock.wall_ns());
  if (options.if_generation_newer) {
    metadata.generation = options.generation;
  } else {
    AIS_TRY(metadata.generation, context_.generations.next(change.present() ? change.present()->metadata.generation : meta::Generation()));
  }
  bool hashed = change.present() ? change.present()->location.hashed : !disk::is_plain_path(change.name.object());
  if (hashed) metadata.true_name = change.name.object();
  return {};
}

Status ChangeSteps::write_body(Change& change) {
  ReceivedBody& body = change.body;
  if (!body.file) {
    AIS_TRY(body.file, WorkFile::create(context_, change.bucket, false));
    AIS_RETURN_IF_ERROR(body.file.write({body.memory.data, body.size}, 0));
    context_.counters.bytes_written.fetch_add(body.size, std::memory_order_relaxed);
    if (body.pool) body.pool->give_back(std::exchange(body.memory, {}));
  }
  if (change.options.mtime_ns) AIS_RETURN_IF_ERROR(body.file.set_mtime(*change.options.mtime_ns));
  AIS_TRY(change.result.mtime_ns, body.file.mtime_ns());
  AIS_FAULT_POINT("put.before_xattr");
  AIS_RETURN_IF_ERROR(body.file.set_metadata(change.result.metadata));
  AIS_FAULT_POINT("put.after_xattr");
  return {};
}

Status ChangeSteps::prepare_remove(Change& change) {
  if (!change.current) {
    // Set aside by publish; but a move's last step is about a sound object, and whatever became of it is not for it to decide.
    if (change.damaged) return change.claim.id() != 0 ? disk::unsound(*change.damaged, change.name.uname) : Status();
    return make_status(Code::kObjectNotFound, "object %s does not exist", change.name.uname.c_str());
  }
  // The last step of a move: an object that was written meanwhile is another one, and stays.
  const bool moved = change.claim.id() != 0;
  if (moved && change.current->metadata.generation != change.claim.source().metadata.generation) change.finished = true;
  return {};
}

Status ChangeSteps::prepare_claim(Change& change) {
  if (!change.current) {
    if (change.damaged) return disk::unsound(*change.damaged, change.name.uname);
    return make_status(Code::kObjectNotFound, "object %s does not exist", change.name.uname.c_str());
  }
  change.claim.source_ = context_.make_open_object(std::move(*change.current), mountpath_.index);
  change.current.reset();
  change.finished = true;
  return {};
}

Status ChangeSteps::prepare_custom(Change& change) {
  if (!change.current) return make_status(Code::kObjectNotFound, "object %s does not exist", change.name.uname.c_str());
  meta::ObjectMetadata& metadata = change.result.metadata;
  metadata = change.current->metadata;
  if (change.replace_all) metadata.custom.clear();
  for (auto& [key, value] : change.pairs) {
    auto same_key = [&key = key](const auto& pair) { return pair.first == key; };
    auto existing = std::find_if(metadata.custom.begin(), metadata.custom.end(), same_key);
    if (existing != metadata.custom.end()) {
      existing->second = value;
    } else {
      metadata.custom.emplace_back(key, value);
    }
  }
  AIS_RETURN_IF_ERROR(check_custom(metadata.custom));
  AIS_TRY(metadata.generation, context_.generations.next(metadata.generation));
  return {};
}

Status ChangeSteps::prepare_rename(Change& change) {
  if (!change.current) return make_status(Code::kObjectNotFound, "object %s does not exist", change.name.uname.c_str());
  meta::Generation floor = change.current->metadata.generation;
  AIS_TRY(std::optional<disk::ObjectFile> target,
          context_.find_object(*change.to_bucket, change.to.view(), sys::FileSystem::Lookup::kBlocking));
  bool plain = !change.current->location.hashed && disk::is_plain_path(change.to.object());
  if (target) {
    target->close();
    context_.judge_content(change.to.digest, *target);
    // An unsound file in the way is set aside by the path that copies.
    plain = plain && !target->location.hashed && target->sound.ok();
    floor = std::max(floor, target->metadata.generation);
  }
  if (!plain) return make_status(kRenameNeedsCopy, "rename of %s needs a copy", change.name.uname.c_str());
  change.result.metadata = change.current->metadata;
  change.result.replaced = target.has_value();
  AIS_TRY(change.result.metadata.generation, context_.generations.next(floor));
  return {};
}

// --- names change ----------------------------------------------------------------------------------------------------------------

void ChangeSteps::publish(Change& change, ParentDirectories& parents) {
  Status status;
  switch (change.kind) {
    case ChangeKind::kPut: status = publish_put(change, parents); break;
    case ChangeKind::kRemove: status = publish_remove(change, parents); break;
    case ChangeKind::kSetCustom: status = publish_custom(change); break;
    case ChangeKind::kRename: status = publish_rename(change, parents); break;
    case ChangeKind::kClaim:
    case ChangeKind::kBarrier:
    case ChangeKind::kTask: break;
  }
  change.finished = true;
  if (status.ok()) {
    change.published = true;
  } else {
    change.status = std::move(status);
  }
}

Status ChangeSteps::publish_put(Change& change, ParentDirectories& parents) {
  context_.counters.commits.fetch_add(1, std::memory_order_relaxed);
  if (!change.present()) return publish_new(change, parents);
  // A damaged file keeps a name all the time: first it gets one in %bad, then the new object takes its old one.
  if (change.damaged) AIS_RETURN_IF_ERROR(put_aside(change, parents));
  const disk::ObjectLocation& location = change.present()->location;
  int directory = parents.open(*change.bucket, location, Missing::kFail);
  int error = directory < 0 ? directory : change.body.file.publish_over(directory, leaf_text(location).c_str());
  if (error < 0) return context_.io_error(mountpath_, -error, "publish " + change.name.uname);
  AIS_FAULT_POINT("put.after_rename");
  change.sync_directory = directory;
  if (change.damaged) change.sync_file = change.body.file.fd();
  return {};
}

Status ChangeSteps::publish_new(Change& change, ParentDirectories& parents) {
  int error = -EEXIST;
  if (disk::is_plain_path(change.name.object())) {
    error = try_publish_at(change, {.hashed = false, .path = std::string(change.name.object())}, parents);
  }
  if (is_collision(error)) {
    change.result.metadata.true_name = change.name.object();
    AIS_RETURN_IF_ERROR(change.body.file.set_metadata(change.result.metadata));
    error = try_publish_at(change, {.hashed = true, .path = disk::hashed_path(change.name.uname)}, parents);
  }
  if (error < 0) return context_.io_error(mountpath_, -error, "publish " + change.name.uname);
  AIS_FAULT_POINT("put.after_link");
  change.sync_file = change.body.file.fd();
  return {};
}

int ChangeSteps::try_publish_at(Change& change, const disk::ObjectLocation& location, ParentDirectories& parents) {
  for (int attempt = 0;; ++attempt) {
    int directory = parents.open(*change.bucket, location, Missing::kMake);
    int error = directory < 0 ? directory : change.body.file.publish_new(directory, leaf_text(location).c_str());
    if (error == -ENOENT && attempt == 0) {  // the directory was removed as empty after we opened it
      parents.forget(*change.bucket, location);
      continue;
    }
    if (error == 0) change.sync_directory = directory;
    return error;
  }
}

Status ChangeSteps::publish_remove(Change& change, ParentDirectories& parents) {
  context_.counters.deletes.fetch_add(1, std::memory_order_relaxed);
  if (change.damaged) AIS_RETURN_IF_ERROR(put_aside(change, parents));
  const disk::ObjectLocation& location = change.present()->location;
  int directory = parents.open(*change.bucket, location, Missing::kFail);
  AIS_FAULT_POINT("delete.before_unlink");
  const bool has_left = change.damaged && change.damaged->fd() < 0;
  int error = directory < 0 || has_left ? directory : context_.files.unlink_at(directory, leaf_text(location).c_str(), 0);
  if (error < 0) return context_.io_error(mountpath_, -error, "remove " + change.name.uname);
  AIS_FAULT_POINT("delete.after_unlink");
  change.sync_directory = directory;
  parents.remove_empty(*change.bucket, location);
  return {};
}

Status ChangeSteps::publish_custom(Change& change) {
  meta::ObjectMetadata& metadata = change.result.metadata;
  AIS_TRY(std::string bytes, metadata.encode());
  AIS_FAULT_POINT("custom.before_xattr");
  // One xattr is replaced as a whole, or not at all: the filesystem's journal sees to that. Readers that have the file open
  // keep the metadata they read.
  const int fd = change.current->fd();
  int error = context_.files.fset_xattr(fd, disk::kMetadataXattr, bytes.data(), bytes.size());
  if (exceeds_xattrs(error) && change.current->location.hashed) {
    // The second copy of the name makes room, as for a put. Where that does not help it comes back.
    (void)context_.files.fset_xattr(fd, disk::kNameXattr, "", 0);
    error = context_.files.fset_xattr(fd, disk::kMetadataXattr, bytes.data(), bytes.size());
    if (error < 0) (void)context_.files.fset_xattr(fd, disk::kNameXattr, metadata.true_name.data(), metadata.true_name.size());
  }
  if (error < 0) return metadata_refused(context_, mountpath_, fd, error, bytes.size(), "set metadata of " + change.name.uname);
  AIS_FAULT_POINT("custom.after_xattr");
  change.sync_file = change.current->fd();
  return {};
}

Status ChangeSteps::publish_rename(Change& change, ParentDirectories& parents) {
  const disk::ObjectLocation& from = change.current->location;
  disk::ObjectLocation to{.hashed = false, .path = std::string(change.to.object())};
  AIS_FAULT_POINT("rename.before_xattr");
  // The generation rises under the old name first: at a crash here the object is only newer than it need be.
  AIS_RETURN_IF_ERROR(publish_custom(change));
  AIS_FAULT_POINT("rename.before_rename");
  int to_directory = parents.open(*change.to_bucket, to, Missing::kMake);
  int from_directory = to_directory < 0 ? to_directory : parents.open(*change.bucket, from, Missing::kFail);
  int error = from_directory;
  if (error >= 0) error = context_.files.rename_at(from_directory, leaf_text(from).c_str(), to_directory, leaf_text(to).c_str(), 0);
  if (is_collision(error) || error == -ENOENT) {
    return make_status(kRenameNeedsCopy, "rename of %s needs a copy", change.name.uname.c_str());
  }
  if (error < 0) return context_.io_error(mountpath_, -error, "rename " + change.name.uname);
  AIS_FAULT_POINT("rename.after_rename");
  change.sync_directory = to_directory;
  change.sync_directory_too = from_directory;
  parents.remove_empty(*change.bucket, from);
  return {};
}

Status ChangeSteps::put_aside(Change& change, ParentDirectories& parents) {
  const std::string name = unique_name(context_, "torn");
  const disk::ObjectFile& damaged = *change.damaged;
  int error = 0;
  if (damaged.fd() >= 0) {
    error = context_.files.link_open_file(damaged.fd(), mountpath_.bad_fd, name.c_str());
  } else {
    const int directory = parents.open(*change.bucket, damaged.location, Missing::kFail);
    error = directory;
    if (directory >= 0)
      error = context_.files.rename_at(directory, leaf_text(damaged.location).c_str(), mountpath_.bad_fd, name.c_str(), 0);
  }
  if (error < 0) return context_.io_error(mountpath_, -error, "set aside " + change.name.uname);
  change.sync_directory_too = mountpath_.bad_fd;
  AIS_FAULT_POINT("aside.after_link");
  mountpath_.damage.forget(change.name.digest);
  AIS_ERROR("store", "%s: %s; kept as %s/%s/%s", change.name.uname.c_str(), change.damaged->sound.message().c_str(),
            mountpath_.path.c_str(), disk::kBadDirectory, name.c_str());
  return {};
}

}  // namespace ais::store
