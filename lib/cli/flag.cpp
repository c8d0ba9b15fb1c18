#include "cli/flag.h"

#include <algorithm>

#include "base/strings.h"

namespace ais::cli {

std::vector<std::string_view> synonyms_of(const Flag& flag) {
  if (!*flag.synonyms) return {};
  return split(flag.synonyms, ',');
}

bool is_synonym(const Flag& flag, std::string_view name) {
  std::vector<std::string_view> names = synonyms_of(flag);
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace ais::cli
