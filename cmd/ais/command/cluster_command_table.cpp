// Rows of the command table: the cluster, its configuration and state.
#include "ais/command/commands.h"

namespace ais::cli {
namespace {

constexpr Flag kTransient = {"transient", nullptr, "in memory only: forgotten when a node restarts", 0, false};
constexpr Flag kDryRun = {"dry-run", nullptr, "say what would be changed, change nothing", 0, false};
constexpr Flag kRefresh = {"refresh", "TIME", "look again every 2s, 500ms, 1m, ... until Ctrl-C", 0, false, ValueKind::kText};
constexpr Flag kCount = {"count", "N", "stop after so many looks (every 5s without --refresh)", 0, false, ValueKind::kText};
constexpr Flag kSeverity = {"severity", "LEVEL", "of the lines wanted (default info)", 0, false, ValueKind::kChoice, "info,warning,error"};

constexpr Flag kLiveFlags[] = {kRefresh, kCount};
constexpr Flag kShowClusterFlags[] = {
    kRefresh,
    kCount,
    {"regex", "PATTERN", "of stats counters: columns that it finds, in any case", 0, false, ValueKind::kText},
    {"all", nullptr, "of stats counters: columns of zeros too", 0, false},
    {"summary", nullptr, "of stats disk: one row a target", 0, false},
    {"node", "ID", "of config: as this node sees it", 0, false, ValueKind::kNode},
};
constexpr Flag kPerformanceFlags[] = {
    kRefresh,
    kCount,
    {"regex", "PATTERN", "columns of counters that it finds, in any case", 0, false, ValueKind::kText},
    {"all", nullptr, "columns of zeros too", 0, false},
    {"summary", nullptr, "one row a target instead of one a disk", 0, false},
};
constexpr Flag kStorageFlags[] = {
    kRefresh,
    kCount,
    {"summary", nullptr, "one row a target instead of one a disk", 0, false},
};
constexpr Flag kConfigShowFlags[] = {
    {"node", "ID", "as this node sees it, with its own overrides", 0, false, ValueKind::kNode},
};
constexpr Flag kConfigFlags[] = {kTransient, kDryRun};
constexpr Flag kDryRunFlags[] = {kDryRun};
constexpr Flag kShowLogFlags[] = {
    kSeverity,
    {"follow", nullptr, "go on printing what is added, until Ctrl-C", 'f', false},
    {"refresh", "TIME", "ask for more so often (default 1s); follows", 0, false, ValueKind::kText},
    {"count", "N", "stop after so many questions; follows", 0, false, ValueKind::kText},
    {"tail", "N", "begin with the last N lines", 'n', false, ValueKind::kText},
};
constexpr Flag kGetLogFlags[] = {
    kSeverity,
    {"all", nullptr, "the node's older logs too, as a .tar.gz", 0, false},
};
constexpr Flag kDownloadLogsFlags[] = {kSeverity};
constexpr Flag kStatusFlags[] = {
    {"wait", nullptr, "wait until the cluster is ready", 0, false},
    {"timeout", "TIME", "give up waiting after so long (default 1m)", 0, false, ValueKind::kText},
};

constexpr Command kClusterCommands[] = {
    {"show cluster",
     "cluster show",
     {"[proxy|target|cpu|memory|smap|bmd|config|stats|DOCUMENT] [NODE]", 0, 4, {ValueKind::kNode, ValueKind::kNode}},
     "Show the nodes of the cluster and how they are.",
     "With proxy, target or a node only these; cpu and memory show how busy nodes are. smap and bmd show the cluster map and the buckets, "
     "as the gateway or another node knows\n"
     "them; config is \"ais show config\", stats is \"ais show performance\". Further documents: sysinfo, node-stats, mountpaths, "
     "backends,\n"
     "remote, suspects, jobs, target-ips. A node is named by its id or the beginning of it; one that does not answer is offline.\n"
     "A state of ready is what other tools of AIStore call online. A version that all nodes have stands below the table.\n\n"
     "JSON: time, cluster, smap_version, primary and nodes with role, id, address, state, alerts, version, build_time, deployment,\n"
     "uptime_ns, memory_percent, memory_available, cpu_percent, load_1, load_5, load_15, disk_used, disk_available, disk_total,\n"
     "smap_version, flags, error; of smap, bmd and the further documents, what the node sent.",
     kShowClusterFlags,
     {{"ais show cluster --refresh 2s", "a table of nodes, redrawn every two seconds"},
      {"ais show cluster smap --json", "the cluster map as it is"}},
     show_cluster},
    {"show node",
     "node show",
     {"NODE [DOCUMENT]", 1, 2, {ValueKind::kNode, ValueKind::kText}},
     "Show what one node says about itself.",
     "Documents: status (the default), stats, sysinfo, snode, config, smap, bmd, mountpaths, disk, remote, metrics (in Prometheus' form),\n"
     "metric-names, tls, version, health. With --json the document as the node sent it.",
     kLiveFlags,
     {{"ais show node t1234567", "its status, name by name"}, {"ais show node t1234567 metrics", "its metrics"}},
     show_node},
    {"show performance",
     "performance",
     {"[counters|throughput|latency|capacity|disk] [NODE]", 0, 3, {ValueKind::kTarget, ValueKind::kTarget}},
     "Show what the targets are doing.",
     "Rates, latencies and new errors are those of the last interval: --refresh, or one second at the first look. Counts, sizes and\n"
     "GET(t total) go back to the start of the node or \"ais cluster reset-stats\". A gateway is shown when it is named.\n\n"
     "JSON: time and nodes with id, role, state, interval_seconds, get, put, append, head, del, ren, copy and lst (each with count, "
     "bytes,\n"
     "errors, new_count, new_errors, per_second, bytes_per_second, latency_ns, latency_total_ns, average_bytes), errors, new_errors,\n"
     "counters, error; of capacity and disk that of \"ais show storage\".",
     kPerformanceFlags,
     {{"ais show performance --refresh 2s", "rates and latencies, redrawn every two seconds"},
      {"ais show performance counters --regex 'put|err' t1234567", "chosen counters of one target"}},
     show_performance},
    {"show storage",
     "storage",
     {"[mountpath|capacity|disk] [TARGET]", 0, 3, {ValueKind::kTarget, ValueKind::kTarget}},
     "Show mountpaths and disks.",
     "Rates of disks are those since the target was asked last.\n\n"
     "JSON: time and targets with id, state, mountpaths (path, state, device,\n"
     "filesystem, disks, used, available, percent_used), disks (name, read_bytes_per_second, write_bytes_per_second,\n"
     "average_read_bytes, average_write_bytes, utilization_percent), disk_used, disk_available, error.",
     kStorageFlags,
     {{"ais show storage", "space of every mountpath"}, {"ais show storage disk --refresh 5s --count 12", "a minute of disk activity"}},
     show_storage},
    {"show config",
     "config show",
     {"[cluster|NODE [inherited|local|all]] [SECTION]", 0, 3, {ValueKind::kConfigName, ValueKind::kConfigName}},
     "Show the configuration of the cluster or of one node.",
     "A section such as log, a name such as log.level or the beginning of one narrows it. Beside a node's values stand those of the\n"
     "cluster where they differ, and n/a where the cluster has none.",
     kConfigShowFlags,
     {{"ais show config cluster checksum", "one section"}, {"ais show config t1234567 inherited log", "what is in force on one node"}},
     show_config},
    {"show log",
     "log show",
     {"NODE", 1, 1, {ValueKind::kNode}},
     "Print the log of a node.",
     "Warnings come with errors. With --follow a node that is away is waited for.",
     kShowLogFlags,
     {{"ais show log t1234567 --follow --tail 20", "the last lines, and those to come"},
      {"ais show log t1234567 --severity error", "errors and warnings only"}},
     show_log},
    {"log get",
     "",
     {"NODE|all|cluster [FILE|DIRECTORY|-]", 1, 2, {ValueKind::kNode, ValueKind::kFile}},
     "Save the log of a node or of all nodes.",
     "In a directory (default: here) files are called NODE.log, archives NODE.tar.gz. Of all nodes (all, or cluster) archives are\n"
     "saved, older logs included; the directory is made.",
     kGetLogFlags,
     {{"ais log get t1234567 t1.log", "the current log"}, {"ais log get all .", "an archive of every node"}},
     get_log},
    {"cluster download-logs",
     "",
     {"[DIRECTORY]", 0, 1, {ValueKind::kDirectory}},
     "Save the logs of all nodes.",
     "As \"ais log get all\": an archive of each node, older logs included, in the directory (default: here), which is made.",
     kDownloadLogsFlags,
     {{"ais cluster download-logs /tmp/logs", "an archive of every node"},
      {"ais cluster download-logs /tmp/logs --severity error", "errors and warnings only"}},
     download_logs},
    {"log rotate",
     "rotate log",
     {"[NODE...]", 0, kUnlimited, {ValueKind::kNode}},
     "Begin a new log file on nodes.",
     "On all nodes when none is named.",
     kDryRunFlags,
     {{"ais log rotate t1234567", "on one node"}, {"ais log rotate", "on all nodes"}},
     rotate_logs},
    {"cluster reset-stats",
     "reset stats",
     {"[NODE...]", 0, kUnlimited, {ValueKind::kNode}},
     "Set the statistics of nodes back to zero.",
     "Of all nodes when none is named.",
     kDryRunFlags,
     {{"ais cluster reset-stats", "of all nodes"}, {"ais cluster reset-stats t1234567", "of one node"}},
     reset_stats},
    {"cluster remove-node",
     "remove node",
     {"NODE...", 1, kUnlimited, {ValueKind::kNode}},
     "Take nodes out of the cluster map.",
     "For nodes that will not come back: objects of a removed target are not found. One that still runs joins again with its next\n"
     "keepalive: stop it first. Asks first.",
     kDryRunFlags,
     {{"ais cluster remove-node t1234567", "after a question"}, {"ais cluster remove-node t1234567 --yes", "without a question"}},
     remove_nodes},
    {"config cluster",
     "cluster config",
     {"NAME=VALUE...|JSON|reset|[SECTION]", 0, kUnlimited, {ValueKind::kConfigAssignment}},
     "Change the configuration of all nodes.",
     "\"reset\" sets everything back to the defaults, and asks first. \"NAME VALUE NAME VALUE\" and a JSON object are understood too.\n"
     "features are names, or none; log.modules is the second half of log.level. Without a value the configuration is shown.",
     kConfigFlags,
     {{"ais config cluster log.level=4 --transient", "more logs until the next restart"},
      {"ais config cluster checksum.type=md5 log.level=4", "two properties at once"}},
     change_cluster_config},
    {"config node",
     "node config",
     {"NODE [inherited|local] NAME=VALUE...|JSON|reset|[SECTION]", 1, kUnlimited, {ValueKind::kNode, ValueKind::kConfigAssignment}},
     "Change the configuration of one node.",
     "\"reset\" drops what is configured on that node alone, and asks first. \"NAME VALUE NAME VALUE\" and a JSON object are understood\n"
     "too. Without a value the configuration is shown.",
     kConfigFlags,
     {{"ais config node t1234567 log.level=4", "more logs of one node"},
      {"ais config node t1234567 reset --yes", "back to what the cluster says"}},
     change_node_config},
    {"config reset",
     "reset config",
     {"[cluster|NODE]", 0, 1, {ValueKind::kNode}},
     "Set the configuration of the cluster, or of one node, back.",
     "The cluster's to its defaults, a node's to what the cluster says. Asks first.",
     kDryRunFlags,
     {{"ais config reset", "the whole cluster, after a question"}, {"ais config reset t1234567 --yes", "one node"}},
     reset_config},
    {"status",
     "show status",
     {},
     "Say whether the cluster is ready.",
     "It is when its gateway and its primary are ready and every node that is not in maintenance answers. The exit status is 1 when it\n"
     "is not.\n\n"
     "JSON: endpoint, cluster, ready, primary, smap_version, proxies, proxies_ready, targets, targets_active, targets_ready,\n"
     "reasons.",
     kStatusFlags,
     {{"ais status --wait --timeout 2m", "wait for a cluster that is starting"},
      {"ais status --json >/dev/null && echo ready", "for scripts"}},
     show_status},
};

}  // namespace

std::span<const Command> cluster_commands() { return kClusterCommands; }

}  // namespace ais::cli
