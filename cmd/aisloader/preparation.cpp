#include "aisloader/preparation.h"

#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <fstream>

#include "api/query.h"
#include "app/process_setup.h"
#include "base/strings.h"
#include "sys/random.h"

namespace ais::loader {
namespace {

/// Descriptors that are no connection: loops, files, standard streams.
constexpr uint64_t kOtherDescriptors = 64;
/// Seeds are numbers that JSON readers keep exactly.
constexpr unsigned kSeedShift = 11;

BodyMaker::Options body_options(const Options& options, uint64_t seed) {
  BodyMaker::Options out;
  out.type = options.reader;
  out.size_max = options.size_max;
  out.workers = options.workers;
  out.seed = seed;
  out.directory = options.temporary_directory;
  return out;
}

std::string range_header(const Options& options) {
  if (options.read_length == 0) return "";
  return format("Range: bytes=%llu-%llu\r\n", static_cast<unsigned long long>(options.read_offset),
                static_cast<unsigned long long>(options.read_offset + options.read_length - 1));
}

}  // namespace

Result<size_t> connections_allowed(const Options& options, size_t peers) {
  app::set_up_process();
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return Status::from_errno(errno, "limit of open files");
  uint64_t busy = options.workers + kOtherDescriptors + 4 * options.threads;
  uint64_t least = busy + options.workers;
  if (limit.rlim_cur < least)
    return make_status(Code::kInvalid, "%llu workers need %llu open files, the limit is %llu: raise it (ulimit -n %llu) or use fewer",
                       static_cast<unsigned long long>(options.workers), static_cast<unsigned long long>(least),
                       static_cast<unsigned long long>(limit.rlim_cur), static_cast<unsigned long long>(least));
  uint64_t per_loop = (options.workers + options.threads - 1) / options.threads;
  uint64_t affordable = (limit.rlim_cur - busy) / std::max<uint64_t>(peers * options.threads, 1);
  return static_cast<size_t>(std::clamp<uint64_t>(affordable, 1, per_loop));
}

Result<std::unique_ptr<Plan>> make_plan(const Options& options, BucketSetup& setup) {
  sys::Random random;
  uint64_t seed = options.seed ? *options.seed : std::max<uint64_t>(random.next() >> kSeedShift, 1);
  // Loaders that share a seed put different bytes, as they put different names.
  uint64_t own_seed = seed + (options.name_id.empty() ? 0 : options.loader_id.value << 20);
  AIS_TRY(BodyMaker bodies, BodyMaker::create(body_options(options, own_seed)));
  auto plan = std::make_unique<Plan>(options, std::move(bodies));
  AIS_TRY(plan->gateways, setup.gateways());
  AIS_TRY(plan->idle_connections, connections_allowed(options, setup.peers()));
  plan->seed = own_seed;
  plan->path_before = api::object_target(options.bucket.name, "");
  if (!plan->path_before.ends_with('/')) plan->path_before += '/';
  std::string query = api::QueryBuilder().add_bucket(options.bucket).take();
  if (!query.empty()) plan->path_after = "?" + query;
  plan->directory = percent_encode(options.subdirectory, "/");
  plan->name_before = format("aisloader-%llx-", static_cast<unsigned long long>(seed));
  if (!options.name_id.empty()) plan->name_before += options.name_id + "-";
  if (options.reader == ReaderType::kTar) plan->name_after = ".tar";
  plan->get_headers = range_header(options);
  plan->shown_seed = seed;
  plan->trace = options.trace_http;
  return plan;
}

OwnNames own_names(const Plan& plan) {
  OwnNames out;
  out.directory = plan.directory;
  out.before = plan.name_before;
  out.after = plan.name_after;
  out.subdirectories = plan.options.subdirectories;
  out.numbered = plan.options.numbered_names;
  out.id = plan.options.loader_id.value;
  out.id_bits = plan.options.loader_id.bits.value_or(0);
  out.loops = plan.options.threads;
  return out;
}

std::string own_prefix(const Plan& plan) {
  const bool anywhere = plan.options.subdirectories > 0 || plan.options.numbered_names;
  return plan.options.subdirectory + (anywhere ? "" : plan.name_before);
}

uint64_t first_free_number(const Plan& plan, const NameList& taken) {
  const OwnNames names = own_names(plan);
  uint64_t out = 0;
  for (size_t i = 0; i < taken.size(); ++i)
    if (std::optional<uint64_t> number = names.number_of(taken[i])) out = std::max(out, *number + 1);
  return out;
}

Result<NameList> read_names(const std::string& path) {
  std::ifstream file(path);
  if (!file) return Status::from_errno(errno, "--filelist " + path);
  NameList out;
  std::string line;
  while (std::getline(file, line)) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) continue;
    if (Status valid = meta::validate_object_name(line); !valid.ok()) return valid.with_context("--filelist " + path);
    if (!out.add(percent_encode(line, "/"))) break;
  }
  if (file.bad()) return Status::from_errno(errno, "--filelist " + path);
  return out;
}

}  // namespace ais::loader
