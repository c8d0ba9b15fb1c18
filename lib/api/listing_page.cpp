// Pages of list-objects: parsing, writing, the JSON form.
#include "api/listing.h"

namespace ais::api {
namespace {

// Longer than any string that is stored inside its object: views into the page then survive moves of the page.
constexpr size_t kPageCapacityMin = 64;

constexpr char kNil = '\xc0';

Result<EncodedPage::Item> read_item(codec::MsgpackReader& in, std::string_view bytes) {
  const size_t begin = in.position();
  EncodedPage::Item item;
  AIS_TRY(const uint32_t pairs, in.map());
  for (uint32_t i = 0; i < pairs; i++) {
    AIS_TRY(const std::string_view key, in.string());
    if (key == "n") {
      AIS_TRY(item.name, in.string());
    } else {
      AIS_RETURN_IF_ERROR(in.skip().status());
    }
  }
  if (item.name.empty()) return Status(Code::kInvalid, "list entry without a name");
  item.encoded = bytes.substr(begin, in.position() - begin);
  return item;
}

Status read_items(codec::MsgpackReader& in, std::string_view bytes, std::vector<EncodedPage::Item>& items) {
  if (in.position() < bytes.size() && bytes[in.position()] == kNil) return in.skip().status();
  AIS_TRY(const uint32_t count, in.array());
  // An entry has at least three bytes: a count beyond that is a lie and must not size an allocation.
  if (count > (bytes.size() - in.position()) / 3) return Status(Code::kInvalid, "more list entries announced than sent");
  items.reserve(count);
  for (uint32_t i = 0; i < count; i++) {
    AIS_TRY(const auto item, read_item(in, bytes));
    items.push_back(item);
  }
  return {};
}

Status read_page_member(std::string_view key, codec::MsgpackReader& in, EncodedPage& page) {
  if (key == "UUID" || key == "ContinuationToken") {
    AIS_TRY(const std::string_view text, in.string());
    (key == "UUID" ? page.uuid : page.continuation_token) = std::string(text);
    return {};
  }
  if (key == "Entries") {
    page.items.clear();
    return read_items(in, page.bytes, page.items);
  }
  if (key == "Flags") {
    AIS_TRY(const uint64_t flags, in.unsigned_integer());
    if (flags > UINT32_MAX) return Status(Code::kInvalid, "page flags out of range");
    page.flags = static_cast<uint32_t>(flags);
    return {};
  }
  return in.skip().status();
}

}  // namespace

Result<EncodedPage> EncodedPage::parse(std::string text) {
  EncodedPage page;
  page.bytes = std::move(text);
  page.bytes.reserve(kPageCapacityMin);
  codec::MsgpackReader in(page.bytes);
  AIS_TRY(const uint32_t pairs, in.map());
  for (uint32_t i = 0; i < pairs; i++) {
    AIS_TRY(const std::string_view key, in.string());
    AIS_RETURN_IF_ERROR(read_page_member(key, in, page));
  }
  if (!in.at_end()) return Status(Code::kInvalid, "bytes after the end of a list page");
  return page;
}

bool advances(const ListRequest& request, const EncodedPage& page) {
  const auto before = name_of_token(request.continuation_token);
  const auto after = name_of_token(page.continuation_token);
  return before.ok() && after.ok() && (after->empty() || *after > *before);
}

PageWriter::PageWriter(std::string_view uuid) : uuid_(uuid) {}

void PageWriter::add_encoded(std::string_view entry) {
  entries_.append(entry);
  count_++;
}

codec::MsgpackWriter& PageWriter::begin_entry() {
  count_++;
  return writer_;
}

std::string PageWriter::finish(std::string_view last_name, uint32_t flags) {
  const std::string continuation_token = token_of_name(last_name);
  std::string page;
  page.reserve(entries_.size() + uuid_.size() + continuation_token.size() + kPageCapacityMin);
  codec::MsgpackWriter out(page);
  out.map(4);
  out.string("UUID");
  out.string(uuid_);
  out.string("ContinuationToken");
  out.string(continuation_token);
  out.string("Entries");
  out.array(count_);
  out.raw(entries_);
  out.string("Flags");
  out.unsigned_integer(flags);
  return page;
}

Result<std::string> page_to_json(const EncodedPage& page) {
  codec::JsonWriter out;
  out.begin_object().field("uuid", page.uuid).field("continuation_token", page.continuation_token).key("entries");
  if (page.items.empty()) {
    out.null();
  } else {
    out.begin_array();
    for (const EncodedPage::Item& item : page.items) {
      AIS_TRY(const ListEntryView entry, ListEntryView::decode(item.encoded));
      AIS_RETURN_IF_ERROR(entry.write_json(out));
    }
    out.end_array();
  }
  out.field("flags", static_cast<uint64_t>(page.flags)).end_object();
  return out.finish();
}

}  // namespace ais::api
