// The functions behind the rows of the command table, by the file they live in.
#pragma once

#include "ais/invocation.h"
#include "base/status.h"
#include "net/task.h"

namespace ais::cli {

// bucket_commands.cpp
net::Task<Status> create_buckets(Invocation& invocation);
net::Task<Status> remove_buckets(Invocation& invocation);
net::Task<Status> show_bucket_props(Invocation& invocation);
net::Task<Status> set_bucket_props(Invocation& invocation);
net::Task<Status> reset_bucket_props(Invocation& invocation);

// list_command.cpp
net::Task<Status> list(Invocation& invocation);

// put_command.cpp
net::Task<Status> put(Invocation& invocation);

// get_command.cpp
net::Task<Status> get(Invocation& invocation);
net::Task<Status> cat(Invocation& invocation);

// object_commands.cpp
net::Task<Status> remove_objects(Invocation& invocation);
net::Task<Status> copy_object(Invocation& invocation);
net::Task<Status> rename_object(Invocation& invocation);
net::Task<Status> show_object(Invocation& invocation);
net::Task<Status> set_object_custom(Invocation& invocation);

// cluster_commands.cpp
net::Task<Status> show_cluster(Invocation& invocation);
net::Task<Status> show_status(Invocation& invocation);
net::Task<Status> show_log(Invocation& invocation);

// config_commands.cpp
net::Task<Status> show_config(Invocation& invocation);
net::Task<Status> change_cluster_config(Invocation& invocation);
net::Task<Status> change_node_config(Invocation& invocation);

}  // namespace ais::cli
