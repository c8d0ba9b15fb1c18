// The scripts that make shells ask "ais __complete". All knowledge is in the program; the scripts only carry words there and answers
// back, so they stay valid when commands change.
#include "ais/shell/completion.h"

namespace ais::cli {
namespace {

constexpr const char* kBash = R"script(# bash completion of ais. Needs bash 4.2; the package bash-completion is not needed.
_ais() {
  local program=$1 line
  [[ $program == */* ]] || program=ais
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
complete -F _ais ais
)script";

constexpr const char* kZsh = R"script(#compdef ais
# zsh completion of ais.
_ais() {
  local program=${(Q)words[1]} line word
  local -a names texts open_names open_texts
  [[ $program == */* ]] || program=ais
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
if [[ $funcstack[1] == _ais ]]; then _ais "$@"; else compdef _ais ais; fi
)script";

constexpr const char* kFish = R"script(# fish completion of ais.
function __ais_complete
    set -l typed (commandline -ct)
    set -l plain (string unescape -- $typed)
    or set plain (string trim --left --chars='"\'' -- $typed)
    set -l words (commandline -opc)
    for line in (ais __complete fish $words[2..] "$plain" 2>/dev/null)
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
complete -c ais -f -a '(__ais_complete)'
)script";

}  // namespace

const char* completion_script(std::string_view shell) {
  if (shell == "bash") return kBash;
  if (shell == "zsh") return kZsh;
  return shell == "fish" ? kFish : nullptr;
}

}  // namespace ais::cli
