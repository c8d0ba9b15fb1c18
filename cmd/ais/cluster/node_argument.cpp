#include "ais/cluster/node_argument.h"

#include "base/strings.h"
#include "cli/spelling.h"

namespace ais::cli {
namespace {

/// "t[abc]" -> "abc".
std::string_view bare_id(std::string_view text) {
  bool named = text.size() > 3 && (text.starts_with("t[") || text.starts_with("p[")) && text.ends_with(']');
  return named ? text.substr(2, text.size() - 3) : text;
}

Status unknown_node(std::string_view text, const std::vector<std::string>& ids) {
  std::string best = nearest(text, ids);
  std::string hint = best.empty() ? "; \"ais show cluster\" lists them" : ", did you mean \"" + best + "\"?";
  return {Code::kNodeNotFound, "no node is called \"" + std::string(text) + "\"" + hint};
}

}  // namespace

Result<const meta::Node*> find_node(const meta::ClusterMap& map, std::string_view text) {
  std::string_view id = bare_id(text);
  if (const meta::Node* node = map.find(id)) return node;
  std::vector<std::string> ids, matching;
  for (const auto* side : {&map.proxies, &map.targets}) {
    for (const auto& item : *side) {
      ids.push_back(item.first);
      if (!id.empty() && item.first.starts_with(id)) matching.push_back(item.first);
    }
  }
  if (matching.empty()) return unknown_node(id, ids);
  if (matching.size() > 1) return Status(Code::kInvalid, "\"" + std::string(id) + "\" may be any of " + join(matching, ", "));
  return map.find(matching.front());
}

Result<const meta::Node*> find_target(const meta::ClusterMap& map, std::string_view text) {
  AIS_TRY(const meta::Node* node, find_node(map, text));
  if (node->type == meta::NodeType::kTarget) return node;
  return Status(Code::kInvalid, node->id + " is a gateway; a target is required");
}

}  // namespace ais::cli
