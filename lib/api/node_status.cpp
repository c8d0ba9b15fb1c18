#include "api/node_status.h"

#include <sys/stat.h>

#include <cstdlib>

#include "base/strings.h"
#include "sys/clock.h"

namespace ais::api {
namespace {

std::string environment(const char* name) {
  const char* value = getenv(name);
  return value != nullptr ? value : "";
}

void write_filesystem(const MountpathCapacity& mountpath, codec::JsonWriter& out) {
  out.begin_object().field("Fs", mountpath.filesystem_device).field("FsType", mountpath.filesystem_type);
  out.key("FsID").begin_array().value(mountpath.filesystem_id[0]).value(mountpath.filesystem_id[1]).end_array();
  out.end_object();
}

void write_mountpath(const MountpathCapacity& mountpath, codec::JsonWriter& out) {
  out.begin_object().field("mountpath_label", mountpath.label).key("fs");
  write_filesystem(mountpath, out);
  out.key("disks").begin_array();
  for (const std::string& disk : mountpath.disks) out.value(disk);
  out.end_array();
  out.key("used").quoted(mountpath.used).key("avail").quoted(mountpath.available).field("pct_used", mountpath.percent_used);
  out.end_object();
}

void write_tracker(const std::map<std::string, int64_t>& tracker, codec::JsonWriter& out) {
  out.begin_object();
  for (const auto& [name, value] : tracker) out.key(name).begin_object().key("v").quoted(value).end_object();
  out.end_object();
}

}  // namespace

std::string software_version() { return "5.0.0"; }

std::string build_time() {
  // The program's own file says when it was made; a stamp compiled in would make no two builds alike.
  struct stat status {};
  if (stat("/proc/self/exe", &status) != 0) return "";
  return sys::utc_text(status.st_mtim.tv_sec * 1'000'000'000);
}

void TargetCapacity::write_json(codec::JsonWriter& out) const {
  out.begin_object().key("mountpaths").begin_object();
  for (const MountpathCapacity& mountpath : mountpaths) {
    out.key(mountpath.path);
    write_mountpath(mountpath, out);
  }
  out.end_object().field("cs_err", error);
  out.key("total_used").quoted(total_used).key("total_avail").quoted(total_available);
  out.field("pct_max", percent_max).field("pct_avg", percent_average).field("pct_min", percent_min);
  out.end_object();
}

void NodeStateInfo::write_json(codec::JsonWriter& out) const {
  const auto document = [&](std::string_view name, const std::string& uuid, uint64_t version) {
    out.key(name).begin_object().field("uuid", uuid).key("version").quoted(version).end_object();
  };
  out.begin_object().key("smap").begin_object().key("Primary").begin_object();
  out.field("pub_url", primary_public_url).field("control_url", primary_control_url).field("id", primary_id).end_object();
  out.field("uuid", smap_uuid).key("version").quoted(smap_version).end_object();
  document("bmd", bmd_uuid, bmd_version);
  document("rmd", "", rmd_version);
  document("config", config_uuid, config_version);
  document("etlmd", "", 0);
  out.field("flags", flags).end_object();
}

std::string NodeStatus::to_json() const {
  const bool kubernetes = !environment("KUBERNETES_SERVICE_HOST").empty();
  codec::JsonWriter out;
  out.begin_object().field("status", status).field("deployment", kubernetes ? "K8s" : "linux");
  out.field("ais_version", software_version()).field("build_time", build_time());
  out.field("k8s_pod_name", kubernetes ? environment("HOSTNAME") : "").key("snode");
  node.write_json(out);
  out.key("tracker");
  write_tracker(tracker, out);
  out.key("capacity");
  capacity.write_json(out);
  out.key("cluster");
  cluster.write_json(out);
  out.key("sys_info");
  system.write_json(out);
  out.key("smap_version").quoted(smap_version).end_object();
  return out.take();
}

std::string NodeStatus::stats_json() const {
  codec::JsonWriter out;
  out.begin_object().key("snode");
  node.write_json(out);
  out.key("tracker");
  write_tracker(tracker, out);
  out.key("capacity");
  capacity.write_json(out);
  out.end_object();
  return out.take();
}

}  // namespace ais::api
