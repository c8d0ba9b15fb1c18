#include "ais-target/node/listing_walkers.h"

#include <utility>

namespace ais::target {

std::unique_ptr<StandingListing> ListingWalkers::take(const std::string& key, const std::string& token, const std::string& list_id,
                                                      uint64_t changes) {
  std::lock_guard lock(mutex_);
  for (auto it = kept_.begin(); it != kept_.end(); ++it) {
    if (it->key != key || !it->listing->covers(token)) continue;
    const bool same_listing = !list_id.empty() && it->listing->list_id == list_id;
    if (!same_listing && it->listing->changes != changes) continue;
    std::unique_ptr<StandingListing> listing = std::move(it->listing);
    kept_.erase(it);
    return listing;
  }
  return nullptr;
}

void ListingWalkers::put(std::string key, std::unique_ptr<StandingListing> listing) {
  std::list<Kept> dropped;  // destroyed after the lock is gone
  std::lock_guard lock(mutex_);
  while (kept_.size() >= kWalkersMax) dropped.splice(dropped.end(), kept_, kept_.begin());
  Kept kept;
  kept.key = std::move(key);
  kept.listing = std::move(listing);
  kept.used_ns = clock_.monotonic_ns();
  kept_.push_back(std::move(kept));
}

void ListingWalkers::drop_idle(Nanoseconds idle_time) {
  std::list<Kept> dropped;
  std::lock_guard lock(mutex_);
  const int64_t now = clock_.monotonic_ns();
  while (!kept_.empty() && now - kept_.front().used_ns > idle_time.count()) dropped.splice(dropped.end(), kept_, kept_.begin());
}

size_t ListingWalkers::size() const {
  std::lock_guard lock(mutex_);
  return kept_.size();
}

}  // namespace ais::target
