// List pages from targets, as gateways and tools read them.
#include "api/listing.h"

namespace {

/// An entry that was read is written so that it is read the same, by those who copy and by those who do not.
void check_entry(std::string_view encoded) {
  using namespace ais;
  const auto entry = api::ListEntry::decode(encoded);
  const auto view = api::ListEntryView::decode(encoded);
  if (entry.ok() != view.ok()) __builtin_trap();
  if (!entry.ok()) return;
  std::string first, second;
  codec::MsgpackWriter out(first), other(second);
  entry->encode(out);
  view->encode(other);
  const auto again = api::ListEntry::decode(first);
  if (first != second || !again.ok() || again->name != entry->name || again->custom != entry->custom || again->size != entry->size)
    __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  using namespace ais;
  auto page = api::EncodedPage::parse(std::string(reinterpret_cast<const char*>(data), size));
  if (!page.ok()) return 0;
  api::PageWriter writer(page->uuid);
  for (const auto& item : page->items) {
    check_entry(item.encoded);
    writer.add_encoded(item.encoded);
  }
  (void)api::page_to_json(*page).ok();
  const auto again = api::EncodedPage::parse(writer.finish(page->continuation_token, page->flags));
  if (again.ok() && *api::name_of_token(again->continuation_token) != page->continuation_token) __builtin_trap();
  (void)api::name_of_token(page->continuation_token).ok();
  if (!again.ok() || again->items.size() != page->items.size()) __builtin_trap();
  for (size_t i = 0; i < again->items.size(); i++) {
    if (again->items[i].name != page->items[i].name) __builtin_trap();
  }
  return 0;
}
