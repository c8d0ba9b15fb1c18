// ais version.
#include "ais/command/commands.h"
#include "api/node_status.h"
#include "codec/json.h"

namespace ais::cli {

async::Task<Status> print_version(Invocation& invocation) {
  codec::JsonWriter out;
  out.begin_object().field("version", api::software_version()).end_object();
  invocation.print_line(invocation.json() ? out.take() : "ais " + api::software_version());
  co_return Status();
}

}  // namespace ais::cli
