// ListingWalkers: listings between two pages, so that the next page goes on where the last one ended.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>

#include "api/listing.h"
#include "base/units.h"
#include "store/object_store.h"
#include "sys/clock.h"

namespace ais::target {

/// A listing that stands still. A gateway merges the pages of many targets and seldom uses up all of one, so the entries returned
/// last are kept with the walker: the next page may begin anywhere among them.
struct StandingListing {
  std::unique_ptr<disk::ObjectWalker> walker;
  std::string from;         // `recent` holds every name behind this one ...
  api::EncodedPage recent;  // ... up to where the walker stands
  bool ended = false;       // the walker has no more names
  std::string list_id;      // of the client's listing
  uint64_t changes = 0;     // ObjectStore::bucket_changes from before the walk began

  bool covers(const std::string& token) const {
    return token >= from && (recent.items.empty() ? token == from : token <= recent.items.back().name);
  }
};

/// A bounded set of them. Losing one costs time only: the page starts anew from its token. Thread-safe.
///
/// What a walker read ahead may be older than a change that was acknowledged meanwhile. The listing that it belongs to may show either;
/// another one, which began later, must show the change. So another one may go on with it only while the bucket has not changed: that is
/// for clients that send no listing id.
class ListingWalkers {
 public:
  static constexpr size_t kWalkersMax = 8;

  explicit ListingWalkers(sys::Clock& clock) : clock_(clock) {}

  /// A listing of the shape `key` that can go on behind `token`, of the listing `list_id` ("": none) or of a bucket that still is at
  /// `changes`; whoever takes it has it alone. nullptr: make a new one.
  std::unique_ptr<StandingListing> take(const std::string& key, const std::string& token, const std::string& list_id, uint64_t changes);
  /// Keeps a listing. The one not used for longest makes room.
  void put(std::string key, std::unique_ptr<StandingListing> listing);
  /// Drops those not used for `idle_time`. Destroying a walker may block on the disk: not on a loop.
  void drop_idle(Nanoseconds idle_time);
  size_t size() const;

 private:
  struct Kept {
    std::string key;
    std::unique_ptr<StandingListing> listing;
    int64_t used_ns = 0;
  };
  sys::Clock& clock_;
  mutable std::mutex mutex_;
  std::list<Kept> kept_;  // guarded by mutex_; the least recently used first
};

}  // namespace ais::target
