#include "ais/table.h"

#include <gtest/gtest.h>

#include "ais/node_rows.h"

namespace ais::cli {
namespace {

TEST(Table, AlignsColumns) {
  Table table({{"NAME"}, {"SIZE", Align::kRight}, {"NOTE"}});
  table.add({"a", "1B", "x"});
  table.add({"long-name", "128KiB", ""});
  EXPECT_EQ(table.render(false),
            "NAME         SIZE  NOTE\n"
            "a              1B  x\n"
            "long-name  128KiB  -\n");
}

TEST(Table, ColourIsInTheTitlesOnly) {
  Table table({{"A"}, {"B"}});
  table.add({"1", "2"});
  EXPECT_EQ(table.render(true), "\033[1mA  B\033[0m\n1  2\n");
}

TEST(Table, CountsCharactersNotBytes) {
  Table table({{"N"}, {"V"}});
  table.add({"é", "1"});
  table.add({"ab", "2"});
  EXPECT_EQ(table.render(false), "N   V\né   1\nab  2\n");
}

TEST(Table, ControlBytesCannotReachTheTerminal) {
  Table table({{"N"}});
  table.add({"a\033[2Jb\n"});
  EXPECT_EQ(table.render(false), "N\na\\x1b[2Jb\\x0a\n");
}

TEST(Table, PagesKeepWidths) {
  Table table({{"N"}, {"V"}});
  table.add({"abcd", "1"});
  EXPECT_EQ(table.render(false), "N     V\nabcd  1\n");
  table.next_page();
  table.add({"x", "2"});
  table.add({"longer", "3"});
  EXPECT_EQ(table.render(false), "x     2\nlonger  3\n");
}

meta::ClusterMap sample_map() {
  meta::ClusterMap map;
  map.uuid = "cluster-1";
  map.version = 7;
  map.primary_id = "p1";
  meta::Node proxy;
  proxy.id = "p1";
  proxy.type = meta::NodeType::kProxy;
  proxy.public_net = {"10.0.0.1", 8080};
  meta::Node target;
  target.id = "t1";
  target.public_net = {"10.0.0.2", 8081};
  map.proxies["p1"] = proxy;
  map.targets["t1"] = target;
  return map;
}

std::vector<NodeRow> sample_rows(const meta::ClusterMap& map) {
  std::string status =
      R"({"status":"","ais_version":"5.0.1","tracker":{"up.ns.time":{"v":"7322000000000"}},"sys_info":{"pct_mem_used":12.5},)"
      R"("capacity":{"total_used":"1073741824","total_avail":"3221225472"},"cluster":{"flags":6},"smap_version":"7"})";
  return {node_row(map, map.proxies.at("p1"), Status(Code::kConnectionFailed, "refused")), node_row(map, map.targets.at("t1"), status)};
}

TEST(NodeRows, Table) {
  EXPECT_EQ(node_table(sample_rows(sample_map())).render(false),
            "ROLE     ID  ADDRESS               STATE        VERSION  UPTIME  MEMORY  DISK USED               SMAP\n"
            "primary  p1  http://10.0.0.1:8080  unreachable  -             -       -  -                          -\n"
            "target   t1  http://10.0.0.2:8081  ready        5.0.1    2h2m2s   12.5%  1.0GiB of 4.0GiB (25%)     7\n");
}

TEST(NodeRows, Json) {
  meta::ClusterMap map = sample_map();
  EXPECT_EQ(nodes_json(map, sample_rows(map)),
            R"({"cluster":"cluster-1","smap_version":7,"primary":"p1","nodes":[)"
            R"({"role":"primary","id":"p1","address":"http://10.0.0.1:8080","state":"unreachable","version":"","uptime_ns":-1,)"
            R"("memory_percent":-1.0,"disk_used":0,"disk_total":0,"smap_version":0,"error":"refused"},)"
            R"({"role":"target","id":"t1","address":"http://10.0.0.2:8081","state":"ready","version":"5.0.1","uptime_ns":7322000000000,)"
            R"("memory_percent":12.5,"disk_used":1073741824,"disk_total":4294967296,"smap_version":7,"error":""}]})");
}

TEST(NodeRows, HostileStatusIsHarmless) {
  meta::ClusterMap map = sample_map();
  for (const char* text : {"", "[]", "{", "null", R"({"status":5,"tracker":[],"capacity":"x","cluster":null})"}) {
    NodeRow row = node_row(map, map.targets.at("t1"), std::string(text));
    EXPECT_NE(row.state, "ready") << text;
  }
}

}  // namespace
}  // namespace ais::cli
