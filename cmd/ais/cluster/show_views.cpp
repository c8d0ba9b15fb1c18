#include "ais/cluster/show_views.h"

#include <algorithm>
#include <vector>

#include "base/strings.h"
#include "cli/spelling.h"

namespace ais::cli {

Result<Selection> select(Invocation& invocation, size_t first, std::span<const std::string_view> known) {
  const std::vector<std::string>& words = invocation.arguments();
  Selection out;
  size_t next = first;
  auto skip_verb = [&] { next += next < words.size() && words[next] == "show" ? 1 : 0; };
  skip_verb();
  if (next < words.size() && std::find(known.begin(), known.end(), words[next]) != known.end()) out.what = words[next++];
  skip_verb();
  if (next < words.size()) out.node = words[next++];
  if (next == words.size()) return out;
  std::vector<std::string> choices(known.begin(), known.end());
  std::string best = nearest(words[first], choices);
  return invocation.usage_error("\"" + words[first] + "\" is none of " + join(choices, ", ") +
                                (best.empty() ? "" : ", did you mean \"" + best + "\"?"));
}

}  // namespace ais::cli
