#include "api/listing.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <random>

#include "base/strings.h"
#include "codec/utf8.h"
#include "meta/bucket.h"

namespace ais::api {
namespace {

using namespace std::string_literals;

Result<ListRequest> parse(std::string_view json) {
  const auto document = codec::JsonDocument::parse(json);
  return ListRequest::read_json(document->root());
}

TEST(ListRequest, ReadsTheMessage) {
  const auto request = parse(R"({"uuid":"u","continuation_token":"c","prefix":"p*","start_after":"s","props":"name,size",
                                 "pagesize":20000,"flags":"2064","time_format":"t","target":"x","hdr":{"a":"b"}})");
  ASSERT_TRUE(request.ok());
  EXPECT_EQ(request->prefix, "p");
  EXPECT_EQ(request->page_size, kListPageMax);
  EXPECT_EQ(request->flags, kListNameOnly | kListNoRecursion);
  EXPECT_EQ(request->after(), "c");
  const auto message = codec::JsonDocument::parse_msgpack(request->to_msgpack());
  const auto back = ListRequest::read_json(message->root());
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->to_msgpack(), request->to_msgpack());
  EXPECT_EQ(message->root().to_text(), R"({"uuid":"u","continuation_token":"c","prefix":"p","start_after":"s","props":"name,size",)"
                                       R"("time_format":"t","target":"x","pagesize":10000,"flags":"2064"})");
}

TEST(ListRequest, RefusesBadValues) {
  for (const char* json :
       {"[]", "1", R"({"prefix":"../x"})", R"({"pagesize":-1})", R"({"flags":"x"})", R"({"props":1})", R"({"continuation_token":"~/%f"})",
        R"({"continuation_token":"~/a%zz"})", R"({"uuid":"0123456789012345678901234567890123456789012345678901234567890123456789"})"}) {
    EXPECT_FALSE(parse(json).ok()) << json;
  }
  EXPECT_TRUE(parse("{}").ok());
}

std::string wanted_text(std::string_view props, uint64_t flags) {
  ListRequest request;
  request.props = props;
  request.flags = flags;
  const auto wanted = request.wanted();
  std::string text;
  const auto add = [&](bool yes, const char* letter) { text += yes ? letter : ""; };
  add(wanted.size, "s"), add(wanted.version, "v"), add(wanted.checksum, "c"), add(wanted.atime, "a"), add(wanted.status, "t");
  add(wanted.copies, "k"), add(wanted.custom, "m"), add(wanted.location, "l");
  return text;
}

TEST(ListRequest, WantedFollowsPropsAndFlags) {
  EXPECT_EQ(wanted_text("", 0), "s");
  EXPECT_EQ(wanted_text("", kListCached), "sca");
  EXPECT_EQ(wanted_text("name", 0), "");
  EXPECT_EQ(wanted_text("name,size", 0), "s");
  EXPECT_EQ(wanted_text("", kListNameOnly), "");
  EXPECT_EQ(wanted_text("name,size,checksum", kListNameOnly), "");
  EXPECT_EQ(wanted_text("name", kListNameSize), "s");
  EXPECT_EQ(wanted_text("name,cached", 0), "");
  EXPECT_EQ(wanted_text("name,size,version,checksum,atime,cached,status,copies,custom,location", 0), "svcatkml");
}

ListEntry full_entry() {
  ListEntry entry;
  entry.name = "n1";
  entry.checksum = "cc";
  entry.atime = "aa";
  entry.version = "1";
  entry.location = "tt";
  entry.custom = "mm";
  entry.size = 300;
  entry.copies = 1;
  entry.flags = 64;
  return entry;
}

std::string sample_page() {
  PageWriter writer("uid");
  full_entry().encode(writer.begin_entry());
  ListEntry small;
  small.name = "n2";
  std::string encoded;
  codec::MsgpackWriter out(encoded);
  small.encode(out);
  writer.add_encoded(encoded);
  return writer.finish("n2", 5);
}

TEST(ListPage, GoldenBytes) {
  EXPECT_EQ(sample_page(),
            "\x84\xa4UUID\xa3uid\xb1"
            "ContinuationToken\xa2n2\xa7"
            "Entries\x92\x89\xa1n\xa2n1\xa2"
            "cs\xa2"
            "cc\xa1"
            "a\xa2"
            "aa\xa1v\xa1"
            "1\xa1t\xa2tt\xa1m\xa2mm\xa1s\xcd\x01\x2c\xa1"
            "c\x01\xa1"
            "f\x40\x81\xa1n\xa2n2\xa5"
            "Flags\x05"s);
  EXPECT_EQ(PageWriter("").finish("", 0),
            "\x84\xa4UUID\xa0\xb1"
            "ContinuationToken\xa0\xa7"
            "Entries\x90\xa5"
            "Flags\x00"s);
}

TEST(ListPage, ParsesWhatItWroteAndSplices) {
  auto parsed = EncodedPage::parse(sample_page());
  ASSERT_TRUE(parsed.ok());
  const EncodedPage page = std::move(*parsed);
  EXPECT_EQ(page.uuid, "uid");
  EXPECT_EQ(page.continuation_token, "n2");
  EXPECT_EQ(page.flags, 5u);
  ASSERT_EQ(page.items.size(), 2u);
  EXPECT_EQ(page.items[1].name, "n2");
  const auto entry = ListEntry::decode(page.items[0].encoded);
  ASSERT_TRUE(entry.ok());
  EXPECT_EQ(entry->size, 300);
  EXPECT_EQ(entry->flags, 64);
  EXPECT_EQ(entry->custom, "mm");
  PageWriter again("uid");
  for (const auto& item : page.items) again.add_encoded(item.encoded);
  EXPECT_EQ(again.finish("n2", 5), sample_page());
}

TEST(ListPage, ShortPageKeepsItsViewsWhenMoved) {
  auto parsed = EncodedPage::parse(
      "\x81\xa7"
      "Entries\x91\x81\xa1n\xa1x"s);
  ASSERT_TRUE(parsed.ok());
  const EncodedPage page = std::move(*parsed);
  ASSERT_EQ(page.items.size(), 1u);
  EXPECT_EQ(page.items[0].name, "x");
}

TEST(ListPage, RefusesEveryTruncationAndTrailingBytes) {
  const std::string page = sample_page();
  for (size_t length = 0; length < page.size(); length++) EXPECT_FALSE(EncodedPage::parse(page.substr(0, length)).ok()) << length;
  EXPECT_FALSE(EncodedPage::parse(page + "x").ok());
  EXPECT_FALSE(EncodedPage::parse("\x81\xa7"
                                  "Entries\xdd\xff\xff\xff\xff"s)
                   .ok());
  EXPECT_FALSE(EncodedPage::parse("\x81\xa7"
                                  "Entries\x91\x80"s)
                   .ok());
}

TEST(ListPage, NilEntriesAreNone) {
  const auto page = EncodedPage::parse(
      "\x81\xa7"
      "Entries\xc0"s);
  ASSERT_TRUE(page.ok());
  EXPECT_TRUE(page->items.empty());
}

TEST(ListPage, JsonForm) {
  EXPECT_EQ(*page_to_json(*EncodedPage::parse(sample_page())),
            R"({"uuid":"uid","continuation_token":"n2","entries":[{"name":"n1","checksum":"cc","atime":"aa","version":"1",)"
            R"("location":"tt","custom-md":"mm","size":"300","copies":1,"flags":64},{"name":"n2"}],"flags":5})");
  EXPECT_EQ(*page_to_json(*EncodedPage::parse(PageWriter("u").finish("", 0))),
            R"({"uuid":"u","continuation_token":"","entries":null,"flags":0})");
}

TEST(ListPage, JsonRefusesWhatItCannotCarry) {
  ListEntry entry = full_entry();
  const auto json_of = [&entry] {
    PageWriter writer("uid");
    entry.encode(writer.begin_entry());
    return page_to_json(*EncodedPage::parse(writer.finish("", 0)));
  };
  EXPECT_TRUE(json_of().ok());
  entry.name = "caf\xe9\x1b";
  const auto refused = json_of();
  ASSERT_EQ(refused.code(), Code::kNotAcceptable);
  EXPECT_EQ(refused.status().http_status(), 406);
  EXPECT_NE(refused.status().message().find("caf\\xe9\\x1b"), std::string::npos) << refused.status().message();
  EXPECT_NE(refused.status().message().find("application/msgpack"), std::string::npos);
  entry.name = "name";
  entry.custom = "[k:\xff]";
  EXPECT_EQ(json_of().code(), Code::kNotAcceptable);
}

std::string random_bytes(std::mt19937& random, size_t longest) {
  std::string text(1 + random() % longest, '\0');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

TEST(ListToken, IsUtf8AndComesBackAsTheName) {
  EXPECT_EQ(token_of_name("a/b \xc3\xa9"), "a/b \xc3\xa9");
  EXPECT_EQ(token_of_name("caf\xe9/x y"), "~/caf%E9/x%20y");
  EXPECT_EQ(token_of_name("a\nb"), "~/a%0Ab");
  EXPECT_EQ(token_of_name(""), "");
  EXPECT_EQ(*name_of_token(token_of_name("~/x")), "~/x");  // no object has such a name, but a client may ask for what it likes
  EXPECT_FALSE(name_of_token("~/%").ok());
  std::mt19937 random(11);
  for (int i = 0; i < 5000; i++) {
    const std::string name = random_bytes(random, 200);
    const std::string token = token_of_name(name);
    ASSERT_TRUE(codec::is_valid_utf8(token));
    ASSERT_FALSE(has_control_bytes(token));
    const auto back = name_of_token(token);
    ASSERT_TRUE(back.ok());
    ASSERT_EQ(*back, name);
  }
}

TEST(ListPage, AnyBytesComeBack) {
  std::mt19937 random(12);
  for (int i = 0; i < 500; i++) {
    ListEntry entry = full_entry();
    entry.name = random_bytes(random, 200);
    entry.custom = random_bytes(random, 200);
    PageWriter writer("uid");
    entry.encode(writer.begin_entry());
    const auto page = EncodedPage::parse(writer.finish(entry.name, 0));
    ASSERT_TRUE(page.ok());
    ASSERT_EQ(page->items.at(0).name, entry.name);
    const auto back = ListEntry::decode(page->items[0].encoded);
    ASSERT_TRUE(back.ok());
    ASSERT_EQ(back->name, entry.name);
    ASSERT_EQ(back->custom, entry.custom);
    const auto view = ListEntryView::decode(page->items[0].encoded);
    ASSERT_TRUE(view.ok());
    std::string again;
    codec::MsgpackWriter out(again);
    view->encode(out);
    ASSERT_EQ(again, page->items[0].encoded);
    ListRequest request;
    request.prefix = request.start_after = entry.name;
    request.continuation_token = page->continuation_token;
    const auto message = codec::JsonDocument::parse_msgpack(request.to_msgpack());
    ASSERT_TRUE(message.ok());
    const auto read = ListRequest::read_json(message->root());
    if (!read.ok()) continue;  // a prefix that no object can have: NUL, ".." and the like
    ASSERT_EQ(read->after(), entry.name);
    ASSERT_EQ(read->start_after, entry.name);
    ASSERT_EQ(read->prefix, *meta::clean_prefix(entry.name));
  }
}

class GoTime : public testing::Test {
 protected:
  void SetUp() override {
    if (const char* zone = getenv("TZ")) former_ = zone;
    setenv("TZ", "XYZ-5:30", 1);
    tzset();
  }
  void TearDown() override {
    former_.empty() ? unsetenv("TZ") : setenv("TZ", former_.c_str(), 1);
    tzset();
  }
  std::string former_;
};

TEST_F(GoTime, Layouts) {
  const int64_t when = 1'136'239'445'012'300'000;  // 2006-01-02 22:04:05.0123 UTC = 2006-01-03 03:34:05.0123 +05:30
  const std::pair<const char*, const char*> cases[] = {
      {"", "03 Jan 06 03:34 XYZ"},
      {"02 Jan 06 15:04 MST", "03 Jan 06 03:34 XYZ"},
      {"2006-01-02T15:04:05Z07:00", "2006-01-03T03:34:05+05:30"},
      {"2006-01-02T15:04:05.999999999Z07:00", "2006-01-03T03:34:05.0123+05:30"},
      {"Mon, 02 Jan 2006 15:04:05 -0700", "Tue, 03 Jan 2006 03:34:05 +0530"},
      {"Monday, 02-Jan-06 15:04:05 MST", "Tuesday, 03-Jan-06 03:34:05 XYZ"},
      {"Mon Jan _2 15:04:05 2006", "Tue Jan  3 03:34:05 2006"},
      {"3:04PM", "3:34AM"},
      {"Jan _2 15:04:05.000", "Jan  3 03:34:05.012"},
      {"January 2, 2006 at 3:4:5 pm", "January 3, 2006 at 3:34:5 am"},
      {"1/2/06 002 __2 -07", "1/3/06 003   3 +05"},
      {"_2006", "_2006"},
      {"Month Janus", "Month Janus"},
  };
  for (const auto& [layout, text] : cases) EXPECT_EQ(format_go_time(when, layout), text) << layout;
  EXPECT_EQ(format_go_time(-1, "2006-01-02 15:04:05.000000000"), "1970-01-01 05:29:59.999999999");
}

}  // namespace
}  // namespace ais::api
