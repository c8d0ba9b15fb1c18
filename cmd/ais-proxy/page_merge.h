// Merging the pages of many targets into one, by name: a k-way merge that splices encoded entries, so that each entry is copied
// once and decoded never. Pure: pages come in through feed(), the merged page goes out through take().
//
// A target that has more names than it sent blocks the merge when its page is used up, since its next name is unknown; the caller
// asks it for its next page and goes on. Names that several targets list are kept once: virtual directories, and
// objects that were left on another target than their owner (kEntryMisplacedNode), of which the owner's entry is kept.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api/listing.h"
#include "base/status.h"

namespace ais::proxy {

class PageMerger {
 public:
  /// `after`: the name that every listed name must follow. page_size > 0.
  PageMerger(size_t sources, uint64_t page_size, std::string uuid, std::string after);

  /// The next page of a source that is starving. kUnexpectedStatus when its token is none, when its names do not ascend, or do not follow
  /// what it sent before: a merge over such a page would lose names silently.
  Status feed(size_t source, api::EncodedPage page);
  /// Goes on as far as the pages allow. True: the page is complete. False: starving() sources must be fed first.
  bool merge();
  /// Sources without a name that are not known to be at their end.
  std::vector<size_t> starving() const;
  /// The name behind which the next page of a source begins.
  const std::string& position_of(size_t source) const { return sources_[source].position; }
  uint64_t remaining() const { return page_size_ - writer_.count(); }

  /// The finished page. Its token stands for the last name when the page is full, else it is empty.
  std::string take();

 private:
  struct Source {
    api::EncodedPage page;
    size_t next = 0;
    std::string position;  // the last name it is known to have sent, or where the listing began
    bool exhausted = false;
    bool starving() const { return !exhausted && next == page.items.size(); }
    std::string_view head() const { return page.items[next].name; }
  };
  struct Later;

  bool gives_way(const api::EncodedPage::Item& item) const;
  void emit(const api::EncodedPage::Item& item);

  uint64_t page_size_;
  api::PageWriter writer_;
  std::vector<Source> sources_;
  std::vector<size_t> heap_;  // sources that have a name, smallest on top
  std::string last_name_;
  bool any_emitted_ = false;
  uint32_t flags_ = 0;
};

/// How many names to ask each of `targets` for, so that a page of `page_size` seldom needs a second round.
uint64_t names_per_target(uint64_t page_size, size_t targets);

}  // namespace ais::proxy
