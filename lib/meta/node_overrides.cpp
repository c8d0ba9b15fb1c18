#include "meta/node_overrides.h"

#include <utility>

#include "base/strings.h"
#include "meta/known_names.h"

namespace ais::meta {
namespace {

std::string section_of(const std::string& name) { return name.substr(0, name.find('.')); }

Status read_leaves(codec::JsonView in, const std::string& prefix, NodeOverrides& out) {
  return in.for_each([&](std::string_view key, codec::JsonView value) -> Status {
    const std::string name = prefix + std::string(key);
    if (value.is_null()) return {};
    if (value.is_object()) return read_leaves(value, name + ".", out);
    out[name] = value.is_string() ? value.string_or("") : value.to_text();
    return {};
  });
}

/// Sets all of `values`, or nothing and false.
bool fits(ClusterConfig& config, const NodeOverrides& values) {
  ClusterConfig changed = config;
  for (const auto& [name, text] : values) {
    if (is_cluster_only(name) || !set_config_value(changed, name, text).ok()) return false;
  }
  if (!validate_config(changed).ok()) return false;
  config = std::move(changed);
  return true;
}

/// Sets one group after the other, again and again: one may fit only after another. What never does is left in `groups`.
void set_what_fits(ClusterConfig& config, std::vector<NodeOverrides>& groups) {
  for (bool progress = true; progress;) {
    const size_t removed = std::erase_if(groups, [&](const NodeOverrides& group) { return fits(config, group); });
    progress = removed != 0 && !groups.empty();
  }
}

}  // namespace

std::string overrides_json(const NodeOverrides& overrides) {
  codec::JsonWriter out;
  out.begin_object();
  std::vector<std::string_view> open;  // names of the objects that are open; those with a common beginning are neighbours in the map
  for (const auto& [name, text] : overrides) {
    std::vector<std::string_view> steps = split(name, '.');
    const std::string_view leaf = steps.back();
    steps.pop_back();
    size_t common = 0;
    while (common < open.size() && common < steps.size() && open[common] == steps[common]) ++common;
    for (; open.size() > common; open.pop_back()) out.end_object();
    for (; open.size() < steps.size(); open.push_back(steps[open.size()])) out.key(steps[open.size()]).begin_object();
    out.field(leaf, text);
  }
  for (; !open.empty(); open.pop_back()) out.end_object();
  out.end_object();
  return out.take();
}

Result<NodeOverrides> read_overrides(codec::JsonView document) {
  if (!document.is_object()) return Status(Code::kInvalid, "overrides of a node: expecting a JSON object");
  NodeOverrides overrides;
  AIS_RETURN_IF_ERROR(read_leaves(document, "", overrides));
  return overrides;
}

Result<NodeOverrides> parse_overrides(std::string_view text) {
  AIS_TRY(const auto document, codec::JsonDocument::parse(text));
  return read_overrides(document.root());
}

void add_overrides(NodeOverrides& overrides, const ConfigValues& values) {
  for (const auto& [name, text] : values) {
    if (!KnownNames::is_foreign(name)) overrides[config_name(name)] = text;
  }
}

AppliedOverrides apply_overrides(const ClusterConfig& base, const NodeOverrides& overrides) {
  AppliedOverrides applied{base, {}};
  if (fits(applied.config, overrides)) return applied;
  std::map<std::string, NodeOverrides> by_section;
  for (const auto& [name, text] : overrides) by_section[section_of(name)][name] = text;
  std::vector<NodeOverrides> sections, singles;
  for (auto& [section, values] : by_section) sections.push_back(std::move(values));
  set_what_fits(applied.config, sections);
  for (const NodeOverrides& section : sections) {
    for (const auto& value : section) singles.push_back({value});
  }
  set_what_fits(applied.config, singles);
  for (const NodeOverrides& single : singles) applied.lost.push_back(single.begin()->first);
  return applied;
}

}  // namespace ais::meta
