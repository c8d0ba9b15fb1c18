#include "cli/flag_parser.h"

#include <gtest/gtest.h>
#include <stdlib.h>

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

Parsed parse(const Words& words, FlagRules rules = {}) {
  FlagParser parser(rules);
  parser.allow(kFlags, "tool do", FlagParser::From::kVariables);
  Parsed out;
  Result<Words> rest = parser.parse(words);
  if (rest.ok()) out.arguments = *rest;
  else out.error = rest.status().message();
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
  FlagParser parser;
  parser.allow(kGeneral);
  parser.allow(kFlags, "tool do");
  ASSERT_TRUE(parser.parse({"-j8"}).ok());
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

/// What CLI11 by itself would take for something else.
TEST(FlagParser, OddWordsAreUnknownFlags) {
  EXPECT_EQ(parse({"-5"}).error, "unknown flag -5 of \"tool do\"");
  EXPECT_EQ(parse({"---prefix=x"}).unknown, "-prefix");
  EXPECT_EQ(parse({"-=x"}).error, "unknown flag -= of \"tool do\"");
  EXPECT_EQ(parse({"--=x"}).unknown, "");
  EXPECT_NE(parse({"--=x"}).error, "");
  EXPECT_EQ(parse({"-rx"}).unknown, "x");
  EXPECT_EQ(parse({"--set", "[a,b]"}).flags.get_all("set"), Words{"[a,b]"});
  EXPECT_EQ(parse({"[a,b]", "++", "/x", "{}"}).arguments, (Words{"[a,b]", "++", "/x", "{}"}));
  EXPECT_EQ(parse({"--set", "--recursive", "-s", "-r", "-rs", "--"}).flags.get_all("set"), (Words{"--recursive", "-r", "--"}));
  EXPECT_FALSE(parse({"-prefix", "-recursive"}).flags.has("recursive"));
}

TEST(FlagParser, StopsAtTheFirstArgument) {
  FlagParser parser;
  parser.allow(kFlags);
  Result<Words> rest = parser.parse({"-r", "--prefix", "p", "word", "--later", "-j"}, FlagParser::Until::kArgument);
  ASSERT_TRUE(rest.ok());
  EXPECT_EQ(*rest, (Words{"word", "--later", "-j"}));
  EXPECT_EQ(parser.flags().get("prefix"), "p");
  rest = parser.parse({"--", "-r", "--prefix"}, FlagParser::Until::kArgument);
  ASSERT_TRUE(rest.ok());
  EXPECT_EQ(*rest, (Words{"-r", "--prefix"}));
  EXPECT_EQ(*parser.parse({"--nope"}), Words{"--nope"}) << "flags were ended before";
}

TEST(FlagParser, SwitchesMayBeGivenAValue) {
  const FlagRules rules{.switch_values = true};
  EXPECT_TRUE(parse({"--check"}, rules).flags.is_on("check"));
  EXPECT_TRUE(parse({"--check=false", "-check=T"}, rules).flags.is_on("check"));
  EXPECT_FALSE(parse({"-check", "-verify=0"}, rules).flags.is_on("check")) << "the last one counts";
  EXPECT_TRUE(FlagValues().is_on("check", true));
  EXPECT_EQ(parse({"--check=perhaps"}, rules).error, "--check: \"perhaps\" is neither true nor false");
  EXPECT_NE(parse({"--check="}, rules).error, "");
}

TEST(FlagParser, VariablesStandInForFlags) {
  const FlagRules rules{.variables = true};
  setenv("AIS_PREFIX", "from-environment", 1);
  setenv("AIS_SET", "a=1,b=2", 1);
  setenv("AIS_NAME_ONLY", "yes", 1);
  setenv("AIS_CHECK", "", 1);
  Parsed parsed = parse({"word"}, rules);
  EXPECT_EQ(parsed.error, "");
  EXPECT_EQ(parsed.flags.get("prefix"), "from-environment");
  EXPECT_EQ(parsed.flags.get_all("set"), (Words{"a=1", "b=2"}));
  EXPECT_TRUE(parsed.flags.is_on("name-only"));
  EXPECT_FALSE(parsed.flags.has("check"));
  EXPECT_EQ(parse({"--prefix", "given", "-s", "c=3"}, rules).flags.get_all("prefix"), Words{"given"});
  EXPECT_EQ(parse({"-s", "c=3"}, rules).flags.get_all("set"), Words{"c=3"});
  EXPECT_FALSE(parse({}).flags.has("prefix")) << "where a program has no variables";
  setenv("AIS_NAME_ONLY", "perhaps", 1);
  EXPECT_NE(parse({}, rules).error, "");
  for (const char* name : {"AIS_PREFIX", "AIS_SET", "AIS_NAME_ONLY", "AIS_CHECK"}) unsetenv(name);
}

TEST(FlagParser, AbsentFlagsAreRefusedUnlessTheyChangeNothing) {
  constexpr Flag kAbsent[] = {{"etl", "VALUE", "the other's", 0, true, ValueKind::kAbsent},
                              {"dsort", nullptr, "the other's", 0, true, ValueKind::kAbsent}};
  auto error_of = [&](const Words& words) {
    FlagParser parser({.switch_values = true});
    parser.allow(kAbsent);
    Result<Words> rest = parser.parse(words);
    return rest.ok() ? std::string() : rest.status().message();
  };
  for (const Words& words : {Words{"-etl="}, Words{"-etl", "0"}, Words{"--dsort=false"}, Words{"-etl", "", "-etl=0"}})
    EXPECT_EQ(error_of(words), "") << words[0];
  for (const Words& words : {Words{"-etl=x"}, Words{"--etl"}, Words{"--etl", "x"}})
    EXPECT_EQ(error_of(words), "the other's --etl is not part of this version");
  EXPECT_EQ(error_of({"--dsort"}), "the other's --dsort is not part of this version");
  EXPECT_EQ(error_of({"--dsrt"}), "unknown flag --dsrt") << "nobody is led there";
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
