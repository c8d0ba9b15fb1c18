#include "ais/cluster/document_tables.h"

#include "api/listing.h"
#include "base/strings.h"
#include "cli/counted.h"
#include "cli/properties.h"
#include "cli/text_width.h"
#include "meta/bucket_metadata.h"
#include "meta/cluster_map.h"

namespace ais::cli {
namespace {

struct FlagName {
  uint64_t bit;
  const char* name;
};
constexpr FlagName kNodeFlags[] = {
    {meta::kNonElectable, "non-electable"},
    {meta::kInformationCentre, "information centre"},
    {meta::kMaintenance, "maintenance"},
    {meta::kDecommission, "decommission"},
    {meta::kMaintenancePostRebalance, "maintenance after rebalance"},
};

std::string flags_text(const meta::ClusterMap& map, const meta::Node& node) {
  std::vector<std::string> names;
  if (node.id == map.primary_id) names.emplace_back("primary");
  for (const FlagName& flag : kNodeFlags)
    if (node.flags & flag.bit) names.emplace_back(flag.name);
  return join(names, ", ");
}

std::string map_text(const meta::ClusterMap& map, const TableStyle& style) {
  Table table({{"NODE"}, {"TYPE"}, {"PUBLIC URL"}, {"INTRA URL"}, {"FLAGS"}});
  for (const auto* side : {&map.proxies, &map.targets}) {
    for (const auto& [id, node] : *side)
      table.add({id, std::string(meta::node_type_name(node.type)), node.public_net.url(), node.control_net.url(), flags_text(map, node)},
                node.active() ? Tone::kPlain : Tone::kWarning);
  }
  std::string about = format("cluster %s, map version %llu, created %s", map.uuid.c_str(), static_cast<unsigned long long>(map.version),
                             map.creation_time.c_str());
  return table.render(style) + (style.footers ? "\n" + printable(about) + "\n" : "");
}

std::string yes(bool value) { return value ? "yes" : "no"; }

std::string buckets_text(const meta::BucketMetadata& buckets, const TableStyle& style) {
  Table table({{"BUCKET"}, {"CREATED"}, {"CHECKSUM"}, {"VERSIONS"}, {"MIRROR"}, {"EC"}, {"BID"}});
  for (const auto& [uname, item] : buckets.buckets) {
    const auto& [bucket, props] = item;
    std::string mirror = props.mirror.enabled ? std::to_string(props.mirror.copies) + " copies" : "no";
    table.add({bucket.cname(), api::format_go_time(props.created_ns, "2006-01-02 15:04:05"), props.checksum.type,
               yes(props.versioning.enabled), mirror, yes(props.ec.enabled), std::to_string(props.bid)});
  }
  std::string about = counted(buckets.buckets.size(), "bucket") + ", version " + std::to_string(buckets.version);
  return table.render(style) + (style.footers ? "\n" + about + "\n" : "");
}

std::string values_text(codec::JsonView root, const TableStyle& style) {
  Table table({{"PROPERTY"}, {"VALUE"}});
  for (auto& [name, value] : flatten(root)) table.add({name, value});
  return table.rows() == 0 ? root.to_text() + "\n" : table.render(style);
}

}  // namespace

Result<std::string> document_text(std::string_view word, codec::JsonView root, const TableStyle& style) {
  if (word == "smap") {
    AIS_TRY(meta::ClusterMap map, meta::ClusterMap::read_json(root));
    return map_text(map, style);
  }
  if (word == "bmd") {
    AIS_TRY(meta::BucketMetadata buckets, meta::BucketMetadata::from_json(root.to_text()));
    return buckets_text(buckets, style);
  }
  return values_text(root, style);
}

}  // namespace ais::cli
