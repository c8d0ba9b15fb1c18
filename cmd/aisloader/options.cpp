#include "aisloader/options.h"

#include <algorithm>
#include <cstdlib>

#include "aisloader/coming_from_original.h"
#include "aisloader/program.h"
#include "api/cgroup.h"
#include "base/strings.h"
#include "cli/completion.h"
#include "cli/pages.h"
#include "cli/properties.h"
#include "cli/shell_words.h"
#include "cli/spelling.h"
#include "cli/user_settings.h"
#include "codec/json.h"
#include "net/http_types.h"

namespace ais::loader {
namespace {

constexpr uint64_t kWorkersMax = 10000;
constexpr Nanoseconds kStatisticsIntervalMin = std::chrono::milliseconds(10);
constexpr uint64_t kThreadsMax = 256;
// On a machine that others use too, one thread gets one turn in many: two had twice the rate of one, four a tenth more.
constexpr uint64_t kThreadsDefaultMax = 4;
constexpr uint64_t kSubdirectoriesMax = 100'000;
constexpr double kRateMax = 1e7;
constexpr uint64_t kSecondsMax = 1'000'000'000;  // of a bare number: three decades

Status usage(std::string text) { return {Code::kInvalid, std::move(text)}; }

/// The flags of a line, and what of them is understood together. Each function reads one subject into `options`.
class Reader {
 public:
  Reader(const cli::FlagValues& flags, Options& options) : flags_(flags), o_(options) {}
  Status read();

 private:
  bool is_on(const char* name, bool fallback = false) const { return flags_.is_on(name, fallback); }
  Status number(const char* name, uint64_t& out) const;
  Status percent(const char* name, unsigned& out) const;
  Status path(const char* name, std::string& out) const;
  Status seconds(const char* name, Nanoseconds& out) const;
  Status choice(const char* name, std::initializer_list<const char*> allowed, size_t& index) const;
  Result<cli::SourcedText> endpoint() const;
  Status read_cluster();
  Status read_bucket();
  Status read_bucket_name();
  Status read_load();
  Status read_end();
  Status read_operations();
  Status read_list_props();
  Status read_sizes();
  Status read_bodies();
  Status read_checksum_type();
  Status read_names();
  Status read_output();
  Status check_own_bucket() const;
  Status check_together() const;

  const cli::FlagValues& flags_;
  Options& o_;
};

Status Reader::number(const char* name, uint64_t& out) const {
  AIS_TRY(out, flags_.get_number(name, out));
  return {};
}

Status Reader::percent(const char* name, unsigned& out) const {
  AIS_TRY(uint64_t value, flags_.get_number(name, out));
  if (value > 100) return usage("--" + std::string(name) + " must be from 0 to 100");
  out = static_cast<unsigned>(value);
  return {};
}

/// An empty name is a variable that was not set, and not the wish to do without the file.
Status Reader::path(const char* name, std::string& out) const {
  out = flags_.get(name, out);
  if (flags_.has(name) && out.empty()) return usage("--" + std::string(name) + " has no name");
  return {};
}

/// A time; a bare number is seconds, as the original reads it.
Status Reader::seconds(const char* name, Nanoseconds& out) const {
  if (std::optional<uint64_t> plain = parse_uint(flags_.get(name)); plain && *plain <= kSecondsMax) {
    out = std::chrono::seconds(*plain);
    return {};
  }
  AIS_TRY(out, flags_.get_duration(name, out));
  return {};
}

Status Reader::choice(const char* name, std::initializer_list<const char*> allowed, size_t& index) const {
  if (!flags_.has(name)) return {};
  std::vector<std::string> names(allowed.begin(), allowed.end());
  std::string given = flags_.get(name);
  for (index = 0; index < names.size(); ++index)
    if (names[index] == given) return {};
  std::string best = cli::nearest(given, names);
  return usage("--" + std::string(name) + ": \"" + given + "\" is none of " + join(names, ", ") +
               (best.empty() ? "" : "; did you mean \"" + best + "\"?"));
}

/// The gateway and who said so: the command line goes before the environment, that before the user's settings.
Result<cli::SourcedText> Reader::endpoint() const {
  if (flags_.has("ip") || flags_.has("port")) {
    if (flags_.has("endpoint")) return usage("--endpoint excludes --ip and --port");
    std::string host = flags_.get("ip", "127.0.0.1");
    if (host.find(':') != std::string::npos && host.find("://") == std::string::npos && host[0] != '[') host = "[" + host + "]";
    uint64_t port = 8080;
    AIS_RETURN_IF_ERROR(number("port", port));
    if (port == 0 || port > UINT16_MAX) return usage("--port must be from 1 to 65535");
    return cli::SourcedText{host + ":" + std::to_string(port), "--ip"};
  }
  if (flags_.has("endpoint")) return cli::SourcedText{flags_.get("endpoint"), "--endpoint"};
  AIS_TRY(const cli::UserSettings settings, cli::UserSettings::of_user());
  cli::SourcedText out = settings.value("cluster.url");
  if (std::getenv(out.source.c_str())) out.source.insert(0, "$");
  return out;
}

Status Reader::read_cluster() {
  AIS_TRY(const cli::SourcedText gateway, endpoint());
  o_.endpoint = gateway.text;
  if (o_.endpoint.find("://") == std::string::npos) o_.endpoint = "http://" + o_.endpoint;
  Result<net::Url> url = net::Url::parse(o_.endpoint);
  if (!url.ok()) return url.status().with_context(gateway.source);
  o_.random_gateway = is_on("randomproxy");
  AIS_RETURN_IF_ERROR(seconds("timeout", o_.timeout));
  return {};
}

Status Reader::read_bucket_name() {
  std::string text = flags_.get("bucket");
  size_t provider = 0;
  AIS_RETURN_IF_ERROR(choice("provider", {"ais", "aws", "s3", "gcp", "gs", "azure", "az", "oci", "oc"}, provider));
  if (text.empty() && provider > 0) return usage("--provider needs --bucket: a bucket is made in ais only");
  if (text.empty()) return {};
  if (flags_.has("provider") && text.find("://") == std::string::npos) text = flags_.get("provider") + "://" + text;
  Result<meta::ObjectUri> uri = meta::parse_object_uri(text);
  if (!uri.ok()) return uri.status().with_context("--bucket");
  if (!uri->object.empty()) return usage("--bucket names an object; a prefix belongs to --subdir");
  o_.bucket = uri->bucket;
  return {};
}

Status Reader::read_bucket() {
  AIS_RETURN_IF_ERROR(read_bucket_name());
  o_.bucket_props = flags_.get("bprops");
  if (!o_.bucket_props.empty()) {
    // As the original takes it: the braces may be missing, and a comma may be left over.
    std::string_view given = trim(o_.bucket_props);
    while (given.ends_with(',')) given.remove_suffix(1);
    o_.bucket_props = given.starts_with('{') || given.starts_with('[') ? std::string(given) : "{" + std::string(given) + "}";
    Result<codec::JsonDocument> json = codec::JsonDocument::parse(o_.bucket_props);
    if (!json.ok() || !json->root().is_object()) return usage("--bprops is not a JSON object");
    // The cluster leaves out what it does not know, and the figures would be those of another bucket than the one meant.
    Result<std::string> checked = cli::bucket_properties_json(cli::flatten(json->root()));
    if (!checked.ok()) return usage("--bprops: " + checked.status().message());
    o_.bucket_props = std::move(*checked);
  }
  AIS_TRY(o_.subdirectory, meta::clean_prefix(flags_.get("subdir")));
  if (!o_.subdirectory.empty() && !o_.subdirectory.ends_with('/')) o_.subdirectory += '/';
  AIS_RETURN_IF_ERROR(path("filelist", o_.names_path));
  o_.list_cached = is_on("cached");
  return {};
}

Status Reader::read_load() {
  AIS_RETURN_IF_ERROR(number("numworkers", o_.workers));
  if (o_.workers == 0 || o_.workers > kWorkersMax) return usage("--numworkers must be from 1 to " + std::to_string(kWorkersMax));
  o_.threads = std::min({static_cast<uint64_t>(api::usable_cpus()), kThreadsDefaultMax, o_.workers});
  AIS_RETURN_IF_ERROR(number("threads", o_.threads));
  if (o_.threads == 0 || o_.threads > kThreadsMax) return usage("--threads must be from 1 to " + std::to_string(kThreadsMax));
  if (o_.threads > o_.workers) return usage("--threads must not be more than --numworkers");
  if (flags_.has("rate")) {
    std::optional<double> rate = parse_double(flags_.get("rate"));
    if (!rate || !(*rate > 0) || *rate > kRateMax)
      return usage("--rate: \"" + flags_.get("rate") + "\" is not a number of operations a second");
    o_.rate = *rate;
  }
  size_t arrivals = 0;
  AIS_RETURN_IF_ERROR(choice("arrivals", {"even", "exponential"}, arrivals));
  if (flags_.has("arrivals") && o_.rate == 0) return usage("--arrivals belongs to --rate");
  o_.exponential_arrivals = arrivals == 1;
  return read_end();
}

/// What ends the run. As in the original, no time and no bytes means that there is only something to clean up.
Status Reader::read_end() {
  AIS_RETURN_IF_ERROR(number("numepochs", o_.epochs));
  AIS_RETURN_IF_ERROR(number("maxputs", o_.puts_max));
  AIS_RETURN_IF_ERROR(number("numobjects", o_.preload));
  AIS_TRY(o_.put_bytes_max, flags_.get_size("totalputsize", 0));
  bool ends_by_itself = o_.epochs > 0 || o_.puts_max > 0 || o_.put_bytes_max > 0;
  Nanoseconds duration = ends_by_itself ? Nanoseconds(0) : std::chrono::minutes(1);
  AIS_RETURN_IF_ERROR(seconds("duration", duration));
  if (duration.count() > 0) o_.duration = duration;
  o_.only_clean_up = !ends_by_itself && !o_.duration && flags_.has("totalputsize");
  if (o_.only_clean_up && !is_on("cleanup")) return usage("--duration 0 with --totalputsize 0 does nothing but --cleanup");
  o_.stoppable = is_on("stoppable", true);
  return {};
}

Status Reader::read_operations() {
  AIS_RETURN_IF_ERROR(percent("pctput", o_.put_percent));
  AIS_RETURN_IF_ERROR(percent("pctlist", o_.list_percent));
  AIS_RETURN_IF_ERROR(percent("pctupdate", o_.update_percent));
  if (o_.put_percent + o_.list_percent > 100) return usage("--pctput and --pctlist are more than 100 together");
  if (is_on("list-objects") && !flags_.has("pctlist")) o_.list_percent = 100 - o_.put_percent;
  AIS_RETURN_IF_ERROR(read_list_props());
  AIS_RETURN_IF_ERROR(number("pagesize", o_.page_size));
  o_.unique_gets = is_on("uniquegets", true);
  o_.verify_hash = is_on("verify-hash");
  AIS_TRY(o_.read_offset, flags_.get_size("readoff", 0));
  AIS_TRY(o_.read_length, flags_.get_size("readlen", 0));
  if (o_.read_offset > 0 && o_.read_length == 0) return usage("--readoff needs --readlen");
  if (o_.read_length > UINT64_MAX - o_.read_offset) return usage("--readoff and --readlen are too large together");
  return {};
}

Status Reader::read_list_props() {
  o_.list_props = flags_.get("list-props", o_.list_props);
  const auto known = split(kListProps, ',');
  for (std::string_view item : split(o_.list_props, ','))
    if (std::find(known.begin(), known.end(), trim(item)) == known.end())
      return usage("--list-props: \"" + std::string(item) + "\" is none of " + kListProps);
  return {};
}

Status Reader::read_sizes() {
  AIS_TRY(o_.size_min, flags_.get_size("minsize", o_.size_min));
  o_.size_max = o_.size_min;
  AIS_TRY(o_.size_max, flags_.get_size("maxsize", o_.size_max));
  if (!flags_.has("minsize")) o_.size_min = std::min(o_.size_min, o_.size_max);
  if (o_.size_max < o_.size_min) return usage("--maxsize is smaller than --minsize");
  if (o_.size_max > kTiB) return usage("--maxsize is larger than 1TiB");
  return {};
}

Status Reader::read_bodies() {
  AIS_RETURN_IF_ERROR(read_sizes());
  size_t type = 0;
  AIS_RETURN_IF_ERROR(choice("readertype", {"sg", "file", "rand", "tar"}, type));
  o_.reader = static_cast<ReaderType>(type);
  if (o_.reader == ReaderType::kTar && o_.size_min < kTarSizeMin)
    return usage("--readertype tar: a TAR archive has at least " + format_size(kTarSizeMin));
  AIS_RETURN_IF_ERROR(BodyMaker::check_memory(o_.reader, o_.size_max, o_.workers));
  const char* temporary = std::getenv("TMPDIR");
  o_.temporary_directory = temporary && *temporary ? temporary : "/tmp";
  AIS_RETURN_IF_ERROR(path("tmpdir", o_.temporary_directory));
  AIS_RETURN_IF_ERROR(read_checksum_type());
  uint64_t seed = 0;
  AIS_RETURN_IF_ERROR(number("seed", seed));
  if (seed > 0) o_.seed = seed;
  return {};
}

Status Reader::read_checksum_type() {
  std::string name = flags_.get("cksum-type", "none");
  std::optional<codec::ChecksumType> type = codec::parse_checksum_type(name);
  if (!type) return usage("--cksum-type: \"" + name + "\" is none of " + kChecksumTypes);
  o_.put_checksum = *type;
  return {};
}

Status Reader::read_names() {
  AIS_RETURN_IF_ERROR(number("num-subdirs", o_.subdirectories));
  if (o_.subdirectories > kSubdirectoriesMax) return usage("--num-subdirs must be at most " + std::to_string(kSubdirectoriesMax));
  AIS_TRY(o_.loader_id, loader_id(flags_));
  if (flags_.has("loaderid") || o_.loader_id.bits) o_.name_id = format("%llx", static_cast<unsigned long long>(o_.loader_id.value));
  o_.numbered_names = o_.loader_id.bits.has_value() || !is_on("randomname", true);
  if (o_.numbered_names && !o_.loader_id.bits && o_.loader_id.value > 0)
    return usage("--randomname=false: names are 0, 1, 2, ...; --loadernum or --loaderidhashlen makes room in them for --loaderid");
  return {};
}

Status Reader::read_output() {
  o_.cleanup = is_on("cleanup", o_.bucket.name.empty());
  if (is_on("latest")) return usage("--latest is not part of this version");
  o_.trace_http = is_on("trace-http");
  o_.json = is_on("json");
  o_.quiet = is_on("quiet");
  AIS_RETURN_IF_ERROR(path("stats-output", o_.statistics_path));
  return path("report", o_.report_path);
}

/// A bucket that is made for the run is empty.
Status Reader::check_own_bucket() const {
  if (!o_.bucket.name.empty()) return {};
  if (o_.only_clean_up) return usage("which bucket is to be destroyed? --bucket tells");
  if (!o_.names_path.empty()) return usage("--filelist needs --bucket: a new bucket has no objects");
  if (o_.put_percent == 0 && o_.preload == 0)
    return usage("without --bucket the run is in a new bucket, where there is nothing to read: say --bucket, --pctput or --numobjects");
  return {};
}

Status Reader::check_together() const {
  AIS_RETURN_IF_ERROR(check_own_bucket());
  unsigned gets = 100 - o_.put_percent - o_.list_percent;
  bool puts = o_.put_percent > 0 || (gets > 0 && o_.update_percent > 0);
  if (o_.epochs > 0 && gets == 0) return usage("--numepochs counts GETs, and there are none");
  if ((o_.puts_max > 0 || o_.put_bytes_max > 0) && !puts)
    return usage("--totalputsize and --maxputs count PUTs, but there are none: give --pctput");
  if (o_.verify_hash && o_.read_length > 0) return usage("--verify-hash needs whole objects, not --readlen");
  bool reads_listed = gets > 0 && o_.names_path.empty();
  if (is_on("skiplist") && reads_listed)
    return usage("--skiplist is for runs that only put: what is read must be listed, or named by --filelist");
  return {};
}

Status Reader::read() {
  AIS_RETURN_IF_ERROR(read_cluster());
  AIS_RETURN_IF_ERROR(read_bucket());
  AIS_RETURN_IF_ERROR(read_load());
  AIS_RETURN_IF_ERROR(read_operations());
  AIS_RETURN_IF_ERROR(read_bodies());
  AIS_RETURN_IF_ERROR(read_names());
  AIS_RETURN_IF_ERROR(seconds("statsinterval", o_.statistics_interval));
  if (o_.statistics_interval.count() > 0 && o_.statistics_interval < kStatisticsIntervalMin)
    return usage("--statsinterval is 0 or at least 10ms");
  AIS_RETURN_IF_ERROR(read_output());
  return check_together();
}

Request print(std::string text) {
  Request out;
  out.kind = Request::Kind::kPrint;
  out.text = std::move(text);
  return out;
}

/// Words that stand alone, in Go's manner.
std::vector<std::string> plain_words(const std::vector<std::string>& words) {
  if (words.empty() || words == std::vector<std::string>{"usage"}) return {"--help"};
  if (words == std::vector<std::string>{"version"}) return {"--version"};
  return words;
}

}  // namespace

Result<Request> parse_command_line(const std::vector<std::string>& words) {
  AIS_TRY(cli::ParsedLine line, cli::parse_line(program(), plain_words(words)));
  const cli::FlagValues& flags = line.flags;
  if (line.kind != cli::ParsedLine::Kind::kRun) {
    AIS_TRY(std::string text, cli::page_of(program(), line, coming_from_original_page()));
    return print(std::move(text));
  }
  Request out;
  if (line.command && std::string_view(line.command->path) == "completion") {
    AIS_TRY(std::string script, cli::completion_script(program(), line.arguments[0]));
    return print(std::move(script));
  }
  if (line.command) {
    out.kind = Request::Kind::kCompare;
    out.line = std::move(line);
    return out;
  }
  if (flags.is_on("getloaderid")) {
    AIS_TRY(const LoaderId id, loader_id(flags));
    return print(format("0x%llx\n", static_cast<unsigned long long>(id.value)));
  }
  out.options.command_line = "aisloader " + cli::join_shell_words(words);
  AIS_RETURN_IF_ERROR(Reader(flags, out.options).read());
  out.dry_run = flags.is_on("dry-run");
  return out;
}

}  // namespace ais::loader
