#include "codec/json.h"

#include <gtest/gtest.h>

#include <cmath>

#include "codec/utf8.h"

namespace ais::codec {
namespace {

JsonDocument parsed(std::string_view text) {
  auto document = JsonDocument::parse(text);
  EXPECT_TRUE(document.ok()) << text << ": " << document.status().to_string();
  return std::move(document).value();
}

TEST(JsonReadTest, KeysMatchWithoutRegardToCaseExactFirst) {
  JsonDocument document = parsed(R"({"DaemonID":"a","kind":1,"KIND":2})");
  EXPECT_EQ(document.root()["daemonid"].string_or(""), "a");
  EXPECT_EQ(document.root()["KIND"].int_or(0), 2);
  EXPECT_EQ(document.root()["kind"].int_or(0), 1);
  EXPECT_EQ(document.root()["Kind"].int_or(0), 1);
  EXPECT_TRUE(document.root()["none"].is_null());
  EXPECT_TRUE(document.root()["none"]["deeper"].at(3).is_null());
}

TEST(JsonReadTest, IntegersAreExactTo64Bits) {
  JsonDocument document = parsed(R"([18446744073709551615,-9223372036854775808,"18446744073709551615","-5",1.5,18446744073709551616])");
  EXPECT_EQ(document.root().at(0).uint_or(0), 18446744073709551615ull);
  EXPECT_EQ(document.root().at(1).int_or(0), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(document.root().at(2).uint_or(0), 18446744073709551615ull);
  EXPECT_EQ(document.root().at(3).int_or(0), -5);
  EXPECT_EQ(document.root().at(0).get_int("x").code(), Code::kInvalid);
  EXPECT_EQ(document.root().at(1).get_uint("x").code(), Code::kInvalid);
  EXPECT_EQ(document.root().at(4).get_int("x").code(), Code::kInvalid);
  EXPECT_EQ(document.root().at(5).get_uint("x").code(), Code::kInvalid);
  EXPECT_EQ(document.root().at(0).to_text(), "18446744073709551615");
}

TEST(JsonReadTest, NullEqualsAbsentAndOtherTypesAreNamed) {
  JsonDocument document = parsed(R"({"n":null,"s":"x","b":"TRUE","a":[1]})");
  JsonView root = document.root();
  EXPECT_FALSE(root["n"].get_string("n").value().has_value());
  EXPECT_FALSE(root["absent"].get_bool("absent").value().has_value());
  EXPECT_EQ(root["b"].get_bool("b").value(), true);
  EXPECT_EQ(root["a"].get_string("field a").status().message(), "invalid field a: expecting a string");
  EXPECT_EQ(root["s"].get_bool("s").code(), Code::kInvalid);
  EXPECT_EQ(root["s"].get_int("s").code(), Code::kInvalid);
  EXPECT_EQ(root["a"].size(), 1u);
  EXPECT_EQ(root.size(), 4u);
  EXPECT_EQ(root["s"].size(), 0u);
  EXPECT_EQ(root["s"].int_or(7), 7);
  EXPECT_EQ(root["a"].bool_or(true), true);
  EXPECT_EQ(JsonView().to_text(), "null");
}

TEST(JsonReadTest, VisitsInOrderAndStops) {
  JsonDocument document = parsed(R"({"a":1,"b":2,"c":3})");
  std::string seen;
  Status status = document.root().for_each([&](std::string_view key, JsonView value) -> Status {
    seen += std::string(key) + value.to_text();
    return key == "b" ? Status(Code::kBusy, "enough") : Status();
  });
  EXPECT_EQ(seen, "a1b2");
  EXPECT_EQ(status.code(), Code::kBusy);
}

TEST(JsonReadTest, RejectsWhatIsNotOneDocument) {
  const std::string_view kBad[] = {
      "",
      " ",
      "{",
      "}",
      "[1,]",
      "{\"a\":}",
      "{\"a\" 1}",
      "1 2",
      "{}x",
      "nul",
      "NaN",
      "'a'",
      "\"\\ud800\"",
      "\"\xff\"",
      "\"\xc0\x80\"",
      "\"a",
      "[1",
      "01",
      "1e999",
      "\"\n\"",
      "// x\n1",
      std::string_view("1\0", 2),
      std::string_view("{}\0{}", 5),
      "[\"\\",
      "]",
  };
  for (std::string_view text : kBad) EXPECT_EQ(JsonDocument::parse(text).code(), Code::kInvalid) << text;
}

TEST(JsonReadTest, DepthIsBounded) {
  auto nested = [](size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(JsonDocument::parse(nested(64)).ok());
  EXPECT_FALSE(JsonDocument::parse(nested(65)).ok());
  EXPECT_FALSE(JsonDocument::parse(std::string(1000000, '[')).ok());
  EXPECT_TRUE(JsonDocument::parse("\"" + std::string(100, '[') + "\"").ok());  // brackets in a string do not count
  EXPECT_TRUE(JsonDocument::parse("[\"\\\"" + std::string(100, '[') + "\"]").ok());
}

TEST(JsonReadTest, EveryTruncationIsRejected) {
  std::string text = R"({"a":[1,-2.5e3,true,null,"\u00e9\\\"é"],"b":{"c":"d"}})";
  ASSERT_TRUE(JsonDocument::parse(text).ok());
  for (size_t length = 0; length < text.size(); ++length) EXPECT_FALSE(JsonDocument::parse(text.substr(0, length)).ok()) << length;
}

TEST(JsonWriteTest, WritesCompactUnescapedText) {
  JsonWriter out;
  out.begin_object().field("html", "<a&b>/").field("n", uint64_t{18446744073709551615u}).field("i", int64_t{-5}).field("t", true);
  out.key("q").quoted(uint64_t{7}).key("a").begin_array().value(1).value(1u).null().end_array();
  out.key("raw").raw("{\"x\":[1]}").field("s", std::string("\"\\\n\x01")).field("d", 1.5);
  out.key("inf").value(std::numeric_limits<double>::infinity()).end_object();
  EXPECT_EQ(out.take(), R"({"html":"<a&b>/","n":18446744073709551615,"i":-5,"t":true,"q":"7","a":[1,1,null],"raw":{"x":[1]},)"
                        R"("s":"\"\\\n\u0001","d":1.5,"inf":null})");
  out.value("again");
  EXPECT_EQ(out.take(), "\"again\"");
}

TEST(JsonWriteTest, IndentsForPeople) {
  JsonWriter out(2);
  out.begin_object().key("a").raw("[1,{\"b\":18446744073709551615}]").end_object();
  EXPECT_EQ(out.take(), "{\n  \"a\": [\n    1,\n    {\n      \"b\": 18446744073709551615\n    }\n  ]\n}");
}

TEST(JsonWriteTest, AnyBytesBecomeValidText) {
  std::string all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  JsonWriter out;
  out.value(all);
  std::string text = out.take();
  EXPECT_TRUE(is_valid_utf8(text));
  EXPECT_TRUE(JsonDocument::parse(text).ok());
  out.value(std::string_view("a\0b", 3));
  EXPECT_EQ(out.take(), "\"a\\u0000b\"");
}

TEST(JsonWriteTest, UnbalancedCallsAreAsserted) {
  EXPECT_DEATH(
      {
        JsonWriter out;
        out.begin_object();
        out.take();
      },
      "not complete");
  EXPECT_DEATH(
      {
        JsonWriter out;
        out.begin_object();
        out.end_array();
      },
      "assertion");
}

TEST(Utf8Test, WellFormedSequencesOnly) {
  for (const char* good :
       {"", "plain ascii text", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "12345678\xc3\xa9", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(is_valid_utf8(good)) << good;
  for (const char* bad : {"\x80", "\xc3", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80",
                          "\xf5\x80\x80\x80", "12345678\xff", "\xe2\x82", "\xe2\x28\xa1"})
    EXPECT_FALSE(is_valid_utf8(bad));
  EXPECT_EQ(replace_invalid_utf8("a\xff\xc3\xa9\xe2\x82"), "a\xef\xbf\xbd\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd");
}

}  // namespace
}  // namespace ais::codec
