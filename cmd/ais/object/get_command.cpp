#include <unistd.h>

#include <filesystem>

#include "ais/command/arguments.h"
#include "ais/command/commands.h"
#include "ais/object/download.h"
#include "ais/object/hints.h"
#include "ais/object/object_job.h"
#include "ais/object/object_source.h"
#include "ais/object/same_content.h"
#include "base/strings.h"
#include "cli/json_text.h"

namespace ais::cli {
namespace {

/// "bytes=..." from --offset and --length, "" without them.
Result<std::string> range_of(Invocation& invocation) {
  if (!invocation.has("offset") && !invocation.has("length")) return std::string();
  AIS_TRY(uint64_t offset, invocation.get_size("offset", 0));
  AIS_TRY(uint64_t length, invocation.get_size("length", 0));
  if (invocation.has("length") && length == 0) return invocation.usage_error("--length must be at least 1");
  if (length > UINT64_MAX - offset) return invocation.usage_error("--offset and --length are too large together");
  auto first = static_cast<unsigned long long>(offset);
  if (!invocation.has("length")) return format("bytes=%llu-", first);
  return format("bytes=%llu-%llu", first, first + length - 1);
}

Result<DownloadOptions> download_options(Invocation& invocation) {
  DownloadOptions options;
  AIS_TRY(options.range, range_of(invocation));
  options.check = invocation.has("check");
  if (options.range.empty()) return options;
  if (options.check) return invocation.usage_error("--check needs the whole object, not a range of it");
  if (invocation.has("skip-existing")) return invocation.usage_error("--skip-existing compares whole objects, not a range of them");
  return options;
}

/// Where objects go.
struct Place {
  enum class Kind { kFile, kDirectory, kOutput } kind = Kind::kDirectory;
  std::string path;
  bool base_name = false;  // into the directory without the directories of the object's name
  bool in_order = false;   // a pipe or the like: one object after the other, at the speed of whoever reads
};

Place place_of(const std::string& path, const ObjectSelection& selection) {
  std::optional<int> descriptor = own_descriptor(path);
  if (path == "-" || descriptor == STDOUT_FILENO) return {Place::Kind::kOutput, "-", false, true};
  if (descriptor) return {Place::Kind::kFile, path, false, true};
  std::error_code error;
  std::filesystem::file_status status = std::filesystem::status(path, error);
  bool device = std::filesystem::exists(status) && !is_directory(status) && !is_regular_file(status);
  bool one = !selection.is_plural();
  bool takes_all = device && std::filesystem::is_character_file(status) && std::filesystem::equivalent(path, "/dev/null", error);
  if (device) return {Place::Kind::kFile, path, false, !takes_all};
  if (!selection.listed) {
    if (one && !path.empty() && !path.ends_with('/') && !is_directory(status)) return {Place::Kind::kFile, path};
    return {Place::Kind::kDirectory, path, one};
  }
  return {Place::Kind::kDirectory, path};
}

/// A person is asked before the file of a single object takes the place of another; a script, and a command that fetches many, is not.
Status confirm_replacing(Invocation& invocation, const Place& place, const ObjectSelection& selection) {
  bool asks = invocation.terminal().interactive && !invocation.has("skip-existing") && !invocation.has("dry-run");
  if (!asks || selection.is_plural() || place.kind == Place::Kind::kOutput) return {};
  std::string name = selection.names[0].objects.at(0);
  std::string path = place.path;
  if (place.kind == Place::Kind::kDirectory) {
    Result<std::string> below = path_below(place.path, name.substr(name.rfind('/') + 1));
    if (!below.ok()) return {};  // told when it is fetched
    path = *below;
  }
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return {};
  return invocation.confirm("Replace the file " + printable(path) + "?");
}

class GetJob final : public Job<ObjectItem> {
 public:
  GetJob(Invocation& invocation, ObjectSource& source, Place place, size_t cut, DownloadOptions options, Batch& batch)
      : source_(source),
        place_(std::move(place)),
        cut_(cut),
        skip_existing_(invocation.has("skip-existing")),
        batch_(batch),
        invocation_(invocation),
        downloader_(invocation, batch, std::move(options)) {}

  async::Task<Result<std::vector<ObjectItem>>> produce() override { return source_.next(); }
  async::Task<void> perform(JobLoop& loop, ObjectItem item) override {
    std::string name = item.name;
    Status status = co_await get(loop, std::move(item));
    if (status.ok() || !is_wanted()) co_return;
    batch_.object_failed(name, status);
  }

 private:
  Result<std::string> path_of(const std::string& name) const {
    if (place_.kind != Place::Kind::kDirectory) return place_.path;
    return path_below(place_.path, place_.base_name ? name.substr(name.rfind('/') + 1) : name.substr(std::min(cut_, name.size())));
  }
  /// Somebody reads the objects that go to standard output: one after the other, on the command's loop.
  bool is_wanted() const { return place_.kind != Place::Kind::kOutput || invocation_.output_wanted(); }
  async::Task<Status> get(JobLoop& loop, ObjectItem item) {
    if (!is_wanted()) co_return Status();
    AIS_CO_TRY(std::string path, path_of(item.name));
    if (skip_existing_ && place_.kind != Place::Kind::kOutput) {
      AIS_CO_TRY(bool there, co_await downloader_.is_there(loop, item.bucket, item.name, path, item.size));
      if (there) {
        batch_.object_skipped(item.size.value_or(0));
        co_return Status();
      }
    }
    if (batch_.dry_run()) co_return co_await plan(std::move(item), std::move(path));
    AIS_CO_TRY(uint64_t bytes, co_await downloader_.download(loop, item.bucket, item.name, path));
    batch_.object_done(bytes);
    if (batch_.verbose()) batch_.tell_done(Batch::Plan{item.bucket.cname() + "/" + item.name, std::move(path), bytes});
    co_return Status();
  }
  async::Task<Status> plan(ObjectItem item, std::string path) {
    if (!item.size) {
      AIS_CO_TRY(api::ObjectInfo info, co_await invocation_.cluster().head(item.bucket, item.name, "checksum"));
      item.size = info.size;
    }
    batch_.object_planned(Batch::Plan{item.bucket.cname() + "/" + item.name, std::move(path), item.size});
    co_return Status();
  }

  ObjectSource& source_;
  const Place place_;
  const size_t cut_;
  const bool skip_existing_;
  Batch& batch_;
  Invocation& invocation_;
  Downloader downloader_;
};

/// Many objects are read from the targets themselves: that saves one request of two. Without the map it goes through the gateway.
async::Task<void> read_directly(api::ClusterClient& cluster) {
  Result<meta::ClusterMap> map = co_await cluster.cluster_map();
  if (map.ok()) cluster.read_directly(std::make_shared<const meta::ClusterMap>(std::move(map).value()));
}

async::Task<Status> get_selected(Invocation& invocation, ObjectSelection selection, std::string to) {
  AIS_CO_TRY(DownloadOptions options, download_options(invocation));
  AIS_CO_TRY(size_t parallel, parallel_flag(invocation));
  Place place = place_of(to, selection);
  bool to_output = place.kind == Place::Kind::kOutput;
  bool dry_run = invocation.has("dry-run");
  AIS_CO_RETURN_IF_ERROR(confirm_replacing(invocation, place, selection));
  Batch::Options texts{"downloaded", "would download", dry_run, to_output && !dry_run, true, selection.text_of_nothing()};
  Batch batch(invocation, std::move(texts));
  if (selection.is_plural() && !dry_run) co_await read_directly(invocation.cluster());
  options.may_wait = place.in_order;
  bool one_by_one = place.in_order || dry_run;
  bool with_sizes = invocation.has("skip-existing") || dry_run;
  ObjectSource source(invocation.cluster(), selection, with_sizes);
  GetJob job(invocation, source, std::move(place), selection.cut, std::move(options), batch);
  size_t workers = one_by_one ? 1 : parallel;
  co_return co_await run_object_job(invocation, job, batch, std::move(selection), workers);
}

/// --check-cached: yes or no.
async::Task<Status> tell_presence(Invocation& invocation, ObjectSelection selection) {
  if (selection.is_plural()) co_return invocation.usage_error("--check-cached is about one object");
  const ObjectSelection::Names& one = selection.names[0];
  AIS_CO_TRY(std::optional<api::ObjectInfo> info, co_await look_up(invocation.cluster(), one.bucket, one.objects.at(0)));
  codec::JsonWriter out;
  text_field(out.begin_object(), "object", one.bucket.cname() + "/" + one.objects.at(0));
  out.field("cached", info.has_value()).end_object();
  std::string text = info ? "yes" : "no";
  invocation.print_line(invocation.json() ? out.take() : text);
  co_return Status();
}

}  // namespace

async::Task<Status> get(Invocation& invocation) {
  std::vector<std::string> from(invocation.arguments().begin(), invocation.arguments().begin() + 1);
  std::string to = invocation.arguments().size() < 2 ? "" : invocation.argument(1);
  AIS_CO_RETURN_IF_ERROR(check_get_sides(invocation, from[0], to));
  AIS_CO_TRY(ObjectSelection selection, select_objects(invocation, from));
  if (invocation.has("check-cached")) co_return co_await tell_presence(invocation, std::move(selection));
  co_return co_await get_selected(invocation, std::move(selection), std::move(to));
}

async::Task<Status> cat(Invocation& invocation) {
  AIS_CO_TRY(ObjectSelection selection, select_objects(invocation, invocation.arguments()));
  co_return co_await get_selected(invocation, std::move(selection), "-");
}

}  // namespace ais::cli
