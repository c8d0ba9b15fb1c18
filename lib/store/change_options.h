// What a change of the store's objects asks for, and what comes of it. Values.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "codec/checksum.h"
#include "meta/object_metadata.h"
#include "meta/precondition.h"

namespace ais::store {

/// kImmediate: bytes, metadata and name are on stable storage before the answer. kDelayed: synced within a second. kNever: left to the
/// kernel.
enum class WritePolicy : uint8_t { kImmediate, kDelayed, kNever };

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

}  // namespace ais::store
