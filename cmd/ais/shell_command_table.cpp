// Rows of the command table: the command line itself.
#include "ais/command_tables.h"
#include "ais/commands.h"

namespace ais::cli {
namespace {

constexpr Flag kSearchFlags[] = {{"regex", nullptr, "the words are a regular expression, matched with the names of commands", 0, false}};

constexpr Command kShellCommands[] = {
    {"alias ls",
     "alias,alias show",
     "",
     0,
     0,
     "List the aliases: your own, then the short names that commands have.",
     "Your own are kept in $XDG_CONFIG_HOME/ais/aliases.json, or ~/.config/ais/aliases.json.",
     {},
     {{"ais alias", "all of them"}, {"ais alias ls --json", "your own, as JSON"}},
     list_aliases},
    {"alias set",
     "",
     "NAME COMMAND...",
     2,
     kUnlimited,
     "Give a command line a name of your own.",
     "What follows the name is put in its place, and more arguments and flags may follow it. A command cannot be hidden. Quote the\n"
     "command when it has flags.",
     {},
     {{"ais alias set sc 'show cluster'", "\"ais sc\" shows the cluster"},
      {"ais alias set latest 'ls ais://logs --props name,atime'", "with arguments and flags"}},
     set_alias,
     {ValueKind::kText, ValueKind::kCommand}},
    {"alias rm",
     "",
     "NAME [NAME...]",
     1,
     kUnlimited,
     "Remove aliases of your own.",
     "",
     {},
     {{"ais alias rm sc", "one"}, {"ais alias rm sc latest", "two"}},
     remove_aliases,
     {ValueKind::kAlias}},
    {"alias reset",
     "",
     "",
     0,
     0,
     "Remove all aliases of your own.",
     "Asks first.",
     {},
     {{"ais alias reset", "after a question"}, {"ais alias reset --yes", "without a question"}},
     reset_aliases},
    {"search",
     "",
     "WORD...",
     1,
     kUnlimited,
     "Find commands by words of their names, help and flags.",
     "A command is found when it has all the words, or what they are synonyms of.",
     kSearchFlags,
     {{"ais search checksum", "commands that have to do with checksums"}, {"ais search --regex '^(cp|mv)$'", "by the names of commands"}},
     search_commands,
     {ValueKind::kText}},
    {"completion",
     "",
     "bash|zsh|fish",
     1,
     1,
     "Print the script that makes TAB complete ais in a shell.",
     "\"make install\" puts the scripts where the shells look for them. For one session: source <(ais completion bash), or zsh.",
     {},
     {{"ais completion bash > ~/.local/share/bash-completion/completions/ais", "for bash"},
      {"ais completion fish > ~/.config/fish/completions/ais.fish", "for fish"}},
     print_completion_script,
     {ValueKind::kChoice}},
};

}  // namespace

std::span<const Command> shell_commands() { return kShellCommands; }

}  // namespace ais::cli
