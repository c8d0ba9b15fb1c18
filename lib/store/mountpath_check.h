// Taking mountpaths into use: what must hold before the store trusts a directory with objects.
#pragma once

#include <memory>
#include <string>

#include "base/status.h"
#include "store/store_context.h"

namespace ais::store {

/// Opens `path`, locks it, and checks that it takes extended attributes, writes and syncs, and belongs to this node (a fresh one
/// is claimed). Errors are kMountpathFault naming the path and the remedy.
Result<std::unique_ptr<Mountpath>> open_mountpath(StoreContext& context, const std::string& path, uint32_t index);

/// kMountpathFault when two mountpaths share a filesystem.
Status check_distinct_filesystems(const StoreContext& context);

/// Removes what an earlier run left in %wk of every bucket: unfinished puts and appends.
Status remove_work_files(StoreContext& context, const Mountpath& mountpath);

/// What was counted. Touches no disk.
MountpathTrouble trouble_of(const Mountpath& mountpath);
/// Capacity and device, for people.
MountpathInfo describe_mountpath(const StoreContext& context, const Mountpath& mountpath);

}  // namespace ais::store
