#include "base/name_template.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ais {
namespace {

std::vector<std::string> expand(std::string_view text) {
  Result<NameTemplate> parsed = NameTemplate::parse(text);
  EXPECT_TRUE(parsed.ok()) << parsed.status().to_string();
  std::vector<std::string> names;
  if (!parsed.ok()) return names;
  for (uint64_t i = 0; i < parsed->count(); ++i) names.push_back(parsed->at(i));
  return names;
}

using Names = std::vector<std::string>;

TEST(NameTemplate, TextWithoutRangeIsItself) {
  for (const char* text : {"", "plain", "a{b}c", "{}", "{1}", "{a..b}", "{1..}", "{..2}", "{1..2", "1..2}", "{-1..2}", "{1..2..3..4}"}) {
    EXPECT_EQ(expand(text), Names{text});
    EXPECT_FALSE(NameTemplate::parse(text)->has_range());
  }
}

TEST(NameTemplate, ExpandsWithWidthOfFirst) {
  EXPECT_EQ(expand("s-{08..11}.tar"), (Names{"s-08.tar", "s-09.tar", "s-10.tar", "s-11.tar"}));
  EXPECT_EQ(expand("{9..11}"), (Names{"9", "10", "11"}));
  EXPECT_EQ(expand("{0001..0001}"), (Names{"0001"}));
}

TEST(NameTemplate, Steps) {
  EXPECT_EQ(expand("{0..10..5}"), (Names{"0", "5", "10"}));
  EXPECT_EQ(expand("{0..9..5}"), (Names{"0", "5"}));
}

TEST(NameTemplate, LastRangeChangesFastest) {
  EXPECT_EQ(expand("a{1..2}/{{01..03..2}}"), (Names{"a1/{01}", "a1/{03}", "a2/{01}", "a2/{03}"}));
}

TEST(NameTemplate, CountsWithoutExpanding) {
  auto parsed = NameTemplate::parse("{000..999}/{000..999}");
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->count(), 1'000'000u);
  EXPECT_EQ(parsed->at(999'999), "999/999");
  EXPECT_EQ(parsed->at(1000), "001/000");
}

TEST(NameTemplate, LargestNumbers) {
  EXPECT_EQ(expand("{18446744073709551614..18446744073709551615}"), (Names{"18446744073709551614", "18446744073709551615"}));
}

TEST(NameTemplate, RefusesBadRanges) {
  for (const char* text : {"{2..1}", "{1..2..0}", "{0..18446744073709551615}", "{1..18446744073709551616}", "{0..99999}{0..99999}",
                           "{1..2}{1..2}{1..2}{1..2}{1..2}{1..2}{1..2}{1..2}{1..2}", "{000000000000000000000001..2}"}) {
    Result<NameTemplate> parsed = NameTemplate::parse(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.code(), Code::kInvalid) << text;
  }
}

TEST(NameTemplate, ContainsWhatItMakes) {
  for (const char* text : {"a", "", "s-{01..12}.tar", "{1..10}{1..10}", "x{8..20..4}y{0..3}", "{000..100}"}) {
    NameTemplate names = std::move(NameTemplate::parse(text)).value();
    for (uint64_t i = 0; i < names.count(); ++i) EXPECT_TRUE(names.contains(names.at(i))) << text << " " << names.at(i);
  }
  NameTemplate names = std::move(NameTemplate::parse("s-{01..12..2}.tar")).value();
  for (const char* other : {"", "s-", "s-1.tar", "s-001.tar", "s-02.tar", "s-13.tar", "s-01.tar2", "t-01.tar", "s-01"})
    EXPECT_FALSE(names.contains(other)) << other;
  EXPECT_EQ(names.common_prefix(), "s-");
  EXPECT_TRUE(NameTemplate::literal("{1..2}").contains("{1..2}"));
  EXPECT_EQ(NameTemplate::literal("{1..2}").count(), 1u);
}

}  // namespace
}  // namespace ais
