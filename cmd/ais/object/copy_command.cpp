// `cp` and `mv`: one object, a template or all below a prefix, under other names.
#include <algorithm>
#include <unordered_set>

#include "ais/command/arguments.h"
#include "ais/command/commands.h"
#include "ais/object/hints.h"
#include "ais/object/name_list.h"
#include "ais/object/object_job.h"
#include "ais/object/object_source.h"
#include "ais/object/same_content.h"

namespace ais::cli {
namespace {

/// Names on the other side.
class NewNames {
 public:
  /// `to` is a name for one object, a template with as many names as there are objects, or "" or "dir/" that the names go below.
  static Result<NewNames> create(Invocation& invocation, const ObjectSelection& selection, meta::ObjectUri to) {
    NewNames out(selection.cut, std::move(to));
    const std::string& text = out.to_.object;
    if (invocation.has("prepend")) {
      if (!text.empty()) return invocation.usage_error("--prepend wants a bucket with nothing behind it, not \"" + text + "\"");
      out.prefix_ = invocation.get("prepend");
    }
    if (text.ends_with('/')) out.prefix_ = text;
    if (text.empty() || text.ends_with('/')) return out;
    Result<NameTemplate> names = invocation.has("literal") ? NameTemplate::literal(text) : NameTemplate::parse(text);
    if (!names.ok()) return invocation.usage_error(names.status().message());
    if (!names->has_range() && !selection.is_plural()) return out;
    if (selection.count() != names->count())
      return invocation.usage_error("\"" + text + "\" does not name as many objects as are to be there; below a prefix: " + text + "/");
    out.names_ = std::move(names).value();
    return out;
  }
  const meta::Bucket& bucket() const { return to_.bucket; }
  /// What all names begin with, as far as they keep their own.
  const std::string& prefix() const { return prefix_; }
  /// Of the next object, in the order in which they come.
  std::string next(const ObjectItem& item) {
    if (names_) return names_->at(next_++);
    if (!to_.object.empty() && to_.object != prefix_) return to_.object;
    // A single object takes its last component into a directory, as a file does; many keep what stands behind the place.
    bool whole = cut_ > 0 || keep_directories || to_.object.empty();
    return prefix_ + (whole ? item.name.substr(cut_) : item.name.substr(item.name.rfind('/') + 1));
  }
  /// The template that all names come from, where they do.
  const std::optional<NameTemplate>& names() const { return names_; }
  bool keep_directories = false;

 private:
  NewNames(size_t cut, meta::ObjectUri to) : cut_(cut), to_(std::move(to)) {}
  size_t cut_;
  meta::ObjectUri to_;
  std::string prefix_;
  std::optional<NameTemplate> names_;
  uint64_t next_ = 0;
};

struct Transfer {
  ObjectItem from;
  std::string to;
};

class TransferJob final : public Job<Transfer> {
 public:
  TransferJob(Invocation& invocation, ObjectSource& source, NewNames names, bool moves, Batch& batch)
      : source_(source),
        names_(std::move(names)),
        moves_(moves),
        skip_existing_(invocation.has("skip-existing")),
        no_clobber_(invocation.has("no-clobber")),
        batch_(batch) {}
  /// Nothing can be there already.
  void into_new_bucket() { skip_existing_ = no_clobber_ = false; }

  /// Names that are made of names of several places may meet.
  void each_name_once() { taken_.emplace(); }

  async::Task<Result<std::vector<Transfer>>> produce() override {
    std::vector<Transfer> out;
    while (out.empty()) {  // an empty list would be the end
      AIS_CO_TRY(std::vector<ObjectItem> items, co_await source_.next());
      if (items.empty()) break;
      for (ObjectItem& item : items) {
        std::string to = names_.next(item);
        if (claim(item, to)) out.push_back({std::move(item), std::move(to)});
      }
    }
    co_return out;
  }
  async::Task<void> perform(JobLoop& loop, Transfer transfer) override {
    std::string name = transfer.from.name;
    Status status = co_await transfer_one(loop.cluster(), std::move(transfer));
    if (!status.ok()) batch_.object_failed(name, status);
  }

 private:
  /// False when an earlier object goes to this name, which would replace it without a word.
  bool claim(const ObjectItem& item, const std::string& to) {
    if (!taken_ || taken_->insert(to).second) return true;
    batch_.object_failed(item.name, Status(Code::kInvalid, "left out, since an earlier object goes to \"" + to + "\" already"));
    return false;
  }
  async::Task<Status> transfer_one(api::ClusterClient& cluster, Transfer transfer) {
    const ObjectItem& from = transfer.from;
    AIS_CO_RETURN_IF_ERROR(meta::validate_object_name(transfer.to));
    if (skip_existing_ || no_clobber_) {
      AIS_CO_TRY(bool there, co_await is_there(cluster, from, transfer.to));
      if (there) {
        batch_.object_skipped(from.size.value_or(0));
        co_return Status();
      }
    }
    if (batch_.dry_run() && !from.size) AIS_CO_RETURN_IF_ERROR(co_await check_there(cluster, from.bucket, from.name));
    Batch::Plan plan{from.bucket.cname() + "/" + from.name, names_.bucket().cname() + "/" + transfer.to, from.size};
    if (batch_.dry_run()) {
      batch_.object_planned(std::move(plan));
      co_return Status();
    }
    Status status;
    if (moves_) status = co_await cluster.rename(from.bucket, from.name, transfer.to);
    else status = co_await cluster.copy(from.bucket, from.name, names_.bucket(), transfer.to);
    if (status.ok()) batch_.object_done(from.size.value_or(0));
    if (status.ok() && batch_.verbose()) batch_.tell_done(std::move(plan));
    co_return status;
  }
  async::Task<Result<bool>> is_there(api::ClusterClient& cluster, const ObjectItem& from, const std::string& to) {
    AIS_CO_TRY(std::optional<api::ObjectInfo> target, co_await look_up(cluster, names_.bucket(), to));
    if (!target || no_clobber_) co_return target.has_value();
    if (from.size && *from.size != target->size) co_return false;
    AIS_CO_TRY(std::optional<api::ObjectInfo> source, co_await look_up(cluster, from.bucket, from.name));
    co_return same_content(source, target);
  }

  ObjectSource& source_;
  NewNames names_;
  const bool moves_;
  bool skip_existing_, no_clobber_;
  std::optional<std::unordered_set<std::string>> taken_;
  Batch& batch_;
};

struct TransferPlan {
  ObjectSelection selection;
  NewNames names;
  bool moves = false;
  bool new_bucket = false;  // nothing can be there already
};

async::Task<Status> transfer(Invocation& invocation, TransferPlan plan, Batch::Options options) {
  AIS_CO_TRY(size_t parallel, parallel_flag(invocation));
  const ObjectSelection& selection = plan.selection;
  bool dry_run = options.dry_run;
  options.nothing = selection.text_of_nothing();
  Batch batch(invocation, std::move(options));
  ObjectSource source(invocation.cluster(), selection, true);
  bool may_meet = !selection.listed && selection.is_plural() && !plan.names.names();
  TransferJob job(invocation, source, std::move(plan.names), plan.moves, batch);
  if (plan.new_bucket) job.into_new_bucket();
  if (may_meet) job.each_name_once();
  size_t workers = dry_run ? 1 : parallel;
  co_return co_await run_object_job(invocation, job, batch, std::move(plan.selection), workers);
}

/// A copy of all of a bucket, or of what flags choose in it, makes its bucket where there is none, with the properties of the first.
/// True when there was none.
async::Task<Result<bool>> make_bucket(Invocation& invocation, meta::Bucket from, meta::Bucket to) {
  AIS_CO_TRY(meta::BucketProperties props, co_await invocation.cluster().head_bucket(from));
  Result<meta::BucketProperties> there = co_await invocation.cluster().head_bucket(to);
  if (there.ok()) co_return false;
  if (there.code() != Code::kBucketNotFound) co_return there.status();
  bool dry_run = invocation.has("dry-run");
  if (!dry_run) {
    props.bid = 0;  // these two are the new bucket's own
    props.created_ns = 0;
    codec::JsonWriter json;
    props.write_json(json);
    Status made = co_await invocation.cluster().create_bucket(to, json.take());
    if (made.code() == Code::kBucketAlreadyExists) co_return false;  // somebody else was faster
    AIS_CO_RETURN_IF_ERROR(std::move(made));
  }
  std::string what = dry_run ? "would be created" : "created";
  std::fprintf(invocation.terminal().err, "bucket %s %s, with the properties of %s\n", to.cname().c_str(), what.c_str(),
               from.cname().c_str());
  co_return true;
}

/// The listing would meet what was just written, again and again.
Status check_no_loop(Invocation& invocation, const ObjectSelection& selection, const NewNames& names) {
  bool same_bucket = selection.listed && selection.listed->bucket == names.bucket();
  if (same_bucket && names.prefix() == selection.listed->object && selection.cut == names.prefix().size())
    return invocation.usage_error("the objects would be given the names that they have");
  if (same_bucket && selection.listed->object.empty())
    return invocation.usage_error("all of " + names.bucket().cname() + " would go into itself, and the new names be found again");
  if (same_bucket && names.prefix().starts_with(selection.listed->object))
    return invocation.usage_error("the new names would begin with \"" + selection.listed->object + "\" too and be found again");
  return {};
}

/// Names that begin with `old` get `prefix` in place of their first `cut` bytes. Those whose new name begins with `old` too begin with
/// what this returns; nullopt where there are none.
std::optional<std::string> meeting_prefix(const std::string& old, size_t cut, const std::string& prefix) {
  if (!old.starts_with(prefix)) return std::nullopt;
  const std::string between = old.substr(prefix.size());
  const std::string kept = old.substr(cut);  // of each name, as far as it is known
  if (kept.starts_with(between)) return old;
  return between.starts_with(kept) ? std::optional(old.substr(0, cut) + between) : std::nullopt;
}

/// "a/" to "": "a/a/x" would take the place of "a/x" before that is read, or after, as it happens.
async::Task<Status> check_no_meeting(Invocation& invocation, const ObjectSelection& selection, const NewNames& names) {
  if (!selection.listed || selection.listed->bucket != names.bucket() || names.names()) co_return Status();
  std::optional<std::string> meeting = meeting_prefix(selection.listed->object, selection.cut, names.prefix());
  if (!meeting) co_return Status();
  api::ListRequest request;
  request.prefix = *meeting;
  request.props = "name";
  request.flags = api::kListNameOnly;
  Lister lister(invocation.cluster(), selection.listed->bucket, std::move(request), 1);
  while (!lister.done()) {
    AIS_CO_TRY(const std::vector<api::ListEntry> entries, co_await lister.next());
    if (!entries.empty())
      co_return invocation.usage_error("the new name of \"" + entries[0].name +
                                       "\" may be that of another object that is taken too; go by another place");
  }
  co_return Status();
}

/// Many objects are in work at once: one of them could go to where another one is still to be read.
Status check_no_overlap(Invocation& invocation, const ObjectSelection& selection, NewNames names) {
  auto is_there = [&names](const ObjectSelection::Names& source) { return source.bucket == names.bucket(); };
  if (selection.listed || !selection.is_plural() || std::none_of(selection.names.begin(), selection.names.end(), is_there)) return {};
  // A list of names may be long.
  std::unordered_set<std::string> plain;
  std::vector<const NameTemplate*> ranges;
  for (const ObjectSelection::Names& source : selection.names) {
    if (!is_there(source)) continue;
    if (source.objects.has_range()) ranges.push_back(&source.objects);
    else plain.insert(source.objects.at(0));
  }
  uint64_t left = selection.count().value_or(0);
  for (const ObjectSelection::Names& from : selection.names) {
    for (uint64_t i = 0; i < from.objects.count() && left > 0; ++i, --left) {
      const std::string name = names.next({from.bucket, from.objects.at(i), std::nullopt});
      auto has_it = [&name](const NameTemplate* range) { return range->contains(name); };
      if (plain.contains(name) || std::any_of(ranges.begin(), ranges.end(), has_it))
        return invocation.usage_error("\"" + name + "\" is one of the objects and one of the new names");
    }
  }
  return {};
}

/// A person is asked before a single object takes the place of another one; a script, and a command about many, is not.
async::Task<Status> confirm_replacing(Invocation& invocation, const ObjectSelection& selection, NewNames names) {
  if (!invocation.asks() || selection.is_plural() || selection.listed) co_return Status();
  for (const char* flag : {"dry-run", "no-clobber", "skip-existing"})
    if (invocation.has(flag)) co_return Status();
  const std::string name = names.next({selection.names[0].bucket, selection.names[0].objects.at(0), std::nullopt});
  const Result<std::optional<api::ObjectInfo>> there = co_await look_up(invocation.cluster(), names.bucket(), name);
  if (!there.ok() || !*there) co_return Status();  // what is wrong is told by the work itself
  co_return invocation.confirm("Replace " + printable(names.bucket().cname() + "/" + name) + " (" + invocation.size_text((*there)->size) +
                               ")?");
}

std::vector<std::string> sources_of(Invocation& invocation) {
  return std::vector<std::string>(invocation.arguments().begin(), invocation.arguments().end() - 1);
}

}  // namespace

async::Task<Status> copy_objects(Invocation& invocation) {
  const std::vector<std::string> sources = sources_of(invocation);
  AIS_CO_TRY(ObjectSelection selection, select_objects(invocation, sources, BareBucket::kAll));
  const std::string& last = invocation.arguments().back();
  AIS_CO_RETURN_IF_ERROR(check_is_remote(invocation, last));
  AIS_CO_TRY(meta::ObjectUri to, uri_argument(invocation, last));
  AIS_CO_TRY(NewNames names, NewNames::create(invocation, selection, std::move(to)));
  names.keep_directories = selection.is_plural();
  AIS_CO_RETURN_IF_ERROR(check_no_loop(invocation, selection, names));
  AIS_CO_RETURN_IF_ERROR(check_no_overlap(invocation, selection, names));
  AIS_CO_RETURN_IF_ERROR(co_await check_no_meeting(invocation, selection, names));
  if (selection.count() == 1u) {
    ObjectItem one{selection.names[0].bucket, selection.names[0].objects.at(0), std::nullopt};
    NewNames probe = names;
    if (one.bucket == names.bucket() && probe.next(one) == one.name)
      co_return invocation.usage_error("source and destination are the same");
  }
  AIS_CO_RETURN_IF_ERROR(co_await confirm_replacing(invocation, selection, names));
  TransferPlan plan{std::move(selection), std::move(names), false, false};
  if (plan.selection.listed || has_name_list(invocation) || invocation.has("template")) {
    meta::Bucket from = plan.selection.listed ? plan.selection.listed->bucket : plan.selection.names[0].bucket;
    Result<bool> made = co_await make_bucket(invocation, std::move(from), plan.names.bucket());
    if (!made.ok()) co_return co_await explained(invocation, std::move(plan.selection), made.status());
    plan.new_bucket = *made;
  }
  Batch::Options options{"copied", "would copy", invocation.has("dry-run"), false, true, ""};
  co_return co_await transfer(invocation, std::move(plan), std::move(options));
}

async::Task<Status> rename_objects(Invocation& invocation) {
  const std::vector<std::string> sources = sources_of(invocation);
  AIS_CO_TRY(ObjectSelection selection, select_objects(invocation, sources));
  meta::Bucket bucket = selection.listed ? selection.listed->bucket : selection.names[0].bucket;
  meta::ObjectUri to{bucket, invocation.arguments().back()};
  if (to.object.find("://") != std::string::npos) {
    AIS_CO_TRY(to, uri_argument(invocation, to.object));
  }
  bool same = to.bucket == bucket;
  for (const ObjectSelection::Names& one : selection.names) same &= one.bucket == bucket;
  if (!same) co_return invocation.usage_error("objects are renamed within their bucket; to another one: ais cp, ais rmo");
  AIS_CO_TRY(NewNames names, NewNames::create(invocation, selection, std::move(to)));
  names.keep_directories = selection.is_plural();
  AIS_CO_RETURN_IF_ERROR(check_no_loop(invocation, selection, names));
  AIS_CO_RETURN_IF_ERROR(check_no_overlap(invocation, selection, names));
  AIS_CO_RETURN_IF_ERROR(co_await check_no_meeting(invocation, selection, names));
  bool dry_run = invocation.has("dry-run");
  if (selection.is_plural() && !dry_run) AIS_CO_RETURN_IF_ERROR(invocation.confirm("Rename " + selection.text() + "?"));
  AIS_CO_RETURN_IF_ERROR(co_await confirm_replacing(invocation, selection, names));
  Batch::Options options{"renamed", "would rename", dry_run, false, false, ""};
  TransferPlan plan{std::move(selection), std::move(names), true, false};
  co_return co_await transfer(invocation, std::move(plan), std::move(options));
}

}  // namespace ais::cli
