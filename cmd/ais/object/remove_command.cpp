#include "ais/command/arguments.h"
#include "ais/command/commands.h"
#include "ais/object/hints.h"
#include "ais/object/object_job.h"
#include "ais/object/object_source.h"
#include "ais/object/same_content.h"

namespace ais::cli {
namespace {

class RemoveJob final : public Job<ObjectItem> {
 public:
  RemoveJob(ObjectSource& source, Batch& batch) : source_(source), batch_(batch) {}
  async::Task<Result<std::vector<ObjectItem>>> produce() override { return source_.next(); }
  async::Task<void> perform(JobLoop& loop, ObjectItem item) override {
    if (batch_.dry_run()) {
      Status there;
      if (!item.size) there = co_await check_there(loop.cluster(), item.bucket, item.name);
      if (!there.ok()) {
        batch_.object_failed(item.name, there);
        co_return;
      }
      batch_.object_planned(Batch::Plan{item.bucket.cname() + "/" + item.name, "", item.size});
      co_return;
    }
    Status status = co_await loop.cluster().remove(item.bucket, item.name);
    if (!status.ok()) {
      batch_.object_failed(item.name, status);
      co_return;
    }
    batch_.object_done(item.size.value_or(0));
    if (batch_.verbose()) batch_.tell_done(Batch::Plan{item.bucket.cname() + "/" + item.name, "", item.size});
  }

 private:
  ObjectSource& source_;
  Batch& batch_;
};

}  // namespace

async::Task<Status> remove_objects(Invocation& invocation) {
  AIS_CO_TRY(size_t parallel, parallel_flag(invocation));
  AIS_CO_TRY(ObjectSelection selection, select_objects(invocation, invocation.arguments()));
  bool dry_run = invocation.has("dry-run");
  bool asked = selection.is_plural() && (selection.listed || selection.count() != selection.names.size());
  if (asked && !dry_run) {
    std::string extent;
    if (invocation.asks()) {
      AIS_CO_TRY(extent, co_await extent_text(invocation, selection));
    }
    AIS_CO_RETURN_IF_ERROR(invocation.confirm("Remove " + selection.text() + extent + "?"));
  }
  Batch::Options options{"removed", "would remove", dry_run, false, false, selection.text_of_nothing()};
  options.tells_bytes = dry_run;
  Batch batch(invocation, std::move(options));
  ObjectSource source(invocation.cluster(), selection, dry_run);
  RemoveJob job(source, batch);
  size_t workers = dry_run ? 1 : parallel;
  co_return co_await run_object_job(invocation, job, batch, std::move(selection), workers);
}

}  // namespace ais::cli
