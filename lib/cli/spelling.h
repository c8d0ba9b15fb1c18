// What a mistyped word was probably meant to be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ais::cli {

/// The candidate with the smallest edit distance to `word`, or "" when none is near enough to be meant; never the word itself.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);
/// All that are as near as that one, in the order of the candidates, each once.
std::vector<std::string> all_nearest(std::string_view word, const std::vector<std::string>& candidates);
/// Insertions, deletions, replacements and swaps of neighbours that turn one text into the other.
size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace ais::cli
