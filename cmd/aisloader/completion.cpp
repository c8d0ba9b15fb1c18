#include "aisloader/completion.h"

#include "aisloader/flag_table.h"
#include "base/strings.h"
#include "cli/help_text.h"

namespace ais::loader {
namespace {

using cli::Flag;
using cli::ValueKind;

template <typename Visit>
void for_each_flag(Visit visit) {
  for (const cli::FlagGroup& group : program().flags)
    for (const Flag& flag : group.flags) visit(flag);
}

std::string words_of(std::string_view commas) {
  std::string out(commas);
  for (char& c : out)
    if (c == ',') c = ' ';
  return out;
}

/// Text between single quotes; the texts of the table have none of their own but may get one.
std::string quoted(std::string_view text, std::string_view quote) {
  std::string out = "'";
  for (char c : text) {
    if (c == '\'') out += quote;
    else out += c;
  }
  return out + "'";
}

std::string bash_script() {
  std::string cases, names;
  for_each_flag([&](const Flag& flag) {
    names += std::string(names.empty() ? "" : " ") + "--" + flag.name;
    std::string reply;
    if (!flag.value) return;
    if (*flag.choices) reply = "mapfile -t COMPREPLY < <(compgen -W \"" + words_of(flag.choices) + "\" -- \"$word\")";
    else if (flag.kind == ValueKind::kFile) reply = "mapfile -t COMPREPLY < <(compgen -f -- \"$word\")";
    else if (flag.kind == ValueKind::kDirectory) reply = "mapfile -t COMPREPLY < <(compgen -d -- \"$word\")";
    else reply = ":";
    cases += std::string("    --") + flag.name + "|-" + flag.name + ") " + reply + "; return ;;\n";
  });
  return "# bash completion of aisloader\n_aisloader() {\n  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
         "  COMPREPLY=()\n  if [[ ${COMP_WORDS[1]} == compare && $word != -* ]]; then\n"
         "    mapfile -t COMPREPLY < <(compgen -f -- \"$word\"); return\n  fi\n  case $before in\n" +
         cases + "  esac\n  mapfile -t COMPREPLY < <(compgen -W \"" + names + "\" -- \"$word\")\n}\ncomplete -F _aisloader aisloader\n";
}

std::string fish_script() {
  std::string out =
      "# fish completion of aisloader\ncomplete -c aisloader -f\n"
      "complete -c aisloader -n '__fish_seen_subcommand_from compare' -F\n";
  for_each_flag([&](const Flag& flag) {
    out += std::string("complete -c aisloader -l ") + flag.name;
    if (flag.letter) out += std::string(" -s ") + flag.letter;
    if (flag.value) out += flag.kind == ValueKind::kFile || flag.kind == ValueKind::kDirectory ? " -r -F" : " -x";
    if (*flag.choices) out += " -a " + quoted(words_of(flag.choices), "\\'");
    out += " -d " + quoted(flag.help, "\\'") + "\n";
  });
  return out;
}

std::string zsh_script() {
  std::string out = "#compdef aisloader\n_aisloader() {\nif [[ $words[2] == compare ]]; then _files; return; fi\n_arguments \\\n";
  for_each_flag([&](const Flag& flag) {
    std::string meaning;
    for (char c : std::string_view(flag.help)) {  // what _arguments reads as its own
      if (c == '[' || c == ']' || c == ':' || c == '\\') meaning += '\\';
      meaning += c;
    }
    std::string spec = std::string("--") + flag.name + (flag.value ? "=" : "") + "[" + meaning + "]";
    if (flag.value) spec += std::string(":") + to_lower(flag.value) + ":";
    if (*flag.choices) spec += "(" + words_of(flag.choices) + ")";
    else if (flag.kind == ValueKind::kFile) spec += "_files";
    else if (flag.kind == ValueKind::kDirectory) spec += "_files -/";
    else if (flag.value) spec += " ";
    out += "  " + quoted(spec, "'\\''") + " \\\n";
  });
  out.resize(out.size() - 3);
  return out + "\n}\nif [[ $funcstack[1] == _aisloader ]]; then _aisloader \"$@\"; else compdef _aisloader aisloader; fi\n";
}

}  // namespace

Result<std::string> completion_script(const std::string& shell) {
  if (shell == "bash") return bash_script();
  if (shell == "zsh") return zsh_script();
  if (shell == "fish") return fish_script();
  return Status(Code::kInvalid, "aisloader completion takes the name of a shell: bash, zsh or fish");
}

}  // namespace ais::loader
