// Documents of the cluster and of its nodes: what `ais show cluster smap` and `ais show node` print. With --json the document as it
// came, else a table.
#pragma once

#include <string_view>

#include "ais/command/invocation.h"
#include "async/task.h"

namespace ais::cli {

/// True for the words behind `ais show cluster` that name a document: "smap", "bmd", "sysinfo", ...
bool is_cluster_document(std::string_view word);
/// `ais show cluster DOCUMENT [NODE]`; the first argument is a document's word.
async::Task<Status> show_cluster_document(Invocation& invocation);

}  // namespace ais::cli
