#include "ais/object/put_arguments.h"

#include <sys/stat.h>

#include "ais/command/arguments.h"
#include "ais/object/hints.h"
#include "ais/object/name_list.h"

namespace ais::cli {
namespace {

Result<std::vector<std::string>> sources_of(Invocation& invocation) {
  const std::vector<std::string>& arguments = invocation.arguments();
  if (invocation.has("null") && !invocation.has("names-from")) return invocation.usage_error("--null is about the file of --names-from");
  if (has_name_list(invocation) || invocation.has("template")) {
    if (arguments.size() != 1)
      return invocation.usage_error("--list, --names-from and --template name the files: only the bucket is an argument then");
    AIS_TRY(std::vector<std::string> names, name_list(invocation));
    if (invocation.has("template")) names.push_back(invocation.get("template"));
    return names;
  }
  if (arguments.size() < 2) return invocation.usage_error("too few arguments: files, and then the bucket that they go to");
  return std::vector<std::string>(arguments.begin(), arguments.end() - 1);
}

}  // namespace

Result<PutArguments> read_put_arguments(Invocation& invocation) {
  PutArguments out;
  UploadSource::Options& files = out.files;
  AIS_TRY(files.sources, sources_of(invocation));
  const std::string& last = invocation.arguments().back();
  for (const std::string& source : files.sources) AIS_RETURN_IF_ERROR(check_is_file(invocation, source, last));
  AIS_TRY(out.to, uri_argument(invocation, last));
  files.object = out.to.object;
  files.recursive = invocation.has("recursive");
  files.literal = invocation.has("literal") || invocation.has("names-from");
  files.include = invocation.get_all("include");
  files.exclude = invocation.get_all("exclude");
  files.directory_names = invocation.has("include-src-dir");
  bool named = !files.object.empty() && !files.object.ends_with('/');
  for (const std::string& source : files.sources)
    if (source == "-" && !named) return invocation.usage_error("standard input needs an object name: ais://bucket/object");
  return out;
}

}  // namespace ais::cli
