// `ais show config`: of the cluster, or of a node beside it.
#include <algorithm>
#include <optional>

#include "ais/cluster/node_argument.h"
#include "ais/cluster/node_report.h"
#include "ais/cluster/show_views.h"
#include "ais/command/commands.h"
#include "cli/properties.h"

namespace ais::cli {
namespace {

/// Which part of a node's configuration.
enum class Scope { kAll, kInherited, kLocal };

std::optional<Scope> scope_of(std::string_view word) {
  if (word == "all") return Scope::kAll;
  if (word == "inherited" || word == "cluster") return Scope::kInherited;
  if (word == "local") return Scope::kLocal;
  return std::nullopt;
}

/// The rows of a section, of one name, or else of what begins with the text.
Assignments narrow(const Assignments& all, const std::string& section) {
  Assignments rows = in_section(all, section);
  if (!rows.empty()) return rows;
  for (const auto& item : all)
    if (item.first.starts_with(section)) rows.push_back(item);
  return rows;
}

/// The part of the document that a dotted section names; a beginning of a name gives an object of dotted names.
std::string section_json(codec::JsonView root, const Assignments& rows, const std::string& section) {
  codec::JsonView part = section_of(root, section);
  if (!part.is_null()) return part.to_text();
  codec::JsonWriter out;
  out.begin_object();
  for (const auto& [name, value] : rows) out.field(name, value);
  return out.end_object().take();
}

async::Task<Status> show_cluster_config(Invocation& invocation, std::string section) {
  AIS_CO_TRY(const std::string text, co_await invocation.cluster().cluster_query("cluster_config"));
  AIS_CO_TRY(codec::JsonDocument document, codec::JsonDocument::parse(text));
  const Assignments all = flatten(document.root());
  const Assignments rows = narrow(all, section);
  if (rows.empty()) co_return invocation.usage_error(unknown_name("section or property", section, all));
  if (invocation.json()) {
    invocation.print_line(section_json(document.root(), rows, section));
    co_return Status();
  }
  Table table({{"PROPERTY"}, {"VALUE"}});
  for (const auto& [name, value] : rows) table.add({name, value_text(name, value)});
  invocation.print_table(table);
  co_return Status();
}

/// What a node's value is beside the cluster's: "" the same, "n/a" of the node alone.
std::string default_text(const Assignments& cluster, const std::string& name, const std::string& value) {
  auto found = std::find_if(cluster.begin(), cluster.end(), [&](const auto& item) { return item.first == name; });
  if (found == cluster.end()) return "n/a";
  return found->second == value ? "" : found->second;
}

bool in_scope(Scope scope, const Assignments& cluster, const std::string& name) {
  if (scope == Scope::kAll) return true;
  bool inherited = std::any_of(cluster.begin(), cluster.end(), [&](const auto& item) { return item.first == name; });
  return inherited == (scope == Scope::kInherited);
}

async::Task<Status> show_node_config(Invocation& invocation, std::string node_text, Scope scope, std::string section) {
  AIS_CO_TRY(meta::ClusterMap map, co_await invocation.cluster().cluster_map());
  AIS_CO_TRY(const meta::Node* node, find_node(map, node_text));
  AIS_CO_TRY(const std::string text, co_await ask_one_node(invocation, node->id, "what=config"));
  AIS_CO_TRY(codec::JsonDocument document, codec::JsonDocument::parse(text));
  AIS_CO_TRY(const std::string cluster_text, co_await invocation.cluster().cluster_query("cluster_config"));
  AIS_CO_TRY(codec::JsonDocument cluster_document, codec::JsonDocument::parse(cluster_text));
  const Assignments cluster = flatten(cluster_document.root());
  Assignments all;
  for (auto& item : flatten(document.root()))
    if (in_scope(scope, cluster, item.first)) all.push_back(item);
  const Assignments rows = narrow(all, section);
  if (rows.empty()) co_return invocation.usage_error(unknown_name("section or property", section, all));
  if (invocation.json()) {
    const bool whole = scope == Scope::kAll;
    invocation.print_line(section_json(whole ? document.root() : codec::JsonView(), rows, whole ? section : ""));
    co_return Status();
  }
  Table table({{"PROPERTY"}, {"VALUE"}, {"DEFAULT"}});
  for (const auto& [name, value] : rows) {
    std::string standard = default_text(cluster, name, value);
    table.add({name, value_text(name, value), value_text(name, standard)},
              standard.empty() || standard == "n/a" ? Tone::kPlain : Tone::kWarning);
  }
  invocation.print_table(table);
  co_return Status();
}

/// Whether the cluster's configuration has a section or name that begins so.
async::Task<bool> is_section(Invocation& invocation, std::string word) {
  Result<std::string> text = co_await invocation.cluster().cluster_query("cluster_config");
  Result<codec::JsonDocument> document = text.ok() ? codec::JsonDocument::parse(*text) : Result<codec::JsonDocument>(text.status());
  if (!document.ok()) co_return false;
  co_return !narrow(flatten(document->root()), word).empty();
}

}  // namespace

async::Task<Status> show_config_in(Invocation& invocation, std::string whose, size_t next) {
  const std::vector<std::string>& words = invocation.arguments();
  Scope scope = Scope::kAll;
  if (whose != "cluster" && next < words.size()) {
    if (std::optional<Scope> named = scope_of(words[next])) {
      scope = *named;
      ++next;
    }
  }
  std::string section = next < words.size() ? words[next++] : "";
  if (next < words.size()) co_return invocation.usage_error("too many words: \"" + words[next] + "\"");
  if (whose == "cluster") co_return co_await show_cluster_config(invocation, std::move(section));
  co_return co_await show_node_config(invocation, std::move(whose), scope, std::move(section));
}

async::Task<Status> show_config_of(Invocation& invocation, size_t first) {
  const std::vector<std::string>& words = invocation.arguments();
  if (invocation.has("node")) co_return co_await show_config_in(invocation, invocation.get("node"), first);
  if (first == words.size()) co_return co_await show_cluster_config(invocation, "");
  const std::string word = words[first];
  if (word == "cluster") co_return co_await show_config_in(invocation, word, first + 1);
  AIS_CO_TRY(meta::ClusterMap map, co_await invocation.cluster().cluster_map());
  const bool node = find_node(map, word).ok();
  const bool last = first + 1 == words.size();
  // A section of the cluster may stand alone; of a word that is both, the section is meant.
  bool section = false;
  if (last) section = co_await is_section(invocation, word);
  if (section || (!node && last)) co_return co_await show_cluster_config(invocation, word);
  co_return co_await show_config_in(invocation, word, first + 1);
}

async::Task<Status> show_config(Invocation& invocation) { return show_config_of(invocation, 0); }

}  // namespace ais::cli
