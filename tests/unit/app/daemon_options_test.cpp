#include <gtest/gtest.h>
#include <stdlib.h>

#include "app/daemon.h"
#include "app/process_setup.h"

namespace ais::app {
namespace {

ParsedOptions parse(std::vector<std::string> arguments, meta::NodeType type = meta::NodeType::kTarget) {
  arguments.insert(arguments.begin(), "program");
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  return parse_daemon_options(static_cast<int>(argv.size()), argv.data(), type);
}

TEST(DaemonOptions, ReadsFlags) {
  const auto parsed = parse({"--state-dir",
                             "/s",
                             "--port",
                             "0",
                             "--intra-port",
                             "7",
                             "--public-host",
                             "h",
                             "--join",
                             "u1",
                             "--join",
                             "u2",
                             "--mountpath",
                             "/a",
                             "--mountpath",
                             "/b",
                             "--allow-shared-filesystem",
                             "--ready-file",
                             "/r",
                             "--loops",
                             "3",
                             "--id",
                             "tX"});
  ASSERT_EQ(parsed.exit_code, -1);
  const DaemonOptions& options = parsed.options;
  EXPECT_EQ(options.state_dir, "/s");
  EXPECT_EQ(options.log_dir, "/s/log");
  EXPECT_EQ(options.port, 0);
  EXPECT_EQ(options.intra_port, 7);
  EXPECT_EQ(options.join, (std::vector<std::string>{"u1", "u2"}));
  EXPECT_EQ(options.mountpaths, (std::vector<std::string>{"/a", "/b"}));
  EXPECT_TRUE(options.allow_shared_filesystem);
  EXPECT_EQ(options.loops, 3u);
  EXPECT_EQ(options.node_id, "tX");
}

TEST(DaemonOptions, AnEnvironmentThatAsksForWhatIsMissingIsAUsageError) {
  for (const auto& [name, value, refused] : {std::tuple("AIS_USE_HTTPS", "true", true),
                                             {"AIS_USE_HTTPS", "false", false},
                                             {"AIS_SERVER_KEY", "/key", true},
                                             {"AIS_SERVER_KEY", "", false},
                                             {"AIS_AUTHN_ENABLED", "1", true},
                                             {"AIS_AUTHN_SECRET_KEY", "x", true},
                                             {"AIS_AUTHN_URL", "x", false}}) {
    setenv(name, value, 1);
    testing::internal::CaptureStderr();
    EXPECT_EQ(parse({"--state-dir", "/s", "--mountpath", "/a"}).exit_code, refused ? 100 : -1) << name << "=" << value;
    const std::string said = testing::internal::GetCapturedStderr();
    EXPECT_EQ(said.find(std::string("ais-target: ") + name + ": ") == 0 && said.ends_with(" is not there in this version\n"), refused)
        << said;
    unsetenv(name);
  }
}

TEST(DaemonOptions, DefaultPorts) {
  const auto proxy = parse({"--state-dir", "/s", "--primary"}, meta::NodeType::kProxy);
  ASSERT_EQ(proxy.exit_code, -1);
  EXPECT_TRUE(proxy.options.primary);
  EXPECT_EQ(proxy.options.port, 8080);
  EXPECT_EQ(proxy.options.intra_port, 9080);
  EXPECT_EQ(parse({"--state-dir", "/s", "--port", "0"}, meta::NodeType::kProxy).options.intra_port, 0);
}

TEST(DaemonOptions, FlagOverridesEnvironment) {
  setenv("AIS_STATE_DIR", "/from-environment", 1);
  setenv("AIS_PORT", "1234", 1);
  const auto parsed = parse({"--port", "99"}, meta::NodeType::kProxy);
  unsetenv("AIS_STATE_DIR");
  unsetenv("AIS_PORT");
  ASSERT_EQ(parsed.exit_code, -1);
  EXPECT_EQ(parsed.options.state_dir, "/from-environment");
  EXPECT_EQ(parsed.options.port, 99);
}

TEST(DaemonOptions, UsageErrorsEndWith100AndHelpWith0) {
  EXPECT_EQ(parse({}).exit_code, 100);
  EXPECT_EQ(parse({"--state-dir", "/s"}).exit_code, 100);  // a target needs a mountpath
  EXPECT_EQ(parse({"--state-dir", "/s", "--mountpath", "/m", "--port", "70000"}).exit_code, 100);
  EXPECT_EQ(parse({"--state-dir", "/s", "--mountpath", "/m", "--nonsense"}).exit_code, 100);
  EXPECT_EQ(parse({"--help"}).exit_code, 0);
  EXPECT_EQ(parse({"--version"}).exit_code, 0);
}

TEST(PublicHost, Choice) {
  EXPECT_EQ(choose_public_host("given", "0.0.0.0"), "given");
  EXPECT_EQ(choose_public_host("", "127.0.0.1"), "127.0.0.1");
  EXPECT_FALSE(choose_public_host("", "0.0.0.0").empty());
}

}  // namespace
}  // namespace ais::app
