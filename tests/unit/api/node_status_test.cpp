// What nodes tell about themselves, byte for byte as AIStore's own programs write and read it.
#include "api/node_status.h"

#include <gtest/gtest.h>

#include "api/cgroup.h"
#include "base/strings.h"
#include "codec/msgpack.h"
#include "sys/clock.h"

namespace ais::api {
namespace {

meta::Node sample_node() {
  meta::Node node;
  node.id = "t8081abcd";
  node.type = meta::NodeType::kTarget;
  node.public_net = {"10.0.0.2", 8081};
  node.control_net = node.data_net = {"10.0.0.2", 9081};
  node.digest = 15182509344376648168u;
  return node;
}

NodeStatus sample_status() {
  NodeStatus status;
  status.deployment = "dev";
  status.version = "5.0.0";
  status.build = "2026-08-21T00:00:00Z";
  status.node = sample_node();
  status.tracker = {{"get.bps", 7}, {"get.n", 5}, {"up.ns.time", 10000461738}};
  MountpathCapacity mountpath;
  mountpath.filesystem = {"/dev/vda", "ext4", {1265743780, -320458738}};
  mountpath.disks = {"vda"};
  mountpath.capacity = {191384100864, 79169073152, 70};
  mountpath.damage = {1, 2, 3, 4096};
  status.capacity.mountpaths["/mp1"] = mountpath;
  status.capacity.total_used = 191384100864;
  status.capacity.total_available = 79169073152;
  status.capacity.percent_max = status.capacity.percent_average = status.capacity.percent_min = 70;
  status.cluster.primary = {"http://10.0.0.1:8080", "http://10.0.0.1:9080", "p8080abc"};
  status.cluster.smap_uuid = status.cluster.bmd_uuid = "styYKS93L";
  status.cluster.smap_version = status.smap_version = 6;
  status.cluster.bmd_version = 1;
  status.cluster.config_version = 2;
  status.cluster.flags = kStateClusterStarted | kStateNodeStarted;
  status.system.memory_used = 36986880;
  status.system.memory_available = 24518000640;
  status.system.percent_memory_used = 0.25;
  status.system.percent_cpu_used = 0.5;
  status.system.load = {1.5, 1.25, 0.75};
  status.system.cpu_util = 3;
  status.system.memory = {25276502016, 3063848960, 22212653056, 2290589696, 24518000640, 758501376, 0, 0, 0};
  status.system.process.cpu = {40, 30, 70, 0, 0.5};
  status.system.process.memory = {1783910400, 36986880, 28053504};
  return status;
}

constexpr const char* kStatsJson =
    R"("snode":{"public_net":{"node_ip_addr":"10.0.0.2","daemon_port":"8081","direct_url":"http://10.0.0.2:8081"},)"
    R"("intra_data_net":{"node_ip_addr":"10.0.0.2","daemon_port":"9081","direct_url":"http://10.0.0.2:9081"},)"
    R"("intra_control_net":{"node_ip_addr":"10.0.0.2","daemon_port":"9081","direct_url":"http://10.0.0.2:9081"},)"
    R"("daemon_type":"target","daemon_id":"t8081abcd","flags":0,"id_digest":15182509344376648168},)"
    R"("tracker":{"get.bps":7,"get.n":5,"up.ns.time":10000461738},)"
    R"("capacity":{"mountpaths":{"/mp1":{"mountpath_label":"","fs":{"Fs":"/dev/vda","FsType":"ext4","FsID":"1265743780,-320458738"},)"
    R"("disks":["vda"],"used":"191384100864","avail":"79169073152","pct_used":70,)"
    R"("x-damage":{"io_errors":1,"damaged_objects":2,"set_aside_files":3,"set_aside_bytes":4096}}},)"
    R"("cs_err":"","total_used":"191384100864",)"
    R"("total_avail":"79169073152","pct_max":70,"pct_avg":70,"pct_min":70})";
constexpr const char* kSystemJson =
    R"("mem_used":36986880,"mem_avail":24518000640,"pct_mem_used":0.25,"pct_cpu_used":0.5,"load_avg":{"One":1.5,"Five":1.25,)"
    R"("Fifteen":0.75},"cpu_util":3,"mem":{"Total":25276502016,"Used":3063848960,"Free":22212653056,"BuffCache":2290589696,)"
    R"("ActualFree":24518000640,"ActualUsed":758501376,"SwapTotal":0,"SwapFree":0,"SwapUsed":0},"proc":{"CPU":{"User":40,"System":30,)"
    R"("Total":70,"LastTime":0,"Percent":0.5},"Mem":{"Size":1783910400,"Resident":36986880,"Share":28053504}})";

TEST(NodeStatus, JsonIsAsAistoreWritesIt) {
  EXPECT_EQ(encode(sample_status(), WireFormat::kJson),
            std::string(R"({"status":"","deployment":"dev","ais_version":"5.0.0","build_time":"2026-08-21T00:00:00Z","k8s_pod_name":"",)") +
                kStatsJson +
                R"(,"cluster":{"smap":{"Primary":{"pub_url":"http://10.0.0.1:8080","control_url":"http://10.0.0.1:9080",)"
                R"("id":"p8080abc"},"uuid":"styYKS93L","version":"6"},"bmd":{"uuid":"styYKS93L","version":"1"},"rmd":{"version":"0"},)"
                R"("config":{"version":"2"},"etlmd":{"version":"0"},"flags":6},"sys_info":{)" +
                kSystemJson + R"(},"smap_version":"6"})");
  EXPECT_EQ(encode<NodeStats>(sample_status(), WireFormat::kJson), std::string("{") + kStatsJson + "}");
}

// The text that a reader of MessagePack sees, in a notation of this test: maps as {key=value ...}.
std::string show(codec::MsgpackReader& in);

template <class Read>
std::string show_items(uint32_t count, Read read) {
  std::string out;
  for (uint32_t i = 0; i < count; ++i) out += (i > 0 ? " " : "") + read();
  return out;
}

std::string show(codec::MsgpackReader& in) {
  const auto member = [&in] {
    const std::string key(in.string().value_or("?"));
    return key + "=" + show(in);
  };
  if (const auto map = in.map(); map.ok()) return "{" + show_items(*map, member) + "}";
  if (const auto array = in.array(); array.ok()) return "[" + show_items(*array, [&] { return show(in); }) + "]";
  if (const auto text = in.string(); text.ok()) return "'" + std::string(*text) + "'";
  if (const auto number = in.unsigned_integer(); number.ok()) return std::to_string(*number);
  if (const auto number = in.integer(); number.ok()) return std::to_string(*number);
  const auto real = in.real();
  return real.ok() ? format("%g", *real) + "f" : "?";
}

TEST(NodeStatus, MessagePackHasAistoresKeys) {
  const std::string bytes = encode(sample_status(), WireFormat::kMsgpack);
  codec::MsgpackReader reader(bytes);
  const std::string net = "'9081' u='http://10.0.0.2:9081' tcpEndpoint='10.0.0.2:9081'}";
  EXPECT_EQ(show(reader),
            "{s='' d='dev' v='5.0.0' b='2026-08-21T00:00:00Z' k='' "
            "n={p={h='10.0.0.2' p='8081' u='http://10.0.0.2:8081' tcpEndpoint='10.0.0.2:8081'} d={h='10.0.0.2' p=" +
                net + " c={h='10.0.0.2' p=" + net +
                " t='target' i='t8081abcd' name='t[t8081abcd]' f=0 g=15182509344376648168} t={get.bps=7 get.n=5 up.ns.time=10000461738} "
                "x={m={/mp1={l='' f={f='/dev/vda' t='ext4' i=[1265743780 -320458738]} d=['vda'] "
                "Capacity={u=191384100864 a=79169073152 p=70} "
                "x-damage={io_errors=1 damaged_objects=2 set_aside_files=3 set_aside_bytes=4096}}} "
                "e='' u=191384100864 a=79169073152 x=70 "
                "v=70 n=70} "
                "c={s={Primary={PubURL='http://10.0.0.1:8080' CtrlURL='http://10.0.0.1:9080' ID='p8080abc'} UUID='styYKS93L' Version=6} "
                "b={UUID='styYKS93L' Version=1} r={Version=0} c={Version=2} e={Version=0} f=6} "
                "y={u=36986880 a=24518000640 p=0.25f c=0.5f l={o=1.5f f=1.25f t=0.75f} t=3 "
                "m={t=25276502016 u=3063848960 f=22212653056 b=2290589696 af=24518000640 au=758501376 st=0 sf=0 su=0} "
                "r={c={u=40 s=30 t=70 l=0 p=0.5f} m={s=1783910400 r=36986880 h=28053504}}} w=6}");
  EXPECT_TRUE(reader.at_end());
}

TEST(NodeStatus, ComesBackFromBothForms) {
  const std::string json = encode(sample_status(), WireFormat::kJson);
  for (const WireFormat form : {WireFormat::kJson, WireFormat::kMsgpack}) {
    const Result<NodeStatus> back = decode<NodeStatus>(encode(sample_status(), form), form);
    ASSERT_TRUE(back.ok()) << back.status().message();
    EXPECT_EQ(encode(*back, WireFormat::kJson), json);
  }
}

TEST(NodeStatus, BadBytesAreAnErrorAndOddMembersAreLeftOut) {
  const std::string good = encode(sample_status(), WireFormat::kMsgpack);
  EXPECT_FALSE(decode<NodeStatus>(good + "x", WireFormat::kMsgpack).ok());
  for (size_t size = 0; size < good.size(); ++size)
    EXPECT_FALSE(decode<NodeStatus>(std::string_view(good).substr(0, size), WireFormat::kMsgpack).ok()) << size;
  for (const char* text : {"", "[]", "{", "null", "5"}) EXPECT_FALSE(decode<NodeStatus>(text, WireFormat::kJson).ok()) << text;
  for (const char* text : {R"({"status":5,"tracker":[],"capacity":"x","cluster":null,"snode":{}})",
                           R"({"tracker":{"a":{"v":"5"}},"capacity":{"mountpaths":[1]},"cluster":{"flags":-1}})",
                           R"({"capacity":{"mountpaths":{"/a":7,"/b":{"disks":{"x":1},"fs":{"FsID":"1,2,3"}}}}})"}) {
    const auto status = decode<NodeStatus>(text, WireFormat::kJson);
    ASSERT_TRUE(status.ok()) << text;
    EXPECT_EQ(status->cluster.flags, 0u);
    EXPECT_EQ(status->status, "");
  }
  std::string odd;
  codec::MsgpackWriter out(odd);
  out.map(3);
  out.string("s");
  out.integer(5);  // a number where a text belongs
  out.string("unheard of");
  out.array(0);
  out.string("w");
  out.integer(9);
  const auto status = decode<NodeStatus>(odd, WireFormat::kMsgpack);
  ASSERT_TRUE(status.ok());
  EXPECT_EQ(status->status, "");
  EXPECT_EQ(status->smap_version, 9u);
}

TEST(TargetDisks, BothForms) {
  TargetDisks target;
  target.disks["vda"] = {89429, 14502, 85333, 18286, 4};
  EXPECT_EQ(encode(target, WireFormat::kJson),
            R"({"AllDiskStats":{"vda":{"RBps":89429,"Ravg":14502,"WBps":85333,"Wavg":18286,"Util":4}},"mountpaths":{},"cs_err":"",)"
            R"("total_used":"0","total_avail":"0","pct_max":0,"pct_avg":0,"pct_min":0})");
  const std::string bytes = encode(target, WireFormat::kMsgpack);
  codec::MsgpackReader reader(bytes);
  EXPECT_EQ(show(reader), "{AllDiskStats={vda={r=89429 s=14502 w=85333 x=18286 u=4}} m={} e='' u=0 a=0 x=0 v=0 n=0}");
  EXPECT_EQ(decode<TargetDisks>(bytes, WireFormat::kMsgpack)->disks.at("vda").average_write, 18286);
}

TEST(TargetSystemInfo, HasTheDisksBesideTheSystem) {
  TargetSystemInfo info;
  info.system = sample_status().system;
  info.disk_used = 5;
  info.disk_capacity = 10;
  info.percent_disk_used = 50;
  EXPECT_EQ(encode(info, WireFormat::kJson), std::string("{") + kSystemJson + R"(,"fs_used":"5","fs_capacity":"10","pct_fs_used":50.0})");
}

TEST(NodeStatus, OfThisProgram) {
  const NodeStatus status = NodeStatus::of_this_program();
  EXPECT_TRUE(status.version.starts_with("5.0."));
  EXPECT_EQ(status.build.size(), std::string("2026-08-21").size()) << status.build;
  EXPECT_FALSE(status.deployment.empty());
}

TEST(SystemInfo, ReadsThisProcessAndThisMachine) {
  const SystemInfo info = SystemInfo::read();
  EXPECT_GT(info.memory_used, 1u << 16);
  EXPECT_EQ(info.memory_used, info.process.memory.resident);
  EXPECT_LT(info.memory_used, info.memory.in_use + (64u << 20)) << "of the process, not of the machine";
  EXPECT_GE(info.process.memory.size, info.process.memory.resident);
  EXPECT_EQ(info.memory_available, info.memory.available);
  EXPECT_GT(info.memory.total, info.memory.available);
  EXPECT_EQ(info.memory.used + info.memory.free, info.memory.total);
  EXPECT_GT(info.percent_memory_used, 0);
  EXPECT_LT(info.percent_memory_used, 50);
  EXPECT_GE(info.percent_cpu_used, 0);
  EXPECT_LE(info.percent_cpu_used, 100.5);
  EXPECT_GE(usable_cpus(), 1u);
  EXPECT_EQ(info.cpus, usable_cpus());
  Result<codec::JsonDocument> json = codec::JsonDocument::parse(encode(info, WireFormat::kJson));
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(json->root()["cpus"].uint_or(0), usable_cpus());
}

TEST(SystemInfo, UseOfTheCpusIsThatBetweenTwoLooks) {
  sample_cpu(Nanoseconds(sys::real_clock().monotonic_ns()));
  // Two ticks of the kernel's clock at least, all busy.
  const uint64_t before = SystemInfo::read().process.cpu.total;
  volatile uint64_t spin = 0;
  while (SystemInfo::read().process.cpu.total < before + 50) spin = spin + 1;
  sample_cpu(Nanoseconds(sys::real_clock().monotonic_ns()));
  const int64_t util = SystemInfo::read().cpu_util;
  EXPECT_GT(util, 0);
  EXPECT_LE(util, 100);
}

}  // namespace
}  // namespace ais::api
