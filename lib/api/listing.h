// List-objects: the request (LsoMsg) and the page (rest-api 2.6). Gateways merge the pages of targets by splicing encoded
// entries, so a page is kept as MessagePack and decoded only for JSON answers and tools.
//
// Names, prefixes and custom properties are bytes, whatever they mean. MessagePack carries them as they are, in both directions; JSON only
// what is UTF-8. Tokens are always UTF-8, since they travel back through other people's JSON.
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
  kListCallerIsS3 = 1 << 14,  // a prefix is a string and names no directory: "a" gives "a/" with kListNoRecursion, not what is in it
  kListInventory = 1 << 15,
};

/// The low five bits of an entry's flags are a number, 0 where a read finds the object; the others are bits.
enum EntryFlags : uint16_t {
  kEntryStatusMask = 31,
  kEntryMisplacedNode = 1,       // on a target that does not own its name (any more): a read asks the owner and does not find it
  kEntryMisplacedMountpath = 2,  // likewise, on another mountpath of its target
  kEntryPresent = 1 << 6,
  kEntryInArchive = 1 << 7,
  kEntryDirectory = 1 << 8,
  kEntryArchive = 1 << 9,
  kEntryHeadFailed = 1 << 12,  // the object is there, its metadata cannot be read or believed
};

/// Whether an entry with these flags is of an object that reads do not find where it lies.
constexpr bool is_misplaced(uint16_t flags) {
  const int status = flags & kEntryStatusMask;
  return status == kEntryMisplacedNode || status == kEntryMisplacedMountpath;
}

constexpr uint64_t kListPageMax = 10000;

/// The continuation token that stands for the last name of a page: the name itself where it is UTF-8 without control characters, else
/// "~/" and the percent-encoded name. No object's name begins with "~/".
std::string token_of_name(std::string_view name);
/// The name behind a token; kInvalid when it begins with "~/" and has a broken escape.
Result<std::string> name_of_token(std::string_view token);

struct ListRequest {
  std::string uuid;
  std::string continuation_token;  // as on the wire; continue_behind() sets it for a name
  std::string prefix;
  std::string start_after;
  std::string props;
  uint64_t page_size = 0;  // 0 = kListPageMax
  uint64_t flags = 0;
  std::string time_format;
  std::string target;

  /// kInvalid on wrong types, bad prefix, broken token, texts that are too long; a page size beyond the maximum is cut to it.
  static Result<ListRequest> read_json(codec::JsonView in);
  /// The message's value in MessagePack, for action_body().
  std::string to_msgpack() const;

  void continue_behind(std::string_view name) {
    continuation_token = token_of_name(name);
    position_ = name;
  }
  /// Exclusive lower bound of names, of a request that was read or given to continue_behind(): that of the token, else start_after.
  const std::string& after() const { return continuation_token.empty() ? start_after : position_; }
  /// What of an object is asked for, by flags and props together. Its name and its flag word every entry has.
  struct Wanted {
    bool size = false, version = false, checksum = false, atime = false, status = false, copies = false, custom = false, location = false;
    /// True when metadata must be read from disk.
    bool metadata() const { return size || version || checksum || atime || custom || status; }
  };
  Wanted wanted() const;

 private:
  std::string position_;  // the name behind continuation_token
};

/// An entry of a page: the one definition of its fields on the wire, for those who write it (`Text` a view: nothing is copied) and those
/// who read it. A field that is empty or 0 is left out. On the wire, MessagePack and JSON, in this order:
///   n name, cs checksum, a atime, v version, t location, m custom-md, s size, c copies, f flags
template <typename Text>
struct BasicListEntry {
  Text name{}, checksum{}, atime{}, version{}, location{}, custom{};
  int64_t size = 0;
  int64_t copies = 0;
  uint16_t flags = 0;  // EntryFlags
  /// Appends the entry's MessagePack map.
  void encode(codec::MsgpackWriter& out) const;
  /// Appends the JSON object. kNotAcceptable when JSON cannot carry a text.
  Status write_json(codec::JsonWriter& out) const;
  /// Fields that are not known are skipped; kInvalid on anything else but an entry with a name.
  static Result<BasicListEntry> decode(std::string_view encoded);
};
using ListEntry = BasicListEntry<std::string>;
using ListEntryView = BasicListEntry<std::string_view>;

/// A page whose entries are still encoded; views into `bytes`.
struct EncodedPage {
  std::string bytes;
  std::string uuid;
  std::string continuation_token;  // opaque to clients; see name_of_token
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

/// False when the page says that there are more names and its token is not behind that of the request: who goes on would never end.
bool advances(const ListRequest& request, const EncodedPage& page);

/// Writes a page: header, then `count` encoded entries given in order.
class PageWriter {
 public:
  explicit PageWriter(std::string_view uuid);
  void add_encoded(std::string_view entry);
  codec::MsgpackWriter& begin_entry();  // write one entry map through it
  uint32_t count() const { return count_; }
  size_t size_bytes() const { return entries_.size(); }
  /// The finished page. `last_name` is where the next page goes on, "" at the end; the page carries its token.
  std::string finish(std::string_view last_name, uint32_t flags);

 private:
  std::string uuid_;
  std::string entries_;
  codec::MsgpackWriter writer_{entries_};
  uint32_t count_ = 0;
};

/// The JSON form of a page. kNotAcceptable when an entry has a name or another text that JSON cannot carry.
Result<std::string> page_to_json(const EncodedPage& page);

/// The layout of RFC 3339, to the nanosecond where there is one: for programs.
constexpr std::string_view kRfc3339 = "2006-01-02T15:04:05.999999999Z07:00";
/// Formats a time by a Go layout ("02 Jan 06 15:04 MST" when empty) in the local zone.
std::string format_go_time(int64_t unix_ns, std::string_view layout);

}  // namespace ais::api
