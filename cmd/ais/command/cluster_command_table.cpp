// Rows of the command table: the cluster, its configuration and state.
#include "ais/command/commands.h"

namespace ais::cli {
namespace {

constexpr Flag kTransient = {"transient", nullptr, "in memory only, until a node restarts", 0, false};
constexpr Flag kDryRun = {"dry-run", nullptr, "show what would change, without changing it", 0, false};
constexpr Flag kRefresh = {"refresh", "TIME", "refresh every 2s, 500ms, 1m, ... until Ctrl-C", 0, false, ValueKind::kText};
constexpr Flag kCount = {"count", "N", "stop after N refreshes (every 5s without --refresh)", 0, false, ValueKind::kText};
constexpr Flag kSeverity = {"severity",          "LEVEL", "lowest level of the lines to show (default info)", 0, false, ValueKind::kChoice,
                            "info,warning,error"};

constexpr Flag kLiveFlags[] = {kRefresh, kCount};
constexpr Flag kShowClusterFlags[] = {
    kRefresh,
    kCount,
    {"regex", "PATTERN", "stats counters: only columns that match, in any case", 0, false, ValueKind::kText},
    {"all", nullptr, "stats counters: also columns that are all zero", 0, false},
    {"summary", nullptr, "stats disk: one row per target", 0, false},
    {"node", "ID", "config: as this node sees it", 0, false, ValueKind::kNode},
};
constexpr Flag kPerformanceFlags[] = {
    kRefresh,
    kCount,
    {"regex", "PATTERN", "only columns of counters that match, in any case", 0, false, ValueKind::kText},
    {"all", nullptr, "also columns that are all zero", 0, false},
    {"summary", nullptr, "one row per target instead of one per disk", 0, false},
};
constexpr Flag kStorageFlags[] = {
    kRefresh,
    kCount,
    {"summary", nullptr, "one row per target instead of one per disk", 0, false},
};
constexpr Flag kConfigShowFlags[] = {
    {"node", "ID", "as this node sees it, including its own overrides", 0, false, ValueKind::kNode},
};
constexpr Flag kConfigFlags[] = {kTransient, kDryRun};
constexpr Flag kDryRunFlags[] = {kDryRun};
constexpr Flag kShowLogFlags[] = {
    kSeverity,
    {"follow", nullptr, "keep printing new lines until Ctrl-C", 'f', false},
    {"refresh", "TIME", "time between requests for new lines (default 1s); implies --follow", 0, false, ValueKind::kText},
    {"count", "N", "stop after N requests; implies --follow", 0, false, ValueKind::kText},
    {"tail", "N", "begin with the last N lines", 'n', false, ValueKind::kText},
};
constexpr Flag kGetLogFlags[] = {
    kSeverity,
    {"all", nullptr, "also the node's older logs, as a .tar.gz", 0, false},
};
constexpr Flag kDownloadLogsFlags[] = {kSeverity};
constexpr Flag kStatusFlags[] = {
    {"wait", nullptr, "wait until the cluster is ready", 0, false},
    {"timeout", "TIME", "give up waiting after this time (default 1m)", 0, false, ValueKind::kText},
};

constexpr Command kClusterCommands[] = {
    {"show cluster",
     "cluster show",
     {"[proxy|target|cpu|memory|smap|bmd|config|stats|DOCUMENT] [NODE]", 0, 4, {ValueKind::kNode, ValueKind::kNode}},
     "Show the nodes of the cluster and their state.",
     "proxy, target or a node restricts the table; cpu and memory show how busy the nodes are. smap and bmd show the "
     "cluster map and\n"
     "the buckets, as the gateway or the named node has them; config is \"ais show config\", stats is \"ais show performance\". "
     "Other\n"
     "documents: sysinfo, node-stats, mountpaths, backends, remote, suspects, jobs, target-ips. A node is named by its id "
     "or the\n"
     "beginning of it; a node that does not answer is offline. The state ready is what other AIStore tools call online. "
     "When all nodes\n"
     "have the same version, it is shown below the table.\n\n"
     "JSON: time, cluster, smap_version, primary and nodes with role, id, address, state, alerts, version, build_time, deployment,\n"
     "uptime_ns, memory_percent, memory_available, cpu_percent, load_1, load_5, load_15, disk_used, disk_available, disk_total,\n"
     "smap_version, flags, error; for smap, bmd and the other documents, what the node sent.",
     kShowClusterFlags,
     {{"ais show cluster --refresh 2s", "a table of nodes, redrawn every two seconds"},
      {"ais show cluster smap --json", "the cluster map as JSON"}},
     show_cluster},
    {"show node",
     "node show",
     {"NODE [DOCUMENT]", 1, 2, {ValueKind::kNode, ValueKind::kText}},
     "Show what one node reports about itself.",
     "Documents: status (the default), stats, sysinfo, snode, config, smap, bmd, mountpaths, disk, remote, metrics (in Prometheus' form),\n"
     "metric-names, tls, version, health. With --json, the document as the node sent it.",
     kLiveFlags,
     {{"ais show node t1234567", "its status, one name per row"}, {"ais show node t1234567 metrics", "its metrics"}},
     show_node},
    {"show performance",
     "performance",
     {"[counters|throughput|latency|capacity|disk] [NODE]", 0, 3, {ValueKind::kTarget, ValueKind::kTarget}},
     "Show the activity of the targets.",
     "Rates, latencies and new errors are those of the last interval: --refresh, or one second for the first table. Counts, "
     "sizes and\n"
     "GET(t total) are sums since the start of the node or the last \"ais cluster reset-stats\". Gateways are shown only when "
     "named.\n\n"
     "JSON: time and nodes with id, role, state, interval_seconds, get, put, append, head, del, ren, copy and lst (each with count, "
     "bytes,\n"
     "errors, new_count, new_errors, per_second, bytes_per_second, latency_ns, latency_total_ns, average_bytes), errors, new_errors,\n"
     "counters, error; for capacity and disk, the JSON of \"ais show storage\".",
     kPerformanceFlags,
     {{"ais show performance --refresh 2s", "rates and latencies, redrawn every two seconds"},
      {"ais show performance counters --regex 'put|err' t1234567", "selected counters of one target"}},
     show_performance},
    {"show storage",
     "storage",
     {"[mountpath|capacity|disk] [TARGET]", 0, 3, {ValueKind::kTarget, ValueKind::kTarget}},
     "Show mountpaths and disks.",
     "Disk rates are averages over the latest disk.iostat_time_long.\n\n"
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
     "A section such as log, a name such as log.level or the beginning of one restricts the table. Where a node's value "
     "differs from the\n"
     "cluster's, the cluster's is shown next to it, or n/a if the cluster has none.",
     kConfigShowFlags,
     {{"ais show config cluster checksum", "one section"}, {"ais show config t1234567 inherited log", "what is in force on one node"}},
     show_config},
    {"show log",
     "log show",
     {"NODE", 1, 1, {ValueKind::kNode}},
     "Print the log of a node.",
     "--severity warning or error shows both. With --follow, a node that cannot be reached is waited for.",
     kShowLogFlags,
     {{"ais show log t1234567 --follow --tail 20", "the last lines, then new ones as they come"},
      {"ais show log t1234567 --severity error", "errors and warnings only"}},
     show_log},
    {"log get",
     "",
     {"NODE|all|cluster [FILE|DIRECTORY|-]", 1, 2, {ValueKind::kNode, ValueKind::kFile}},
     "Save the log of a node or of all nodes.",
     "In a directory (default: the current one) files are named NODE.log, archives NODE.tar.gz. For all nodes (all, or "
     "cluster) archives are\n"
     "saved, including older logs; the directory is made if missing.",
     kGetLogFlags,
     {{"ais log get t1234567 t1.log", "the current log"}, {"ais log get all .", "an archive of every node"}},
     get_log},
    {"cluster download-logs",
     "",
     {"[DIRECTORY]", 0, 1, {ValueKind::kDirectory}},
     "Save the logs of all nodes.",
     "Like \"ais log get all\": an archive for each node, including older logs, in the directory (default: the current one), which is made "
     "if missing.",
     kDownloadLogsFlags,
     {{"ais cluster download-logs /tmp/logs", "an archive of every node"},
      {"ais cluster download-logs /tmp/logs --severity error", "errors and warnings only"}},
     download_logs},
    {"log rotate",
     "rotate log",
     {"[NODE...]", 0, kUnlimited, {ValueKind::kNode}},
     "Begin a new log file on nodes.",
     "Without a name, on all nodes.",
     kDryRunFlags,
     {{"ais log rotate t1234567", "on one node"}, {"ais log rotate", "on all nodes"}},
     rotate_logs},
    {"cluster reset-stats",
     "reset stats",
     {"[NODE...]", 0, kUnlimited, {ValueKind::kNode}},
     "Reset the statistics of nodes.",
     "Without a name, of all nodes.",
     kDryRunFlags,
     {{"ais cluster reset-stats", "of all nodes"}, {"ais cluster reset-stats t1234567", "of one node"}},
     reset_stats},
    {"cluster remove-node",
     "remove node",
     {"NODE...", 1, kUnlimited, {ValueKind::kNode}},
     "Remove nodes from the cluster map.",
     "For nodes that will not come back. Objects of a removed target can no longer be found. A node that still runs joins "
     "again with its next\n"
     "keepalive, so stop it first. Asks first.",
     kDryRunFlags,
     {{"ais cluster remove-node t1234567", "after confirmation"}, {"ais cluster remove-node t1234567 --yes", "without confirmation"}},
     remove_nodes},
    {"config cluster",
     "cluster config",
     {"NAME=VALUE...|JSON|reset|[SECTION]", 0, kUnlimited, {ValueKind::kConfigAssignment}},
     "Change the configuration of all nodes.",
     "\"reset\" sets everything back to the defaults, after confirmation. \"NAME VALUE NAME VALUE\" and a JSON object are "
     "accepted too.\n"
     "features is a list of names, or none; log.modules is the second part of log.level. Without a value the configuration "
     "is shown.",
     kConfigFlags,
     {{"ais config cluster log.level=4 --transient", "more detailed logs until the next restart"},
      {"ais config cluster checksum.type=md5 log.level=4", "change two settings at once"}},
     change_cluster_config},
    {"config node",
     "node config",
     {"NODE [inherited|local] NAME=VALUE...|JSON|reset|[SECTION]", 1, kUnlimited, {ValueKind::kNode, ValueKind::kConfigAssignment}},
     "Change the configuration of one node.",
     "\"reset\" removes the settings of that node alone, after confirmation. \"NAME VALUE NAME VALUE\" and a JSON object are "
     "accepted\n"
     "too. Without a value the configuration is shown.",
     kConfigFlags,
     {{"ais config node t1234567 log.level=4", "more detailed logs on one node"},
      {"ais config node t1234567 reset --yes", "back to the cluster's values"}},
     change_node_config},
    {"config reset",
     "reset config",
     {"[cluster|NODE]", 0, 1, {ValueKind::kNode}},
     "Reset the configuration of the cluster or of one node.",
     "The cluster is reset to the defaults, a node to the cluster's values. Asks first.",
     kDryRunFlags,
     {{"ais config reset", "the whole cluster, after confirmation"}, {"ais config reset t1234567 --yes", "one node"}},
     reset_config},
    {"status",
     "show status",
     {},
     "Show whether the cluster is ready.",
     "The cluster is ready when its gateway and its primary are ready and every node that is not in maintenance answers. If "
     "it is not, the\n"
     "exit status is 1.\n\n"
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
