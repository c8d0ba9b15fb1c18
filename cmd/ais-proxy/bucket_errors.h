// How the gateway says that a bucket is not there: by provider, in the protocol's texts.
#pragma once

#include "base/status.h"
#include "meta/bucket.h"

namespace ais::proxy {

/// For a bucket that is not in the BMD: a bad name, an unknown bucket, a remote one, or a provider without a backend.
Status bucket_missing(const meta::Bucket& bucket);
/// "<X> backend is missing in the cluster configuration" for providers other than ais; OK for ais.
Status backend_missing(std::string_view provider);

}  // namespace ais::proxy
