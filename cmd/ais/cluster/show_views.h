// What the `show` commands share: their words ("show storage disk t1234567"), and views that are part of several commands.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "ais/cluster/live.h"
#include "ais/command/invocation.h"

namespace ais::cli {

/// The words behind a `show` command.
struct Selection {
  std::string what;  // one of the known words, or ""
  std::string node;  // as typed, or ""
};

/// Reads [WHAT] [NODE] from argument `first` on; "show" may stand before or behind WHAT ("ais storage mountpath show").
/// Two words of which the first is none of `known` are a usage error.
Result<Selection> select(Invocation& invocation, size_t first, std::span<const std::string_view> known);

/// `ais show performance` with its words from argument `first` on.
async::Task<Status> show_performance_of(Invocation& invocation, size_t first);
/// Disks or mountpaths of the target `node` as typed, "" for all; it must live until the end.
async::Task<Status> show_storage_of(Invocation& invocation, bool disks, const std::string& node);
/// `ais show config` with its words from argument `first` on.
async::Task<Status> show_config_of(Invocation& invocation, size_t first);
/// The configuration of "cluster" or of a node as typed; words from argument `next` on are [inherited|local|all] (nodes) and [SECTION].
async::Task<Status> show_config_in(Invocation& invocation, std::string whose, size_t next);

}  // namespace ais::cli
