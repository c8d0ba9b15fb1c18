// The manual page ais(1) and the pages of docs/cli/, made from the command table.
#pragma once

#include <string>
#include <vector>

#include "base/status.h"

namespace ais::cli {

/// roff, section 1.
std::string manual_page();

struct DocsPage {
  std::string name;  // without ".md"
  std::string text;
};
/// README, then one page a group of commands. Transcripts come from `directory`/transcripts/.
Result<std::vector<DocsPage>> docs_pages(const std::string& directory);

}  // namespace ais::cli
