// The members of the structs of node_status.h with their names on the wire, JSON and MessagePack. For node_status.cpp.
#pragma once

#include "api/node_status.h"
#include "api/wire_form.h"

namespace ais::api {

template <class Form, wire::Is<LoadAverage> T>
void describe(Form& form, T& load) {
  form.real({"One", "o"}, load.one);
  form.real({"Five", "f"}, load.five);
  form.real({"Fifteen", "t"}, load.fifteen);
}

template <class Form, wire::Is<MemoryInfo> T>
void describe(Form& form, T& memory) {
  form.number({"Total", "t"}, memory.total);
  form.number({"Used", "u"}, memory.used);
  form.number({"Free", "f"}, memory.free);
  form.number({"BuffCache", "b"}, memory.cached);
  form.number({"ActualFree", "af"}, memory.available);
  form.number({"ActualUsed", "au"}, memory.in_use);
  form.number({"SwapTotal", "st"}, memory.swap_total);
  form.number({"SwapFree", "sf"}, memory.swap_free);
  form.number({"SwapUsed", "su"}, memory.swap_used);
}

template <class Form, wire::Is<ProcessCpu> T>
void describe(Form& form, T& cpu) {
  form.number({"User", "u"}, cpu.user);
  form.number({"System", "s"}, cpu.system);
  form.number({"Total", "t"}, cpu.total);
  form.number({"LastTime", "l"}, cpu.last_time);
  form.real({"Percent", "p"}, cpu.percent);
}

template <class Form, wire::Is<ProcessMemory> T>
void describe(Form& form, T& memory) {
  form.number({"Size", "s"}, memory.size);
  form.number({"Resident", "r"}, memory.resident);
  form.number({"Share", "h"}, memory.shared);
}

template <class Form, wire::Is<ProcessInfo> T>
void describe(Form& form, T& process) {
  form.object({"CPU", "c"}, process.cpu);
  form.object({"Mem", "m"}, process.memory);
}

template <class Form, wire::Is<SystemInfo> T>
void describe(Form& form, T& info) {
  form.number({"mem_used", "u"}, info.memory_used);
  form.number({"mem_avail", "a"}, info.memory_available);
  form.real({"pct_mem_used", "p"}, info.percent_memory_used);
  form.real({"pct_cpu_used", "c"}, info.percent_cpu_used);
  form.object({"load_avg", "l"}, info.load);
  form.number({"cpu_util", "t"}, info.cpu_util);
  form.number_unless_zero({"cpu_throttled", "h"}, info.cpu_throttled);
  form.object({"mem", "m"}, info.memory);
  form.object({"proc", "r"}, info.process);
  form.number_unless_zero({"cpus", "cpus"}, info.cpus);
}

template <class Form, wire::Is<TargetSystemInfo> T>
void describe(Form& form, T& info) {
  form.merged_in_json({"", "s"}, info.system);
  form.quoted({"fs_used", "u"}, info.disk_used);
  form.quoted({"fs_capacity", "c"}, info.disk_capacity);
  form.real({"pct_fs_used", "p"}, info.percent_disk_used);
}

template <class Form, wire::Is<Filesystem> T>
void describe(Form& form, T& filesystem) {
  form.text({"Fs", "f"}, filesystem.device);
  form.text({"FsType", "t"}, filesystem.type);
  form.filesystem_id({"FsID", "i"}, filesystem.id);
}

template <class Form, wire::Is<Capacity> T>
void describe(Form& form, T& capacity) {
  form.quoted({"used", "u"}, capacity.used);
  form.quoted({"avail", "a"}, capacity.available);
  form.number({"pct_used", "p"}, capacity.percent_used);
}

template <class Form, wire::Is<MountpathDamage> T>
void describe(Form& form, T& damage) {
  form.number({"io_errors", "io_errors"}, damage.io_errors);
  form.number({"damaged_objects", "damaged_objects"}, damage.damaged_objects);
  form.number({"set_aside_files", "set_aside_files"}, damage.set_aside_files);
  form.number({"set_aside_bytes", "set_aside_bytes"}, damage.set_aside_bytes);
}

template <class Form, wire::Is<MountpathCapacity> T>
void describe(Form& form, T& mountpath) {
  form.text({"mountpath_label", "l"}, mountpath.label);
  form.object({"fs", "f"}, mountpath.filesystem);
  form.texts({"disks", "d"}, mountpath.disks);
  form.merged_in_json({"", "Capacity"}, mountpath.capacity);
  form.object({"x-damage", "x-damage"}, mountpath.damage);
}

template <class Form, wire::Is<TargetCapacity> T>
void describe(Form& form, T& target) {
  form.objects({"mountpaths", "m"}, target.mountpaths);
  form.text({"cs_err", "e"}, target.error);
  form.quoted({"total_used", "u"}, target.total_used);
  form.quoted({"total_avail", "a"}, target.total_available);
  form.number({"pct_max", "x"}, target.percent_max);
  form.number({"pct_avg", "v"}, target.percent_average);
  form.number({"pct_min", "n"}, target.percent_min);
}

template <class Form, wire::Is<DiskStats> T>
void describe(Form& form, T& disk) {
  form.number({"RBps", "r"}, disk.read_bytes_per_second);
  form.number({"Ravg", "s"}, disk.average_read);
  form.number({"WBps", "w"}, disk.write_bytes_per_second);
  form.number({"Wavg", "x"}, disk.average_write);
  form.number({"Util", "u"}, disk.utilization_percent);
}

template <class Form, wire::Is<TargetDisks> T>
void describe(Form& form, T& target) {
  form.objects({"AllDiskStats", "AllDiskStats"}, target.disks);
  describe(form, target.capacity);
}

template <class Form, wire::Is<MountpathList> T>
void describe(Form& form, T& list) {
  form.texts({"available", "a"}, list.available);
  form.texts({"waiting_dd", "w"}, list.waiting);
  form.texts({"disabled", "d"}, list.disabled);
}

template <class Form, wire::Is<NodeStateInfo::Primary> T>
void describe(Form& form, T& primary) {
  form.text({"pub_url", "PubURL"}, primary.public_url);
  form.text({"control_url", "CtrlURL"}, primary.control_url);
  form.text({"id", "ID"}, primary.id);
}

template <class Form, wire::Is<NodeStateInfo> T>
void describe(Form& form, T& state) {
  form.group({"smap", "s"}, [&](auto& smap) {
    smap.object({"Primary", "Primary"}, state.primary);
    smap.text({"uuid", "UUID"}, state.smap_uuid);
    smap.quoted({"version", "Version"}, state.smap_version);
  });
  form.group({"bmd", "b"}, [&](auto& bmd) {
    bmd.text({"uuid", "UUID"}, state.bmd_uuid);
    bmd.quoted({"version", "Version"}, state.bmd_version);
  });
  form.group({"rmd", "r"}, [&](auto& rmd) { rmd.quoted({"version", "Version"}, state.rmd_version); });
  form.group({"config", "c"}, [&](auto& config) { config.quoted({"version", "Version"}, state.config_version); });
  form.group({"etlmd", "e"}, [&](auto& etl) { etl.quoted({"version", "Version"}, state.etl_version); });
  form.number({"flags", "f"}, state.flags);
}

template <class Form, wire::Is<NodeStats> T>
void describe(Form& form, T& stats) {
  form.node({"snode", "n"}, stats.node);
  form.counters({"tracker", "t"}, stats.tracker);
  form.object({"capacity", "x"}, stats.capacity);
}

template <class Form, wire::Is<NodeStatus> T>
void describe(Form& form, T& status) {
  using Stats = std::conditional_t<std::is_const_v<T>, const NodeStats, NodeStats>;
  form.text({"status", "s"}, status.status);
  form.text({"deployment", "d"}, status.deployment);
  form.text({"ais_version", "v"}, status.version);
  form.text({"build_time", "b"}, status.build);
  form.text({"k8s_pod_name", "k"}, status.pod);
  describe(form, static_cast<Stats&>(status));
  form.object({"cluster", "c"}, status.cluster);
  form.object({"sys_info", "y"}, status.system);
  form.quoted({"smap_version", "w"}, status.smap_version);
}

}  // namespace ais::api
