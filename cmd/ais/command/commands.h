// The functions behind the rows of the command table, by the file they live in.
#pragma once

#include "ais/command/invocation.h"
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

// summary_command.cpp
net::Task<Status> summarize_buckets(Invocation& invocation);

// put_command.cpp
net::Task<Status> put(Invocation& invocation);

// get_command.cpp
net::Task<Status> get(Invocation& invocation);
net::Task<Status> cat(Invocation& invocation);

// remove_command.cpp
net::Task<Status> remove_objects(Invocation& invocation);

// copy_command.cpp
net::Task<Status> copy_objects(Invocation& invocation);
net::Task<Status> rename_objects(Invocation& invocation);

// append_command.cpp
net::Task<Status> append_object(Invocation& invocation);

// object_commands.cpp
net::Task<Status> check_object_lock(Invocation& invocation);
net::Task<Status> show_object(Invocation& invocation);
net::Task<Status> set_object_custom(Invocation& invocation);

// cluster_commands.cpp
net::Task<Status> show_cluster(Invocation& invocation);
net::Task<Status> show_status(Invocation& invocation);

// documents.cpp
net::Task<Status> show_node(Invocation& invocation);

// performance_command.cpp
net::Task<Status> show_performance(Invocation& invocation);

// storage_command.cpp
net::Task<Status> show_storage(Invocation& invocation);

// log_commands.cpp
net::Task<Status> show_log(Invocation& invocation);
net::Task<Status> get_log(Invocation& invocation);
net::Task<Status> download_logs(Invocation& invocation);

// membership_commands.cpp
net::Task<Status> remove_nodes(Invocation& invocation);
net::Task<Status> reset_stats(Invocation& invocation);
net::Task<Status> rotate_logs(Invocation& invocation);

// show_config_command.cpp
net::Task<Status> show_config(Invocation& invocation);

// settings_commands.cpp
net::Task<Status> show_settings(Invocation& invocation);
net::Task<Status> set_settings(Invocation& invocation);
net::Task<Status> reset_settings(Invocation& invocation);

// config_commands.cpp
net::Task<Status> change_cluster_config(Invocation& invocation);
net::Task<Status> change_node_config(Invocation& invocation);
net::Task<Status> reset_config(Invocation& invocation);

// alias_commands.cpp
net::Task<Status> list_aliases(Invocation& invocation);
net::Task<Status> set_alias(Invocation& invocation);
net::Task<Status> list_or_set_alias(Invocation& invocation);
net::Task<Status> remove_aliases(Invocation& invocation);
net::Task<Status> reset_aliases(Invocation& invocation);

// search_command.cpp
net::Task<Status> search_commands(Invocation& invocation);

// version_command.cpp
net::Task<Status> print_version(Invocation& invocation);

// completion_command.cpp
net::Task<Status> print_completion_script(Invocation& invocation);

}  // namespace ais::cli
