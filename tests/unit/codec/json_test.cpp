#include "codec/json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "codec/msgpack.h"
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

TEST(JsonReadTest, TextsAreUtf8) {
  for (const char* bad : {"\"\xff\"", "\"\xed\xa0\x80\"", "\"\xc0\xaf\"", R"("\ud800")", R"("\udc00")", R"("\uD83D")", R"("\uDE00x")",
                          R"("\ud83dx\ude00")", R"("\ud83d\ud83d")", R"("\ud83d\ude00\ude00")", R"({"\udfff":1})"})
    EXPECT_FALSE(JsonDocument::parse(bad).ok()) << bad;
  for (const char* good : {R"("\ud83d\ude00")", R"("\uD83D\uDE00\ud83d\ude00")", R"("\\udc00")", R"("\ud7ff\ue000")"}) {
    auto document = JsonDocument::parse(good);
    ASSERT_TRUE(document.ok()) << good;
    EXPECT_TRUE(is_valid_utf8(document->root().string_or("")));
    EXPECT_TRUE(document->is_utf8());
  }
}

TEST(JsonWriteTest, WhatJsonCannotCarryIsRefusedOrShown) {
  JsonWriter out;
  out.begin_object().field("name", std::string("a\xff\xc3\xa9\x01", 5)).end_object();
  Result<std::string> refused = out.finish();
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.status().message().find("a\\xff\xc3\xa9\\x01"), std::string::npos) << refused.status().message();
  out.value("a\xff");
  EXPECT_EQ(out.take(), R"("a\\xff")");
  out.value("\xc3\xa9");
  EXPECT_EQ(*out.finish(), "\"\xc3\xa9\"");  // what was refused before is forgotten
  out.value(std::string_view("a\0b", 3));
  EXPECT_EQ(*out.finish(), "\"a\\u0000b\"");
}

TEST(JsonWriteTest, NoBytesBecomeOtherBytes) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::string text(random() % 12, '\0');
    for (char& c : text)
      c = static_cast<char>(random() % 3 ? random()
                                         : "\xe2\x82\xac\x00"
                                           "ab"[random() % 6]);
    JsonWriter out;
    out.value(text);
    Result<std::string> exact = out.finish();
    ASSERT_EQ(exact.ok(), is_valid_utf8(text));
    if (exact.ok()) {
      EXPECT_EQ(JsonDocument::parse(*exact)->root().string_or(""), text);
    }
    out.value(text);
    std::string shown = out.take();
    EXPECT_TRUE(JsonDocument::parse(shown).ok()) << shown;
    if (text.find("\xef\xbf\xbd") == std::string::npos) {
      EXPECT_EQ(shown.find("\xef\xbf\xbd"), std::string::npos);
    }
  }
}

TEST(JsonReadTest, ReadsMessagePack) {
  std::string bytes;
  MsgpackWriter out(bytes);
  out.map(7);
  out.string("name\xff");
  out.string(std::string("\xff\0\n", 3));
  out.string("list");
  out.array(4);
  out.integer(-5), out.unsigned_integer(UINT64_MAX), out.boolean(true), out.nil();
  out.string("real"), out.float64(2.5);
  out.string("single"), out.raw(std::string("\xca\x3f\xc0\0\0", 5));
  out.string("bin"), out.raw("\xc4\x02hi");
  out.string("Value"), out.map(0);
  out.string("n"), out.string("7");
  auto document = JsonDocument::parse_msgpack(bytes);
  ASSERT_TRUE(document.ok()) << document.status().message();
  EXPECT_FALSE(document->is_utf8());
  JsonView root = document->root();
  EXPECT_EQ(root["NAME\xff"].string_or(""), std::string("\xff\0\n", 3));
  EXPECT_EQ(root["list"].at(0).int_or(0), -5);
  EXPECT_EQ(root["list"].at(1).uint_or(0), UINT64_MAX);
  EXPECT_TRUE(root["list"].at(2).bool_or(false));
  EXPECT_TRUE(root["list"].at(3).is_null());
  EXPECT_EQ(root["real"].double_or(0), 2.5);
  EXPECT_EQ(root["single"].double_or(0), 1.5);
  EXPECT_EQ(root["bin"].string_or(""), "hi");
  EXPECT_TRUE(root["value"].is_object());
  EXPECT_EQ(root["n"].int_or(0), 7);
  EXPECT_EQ(root["list"].to_text(), "[-5,18446744073709551615,true,null]");
  EXPECT_EQ(root["name\xff"].to_text(), R"("\\xff\u0000\n")");  // escaped, never another character
  for (size_t length = 0; length < bytes.size(); ++length)
    EXPECT_FALSE(JsonDocument::parse_msgpack(bytes.substr(0, length)).ok()) << length;
  EXPECT_FALSE(JsonDocument::parse_msgpack(bytes + "x").ok());
}

TEST(JsonReadTest, MessagePackIsBounded) {
  EXPECT_TRUE(JsonDocument::parse_msgpack(std::string(63, '\x91') + "\x90").ok());
  EXPECT_FALSE(JsonDocument::parse_msgpack(std::string(64, '\x91') + "\x90").ok());
  EXPECT_FALSE(JsonDocument::parse_msgpack(std::string(1000000, '\x91')).ok());
  EXPECT_FALSE(JsonDocument::parse_msgpack("\xdd\xff\xff\xff\xff").ok());  // four billion items
  EXPECT_FALSE(JsonDocument::parse_msgpack("\x81\x01\x01").ok());          // a number as key
  EXPECT_FALSE(JsonDocument::parse_msgpack("\xd4\x01\x01").ok());          // extension
  EXPECT_FALSE(JsonDocument::parse_msgpack("").ok());
  EXPECT_FALSE(JsonDocument::parse_msgpack(std::string("\xca\x7f\xc0\0\0", 5)).ok());          // not a number
  EXPECT_FALSE(JsonDocument::parse_msgpack(std::string("\xcb\xff\xf0\0\0\0\0\0\0", 9)).ok());  // minus infinity
  EXPECT_TRUE(JsonDocument::parse_msgpack("\xa2\xc3\xa9")->is_utf8());
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
  EXPECT_EQ(escape_invalid_utf8("a\xff\xc3\xa9\xe2\x82\n"), "a\\xff\xc3\xa9\\xe2\\x82\n");
  EXPECT_EQ(printable("a\xff\xc3\xa9\n\x7f\xc2\x85"), "a\\xff\xc3\xa9\\x0a\\x7f\\u{0085}");
}

}  // namespace
}  // namespace ais::codec
