#include "api/message.h"

#include <gtest/gtest.h>

#include "api/names.h"
#include "codec/msgpack.h"

namespace ais::api {
namespace {

TEST(ActionMessage, TakesKeysInAnyOrderAndCase) {
  auto message = ActionMessage::parse(R"({"value":{"a":[1]},"Name":"n","ACTION":"list","other":7})");
  ASSERT_TRUE(message.ok());
  const ActionMessage moved = std::move(*message);
  EXPECT_EQ(moved.action, "list");
  EXPECT_EQ(moved.name, "n");
  EXPECT_EQ(moved.value["a"].at(0).int_or(0), 1);
}

TEST(ActionMessage, NullEqualsAbsent) {
  const auto message = ActionMessage::parse(R"({"action":"list","name":null,"value":null})");
  ASSERT_TRUE(message.ok());
  EXPECT_EQ(message->name, "");
  EXPECT_TRUE(message->value.is_null());
}

TEST(ActionMessage, RefusesWhatIsNoMessage) {
  for (const char* text : {"", "x", "[]", "1", "{\"action\":1}", "{\"action\":\"a\"", "{}{}"}) {
    EXPECT_FALSE(ActionMessage::parse(text).ok()) << text;
  }
}

ActionMessage read_as(std::string_view type, const std::string& body, bool& ok) {
  net::HttpRequest request;
  request.headers.mutable_all().push_back({"content-type", type});
  auto message = ActionMessage::read(request, body);
  ok = message.ok();
  return ok ? std::move(*message) : ActionMessage{"", "", {}, std::move(*codec::JsonDocument::parse("null"))};
}

TEST(ActionMessage, GoesAsJsonWhereJsonCarriesIt) {
  const MessageBody plain = action_body("rename-obj", "caf\xc3\xa9\n");
  EXPECT_EQ(plain.content_type, kJsonContentType);
  EXPECT_EQ(plain.bytes, "{\"action\":\"rename-obj\",\"name\":\"caf\xc3\xa9\\n\",\"value\":null}");
  const MessageBody odd = action_body("rename-obj", "caf\xe9");
  EXPECT_EQ(odd.content_type, kMsgpackContentType);
  bool ok = false;
  const ActionMessage read = read_as("Application/MsgPack; v=5", odd.bytes, ok);
  ASSERT_TRUE(ok);
  EXPECT_EQ(read.action, "rename-obj");
  EXPECT_EQ(read.name, "caf\xe9");
  EXPECT_TRUE(read.value.is_null());
  EXPECT_FALSE(read.check_utf8().ok());
  EXPECT_NE(read.check_utf8().message().find("rename-obj"), std::string::npos);
  (void)read_as("application/json", odd.bytes, ok);
  EXPECT_FALSE(ok);  // the type decides, never the bytes
  (void)read_as("", odd.bytes, ok);
  EXPECT_FALSE(ok);
  (void)read_as("application/msgpack", plain.bytes, ok);
  EXPECT_FALSE(ok);
}

TEST(ActionMessage, PackedKeysMatchInAnyCase) {
  std::string packed;
  codec::MsgpackWriter out(packed);
  out.map(3);
  out.string("VALUE"), out.map(1), out.string("a"), out.integer(7);
  out.string("Action"), out.string("list");
  out.string("other"), out.boolean(true);
  bool ok = false;
  const ActionMessage read = read_as("application/msgpack", packed, ok);
  ASSERT_TRUE(ok);
  EXPECT_EQ(read.action, "list");
  EXPECT_EQ(read.name, "");
  EXPECT_EQ(read.value["A"].int_or(0), 7);
  EXPECT_TRUE(read.check_utf8().ok());
  (void)read_as("application/msgpack", "\x93\x01\x02\x03", ok);
  EXPECT_FALSE(ok);
}

TEST(ActionMessage, ReadsWhatItWrote) {
  const auto message = ActionMessage::parse(action_message("set-config", "a\"b", R"({"x":1})"));
  ASSERT_TRUE(message.ok());
  EXPECT_EQ(message->action, "set-config");
  EXPECT_EQ(message->name, "a\"b");
  EXPECT_EQ(message->value["x"].int_or(0), 1);
}

TEST(ErrorBody, Golden) {
  const Status error(Code::kBucketNotFound, "bucket \"ais://b\" does not exist");
  EXPECT_EQ(error_json(error, 404, "GET", "/v1/objects/b/o", "1.2.3.4:5", "", "p[x]"),
            "{\"tcode\":\"ErrBckNotFound\",\"message\":\"bucket \\\"ais://b\\\" does not exist\",\"method\":\"GET\","
            "\"url_path\":\"/v1/objects/b/o\",\"remote_addr\":\"1.2.3.4:5\",\"caller\":\"\",\"node\":\"p[x]\",\"status\":404}\n");
  EXPECT_EQ(error_json(Status(Code::kInvalid, "<bad>"), 400, "PUT", "/", "a", "p[y]", "t[z]"),
            "{\"message\":\"<bad>\",\"method\":\"PUT\",\"url_path\":\"/\",\"remote_addr\":\"a\",\"caller\":\"p[y]\",\"node\":\"t[z]\","
            "\"status\":400}\n");
}

TEST(ErrorBody, ClientReadsTheCodeBack) {
  for (const Code code : {Code::kBucketNotFound, Code::kObjectNotFound, Code::kBucketAlreadyExists, Code::kCapacityExceeded,
                          Code::kNoTargets, Code::kBadChecksum}) {
    const Status error(code, "text");
    const Status back = status_from_error(error.http_status(), error_json(error, error.http_status(), "GET", "/", "", "", ""));
    EXPECT_EQ(back.code(), code);
    EXPECT_EQ(back.message(), "text");
    EXPECT_EQ(back.http_status(), error.http_status());
  }
}

TEST(ErrorBody, ClientTakesForeignAnswers) {
  EXPECT_EQ(status_from_error(404, "not json").code(), Code::kNotFound);
  EXPECT_EQ(status_from_error(404, "not json").message(), "not json");
  EXPECT_EQ(status_from_error(503, "").code(), Code::kUnavailable);
  EXPECT_EQ(status_from_error(418, "{\"message\":[]}").code(), Code::kUnexpectedStatus);
  EXPECT_LE(status_from_error(500, std::string(1 << 20, 'x')).message().size(), 1024u);
}

TEST(AcceptsMsgpack, LooksThroughTheWholeList) {
  const auto accepts = [](const char* value) {
    net::HttpRequest request;
    request.headers.add("accept", value);
    return accepts_msgpack(request);
  };
  EXPECT_TRUE(accepts("application/msgpack"));
  EXPECT_TRUE(accepts("application/json, application/msgpack;q=0.5"));
  EXPECT_FALSE(accepts("application/msgpackx"));
  EXPECT_FALSE(accepts("*/*"));
}

}  // namespace
}  // namespace ais::api
