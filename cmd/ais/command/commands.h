// The parts of the command table, one a subject, and the functions of their rows, by the file they live in. compatibility.h has the
// other names of commands and flags, program.h joins all of it.
#pragma once

#include <span>

#include "ais/command/invocation.h"
#include "async/task.h"
#include "base/status.h"
#include "cli/program.h"

namespace ais::cli {

std::span<const Command> bucket_commands();
std::span<const Command> object_commands();
std::span<const Command> cluster_commands();
std::span<const Command> shell_commands();

// bucket_commands.cpp
async::Task<Status> create_buckets(Invocation& invocation);
async::Task<Status> remove_buckets(Invocation& invocation);
async::Task<Status> show_bucket_props(Invocation& invocation);
async::Task<Status> set_bucket_props(Invocation& invocation);
async::Task<Status> reset_bucket_props(Invocation& invocation);

// list_command.cpp
async::Task<Status> list(Invocation& invocation);

// summary_command.cpp
async::Task<Status> summarize_buckets(Invocation& invocation);

// put_command.cpp
async::Task<Status> put(Invocation& invocation);

// get_command.cpp
async::Task<Status> get(Invocation& invocation);
async::Task<Status> cat(Invocation& invocation);

// remove_command.cpp
async::Task<Status> remove_objects(Invocation& invocation);

// copy_command.cpp
async::Task<Status> copy_objects(Invocation& invocation);
async::Task<Status> rename_objects(Invocation& invocation);

// append_command.cpp
async::Task<Status> append_object(Invocation& invocation);

// object_commands.cpp
async::Task<Status> check_object_lock(Invocation& invocation);
async::Task<Status> show_object(Invocation& invocation);
async::Task<Status> set_object_custom(Invocation& invocation);

// cluster_commands.cpp
async::Task<Status> show_cluster(Invocation& invocation);
async::Task<Status> show_status(Invocation& invocation);

// documents.cpp
async::Task<Status> show_node(Invocation& invocation);

// performance_command.cpp
async::Task<Status> show_performance(Invocation& invocation);

// storage_command.cpp
async::Task<Status> show_storage(Invocation& invocation);

// log_commands.cpp
async::Task<Status> show_log(Invocation& invocation);
async::Task<Status> get_log(Invocation& invocation);
async::Task<Status> download_logs(Invocation& invocation);

// membership_commands.cpp
async::Task<Status> remove_nodes(Invocation& invocation);
async::Task<Status> reset_stats(Invocation& invocation);
async::Task<Status> rotate_logs(Invocation& invocation);

// show_config_command.cpp
async::Task<Status> show_config(Invocation& invocation);

// settings_commands.cpp
async::Task<Status> show_settings(Invocation& invocation);
async::Task<Status> set_settings(Invocation& invocation);
async::Task<Status> reset_settings(Invocation& invocation);

// config_commands.cpp
async::Task<Status> change_cluster_config(Invocation& invocation);
async::Task<Status> change_node_config(Invocation& invocation);
async::Task<Status> reset_config(Invocation& invocation);

// alias_commands.cpp
async::Task<Status> list_aliases(Invocation& invocation);
async::Task<Status> set_alias(Invocation& invocation);
async::Task<Status> list_or_set_alias(Invocation& invocation);
async::Task<Status> remove_aliases(Invocation& invocation);
async::Task<Status> reset_aliases(Invocation& invocation);

// search_command.cpp
async::Task<Status> search_commands(Invocation& invocation);

// version_command.cpp
async::Task<Status> print_version(Invocation& invocation);

// completion_command.cpp
async::Task<Status> print_completion_script(Invocation& invocation);

}  // namespace ais::cli
