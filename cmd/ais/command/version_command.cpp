// ais version.
#include "ais/command/commands.h"
#include "base/version.h"
#include "codec/json.h"

namespace ais::cli {

async::Task<Status> print_version(Invocation& invocation) {
  codec::JsonWriter out;
  out.begin_object().field("version", std::string_view(kVersion)).field("protocol", std::string_view(kProtocolVersion)).end_object();
  invocation.print_line(invocation.json() ? out.take() : std::string("ais ") + kVersionText);
  co_return Status();
}

}  // namespace ais::cli
