// Small files of the state directory: durable replacement, reading, the node's id.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "app/cluster_view.h"
#include "base/strings.h"
#include "sys/descriptor.h"
#include "sys/fault_points.h"
#include "sys/random.h"

namespace ais::app {
namespace {

constexpr size_t kNodeIdMin = 3;
constexpr size_t kNodeIdMax = 64;
constexpr size_t kNodeIdRandom = 8;

Status sync_directory_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, std::max<size_t>(slash, 1));
  const sys::Descriptor handle(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!handle.is_open()) return Status::from_errno(errno, "open " + directory);
  if (fsync(handle.get()) != 0) return Status::from_errno(errno, "sync " + directory);
  return {};
}

bool is_node_id(std::string_view id) {
  const auto allowed = [](char c) { return isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_'; };
  return id.size() >= kNodeIdMin && id.size() <= kNodeIdMax && std::all_of(id.begin(), id.end(), allowed);
}

}  // namespace

Status write_file_durably(const std::string& path, std::string_view bytes) {
  // Each state file has one writer, so a fixed name is enough and what a crash left is overwritten.
  const std::string temporary = path + ".tmp";
  {
    const sys::Descriptor file(open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640));
    if (!file.is_open()) return Status::from_errno(errno, "create " + temporary);
    AIS_RETURN_IF_ERROR(sys::write_all(file.get(), bytes, "write " + temporary));
    if (fsync(file.get()) != 0) return Status::from_errno(errno, "sync " + temporary);
  }
  AIS_FAULT_POINT("state.before_publish");
  if (rename(temporary.c_str(), path.c_str()) != 0) return Status::from_errno(errno, "rename " + temporary);
  AIS_FAULT_POINT("state.after_publish");
  return sync_directory_of(path);
}

Result<std::string> read_small_file(const std::string& path, size_t limit) {
  // O_NONBLOCK: a pipe in the file's place must not hang the start. It reads as empty.
  const sys::Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) return Status::from_errno(errno, "open " + path);
  return sys::read_all(file.get(), limit, path);
}

Result<std::string> load_or_create_node_id(const std::string& state_dir, meta::NodeType type, const std::string& wanted) {
  const std::string path = state_dir + "/node_id";
  if (!wanted.empty() && !is_node_id(wanted)) return Status(Code::kInvalid, "invalid node id \"" + wanted + "\"");
  const auto stored = read_small_file(path, 4096);
  if (stored.ok()) {
    const std::string id(trim(*stored));
    if (!is_node_id(id)) return Status(Code::kCorrupt, path + " does not hold a node id");
    if (!wanted.empty() && wanted != id) return Status(Code::kInvalid, "state of node " + id + " cannot be used as node " + wanted);
    return id;
  }
  if (stored.code() != Code::kNotFound) return stored.status();
  const std::string id = !wanted.empty() ? wanted : (type == meta::NodeType::kProxy ? "p" : "t") + sys::Random().identifier(kNodeIdRandom);
  AIS_RETURN_IF_ERROR(write_file_durably(path, id + "\n"));
  return id;
}

}  // namespace ais::app
