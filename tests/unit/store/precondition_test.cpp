// Preconditions: that the committer keeps them when changes meet.
#include "meta/precondition.h"

#include <fcntl.h>

#include <future>

#include "unit/store/store_fixture.h"

namespace ais::store {
namespace {

class ConditionalTest : public StoreTest {
 protected:
  void SetUp() override { open(); }
  static meta::PreconditionPtr only_new() {
    auto condition = std::make_shared<meta::Precondition>();
    condition->if_none_match = meta::TagCondition{.any = true, .tags = {}};
    return condition;
  }
  static meta::PreconditionPtr only(const meta::EntityTag& tag) {
    auto condition = std::make_shared<meta::Precondition>();
    condition->if_match = meta::TagCondition{.any = false, .tags = {tag}};
    return condition;
  }
  meta::EntityTag tag_of(const std::string& object) {
    const OpenObjectPtr opened = *open_object(TestName("ais/@#/bck/", object).view);
    return meta::entity_tag(opened->metadata, opened->mtime_ns);
  }
  static CommitOptions with(meta::PreconditionPtr condition) {
    CommitOptions options;
    options.condition = std::move(condition);
    return options;
  }
};

TEST_F(ConditionalTest, OfManyCreationsOneSucceeds) {
  for (int round = 0; round < 20; ++round) {
    const std::string name = "o" + std::to_string(round);
    std::vector<std::future<Result<CommitResult>>> puts;
    for (int i = 0; i < 8; ++i) puts.push_back(start_put(name, "content " + std::to_string(i), with(only_new())));
    int created = 0;
    std::string content;
    for (int i = 0; i < 8; ++i) {
      Result<CommitResult> result = puts[static_cast<size_t>(i)].get();
      if (!result.ok()) {
        EXPECT_EQ(result.code(), Code::kPreconditionFailed);
        continue;
      }
      ++created;
      content = "content " + std::to_string(i);
    }
    EXPECT_EQ(created, 1);
    EXPECT_EQ(get(name), content);
  }
  EXPECT_EQ(work_files(), 0u);
}

TEST_F(ConditionalTest, OfManyUpdatesOneSucceeds) {
  ASSERT_TRUE(put("counter", "0").ok());
  const meta::EntityTag before = tag_of("counter");
  std::vector<std::future<Result<CommitResult>>> puts;
  for (int i = 0; i < 8; ++i) puts.push_back(start_put("counter", "1", with(only(before))));
  int updated = 0;
  for (auto& one : puts) updated += one.get().ok();
  EXPECT_EQ(updated, 1);
  EXPECT_EQ((*open_object(TestName("ais/@#/bck/", "counter").view))->metadata.version, "2");
}

TEST_F(ConditionalTest, TheResultOfAPutMakesTheTagOfTheObject) {
  for (size_t size : {3u, 700'000u}) {
    Result<CommitResult> stored = put("o", pattern_bytes(size, 1));
    ASSERT_TRUE(stored.ok());
    EXPECT_EQ(meta::entity_tag(stored->metadata, stored->mtime_ns).text(), tag_of("o").text());
    open();
    EXPECT_EQ(meta::entity_tag(stored->metadata, stored->mtime_ns).text(), tag_of("o").text());
  }
}

TEST_F(ConditionalTest, EveryKindOfChange) {
  ASSERT_TRUE(put("o", "content").ok());
  ASSERT_TRUE(put("source", "copied").ok());
  const meta::EntityTag tag = tag_of("o"), wrong{"wrong"};
  TestName name("ais/@#/bck/", "o"), source("ais/@#/bck/", "source");
  auto changes = [&](const meta::PreconditionPtr& condition) {
    std::vector<Code> codes;
    const ChangeOptions options{{.condition = condition}};
    codes.push_back(loop().wait(store_->set_custom(name.view, {{"k", "v"}}, true, options)).code());
    CopyOptions copy = copy_as(codec::ChecksumType::kXxhash2);
    copy.condition = condition;
    codes.push_back(loop().wait(store_->copy(source.view, name.view, copy)).code());
    return codes;
  };
  for (Code code : changes(only(wrong))) EXPECT_EQ(code, Code::kPreconditionFailed);
  EXPECT_EQ(get("o"), "content");
  EXPECT_EQ(tag_of("o").text(), tag.text());
  EXPECT_TRUE((*open_object(name.view))->metadata.custom.empty());
  for (Code code : changes(only(tag))) EXPECT_EQ(code, Code::kOk);
  EXPECT_EQ(get("o"), "copied");

  for (const char* to : {"a", "b", "c", "d"}) {  // in place, and to the other mountpath
    TestName target("ais/@#/bck/", to);
    auto rename_if = [&](const meta::EntityTag& demanded) {
      return loop().wait(store_->rename(name.view, target.view, {{.condition = only(demanded)}})).code();
    };
    EXPECT_EQ(rename_if(wrong), Code::kPreconditionFailed);
    EXPECT_EQ(get("o"), "copied");
    EXPECT_EQ(rename_if(tag_of("o")), Code::kOk);
    EXPECT_EQ(get(to), "copied");
    ASSERT_TRUE(rename(to, "o").ok());
  }
  auto remove_if = [&](const meta::EntityTag& demanded) {
    return loop().wait(store_->remove(name.view, {{.condition = only(demanded)}})).code();
  };
  EXPECT_EQ(remove_if(wrong), Code::kPreconditionFailed);
  const meta::EntityTag last = tag_of("o");
  EXPECT_EQ(remove_if(last), Code::kOk);
  EXPECT_EQ(remove_if(last), Code::kObjectNotFound);  // what is absent is absent, whatever was demanded of it
}

TEST_F(ConditionalTest, AFlushThatIsRefusedCanBeRepeated) {
  ASSERT_TRUE(put("o", "begin ").ok());
  TestName name("ais/@#/bck/", "o");
  const std::string handle = *store_->append_start(name.view);
  auto append = [&](std::string_view bytes) { return store_->append_write(name.view, handle, bytes); };
  auto flush = [&](CommitOptions options) { return append_flush(name.view, handle, std::move(options)).code(); };
  EXPECT_EQ(append("one ").value(), 6u);
  EXPECT_EQ(flush(with(only_new())), Code::kPreconditionFailed);
  CommitOptions wrong;
  wrong.expected = codec::checksum_of(codec::ChecksumType::kMd5, "something else");
  EXPECT_EQ(flush(wrong), Code::kBadChecksum);
  CommitOptions large;
  large.custom = {{"k", std::string(meta::kCustomBytesMax, 'v')}};
  EXPECT_EQ(flush(large), Code::kInvalid);
  EXPECT_EQ(get("o"), "begin ");
  EXPECT_EQ(append("two ").value(), 10u);
  EXPECT_EQ(append("mistake").value(), 14u);
  EXPECT_TRUE(store_->append_truncate(name.view, handle, 14).ok());
  EXPECT_EQ(flush(with(only(tag_of("o")))), Code::kOk);
  EXPECT_EQ(get("o"), "begin one two ");
  EXPECT_EQ(append("x").code(), Code::kNotFound);
  EXPECT_EQ(work_files(), 0u);
}

TEST_F(ConditionalTest, AnAppendThatCameTooLateLeavesNothing) {
  ASSERT_TRUE(put("o", "begin ").ok());
  TestName name("ais/@#/bck/", "o");
  const std::string handle = *store_->append_start(name.view);
  ASSERT_TRUE(put("o", "changed").ok());
  EXPECT_EQ(append_flush(name.view, handle).code(), Code::kStaleGeneration);
  EXPECT_EQ(work_files(), 0u);
}

TEST_F(ConditionalTest, ACopyGetsTheChecksumThatIsWanted) {
  using codec::ChecksumType;
  TestName source("ais/@#/bck/", "source"), target("ais/@#/bck/", "target");
  const ChecksumType types[] = {ChecksumType::kNone, ChecksumType::kXxhash, ChecksumType::kXxhash2, ChecksumType::kMd5,
                                ChecksumType::kCrc32c};
  const std::string bytes = pattern_bytes(1'100'000, 7);
  auto copied_as = [&](ChecksumType type) { return loop().wait(store_->copy(source.view, target.view, copy_as(type))); };
  for (ChecksumType from : types) {
    ASSERT_TRUE(put(source.view, bytes, {}, true, from).ok());
    for (ChecksumType to : types) {
      Result<CommitResult> copied = copied_as(to);
      ASSERT_TRUE(copied.ok()) << copied.status().to_string();
      EXPECT_EQ(copied->metadata.checksum, codec::checksum_of(to, bytes));
      EXPECT_TRUE(get(target.view) == bytes);
    }
  }
  ASSERT_TRUE(put("source", bytes).ok());
  ASSERT_TRUE(put("target", "before").ok());
  const int fd = ::open(path_of("source").c_str(), O_WRONLY);
  ASSERT_EQ(pwrite(fd, "rot", 3, 1000), 3);
  ::close(fd);
  const Result<CommitResult> refused = copied_as(ChecksumType::kMd5);
  EXPECT_EQ(refused.code(), Code::kBadChecksum) << "rot must not get a fresh checksum";
  EXPECT_EQ(get("target"), "before");
  EXPECT_EQ(work_files(), 0u);
}

}  // namespace
}  // namespace ais::store
