#include "base/log.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ais {
namespace {

std::vector<std::string> g_lines;
void collect(LogLevel, std::string_view module, std::string_view text) { g_lines.push_back(std::string(module) + "|" + std::string(text)); }

TEST(LogTest, LinesReachTheSinkFromTheirLevelOn) {
  g_lines.clear();
  int before = g_log_level.load();
  set_log_sink(&collect);
  set_log_level(LogLevel::kWarn);
  AIS_INFO("net", "hidden %d", 1);
  AIS_WARN("net", "shown %d", 2);
  AIS_ERROR("store", "%s", std::string(3000, 'x').c_str());
  set_log_sink(nullptr);
  set_log_level(static_cast<LogLevel>(before));
  ASSERT_EQ(g_lines.size(), 2u);
  EXPECT_EQ(g_lines[0], "net|shown 2");
  EXPECT_TRUE(g_lines[1].starts_with("store|xxx"));
}

}  // namespace
}  // namespace ais
