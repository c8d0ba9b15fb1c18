// Rows of the command table: the command line itself.
#include "ais/command/commands.h"

namespace ais::cli {
namespace {

constexpr Flag kSearchFlags[] = {{"regex", nullptr, "the words are a regular expression, matched with the names of commands", 0, false}};

constexpr Flag kRemoveFlags[] = {{"dry-run", nullptr, "say what would be removed, remove nothing", 0, false}};

constexpr Flag kPathFlags[] = {{"path", nullptr, "print only where the settings are kept", 0, false}};
constexpr Flag kResetFlags[] = {{"dry-run", nullptr, "say what would be set back, change nothing", 0, false}};

constexpr Command kShellCommands[] = {
    {"config cli show",
     "config cli",
     {},
     "Show the settings of this program, and where each comes from.",
     "They are kept in $XDG_CONFIG_HOME/ais/cli/cli.json, or ~/.config/ais/cli/cli.json. Flags go before the environment, the environment\n"
     "before the file. Members of that file which are no settings stay as they are.",
     kPathFlags,
     {{"ais config cli", "all of them"}, {"ais config cli show --path", "the name of the file"}},
     show_settings},
    {"config cli set",
     "",
     {"NAME=VALUE...", 1, kUnlimited, {ValueKind::kText}},
     "Change settings of this program.",
     "The names are cluster.url (the gateway), no_color (true or false) and timeout.http_timeout (how long a node may stay silent).\n"
     "\"NAME VALUE\" is understood too.\n\n"
     "JSON: what \"ais config cli show --json\" prints behind the change; so of reset.",
     {},
     {{"ais config cli set cluster.url=http://10.0.0.7:8080", "the gateway of every run to come"},
      {"ais config cli set no_color=true timeout.http_timeout=30s", "two settings at once"}},
     set_settings},
    {"config cli reset",
     "reset cli",
     {"[NAME]", 0, 1, {ValueKind::kText}},
     "Set one setting of this program back, or all of them.",
     "Of all of them the file is removed, after a question.",
     kResetFlags,
     {{"ais config cli reset cluster.url", "one"}, {"ais config cli reset --yes", "all, without a question"}},
     reset_settings},
    {"alias",
     "",
     {"[NAME COMMAND...]", 0, kUnlimited, {ValueKind::kText, ValueKind::kCommand}},
     "List the aliases, or set one.",
     "As \"ais alias ls\" and \"ais alias set\" do.",
     {},
     {{"ais alias", "all of them"}, {"ais alias sc 'show cluster'", "\"ais sc\" shows the cluster"}},
     list_or_set_alias},
    {"alias ls",
     "alias show",
     {},
     "List the aliases: your own, then the short names that commands have.",
     "Your own are kept in $XDG_CONFIG_HOME/ais/aliases.json, or ~/.config/ais/aliases.json.",
     {},
     {{"ais alias ls", "all of them"}, {"ais alias ls --json", "your own, as JSON"}},
     list_aliases},
    {"alias set",
     "",
     {"NAME COMMAND...", 2, kUnlimited, {ValueKind::kText, ValueKind::kCommand}},
     "Give a command line a name of your own.",
     "What follows the name is put in its place, and more arguments and flags may follow it. A command cannot be hidden. Quote the\n"
     "command when it has flags.",
     {},
     {{"ais alias set sc 'show cluster'", "\"ais sc\" shows the cluster"},
      {"ais alias set latest 'ls ais://logs --props name,atime'", "with arguments and flags"}},
     set_alias},
    {"alias rm",
     "",
     {"NAME [NAME...]", 1, kUnlimited, {ValueKind::kAlias}},
     "Remove aliases of your own.",
     "When one of the names is none, nothing is removed.",
     kRemoveFlags,
     {{"ais alias rm sc", "one"}, {"ais alias rm sc latest", "two"}},
     remove_aliases},
    {"alias reset",
     "",
     {},
     "Remove all aliases of your own.",
     "Asks first. A file of aliases that cannot be read is put right by it.",
     kRemoveFlags,
     {{"ais alias reset", "after a question"}, {"ais alias reset --yes", "without a question"}},
     reset_aliases},
    {"search",
     "",
     {"WORD...", 1, kUnlimited, {ValueKind::kText}},
     "Find commands by words of their names, help and flags.",
     "A command is found when it has all the words, or what they are synonyms of.",
     kSearchFlags,
     {{"ais search checksum", "commands that have to do with checksums"}, {"ais search --regex '^(cp|mv)$'", "by the names of commands"}},
     search_commands},
    {"version",
     "",
     {},
     "Print the version of this program.",
     "Those of the nodes: ais show cluster.",
     {},
     {{"ais version", "as ais --version does"}, {"ais version --json", "as a JSON object"}},
     print_version},
    {"completion",
     "",
     {"bash|zsh|fish", 1, 1, {ValueKind::kChoice}},
     "Print the script that makes TAB complete ais in a shell.",
     "\"make install\" puts the scripts where the shells look for them. For one session: source <(ais completion bash), or zsh.",
     {},
     {{"ais completion bash > ~/.local/share/bash-completion/completions/ais", "for bash"},
      {"ais completion fish > ~/.config/fish/completions/ais.fish", "for fish"}},
     print_completion_script},
};

}  // namespace

std::span<const Command> shell_commands() { return kShellCommands; }

}  // namespace ais::cli
