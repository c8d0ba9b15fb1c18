// A run in words: what describe() says about its options.
#include "aisloader/options.h"
#include "base/strings.h"

namespace ais::loader {
namespace {

std::string number(uint64_t value) { return format("%llu", static_cast<unsigned long long>(value)); }
std::string limit(uint64_t value) { return value > 0 ? number(value) : "none"; }
std::string time_text(Nanoseconds value) { return value.count() > 0 ? format_duration(value) : "none"; }

std::string sizes(const Options& o) {
  return o.size_min == o.size_max ? format_size(o.size_min) : format_size(o.size_min) + " to " + format_size(o.size_max);
}

std::string loop_kind(const Options& o) {
  if (o.rate == 0) return "closed";
  return format("open, %.10g operations a second, %s arrivals", o.rate, o.exponential_arrivals ? "exponential" : "even");
}

const char* reader_text(ReaderType type) {
  switch (type) {
    case ReaderType::kMemory: return "sg (memory)";
    case ReaderType::kFile: return "file";
    case ReaderType::kRandom: return "rand (made for each PUT)";
    case ReaderType::kTar: return "tar (an archive for each PUT)";
  }
  return "";
}

void describe_puts(const Options& o, Parameters& out) {
  out.emplace_back("object size", sizes(o));
  out.emplace_back("bytes from", reader_text(o.reader));
  if (o.put_checksum != codec::ChecksumType::kNone)
    out.emplace_back("checksums sent", std::string(codec::checksum_type_name(o.put_checksum)));
  out.emplace_back("PUT limit", limit(o.puts_max));
  out.emplace_back("PUT bytes limit", o.put_bytes_max > 0 ? format_size(o.put_bytes_max) : "none");
  if (o.subdirectories > 0) out.emplace_back("virtual directories", number(o.subdirectories));
}

void describe_gets(const Options& o, Parameters& out) {
  if (o.update_percent > 0) out.emplace_back("updates", number(o.update_percent) + " % of GETs");
  out.emplace_back("order of GETs", o.unique_gets || o.epochs > 0 ? "every object once a round" : "at random");
  if (o.epochs > 0) out.emplace_back("epochs", number(o.epochs));
  if (o.read_length > 0) out.emplace_back("range", format_size(o.read_length) + " from " + format_size(o.read_offset));
  if (o.verify_hash) out.emplace_back("checksums", "verified");
}

}  // namespace

Parameters describe(const Options& o) {
  unsigned gets = 100 - o.put_percent - o.list_percent;
  bool puts = o.put_percent > 0 || (gets > 0 && o.update_percent > 0) || o.preload > 0;
  Parameters out;
  out.emplace_back("endpoint", o.endpoint + (o.random_gateway ? ", and all gateways it knows" : ""));
  out.emplace_back("bucket",
                   (o.bucket.name.empty() ? "a new one" : o.bucket.cname()) + (o.subdirectory.empty() ? "" : "/" + o.subdirectory));
  if (!o.bucket_props.empty()) out.emplace_back("bucket properties", o.bucket_props);
  out.emplace_back("loop", loop_kind(o));
  out.emplace_back("workers", number(o.workers));
  out.emplace_back("threads", number(o.threads));
  out.emplace_back("duration", o.duration ? time_text(*o.duration) : "no limit");
  out.emplace_back("operations", format("%u %% GET, %u %% PUT, %u %% LIST", gets, o.put_percent, o.list_percent));
  if (puts) describe_puts(o, out);
  if (gets > 0) describe_gets(o, out);
  if (o.list_percent > 0)
    out.emplace_back("listings", "properties " + o.list_props + ", pages of " + (o.page_size ? number(o.page_size) : "10000"));
  if (o.preload > 0) out.emplace_back("objects put before", number(o.preload));
  out.emplace_back("operation timeout", time_text(o.timeout));
  if (!o.name_id.empty()) out.emplace_back("loader id", "0x" + o.name_id);
  if (puts && o.numbered_names) out.emplace_back("names of objects put", "hex numbers that end with the loader id");
  out.emplace_back("seed", o.seed ? number(*o.seed) : "new");
  out.emplace_back("cleanup", o.cleanup ? "yes" : "no");
  return out;
}

}  // namespace ais::loader
