// Listing pages against an oracle: a sorted map of what was put.
#include <filesystem>
#include <map>

#include "api/listing.h"
#include "codec/json.h"
#include "unit/ais-target/target_fixture.h"

namespace ais::target {
namespace {

struct Page {
  std::vector<api::ListEntry> entries;
  std::string token, uuid;
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const api::ListEntry& entry : entries) all.push_back(entry.name);
    return all;
  }
};

class ListingTest : public TargetTest {
 protected:
  void SetUp() override {
    TargetTest::SetUp();
    HttpProbe probe(target_->intra_port());
    for (const char* name : {"a", "a/b", "a/b/c", "a-b", "b", "dir/1", "dir/2", "dir/sub/3", "dir.x", "z", "zz//y"}) {
      const std::string body(std::string(name).size() * 10, 'x');
      ASSERT_EQ(probe.call("PUT", "/v1/objects/b/" + std::string(name), body, "Ais-Custom-Md: k=v\r\n").status, 200) << name;
      sizes_[name] = static_cast<int64_t>(body.size());
    }
  }
  Answer list_raw(const std::string& value, const std::string& accept = "Accept: application/msgpack\r\n") {
    return HttpProbe(target_->intra_port())
        .call("GET", "/v1/buckets/b?provider=ais", R"({"action":"list","name":"","value":)" + value + "}", accept);
  }
  Page list(const std::string& value) {
    Page page;
    const Answer answer = list_raw(value);
    EXPECT_EQ(answer.status, 200) << value << answer.body;
    EXPECT_EQ(answer.header("content-type"), "application/msgpack");
    Result<api::EncodedPage> encoded = api::EncodedPage::parse(answer.body);
    EXPECT_TRUE(encoded.ok());
    if (!encoded.ok()) return page;
    page.token = encoded->continuation_token;
    page.uuid = encoded->uuid;
    for (const auto& item : encoded->items) {
      Result<api::ListEntry> entry = api::ListEntry::decode(item.encoded);
      EXPECT_TRUE(entry.ok());
      if (entry.ok()) page.entries.push_back(*entry);
    }
    return page;
  }
  std::vector<std::string> expected(const std::string& prefix = "", const std::string& after = "") const {
    std::vector<std::string> names;
    for (const auto& [name, size] : sizes_)
      if (name.starts_with(prefix) && name > after) names.push_back(name);
    return names;
  }
  std::map<std::string, int64_t> sizes_;
};

TEST_F(ListingTest, NamesInOrder) {
  const Page page = list(R"({"props":"name"})");
  EXPECT_EQ(page.names(), expected());
  EXPECT_EQ(page.token, "");
  EXPECT_GE(page.uuid.size(), 9u);
  EXPECT_EQ(list(R"({"uuid":"abcdefghi"})").uuid, "abcdefghi");
}

TEST_F(ListingTest, PrefixesAndStartAfter) {
  for (const char* prefix : {"", "a", "a/", "a/b", "dir", "dir/", "dir/s", "zz", "nothing", "z*"}) {
    const std::string clean = std::string(prefix) == "z*" ? "z" : prefix;
    EXPECT_EQ(list(R"({"prefix":")" + std::string(prefix) + R"("})").names(), expected(clean)) << prefix;
  }
  EXPECT_EQ(list(R"({"start_after":"dir/1"})").names(), expected("", "dir/1"));
  EXPECT_EQ(list(R"({"start_after":"b0","prefix":"d"})").names(), expected("d", "b0"));
}

TEST_F(ListingTest, PagesOfEverySize) {
  for (size_t size = 1; size <= sizes_.size() + 1; ++size) {
    std::vector<std::string> all;
    std::string token;
    for (int pages = 0; pages < 30; ++pages) {
      const Page page = list(R"({"uuid":"list-uuid1","pagesize":)" + std::to_string(size) + R"(,"continuation_token":")" + token + R"("})");
      EXPECT_LE(page.entries.size(), size);
      for (const std::string& name : page.names()) all.push_back(name);
      token = page.token;
      if (token.empty()) break;
      EXPECT_EQ(page.entries.size(), size);
      EXPECT_EQ(token, page.entries.back().name);
    }
    EXPECT_EQ(all, expected()) << size;
  }
  // A page asked for again, or out of order, starts from its token.
  EXPECT_EQ(list(R"({"uuid":"list-uuid1","pagesize":2,"continuation_token":"b"})").names(), (std::vector<std::string>{"dir.x", "dir/1"}));
  EXPECT_EQ(list(R"({"uuid":"list-uuid1","pagesize":2,"continuation_token":"b"})").names(), (std::vector<std::string>{"dir.x", "dir/1"}));
}

TEST_F(ListingTest, AListingShowsWhatWasAcknowledgedBeforeItBegan) {
  // The first page leaves a walker that has read ahead.
  EXPECT_EQ(list(R"({"uuid":"list-uuid1","pagesize":2,"props":"name,size"})").names(), (std::vector<std::string>{"a", "a-b"}));
  HttpProbe probe(target_->intra_port());
  ASSERT_EQ(probe.call("PUT", "/v1/objects/b/dir/1", "other size").status, 200);
  ASSERT_EQ(probe.call("PUT", "/v1/objects/b/a/bb", "new").status, 200);
  ASSERT_EQ(probe.call("DELETE", "/v1/objects/b/dir/2", "").status, 200);
  sizes_["a/bb"] = 3;
  sizes_["dir/1"] = 10;
  sizes_.erase("dir/2");
  EXPECT_EQ(list(R"({"props":"name,size"})").names(), expected());
  for (const char* id : {"", R"("uuid":"list-uuid2",)"}) {
    EXPECT_EQ(list("{" + std::string(id) + R"("pagesize":2,"props":"name,size","continuation_token":"a-b"})").names(),
              (std::vector<std::string>{"a/b", "a/b/c"}));
    const Page rest = list("{" + std::string(id) + R"("pagesize":20,"props":"name,size","continuation_token":"a-b"})");
    EXPECT_EQ(rest.names(), expected("", "a-b"));
    for (const api::ListEntry& entry : rest.entries) EXPECT_EQ(entry.size, sizes_[entry.name]) << entry.name;
  }
}

TEST_F(ListingTest, AllProperties) {
  const Page page = list(R"({"props":"name,size,version,checksum,atime,cached,status,copies,custom,location","time_format":"2006-01-02"})");
  ASSERT_EQ(page.names(), expected());
  for (const api::ListEntry& entry : page.entries) {
    SCOPED_TRACE(entry.name);
    EXPECT_EQ(entry.size, sizes_[entry.name]);
    EXPECT_EQ(entry.version, "1");
    EXPECT_EQ(entry.checksum.size(), 16u);
    EXPECT_EQ(entry.atime.size(), 10u);
    EXPECT_EQ(entry.flags, api::kEntryPresent);
    EXPECT_EQ(entry.copies, 1);
    EXPECT_EQ(entry.custom, "[k:v]");
    EXPECT_TRUE(entry.location.starts_with("t[t1test00]:mp[")) << entry.location;
  }
}

TEST_F(ListingTest, AClientDoesNotTakeAPartForTheWhole) {
  HttpProbe probe(target_->public_port());
  const auto ask = [&](const std::string& value) {
    return probe.call("GET", "/v1/buckets/b?provider=ais", R"({"action":"list","name":"","value":)" + value + "}");
  };
  EXPECT_EQ(ask("{}").status, 400);
  EXPECT_EQ(probe.call("GET", "/v1/buckets/b?provider=ais").status, 400);
  EXPECT_EQ(ask(R"({"uuid":"list-uuid1"})").status, 200) << "which only a gateway gives";
}

// Objects stay where they are when the map changes, or when somebody moves a file: the entry says that a read will not find them.
TEST_F(ListingTest, WhatLiesInTheWrongPlaceIsMarked) {
  for (const api::ListEntry& entry : list("{}").entries) EXPECT_EQ(entry.flags, api::kEntryPresent) << entry.name;
  TestTarget other("t2test00");
  install_cluster({target_.get(), &other}, 2, buckets());
  const std::string moved_file = name_at("b", "t1test00", 0), elsewhere = name_at("b", "t2test00"), here = name_at("b", "t1test00", 1);
  for (const std::string& name : {moved_file, elsewhere, here})
    ASSERT_EQ(HttpProbe(target_->intra_port()).call("PUT", "/v1/objects/b/" + name, "x").status, 200);
  std::filesystem::rename(target_->directory() + "/mp1/@ais/b/%ob/" + moved_file, target_->directory() + "/mp2/@ais/b/%ob/" + moved_file);
  const auto smap = target_->daemon().cluster().copy().smap;
  for (const char* shape : {"{}", R"({"flags":"16"})"}) {
    std::map<std::string, int> status;
    for (const api::ListEntry& entry : list(shape).entries) {
      const int in_place = entry.name == moved_file ? api::kEntryMisplacedMountpath : 0;
      const bool owned = smap->owner_of("ais/@#/b/" + entry.name)->id == "t1test00";
      EXPECT_EQ(entry.flags, api::kEntryPresent | (owned ? in_place : api::kEntryMisplacedNode)) << entry.name;
      status[entry.name] = entry.flags & api::kEntryStatusMask;
    }
    EXPECT_EQ(status.size(), sizes_.size() + 3);
    EXPECT_EQ(status[moved_file], api::kEntryMisplacedMountpath);
    EXPECT_EQ(status[elsewhere], api::kEntryMisplacedNode);
    EXPECT_EQ(status[here], 0);
  }
}

TEST_F(ListingTest, FieldsByPropsAndFlags) {
  const api::ListEntry by_default = list("{}").entries.at(0);
  EXPECT_EQ(by_default.size, 10);
  EXPECT_EQ(by_default.flags, api::kEntryPresent);
  EXPECT_EQ(by_default.checksum, "");
  const api::ListEntry name_only = list(R"({"flags":"16"})").entries.at(0);
  EXPECT_EQ(name_only.size, 0);
  EXPECT_EQ(name_only.flags, api::kEntryPresent);
  EXPECT_EQ(name_only.version + name_only.checksum + name_only.location + name_only.custom + name_only.atime, "");
}

TEST_F(ListingTest, WithoutRecursion) {
  EXPECT_EQ(list(R"({"flags":"2048"})").names(), (std::vector<std::string>{"a", "a-b", "a/", "b", "dir.x", "dir/", "z", "zz/"}));
  const Page below = list(R"({"flags":"2048","prefix":"dir/"})");
  EXPECT_EQ(below.names(), (std::vector<std::string>{"dir/1", "dir/2", "dir/sub/"}));
  EXPECT_EQ(below.entries.at(2).flags, api::kEntryDirectory);
  EXPECT_EQ(list(R"({"flags":"10240","prefix":"dir/"})").names(), (std::vector<std::string>{"dir/1", "dir/2"}));
  std::vector<std::string> paged;
  std::string token;
  do {
    const Page page = list(R"({"uuid":"list-uuid2","flags":"2048","pagesize":1,"continuation_token":")" + token + R"("})");
    for (const std::string& name : page.names()) paged.push_back(name);
    token = page.token;
  } while (!token.empty() && paged.size() < 100);
  EXPECT_EQ(paged, (std::vector<std::string>{"a", "a-b", "a/", "b", "dir.x", "dir/", "z", "zz/"}));
}

TEST_F(ListingTest, Json) {
  const Answer answer = list_raw("{}", "");
  EXPECT_EQ(answer.header("content-type"), "application/json; charset=utf-8");
  const auto document = codec::JsonDocument::parse(answer.body);
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(document->root()["entries"].size(), sizes_.size());
  EXPECT_EQ(document->root()["entries"].at(0)["name"].string_or(""), "a");
  EXPECT_TRUE(document->root()["entries"].at(0)["size"].is_string());
}

TEST_F(ListingTest, Errors) {
  EXPECT_EQ(list_raw(R"({"flags":"512"})").status, 400);
  EXPECT_EQ(list_raw(R"({"flags":"8"})").status, 501);
  EXPECT_EQ(list_raw(R"({"prefix":"a/../b"})").status, 400);
  EXPECT_EQ(list_raw("null").status, 400);
  HttpProbe probe(target_->intra_port());
  const Answer missing = probe.call("GET", "/v1/buckets/none", R"({"action":"list","value":{}})");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(error_of(missing), "ErrBckNotFound|bucket \"ais://none\" does not exist");
  EXPECT_EQ(probe.call("GET", "/v1/buckets/b", "", "Content-Type: application/json\r\n").status, 400);
  EXPECT_EQ(probe.call("GET", "/v1/buckets/b", "").status, 200);
  EXPECT_EQ(probe.call("GET", "/v1/buckets", R"({"action":"list","value":{}})").status, 400);
  EXPECT_EQ(probe.call("GET", "/v1/buckets/b", R"({"action":"summary-bck","value":{}})").status, 501);
  EXPECT_EQ(probe.call("GET", "/v1/buckets/b", R"({"action":"nonsense","value":{}})").status, 400);
}

}  // namespace
}  // namespace ais::target
