#include "app/node_id.h"

#include <algorithm>
#include <cctype>

#include "base/strings.h"
#include "sys/whole_file.h"

namespace ais::app {
namespace {

constexpr size_t kNodeIdMin = 3;
constexpr size_t kNodeIdMax = 64;
constexpr size_t kNodeIdRandom = 8;
constexpr size_t kFileMax = 4096;

bool is_node_id(std::string_view id) {
  const auto allowed = [](char c) { return isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_'; };
  return id.size() >= kNodeIdMin && id.size() <= kNodeIdMax && std::all_of(id.begin(), id.end(), allowed);
}

}  // namespace

Result<std::string> load_or_create_node_id(const sys::Environment& environment, const std::string& state_dir, meta::NodeType type,
                                           const std::string& wanted) {
  const std::string path = state_dir + "/node_id";
  if (!wanted.empty() && !is_node_id(wanted)) return Status(Code::kInvalid, "invalid node id \"" + wanted + "\"");
  const auto stored = sys::read_file(environment.files, path, kFileMax);
  if (stored.ok()) {
    const std::string id(trim(*stored));
    if (!is_node_id(id)) return Status(Code::kCorrupt, path + " does not hold a node id");
    if (!wanted.empty() && wanted != id) return Status(Code::kInvalid, "state of node " + id + " cannot be used as node " + wanted);
    return id;
  }
  if (stored.code() != Code::kNotFound) return stored.status();
  const std::string id =
      !wanted.empty() ? wanted : (type == meta::NodeType::kProxy ? "p" : "t") + environment.random.identifier(kNodeIdRandom);
  AIS_RETURN_IF_ERROR(sys::replace_file(environment.files, path, id + "\n"));
  return id;
}

}  // namespace ais::app
