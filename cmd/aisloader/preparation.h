// What a run needs before it can start: descriptors, names, bytes, prepared pieces of requests.
#pragma once

#include <memory>

#include "aisloader/bucket_setup.h"
#include "aisloader/object_picker.h"
#include "aisloader/plan.h"

namespace ais::loader {

/// How many idle connections a loop may keep for each of `peers` nodes, with the process's limit of open descriptors raised as far as
/// it goes. kInvalid with advice when the limit is too low for so many workers.
Result<size_t> connections_allowed(const Options& options, size_t peers);

/// Everything but the names to read.
Result<std::unique_ptr<Plan>> make_plan(const Options& options, BucketSetup& setup);

/// What the objects that the run makes are called.
OwnNames own_names(const Plan& plan);

/// What the names of the objects that the run makes begin with, where they are not in virtual directories; not encoded.
std::string own_prefix(const Plan& plan);

/// The lowest number from which on no name of this run is among `taken`: another run with its seed may have been there before.
uint64_t first_free_number(const Plan& plan, const NameList& taken);

/// Percent-encoded names of a file, one a line. kNotFound and others; kInvalid for a name that no object can have.
Result<NameList> read_names(const std::string& path);

}  // namespace ais::loader
