// ObjectSource: the objects that the arguments of a command name, one after the other: single names, templates, everything that begins
// with a prefix. Expanded and listed while the command works, so that memory does not grow with their number. Loop thread only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ais/command/invocation.h"
#include "ais/object/lister.h"
#include "base/name_template.h"
#include "meta/bucket.h"

namespace ais::cli {

/// What the arguments say.
struct ObjectSelection {
  struct Names {
    meta::Bucket bucket;
    NameTemplate objects;
  };
  std::vector<Names> names;
  /// Or all objects of one bucket that begin with a prefix: --prefix TEXT, BUCKET/PREFIX/, --all.
  std::optional<meta::ObjectUri> listed;
  /// Bytes at the beginning of each name that stand for the place and do not belong to the thing: "train/" when BUCKET/train/ is
  /// written. --prefix cuts nothing.
  size_t cut = 0;
  uint64_t limit = 0;  // 0 = none
  bool flat = false;   // of what is listed only names without a slash behind the prefix

  /// How many are named; nothing when they have to be listed first.
  std::optional<uint64_t> count() const;
  /// More than one object, as far as can be said without asking.
  bool is_plural() const { return count().value_or(2) > 1; }
  /// For people: "100 objects", "all objects of ais://b that begin with "x"".
  std::string text() const;
  /// For people, when a listing was empty; "" for names.
  std::string text_of_nothing() const;
};

/// What a bucket with nothing behind it means: nothing (an error), or all that is in it.
enum class BareBucket { kError, kAll };

/// Reads `arguments` with the flags --prefix, --all, --list, --names-from, --template, --literal, --no-recursion, --limit, as far as the
/// command has them. Usage errors.
Result<ObjectSelection> select_objects(Invocation& invocation, const std::vector<std::string>& arguments,
                                       BareBucket bare = BareBucket::kError);

struct ObjectItem {
  meta::Bucket bucket;
  std::string name;
  std::optional<uint64_t> size;  // where it was listed with sizes
};

class ObjectSource {
 public:
  ObjectSource(api::ClusterClient& cluster, ObjectSelection selection, bool with_sizes);
  /// The next ones in order; an empty list is the end.
  async::Task<Result<std::vector<ObjectItem>>> next();

 private:
  std::vector<ObjectItem> next_names();

  const ObjectSelection selection_;
  const bool with_sizes_;
  std::optional<Lister> lister_;
  size_t next_template_ = 0;
  uint64_t next_name_ = 0;
  uint64_t given_ = 0;
};

/// For questions: " (12 objects, 3.00MiB)", listed now; "" where names are given. Of very many only that they are more.
async::Task<Result<std::string>> extent_text(Invocation& invocation, ObjectSelection selection);

class Batch;
/// Tells the batch how much there is: lists it once more, on the side. Ends early when `over` becomes true.
async::Task<void> count_objects(api::ClusterClient& cluster, ObjectSelection selection, Batch& batch, const bool& over);

}  // namespace ais::cli
