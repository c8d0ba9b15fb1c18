#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "aisloader/compare.h"
#include "aisloader/loader.h"
#include "aisloader/program.h"
#include "cli/completion.h"
#include "cli/standard_streams.h"

namespace {

constexpr int kUsage = 2;

int print(const std::string& text) {
  if (std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0) return 0;
  std::fprintf(stderr, "error: standard output cannot be written: %s\n", std::strerror(errno));
  return 1;
}

std::string parameter_text(const ais::loader::Options& options) {
  std::string out;
  for (const auto& [name, value] : ais::loader::describe(options))
    out += name + std::string(name.size() < 20 ? 20 - name.size() : 1, ' ') + value + "\n";
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  ais::cli::keep_standard_streams();
  if (argc > 1 && std::string_view(argv[1]) == "__complete") {
    ais::cli::LiveNames nothing;
    return ais::cli::print_completions(ais::loader::program(), {argv + 2, argv + argc}, nothing, stdout);
  }
  ais::Result<ais::loader::Request> request = ais::loader::parse_command_line({argv + 1, argv + argc});
  if (!request.ok()) {
    std::fprintf(stderr, "error: %s\n", request.status().message().c_str());
    return kUsage;
  }
  if (request->kind == ais::loader::Request::Kind::kPrint) return print(request->text);
  if (request->kind == ais::loader::Request::Kind::kCompare) return ais::loader::run_compare(request->line);
  if (request->dry_run) return print(parameter_text(request->options));
  return ais::loader::run_loader(request->options);
}
