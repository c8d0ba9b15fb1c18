#include "cli/flag_parser.h"

#include <gtest/gtest.h>

#include "cli/spelling.h"

namespace ais::cli {
namespace {

using Words = std::vector<std::string>;

constexpr Flag kFlags[] = {
    {"parallel", "N", "how many at a time", 'j', false},
    {"prefix", "TEXT", "names that begin with it", 'p', false},
    {"recursive", nullptr, "what is below as well", 'r', false},
    {"name-only", nullptr, "names only", '1', false},
    {"set", "NAME=VALUE", "a property", 's', true},
    with_synonyms({"check", nullptr, "compare it", 0, false}, "verify,validate"),
    with_synonyms({"workers", "N", "the same", 0, false}, "num-workers,set"),
};

struct Parsed {
  Words arguments;
  FlagValues flags;
  std::string error, unknown;
};

Parsed parse(const Words& words) {
  FlagParser parser(words);
  parser.allow(kFlags, "tool do");
  Parsed out;
  while (true) {
    Result<std::optional<std::string>> word = parser.next_argument();
    if (!word.ok()) out.error = word.status().message();
    if (!word.ok() || !*word) break;
    out.arguments.push_back(**word);
  }
  out.unknown = parser.unknown_flag();
  out.flags = parser.flags();
  return out;
}

TEST(FlagParser, ReadsValuesInAllForms) {
  for (const Words& words : std::vector<Words>{{"--parallel", "8"}, {"--parallel=8"}, {"-j", "8"}, {"-j8"}, {"-rj8"}, {"-rj", "8"}}) {
    Parsed parsed = parse(words);
    EXPECT_EQ(parsed.error, "");
    EXPECT_EQ(parsed.flags.get("parallel"), "8") << words[0];
    EXPECT_TRUE(parsed.arguments.empty());
  }
  Parsed letters = parse({"-1p", "x", "-r"});
  EXPECT_TRUE(letters.flags.has("name-only"));
  EXPECT_TRUE(letters.flags.has("recursive"));
  EXPECT_EQ(letters.flags.get("prefix"), "x");
}

TEST(FlagParser, ValuesMayBeginWithADashOrBeEmpty) {
  EXPECT_EQ(parse({"--prefix", "-x"}).flags.get("prefix"), "-x");
  EXPECT_EQ(parse({"--prefix=--"}).flags.get("prefix"), "--");
  EXPECT_EQ(parse({"--prefix="}).flags.get_all("prefix"), Words{""});
  EXPECT_EQ(parse({"--set=a=b=c"}).flags.get("set"), "a=b=c");
}

TEST(FlagParser, SynonymsAreTheirFlag) {
  EXPECT_TRUE(parse({"--verify"}).flags.has("check"));
  EXPECT_TRUE(parse({"--validate"}).flags.has("check"));
  EXPECT_EQ(parse({"--num-workers=3"}).flags.get("workers"), "3");
  EXPECT_EQ(parse({"--num-workers", "3", "--workers", "4"}).error, "--workers is given twice");
  EXPECT_EQ(parse({"--set", "a=1"}).flags.get("set"), "a=1") << "a name goes before a synonym";
  EXPECT_EQ(parse({"--verfy"}).error, "unknown flag --verfy of \"tool do\", did you mean \"--verify\"?");
}

TEST(FlagParser, LongNamesMayHaveOneDash) {
  EXPECT_EQ(parse({"-prefix=f"}).flags.get("prefix"), "f");
  EXPECT_EQ(parse({"-prefix", "f"}).flags.get("prefix"), "f");
  EXPECT_EQ(parse({"-num-workers", "3"}).flags.get("workers"), "3");
  EXPECT_TRUE(parse({"-recursive"}).flags.has("recursive"));
  EXPECT_EQ(parse({"-recursive=1"}).error, "--recursive takes no value");
  EXPECT_EQ(parse({"-prefi=f"}).flags.get("prefix"), "refi=f") << "no name: letters";
  EXPECT_EQ(parse({"-p=f"}).flags.get("prefix"), "=f");
}

TEST(FlagParser, ALetterOfALaterTableGoesBefore) {
  constexpr Flag kGeneral[] = {{"json", nullptr, "as a document", 'j'}};
  const Words words = {"-j8"};
  FlagParser parser(words);
  parser.allow(kGeneral);
  parser.allow(kFlags, "tool do");
  ASSERT_TRUE(parser.next_argument().ok());
  EXPECT_EQ(parser.flags().get("parallel"), "8");
  EXPECT_FALSE(parser.flags().has("json"));
}

TEST(FlagParser, DashesEndFlags) {
  Parsed parsed = parse({"a", "-r", "--", "-j", "--set", "--", "-"});
  EXPECT_EQ(parsed.arguments, (Words{"a", "-j", "--set", "--", "-"}));
  EXPECT_TRUE(parsed.flags.has("recursive"));
  EXPECT_EQ(parse({"-", ""}).arguments, (Words{"-", ""}));
}

TEST(FlagParser, OnlyRepeatableFlagsRepeat) {
  EXPECT_EQ(parse({"-s", "a=1", "--set=b=2"}).flags.get_all("set"), (Words{"a=1", "b=2"}));
  EXPECT_EQ(parse({"-j1", "-j2"}).error, "--parallel is given twice");
  EXPECT_EQ(parse({"-r", "--recursive"}).error, "");
}

TEST(FlagParser, SaysWhatIsWrong) {
  EXPECT_EQ(parse({"--parallel"}).error, "--parallel needs a value: N");
  EXPECT_EQ(parse({"-rj"}).error, "--parallel needs a value: N");
  EXPECT_EQ(parse({"--recursive=1"}).error, "--recursive takes no value");
  Parsed unknown = parse({"--paralel", "1"});
  EXPECT_EQ(unknown.error, "unknown flag --paralel of \"tool do\", did you mean \"--parallel\"?");
  EXPECT_EQ(unknown.unknown, "paralel");
  EXPECT_EQ(parse({"-x"}).error, "unknown flag -x of \"tool do\"");
  EXPECT_NE(parse({std::string("-\0", 2)}).error, "");
}

TEST(FlagValues, TypedValues) {
  FlagValues flags = parse({"-j", "12", "-p", "1MiB", "-s", "1m30s"}).flags;
  EXPECT_EQ(flags.get_number("parallel", 1).value(), 12u);
  EXPECT_EQ(flags.get_number("limit", 7).value(), 7u);
  EXPECT_EQ(flags.get_size("prefix", 0).value(), kMiB);
  EXPECT_EQ(flags.get_duration("set", {}).value(), std::chrono::seconds(90));
  EXPECT_EQ(flags.get_number("prefix", 0).status().message(), "--prefix: \"1MiB\" is not a number");
  EXPECT_FALSE(parse({"-s=-3s"}).flags.get_duration("set", {}).ok());
}

TEST(EditDistance, CountsSlips) {
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("abc", "abc"), 0u);
  EXPECT_EQ(edit_distance("abc", "acb"), 1u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
}

TEST(Nearest, IgnoresWhatIsFarOrHuge) {
  EXPECT_EQ(nearest("lsit", {"list", "put"}), "list");
  EXPECT_EQ(nearest("q", {"ls", "rm"}), "");
  EXPECT_EQ(nearest("job", {"rmb", "jobs"}), "jobs");
  EXPECT_EQ(nearest("auth", {"put", "cat", "path"}), "");
  EXPECT_EQ(nearest("--all", {"null"}), "");
  EXPECT_EQ(nearest("buckte", {"bucket"}), "bucket");
  EXPECT_EQ(nearest("same", {"same"}), "");
  EXPECT_EQ(nearest(std::string(100000, 'a'), {std::string(100000, 'b')}), "");
}

}  // namespace
}  // namespace ais::cli
