#include "meta/property_words.h"

#include <vector>

#include "base/strings.h"
#include "meta/bucket_metadata.h"

namespace ais::meta {
namespace {

// The original's two sets; what is never denied goes with them.
constexpr uint64_t kReadOnly = kAccessGet | kAccessHeadObject | kAccessListBuckets | kAccessHeadBucket | kAccessListObjects;
constexpr uint64_t kReadWrite = kReadOnly | kAccessPut | kAccessAppend | kAccessDeleteObject | kAccessMoveObject;

struct AccessWord {
  std::string_view word;
  uint64_t access;
};
constexpr AccessWord kAccessWords[] = {{"su", kAccessAll}, {"rw", kReadWrite}, {"ro", kReadOnly}, {"none", 0}};

/// By bit (reference 3.8).
constexpr std::string_view kFeatureNames[] = {
    "Enforce-IntraCluster-Access",
    "Skip-Loading-VersionChecksum-MD",
    "Do-not-Auto-Detect-FileShare",
    "S3-API-via-Root",
    "Fsync-PUT",
    "LZ4-Block-1MB",
    "LZ4-Frame-Checksum",
    "Do-not-Allow-Passing-FQN-to-ETL",
    "Ignore-LimitedCoexistence-Conflicts",
    "S3-Presigned-Request",
    "Do-not-Optimize-Listing-Virtual-Dirs",
    "Disable-Cold-GET",
    "Streaming-Cold-GET",
    "S3-Reverse-Proxy",
    "S3-Use-Path-Style",
    "Do-not-Delete-When-Rebalancing",
    "Do-not-Set-Control-Plane-ToS",
    "Trust-Crypto-Safe-Checksums",
    "S3-ListObjectVersions",
    "Enable-Detailed-Prom-Metrics",
    "Force-Container-CPU-Mem",
    "Resume-Interrupted-MPU",
    "Keep-Unknown-FQN",
    "Load-Balance-GET",
    "Count-Object-NotFound-Stats",
    "Enable-Go-Runtime-Metrics",
    "Dload-Allow-Private-Egress",
    "S3-Redirect-Rebuild",
};
static_assert(std::size(kFeatureNames) == kFeatureCount);

std::vector<std::string_view> access_names() {
  std::vector<std::string_view> out;
  for (uint64_t bit = 1; bit <= kAccessAdmin; bit <<= 1) out.push_back(access_bit_name(bit));
  return out;
}

/// The bits that these names stand for, in any case; their position is the bit.
template <typename Names>
Result<uint64_t> bits_of(std::string_view text, const Names& names, std::string_view what) {
  uint64_t out = 0;
  for (std::string_view part : split(text, ',')) {
    part = trim(part);
    size_t bit = 0;
    while (bit < std::size(names) && to_lower(names[bit]) != to_lower(part)) ++bit;
    if (bit == std::size(names)) return Status(Code::kInvalid, "\"" + std::string(part) + "\" is " + std::string(what));
    out |= 1ull << bit;
  }
  return out;
}

template <typename Names>
std::string names_text(uint64_t bits, const Names& names) {
  std::string out;
  for (size_t bit = 0; bit < std::size(names); ++bit)
    if (bits >> bit & 1) out.append(out.empty() ? "" : ",").append(names[bit]);
  return out;
}

}  // namespace

Result<uint64_t> parse_access(std::string_view text) {
  for (const AccessWord& known : kAccessWords)
    if (to_lower(text) == known.word) return known.access;
  if (to_lower(text) == "full") return kAccessAll;
  if (std::optional<uint64_t> number = parse_uint(text)) return *number;
  const std::vector<std::string_view> names = access_names();
  return bits_of(text, names, "none of ro, rw, su, none, a number, or of " + names_text(kAccessAll, names));
}

std::string access_text(uint64_t access) {
  for (const AccessWord& known : kAccessWords)
    if (access == known.access) return std::string(known.word);
  const std::vector<std::string_view> names = access_names();
  return access >> names.size() ? std::to_string(access) : names_text(access, names);
}

Result<uint64_t> parse_features(std::string_view text) {
  if (text.empty() || to_lower(text) == "none") return uint64_t{0};
  if (std::optional<uint64_t> number = parse_uint(text)) return *number;
  return bits_of(text, kFeatureNames, "none of none, a number, or of " + names_text(~0ull, kFeatureNames));
}

std::string features_text(uint64_t features) {
  if (features == 0) return "none";
  return features >> std::size(kFeatureNames) ? std::to_string(features) : names_text(features, kFeatureNames);
}

}  // namespace ais::meta
