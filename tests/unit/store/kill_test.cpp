// The process killed at every named point, in a stream of changes: what was acknowledged is there, what was under way is old or new.
#include <signal.h>
#include <sys/wait.h>

#include <functional>
#include <map>

#include "sys/fault_points.h"
#include "unit/store/store_fixture.h"

namespace ais::store {
namespace {

using Contents = std::map<std::string, std::string>;

class KillTest : public StoreTest {
 protected:
  enum Kind { kPutNew, kPutOver, kPutLarge, kRename, kCopy, kCustom, kAppend, kRemove, kKinds };

  /// Index of the mountpath that an object belongs on; known without a store.
  size_t home(const std::string& object) const {
    auto weight = [&](size_t i) {
      return meta::placement_weight(meta::placement_digest(options_.mountpaths[i]), meta::placement_digest("ais/@#/bck/" + object));
    };
    return weight(0) > weight(1) ? 0 : 1;
  }
  /// What a group's object is renamed to: within its mountpath in even groups, to the other one in odd groups, whatever the
  /// mountpaths are called this time.
  std::string moved_name(int group) const {
    size_t from = home("g" + std::to_string(group) + "/o");
    size_t wanted = group % 2 == 0 ? from : 1 - from;
    for (int i = 0;; ++i) {
      std::string name = "m/" + std::to_string(group) + "-" + std::to_string(i);
      if (home(name) == wanted) return name;
    }
  }

  /// The i-th change, and what the objects are like after it. Deterministic: parent and child agree without talking.
  struct Step {
    Kind kind;
    std::string name, to, value;
  };
  Step step(int i) const {
    std::string group = std::to_string(i / kKinds);
    std::string name = "g" + group + "/o", value = "value " + std::to_string(i);
    std::string moved = moved_name(i / kKinds);
    switch (static_cast<Kind>(i % kKinds)) {
      case kPutNew: return {kPutNew, name, "", value};
      case kPutOver: return {kPutOver, name, "", value};
      case kPutLarge: return {kPutLarge, name, "", pattern_bytes(300'000, static_cast<uint64_t>(i))};
      case kRename: return {kRename, name, moved, ""};
      case kCopy: return {kCopy, moved, "c/" + group, ""};
      case kCustom: return {kCustom, "c/" + group, "", value};
      case kAppend: return {kAppend, "c/" + group, "", value};
      default: return {kRemove, moved, "", ""};
    }
  }
  static void apply(const Step& s, Contents& contents) {
    switch (s.kind) {
      case kPutNew:
      case kPutOver:
      case kPutLarge: contents[s.name] = s.value; break;
      case kRename:
        contents[s.to] = contents[s.name];
        contents.erase(s.name);
        break;
      case kCopy: contents[s.to] = contents[s.name]; break;
      case kCustom: break;
      case kAppend: contents[s.name] += s.value; break;
      default: contents.erase(s.name);
    }
  }

  Status act(const Step& s) {
    switch (s.kind) {
      case kPutNew:
      case kPutOver:
      case kPutLarge: return put(s.name, s.value).status();
      case kRename: return rename(s.name, s.to);
      case kCopy: return copy(s.name, s.to).status();
      case kCustom: return set_custom(s.name, {{"k", s.value}}, true);
      case kAppend: {
        TestName name("ais/@#/bck/", s.name);
        AIS_TRY(std::string handle, store_->append_start(name.view));
        AIS_RETURN_IF_ERROR(store_->append_write(name.view, handle, s.value).status());
        return append_flush(name.view, handle).status();
      }
      default: return remove(s.name);
    }
  }

  /// Runs steps in a child that dies at `point`; returns how many it acknowledged. -1: it was not killed.
  int run_until_killed(const std::string& point) {
    int pipes[2];
    EXPECT_EQ(pipe(pipes), 0);
    pid_t child = fork();
    if (child == 0) {
      setenv("AIS_KILL_AT", point.c_str(), 1);
      sys::arm_fault_points_from_environment();
      open();
      for (int i = 0; i < 6 * kKinds; ++i) {
        if (!act(step(i)).ok()) _exit(2);
        char acknowledged = 'a';
        if (write(pipes[1], &acknowledged, 1) != 1) _exit(3);
      }
      _exit(0);
    }
    ::close(pipes[1]);
    int count = 0;
    char byte;
    while (read(pipes[0], &byte, 1) == 1) ++count;
    ::close(pipes[0]);
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(!WIFEXITED(status) || WEXITSTATUS(status) == 0) << point << " exit " << WEXITSTATUS(status);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL ? count : -1;
  }

  Contents stored() {
    Contents contents;
    for (const std::string& name : list()) contents[name] = get(name);
    return contents;
  }
};

TEST_F(KillTest, OldOrNewAtEveryPoint) {
  const char* const points[] = {
      "put.before_xattr",   "put.after_xattr",          "put.after_data_sync",  "put.after_link",       "put.before_rename",
      "put.after_rename",   "put.after_directory_sync", "put.before_answer",    "delete.before_unlink", "delete.after_unlink",
      "delete.after_sync",  "rename.before_xattr",      "rename.before_rename", "rename.after_rename",  "rename.after_sync",
      "rename.before_copy", "rename.after_copy",        "copy.before_sync",     "copy.after_sync",      "append.after_write",
      "append.before_sync", "append.after_sync",        "custom.before_xattr",  "custom.after_xattr",   "custom.after_sync"};
  for (const char* point : points) {
    for (int passage : {1, 3}) {
      SCOPED_TRACE(std::string(point) + ":" + std::to_string(passage));
      store_.reset();
      for (const std::string& mountpath : options_.mountpaths) {
        std::filesystem::remove_all(mountpath);
        std::filesystem::create_directory(mountpath);
      }
      int acknowledged = run_until_killed(std::string(point) + ":" + std::to_string(passage));
      ASSERT_GE(acknowledged, 0) << "never reached";
      Contents before;
      for (int i = 0; i < acknowledged; ++i) apply(step(i), before);
      Contents after = before;
      apply(step(acknowledged), after);
      Contents both = after;  // a rename on its way
      if (step(acknowledged).kind == kRename) both[step(acknowledged).name] = before[step(acknowledged).name];
      open();
      Contents found = stored();
      EXPECT_TRUE(found == before || found == after || found == both) << "after step " << acknowledged;
      EXPECT_EQ(work_files(), 0u);
      EXPECT_TRUE(put("g0/o", "life goes on").ok());
      EXPECT_EQ(get("g0/o"), "life goes on");
    }
  }
}

// A damaged file has a name at every point: under %ob, in %bad, or both. Its object is an error until the change is done.
TEST_F(KillTest, ADamagedFileIsNeverLost) {
  const char* const points[] = {"aside.after_link",  "put.before_rename",    "put.after_rename",    "put.after_directory_sync",
                                "put.before_answer", "delete.before_unlink", "delete.after_unlink", "delete.after_sync"};
  for (const std::string point : points) {
    SCOPED_TRACE(point);
    const bool removes = point.starts_with("delete");
    open();
    ASSERT_TRUE(remove("o").ok() || get("o") == "<ObjectNotFound>");
    ASSERT_TRUE(put("o", "0123456789").ok());
    const std::string path = path_of("o");
    const std::string bad = std::filesystem::path(path).parent_path().parent_path().parent_path().parent_path() / "%bad";
    for (const auto& entry : std::filesystem::directory_iterator(bad)) std::filesystem::remove(entry);
    ASSERT_EQ(truncate(path.c_str(), 3), 0);
    store_.reset();
    pid_t child = fork();
    if (child == 0) {
      setenv("AIS_KILL_AT", point.c_str(), 1);
      sys::arm_fault_points_from_environment();
      open();
      _exit((removes ? remove("o") : put("o", "new").status()).ok() ? 0 : 2);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "never reached";
    open();
    const std::string found = get("o");
    EXPECT_TRUE(found == "<Corrupt>" || found == (removes ? "<ObjectNotFound>" : "new")) << found;
    size_t kept = 0;
    for (const auto& entry : std::filesystem::directory_iterator(bad)) kept += entry.file_size() == 3;
    EXPECT_TRUE(kept == 1 || (kept == 0 && found == "<Corrupt>"));
    EXPECT_EQ(work_files(), 0u);
  }
}

}  // namespace
}  // namespace ais::store
