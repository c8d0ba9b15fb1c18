#include "aisloader/loader_id.h"

#include "base/strings.h"
#include "codec/checksum.h"

namespace ais::loader {

Result<uint64_t> loader_id(const cli::FlagValues& flags) {
  constexpr uint64_t kBitsMax = 63;
  std::string text = flags.get("loaderid", "0");
  AIS_TRY(uint64_t loaders, flags.get_number("loadernum", 0));
  AIS_TRY(uint64_t bits, flags.get_number("loaderidhashlen", 0));
  if (bits > kBitsMax) return Status(Code::kInvalid, "--loaderidhashlen must be at most 63");
  if (bits > 0 && loaders > 0) return Status(Code::kInvalid, "--loadernum and --loaderidhashlen exclude each other");
  if (bits > 0) return codec::xxh64(text) & ((1ull << bits) - 1);
  std::optional<uint64_t> id = parse_uint(text);
  if (!id) return Status(Code::kInvalid, "--loaderid: \"" + text + "\" is not a number; with --loaderidhashlen it may be any text");
  if (loaders > 0 && *id >= loaders) return Status(Code::kInvalid, "--loaderid must be below --loadernum");
  return *id;
}

}  // namespace ais::loader
