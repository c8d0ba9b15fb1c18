// A number of things in words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ais::cli {

/// "1 object", "2 objects": `thing` is a noun whose plural ends with s.
inline std::string counted(uint64_t number, std::string_view thing) {
  std::string out = std::to_string(number);
  out.append(" ").append(thing);
  return number == 1 ? out : out + "s";
}

}  // namespace ais::cli
