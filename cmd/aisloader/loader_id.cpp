#include "aisloader/loader_id.h"

#include <bit>

#include "base/strings.h"
#include "codec/checksum.h"

namespace ais::loader {
namespace {

constexpr uint64_t kBitsMax = 63;
constexpr unsigned kDigitBits = 4;
constexpr uint64_t kDigestSeed = 1103515245;  // the original's

unsigned whole_digits(unsigned bits) { return (bits + kDigitBits - 1) / kDigitBits * kDigitBits; }

LoaderId hashed(std::string_view text, unsigned bits) {
  LoaderId out;
  out.bits = whole_digits(bits);
  const unsigned unused = 64 - *out.bits;
  out.value = codec::xxh64(text, kDigestSeed) << unused >> unused;
  return out;
}

}  // namespace

Result<LoaderId> loader_id(const cli::FlagValues& flags) {
  std::string text = flags.get("loaderid", "0");
  AIS_TRY(uint64_t loaders, flags.get_number("loadernum", 0));
  AIS_TRY(uint64_t bits, flags.get_number("loaderidhashlen", 0));
  if (text.empty()) return Status(Code::kInvalid, "--loaderid is empty");
  if (bits > kBitsMax) return Status(Code::kInvalid, "--loaderidhashlen must be at most 63");
  if (bits > 0 && loaders > 0) return Status(Code::kInvalid, "--loadernum and --loaderidhashlen exclude each other");
  if (bits > 0) return hashed(text, static_cast<unsigned>(bits));
  std::optional<uint64_t> number = parse_uint(text);
  if (!number) return Status(Code::kInvalid, "--loaderid: \"" + text + "\" is not a number; with --loaderidhashlen it may be any text");
  LoaderId out;
  out.value = *number;
  if (loaders == 0) return out;
  if (*number >= loaders) return Status(Code::kInvalid, "--loaderid must be below --loadernum");
  out.bits = whole_digits(static_cast<unsigned>(std::bit_width(loaders - 1)));
  return out;
}

}  // namespace ais::loader
