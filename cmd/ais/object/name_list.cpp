#include "ais/object/name_list.h"

#include "ais/command/arguments.h"
#include "ais/file/input_file.h"

namespace ais::cli {
namespace {

/// Every name of the text, each with `end` behind it; that of the last one may be missing.
std::vector<std::string> names_in(std::string_view text, char end) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const size_t size = text.find(end);
    if (size != 0) out.emplace_back(text.substr(0, size));
    text = size == std::string_view::npos ? std::string_view() : text.substr(size + 1);
  }
  return out;
}

/// A pipe or a file, whatever its size says.
Result<std::string> read_everything(const std::string& path) {
  constexpr size_t kPiece = 1 * kMiB;
  AIS_TRY(InputStream stream, InputStream::open(path));
  std::string text;
  while (true) {
    AIS_TRY(const std::string piece, stream.read(kPiece));
    if (piece.empty()) return text;
    text += piece;
  }
}

}  // namespace

bool has_name_list(const Invocation& invocation) { return invocation.has("list") || invocation.has("names-from"); }

Result<std::vector<std::string>> name_list(Invocation& invocation) {
  const bool from_file = invocation.has("names-from");
  if (!from_file) return list_flag(invocation);
  if (invocation.has("list")) return invocation.usage_error("--list and --names-from exclude each other");
  const std::string path = invocation.get("names-from");
  AIS_TRY(const std::string text, read_everything(path));
  const char end = invocation.has("null") ? '\0' : '\n';
  // Files of lines are written by hand; this is one that a program did not write to its end, and half a name may be that of something.
  if (end == '\0' && !text.empty() && text.back() != end)
    return invocation.usage_error("--names-from: there is no NUL behind the last name in " + path + ": the list is not whole");
  std::vector<std::string> out = names_in(text, end);
  if (out.empty()) return invocation.usage_error("--names-from: there is no name in " + path);
  return out;
}

}  // namespace ais::cli
