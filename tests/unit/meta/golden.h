// Golden files: the test fails when a text differs from tests/golden/<name> or docs/<name>. With AIS_UPDATE_GOLDEN=1 in the
// environment the file is written instead. Tests run in the root of the repository.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace ais::meta {

inline std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.good()) << path;
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline void expect_golden(const std::string& path, const std::string& text) {
  if (getenv("AIS_UPDATE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << text;
  EXPECT_EQ(read_file(path), text) << path << " (AIS_UPDATE_GOLDEN=1 rewrites it)";
}

}  // namespace ais::meta
