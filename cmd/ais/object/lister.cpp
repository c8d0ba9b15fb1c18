#include "ais/object/lister.h"

#include <algorithm>

namespace ais::cli {

Lister::Lister(api::ClusterClient& cluster, meta::Bucket bucket, api::ListRequest request, uint64_t limit)
    : cluster_(cluster), bucket_(std::move(bucket)), request_(std::move(request)), left_(limit), limited_(limit > 0) {
  if (request_.page_size == 0) request_.page_size = api::kListPageMax;
}

async::Task<Result<std::vector<api::ListEntry>>> Lister::next() {
  if (limited_) request_.page_size = std::min(request_.page_size, left_);
  AIS_CO_TRY(api::EncodedPage page, co_await cluster_.list_page(bucket_, request_));
  std::vector<api::ListEntry> entries;
  entries.reserve(page.items.size());
  for (const api::EncodedPage::Item& item : page.items) {
    if (limited_ && entries.size() == left_) break;
    AIS_CO_TRY(api::ListEntry entry, api::ListEntry::decode(item.encoded));
    entries.push_back(std::move(entry));
  }
  left_ -= limited_ ? entries.size() : 0;
  done_ = page.continuation_token.empty() || (limited_ && left_ == 0);
  if (!done_ && !api::advances(request_, page))
    co_return Status(Code::kUnexpectedStatus, "the listing does not advance beyond \"" + page.continuation_token + "\"");
  request_.uuid = page.uuid;
  request_.continuation_token = page.continuation_token;
  co_return entries;
}

}  // namespace ais::cli
