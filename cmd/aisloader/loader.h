// The whole run behind main(): bucket, names, preload, measurement, result, report, cleanup.
#pragma once

#include "aisloader/options.h"

namespace ais::loader {

/// Returns the exit status: 0 when the measurement was made (errors of single operations are part of its result), else 1.
int run_loader(const Options& options);

}  // namespace ais::loader
