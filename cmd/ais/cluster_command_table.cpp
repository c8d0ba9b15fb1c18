// Rows of the command table: the cluster, its configuration and state.
#include "ais/command_tables.h"
#include "ais/commands.h"

namespace ais::cli {
namespace {

constexpr Flag kTransient = {"transient", nullptr, "in memory only: forgotten when a node restarts", 0, false};

constexpr Flag kConfigShowFlags[] = {{"node", "ID", "as this node sees it, with its own overrides", 0, false}};
constexpr Flag kTransientFlags[] = {kTransient};
constexpr Flag kLogFlags[] = {{"severity", "LEVEL", "info, warning or error (default info)", 0, false}};

constexpr Command kClusterCommands[] = {
    {"show cluster",
     "",
     "",
     0,
     0,
     "Show the nodes of the cluster and how they are.",
     "",
     {},
     {{"ais show cluster", "a table of nodes"}, {"ais show cluster --json", "the same as JSON"}},
     show_cluster},
    {"show config",
     "",
     "[SECTION]",
     0,
     1,
     "Show the configuration of the cluster or of one node.",
     "",
     kConfigShowFlags,
     {{"ais show config checksum", "one section"}, {"ais show config --node t1234567 log", "what is in force on one node"}},
     show_config},
    {"show log",
     "",
     "NODE",
     1,
     1,
     "Print the log of a node.",
     "",
     kLogFlags,
     {{"ais show log t1234567", "all lines"}, {"ais show log t1234567 --severity error", "errors only"}},
     show_log},

    {"config cluster",
     "",
     "NAME=VALUE...|reset",
     1,
     kUnlimited,
     "Change the configuration of all nodes.",
     "\"reset\" sets everything back to the defaults, and asks first.",
     kTransientFlags,
     {{"ais config cluster log.level=4 --transient", "more logs until the next restart"},
      {"ais config cluster mirror.copies=3 checksum.type=md5", "two knobs at once"}},
     change_cluster_config},
    {"config node",
     "",
     "ID NAME=VALUE...|reset",
     2,
     kUnlimited,
     "Change the configuration of one node.",
     "\"reset\" drops what is configured on that node alone, and asks first.",
     kTransientFlags,
     {{"ais config node t1234567 log.level=4", "more logs of one node"},
      {"ais config node t1234567 reset --yes", "back to what the cluster says"}},
     change_node_config},

    {"status",
     "",
     "",
     0,
     0,
     "Say whether the cluster is ready.",
     "The exit status is 1 when it is not.",
     {},
     {{"ais status", "for people"}, {"ais status --json >/dev/null && echo ready", "for scripts"}},
     show_status},
};

}  // namespace

std::span<const Command> cluster_commands() { return kClusterCommands; }

}  // namespace ais::cli
