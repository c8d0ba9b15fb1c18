// Whether an object already is what would be sent or fetched: what --skip-existing means. Size first; then the checksum of the type that
// the object keeps. An object without a checksum is the same when its size is.
#pragma once

#include <functional>
#include <optional>

#include "api/cluster_client.h"
#include "base/status.h"

namespace ais::cli {

/// Size and checksum of an object, or nothing when there is none of that name.
async::Task<Result<std::optional<api::ObjectInfo>>> look_up(api::ClusterClient& cluster, meta::Bucket bucket, std::string object);

/// OK when there is an object of that name: what a dry run asks before it says that something would be done with it.
async::Task<Status> check_there(api::ClusterClient& cluster, meta::Bucket bucket, std::string object);

/// True when both objects are there with the same content; checksums of different types count as a difference.
bool same_content(const std::optional<api::ObjectInfo>& one, const std::optional<api::ObjectInfo>& other);

}  // namespace ais::cli
