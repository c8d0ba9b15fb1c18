// What clients are told of damaged objects, of mountpaths that are away, and of a bucket that is not set up everywhere.
#include <sys/xattr.h>

#include <filesystem>
#include <fstream>

#include "api/listing.h"
#include "codec/checksum.h"
#include "codec/json.h"
#include "unit/ais-target/target_fixture.h"

namespace ais::target {
namespace {
namespace fs = std::filesystem;

class DamageTest : public TargetTest {
 protected:
  Buckets buckets() override {
    return {{"b", {}}, {"checked", [](meta::BucketProperties& props) { props.checksum.validate_warm_get = true; }}};
  }
  fs::path file_of(const std::string& name) const {
    for (const std::string& file : target_->files_on_disk()) {
      if (file.ends_with("/%ob/" + name)) return file;
    }
    return "";
  }
  /// Cuts the object's file short, and makes the target forget that it had it open.
  void damage(const std::string& name) {
    const fs::path file = file_of(name);
    ASSERT_FALSE(file.empty());
    fs::resize_file(file, 3);
    target_->restart();
  }
  size_t set_aside() const {
    size_t count = 0;
    for (const std::string& file : target_->files_on_disk()) count += file.find("/%bad/") != std::string::npos;
    return count;
  }
  Answer list(const std::string& value, const std::string& accept = "") {
    return HttpProbe(target_->intra_port()).call("GET", "/v1/buckets/b?provider=ais", R"({"action":"list","value":)" + value + "}", accept);
  }
};

TEST_F(DamageTest, EveryOperationSaysSoEveryTime) {
  ASSERT_EQ(put("o", "0123456789").status, 200);
  damage("o");
  for (int i = 0; i < 3; ++i) {
    const Answer got = call("GET", "o");
    EXPECT_EQ(got.status, 500);
    EXPECT_NE(got.body.find("object has 3 bytes, its metadata says 10"), std::string::npos) << got.body;
    const Answer head = call("HEAD", "o");
    EXPECT_EQ(head.status, 500);
    EXPECT_NE(head.header("hdr-error").find("its metadata says 10"), std::string::npos) << head.header("hdr-error");
    EXPECT_EQ(call("HEAD", "o", "", "props=size,checksum").status, 500);
    EXPECT_EQ(call("HEAD", "o", "", "silent=true").status, 500) << "silent is for what is not there";
    EXPECT_EQ(call("PATCH", "o", R"({"action":"","value":{"k":"v"}})").status, 500);
    EXPECT_EQ(call("POST", "o", R"({"action":"rename-obj","name":"p"})").status, 500);
    EXPECT_EQ(call("PUT", "o", "", "object_to=ais/@%23/b/p").status, 500);
    EXPECT_EQ(call("PUT", "o", "more", "append_type=append").status, 500);
    EXPECT_EQ(call("GET", "p").status, 404);
  }
  target_->restart();
  EXPECT_EQ(call("GET", "o").status, 500);
  EXPECT_EQ(set_aside(), 0u);
  EXPECT_EQ(call("DELETE", "o").status, 200);
  EXPECT_EQ(set_aside(), 1u);
  EXPECT_EQ(call("GET", "o").status, 404);
  EXPECT_EQ(call("DELETE", "o").status, 404);
}

TEST_F(DamageTest, AnOverwriteMendsIt) {
  ASSERT_EQ(put("o", "0123456789").status, 200);
  damage("o");
  EXPECT_EQ(put("o", "0123456789").status, 200) << "also with the content that the metadata speak of";
  EXPECT_EQ(call("GET", "o").body, "0123456789");
  EXPECT_EQ(set_aside(), 1u);
}

TEST_F(DamageTest, AForeignFileIsNotAbsent) {
  ASSERT_EQ(put("ours", "x").status, 200);
  { std::ofstream(file_of("ours").parent_path() / "theirs") << "bytes"; }
  int damaged = 0;
  for (int i = 0; i < 2; ++i) damaged += call("GET", "theirs").status == 500;
  // It may lie where this name is not looked for.
  EXPECT_TRUE(damaged == 2 || damaged == 0);
  const Answer page = list("{}");
  const std::string flags = damaged == 2 ? "4160" : "4162";  // then it is misplaced, too
  EXPECT_NE(page.body.find(R"("name":"theirs","flags":)" + flags), std::string::npos) << page.body;
}

TEST_F(DamageTest, ContentIsComparedEachTime) {
  ASSERT_EQ(call("PUT", "/v1/objects/checked/o", "0123456789").status, 200);
  { std::fstream(file_of("o"), std::ios::in | std::ios::out) << "x"; }
  for (int i = 0; i < 3; ++i) {
    const Answer got = call("GET", "/v1/objects/checked/o");
    EXPECT_EQ(got.status, 500);
    EXPECT_TRUE(error_of(got).starts_with("ErrBadCksum|BAD DATA CHECKSUM: xxhash2(")) << got.body;
    EXPECT_EQ(call("HEAD", "/v1/objects/checked/o", "", "validate-checksum=true").status, 500);
  }
  // Sending the object again mends it, though its checksum is the one that is stored.
  const std::string checksum =
      "Ais-Checksum-Type: xxhash2\r\nAis-Checksum-Value: " + codec::checksum_of(codec::ChecksumType::kXxhash2, "0123456789").value + "\r\n";
  EXPECT_EQ(call("PUT", "/v1/objects/checked/o", "0123456789", "", checksum).status, 200);
  EXPECT_EQ(call("GET", "/v1/objects/checked/o").body, "0123456789");
  EXPECT_EQ(set_aside(), 1u);
  { std::fstream(file_of("o"), std::ios::in | std::ios::out) << "x"; }
  EXPECT_EQ(call("GET", "/v1/objects/checked/o").status, 500);
  EXPECT_EQ(call("DELETE", "/v1/objects/checked/o").status, 200);
  EXPECT_EQ(set_aside(), 2u) << "no file that fails its checksum is deleted";
}

TEST_F(DamageTest, ListingsMarkIt) {
  for (const char* name : {"a", "b", "c"}) ASSERT_EQ(put(name, "0123456789").status, 200);
  ASSERT_EQ(setxattr(file_of("b").c_str(), "user.ais", "rubbish", 7, XATTR_REPLACE), 0);
  for (const char* props : {"name,size", "name,size,version,checksum,atime,cached,status,copies,custom,location", "name,status"}) {
    const Answer answer = list(R"({"props":")" + std::string(props) + R"("})", "Accept: application/msgpack\r\n");
    ASSERT_EQ(answer.status, 200) << props;
    Result<api::EncodedPage> page = api::EncodedPage::parse(answer.body);
    ASSERT_TRUE(page.ok());
    ASSERT_EQ(page->items.size(), 3u) << props;
    Result<api::ListEntry> entry = api::ListEntry::decode(page->items[1].encoded);
    ASSERT_TRUE(entry.ok());
    EXPECT_EQ(entry->name, "b");
    EXPECT_EQ(entry->flags, api::kEntryPresent | api::kEntryHeadFailed);
    EXPECT_EQ(entry->size + entry->copies, 0);
    EXPECT_EQ(entry->version + entry->checksum + entry->atime + entry->custom, "");
  }
  const Answer names = list(R"({"props":"name","flags":"16"})");
  EXPECT_NE(names.body.find(R"("name":"b")"), std::string::npos);
  // The standing walker of a page goes on behind it.
  const std::string page = R"({"uuid":"list-uuid1","props":"name,size","pagesize":1,"continuation_token":")";
  EXPECT_NE(list(page + R"("})").body.find(R"("continuation_token":"a")"), std::string::npos);
  EXPECT_NE(list(page + R"(a"})").body.find(R"("name":"b","flags":4160)"), std::string::npos);
  EXPECT_NE(list(page + R"(b"})").body.find(R"("name":"c")"), std::string::npos);
}

TEST_F(DamageTest, AMountpathThatIsAwayFailsTheListing) {
  for (int i = 0; i < 20; ++i) ASSERT_EQ(put("o" + std::to_string(i), "x").status, 200);
  const std::string mountpath = target_->directory() + "/mp2";
  ASSERT_EQ(list(R"({"uuid":"list-uuid1","props":"name,size","pagesize":2})").status, 200);
  fs::rename(mountpath, mountpath + ".away");
  for (int i = 0; i < 2; ++i) {
    const Answer answer = list("{}");
    EXPECT_EQ(answer.status, 500);
    EXPECT_NE(answer.body.find("mountpath " + mountpath + ": "), std::string::npos) << answer.body;
    EXPECT_NE(answer.body.find(R"("node":"t[t1test00]")"), std::string::npos) << answer.body;
    const Answer next = list(R"({"uuid":"list-uuid1","props":"name,size","pagesize":100,"continuation_token":"o1"})");
    EXPECT_EQ(next.status, 500) << "a walk under way does not take it for the end";
  }
  fs::rename(mountpath + ".away", mountpath);
  EXPECT_EQ(list("{}").status, 200);
}

TEST_F(DamageTest, ABucketThatIsNotSetUpIsNotAbsent) {
  ASSERT_EQ(put("o", "x").status, 200);
  const std::string bucket = target_->directory() + "/mp1/@ais/b";
  ASSERT_EQ(removexattr(bucket.c_str(), "user.ais.bid"), 0);
  { std::ofstream(bucket + "/%ob/one") << "so that it holds something"; }
  target_->restart();
  const Answer answer = list("{}");
  EXPECT_EQ(answer.status, 503);
  EXPECT_NE(answer.body.find(target_->directory() + "/mp1"), std::string::npos) << answer.body;
  EXPECT_TRUE(fs::exists(bucket + "/%ob/one"));
  ASSERT_EQ(setxattr(bucket.c_str(), "user.ais.bid", "1", 1, 0), 0);
  target_->restart();
  EXPECT_EQ(list("{}").status, 200);
}

TEST_F(DamageTest, IsInTheStatusOfTheNode) {
  ASSERT_EQ(put("o", "0123456789").status, 200);
  damage("o");
  const std::string mountpath = file_of("o").string().substr(0, target_->directory().size() + 4);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(call("GET", "o").status, 500);
  const Answer answer = HttpProbe(target_->public_port()).call("GET", "/v1/daemon?what=node_status");
  const auto status = codec::JsonDocument::parse(answer.body);
  ASSERT_TRUE(status.ok());
  EXPECT_EQ(status->root()["capacity"]["mountpaths"][mountpath]["x-damage"]["damaged_objects"].int_or(-1), 1) << answer.body;
  EXPECT_EQ(status->root()["capacity"]["mountpaths"][mountpath]["x-damage"]["set_aside_files"].int_or(-1), 0);
  EXPECT_EQ(status->root()["tracker"]["damaged.n"].int_or(0), 1);
  const Answer metrics = HttpProbe(target_->public_port()).call("GET", "/metrics");
  EXPECT_NE(metrics.body.find("ais_target_damaged_count{node_id=\"t1test00\"} 1\n"), std::string::npos) << metrics.body;
  for (const char* name : {"ais_target_err_io_count", "ais_target_setaside_count", "ais_target_setaside_bytes"})
    EXPECT_NE(metrics.body.find(name), std::string::npos) << name;
}

// The state directory of a target holds what the primary said once. An old copy of that must not remove anything.
TEST_F(DamageTest, AnOldCopyOfTheBucketMetadataRemovesNothing) {
  ASSERT_EQ(put("o", "x").status, 200);
  const std::string state = target_->directory() + "/state/bmd.json";
  fs::copy_file(state, state + ".newer");
  install_cluster({target_.get()}, 2, {{"b", {}}, {"late", {}}});
  ASSERT_EQ(call("PUT", "/v1/objects/late/o", "y").status, 200);
  fs::rename(state, state + ".newest");
  fs::rename(state + ".newer", state);
  target_->restart();
  EXPECT_EQ(call("GET", "/v1/objects/late/o").status, 404) << "of a bucket that it does not know";
  EXPECT_TRUE(fs::exists(file_of("o")));
  fs::rename(state + ".newest", state);
  target_->restart();
  EXPECT_EQ(call("GET", "/v1/objects/late/o").body, "y");
  fs::remove(state);
  target_->restart();
  EXPECT_EQ(call("GET", "/v1/objects/late/o").status, 503) << "it has no bucket metadata at all";
  install_cluster({target_.get()}, 3, {{"b", {}}, {"late", {}}});
  EXPECT_EQ(call("GET", "/v1/objects/late/o").body, "y");
  install_cluster({target_.get()}, 4, {{"b", {}}});
  EXPECT_EQ(call("GET", "/v1/objects/late/o").status, 404);
}

}  // namespace
}  // namespace ais::target
