#include "ais-proxy/bucket_errors.h"

#include <string>

namespace ais::proxy {

namespace {

std::string_view backend_title(std::string_view provider) {
  if (provider == "aws") return "AWS";
  if (provider == "gcp") return "GCP";
  if (provider == "azure") return "Azure";
  if (provider == "oci") return "OCI";
  return provider;
}

}  // namespace

Status backend_missing(std::string_view provider) {
  if (provider == "ais") return {};
  return Status(Code::kInvalid, std::string(backend_title(provider)) + " backend is missing in the cluster configuration");
}

Status bucket_missing(const meta::Bucket& bucket) {
  AIS_RETURN_IF_ERROR(meta::validate_bucket_name(bucket.name));
  AIS_RETURN_IF_ERROR(backend_missing(bucket.provider));
  if (bucket.is_remote()) return Status(Code::kRemoteBucketNotFound, "remote bucket \"" + bucket.cname() + "\" does not exist");
  return Status(Code::kBucketNotFound, "bucket \"" + bucket.cname() + "\" does not exist");
}

}  // namespace ais::proxy
