// What nodes say about themselves: documents as our daemons send them, and what hostile ones may send.
#include "ais/cluster/node_report.h"

#include <gtest/gtest.h>

#include "ais/cluster/node_argument.h"
#include "ais/cluster/node_rows.h"
#include "ais/cluster/storage_rows.h"

namespace ais::cli {
namespace {

// Recorded from a target and a gateway of a local cluster; some counters are left out.
constexpr const char* kTargetStatus =
    R"({"status":"","deployment":"linux","ais_version":"5.0.0","build_time":"2026-11-22T17:32:49Z","k8s_pod_name":"","snode":{},)"
    R"("tracker":{"get.n":3,"get.size":3000,"http.connections":1,"state.flags":6,)"
    R"("up.ns.time":159844603808},)"
    R"("capacity":{"mountpaths":{"/data/mp1":{"mountpath_label":"","fs":{"Fs":"/dev/vda","FsType":"ext4","FsID":"-1056440079,584914372"},)"
    R"("disks":["vda"],"used":"27595595776","avail":"70197698560","pct_used":29,)"
    R"("x-damage":{"io_errors":4,"damaged_objects":2,"set_aside_files":3,"set_aside_bytes":1234}},)"
    R"("/data/mp2":{"mountpath_label":"","fs":{"Fs":"/dev/vdb",)"
    R"("FsType":"xfs","FsID":"1,2"},"disks":["vdb"],"used":"27595595776","avail":"70197698560","pct_used":29}},"cs_err":"",)"
    R"("total_used":"55191191552","total_avail":"140395397120","pct_max":29,"pct_avg":29,"pct_min":29},"cluster":{"flags":6},)"
    R"("sys_info":{"mem_used":2315984896,"mem_avail":22960529408,"pct_mem_used":9.162596029443412,"pct_cpu_used":50.5,)"
    R"("load_avg":{"One":17.66,"Five":16.79,"Fifteen":12.13},"cpu_util":50,"mem":{"Total":25276502016,)"
    R"("ActualUsed":2315972608},"proc":{"Mem":{"Resident":12001280}}},"smap_version":"4"})";
constexpr const char* kProxyStatus =
    R"({"status":"","deployment":"linux","ais_version":"5.0.0","build_time":"2026-11-22T17:32:48Z","k8s_pod_name":"","snode":{},)"
    R"("tracker":{"get.n":0,"up.ns.time":7322000000000},"capacity":{"mountpaths":{},"cs_err":"","total_used":"0",)"
    R"("total_avail":"0","pct_max":0,"pct_avg":0,"pct_min":0},"cluster":{"flags":6},"sys_info":{"mem_used":2315034624,)"
    R"("mem_avail":22961479680,"pct_mem_used":9.1,"pct_cpu_used":99.9,"load_avg":{"One":0.5,"Five":16.79,"Fifteen":12.13},)"
    R"("cpu_util":99,"mem":{"Total":25276502016,"ActualUsed":2300000000}},"smap_version":"4"})";

meta::Node node(const std::string& id, meta::NodeType type, uint16_t port) {
  meta::Node out;
  out.id = id;
  out.type = type;
  out.public_net = {"10.0.0.1", port};
  return out;
}

meta::ClusterMap sample_map() {
  meta::ClusterMap map;
  map.uuid = "cluster-1";
  map.version = 4;
  map.primary_id = "pAlpha";
  map.proxies["pAlpha"] = node("pAlpha", meta::NodeType::kProxy, 8080);
  for (const char* id : {"tBeta", "tBravo", "tGamma"}) map.targets[id] = node(id, meta::NodeType::kTarget, 8081);
  return map;
}

NodeReport target_report(const std::string& text) {
  meta::ClusterMap map = sample_map();
  return read_node_report(map, map.targets.at("tBeta"), text);
}

/// The recorded status with one part of its text replaced.
std::string changed(std::string from, const std::string& to) {
  std::string text = kTargetStatus;
  size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::vector<NodeReport> sample_reports(const meta::ClusterMap& map) {
  return {read_node_report(map, map.proxies.at("pAlpha"), std::string(kProxyStatus)),
          read_node_report(map, map.targets.at("tBeta"), std::string(kTargetStatus)),
          read_node_report(map, map.targets.at("tGamma"), Status(Code::kConnectionFailed, "refused"))};
}

TEST(NodeReport, ReadsWhatATargetSays) {
  NodeReport report = target_report(kTargetStatus);
  EXPECT_EQ(report.state, "ready");
  EXPECT_EQ(report.tone, Tone::kPlain);
  EXPECT_TRUE(report.alerts.empty());
  EXPECT_EQ(report.version, "5.0.0");
  EXPECT_EQ(report.uptime_ns, 159844603808);
  EXPECT_EQ(report.memory_available, 22960529408u);
  EXPECT_DOUBLE_EQ(report.load_15, 12.13);
  EXPECT_EQ(report.disk_used, 55191191552u);
  EXPECT_EQ(report.tracker.at("get.size"), 3000);
  ASSERT_EQ(report.mountpaths.size(), 2u);
  EXPECT_EQ(report.mountpaths[1].path, "/data/mp2");
  EXPECT_EQ(report.mountpaths[1].filesystem, "xfs");
  EXPECT_EQ(report.mountpaths[1].disks, std::vector<std::string>{"vdb"});
  EXPECT_EQ(report.mountpaths[1].percent_used, 29);
}

TEST(NodeReport, FlagsBecomeAlerts) {
  NodeReport full = target_report(changed(R"("flags":6)", R"("flags":262)"));
  EXPECT_EQ(full.alerts, std::vector<std::string>{"out of space"});
  EXPECT_EQ(full.tone, Tone::kAlert);
  NodeReport low = target_report(changed(R"("flags":6)", R"("flags":2054)"));
  EXPECT_EQ(low.alerts, std::vector<std::string>{"low on space"});
  EXPECT_EQ(low.tone, Tone::kWarning);
  NodeReport starting = target_report(changed(R"("flags":6)", R"("flags":0)"));
  EXPECT_EQ(starting.state, "starting");
  NodeReport resting = target_report(changed(R"("status":"")", R"("status":"maintenance")"));
  EXPECT_EQ(resting.state, "maintenance");
  EXPECT_EQ(resting.tone, Tone::kWarning);
}

TEST(NodeReport, HostileStatusIsHarmless) {
  for (const char* text : {"", "[]", "{", "null", "5", R"({"status":5,"tracker":[],"capacity":"x","cluster":null})",
                           R"({"tracker":{"a":5},"capacity":{"mountpaths":[1]},"cluster":{"flags":-1}})",
                           R"({"capacity":{"mountpaths":{"/a":7,"/b":{"disks":{"x":1}}}}})"}) {
    NodeReport report = target_report(text);
    EXPECT_NE(report.state, "ready") << text;
  }
}

TEST(NodeReport, VersionSkewIsInTheFirstTwoNumbers) {
  std::vector<NodeReport> reports(2);
  reports[0].version = "5.0.9";
  EXPECT_EQ(version_skew(reports), "");  // a node that does not answer has none
  reports[1].version = "5.1.0";
  EXPECT_NE(version_skew(reports).find("5.1.0"), std::string::npos);
  EXPECT_EQ(version_skew(reports).find("5.0.9"), std::string::npos);
}

TEST(NodeRows, Table) {
  meta::ClusterMap map = sample_map();
  EXPECT_EQ(node_table(sample_reports(map), SizeUnits::kIec).render(false),
            "ROLE     ID      ADDRESS        STATE    UPTIME   MEM   LOAD     USED     AVAIL  USE%\n"
            "primary  pAlpha  10.0.0.1:8080  ready    2h2m2s  9.1%   0.50        -         -     -\n"
            "target   tBeta   10.0.0.1:8081  ready     2m39s  9.2%  17.66  51.4GiB  130.8GiB   28%\n"
            "target   tGamma  10.0.0.1:8081  offline       -     -      -        -         -     -\n");
  EXPECT_EQ(node_summary(map, sample_reports(map)),
            "1 gateway, 2 targets, 1 offline; version 5.0.0; primary pAlpha, cluster map version 4");
  EXPECT_EQ(silent_nodes(sample_reports(map)), std::vector<std::string>{"t[tGamma] does not answer: refused"});
}

TEST(NodeRows, ColumnsThatTellNodesApart) {
  meta::ClusterMap map = sample_map();
  std::vector<NodeReport> reports = sample_reports(map);
  reports[1].version = "5.1.0";
  reports[1].alerts = {"low on space"};
  std::string text = node_table(reports, SizeUnits::kIec).render(false);
  EXPECT_NE(text.find("  VERSION  "), std::string::npos) << text;
  EXPECT_NE(text.find("  ALERTS\n"), std::string::npos) << text;
  EXPECT_EQ(node_summary(map, reports), "1 gateway, 2 targets, 1 offline; primary pAlpha, cluster map version 4");
}

TEST(NodeRows, FitsTheTerminal) {
  meta::ClusterMap map = sample_map();
  EXPECT_LE(node_table(sample_reports(map), SizeUnits::kIec, 80).width(), 80u);
  std::string narrow = node_table(sample_reports(map), SizeUnits::kIec, 80).render(false);
  EXPECT_EQ(narrow.find("USED"), std::string::npos) << narrow;
  EXPECT_NE(narrow.find("LOAD"), std::string::npos) << narrow;
  EXPECT_GT(node_table(sample_reports(map), SizeUnits::kIec, 10).width(), 10u);  // the rest stays
}

TEST(NodeRows, CpuAndMemory) {
  meta::ClusterMap map = sample_map();
  std::string cpu = cpu_table(sample_reports(map)).render(false);
  EXPECT_EQ(cpu.substr(0, cpu.find('\n')).find("ROLE"), 0u);
  EXPECT_NE(cpu.find("17.66"), std::string::npos) << cpu;
  EXPECT_NE(memory_table(sample_reports(map), SizeUnits::kIec).render(false).find("9.2%"), std::string::npos);
}

TEST(NodeRows, JsonOfASilentNode) {
  meta::ClusterMap map = sample_map();
  std::vector<NodeReport> silent = {sample_reports(map)[2]};
  EXPECT_EQ(nodes_json(map, silent, "2026-01-02T03:04:05Z"),
            R"({"time":"2026-01-02T03:04:05Z","cluster":"cluster-1","smap_version":4,"primary":"pAlpha","nodes":[)"
            R"({"role":"target","id":"tGamma","address":"http://10.0.0.1:8081","state":"offline","alerts":[],"version":"","build_time":"",)"
            R"("deployment":"","uptime_ns":null,"memory_percent":null,"memory_available":0,"cpu_percent":null,"load_1":null,"load_5":null,)"
            R"("load_15":null,"disk_used":0,"disk_available":0,"disk_total":0,"smap_version":0,"flags":0,"error":"refused"}]})");
}

TEST(NodeRows, Uptime) {
  EXPECT_EQ(uptime_text(-1), "");
  EXPECT_EQ(uptime_text(86'400'000'000'000 * 12 + 3'600'000'000'000 * 4), "12d4h");
  EXPECT_EQ(percent_text(0, 0), "");
  EXPECT_EQ(percent_text(~0ull, ~0ull), "50%");
}

TEST(NodeArgument, IdsAndTheirBeginnings) {
  meta::ClusterMap map = sample_map();
  for (const char* text : {"tGamma", "tG", "t[tGamma]", "t[tG]"}) {
    Result<const meta::Node*> found = find_node(map, text);
    ASSERT_TRUE(found.ok()) << text;
    EXPECT_EQ((*found)->id, "tGamma");
  }
  Result<const meta::Node*> several = find_node(map, "tB");
  ASSERT_FALSE(several.ok());
  EXPECT_NE(several.status().message().find("tBeta, tBravo"), std::string::npos);
  EXPECT_EQ(find_node(map, "tGamna").status().message(), "no node is called \"tGamna\", did you mean \"tGamma\"?");
  EXPECT_EQ(find_node(map, "").code(), Code::kNodeNotFound);
  EXPECT_EQ(find_node(map, "x\r\nEvil: 1").code(), Code::kNodeNotFound);
  EXPECT_EQ(find_target(map, "pA").code(), Code::kInvalid);
}

StorageReport sample_storage() {
  StorageReport report;
  report.node = target_report(kTargetStatus);
  const auto mountpaths = api::decode<api::MountpathList>(
      R"({"available":["/data/mp1"],"waiting_dd":[],"disabled":["/data/mp2","/data/mp3"]})", api::WireFormat::kJson);
  read_disabled(report, *mountpaths);
  const auto disks =
      api::decode<api::TargetDisks>(R"({"AllDiskStats":{"vda":{"RBps":1048576,"Ravg":4096,"WBps":0,"Wavg":0,"Util":90},"vdb":)"
                                    R"({"RBps":1048576,"Ravg":8192,"WBps":512,"Wavg":512,"Util":10}}})",
                                    api::WireFormat::kJson);
  report.disks = disks->disks;
  return report;
}

TEST(StorageRows, Mountpaths) {
  EXPECT_EQ(mountpath_table({sample_storage()}, SizeUnits::kIec).render(false),
            "TARGET  MOUNTPATH  STATE      FILESYSTEM       DISKS     USED    AVAIL  USE%  IO ERRORS  DAMAGED   SET ASIDE\n"
            "tBeta   /data/mp1  available  /dev/vda (ext4)  vda    25.7GiB  65.4GiB   28%          4        2  3 (1.2KiB)\n"
            "tBeta   /data/mp2  disabled   /dev/vdb (xfs)   vdb    25.7GiB  65.4GiB   28%          0        0           0\n"
            "tBeta   /data/mp3  disabled   -                -           0B       0B     -          0        0           0\n");
}

TEST(StorageRows, Disks) {
  EXPECT_EQ(disk_table({sample_storage()}, SizeUnits::kIec, true).render(false),
            "TARGET  DISK         READ  READ(avg size)   WRITE  WRITE(avg size)  UTIL\n"
            "tBeta   2 disks  2.0MiB/s          6.0KiB  512B/s             256B   50%\n");
  EXPECT_EQ(disk_table({sample_storage()}, SizeUnits::kIec, false).rows(), 2u);
}

}  // namespace
}  // namespace ais::cli
