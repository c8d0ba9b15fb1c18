#include "ais/object/hints.h"

#include <sys/stat.h>

#include "cli/counted.h"

namespace ais::cli {
namespace {

bool is_uri(const std::string& text) { return text.find("://") != std::string::npos; }

bool is_there(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0;
}

/// True when `text` was taken for something in the bucket that the error speaks of, and is a local path.
bool is_file_taken_for_bucket(const std::string& text, const Status& error) {
  if (is_uri(text) || !is_there(text)) return false;
  Result<meta::ObjectUri> uri = meta::parse_object_uri(text);
  return uri.ok() && error.message().find("\"" + uri->bucket.cname() + "\"") != std::string::npos;
}

/// "3 objects" that begin with the prefix, or "" when there are none.
async::Task<std::string> objects_below(api::ClusterClient& cluster, meta::Bucket bucket, std::string prefix) {
  constexpr uint64_t kCountedMax = 1000;
  api::ListRequest request;
  request.prefix = std::move(prefix);
  request.props = "name";
  request.flags = api::kListNameOnly;
  request.page_size = kCountedMax;
  Result<api::EncodedPage> page = co_await cluster.list_page(std::move(bucket), std::move(request));
  if (!page.ok() || page->items.empty()) co_return "";
  std::string count = counted(page->items.size(), "object");
  co_return page->continuation_token.empty() ? count : "more than " + count;
}

}  // namespace

Status check_is_remote(Invocation& invocation, const std::string& text) {
  bool only_a_path = !is_uri(text) && (text.starts_with('.') || text.starts_with('/') || text.starts_with('~'));
  if (!only_a_path) return {};
  return invocation.usage_error("\"" + text +
                                "\" is a local path: files go to a bucket with \"ais put\", objects to files with \"ais get\"");
}

Status check_is_file(Invocation& invocation, const std::string& source, const std::string& destination) {
  if (!is_uri(source) || is_there(source)) return {};
  if (is_uri(destination))
    return invocation.usage_error("\"" + source + "\" is no file: between buckets objects are copied with \"ais cp\"");
  return invocation.usage_error("\"" + source + "\" is no file: the bucket comes last, objects are fetched with \"ais get\"");
}

Status check_get_sides(Invocation& invocation, const std::string& from, const std::string& to) {
  if (is_uri(to) && is_uri(from))
    return invocation.usage_error("\"" + to + "\" is no local path: between buckets objects are copied with \"ais cp\"");
  if (is_uri(to)) return invocation.usage_error("the object comes first, as in: ais get " + to + " " + from);
  return check_is_remote(invocation, from);
}

async::Task<Status> explained(Invocation& invocation, ObjectSelection selection, Status status) {
  std::string more;
  if (status.code() == Code::kBucketNotFound) {
    for (const std::string& text : invocation.arguments())
      if (more.empty() && is_file_taken_for_bucket(text, status))
        more = "\"" + text + "\" is a local file or directory: \"ais put\" stores it";
  }
  if (status.code() == Code::kObjectNotFound && selection.count() == 1u) {
    const ObjectSelection::Names& one = selection.names[0];
    std::string name = one.objects.at(0);
    std::string below = co_await objects_below(invocation.cluster(), one.bucket, name + "/");
    if (!below.empty()) more = below + " below \"" + printable(name) + "/\"";
    if (more.empty()) below = co_await objects_below(invocation.cluster(), one.bucket, name);
    if (more.empty() && !below.empty()) more = below + " beginning with that: --prefix";
  }
  if (more.empty()) co_return status;
  co_return Status(status.code(), status.message() + "; " + more);
}

}  // namespace ais::cli
