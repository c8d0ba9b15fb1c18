#include "ais-target/operations/list.h"

#include <algorithm>
#include <atomic>

#include "api/object_attributes.h"
#include "async/offload.h"
#include "base/strings.h"
#include "meta/placement.h"
#include "sys/random.h"

namespace ais::target {
namespace {

// Names that a walk holds in memory: larger directories are read more than once.
constexpr size_t kWalkWindowBytes = 4 * kMiB;

// Whether an object is where reads look for it: an object stays where it is when the cluster map or the mountpaths change.
class Places {
 public:
  Places(const TargetContext& target, const meta::Bucket& bucket)
      : target_(target), smap_(target.daemon.cluster().copy().smap), uname_(bucket.uname()), bucket_size_(uname_.size()) {}
  uint16_t of(const disk::ObjectWalker::Entry& entry) {
    if (entry.is_directory) return 0;
    uname_.resize(bucket_size_);
    const uint64_t digest = meta::placement_digest(uname_.append(entry.name));
    const meta::Node* owner = smap_->owner(digest);
    if (owner != nullptr && owner->id != target_.node_id) return api::kEntryMisplacedNode;
    return target_.store.mountpath_of(digest) == entry.mountpath_index ? 0 : api::kEntryMisplacedMountpath;
  }
  uint64_t map_version() const { return smap_->version; }

 private:
  const TargetContext& target_;
  const meta::ClusterMapPtr smap_;
  std::string uname_;  // of the bucket, then of the last object asked for
  const size_t bucket_size_;
};

// Listings of one key return the same entries in the same form.
std::string listing_key(const meta::Bucket& bucket, const api::ListRequest& request, uint64_t map_version) {
  const api::ListRequest::Wanted wanted = request.wanted();
  // With the lengths, since texts of clients may have any bytes.
  const std::string shape =
      format("%llu %llu %d %zu %zu", static_cast<unsigned long long>(map_version), static_cast<unsigned long long>(request.flags),
             wanted.metadata(), request.props.size(), request.time_format.size());
  return bucket.uname() + "\n" + shape + "\n" + request.props + "\n" + request.time_format + "\n" + request.prefix;
}

Status check_flags(const api::ListRequest& request, const meta::Bucket& bucket) {
  if (request.flags & api::kListArchiveDirectory) return missing_feature("listing of archives");
  if (request.flags & api::kListNotCached)
    return Status(Code::kInvalid, "cannot list remote-only objects: " + bucket.cname() + " is not a remote bucket");
  if (request.flags & (api::kListDiff | api::kListInventory))
    return Status(Code::kNotRemoteBucket, "list: expecting remote bucket (have " + bucket.cname() + ")");
  return {};
}

std::unique_ptr<StandingListing> resume_or_walk(TargetContext& target, const ListQuery& query, const std::string& key) {
  const uint64_t changes = target.store.bucket_changes(query.bucket.uname());
  // A first page begins a listing, whatever id it comes with.
  const std::string list_id = query.request.continuation_token.empty() ? "" : query.request.uuid;
  if (auto kept = target.walkers.take(key, query.request.after(), list_id, changes)) return kept;
  disk::WalkOptions options;
  options.prefix = query.request.prefix;
  options.after = query.request.after();
  options.non_recursive = (query.request.flags & api::kListNoRecursion) != 0;
  options.enter_named_directory = (query.request.flags & api::kListCallerIsS3) == 0;
  options.with_metadata = query.request.wanted().metadata();
  options.window_bytes_max = kWalkWindowBytes;
  auto listing = std::make_unique<StandingListing>();
  listing->from = query.request.after();
  listing->list_id = query.request.uuid;
  listing->changes = changes;
  listing->walker = target.store.walk(query.bucket, std::move(options));
  return listing;
}

// Entries that an earlier page returned and the caller did not use. Returns how many of them are used up now.
size_t replay(const StandingListing& listing, const api::ListRequest& request, api::PageWriter& page, std::string& last_name) {
  const auto& items = listing.recent.items;
  const auto behind = [](const std::string& token, const api::EncodedPage::Item& item) { return token < item.name; };
  size_t next = static_cast<size_t>(std::upper_bound(items.begin(), items.end(), request.after(), behind) - items.begin());
  while (next < items.size() && page.count() < request.page_size) {
    page.add_encoded(items[next].encoded);
    last_name = items[next++].name;
  }
  return next;
}

Status walk_on(StandingListing& listing, const api::ListRequest& request, const EntryFormat& format, Places& places, api::PageWriter& page,
               std::string& last_name) {
  const bool skip_directories = (request.flags & api::kListNoDirectories) != 0;
  while (!listing.ended && page.count() < request.page_size) {
    AIS_TRY(const std::optional<disk::ObjectWalker::Entry> entry, listing.walker->next());
    listing.ended = !entry;
    if (!entry || (entry->is_directory && skip_directories)) continue;
    write_entry(page.begin_entry(), *entry, format, places.of(*entry));
    if (page.count() == request.page_size) last_name = entry->name;
  }
  return {};
}

// Keeps the entries of `page`, and those of before that it had no room for.
Status keep(TargetContext& target, std::string key, const ListQuery& query, std::unique_ptr<StandingListing> listing,
            const std::string& page, size_t used_up) {
  std::string bytes = page;
  if (used_up < listing->recent.items.size()) {
    AIS_TRY(const api::EncodedPage fresh, api::EncodedPage::parse(std::move(bytes)));
    api::PageWriter all(query.request.uuid);
    for (const auto& item : fresh.items) all.add_encoded(item.encoded);
    for (size_t i = used_up; i < listing->recent.items.size(); ++i) all.add_encoded(listing->recent.items[i].encoded);
    bytes = all.finish("", 0);
  }
  AIS_TRY(listing->recent, api::EncodedPage::parse(std::move(bytes)));
  listing->from = query.request.after();
  listing->list_id = query.request.uuid;
  target.walkers.put(std::move(key), std::move(listing));
  return {};
}

// Blocks: a page is made in one visit to a pool thread.
Result<ListingPage> make_page(TargetContext& target, const ListQuery& query) {
  const api::ListRequest& request = query.request;
  const EntryFormat entry_format{request.wanted(), request.time_format, target.locations};
  Places places(target, query.bucket);
  std::string key = listing_key(query.bucket, request, places.map_version());
  std::unique_ptr<StandingListing> listing = resume_or_walk(target, query, key);
  api::PageWriter page(request.uuid);
  ListingPage result;
  const size_t used_up = replay(*listing, request, page, result.last_name);
  if (used_up == listing->recent.items.size())
    AIS_RETURN_IF_ERROR(walk_on(*listing, request, entry_format, places, page, result.last_name));
  const uint32_t count = page.count();
  if (count < request.page_size) result.last_name.clear();
  result.bytes = page.finish(result.last_name, 0);
  if (count > 0) AIS_RETURN_IF_ERROR(keep(target, std::move(key), query, std::move(listing), result.bytes, used_up));
  return result;
}

// Listings of one target share the pools of all its mountpaths evenly.
sys::ThreadPool& next_pool(TargetContext& target) {
  static std::atomic<uint32_t> turn{0};
  return target.store.pool(turn.fetch_add(1, std::memory_order_relaxed) % static_cast<uint32_t>(target.mountpaths.size()));
}

}  // namespace

void write_entry(codec::MsgpackWriter& out, const disk::ObjectWalker::Entry& entry, const EntryFormat& format, uint16_t place) {
  api::ListEntryView shown;
  shown.name = entry.name;
  if (entry.is_directory) {
    shown.flags = api::kEntryDirectory;
    return shown.encode(out);
  }
  const api::ListRequest::Wanted& wanted = format.wanted;
  std::string atime, custom;
  if (const meta::ObjectMetadata* metadata = entry.metadata) {
    if (wanted.checksum) shown.checksum = metadata->checksum.value;
    if (wanted.atime) shown.atime = atime = api::format_go_time(metadata->atime_ns, format.time_layout);
    if (wanted.version) shown.version = metadata->version;
    if (wanted.custom) shown.custom = custom = api::custom_text(metadata->custom);
    if (wanted.size) shown.size = static_cast<int64_t>(metadata->size);
  }
  if (wanted.location) shown.location = format.locations[entry.mountpath_index];
  if (wanted.copies && !entry.is_damaged) shown.copies = 1;
  shown.flags = static_cast<uint16_t>(place | api::kEntryPresent | (entry.is_damaged ? api::kEntryHeadFailed : 0));
  shown.encode(out);
}

async::Task<Result<ListingPage>> list(TargetContext& target, ListQuery query) {
  const int64_t begin = target.monotonic_ns();
  AIS_CO_RETURN_IF_ERROR(check_flags(query.request, query.bucket));
  if (query.request.page_size == 0) query.request.page_size = api::kListPageMax;
  if (query.request.uuid.empty()) query.request.uuid = sys::Random().identifier(11);
  auto make = [&] { return make_page(target, query); };
  uint64_t buckets_version = target.daemon.cluster().snapshot().bmd->version;
  Result<ListingPage> page = co_await async::offload(next_pool(target), make);
  // Destroyed, and maybe made again, while it was read: once more for each change of the buckets.
  while (page.code() == Code::kBucketNotFound && target.daemon.cluster().snapshot().bmd->version != buckets_version) {
    buckets_version = target.daemon.cluster().snapshot().bmd->version;
    if (!target.knows_bucket(query.bucket.uname())) break;
    co_await target.settle_buckets();
    page = co_await async::offload(next_pool(target), make);
  }
  // A bucket that is known and has no directories on a mountpath is not absent.
  if (page.code() == Code::kBucketNotFound && target.knows_bucket(query.bucket.uname()))
    co_return Status(Code::kUnavailable, target.node_name + ": " + page.status().message() + " yet");
  if (!page.ok()) co_return page.status();
  target.count(kListCount);
  target.count(kListNanoseconds, target.monotonic_ns() - begin);
  co_return std::move(*page);
}

}  // namespace ais::target
