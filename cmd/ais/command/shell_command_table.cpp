// Rows of the command table: the command line itself.
#include "ais/command/commands.h"

namespace ais::cli {
namespace {

constexpr Flag kSearchFlags[] = {
    {"regex", nullptr, "the words are a regular expression that is matched against the names of commands", 0, false}};

constexpr Flag kRemoveFlags[] = {{"dry-run", nullptr, "show what would be removed, without removing it", 0, false}};

constexpr Flag kPathFlags[] = {{"path", nullptr, "print only the path of the settings file", 0, false}};
constexpr Flag kResetFlags[] = {{"dry-run", nullptr, "show what would be reset, without resetting it", 0, false}};

constexpr Command kShellCommands[] = {
    {"config cli show",
     "config cli",
     {},
     "Show the settings of this program, and where each comes from.",
     "They are kept in $XDG_CONFIG_HOME/ais/cli/cli.json, or ~/.config/ais/cli/cli.json. Flags override the environment, "
     "which overrides\n"
     "the file. Members of that file that are not settings are left as they are.",
     kPathFlags,
     {{"ais config cli", "all settings"}, {"ais config cli show --path", "the path of the file"}},
     show_settings},
    {"config cli set",
     "",
     {"NAME=VALUE...", 1, kUnlimited, {ValueKind::kText}},
     "Change settings of this program.",
     "The names are cluster.url (the gateway), no_color (true or false) and timeout.http_timeout (how long a node may stay silent).\n"
     "\"NAME VALUE\" is accepted too.\n\n"
     "JSON: what \"ais config cli show --json\" prints after the change; the same for reset.",
     {},
     {{"ais config cli set cluster.url=http://10.0.0.7:8080", "the gateway for all later runs"},
      {"ais config cli set no_color=true timeout.http_timeout=30s", "two settings at once"}},
     set_settings},
    {"config cli reset",
     "reset cli",
     {"[NAME]", 0, 1, {ValueKind::kText}},
     "Reset one setting of this program, or all of them.",
     "To reset all of them the file is removed, after confirmation.",
     kResetFlags,
     {{"ais config cli reset cluster.url", "reset one setting"}, {"ais config cli reset --yes", "reset all, without confirmation"}},
     reset_settings},
    {"alias",
     "",
     {"[NAME COMMAND...]", 0, kUnlimited, {ValueKind::kText, ValueKind::kCommand}},
     "List the aliases, or set one.",
     "Short for \"ais alias ls\" and \"ais alias set\".",
     {},
     {{"ais alias", "all of them"}, {"ais alias sc 'show cluster'", "\"ais sc\" shows the cluster"}},
     list_or_set_alias},
    {"alias ls",
     "alias show",
     {},
     "List the aliases: your own, then the short names of commands.",
     "Your own are kept in $XDG_CONFIG_HOME/ais/aliases.json, or ~/.config/ais/aliases.json.",
     {},
     {{"ais alias ls", "all of them"}, {"ais alias ls --json", "your own, as JSON"}},
     list_aliases},
    {"alias set",
     "",
     {"NAME COMMAND...", 2, kUnlimited, {ValueKind::kText, ValueKind::kCommand}},
     "Define a name for a command line.",
     "The name is replaced by what follows it here; more arguments and flags may follow. An alias cannot have the name of a "
     "command. Quote the\n"
     "command line when it has flags.",
     {},
     {{"ais alias set sc 'show cluster'", "\"ais sc\" shows the cluster"},
      {"ais alias set latest 'ls ais://logs --props name,atime'", "with arguments and flags"}},
     set_alias},
    {"alias rm",
     "",
     {"NAME [NAME...]", 1, kUnlimited, {ValueKind::kAlias}},
     "Remove your own aliases.",
     "If one of the names is not an alias, nothing is removed.",
     kRemoveFlags,
     {{"ais alias rm sc", "one"}, {"ais alias rm sc latest", "two"}},
     remove_aliases},
    {"alias reset",
     "",
     {},
     "Remove all your own aliases.",
     "Asks first. This also repairs a file of aliases that cannot be read.",
     kRemoveFlags,
     {{"ais alias reset", "after confirmation"}, {"ais alias reset --yes", "without confirmation"}},
     reset_aliases},
    {"search",
     "",
     {"WORD...", 1, kUnlimited, {ValueKind::kText}},
     "Find commands by words in their names, help and flags.",
     "A command is found when it has all the words or synonyms of them.",
     kSearchFlags,
     {{"ais search checksum", "commands about checksums"}, {"ais search --regex '^(cp|mv)$'", "by the names of commands"}},
     search_commands},
    {"version",
     "",
     {},
     "Print the version of this program.",
     "For the versions of the nodes use \"ais show cluster\".",
     {},
     {{"ais version", "the same as ais --version"}, {"ais version --json", "as a JSON object"}},
     print_version},
    {"completion",
     "",
     {"bash|zsh|fish", 1, 1, {ValueKind::kChoice}},
     "Print the script for TAB completion in a shell.",
     "\"make install\" puts the scripts where the shells look for them. For the current session only: source <(ais completion bash), or "
     "zsh.",
     {},
     {{"ais completion bash > ~/.local/share/bash-completion/completions/ais", "for bash"},
      {"ais completion fish > ~/.config/fish/completions/ais.fish", "for fish"}},
     print_completion_script},
};

}  // namespace

std::span<const Command> shell_commands() { return kShellCommands; }

}  // namespace ais::cli
