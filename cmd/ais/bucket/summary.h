// Summaries of what is below a bucket or prefix: counted over the listing, page by page, in bounded memory. Loop thread only.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "ais/bucket/list_filter.h"
#include "ais/command/invocation.h"
#include "meta/bucket.h"

namespace ais::cli {

struct Summary {
  meta::ObjectUri place;
  uint64_t objects = 0, bytes = 0;
  uint64_t smallest = 0, largest = 0;
  uint64_t damaged = 0;    // further objects, whose size is not known
  uint64_t misplaced = 0;  // of all these, those that lie where reads do not look for them
  uint64_t average() const { return objects == 0 ? 0 : bytes / objects; }
  void add(uint64_t size) {
    smallest = objects == 0 ? size : std::min(smallest, size);
    largest = std::max(largest, size);
    ++objects;
    bytes += size;
  }
};

/// "3 objects are damaged ...": for the error output behind a listing.
std::string damage_text(uint64_t objects);
/// Likewise of objects that lie where reads do not look for them.
std::string misplaced_text(uint64_t objects);

/// Lists the place and counts the objects that the filter wants; with `place.object` as prefix.
async::Task<Result<Summary>> summarize(Invocation& invocation, meta::ObjectUri place, const ListFilter& filter);
/// A table with a row for each and one for all together, or JSON.
void print_summaries(Invocation& invocation, const std::vector<Summary>& summaries);

/// Summaries of all these places, one after the other, printed. The first error ends it.
async::Task<Status> summarize_all(Invocation& invocation, std::vector<meta::ObjectUri> places, const ListFilter& filter);

}  // namespace ais::cli
