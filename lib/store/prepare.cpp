// The first phase of a batch: everything that can be decided and written before the object's name is touched.
#include <algorithm>

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

}  // namespace

void Committer::prepare(Change& change) {
  Status status;
  if (change.bucket->retired || (change.to_bucket && change.to_bucket->retired)) {
    status = make_status(Code::kBucketNotFound, "bucket %s was destroyed", change.bucket->uname.c_str());
  } else if (is_abandoned(change)) {
    status = make_status(Code::kConnectionClosed, "nobody waits for the change of %s any more", change.name.uname.c_str());
  } else {
    status = find_current(change);
  }
  if (status.ok()) status = check_condition(change);
  if (status.ok()) {
    switch (change.kind) {
      case Change::Kind::kPut: status = prepare_put(change); break;
      case Change::Kind::kRemove: status = prepare_remove(change); break;
      case Change::Kind::kSetCustom: status = prepare_custom(change); break;
      case Change::Kind::kRename: status = prepare_rename(change); break;
      case Change::Kind::kClaim: status = prepare_claim(change); break;
      case Change::Kind::kSettle: change.finished = true; break;
      case Change::Kind::kTask: break;
    }
  }
  if (status.ok()) return;
  change.status = std::move(status);
  change.finished = true;
}

Status Committer::find_current(Change& change) {
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
  const bool replaces = change.kind == Change::Kind::kPut || change.kind == Change::Kind::kRemove;
  if (change.kind == Change::Kind::kSettle) return {};
  if (replaces && change.damaged->sound.code() != Code::kUnsupported) return {};
  return disk::unsound(*change.damaged, change.name.uname);
}

Status Committer::check_condition(const Change& change) const {
  if (!change.terms.condition) return {};
  if (change.damaged) return disk::unsound(*change.damaged, change.name.uname);  // what it says of itself is not known
  const disk::ObjectFile* current = change.current ? &*change.current : nullptr;
  // Only a put can make an object where there is none; for the others its absence is the answer.
  if (!current && change.kind != Change::Kind::kPut) return {};
  if (change.terms.condition->allows_change(current ? &current->metadata : nullptr, current ? current->mtime_ns : 0)) return {};
  return make_status(Code::kPreconditionFailed, "precondition failed: %s", change.name.uname.c_str());
}

Status Committer::prepare_put(Change& change) {
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

Status Committer::build_metadata(Change& change) {
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

Status Committer::write_body(Change& change) {
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

Status Committer::prepare_remove(Change& change) {
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

Status Committer::prepare_claim(Change& change) {
  if (!change.current) {
    if (change.damaged) return disk::unsound(*change.damaged, change.name.uname);
    return make_status(Code::kObjectNotFound, "object %s does not exist", change.name.uname.c_str());
  }
  change.claim.source_ = context_.make_open_object(std::move(*change.current), mountpath_.index);
  change.current.reset();
  change.finished = true;
  return {};
}

Status Committer::prepare_custom(Change& change) {
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

Status Committer::prepare_rename(Change& change) {
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

}  // namespace ais::store
