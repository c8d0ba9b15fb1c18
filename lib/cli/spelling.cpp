#include "cli/spelling.h"

#include <algorithm>

namespace ais::cli {
namespace {

/// How many slips a word of this length may have and still be meant: half of a short word is another word.
size_t slips_max(size_t length) {
  constexpr size_t kShort = 4, kMedium = 7;
  if (length <= kShort) return 1;
  return length <= kMedium ? 2 : length / 3;
}

}  // namespace

size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<size_t>> cost(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    for (size_t j = 1; j <= b.size(); ++j) {
      size_t replaced = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

std::vector<std::string> all_nearest(std::string_view word, const std::vector<std::string>& candidates) {
  constexpr size_t kWordMax = 64;  // a longer word is no slip of the fingers, and the distance costs its square
  std::vector<std::string> best;
  if (word.size() > kWordMax) return best;
  size_t best_distance = slips_max(word.size());
  for (const std::string& candidate : candidates) {
    size_t distance = edit_distance(word, candidate);
    if (distance == 0 || distance > best_distance || distance >= candidate.size()) continue;
    if (distance < best_distance) best.clear();
    best_distance = distance;
    if (std::find(best.begin(), best.end(), candidate) == best.end()) best.push_back(candidate);
  }
  return best;
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  std::vector<std::string> best = all_nearest(word, candidates);
  return best.empty() ? "" : best.front();
}

}  // namespace ais::cli
