// List-objects: the request (LsoMsg) and the page (rest-api 2.6). Gateways merge the pages of targets by splicing encoded
// entries, so a page is kept as MessagePack and decoded only for JSON answers and tools.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "codec/json.h"
#include "codec/msgpack.h"

namespace ais::api {

enum ListFlags : uint64_t {
  kListCached = 1 << 0,
  kListMissing = 1 << 1,
  kListDeleted = 1 << 2,
  kListArchiveDirectory = 1 << 3,
  kListNameOnly = 1 << 4,
  kListNameSize = 1 << 5,
  kListBucketPresent = 1 << 6,
  kListDontHeadRemote = 1 << 7,
  kListDontAddRemote = 1 << 8,
  kListNotCached = 1 << 9,
  kListInternal = 1 << 10,
  kListNoRecursion = 1 << 11,
  kListDiff = 1 << 12,
  kListNoDirectories = 1 << 13,
  kListCallerIsS3 = 1 << 14,
  kListInventory = 1 << 15,
};

enum EntryFlags : uint16_t {
  kEntryPresent = 1 << 6,
  kEntryInArchive = 1 << 7,
  kEntryDirectory = 1 << 8,
  kEntryArchive = 1 << 9,
};

constexpr uint64_t kListPageMax = 10000;

struct ListRequest {
  std::string uuid;
  std::string continuation_token;
  std::string prefix;
  std::string start_after;
  std::string props;
  uint64_t page_size = 0;  // 0 = kListPageMax
  uint64_t flags = 0;
  std::string time_format;
  std::string target;

  /// kInvalid on wrong types, bad prefix, page size beyond the maximum is cut to it.
  static Result<ListRequest> read_json(codec::JsonView in);
  std::string to_json() const;

  /// Exclusive lower bound of names: the larger of token and start_after.
  const std::string& after() const { return continuation_token.empty() ? start_after : continuation_token; }
  /// What of an object is asked for, by the rules of 2.6 (flags and props together).
  struct Wanted {
    bool size = false, version = false, checksum = false, atime = false, status = false, copies = false, custom = false, location = false;
    bool flags = false;  // the entry's flag word
    /// True when metadata must be read from disk.
    bool metadata() const { return size || version || checksum || atime || custom; }
  };
  Wanted wanted() const;
};

struct ListEntry {
  std::string name, checksum, atime, version, location, custom;
  int64_t size = 0;
  int64_t copies = 0;
  uint16_t flags = 0;
  /// Appends the entry's MessagePack map (n first, empty fields left out).
  void encode(codec::MsgpackWriter& out) const;
  static Result<ListEntry> decode(std::string_view encoded);
};

/// A page whose entries are still encoded; views into `bytes`.
struct EncodedPage {
  std::string bytes;
  std::string uuid;
  std::string continuation_token;
  uint32_t flags = 0;
  struct Item {
    std::string_view name;
    std::string_view encoded;
  };
  std::vector<Item> items;
  /// Parses a page of the wire. Items are views into the moved-in text.
  static Result<EncodedPage> parse(std::string text);
  EncodedPage() = default;
  EncodedPage(const EncodedPage&) = delete;
  EncodedPage(EncodedPage&&) = default;  // std::string of a page is never short, so views stay valid
  EncodedPage& operator=(EncodedPage&&) = default;
};

/// Writes a page: header, then `count` encoded entries given in order.
class PageWriter {
 public:
  explicit PageWriter(std::string_view uuid);
  void add_encoded(std::string_view entry);
  codec::MsgpackWriter& begin_entry();  // write one entry map through it
  uint32_t count() const { return count_; }
  size_t size_bytes() const { return entries_.size(); }
  /// The finished page.
  std::string finish(std::string_view continuation_token, uint32_t flags);

 private:
  std::string uuid_;
  std::string entries_;
  codec::MsgpackWriter writer_{entries_};
  uint32_t count_ = 0;
};

/// The JSON form of a page.
Result<std::string> page_to_json(const EncodedPage& page);

/// The layout of RFC 3339, to the nanosecond where there is one: for programs.
constexpr std::string_view kRfc3339 = "2006-01-02T15:04:05.999999999Z07:00";
/// Formats a time by a Go layout ("02 Jan 06 15:04 MST" when empty) in the local zone.
std::string format_go_time(int64_t unix_ns, std::string_view layout);

}  // namespace ais::api
