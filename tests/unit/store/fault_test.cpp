// Every write path with every one of its system calls failing in turn: afterwards each object is whole, old or new.
#include <functional>

#include "unit/store/store_fixture.h"

namespace ais::store {
namespace {

struct Operation {
  const char* what;
  std::function<void()> prepare;  // brings the names into a known state
  std::function<Status()> act;
  std::vector<std::string> names;                               // looked at afterwards
  std::vector<std::vector<std::string>> allowed_after_failure;  // values of `names`
  std::vector<std::string> after_success;
};

class FaultTest : public StoreTest {
 protected:
  /// Fails call 1, 2, 3, ... of the operation until it runs through untouched.
  void run(const Operation& operation, int error_number) {
    for (uint64_t n = 1;; ++n) {
      SCOPED_TRACE(std::string(operation.what) + " call " + std::to_string(n));
      operation.prepare();
      store_->drain();
      files_.fail_at(n, error_number);
      Status status = operation.act();
      store_->drain();
      files_.disarm();
      std::vector<std::string> values;
      for (const std::string& name : operation.names) values.push_back(get(name));
      if (status.ok()) {
        ASSERT_EQ(values, operation.after_success);
      } else {
        bool allowed = values == operation.after_success;
        for (const auto& state : operation.allowed_after_failure) allowed = allowed || values == state;
        ASSERT_TRUE(allowed) << status.to_string() << " values " << ::testing::PrintToString(values).substr(0, 300);
      }
      if (!files_.fired()) {
        ASSERT_TRUE(status.ok()) << status.to_string();
        break;
      }
    }
    open();
    EXPECT_EQ(work_files(), 0u) << operation.what;
    for (size_t i = 0; i < operation.names.size(); ++i) EXPECT_EQ(get(operation.names[i]), operation.after_success[i]) << operation.what;
  }

  void clear(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      Status status = remove(name);
      ASSERT_TRUE(status.ok() || status.code() == Code::kObjectNotFound) << status.to_string();
    }
  }
  static size_t open_descriptors() {
    auto all = std::filesystem::directory_iterator("/proc/self/fd");
    return static_cast<size_t>(std::distance(begin(all), end(all)));
  }
  static constexpr const char* kNone = "<ObjectNotFound>";
};

TEST_F(FaultTest, EveryFailingCallOfEveryWritePath) {
  size_t descriptors = open_descriptors();
  open();
  const std::string large = pattern_bytes(1'500'000, 2), small = "small", old = "old bytes", old_large = pattern_bytes(600'000, 8);
  auto fresh = [&](std::vector<std::string> names) { return [this, names] { clear(names); }; };
  auto with = [&](std::string name, std::string value, std::vector<std::string> gone = {}) {
    return [this, name, value, gone] {
      clear(gone);
      ASSERT_TRUE(put(name, value).ok());
    };
  };
  auto put_it = [&](std::string name, std::string value) { return [this, name, value] { return put(name, value).status(); }; };
  // Names whose mountpaths differ, and agree.
  auto mountpath = [&](const std::string& name) { return store_->mountpath_of(TestName("ais/@#/bck/", name).view.digest); };
  std::string same, other;
  for (int i = 0; same.empty() || other.empty(); ++i) {
    std::string name = "t/" + std::to_string(i);
    (mountpath(name) == mountpath("r") ? same : other) = name;
  }
  auto append = [&]() -> Status {
    TestName name("ais/@#/bck/", "ap");
    AIS_TRY(std::string handle, store_->append_start(name.view));
    AIS_RETURN_IF_ERROR(store_->append_write(name.view, handle, "+more").status());
    return append_flush(name.view, handle).status();
  };
  auto damaged = [this] {
    clear({"dm"});
    ASSERT_TRUE(put("dm", "0123456789").ok());
    ASSERT_EQ(truncate(path_of("dm").c_str(), 3), 0);
  };
  const std::vector<Operation> operations = {
      {"put new small", fresh({"d/n"}), put_it("d/n", small), {"d/n"}, {{kNone}}, {small}},
      {"put new large", fresh({"d/l"}), put_it("d/l", large), {"d/l"}, {{kNone}}, {large}},
      {"overwrite small", with("o", old), put_it("o", small), {"o"}, {{old}}, {small}},
      {"overwrite large", with("ol", old_large), put_it("ol", large), {"ol"}, {{old_large}}, {large}},
      {"put hashed", fresh({"x//y"}), put_it("x//y", small), {"x//y"}, {{kNone}}, {small}},
      {"overwrite hashed", with("x//z", old), put_it("x//z", small), {"x//z"}, {{old}}, {small}},
      {"remove", with("e/f/g", old), [&] { return remove("e/f/g"); }, {"e/f/g"}, {{old}}, {kNone}},
      {"rename here", with("r", old, {same}), [&] { return rename("r", same); }, {"r", same}, {{old, kNone}}, {kNone, old}},
      {"rename across",
       with("r", old, {other}),
       [&] { return rename("r", other); },
       {"r", other},
       {{old, kNone}, {old, old}},
       {kNone, old}},
      {"overwrite damaged", damaged, put_it("dm", small), {"dm"}, {{"<Corrupt>"}}, {small}},
      {"remove damaged", damaged, [&] { return remove("dm"); }, {"dm"}, {{"<Corrupt>"}}, {kNone}},
      {"copy", with("c", old, {"cc"}), [&] { return copy("c", "cc").status(); }, {"c", "cc"}, {{old, kNone}}, {old, old}},
      {"set custom",
       with("s", old),
       [&] {
         return set_custom("s", {{"k", "v"}}, true);
       },
       {"s"},
       {{old}},
       {old}},
      {"append", with("ap", old), append, {"ap"}, {{old}}, {old + "+more"}},
  };
  for (int error_number : {EIO, ENOSPC}) {
    for (const Operation& operation : operations) {
      run(operation, error_number);
      if (HasFatalFailure()) return;
    }
  }
  store_.reset();
  EXPECT_EQ(open_descriptors(), descriptors);
}

TEST_F(FaultTest, SyncFailureIsNeverAcknowledged) {
  open();
  files_.fail_always(EIO, sys::FaultFileSystem::kSyncs);
  EXPECT_EQ(put("a", "x").code(), Code::kInputOutput);
  EXPECT_EQ(put("big", pattern_bytes(400'000, 1)).code(), Code::kInputOutput);
  files_.disarm();
  ASSERT_TRUE(put("old", "old").ok());
  files_.fail_always(EIO, sys::FaultFileSystem::kSyncs);
  EXPECT_EQ(put("old", "new").code(), Code::kInputOutput);
  EXPECT_EQ(remove("old").code(), Code::kInputOutput);
  CommitOptions never;
  never.policy = WritePolicy::kNever;
  EXPECT_TRUE(put("never", "x", never).ok());
  files_.disarm();
  EXPECT_GE(store_->counters().io_errors, 3u);
}

TEST_F(FaultTest, ARenameReplacesOnlyAfterItsContentIsSynced) {
  open();
  const auto place = [this](const std::string& name) { return store_->mountpath_of(TestName("ais/@#/bck/", name).view.digest); };
  std::string to;
  for (int i = 0; to.empty(); ++i) {
    if (const std::string name = "to" + std::to_string(i); place(name) == place("from")) to = name;
  }
  for (WritePolicy policy : {WritePolicy::kNever, WritePolicy::kDelayed}) {
    CommitOptions unsynced;
    unsynced.policy = WritePolicy::kNever;
    ASSERT_TRUE(put("from", "new", unsynced).ok());
    ASSERT_TRUE(put(to, "old").ok());
    const auto rename_from = [&] {
      TestName a("ais/@#/bck/", "from"), b("ais/@#/bck/", to);
      ChangeOptions options;
      options.policy = policy;
      return loop().wait(store_->rename(a.view, b.view, options));
    };
    files_.fail_always(EIO, sys::FaultFileSystem::kSyncs);
    EXPECT_EQ(rename_from().code(), Code::kInputOutput);
    files_.disarm();
    EXPECT_EQ(get("from"), "new");
    EXPECT_EQ(get(to), "old");
    EXPECT_TRUE(rename_from().ok());
    EXPECT_EQ(get(to), "new");
  }
}

TEST_F(FaultTest, FailedReadIsAnErrorAndNotAbsence) {
  open();
  ASSERT_TRUE(put("dir/o", "x").ok());
  TestName name("ais/@#/bck/", "dir/o");
  for (uint64_t n = 1;; ++n) {
    open();
    files_.fail_at(n, EIO, sys::FaultFileSystem::kThisThread);  // the thread that empties the trash begins its work now, too
    Result<OpenObjectPtr> object = store_->open_blocking(name.view);
    bool fired = files_.fired();
    files_.disarm();
    if (!fired) {
      EXPECT_TRUE(object.ok());
      break;
    }
    EXPECT_EQ(object.code(), Code::kInputOutput);
  }
}

}  // namespace
}  // namespace ais::store
