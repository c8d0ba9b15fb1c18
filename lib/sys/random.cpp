#include "sys/random.h"

#include <sys/random.h>

#include "base/assert.h"

namespace ais::sys {

Random::Random() {
  uint64_t seed = 0;
  AIS_ASSERT(getrandom(&seed, sizeof(seed), 0) == sizeof(seed));
  engine_.seed(seed);
}

std::string Random::identifier(size_t length) {
  constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  constexpr size_t kLetters = 52;
  std::string id;
  id.reserve(length);
  for (size_t i = 0; i < length; ++i) id.push_back(kAlphabet[below(i == 0 ? kLetters : kAlphabet.size())]);
  return id;
}

}  // namespace ais::sys
