// List pages from targets, as gateways and tools read them.
#include "api/listing.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  using namespace ais;
  auto page = api::EncodedPage::parse(std::string(reinterpret_cast<const char*>(data), size));
  if (!page.ok()) return 0;
  api::PageWriter writer(page->uuid);
  for (const auto& item : page->items) {
    (void)api::ListEntry::decode(item.encoded).ok();
    writer.add_encoded(item.encoded);
  }
  (void)api::page_to_json(*page).ok();
  const auto again = api::EncodedPage::parse(writer.finish(page->continuation_token, page->flags));
  if (!again.ok() || again->items.size() != page->items.size()) __builtin_trap();
  for (size_t i = 0; i < again->items.size(); i++) {
    if (again->items[i].name != page->items[i].name) __builtin_trap();
  }
  return 0;
}
