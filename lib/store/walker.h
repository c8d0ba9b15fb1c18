// Walker: the ObjectWalker of the store, a merge of the name sources of all mountpaths.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "store/name_source.h"
#include "store/object_store.h"

namespace ais::store {

std::unique_ptr<ObjectWalker> make_walker(StoreContext& context, std::string bucket_uname, WalkOptions options);

}  // namespace ais::store
