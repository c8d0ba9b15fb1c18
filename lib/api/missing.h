// What AIStore's API has and this version has not: one table, by which gateways and targets answer and docs/rest_api.md is printed.
// Everything in it is 501 `ErrNotImpl` (base/status.h, missing_feature); what is neither here nor served is unknown: 400, 404 or 405.
// Whoever builds one of these removes its rows. Pure functions and constants; any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/status.h"
#include "meta/bucket.h"
#include "net/http_server.h"

namespace ais::api {

/// The listeners of a cluster's nodes.
enum Listener : unsigned { kGatewayPublic = 1, kGatewayIntra = 2, kTargetPublic = 4, kTargetIntra = 8 };

/// A path at and below which nothing is there.
struct MissingRoute {
  std::string_view prefix;   // "/v1/tokens"
  std::string_view methods;  // "POST, DELETE": those that AIStore has there; others are 405
  unsigned listeners;
  std::string_view feature;
  bool s3 = false;  // errors are S3's
};
std::span<const MissingRoute> missing_routes();
/// Answers a request for it.
async::Task<Status> respond_missing(net::HttpExchange& exchange, const MissingRoute& route, const std::string& node);

/// What an action is done to: the first word of a request's path, and for kNode only /v1/daemon.
enum class ActionOn { kBucket, kObject, kCluster, kNode, kTarget };
/// An action, either of the action message or as the word behind the path (PUT /v1/cluster/attach), or a value of `what` for GET.
struct MissingAction {
  ActionOn on;
  net::Method method;
  std::string_view action;
  std::string_view feature;
};
std::span<const MissingAction> missing_actions();
/// Why an action that is not served is refused: kNotImplemented ("copy-bck: copying of buckets is not there in this version") when
/// AIStore has it, else kInvalid with the actions that are `expected` instead.
Status refuse_action(ActionOn on, net::Method method, std::string_view action, std::string_view expected);

/// A parameter of object requests that asks for something which is not there, unless its value is empty.
struct MissingParameter {
  std::string_view name;
  std::string_view feature;
  bool without_value = false;  // asks for it also then
};
std::span<const MissingParameter> missing_parameters();
/// The same for headers, by the beginning of their name.
struct MissingHeader {
  std::string_view prefix;
  std::string_view feature;
};
std::span<const MissingHeader> missing_headers();
/// OK, or kNotImplemented for the first parameter or header of an object request that asks for something which is not there.
Status check_object_features(const net::HttpRequest& request, std::span<const std::pair<std::string_view, std::string_view>> parameters);

/// Why a bucket that the BMD does not have is not there: its name is bad, kNotImplemented without its backend, kRemoteBucketNotFound,
/// kBucketNotFound.
Status bucket_missing(const meta::Bucket& bucket);
/// OK for ais; kNotImplemented for the other providers.
Status check_backend(std::string_view provider);

/// `presence` of a query (rest-api 0.6): 0 to 5, 0 when it is absent or empty. kInvalid for anything else.
Result<int> parse_presence(const std::optional<std::string>& text);

/// The kinds of jobs that AIStore has, and their names for people: others are 400.
bool is_job_kind(std::string_view kind);

/// The table of docs/rest_api.md.
std::string missing_markdown();

}  // namespace ais::api
