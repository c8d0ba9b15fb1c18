#include "ais/log_follower.h"

#include <algorithm>

namespace ais::cli {

std::string_view LogFollower::take(std::string_view text) {
  again_ = rotated_ = false;
  if (whole_) return take_whole(text);
  if (!text.starts_with(tail_)) {
    whole_ = again_ = true;
    return "";
  }
  std::string_view fresh = text.substr(tail_.size());
  remember(text, position_ + fresh.size());
  return fresh;
}

std::string_view LogFollower::take_whole(std::string_view text) {
  std::string_view fresh = text;
  size_t known = tail_.empty() ? std::string_view::npos : text.rfind(tail_);
  rotated_ = !tail_.empty() && known == std::string_view::npos;
  if (known != std::string_view::npos) fresh = text.substr(known + tail_.size());
  whole_ = false;
  remember(text, text.size());
  return fresh;
}

void LogFollower::remember(std::string_view text, uint64_t end) {
  tail_ = text.substr(text.size() - std::min(text.size(), kTailMax));
  position_ = end;
}

}  // namespace ais::cli
