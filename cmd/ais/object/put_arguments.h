// What a line of `put` or `append` says about the files.
#pragma once

#include <string>

#include "ais/command/invocation.h"
#include "ais/file/upload_source.h"
#include "base/status.h"
#include "meta/bucket.h"

namespace ais::cli {

/// Files of a line and the object or place that they go to: the last argument.
struct PutArguments {
  meta::ObjectUri to;
  UploadSource::Options files;
};

/// The files are all arguments but the last, or what --list and --template name. Usage errors, also where the bucket does not come
/// last.
Result<PutArguments> read_put_arguments(Invocation& invocation);

}  // namespace ais::cli
