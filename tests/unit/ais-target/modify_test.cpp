// DELETE, PATCH, rename, copy, check-lock; also between two targets.
#include "meta/placement.h"
#include "unit/ais-target/target_fixture.h"

namespace ais::target {
namespace {

class ModifyTest : public TargetTest {
 protected:
  Buckets buckets() override {
    return {{"b", {}},
            {"c", {}},
            {"ec", [](meta::BucketProperties& p) { p.ec.enabled = true; }},
            {"readonly", [](meta::BucketProperties& p) { p.access = meta::kAccessGet | meta::kAccessHeadObject; }}};
  }
  Answer rename(const std::string& from, const std::string& to) {
    return call("POST", from, R"({"action":"rename-obj","name":")" + to + R"("})");
  }
  static std::string uname(const std::string& bucket, const std::string& object) {
    return "object_to=ais%2F%40%23%2F" + bucket + "%2F" + object;
  }
};

TEST_F(ModifyTest, Delete) {
  ASSERT_EQ(put("o", "x").status, 200);
  const Answer answer = call("DELETE", "o");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "");
  EXPECT_EQ(call("GET", "o").status, 404);
  const Answer missing = call("DELETE", "o");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(error_of(missing), "ErrNotFound|ais://b/o doesn't exist");
  EXPECT_TRUE(target_->files_on_disk().empty());
}

TEST_F(ModifyTest, DeleteActions) {
  ASSERT_EQ(put("o", "x").status, 200);
  EXPECT_EQ(call("DELETE", "o", R"({"action":"evict-listrange"})").status, 400);
  EXPECT_EQ(call("DELETE", "o", R"({"action":"mpt-abort"})").status, 501);
  EXPECT_EQ(call("DELETE", "o", "not json").status, 400);
  EXPECT_EQ(call("GET", "o").status, 200);
  EXPECT_EQ(call("DELETE", "/v1/objects/readonly/o").status, 403);
  EXPECT_EQ(call("DELETE", "o", R"({"action":""})").status, 200);
}

TEST_F(ModifyTest, CustomProperties) {
  ASSERT_EQ(put("o", "x", "Ais-Custom-Md: a=1\r\n").status, 200);
  EXPECT_EQ(call("PATCH", "o", R"({"action":"","value":{"b":"2","a":"3"}})").status, 200);
  auto custom = call("HEAD", "o").all("ais-custom-md");
  std::sort(custom.begin(), custom.end());
  EXPECT_EQ(custom, (std::vector<std::string>{"a=3", "b=2"}));
  EXPECT_EQ(call("GET", "o").all("ais-custom-md").size(), 2u);
  EXPECT_EQ(call("PATCH", "o", R"({"value":{"c":"4"}})", "set-new-custom=true").status, 200);
  EXPECT_EQ(call("HEAD", "o").all("ais-custom-md"), std::vector<std::string>{"c=4"});
  EXPECT_EQ(call("HEAD", "o").header("ais-version"), "1");
}

TEST_F(ModifyTest, CustomPropertyErrors) {
  ASSERT_EQ(put("o", "x").status, 200);
  for (const char* body :
       {R"({"value":{"k":1}})", R"({"value":[1]})", R"({"value":{"":"v"}})", R"({"value":{"a=b":"v"}})",
        R"({"value":{"k":"a\r\nSet-Cookie: x"}})", R"({"value":{"k\u0001":"v"}})", R"({"value":{"k":"\u001e"}})", "{", ""})
    EXPECT_EQ(call("PATCH", "o", body).status, 400) << body;
  EXPECT_EQ(call("PATCH", "o", R"({"value":{"k":")" + std::string(2048, 'v') + R"("}})").status, 400);
  EXPECT_EQ(call("PATCH", "o", R"({"value":{"k":")" + std::string(1500, 'v') + R"("}})").status, 200);
  EXPECT_EQ(call("PATCH", "o", R"({"value":{"l":")" + std::string(1500, 'v') + R"("}})").status, 400);
  const Answer missing = call("PATCH", "none", R"({"value":{"k":"v"}})");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(error_of(missing), "ErrNotFound|t[t1test00]: ais://b/none does not exist");
}

TEST_F(ModifyTest, Rename) {
  ASSERT_EQ(put("from", "content", "Ais-Custom-Md: k=v\r\n").status, 200);
  for (int i = 0; i < 8; ++i) {  // names of both mountpaths
    const std::string from = i == 0 ? "from" : "to" + std::to_string(i - 1), to = "to" + std::to_string(i);
    EXPECT_EQ(rename(from, to).status, 200);
    EXPECT_EQ(call("GET", from).status, 404);
    EXPECT_EQ(call("GET", to).body, "content");
    EXPECT_EQ(call("HEAD", to).header("ais-custom-md"), "k=v");
  }
  EXPECT_EQ(target_->files_on_disk().size(), 1u);
}

TEST_F(ModifyTest, RenameErrors) {
  ASSERT_EQ(put("o", "x").status, 200);
  EXPECT_EQ(rename("o", "o").status, 400);
  EXPECT_EQ(rename("o", "").status, 400);
  EXPECT_EQ(rename("o", "../x").status, 400);
  EXPECT_EQ(rename("o", "x/").status, 400);
  const Answer missing = rename("none", "other");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(error_of(missing), "ErrNotFound|t[t1test00]: ais://b/none does not exist");
  ASSERT_EQ(call("PUT", "/v1/objects/ec/o", "x").status, 200);
  EXPECT_EQ(rename("/v1/objects/ec/o", "p").status, 501);
  EXPECT_EQ(rename("/v1/objects/readonly/o", "p").status, 403);
  EXPECT_EQ(call("POST", "o", R"({"action":"promote"})").status, 501);
  EXPECT_EQ(call("POST", "o", R"({"action":"blob-download"})").status, 501);
  EXPECT_EQ(call("POST", "o", R"({})").status, 400);
  EXPECT_EQ(call("POST", "o", "").status, 400);
  EXPECT_EQ(call("GET", "o").body, "x");
}

TEST_F(ModifyTest, CheckLock) {
  ASSERT_EQ(put("o", "x").status, 200);
  EXPECT_EQ(call("POST", "o", R"({"action":"check-lock"})").status, 200);
  EXPECT_EQ(call("POST", "none", R"({"action":"check-lock"})").status, 404);
}

TEST_F(ModifyTest, Copy) {
  ASSERT_EQ(put("o", "content", "Ais-Custom-Md: k=v\r\n").status, 200);
  const Answer answer = call("PUT", "o", "", uname("c", "copied") + "&latest-ver=false&synchronize=false");
  EXPECT_EQ(answer.status, 200);
  EXPECT_FALSE(answer.has("ais-version"));
  EXPECT_EQ(call("GET", "/v1/objects/c/copied").body, "content");
  EXPECT_EQ(call("HEAD", "/v1/objects/c/copied").header("ais-custom-md"), "k=v");
  EXPECT_EQ(call("GET", "o").body, "content");
  EXPECT_EQ(call("PUT", "o", "", uname("b", "second")).status, 200);
  EXPECT_EQ(call("PUT", "o", "", uname("b", "o")).status, 200);
  EXPECT_EQ(call("GET", "second").body, "content");
}

TEST_F(ModifyTest, CopyErrors) {
  ASSERT_EQ(put("o", "x").status, 200);
  const Answer no_bucket = call("PUT", "o", "", uname("nob", "x"));
  EXPECT_EQ(no_bucket.status, 404);
  EXPECT_EQ(error_of(no_bucket), "ErrBckNotFound|bucket \"ais://nob\" does not exist");
  EXPECT_EQ(call("PUT", "none", "", uname("c", "x")).status, 404);
  EXPECT_EQ(call("PUT", "none", "", uname("b", "none")).status, 404);
  EXPECT_EQ(call("PUT", "o", "", uname("c", "..%2Fx")).status, 400);
  EXPECT_EQ(call("PUT", "o", "", uname("c", "")).status, 400);
  EXPECT_EQ(call("PUT", "o", "", "object_to=nonsense").status, 400);
  EXPECT_EQ(call("PUT", "o", "", uname("readonly", "x")).status, 403);
}

// Two targets of one cluster: a new name may belong to the other one.
class TransferTest : public ModifyTest {
 protected:
  void SetUp() override {
    ModifyTest::SetUp();
    other_ = std::make_unique<TestTarget>("t2test00");
    install_cluster({target_.get(), other_.get()}, 2, buckets());
  }
  std::string name_of_other(const std::string& bucket) {
    const auto smap = target_->daemon().cluster().copy().smap;
    for (int i = 0;; ++i) {
      const std::string name = "moved" + std::to_string(i);
      if (smap->owner_of("ais/@#/" + bucket + "/" + name)->id == "t2test00") return name;
    }
  }
  Answer from_other(const std::string& method, const std::string& path) { return HttpProbe(other_->public_port()).call(method, path); }
  std::unique_ptr<TestTarget> other_;
};

TEST_F(TransferTest, RenameMovesToTheOwner) {
  const std::string name = name_of_other("b");
  const std::string content(3 << 20, 'r');
  ASSERT_EQ(put("o", "first").status, 200);
  ASSERT_EQ(put("o", content, "Ais-Custom-Md: k=v\r\n").status, 200);
  ASSERT_EQ(rename("o", name).status, 200);
  EXPECT_EQ(call("GET", "o").status, 404);
  const Answer moved = from_other("GET", "/v1/objects/b/" + name);
  EXPECT_EQ(moved.status, 200);
  EXPECT_TRUE(moved.body == content);
  EXPECT_EQ(moved.header("ais-version"), "2");
  EXPECT_EQ(moved.header("ais-custom-md"), "k=v");
  EXPECT_TRUE(target_->files_on_disk().empty());
}

TEST_F(TransferTest, CopyGoesToTheOwner) {
  const std::string name = name_of_other("c");
  ASSERT_EQ(put("o", "", "Ais-Custom-Md: k=v\r\n").status, 200);
  ASSERT_EQ(call("PUT", "o", "", uname("c", name)).status, 200);
  EXPECT_EQ(from_other("HEAD", "/v1/objects/c/" + name).header("ais-custom-md"), "k=v");
  EXPECT_EQ(call("GET", "o").status, 200);
}

TEST_F(TransferTest, SourceStaysWhenThePeerIsAway) {
  const std::string name = name_of_other("b");
  ASSERT_EQ(put("o", "content").status, 200);
  other_.reset();
  const Answer answer = rename("o", name);
  EXPECT_EQ(answer.status, 502);
  EXPECT_NE(error_of(answer).find("transfer to t[t2test00]"), std::string::npos) << answer.body;
  EXPECT_EQ(call("GET", "o").body, "content");
}

}  // namespace
}  // namespace ais::target
