// The scripts that make shells ask "PROGRAM __complete". PROGRAM stands for its name, FUNCTION for the name with what no
// function may have replaced.
#include "cli/completion.h"

namespace ais::cli {
namespace {

constexpr const char* kBash = R"script(# bash completion of PROGRAM. Needs bash 4.2; the package bash-completion is not needed.
FUNCTION() {
  local program=$1 line
  [[ $program == */* ]] || program=PROGRAM
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :nospace) compopt -o nospace ;;
      :files) compopt -o default ;;
      :directories) compopt -o dirnames ;;
      *) COMPREPLY+=("$line") ;;
    esac
  done < <("${program/#\~/$HOME}" __complete bash "${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null)
}
complete -F FUNCTION PROGRAM
)script";

constexpr const char* kZsh = R"script(#compdef PROGRAM
# zsh completion of PROGRAM.
FUNCTION() {
  local program=${(Q)words[1]} line word
  local -a names texts open_names open_texts
  [[ $program == */* ]] || program=PROGRAM
  for line in ${(f)"$("${~program}" __complete zsh "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)"}; do
    case $line in
      :files) _files; continue ;;
      :directories) _files -/; continue ;;
    esac
    word=${line%%$'\t'*}
    if [[ $line == *$'\t'* ]]; then line="$word -- ${line#*$'\t'}"; fi
    if [[ $word == */ || $word == *= ]]; then
      open_names+=("$word") open_texts+=("$line")
    else
      names+=("$word") texts+=("$line")
    fi
  done
  (( $#names )) && compadd -l -d texts -a names
  (( $#open_names )) && compadd -l -S '' -d open_texts -a open_names
  return 0
}
if [[ $funcstack[1] == FUNCTION ]]; then FUNCTION "$@"; else compdef FUNCTION PROGRAM; fi
)script";

constexpr const char* kFish = R"script(# fish completion of PROGRAM.
function _FUNCTION_complete
    set -l typed (commandline -ct)
    set -l plain (string unescape -- $typed)
    or set plain (string trim --left --chars='"\'' -- $typed)
    set -l words (commandline -opc)
    for line in (PROGRAM __complete fish $words[2..] "$plain" 2>/dev/null)
        switch $line
            case :files
                __fish_complete_path "$plain"
            case :directories
                __fish_complete_directories "$plain"
            case '*'
                printf '%s\n' $line
        end
    end
end
complete -c PROGRAM -f -a '(_FUNCTION_complete)'
)script";

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
  return text;
}

}  // namespace

Result<std::string> completion_script(const Program& program, std::string_view shell) {
  const char* text = shell == "bash" ? kBash : shell == "zsh" ? kZsh : shell == "fish" ? kFish : nullptr;
  if (!text) return Status(Code::kInvalid, "\"" + std::string(shell) + "\" is none of bash, zsh, fish");
  return replaced(replaced(text, "PROGRAM", program.name), "FUNCTION", "_" + replaced(program.name, "-", "_"));
}

}  // namespace ais::cli
