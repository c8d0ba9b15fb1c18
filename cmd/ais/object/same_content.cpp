#include "ais/object/same_content.h"

namespace ais::cli {

async::Task<Result<std::optional<api::ObjectInfo>>> look_up(api::ClusterClient& cluster, meta::Bucket bucket, std::string object) {
  Result<api::ObjectInfo> info = co_await cluster.head(std::move(bucket), std::move(object), "checksum");
  if (info.ok()) co_return std::optional<api::ObjectInfo>(std::move(info).value());
  if (info.code() == Code::kObjectNotFound || info.code() == Code::kNotFound) co_return std::optional<api::ObjectInfo>();
  co_return info.status();
}

async::Task<Status> check_there(api::ClusterClient& cluster, meta::Bucket bucket, std::string object) {
  Result<api::ObjectInfo> info = co_await cluster.head(std::move(bucket), std::move(object), "name");
  co_return info.status();
}

bool same_content(const std::optional<api::ObjectInfo>& one, const std::optional<api::ObjectInfo>& other) {
  if (!one || !other || one->size != other->size) return false;
  if (!one->checksum || !other->checksum) return true;
  return *one->checksum == *other->checksum;
}

}  // namespace ais::cli
