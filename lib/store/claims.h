// Claims: names whose object is on its way to another name by copy, on this target or another one.
//
// Between the copy and the removal of the source both names have the object. While its name is claimed, whatever depends on what is
// there (another rename, a removal, custom pairs, a write with a precondition) waits for the end of the move and is decided then. Waiting
// has a limit; and what waited is not done any more once its client has left: what others were promised meanwhile would be undone by
// nobody's wish. A plain write goes on at once: it wins, and the removal spares it. A move onto a name that is claimed itself is refused:
// moves that cross neither wait for each other nor lose an object. Claims live in memory: at a crash there are the old name or both.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/units.h"
#include "store/open_object.h"

namespace ais::store {

class ChangeSteps;
class Committer;
struct Change;
using ChangePtr = std::unique_ptr<Change>;

/// The right to move one object to another name: until it ends, changes that depend on what is there wait. Ends with
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

/// The claims of one mountpath. Not thread-safe: the committer's mutex guards it.
class Claims {
 public:
  /// Changes that wait for the end of a move, all names together; beyond: kTooManyRequests.
  static constexpr size_t kWaitingMax = 128;
  /// Bytes in memory that bodies of waiting writes may hold, all names together; beyond: likewise. All other writes share what is left.
  static constexpr uint64_t kWaitingBytesMax = 2 * kMiB;
  /// A change that has waited so long is answered kUnavailable: a move of a large object, or to a node that hangs, lasts longer
  /// than clients do.
  static constexpr Nanoseconds kWaitMax = std::chrono::seconds(10);

  enum class Verdict { kGo, kWait, kTargetBusy };
  Verdict judge(const Change& change) const;
  bool empty() const { return claims_.empty(); }

  /// Claims the change's name, which nobody holds, and returns what names this claim.
  uint64_t add(const Change& change);
  /// Keeps a change until its name is free; gives it back when there are too many. `now`: monotonic.
  ChangePtr wait(ChangePtr change, int64_t now_ns);
  /// Ends a claim; returns what waited for it, in order. Nothing when `id` does not hold the name any more.
  std::vector<ChangePtr> remove(uint64_t digest, uint64_t id);
  /// When the first of those that wait will have done so for kWaitMax; nullopt: nothing waits.
  std::optional<int64_t> next_expiry_ns() const;
  /// Those that have waited for kWaitMax.
  std::vector<ChangePtr> take_expired(int64_t now_ns);
  /// Everything that waits.
  std::vector<ChangePtr> take_waiting();

 private:
  void forget(const std::vector<ChangePtr>& changes);
  struct Claim {
    uint64_t id = 0;
    std::deque<ChangePtr> waiting;
  };
  std::unordered_map<uint64_t, Claim> claims_;  // by digest of the name
  size_t waiting_ = 0;
  uint64_t waiting_bytes_ = 0;
  uint64_t next_id_ = 1;
};

}  // namespace ais::store
