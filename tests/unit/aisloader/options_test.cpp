#include "aisloader/options.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "aisloader/coming_from_original.h"
#include "aisloader/program.h"
#include "api/cgroup.h"
#include "cli/completion.h"
#include "cli/man_page.h"
#include "cli/text_file.h"

namespace ais::loader {
namespace {

using Words = std::vector<std::string>;

Options read(const Words& words) {
  Result<Request> request = parse_command_line(words);
  EXPECT_TRUE(request.ok()) << request.status().message();
  return request.ok() ? request->options : Options();
}

std::string refusal(const Words& words) {
  Result<Request> request = parse_command_line(words);
  EXPECT_FALSE(request.ok());
  return request.ok() ? "" : request.status().message();
}

std::string printed(const Words& words) {
  Result<Request> request = parse_command_line(words);
  EXPECT_TRUE(request.ok()) << request.status().message();
  return request.ok() && request->kind == Request::Kind::kPrint ? request->text : "";
}

/// Whoever runs the tests may have settings.
const int kNoSettings = setenv("XDG_CONFIG_HOME", "/nonexistent", 1);

TEST(LoaderOptions, Defaults) {
  ASSERT_EQ(kNoSettings, 0);
  unsetenv("AIS_ENDPOINT");
  unsetenv("AIS_URL");
  Options o = read({"--bucket", "ais://b"});
  EXPECT_EQ(o.endpoint, "http://127.0.0.1:8080");
  EXPECT_EQ(o.bucket.name, "b");
  EXPECT_EQ(o.duration, std::chrono::minutes(1));
  EXPECT_EQ(o.workers, 16u);
  EXPECT_EQ(o.threads, std::min<uint64_t>(api::usable_cpus(), 4));
  EXPECT_EQ(read({"--bucket", "b", "--numworkers", "1"}).threads, 1u);
  EXPECT_EQ(o.size_min, 4096u);
  EXPECT_EQ(o.size_max, 4096u);
  EXPECT_TRUE(o.unique_gets);
  EXPECT_TRUE(o.stoppable);
  EXPECT_FALSE(o.cleanup);
  EXPECT_EQ(o.rate, 0);
  EXPECT_FALSE(o.seed);
}

TEST(LoaderOptions, SizesAndTimes) {
  Options o = read({"--bucket",        "b",    "--minsize", "1MiB", "--maxsize", "2MiB", "--duration", "1m30s",
                    "--statsinterval", "0",    "--subdir",  "a/b",  "--pctput",  "25",   "--seed",     "9",
                    "--totalputsize",  "1GiB", "--readoff", "4K",   "--readlen", "1K"});
  EXPECT_EQ(o.size_min, kMiB);
  EXPECT_EQ(o.size_max, 2 * kMiB);
  EXPECT_EQ(o.duration, std::chrono::seconds(90));
  EXPECT_EQ(o.statistics_interval.count(), 0);
  EXPECT_EQ(o.subdirectory, "a/b/");
  EXPECT_EQ(o.put_percent, 25u);
  EXPECT_EQ(o.seed, 9u);
  EXPECT_EQ(o.put_bytes_max, kGiB);
  EXPECT_EQ(o.read_offset, 4 * kKiB);
  EXPECT_EQ(o.read_length, kKiB);
  EXPECT_EQ(read({"--bucket", "b", "--statsinterval", "5"}).statistics_interval, std::chrono::seconds(5));
  EXPECT_FALSE(read({"--bucket", "b", "--seed", "0"}).seed);  // as in the original: a new one
  EXPECT_EQ(read({"--bucket", "b", "--maxsize", "100"}).size_min, 100u);
}

TEST(LoaderOptions, GoSpellings) {
  Options o = read({"-bucket=nvais", "-duration", "10s", "-cleanup=true", "-numworkers=3", "-minsize=1K", "-maxsize=1K", "-pctput=100",
                    "-provider=ais", "-uniquegets=false", "-stoppable=0", "-verifyhash", "-epochs=0", "-putshards=7", "-quiet=T"});
  EXPECT_EQ(o.bucket.name, "nvais");
  EXPECT_EQ(o.duration, std::chrono::seconds(10));
  EXPECT_TRUE(o.cleanup);
  EXPECT_EQ(o.workers, 3u);
  EXPECT_EQ(o.size_max, kKiB);
  EXPECT_EQ(o.put_percent, 100u);
  EXPECT_FALSE(o.unique_gets);
  EXPECT_FALSE(o.stoppable);
  EXPECT_TRUE(o.verify_hash);
  EXPECT_EQ(o.subdirectories, 7u);
  EXPECT_TRUE(o.quiet);
  EXPECT_FALSE(read({"-bucket=b", "-cleanup", "-cleanup=false"}).cleanup);  // the last one counts
  EXPECT_TRUE(read({"-bucket=b", "--cleanup=false", "--cleanup"}).cleanup);
  EXPECT_EQ(read({"-bucket", "-b-"}).bucket.name, "-b-");  // a value may look like a flag
}

TEST(LoaderOptions, WhatEndsARun) {
  EXPECT_FALSE(read({"--bucket", "b", "--numepochs", "2"}).duration);
  EXPECT_FALSE(read({"--bucket", "b", "--pctput", "100", "--maxputs", "2"}).duration);
  EXPECT_FALSE(read({"--bucket", "b", "--pctput", "100", "--totalputsize", "2K", "--duration", "0"}).duration);
  EXPECT_FALSE(read({"--bucket", "b", "--duration", "0"}).duration);
  EXPECT_FALSE(read({"--bucket", "b", "--duration", "0"}).only_clean_up);
  EXPECT_TRUE(read({"--bucket", "b", "--duration", "0s", "--totalputsize=0", "--cleanup"}).only_clean_up);
}

TEST(LoaderOptions, Endpoint) {
  EXPECT_EQ(read({"--bucket", "b", "--ip", "example.com"}).endpoint, "http://example.com:8080");
  EXPECT_EQ(read({"--bucket", "b", "--ip", "::1", "--port", "51080"}).endpoint, "http://[::1]:51080");
  EXPECT_EQ(read({"--bucket", "b", "--endpoint", "h:1"}).endpoint, "http://h:1");
  setenv("AIS_URL", "http://old:1", 1);
  EXPECT_EQ(read({"--bucket", "b"}).endpoint, "http://old:1");
  setenv("AIS_ENDPOINT", "http://new:2", 1);
  EXPECT_EQ(read({"--bucket", "b"}).endpoint, "http://new:2");
  // The command line outranks the environment, whatever it says.
  EXPECT_EQ(read({"--bucket", "b", "--port", "3"}).endpoint, "http://127.0.0.1:3");
  EXPECT_EQ(read({"--bucket", "b", "--ip", "localhost"}).endpoint, "http://localhost:8080");
  EXPECT_EQ(read({"--bucket", "b", "--endpoint", "h:1"}).endpoint, "http://h:1");
  setenv("AIS_ENDPOINT", "examples.com:8080", 1);
  EXPECT_EQ(read({"--bucket", "b"}).endpoint, "http://examples.com:8080");
  setenv("AIS_ENDPOINT", "https://examples.com:8080", 1);
  EXPECT_NE(refusal({"--bucket", "b"}).find("$AIS_ENDPOINT"), std::string::npos);
  EXPECT_EQ(read({"--bucket", "b", "--ip", "h"}).endpoint, "http://h:8080");
  setenv("AIS_ENDPOINT", "", 1);  // as if it were not set
  EXPECT_EQ(read({"--bucket", "b"}).endpoint, "http://old:1");
  unsetenv("AIS_ENDPOINT");
  unsetenv("AIS_URL");
}

TEST(LoaderOptions, TheUsersSettingsNameTheGateway) {
  char directory[] = "/tmp/aisloader-settings-XXXXXX";
  ASSERT_TRUE(mkdtemp(directory));
  const std::string path = std::string(directory) + "/ais/cli/cli.json";
  ASSERT_TRUE(cli::make_directories(std::string(directory) + "/ais/cli").ok());
  ASSERT_TRUE(cli::replace_text_file(path, R"({"cluster":{"url":"http://settings:7"},"other":1})").ok());
  setenv("XDG_CONFIG_HOME", directory, 1);
  EXPECT_EQ(read({"--bucket", "b"}).endpoint, "http://settings:7");
  setenv("AIS_URL", "http://old:1", 1);
  EXPECT_EQ(read({"--bucket", "b"}).endpoint, "http://old:1") << "the environment goes before the file";
  EXPECT_EQ(read({"--bucket", "b", "--endpoint", "h:1"}).endpoint, "http://h:1") << "a flag goes before both";
  unsetenv("AIS_URL");
  EXPECT_EQ(read({"--bucket", "b", "--port", "3"}).endpoint, "http://127.0.0.1:3");
  ASSERT_TRUE(cli::replace_text_file(path, R"({"cluster":{"url":"https://settings:7"}})").ok());
  EXPECT_NE(refusal({"--bucket", "b"}).find(path), std::string::npos) << "who said it is named";
  ASSERT_TRUE(cli::replace_text_file(path, "{").ok());
  EXPECT_NE(refusal({"--bucket", "b"}).find(path), std::string::npos) << "a broken file might have named another cluster";
  EXPECT_EQ(read({"--bucket", "b", "--endpoint", "h:1"}).endpoint, "http://h:1");
  setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
  std::filesystem::remove_all(directory);
}

TEST(LoaderOptions, Listings) {
  EXPECT_EQ(read({"--bucket", "b", "--list-objects"}).list_percent, 100u);
  EXPECT_EQ(read({"--bucket", "b", "--list-objects", "--pctput", "30"}).list_percent, 70u);
  EXPECT_EQ(read({"--bucket", "b", "--pctlist", "20", "--list-objects"}).list_percent, 20u);
}

TEST(LoaderOptions, LoaderIds) {
  EXPECT_EQ(printed({"-getloaderid"}), "0x0\n");
  EXPECT_EQ(printed({"-loaderid=10", "-getloaderid"}), "0xa\n");
  EXPECT_EQ(printed({"-loaderid=9", "-loadernum=20", "-getloaderid"}), "0x9\n");
  // What the original prints for the same text, and as many bits as make whole hex digits.
  EXPECT_EQ(printed({"-loaderid=loaderstring", "-loaderidhashlen=8", "-getloaderid"}), "0xdb\n");
  EXPECT_EQ(printed({"-loaderid=loaderstring", "-loaderidhashlen=5", "-getloaderid"}), "0xdb\n");
  EXPECT_EQ(printed({"-loaderid=loaderstring", "-loaderidhashlen=4", "-getloaderid"}), "0xb\n");
  EXPECT_EQ(printed({"-loaderid=x-y", "-loaderidhashlen=63", "-getloaderid"}), "0x5734cab2d8091b0\n");
}

TEST(LoaderOptions, NamesThatAreToldApart) {
  Options o = read({"-bucket=b"});
  EXPECT_EQ(o.name_id, "");
  EXPECT_FALSE(o.numbered_names);
  o = read({"-bucket=b", "-loaderid=10"});  // the number of loaders is not known: names with the seed, and with the id
  EXPECT_EQ(o.name_id, "a");
  EXPECT_FALSE(o.numbered_names);
  o = read({"-bucket=b", "-loaderid=3", "-loadernum=17", "-randomname"});  // as in the original, --loadernum wins
  EXPECT_EQ(o.name_id, "3");
  EXPECT_TRUE(o.numbered_names);
  EXPECT_EQ(o.loader_id.bits, 8u);
  EXPECT_EQ(read({"-bucket=b", "-loaderid=3", "-loadernum=16"}).loader_id.bits, 4u);
  EXPECT_EQ(read({"-bucket=b", "-loadernum=1"}).loader_id.bits, 0u);
  o = read({"-bucket=b", "-loaderid=host7", "-loaderidhashlen=10"});
  EXPECT_TRUE(o.numbered_names);
  EXPECT_EQ(o.loader_id.bits, 12u);
  o = read({"-bucket=b", "-randomname=false"});
  EXPECT_TRUE(o.numbered_names);
  EXPECT_FALSE(o.loader_id.bits);
}

TEST(LoaderOptions, BucketPropertiesAsTheOriginalTakesThem) {
  for (const char* text : {"{\"mirror\":{\"copies\":2}}", "\"mirror\":{\"copies\":2}", "{\"mirror\":{\"copies\":2}},"})
    EXPECT_EQ(read({"-bucket=b", "-bprops", text}).bucket_props, "{\"mirror\":{\"copies\":2}}") << text;
}

TEST(LoaderOptions, TheCommandLineIsKept) {
  EXPECT_EQ(read({"-bucket=b", "--subdir", "it's"}).command_line, "aisloader -bucket=b --subdir 'it'\\''s'");
}

TEST(LoaderOptions, WrongUseIsRefused) {
  const std::vector<Words> wrong = {{"--nope"},
                                    {"--duration", "1s"},
                                    {"--bucket", "", "--duration", "1s"},
                                    {"--pctput", "100", "--provider", "gcp"},
                                    {"--pctput", "100", "--filelist", "names"},
                                    {"--duration", "0", "--totalputsize", "0", "--cleanup"},
                                    {"--bucket", "b", "--cksum-type", "md4"},
                                    {"--bucket", "b", "--latest"},
                                    {"--bucket", "ais://b/o"},
                                    {"--bucket", "b", "--pctput", "101"},
                                    {"--bucket", "b", "--pctput", "60", "--pctlist", "60"},
                                    {"--bucket", "b", "--numworkers", "0"},
                                    {"--bucket", "b", "--numworkers", "-3"},
                                    {"--bucket", "b", "--threads", "17"},
                                    {"--bucket", "b", "--minsize", "2M", "--maxsize", "1M"},
                                    {"--bucket", "b", "--minsize", "x"},
                                    {"--bucket", "b", "--duration", "soon"},
                                    {"--bucket", "b", "--duration", "-1s"},
                                    {"--bucket", "b", "--readoff", "1"},
                                    {"--bucket", "b", "--verify-hash", "--readlen", "5"},
                                    {"--bucket", "b", "--numepochs", "1", "--pctput", "100"},
                                    {"--bucket", "b", "--maxputs", "1"},
                                    {"--bucket", "b", "--subdir", "../x"},
                                    {"--bucket", "b", "--rate", "0"},
                                    {"--bucket", "b", "--rate", "nan"},
                                    {"--bucket", "b", "--rate", "inf"},
                                    {"--bucket", "b", "--arrivals", "even"},
                                    {"--bucket", "b", "--bprops", "[]"},
                                    {"--bucket", "b", "--cleanup=perhaps"},
                                    {"--bucket", "b", "--readertype", "tar", "--minsize", "1K"},
                                    {"--bucket", "b", "--endpoint", "h:1", "--ip", "h"},
                                    {"--bucket", "b", "--skiplist"},
                                    {"--bucket", "b", "--duration", "0", "--totalputsize", "0"},
                                    {"--bucket", "b", "--loaderid", "x"},
                                    {"--bucket", "b", "--loaderid", "4", "--loadernum", "4"},
                                    {"--bucket", "b", "--loaderid", "4", "--randomname=false"},
                                    {"--bucket", "b", "--loaderid", "x", "--randomname=false"},
                                    {"--bucket", "b", "--loaderid", ""},
                                    {"--bucket", "b", "--loaderid", "x", "--loaderidhashlen", "64"},
                                    {"--bucket", "b", "--loadernum", "4", "--loaderidhashlen", "4"},
                                    {"--bucket", "b", "--num-subdirs", "100001"},
                                    {"--bucket", "b", "--port", "65536"},
                                    {"--bucket", "b", "--port", "x"},
                                    {"--bucket", "b", "--endpoint", "host:port"},
                                    {"--bucket", "b", "--endpoint", ""},
                                    {"--bucket", "b", "--report", ""},
                                    {"--bucket", "b", "--stats-output="},
                                    {"--bucket", "b", "--filelist", ""},
                                    {"--bucket", "b", "--tmpdir", ""},
                                    {"--bucket", "b", "--list-objects", "--list-props", "name,bogus"},
                                    {"--bucket", "b", "--readertype", "rand", "--maxsize", "10G"},
                                    {"--bucket", "b", "stray"},
                                    {"--bucket"}};
  for (const Words& words : wrong) EXPECT_FALSE(refusal(words).empty()) << (words.empty() ? "" : words.back());
}

TEST(LoaderOptions, ABucketOfItsOwnGoesUnlessToldOtherwise) {
  for (const Words& words : {Words{"--pctput", "5"}, Words{"--bucket=", "--numobjects", "5"}}) {
    Options o = read(words);
    EXPECT_EQ(o.bucket.name, "");
    EXPECT_TRUE(o.cleanup);
  }
  EXPECT_FALSE(read({"--pctput", "5", "--cleanup=false"}).cleanup);
}

TEST(LoaderOptions, FlagsOfTheOriginalThatAreAbsent) {
  for (const char* word : {"-arch.pct=5", "-etl=x", "--nbi", "-list-dirs=true", "-s3endpoint=h", "-tokenfile"})
    EXPECT_NE(refusal({"-bucket=b", word}).find("not part of this version"), std::string::npos) << word;
  EXPECT_NE(refusal({"-bucket=b", "-pctmultipart", "5"}).find("--pctmultipart"), std::string::npos);
  Options o = read({"-arch.pct=0", "-etl", "", "-nbi=false", "-get-batchsize", "0", "-bucket", "b", "-s3endpoint=", "-numworkers=2"});
  EXPECT_EQ(o.bucket.name, "b");
  EXPECT_EQ(o.workers, 2u);
  std::string docs = printed({"--print-docs"});
  EXPECT_NE(docs.find("`-arch.format`"), std::string::npos);
  EXPECT_NE(docs.find("`-tokenfile`"), std::string::npos);
}

TEST(LoaderOptions, FlagsThatChangeNothing) {
  Words with = {"-bucket=b", "-randomname=false", "-perm-shuffle-max", "9", "-evict-batchsize=7", "-statsdip=h", "-statsdport",
                "1",         "-latest=false"};
  EXPECT_EQ(describe(read(with)), describe(read({"-bucket=b"})));
}

const cli::Flag* flag_named(std::string_view name) {
  for (const cli::FlagGroup& group : program().flags)
    for (const cli::Flag& flag : group.flags)
      if (name == flag.name) return &flag;
  return nullptr;
}

TEST(LoaderOptions, DefaultsThatDifferAreThoseOfTheTable) {
  for (const DifferentDefault& row : different_defaults()) {
    const cli::Flag* flag = flag_named(row.flag);
    ASSERT_TRUE(flag) << row.flag;
    EXPECT_NE(std::string(flag->help).find("(default " + std::string(row.here) + ")"), std::string::npos) << flag->help;
    EXPECT_STRNE(row.here, row.original);
  }
  for (const Words& said : {Words{"--numworkers", "16"}, Words{"--minsize", "4KiB"}, Words{"--maxsize", "4KiB"}, Words{"--duration", "1m"},
                            Words{"--cksum-type", "none"}, Words{"--stoppable"}, Words{"--cleanup=false"}}) {
    Words line = {"--bucket", "b", "--pctput", "100"};
    line.insert(line.end(), said.begin(), said.end());
    Options plain = read({"--bucket", "b", "--pctput", "100"}), o = read(line);
    EXPECT_EQ(describe(o), describe(plain)) << said[0];
    EXPECT_EQ(o.stoppable, plain.stoppable);
  }
}

TEST(LoaderOptions, TheNearestIsSuggested) {
  EXPECT_NE(refusal({"--bukcet", "b"}).find("--bucket"), std::string::npos);
  EXPECT_NE(refusal({"-numworker=3"}).find("--numworkers"), std::string::npos);
  EXPECT_NE(refusal({"-bucket=b", "-readertype=fil"}).find("did you mean \"file\""), std::string::npos);
}

TEST(LoaderOptions, EveryFlagIsInHelpAndManualAndCompletion) {
  std::string help = printed({"--help"}), manual = printed({"--print-man"}), docs = printed({"--print-docs"});
  EXPECT_EQ(help, printed({"usage"}));
  EXPECT_EQ(help, printed({"-h"}));
  EXPECT_EQ(help, printed({"-usage"}));
  EXPECT_EQ(help, printed({}));
  EXPECT_FALSE(printed({"version"}).empty());
  EXPECT_TRUE(manual.starts_with(".\\\"")) << manual.substr(0, 40);
  cli::LiveNames nothing;
  std::set<std::string> offered;
  for (const cli::Candidate& candidate : cli::complete_line(program(), {"--"}, nothing).items) offered.insert(candidate.text);
  for (const cli::FlagGroup& group : program().flags)
    for (const cli::Flag& flag : group.flags) {
      const std::string name = std::string("--") + flag.name;
      EXPECT_TRUE(offered.contains(name)) << name;
      EXPECT_NE(help.find(name), std::string::npos) << name;
      EXPECT_NE(docs.find(name), std::string::npos) << name;
      EXPECT_NE(manual.find(cli::ManPage::escape(name)), std::string::npos) << name;
    }
  for (const char* shell : {"bash", "zsh", "fish"}) {
    EXPECT_NE(printed({"completion", shell}).find("__complete"), std::string::npos);
    EXPECT_EQ(printed({"completion", shell}), printed({"--print-completion", shell}));
  }
  EXPECT_NE(refusal({"completion", "tcsh"}), "");
}

TEST(LoaderOptions, DryRunSaysWhatItWouldDo) {
  Result<Request> request = parse_command_line({"--bucket", "b", "--dry-run", "--rate", "5", "--pctput", "100"});
  ASSERT_TRUE(request.ok());
  EXPECT_TRUE(request->dry_run);
  bool told = false;
  for (const auto& [name, value] : describe(request->options)) told |= value.find("5 operations a second") != std::string::npos;
  EXPECT_TRUE(told);
  EXPECT_FALSE(parse_command_line({"--bucket", "b", "--dry-run=false"})->dry_run);
}

}  // namespace
}  // namespace ais::loader
