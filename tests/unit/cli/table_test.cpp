#include "cli/table.h"

#include <gtest/gtest.h>

namespace ais::cli {
namespace {

TEST(Table, AlignsColumns) {
  Table table({{"NAME"}, {"SIZE", Align::kRight}, {"NOTE"}});
  table.add({"a", "1B", "x"});
  table.add({"long-name", "128KiB", ""});
  EXPECT_EQ(table.render(false),
            "NAME         SIZE  NOTE\n"
            "a              1B  x\n"
            "long-name  128KiB  -\n");
}

TEST(Table, ColourIsInTheTitlesOnly) {
  Table table({{"A"}, {"B"}});
  table.add({"1", "2"});
  EXPECT_EQ(table.render(true), "\033[1mA  B\033[0m\n1  2\n");
}

TEST(Table, RowsAreTheSameWithoutTitles) {
  Table table({{"A"}, {"LONG", Align::kRight}});
  table.add({"1", "2"});
  EXPECT_EQ(table.render(TableStyle{.titles = false}), "1     2\n");
  EXPECT_EQ(table.render(TableStyle{.colour = true, .titles = false}), "1     2\n");
  EXPECT_EQ(table.width(), 7u);
}

TEST(Table, TonesColourWholeRows) {
  Table table({{"A"}, {"B"}});
  table.add({"1", "2"}, Tone::kAlert);
  table.add({"3", "4"}, Tone::kWarning);
  EXPECT_EQ(table.render(true), "\033[1mA  B\033[0m\n\033[31m1  2\033[0m\n\033[33m3  4\033[0m\n");
  EXPECT_EQ(table.render(false), "A  B\n1  2\n3  4\n");
}

TEST(Table, CountsCharactersNotBytes) {
  Table table({{"N"}, {"V"}});
  table.add({"é", "1"});
  table.add({"ab", "2"});
  EXPECT_EQ(table.render(false), "N   V\né   1\nab  2\n");
}

TEST(Table, ControlBytesCannotReachTheTerminal) {
  Table table({{"N"}});
  table.add({"a\033[2Jb\n"});
  EXPECT_EQ(table.render(false), "N\na\\x1b[2Jb\\x0a\n");
}

TEST(Table, LongTextsGiveWayOnATerminal) {
  Table table({{"NAME"}, {"SIZE", Align::kRight}, {"CHECKSUM"}});
  table.add({"train/images/shard-000123.tar", "1234567890", "0123456789abcdef"});
  table.add({"日本語日本語日本語日本語", "1", "short"});
  EXPECT_EQ(table.render(TableStyle{.width = 44}),
            "NAME                   SIZE  CHECKSUM\n"
            "train/i…123.tar  1234567890  0123456…9abcdef\n"
            "日本語…日本語           1  short\n");
  Table names({{"NAME"}});  // nothing else gains by a shorter name
  names.add({"a-name-that-is-longer-than-the-terminal"});
  EXPECT_EQ(names.render(TableStyle{.width = 10}), "NAME\na-name-that-is-longer-than-the-terminal\n");
}

TEST(Table, PagesKeepWidths) {
  Table table({{"N"}, {"V"}});
  table.add({"abcd", "1"});
  EXPECT_EQ(table.render(false), "N     V\nabcd  1\n");
  table.next_page();
  table.add({"x", "2"});
  table.add({"longer", "3"});
  EXPECT_EQ(table.render(false), "x     2\nlonger  3\n");
}

TEST(Table, WhatDoesNotFitComesInParts) {
  Table table({{.title = "NODE", .whole = true}, {"STATE"}, {"GET/s", Align::kRight}, {"PUT/s", Align::kRight}, {"LST/s", Align::kRight}});
  table.add({"a-node-with-an-id", "ready", "1", "2", "3"});
  EXPECT_EQ(table.render(TableStyle{.width = 33}),
            "NODE               STATE  GET/s\n"
            "a-node-with-an-id  ready      1\n"
            "\n"
            "NODE               PUT/s  LST/s\n"
            "a-node-with-an-id      2      3\n");
}

TEST(Table, KeysAreInEveryPart) {
  Table table(
      {{.title = "TARGET", .whole = true, .key = true}, {.title = "PATH", .key = true}, {"USED", Align::kRight}, {"AVAIL", Align::kRight}});
  table.add({"abcdefgh", "/a", "100MiB", "200MiB"});
  EXPECT_EQ(table.render(TableStyle{.width = 22}),
            "TARGET    PATH    USED\n"
            "abcdefgh  /a    100MiB\n"
            "\n"
            "TARGET    PATH   AVAIL\n"
            "abcdefgh  /a    200MiB\n");
}

}  // namespace
}  // namespace ais::cli
