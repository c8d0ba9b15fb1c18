// Paths, header names, query names and actions of the wire, once for both ends (rest-api 0.1, 0.6, 0.7).
#pragma once

#include <string_view>

namespace ais::api {

namespace path {
constexpr std::string_view kObjects = "/v1/objects/";
constexpr std::string_view kBuckets = "/v1/buckets";
constexpr std::string_view kDaemon = "/v1/daemon";
constexpr std::string_view kCluster = "/v1/cluster";
constexpr std::string_view kHealth = "/v1/health";
constexpr std::string_view kReverse = "/v1/reverse";
constexpr std::string_view kMetrics = "/metrics";
// Intra-cluster listener only:
constexpr std::string_view kMetasync = "/v1/metasync";            // PUT: new documents from the primary
constexpr std::string_view kRegister = "/v1/cluster/autoreg";     // POST: a node joins (also served on public gateways' port)
constexpr std::string_view kKeepalive = "/v1/cluster/keepalive";  // POST .../<node id>
}  // namespace path

namespace header {
constexpr std::string_view kError = "Hdr-Error";
constexpr std::string_view kChecksumType = "Ais-Checksum-Type";
constexpr std::string_view kChecksumValue = "Ais-Checksum-Value";
constexpr std::string_view kAtime = "Ais-Atime";
constexpr std::string_view kVersion = "Ais-Version";
constexpr std::string_view kCustom = "Ais-Custom-Md";
constexpr std::string_view kName = "Ais-Name";
constexpr std::string_view kLocation = "Ais-Location";
constexpr std::string_view kPresent = "Ais-Present";
constexpr std::string_view kBucketName = "Ais-Bucket-Name";
constexpr std::string_view kBucketProvider = "Ais-Bucket-Provider";
constexpr std::string_view kBucketNamespaceUuid = "Ais-Bucket-Namespace-Uuid";
constexpr std::string_view kBucketNamespaceName = "Ais-Bucket-Namespace-Name";
constexpr std::string_view kBucketProps = "Ais-Bucket-Props";
constexpr std::string_view kBucketSummary = "Ais-Bucket-Summ";
constexpr std::string_view kMirrorPaths = "Ais-Mirror-Paths";
constexpr std::string_view kMirrorCopies = "Ais-Mirror-Copies";
constexpr std::string_view kAppendHandle = "Ais-Append-Handle";
constexpr std::string_view kXactionId = "Ais-Xaction-Id";
constexpr std::string_view kNodeId = "Ais-Node-Id";
constexpr std::string_view kNodeUptime = "Ais-Node-Uptime";
constexpr std::string_view kClusterUptime = "Ais-Cluster-Uptime";
constexpr std::string_view kCallerId = "Ais-Caller-Id";
constexpr std::string_view kCallerName = "Ais-Caller-Name";
constexpr std::string_view kSmapVersion = "Ais-Caller-Smap-Ver";
constexpr std::string_view kLogPosition = "Ais-Log-Position";      // ours: behind the text that was answered
constexpr std::string_view kLogMore = "Ais-Log-More";              // ours: there is text behind the position already
constexpr std::string_view kLogGap = "Ais-Log-Gap";                // ours: text before the answered one is gone
constexpr std::string_view kLostOverrides = "Ais-Lost-Overrides";  // ours: "t[id]: knob, knob; ...", settings of nodes that do not fit
constexpr std::string_view kMoved = "Ais-Moved";               // ours, node to node: this PUT is the new name of a rename; mtime, unix ns
constexpr std::string_view kCustomPairs = "Ais-Custom-Pairs";  // ours, node to node: all custom pairs, percent-encoded k=v&k2=v2
constexpr std::string_view kGeneration = "Ais-Generation";     // ours, node to node: "<clock>.<writer>" decimal
}  // namespace header

namespace query {
constexpr std::string_view kWhat = "what";
constexpr std::string_view kProps = "props";
constexpr std::string_view kUuid = "uuid";  // of a job
constexpr std::string_view kProvider = "provider";
constexpr std::string_view kNamespace = "namespace";
constexpr std::string_view kProxyId = "pid";
constexpr std::string_view kUnixTime = "utm";
constexpr std::string_view kObjectTo = "object_to";
constexpr std::string_view kBucketTo = "bck_to";
constexpr std::string_view kAppendType = "append_type";
constexpr std::string_view kAppendHandle = "append_handle";
constexpr std::string_view kSetNewCustom = "set-new-custom";
constexpr std::string_view kSkipVersionChecksum = "skip_vc";
constexpr std::string_view kPresence = "presence";
constexpr std::string_view kSilent = "sln";
constexpr std::string_view kTransient = "transient";
constexpr std::string_view kSeverity = "severity";
constexpr std::string_view kOffset = "offset";
constexpr std::string_view kAfter = "after";  // ours: a position in a log
constexpr std::string_view kAll = "all";
}  // namespace query

namespace action {
constexpr std::string_view kCreateBucket = "create-bck";
constexpr std::string_view kDestroyBucket = "destroy-bck";
constexpr std::string_view kList = "list";
constexpr std::string_view kShowInventory = "show-inventory";
constexpr std::string_view kSetBucketProps = "set-bprops";
constexpr std::string_view kResetBucketProps = "reset-bprops";
constexpr std::string_view kRenameObject = "rename-obj";
constexpr std::string_view kCheckLock = "check-lock";
constexpr std::string_view kSetConfig = "set-config";
constexpr std::string_view kResetConfig = "reset-config";
constexpr std::string_view kResetStats = "reset-stats";
constexpr std::string_view kRotateLogs = "rotate-logs";
constexpr std::string_view kEvictListRange = "evict-listrange";
}  // namespace action

constexpr std::string_view kJsonContentType = "application/json; charset=utf-8";
constexpr std::string_view kMsgpackContentType = "application/msgpack";

}  // namespace ais::api
