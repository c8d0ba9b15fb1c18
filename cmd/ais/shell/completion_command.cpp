// ais completion SHELL, and the hidden "ais __complete" that its scripts call.
#include <unistd.h>

#include <csignal>

#include "ais/command/commands.h"
#include "ais/shell/bash_line.h"
#include "ais/shell/completion.h"
#include "ais/shell/live_names.h"

namespace ais::cli {
namespace {

/// Whatever hangs (a name server, a gateway that stalls), the shell goes on after this many seconds.
void end_within(unsigned seconds) {
  std::signal(SIGALRM, [](int) { _exit(0); });
  alarm(seconds);
}

Completions complete_words(std::vector<std::string> words) {
  Result<Aliases> aliases = Aliases::load(Aliases::default_path());
  ClusterNames live;
  return complete_line(std::move(words), aliases.ok() ? *aliases : Aliases(), live);
}

std::string directives(const Completions& found) {
  if (found.files) return ":files\n";
  return found.directories ? ":directories\n" : "";
}

std::string bash_answer(const std::vector<std::string>& arguments) {
  if (arguments.size() != 3) return "";
  BashLine line = read_bash_line(arguments[1], arguments[2]);
  Completions found = complete_words(line.words);
  std::string out = directives(found);
  std::vector<std::string> replies;
  for (const Candidate& candidate : found.items) {
    std::string reply = line.reply(candidate.text);
    if (reply.empty()) continue;
    out += reply + "\n";
    replies.push_back(std::move(reply));
    if (is_open_ended(candidate.text) && out.find(":nospace\n") == std::string::npos) out.insert(0, ":nospace\n");
  }
  // Behind the only candidate bash closes the quote, and what is below could not be typed: with a second one it goes as far as both agree.
  if (replies.size() == 1 && line.quote && is_open_ended(replies[0])) out += replies[0] + "...\n";
  return out;
}

std::string words_answer(const std::vector<std::string>& arguments) {
  Completions found = complete_words({arguments.begin() + 1, arguments.end()});
  std::string out = directives(found);
  for (const Candidate& candidate : found.items) out += candidate.text + (candidate.help.empty() ? "" : "\t" + candidate.help) + "\n";
  return out;
}

}  // namespace

int print_completions(const std::vector<std::string>& arguments, FILE* out) {
  constexpr unsigned kSecondsMax = 2;
  if (arguments.empty()) return 0;
  end_within(kSecondsMax);
  std::string text = arguments[0] == "bash" ? bash_answer(arguments) : words_answer(arguments);
  std::fwrite(text.data(), 1, text.size(), out);
  std::fflush(out);
  return 0;
}

async::Task<Status> print_completion_script(Invocation& invocation) {
  const char* script = completion_script(invocation.argument(0));
  if (!script) co_return invocation.usage_error("\"" + invocation.argument(0) + "\" is none of bash, zsh, fish");
  invocation.print(script);
  co_return Status();
}

}  // namespace ais::cli
