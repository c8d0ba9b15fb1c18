// A request that is refused changes nothing: not the object, not an append under way, no file, no counter of what was done.
#include <sys/xattr.h>

#include <fstream>
#include <map>
#include <sstream>

#include "base/strings.h"
#include "unit/ais-target/target_fixture.h"

namespace ais::target {
namespace {

class RefusedTest : public TargetTest {
 protected:
  Buckets buckets() override {
    return {{"b", {}}, {"readonly", [](meta::BucketProperties& p) { p.access = meta::kAccessGet | meta::kAccessHeadObject; }}};
  }
  /// All that a change may touch.
  std::map<std::string, std::string> state() {
    std::map<std::string, std::string> all;
    for (const std::string& path : target_->files_on_disk()) {
      std::stringstream content;
      content << std::ifstream(path, std::ios::binary).rdbuf();
      char metadata[4096];
      const ssize_t size = ::getxattr(path.c_str(), "user.ais", metadata, sizeof metadata);
      all[path] = content.str() + "|" + (size > 0 ? to_hex({metadata, static_cast<size_t>(size)}) : "");
    }
    for (const auto& [name, value] : target_->daemon().metrics().tracker()) {
      for (const char* counted : {"put.", "del.", "ren.", "copy.", "patch.", "append."})
        if (name.starts_with(counted)) all[name] = std::to_string(value);
    }
    return all;
  }
};

struct Refused {
  const char* method;
  std::string object;
  std::string body;
  std::string query;
  std::string headers;
  int status;
};

std::string with_handle(const char* type, const std::string& handle) {
  return std::string("append_type=") + type + "&append_handle=" + percent_encode(handle);
}

// `handle` is of an append to "o".
std::vector<Refused> refused_requests(const std::string& handle) {
  const std::string append = with_handle("append", ""), flush = with_handle("flush", "");
  const std::string mine = percent_encode(handle), foreign = percent_encode("t9other0" + handle.substr(8));
  const std::string unknown = percent_encode(handle.substr(0, handle.find('|')) + "|" + "append.0.0.0|xxhash2|AAAAAAAAAAA=");
  const std::string bad_sum = "Ais-Checksum-Type: xxhash2\r\nAis-Checksum-Value: 0000000000000000\r\n";
  const std::string no_sum = "Ais-Checksum-Type: nosum\r\nAis-Checksum-Value: 00\r\n", bad_pair = "Ais-Custom-Md: nopair\r\n";
  const std::string large_pair = "Ais-Custom-Md: k=" + std::string(3000, 'v') + "\r\n", unlike = "If-Match: \"unlike\"\r\n";
  const std::string part = "Content-Range: bytes 0-3/10\r\n", no_tags = "If-Match: \"\r\n";
  const std::string large(700'000, 'x'), rename = R"({"action":"rename-obj","name":"p"})", pairs = R"({"value":{"k":"w"}})";
  const std::string to_p = "object_to=ais%2F%40%23%2Fb%2Fp", many = R"({"value":{"l":")" + std::string(2047, 'v') + R"("}})";
  return {{"PUT", "o", "x", "", bad_sum, 500},
          {"PUT", "o", large, "", bad_sum, 500},
          {"PUT", "new", large, "", bad_sum, 500},
          {"PUT", "o", "x", "", no_sum, 400},
          {"PUT", "o", "x", "", bad_pair, 400},
          {"PUT", "o", large, "", large_pair, 400},
          {"PUT", "o", "x", "", "Ais-Atime: soon\r\n", 400},
          {"PUT", "o", "x", "", part, 400},
          {"PUT", "o", "x", "", unlike, 412},
          {"PUT", "o", large, "", "If-None-Match: *\r\n", 412},
          {"PUT", "o", "x", "", no_tags, 400},
          {"PUT", "o/", "x", "", "", 400},
          {"PUT", "o", "x", "uploadId=1", "", 501},
          {"PUT", "/v1/objects/nob/o", "x", "", "", 404},
          {"PUT", "/v1/objects/readonly/o", "x", "", "", 403},
          {"PUT", "o", "x", append + "nonsense", "", 400},
          {"PUT", "o", "x", append + foreign, "", 400},
          {"PUT", "other", "x", append + mine, "", 400},
          {"PUT", "o", large, append + unknown, "", 400},
          {"PUT", "o", "x", append + mine, unlike, 412},
          {"PUT", "o", "x", append, unlike, 412},
          {"PUT", "o", "x", append + mine, part, 400},
          {"PUT", "o", "x", "append_type=sideways", "", 400},
          {"PUT", "/v1/objects/nob/o", "x", append, "", 404},
          {"PUT", "/v1/objects/readonly/o", "x", append, "", 403},
          {"PUT", "o", "", flush, "", 400},
          {"PUT", "o", "", flush + foreign, "", 400},
          {"PUT", "other", "", flush + mine, "", 400},
          {"PUT", "o", "", flush + mine, bad_sum, 500},
          {"PUT", "o", "", flush + mine, bad_pair, 400},
          {"PUT", "o", "", flush + mine, unlike, 412},
          {"PUT", "o", "", flush + mine, "If-None-Match: *\r\n", 412},
          {"PUT", "o", "", to_p, "If-Match: *\r\n", 412},
          {"PUT", "o", "", "object_to=nonsense", "", 400},
          {"PUT", "none", "", to_p, "", 404},
          {"PUT", "o", "", "object_to=ais%2F%40%23%2Fnob%2Fp", "", 404},
          {"PUT", "o", "", "object_to=ais%2F%40%23%2Freadonly%2Fp", "", 403},
          {"PUT", "o", "", "object_to=ais%2F%40%23%2Fb%2Fother", "If-None-Match: *\r\n", 412},
          {"POST", "o", rename, "", unlike, 412},
          {"POST", "none", rename, "", "", 404},
          {"POST", "o", R"({"action":"rename-obj","name":"../p"})", "", "", 400},
          {"POST", "o", R"({"action":"rename-obj","name":"o"})", "", "", 400},
          {"POST", "/v1/objects/readonly/o", rename, "", "", 403},
          {"PATCH", "o", pairs, "", unlike, 412},
          {"PATCH", "o", many, "", "", 400},
          {"PATCH", "o", "{", "", "", 400},
          {"PATCH", "none", pairs, "", "", 404},
          {"DELETE", "o", "", "", unlike, 412},
          {"DELETE", "none", "", "", "", 404},
          {"DELETE", "o", R"({"action":"mpt-abort"})", "", "", 501},
          {"DELETE", "/v1/objects/readonly/o", "", "", "", 403}};
}

TEST_F(RefusedTest, LeavesEverythingAsItWas) {
  ASSERT_EQ(put("o", "content", "Ais-Custom-Md: k=v\r\n").status, 200);
  ASSERT_EQ(put("other", "other").status, 200);
  const std::string handle = call("PUT", "o", "+one", with_handle("append", "")).header("ais-append-handle");
  const auto before = state();
  ASSERT_GT(before.size(), 8u);
  for (const Refused& one : refused_requests(handle)) {
    const std::string told =
        std::string(one.method) + " " + one.object + " ?" + one.query + " " + one.headers.substr(0, 60) + one.body.substr(0, 60);
    const Answer answer = call(one.method, one.object, one.body, one.query, one.headers);
    EXPECT_EQ(answer.status, one.status) << told << answer.body;
    EXPECT_TRUE(state() == before) << told;
  }
  const Answer next = call("PUT", "o", "+two", with_handle("append", handle));
  ASSERT_EQ(next.status, 200) << next.body;
  EXPECT_EQ(call("PUT", "o", "", with_handle("flush", next.header("ais-append-handle"))).status, 200);
  EXPECT_EQ(call("GET", "o").body, "content+one+two");
}

}  // namespace
}  // namespace ais::target
