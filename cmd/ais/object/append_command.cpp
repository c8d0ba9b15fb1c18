// `object append`: files, directories and standard input behind what an object has, all of it at once at the end.
#include <sys/stat.h>

#include <algorithm>

#include "ais/command/commands.h"
#include "ais/file/input_file.h"
#include "ais/job/batch.h"
#include "ais/job/file_pool.h"
#include "ais/object/put_arguments.h"
#include "cli/json_text.h"

namespace ais::cli {
namespace {

constexpr uint64_t kPiece = 16 * kMiB;

uint64_t file_size(const std::string& path) {
  struct stat info {};
  return path != "-" && stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) ? static_cast<uint64_t>(info.st_size) : 0;
}

/// Paths of the files in the order in which they are written: that of the arguments, and below each one that of the names.
Result<std::vector<std::string>> files_of(const UploadSource::Options& options) {
  std::vector<std::string> out;
  Status trouble;
  auto on_error = [&trouble](const std::string&, const Status& why) {
    if (trouble.ok()) trouble = why;
  };
  for (const std::string& text : options.sources) {
    AIS_TRY(NameTemplate names, UploadSource::expand(text, options.literal));
    for (uint64_t i = 0; i < names.count(); ++i) {
      UploadSource::Options one = options;
      one.sources = {names.at(i)};
      one.object.clear();
      one.each_name_once = false;
      AIS_TRY(UploadSource source, UploadSource::create(std::move(one), on_error));
      auto first = static_cast<std::ptrdiff_t>(out.size());
      while (std::optional<Upload> upload = source.next()) out.push_back(std::move(upload->path));
      std::sort(out.begin() + first, out.end());
    }
  }
  if (!trouble.ok()) return Status(trouble.code(), trouble.message() + "; nothing was appended");
  return out;
}

/// One append that is under way.
class Append {
 public:
  Append(Invocation& invocation, meta::ObjectUri to, std::vector<std::string> files)
      : invocation_(invocation), to_(std::move(to)), files_(std::move(files)), started_(std::chrono::steady_clock::now()) {
    for (const std::string& path : files_) total_ += file_size(path);
  }

  async::Task<Status> run() {
    ProgressLine progress(progress_mode(invocation_), invocation_.terminal().err, [this] { return progress_state(); });
    for (size_t i = 0; i < files_.size(); ++i) {
      AIS_CO_RETURN_IF_ERROR(co_await add(files_[i]));
      ++done_;
    }
    progress.finish();
    if (handle_.empty()) co_return Status(Code::kInvalid, "there is nothing to append");
    AIS_CO_RETURN_IF_ERROR(co_await invocation_.cluster().append_flush(to_.bucket, to_.object, handle_));
    report();
    co_return Status();
  }

 private:
  /// Adds a file in pieces, so that a pipe of any length needs bounded memory.
  async::Task<Status> add(const std::string& path) {
    auto open = [&path] { return InputStream::open(path); };
    AIS_CO_TRY(InputStream source, co_await on_pool(pool_, open));
    while (true) {
      auto take = [&source] { return source.read(kPiece); };
      AIS_CO_TRY(std::string piece, co_await on_pool(pool_, take));
      if (piece.empty()) co_return Status();
      AIS_CO_TRY(handle_, co_await invocation_.cluster().append(to_.bucket, to_.object, std::move(handle_), piece));
      bytes_ += piece.size();
    }
  }
  ProgressState progress_state() const {
    ProgressState state;
    state.verb = "appended";
    state.things = "file";
    state.objects = done_;
    state.bytes = bytes_;
    state.total_known = true;
    state.objects_total = files_.size();
    state.bytes_total = total_;
    state.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
    state.units = invocation_.units();
    return state;
  }
  void report() {
    std::string name = to_.bucket.cname() + "/" + to_.object;
    if (!invocation_.json()) return invocation_.print_line("appended " + invocation_.size_text(bytes_) + " to " + printable(name));
    codec::JsonWriter out;
    text_field(out.begin_object().field("action", "appended"), "object", name);
    out.field("bytes", bytes_).field("files", files_.size()).end_object();
    invocation_.print_line(out.take());
  }

  Invocation& invocation_;
  const meta::ObjectUri to_;
  const std::vector<std::string> files_;
  const std::chrono::steady_clock::time_point started_;
  sys::ThreadPool pool_{"files", 1};
  std::string handle_;
  uint64_t total_ = 0, bytes_ = 0, done_ = 0;
};

Status plan(Invocation& invocation, const meta::ObjectUri& to, const std::vector<std::string>& files) {
  Batch batch(invocation, Batch::Options{"appended", "would append", true, false, false, "", "file"});
  for (const std::string& path : files) batch.object_planned(Batch::Plan{path, to.bucket.cname() + "/" + to.object, file_size(path)});
  return batch.finish();
}

}  // namespace

async::Task<Status> append_object(Invocation& invocation) {
  AIS_CO_TRY(PutArguments arguments, read_put_arguments(invocation));
  const meta::ObjectUri& to = arguments.to;
  if (to.object.empty()) co_return invocation.usage_error("files are appended to an object: ais://bucket/object");
  if (Status valid = meta::validate_object_name(to.object); !valid.ok()) co_return invocation.usage_error(valid.message());
  AIS_CO_TRY(std::vector<std::string> files, files_of(arguments.files));
  if (invocation.has("dry-run")) co_return plan(invocation, to, files);
  Append append(invocation, to, std::move(files));
  co_return co_await append.run();
}

}  // namespace ais::cli
