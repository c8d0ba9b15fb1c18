#include "ais-proxy/page_merge.h"

#include <algorithm>
#include <utility>

namespace ais::proxy {

uint64_t names_per_target(uint64_t page_size, size_t targets) {
  if (targets <= 1) return page_size;
  const uint64_t share = (page_size * 11 + targets * 10 - 1) / (targets * 10);
  return std::min(page_size, share + 64);
}

// Heap order: the smallest name on top; of equal names the one of the first source.
struct PageMerger::Later {
  const std::vector<Source>& sources;
  bool operator()(size_t a, size_t b) const {
    const int order = sources[a].head().compare(sources[b].head());
    return order != 0 ? order > 0 : a > b;
  }
};

PageMerger::PageMerger(size_t sources, uint64_t page_size, std::string uuid, std::string after)
    : page_size_(page_size), writer_(uuid), sources_(sources) {
  for (Source& source : sources_) source.position = after;
}

Status PageMerger::feed(size_t index, api::EncodedPage page) {
  Source& source = sources_[index];
  std::string_view previous = source.position;
  for (const api::EncodedPage::Item& item : page.items) {
    if (item.name < previous || item.name <= source.position)
      return Status(Code::kUnexpectedStatus, "a target's listing is not in ascending order");
    previous = item.name;
  }
  const Result<std::string> last = api::name_of_token(page.continuation_token);
  if (!last.ok()) return Status(Code::kUnexpectedStatus, "a target's listing: " + last.status().message());
  if (!last->empty() && *last < previous) return Status(Code::kUnexpectedStatus, "a target's continuation token precedes its own names");
  if (!last->empty() && *last <= source.position) return Status(Code::kUnexpectedStatus, "a target's listing does not advance");
  source.exhausted = last->empty();
  source.position = source.exhausted ? std::string(previous) : *last;
  flags_ |= page.flags;
  source.page = std::move(page);
  source.next = 0;
  if (!source.page.items.empty()) {
    heap_.push_back(index);
    std::push_heap(heap_.begin(), heap_.end(), Later{sources_});
  }
  return {};
}

std::vector<size_t> PageMerger::starving() const {
  std::vector<size_t> hungry;
  for (size_t i = 0; i < sources_.size(); ++i) {
    if (sources_[i].starving()) hungry.push_back(i);
  }
  return hungry;
}

// Of the entries of one name that which a read finds is kept: others are copies that were left when the map changed. The last is kept
// when none is. Equal names are at the heads of their sources at the same time.
bool PageMerger::gives_way(const api::EncodedPage::Item& item) const {
  if (heap_.size() < 2 || sources_[heap_.front()].head() != item.name) return false;
  const Result<api::ListEntryView> entry = api::ListEntryView::decode(item.encoded);
  return entry.ok() && api::is_misplaced(entry->flags);
}

void PageMerger::emit(const api::EncodedPage::Item& item) {
  if (any_emitted_ && item.name == last_name_) return;
  writer_.add_encoded(item.encoded);
  last_name_.assign(item.name);
  any_emitted_ = true;
}

bool PageMerger::merge() {
  if (writer_.count() >= page_size_) return true;
  if (std::any_of(sources_.begin(), sources_.end(), [](const Source& source) { return source.starving(); })) return false;
  const Later later{sources_};
  while (!heap_.empty() && writer_.count() < page_size_) {
    std::pop_heap(heap_.begin(), heap_.end(), later);
    const size_t index = heap_.back();
    Source& source = sources_[index];
    // A run of names of one source needs no heap operation per name.
    const std::string_view limit = heap_.size() > 1 ? sources_[heap_.front()].head() : std::string_view();
    const bool bounded = heap_.size() > 1;
    do {
      const api::EncodedPage::Item& item = source.page.items[source.next++];
      if (!gives_way(item)) emit(item);
    } while (source.next < source.page.items.size() && writer_.count() < page_size_ && (!bounded || source.head() < limit));
    if (source.next < source.page.items.size()) {
      std::push_heap(heap_.begin(), heap_.end(), later);
    } else {
      heap_.pop_back();
      if (source.starving() && writer_.count() < page_size_) return false;
    }
  }
  return true;
}

std::string PageMerger::take() { return writer_.finish(writer_.count() >= page_size_ ? last_name_ : std::string(), flags_); }

}  // namespace ais::proxy
