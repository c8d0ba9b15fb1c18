// docs/errors.md shows the table of codes as it is.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "base/status.h"

namespace ais {
namespace {

std::string table() {
  std::string rows;
  const auto add = [&rows](const char* name, int number, int status, std::string_view type, bool retryable) {
    const std::string quoted = type.empty() ? "" : "`" + std::string(type) + "`";
    rows += "| " + std::string(name) + " | " + std::to_string(number) + " | " + std::to_string(status) + " | " + quoted + " | " +
            (retryable ? "yes" : "") + " |\n";
  };
#define AIS_CODE(name, number, status, type_name, retryable) add(#name, number, status, type_name, retryable);
#include "base/codes.def"
#undef AIS_CODE
  return rows;
}

TEST(ErrorsPage, IsCurrent) {
  std::ifstream file("docs/errors.md");
  if (!file) GTEST_SKIP() << "not run in the top folder";
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_NE(text.str().find(table()), std::string::npos) << "docs/errors.md should contain:\n" << table();
}

}  // namespace
}  // namespace ais
