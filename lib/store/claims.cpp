#include "store/claims.h"

#include <algorithm>
#include <iterator>

#include "store/change.h"
#include "store/committer.h"

namespace ais::store {
namespace {

/// Whether the outcome depends on the object that is there, so that a move of it must have ended one way or the other.
bool depends_on_present(const Change& change) {
  switch (change.kind) {
    case ChangeKind::kPut: return change.terms.condition || change.options.only_over;
    case ChangeKind::kRemove:
    case ChangeKind::kSetCustom:
    case ChangeKind::kRename:
    case ChangeKind::kClaim: return true;
    case ChangeKind::kBarrier:
    case ChangeKind::kTask: return false;
  }
  return false;
}

}  // namespace

Claims::Verdict Claims::judge(const Change& change) const {
  if (claims_.empty() || change.kind == ChangeKind::kTask) return Verdict::kGo;
  const auto held = claims_.find(change.name.digest);
  const bool own = held != claims_.end() && change.claim.id() == held->second.id;
  if (held != claims_.end() && !own) {
    if (change.kind == ChangeKind::kPut && change.options.part_of_move) return Verdict::kTargetBusy;
    if (depends_on_present(change)) return Verdict::kWait;
  }
  const bool onto_claimed = change.kind == ChangeKind::kRename && claims_.contains(change.to.digest);
  return onto_claimed ? Verdict::kTargetBusy : Verdict::kGo;
}

uint64_t Claims::add(const Change& change) {
  Claim& claim = claims_[change.name.digest];
  claim.id = next_id_++;
  return claim.id;
}

ChangePtr Claims::wait(ChangePtr change, int64_t now_ns) {
  const uint64_t bytes = change->body.memory.size;
  if (waiting_ >= kWaitingMax || waiting_bytes_ + bytes > kWaitingBytesMax) return change;
  ++waiting_;
  waiting_bytes_ += bytes;
  // What waits for a second move in a row has not become younger.
  if (change->waiting_since_ns == 0) change->waiting_since_ns = now_ns;
  claims_[change->name.digest].waiting.push_back(std::move(change));
  return nullptr;
}

void Claims::forget(const std::vector<ChangePtr>& changes) {
  waiting_ -= changes.size();
  for (const ChangePtr& change : changes) waiting_bytes_ -= change->body.memory.size;
}

std::vector<ChangePtr> Claims::remove(uint64_t digest, uint64_t id) {
  const auto held = claims_.find(digest);
  if (held == claims_.end() || held->second.id != id) return {};
  std::deque<ChangePtr>& waiting = held->second.waiting;
  std::vector<ChangePtr> freed(std::make_move_iterator(waiting.begin()), std::make_move_iterator(waiting.end()));
  forget(freed);
  claims_.erase(held);
  return freed;
}

std::optional<int64_t> Claims::next_expiry_ns() const {
  if (waiting_ == 0) return std::nullopt;
  std::optional<int64_t> first;
  for (const auto& [digest, claim] : claims_) {
    for (const ChangePtr& change : claim.waiting) first = std::min(first.value_or(change->waiting_since_ns), change->waiting_since_ns);
  }
  if (first) *first += kWaitMax.count();
  return first;
}

std::vector<ChangePtr> Claims::take_expired(int64_t now_ns) {
  std::vector<ChangePtr> expired;
  for (auto& [digest, claim] : claims_) {
    const auto first = std::stable_partition(claim.waiting.begin(), claim.waiting.end(), [now_ns](const ChangePtr& change) {
      return change->waiting_since_ns + kWaitMax.count() > now_ns;
    });
    expired.insert(expired.end(), std::make_move_iterator(first), std::make_move_iterator(claim.waiting.end()));
    claim.waiting.erase(first, claim.waiting.end());
  }
  forget(expired);
  return expired;
}

std::vector<ChangePtr> Claims::take_waiting() {
  std::vector<ChangePtr> all;
  for (auto& [digest, claim] : claims_) {
    all.insert(all.end(), std::make_move_iterator(claim.waiting.begin()), std::make_move_iterator(claim.waiting.end()));
    claim.waiting.clear();
  }
  forget(all);
  return all;
}

MoveClaim::MoveClaim(MoveClaim&& other) noexcept
    : committer_(std::exchange(other.committer_, nullptr)), digest_(other.digest_), id_(other.id_), source_(std::move(other.source_)) {}

MoveClaim& MoveClaim::operator=(MoveClaim&& other) noexcept {
  if (this == &other) return *this;
  release();
  committer_ = std::exchange(other.committer_, nullptr);
  digest_ = other.digest_;
  id_ = other.id_;
  source_ = std::move(other.source_);
  return *this;
}

void MoveClaim::release() {
  if (Committer* committer = std::exchange(committer_, nullptr)) committer->end_claim(digest_, id_);
  id_ = 0;
}

}  // namespace ais::store
