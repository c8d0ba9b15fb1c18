#include "api/node_status.h"

#include <sys/stat.h>

#include <cstdlib>

#include "api/node_status_form.h"
#include "base/strings.h"
#include "base/version.h"
#include "sys/clock.h"

namespace ais::api {
namespace {

std::string environment(const char* name) {
  const char* value = getenv(name);
  return value != nullptr ? value : "";
}

}  // namespace

std::string software_version() { return kProtocolVersion; }

std::string build_time() {
  // The program's own file says when it was made; a stamp compiled in would make no two builds alike.
  struct stat status {};
  if (stat("/proc/self/exe", &status) != 0) return "";
  const std::string text = sys::utc_text(status.st_mtim.tv_sec * 1'000'000'000);
  return text.substr(0, text.find('T'));
}

NodeStatus NodeStatus::of_this_program() {
  const bool kubernetes = !environment("KUBERNETES_SERVICE_HOST").empty();
  NodeStatus status;
  status.deployment = kubernetes ? "K8s" : "linux";
  status.version = software_version();
  status.build = build_time();
  status.pod = kubernetes ? environment("HOSTNAME") : "";
  return status;
}

template <class T>
std::string encode(const T& value, WireFormat format) {
  if (format == WireFormat::kMsgpack) return wire::MsgpackOut::encoded(value);
  codec::JsonWriter out;
  wire::JsonOut(out).whole(value);
  return out.take();
}

template <class T>
Result<T> decode(std::string_view bytes, WireFormat format) {
  T value;
  if (format == WireFormat::kMsgpack) {
    codec::MsgpackReader reader(bytes), whole(bytes);
    AIS_RETURN_IF_ERROR(reader.map().status());
    AIS_RETURN_IF_ERROR(whole.skip().status());
    if (!whole.at_end()) return Status(Code::kInvalid, "malformed MessagePack: bytes after the value");
    wire::MsgpackIn form(bytes);
    describe(form, value);
    return value;
  }
  AIS_TRY(const codec::JsonDocument document, codec::JsonDocument::parse(bytes));
  if (!document.root().is_object()) return Status(Code::kInvalid, "expecting a JSON object");
  wire::JsonIn form(document.root());
  describe(form, value);
  return value;
}

#define AIS_WIRE_STRUCT(T)                              \
  template std::string encode<T>(const T&, WireFormat); \
  template Result<T> decode<T>(std::string_view, WireFormat);
AIS_WIRE_STRUCT(NodeStatus)
AIS_WIRE_STRUCT(NodeStats)
AIS_WIRE_STRUCT(NodeStateInfo)
AIS_WIRE_STRUCT(SystemInfo)
AIS_WIRE_STRUCT(TargetSystemInfo)
AIS_WIRE_STRUCT(TargetDisks)
AIS_WIRE_STRUCT(MountpathList)
#undef AIS_WIRE_STRUCT

}  // namespace ais::api
