// ais completion SHELL.
#include "ais/command/commands.h"
#include "ais/command/program.h"
#include "cli/completion.h"

namespace ais::cli {

async::Task<Status> print_completion_script(Invocation& invocation) {
  Result<std::string> script = completion_script(program(), invocation.argument(0));
  if (!script.ok()) co_return invocation.usage_error(script.status().message());
  invocation.print(*script);
  co_return Status();
}

}  // namespace ais::cli
