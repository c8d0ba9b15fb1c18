#include "ais/batch.h"

#include "base/strings.h"
#include "base/units.h"

namespace ais::cli {

Batch::Batch(Invocation& invocation, std::string verb)
    : invocation_(invocation), verb_(std::move(verb)), started_(std::chrono::steady_clock::now()), shown_(started_) {}

Batch::~Batch() { clear_progress(); }

void Batch::add_bytes(uint64_t bytes) {
  bytes_ += bytes;
  show_progress();
}

void Batch::object_done() {
  ++objects_;
  show_progress();
}

void Batch::object_failed(std::string_view name, const Status& why) {
  ++failed_;
  clear_progress();
  invocation_.complain(printable(std::string(name) + ": " + why.message()));
  if (failures_.size() < kFailuresKept) failures_.emplace_back(name, why.message());
}

void Batch::show_progress() {
  constexpr auto kEvery = std::chrono::milliseconds(200);
  if (!invocation_.terminal().progress) return;
  auto now = std::chrono::steady_clock::now();
  if (now - shown_ < kEvery) return;
  shown_ = now;
  double seconds = std::chrono::duration<double>(now - started_).count();
  std::string rate = format_size(static_cast<uint64_t>(static_cast<double>(bytes_) / seconds), 1);
  std::fprintf(invocation_.terminal().err, "\r\033[K%s %llu objects, %s, %s/s", verb_.c_str(), static_cast<unsigned long long>(objects_),
               format_size(bytes_, 1).c_str(), rate.c_str());
  std::fflush(invocation_.terminal().err);
  progress_on_screen_ = true;
}

void Batch::clear_progress() {
  if (!progress_on_screen_) return;
  std::fprintf(invocation_.terminal().err, "\r\033[K");
  std::fflush(invocation_.terminal().err);
  progress_on_screen_ = false;
}

Status Batch::finish() {
  clear_progress();
  if (invocation_.json()) {
    codec::JsonWriter out;
    out.begin_object().field("objects", objects_).field("bytes", bytes_).field("failed", failed_).key("failures").begin_array();
    for (const auto& [name, why] : failures_) out.begin_object().field("name", name).field("error", why).end_object();
    out.end_array().end_object();
    invocation_.print_line(out.take());
  } else if (objects_ > 0 || failed_ == 0) {
    std::string size = bytes_ > 0 ? ", " + format_size(bytes_, bytes_ < kKiB ? 0 : 1) : "";
    invocation_.print_line(verb_ + " " + std::to_string(objects_) + (objects_ == 1 ? " object" : " objects") + size);
  }
  if (failed_ == 0) return {};
  return make_status(Code::kInternal, "%llu of %llu objects failed", static_cast<unsigned long long>(failed_),
                     static_cast<unsigned long long>(failed_ + objects_));
}

}  // namespace ais::cli
