// The table of commands: everything that `ais` can do, as people see it. The rows are in *_command_table.cpp, by subject.
#include "ais/command/command_tables.h"

namespace ais::cli {
namespace {

constexpr Flag kPackagingFlags[] = {
    {"print-docs", "DIRECTORY", "write the pages of docs/cli/, with the transcripts that are kept there", 0, false, ValueKind::kDirectory},
    {"print-man", nullptr, "print the manual page", 0, false},
};

constexpr Flag kGlobalFlags[] = {
    {"endpoint", "URL", "gateway to talk to", 0, false},
    {"json", nullptr, "print one JSON document instead of a table", 'j', false},
    {"units", "UNITS", "sizes for people: iec (KiB, the default), si (kB) or raw (bytes)", 0, false, ValueKind::kChoice, "iec,si,raw"},
    {"no-headers", nullptr, "tables without their line of titles", 'H', false},
    {"no-footers", nullptr, "tables without totals and summaries below them", 'F', false},
    with_synonyms({"no-color", nullptr, "no colour, on a terminal either", 0, false}, "no-colour"),
    {"yes", nullptr, "do not ask before destroying things", 'y', false},
    {"help", nullptr, "explain the command, with examples", 'h', false},
    {"version", nullptr, "print the version; so does -v when it stands alone", 0, false},
};

constexpr CommandGroup kGroups[] = {
    {"bucket", "Buckets and their properties"},
    {"bucket props", "Properties of a bucket"},
    {"props", "Properties of a bucket"},
    {"object", "Objects"},
    {"show", "What the cluster is and does"},
    {"config", "Configuration"},
    {"cluster", "The cluster and its nodes"},
    {"node", "One node"},
    {"log", "Logs of nodes"},
    {"set", "Change properties and configuration"},
    {"reset", "Set things back"},
    {"remove", "Take things away"},
    {"rotate", "Begin anew"},
    {"alias", "Names of your own for commands"},
    {"config cli", "Settings of this program"},
    {"advanced", "Other names, as AIStore groups them"},
};

std::vector<Command> join_tables() {
  std::vector<Command> out;
  for (std::span<const Command> table : {bucket_commands(), object_commands(), cluster_commands(), shell_commands()})
    out.insert(out.end(), table.begin(), table.end());
  return out;
}

}  // namespace

std::span<const Command> all_commands() {
  static const std::vector<Command> commands = join_tables();
  return commands;
}
std::span<const CommandGroup> all_groups() { return kGroups; }
std::span<const Flag> global_flags() { return kGlobalFlags; }
std::vector<Flag> global_flags_of(const Command& command) {
  std::vector<Flag> out(std::begin(kGlobalFlags), std::end(kGlobalFlags));
  for (Flag& flag : out)
    for (const Flag& own : command.flags)
      if (flag.letter == own.letter) flag.letter = 0;
  return out;
}
std::span<const Flag> packaging_flags() { return kPackagingFlags; }

}  // namespace ais::cli
