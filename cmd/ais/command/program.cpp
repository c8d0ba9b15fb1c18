#include "ais/command/program.h"

#include "ais/command/commands.h"
#include "ais/command/compatibility.h"
#include "base/version.h"

namespace ais::cli {
namespace {

constexpr Flag kPackagingFlags[] = {
    {"print-docs", "DIRECTORY", "write the pages of docs/cli/, with the transcripts that are kept there", 0, false, ValueKind::kDirectory},
    {"print-man", nullptr, "print the manual page"},
    {"print-completion", "SHELL", "print the script that makes TAB complete it, as \"ais completion\" does", 0, false, ValueKind::kChoice,
     "bash,zsh,fish"},
};

constexpr Flag kCommonFlags[] = {
    {"endpoint", "URL", "gateway to talk to", 0, false},
    {"json", nullptr, "print one JSON document instead of a table", 'j', false},
    {"units", "UNITS", "sizes for people: iec (KiB, the default), si (kB) or raw (bytes)", 0, false, ValueKind::kChoice, "iec,si,raw"},
    {"no-headers", nullptr, "tables without headings", 'H', false},
    {"no-footers", nullptr, "tables without totals and summaries below them", 'F', false},
    with_synonyms({"no-color", nullptr, "no colour, not even on a terminal", 0, false}, "no-colour"),
    {"yes", nullptr, "do not ask before destroying things", 'y', false},
    {"help", nullptr, "explain the command, with examples", 'h', false},
    {"version", nullptr, "print the version; so does -v alone", 0, false},
};

constexpr CommandGroup kGroups[] = {
    {"bucket", "Buckets and their properties"},
    {"bucket props", "Properties of a bucket"},
    {"props", "Properties of a bucket"},
    {"object", "Objects"},
    {"show", "State and activity of the cluster"},
    {"config", "Configuration"},
    {"cluster", "The cluster and its nodes"},
    {"node", "One node"},
    {"log", "Logs of nodes"},
    {"set", "Change properties and configuration"},
    {"reset", "Reset settings and statistics"},
    {"remove", "Remove things"},
    {"rotate", "Begin new log files"},
    {"alias", "Your own names for commands"},
    {"config cli", "Settings of this program"},
    {"advanced", "Other names for commands, grouped as in AIStore"},
};

constexpr Meaning kEnvironment[] = {
    {"AIS_ENDPOINT", "a gateway of the cluster, http://host:port"},
    {"AIS_URL", "the same; older name, used when AIS_ENDPOINT is not set"},
    {"NO_COLOR", "when set and not empty: no colour, not even on a terminal"},
    {"TERM", "\"dumb\" means a terminal without colour and without redrawn lines"},
    {"TMPDIR", "where put --skip-existing keeps data from a pipe (default /tmp)"},
    {"XDG_CONFIG_HOME", "directory of ais/aliases.json and ais/cli/cli.json (default ~/.config)"},
};
constexpr Meaning kFiles[] = {
    {"~/.config/ais/aliases.json", "your own aliases, see \"ais alias\""},
    {"~/.config/ais/cli/cli.json", "your own settings, such as the gateway, see \"ais config cli\""},
};
constexpr Meaning kExitStatuses[] = {
    {"0", "everything was done"},
    {"1", "something failed; standard error says what"},
    {"2", "the command line is wrong"},
    {"130", "stopped by Ctrl-C (143: by SIGTERM)"},
    {"141", "the reader of the output closed it"},
};
constexpr const char* kSeeAlso[] = {"aisloader(1)", "ais-proxy(8)", "ais-target(8)"};

constexpr char kIntroduction[] =
    "The endpoint is any gateway of the cluster: --endpoint, else $AIS_ENDPOINT, else $AIS_URL, else the setting cluster.url\n"
    "(\"ais config cli\"), else http://127.0.0.1:8080.\n"
    "Buckets are written ais://bucket, objects ais://bucket/object.\n";
constexpr char kOutput[] =
    "Results go to standard output, as tables for people or with --json as one JSON document with stable keys; messages go to standard\n"
    "error. Names of objects are bytes: tables show unprintable bytes as \\x1b, and JSON has a text that is not UTF-8 in base64,\n"
    "under its key with _base64 added. Colour is used only on terminals, and a table that is wider than the terminal is split into parts\n"
    "there, each with the ids of its rows. Destructive commands ask first; without a terminal they need --yes. Long work shows progress\n"
    "on a terminal and nothing in a pipe. Commands that change many things have --dry-run, which shows what they would do.\n";

std::vector<Command> join_tables() {
  std::vector<Command> out;
  for (std::span<const Command> table : {bucket_commands(), object_commands(), cluster_commands(), shell_commands()})
    for (const Command& command : table) out.push_back(with_other_names(command));
  return out;
}

Program make_program() {
  static const std::vector<Command> commands = join_tables();
  Program out{.name = "ais", .version = kVersionText};
  out.help = "Look at and change an AIStore cluster.";
  out.introduction = kIntroduction;
  out.details = kOutput;
  out.page_begin = "`ais` looks at and changes a cluster through any of its gateways. [aisloader](aisloader.md) measures one.\n\n";
  out.commands = commands;
  out.groups = kGroups;
  out.common = kCommonFlags;
  out.hidden = kPackagingFlags;
  static std::vector<Example> examples;
  for (const char* path : {"bucket create", "object put", "bucket ls", "object get"})
    for (const Example& example : find_command(out, path)->examples) examples.push_back(example);
  out.examples = examples;
  out.environment = kEnvironment;
  out.files = kFiles;
  out.exit_statuses = kExitStatuses;
  out.see_also = kSeeAlso;
  out.absent_words = kAbsentWords;
  out.spoken = spoken_words();
  return out;
}

}  // namespace

const Program& program() {
  static const Program made = make_program();
  return made;
}

}  // namespace ais::cli
