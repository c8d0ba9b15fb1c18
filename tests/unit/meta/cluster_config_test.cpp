#include "meta/cluster_config.h"

#include <gtest/gtest.h>

#include "unit/meta/golden.h"

namespace ais::meta {
namespace {

std::string code_of(const Status& status) { return std::string(code_name(status.code())) + ": " + status.message(); }

Status apply_text(ClusterConfig& config, std::string_view text) {
  auto document = codec::JsonDocument::parse(text);
  if (!document.ok()) return document.status();
  return apply_config_document(config, document->root());
}

TEST(ClusterConfigTest, GoldenDefaults) {
  ClusterConfig config;
  config.uuid = "clu-1";
  config.lastupdate_time = "2026-01-02 03:04:05";
  config.version = 7;
  codec::JsonWriter pretty(1);
  pretty.raw(config.to_json());
  expect_golden("tests/golden/cluster_config.json", pretty.take() + "\n");
}

TEST(ClusterConfigTest, DefaultsAreValidAndRoundTrip) {
  ClusterConfig config;
  EXPECT_TRUE(validate_config(config).ok()) << validate_config(config).to_string();
  config.uuid = "u";
  config.version = 12;
  config.log.max_size = Size{1610612736 / 2 + 1};  // has no short text
  config.log.max_total = Size{kTiB};
  config.features = 1u << 27;
  config.auth.signature.key = "secret";
  config.auth.required_claims.aud = {"a", "b"};
  config.backend.providers["ais"]["remote"] = {"http://h:1", "http://h:2"};
  config.backend.providers["aws"];
  auto read = ClusterConfig::from_json(config.to_json());
  ASSERT_TRUE(read.ok()) << read.status().to_string();
  EXPECT_EQ(*read, config);
  EXPECT_EQ(ClusterConfig::from_json("{}").value(), ClusterConfig());
}

TEST(ClusterConfigTest, SectionsAreAllThereAndOptionalPartsAreNot) {
  auto document = codec::JsonDocument::parse(ClusterConfig().to_json());
  codec::JsonView root = document->root();
  for (const char* section : {"write_policy",
                              "checksum",
                              "tcb",
                              "tco",
                              "arch",
                              "lso",
                              "rate_limit",
                              "keepalivetracker",
                              "rebalance",
                              "log",
                              "ec",
                              "get_batch",
                              "space",
                              "transport",
                              "disk",
                              "fshc",
                              "chunks",
                              "lru",
                              "mirror",
                              "periodic",
                              "client",
                              "downloader",
                              "distributed_sort",
                              "auth",
                              "backend",
                              "proxy",
                              "net",
                              "timeout",
                              "memsys",
                              "versioning",
                              "resilver"})
    EXPECT_TRUE(root[section].is_object()) << section;
  EXPECT_EQ(root["features"].to_text(), "\"0\"");
  EXPECT_EQ(root["config_version"].to_text(), "\"0\"");
  EXPECT_TRUE(root["tracing"].is_null());
  EXPECT_EQ(root["auth"].to_text(), "{\"client_auth_required\":false}");
  EXPECT_TRUE(root["chunks"]["flags"].is_null());
  EXPECT_TRUE(root["rate_limit"]["backend"]["per_op_max_tokens"].is_null());
}

TEST(ClusterConfigTest, SecretsAreMaskedForClientsAndTheMaskIsNoChange) {
  ClusterConfig config;
  config.auth.signature.key = "hush";
  codec::JsonWriter out;
  out.begin_object();
  write_config_members(out, config);
  out.end_object();
  std::string shown = out.take();
  EXPECT_EQ(shown.find("hush"), std::string::npos);
  EXPECT_NE(config.to_json().find("hush"), std::string::npos);
  ASSERT_TRUE(apply_text(config, shown).ok());
  EXPECT_EQ(config.auth.signature.key, "hush");
}

TEST(ClusterConfigTest, DocumentsArePartialAndAllOrNothing) {
  ClusterConfig config;
  ASSERT_TRUE(
      apply_text(config, R"({"MIRROR":{"Copies":3,"enabled":null},"lru":null,"none":5,"timeout":{"max_host_busy":30000000000},"uuid":"evil",
                              "config_version":"99"})")
          .ok());
  EXPECT_EQ(config.mirror.copies, 3);
  EXPECT_FALSE(config.mirror.enabled);
  EXPECT_EQ(config.timeout.max_host_busy, seconds(30));
  EXPECT_EQ(config.uuid, "");
  EXPECT_EQ(config.version, 0);
  ClusterConfig before = config;
  EXPECT_FALSE(apply_text(config, R"({"mirror":{"enabled":true},"ec":{"data_slices":33}})").ok());
  EXPECT_EQ(config, before);
  for (const char* bad : {"[]", "3", "null", R"({"mirror":3})", R"({"mirror":{"copies":"x"}})", R"({"mirror":{"copies":2.5}})",
                          R"({"mirror":{"enabled":1}})", R"({"log":{"max_size":-1}})", R"({"log":{"level":3}})",
                          R"({"client":{"client_timeout":true}})", R"({"backend":[]})", R"({"backend":{"ais":{"a":"url"}}})",
                          R"({"auth":{"required_claims":{"aud":[1]}}})", R"({"features":"-1"})", R"({"features":"268435456"})"})
    EXPECT_EQ(apply_text(config, bad).code(), Code::kInvalid) << bad;
  EXPECT_EQ(apply_text(config, R"({"backend":{"ftp":{}}})").code(), Code::kInvalidProvider);
  EXPECT_EQ(config, before);
}

TEST(ClusterConfigTest, SetsSingleKnobsFromText) {
  ClusterConfig config;
  using Row = std::pair<const char*, const char*>;
  for (auto [name, text] :
       {Row{"mirror.copies", "3"}, Row{"MIRROR.enabled", "yes"}, Row{"lru.dont_evict_time", "1h"}, Row{"log.level", "4,net"},
        Row{"net.http.write_buffer_size", "65536"}, Row{"keepalivetracker.proxy.interval", "30s"}, Row{"features", "4"},
        Row{"checksum.type", "md5"}, Row{"auth.required_claims.aud", "a, b"}, Row{"chunks.chunk_size", "10MB"},
        Row{"backend.conf", R"({"aws":{},"ais":{"r":["http://x"]}})"}, Row{"write_policy.data", "delayed"}, Row{"ec.objsize_limit", "-1"}})
    EXPECT_TRUE(set_config_value(config, name, text).ok()) << name << " " << set_config_value(config, name, text).to_string();
  EXPECT_EQ(config.mirror.copies, 3);
  EXPECT_TRUE(config.mirror.enabled);
  EXPECT_EQ(config.lru.dont_evict_time, hours(1));
  EXPECT_EQ(config.auth.required_claims.aud, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(config.chunks.chunk_size.bytes, 10 * kMiB);
  EXPECT_EQ(config.backend.providers.at("ais").at("r").at(0), "http://x");
  EXPECT_TRUE(validate_config(config).ok());
}

TEST(ClusterConfigTest, RefusesUnknownNamesAndBadValues) {
  ClusterConfig config;
  using Row = std::pair<const char*, const char*>;
  for (auto [name, text] : {Row{"mirror.copies", "1"},
                            Row{"mirror.copies", "33"},
                            Row{"mirror.copies", ""},
                            Row{"mirror.copies", "2 "},
                            Row{"mirror.enabled", "maybe"},
                            Row{"mirror", "3"},
                            Row{"nothing.here", "1"},
                            Row{"", "1"},
                            Row{"uuid", "x"},
                            Row{"config_version", "3"},
                            Row{"ec.data_slices", "0"},
                            Row{"ec.parity_slices", "33"},
                            Row{"ec.objsize_limit", "-2"},
                            Row{"lru.dont_evict_time", "59m"},
                            Row{"lru.capacity_upd_time", "9s"},
                            Row{"log.level", "33"},
                            Row{"log.level", "6"},
                            Row{"log.level", ""},
                            Row{"log.level", "3\nx"},
                            Row{"client.client_timeout", "999ms"},
                            Row{"client.list_timeout", "31m"},
                            Row{"periodic.stats_time", "61s"},
                            Row{"periodic.retry_sync_time", "9ms"},
                            Row{"periodic.retry_sync_time", "11s"},
                            Row{"periodic.notif_time", "0"},
                            Row{"keepalivetracker.target.interval", "999ms"},
                            Row{"timeout.max_host_busy", "9s"},
                            Row{"timeout.send_file_time", "59s"},
                            Row{"timeout.startup_time", "29s"},
                            Row{"checksum.type", "md6"},
                            Row{"write_policy.md", "sometimes"},
                            Row{"arch.compression", "zip"},
                            Row{"chunks.objsize_limit", "-1"},
                            Row{"chunks.max_monolithic_size", "18446744073709551615"},
                            Row{"backend", "[1]"},
                            Row{"distributed_sort.default_max_mem_usage", "101%"}}) {
    Status status = set_config_value(config, name, text);
    EXPECT_EQ(status.code(), Code::kInvalid) << name << "=" << text;
    EXPECT_NE(status.message().find(std::string_view(name) == "backend" ? "backend" : name), std::string::npos) << code_of(status);
  }
  EXPECT_EQ(config, ClusterConfig());
}

TEST(ClusterConfigTest, RulesBetweenKnobs) {
  for (const char* bad :
       {R"({"space":{"cleanupwm":75}})", R"({"space":{"highwm":95}})", R"({"space":{"lowwm":90}})", R"({"space":{"out_of_space":101}})",
        R"({"disk":{"disk_util_low_wm":80}})", R"({"disk":{"iostat_time_short":"3s"}})", R"({"timeout":{"max_keepalive":"3s"}})",
        R"({"timeout":{"cplane_operation":"3s"}})", R"({"timeout":{"max_keepalive":"11s"}})",
        R"({"keepalivetracker":{"proxy":{"interval":"4s"}}})", R"({"timeout":{"startup_time":"4m"}})", R"({"log":{"max_total":"1MiB"}})",
        R"({"chunks":{"objsize_limit":"2TiB"}})", R"({"mirror":{"enabled":true},"chunks":{"objsize_limit":"1GiB"}})",
        R"({"net":{"http":{"use_https":true}}})"}) {
    ClusterConfig config;
    EXPECT_EQ(apply_text(config, bad).code(), Code::kInvalid) << bad;
    EXPECT_FALSE(ClusterConfig::from_json(bad).ok()) << bad;
  }
  ClusterConfig config;
  EXPECT_TRUE(apply_text(config, R"({"space":{"cleanupwm":10,"lowwm":20,"highwm":30,"out_of_space":40}})").ok());
  EXPECT_TRUE(set_config_value(config, "space.lowwm", "30").ok());  // one at a time; the relation is checked at the end
  EXPECT_FALSE(validate_config(config).ok());
}

TEST(ClusterConfigTest, ScopesAndTransience) {
  for (const char* name : {"mirror", "mirror.copies", "ec.enabled", "features", "backend", "Net.http.use_https"})
    EXPECT_TRUE(is_cluster_only(name)) << name;
  for (const char* name : {"lru.enabled", "log", "timeout.startup_time", "ais_store.pool_threads", "nothing"})
    EXPECT_FALSE(is_cluster_only(name)) << name;
  for (const char* name : {"auth", "net.http.idle_conns", "memsys.min_free", "keepalivetracker.num_retries", "timeout.max_keepalive",
                           "timeout.cplane_operation", "tracing.x"})
    EXPECT_FALSE(transient_allowed(name)) << name;
  for (const char* name : {"timeout.startup_time", "mirror.copies", "timeout"}) EXPECT_TRUE(transient_allowed(name)) << name;
}

TEST(ClusterConfigTest, EveryTruncationIsRefused) {
  std::string text = ClusterConfig().to_json();
  for (size_t length = 0; length < text.size(); length += 7) EXPECT_FALSE(ClusterConfig::from_json(text.substr(0, length)).ok()) << length;
}

TEST(ClusterConfigTest, EveryKnobTakesItsDefaultAsText) {
  for (const ConfigKnob& knob : list_config_knobs()) {
    ClusterConfig config;
    bool unset = knob.default_value.empty() || knob.type == "list";
    EXPECT_TRUE(unset || set_config_value(config, knob.name, knob.default_value).ok()) << knob.name;
    EXPECT_EQ(config, ClusterConfig()) << knob.name;
    EXPECT_FALSE(knob.description.empty()) << knob.name;
  }
}

// Some value that the knob may take and that is not its default.
std::string other_value(const ConfigKnob& knob) {
  std::vector<std::string> tries = {knob.default_value == "true" ? "false" : "true",
                                    "x",
                                    R"({"aws":{}})",
                                    "1000",
                                    "11",
                                    "7",
                                    "3",
                                    "1",
                                    "0",
                                    "2h",
                                    "5h",
                                    "40s",
                                    "4s",
                                    "2s",
                                    "100ms",
                                    "5GiB",
                                    "1MiB",
                                    "90%",
                                    "warn",
                                    "always",
                                    "delayed",
                                    "md5"};
  for (const std::string& text : tries) {
    ClusterConfig config;
    if (set_config_value(config, knob.name, text).ok() && config != ClusterConfig()) return text;
  }
  return "";
}

TEST(ClusterConfigTest, KnobsThatNothingActsOnAreRefused) {
  size_t refused = 0;
  for (const ConfigKnob& knob : list_config_knobs()) {
    const std::string other = other_value(knob);
    const bool constant = knob.name.ends_with(".name") || knob.name == "net.l4.proto";
    ASSERT_EQ(other.empty(), constant) << knob.name;
    if (constant) continue;
    ClusterConfig left_behind;
    ASSERT_TRUE(set_config_value(left_behind, knob.name, other).ok());
    const auto changed = change_config(ClusterConfig(), codec::JsonView(), {{knob.name, other}});
    if (knob.missing.empty()) {
      EXPECT_NE(changed.code(), Code::kNotImplemented) << knob.name;
      EXPECT_TRUE(settings_without_effect(left_behind).empty()) << knob.name;
      continue;
    }
    ++refused;
    EXPECT_EQ(changed.code(), Code::kNotImplemented) << knob.name << "=" << other;
    const std::string what = knob.bits_with_effect != 0 ? "" : knob.missing;
    EXPECT_EQ(changed.status().message().find(knob.name + ": " + what), 0u) << changed.status().message();
    EXPECT_NE(changed.status().message().find(" is not there in this version"), std::string::npos);
    EXPECT_EQ(settings_without_effect(left_behind).size(), 1u) << knob.name;
    // As text, as a document, and next to one that has its effect: the same, and nothing is changed.
    EXPECT_EQ(change_config(ClusterConfig(), codec::JsonView(), {{"log.level", "4"}, {knob.name, other}}).code(), Code::kNotImplemented);
    const auto document = codec::JsonDocument::parse(left_behind.to_json());
    EXPECT_EQ(change_config(ClusterConfig(), document->root(), {}).code(), Code::kNotImplemented) << knob.name;
    // What another version has left behind may be repeated and taken back.
    EXPECT_NE(change_config(left_behind, document->root(), {}).code(), Code::kNotImplemented) << knob.name;
    if (knob.type != "list" && !knob.default_value.empty()) {
      EXPECT_NE(change_config(left_behind, codec::JsonView(), {{knob.name, knob.default_value}}).code(), Code::kNotImplemented)
          << knob.name;
    }
  }
  EXPECT_GT(refused, 90u);
}

TEST(ClusterConfigTest, WhatIsNotAllowedIsToldBeforeWhatIsMissing) {
  const auto code = [](std::string_view name, std::string_view value) {
    return change_config(ClusterConfig(), codec::JsonView(), {{std::string(name), std::string(value)}}).code();
  };
  EXPECT_EQ(code("mirror.copies", "33"), Code::kInvalid);
  EXPECT_EQ(code("mirror.copies", "1"), Code::kInvalid);
  EXPECT_EQ(code("ec.data_slices", "0"), Code::kInvalid);
  EXPECT_EQ(code("nonsense.copies", "3"), Code::kInvalid);
  // Without a certificate it could not be turned on either, but there is no TLS to be had with one.
  EXPECT_EQ(code("net.http.use_https", "true"), Code::kNotImplemented);
  EXPECT_EQ(code("features", "8"), Code::kNotImplemented);
  EXPECT_EQ(code("features", "16"), Code::kOk);
  EXPECT_EQ(code("features", "268435456"), Code::kInvalid);
  const auto whole = codec::JsonDocument::parse(ClusterConfig().to_json());
  EXPECT_TRUE(change_config(ClusterConfig(), whole->root(), {}).ok()) << "a client may send back all that it was shown";
}

TEST(ConfigPageTest, TableIsTheCodes) {
  const std::string kPage = "docs/configuration.md";
  const std::string kMarker = "rewrites it.\n\n";
  std::string page = read_file(kPage);
  size_t at = page.find(kMarker);
  ASSERT_NE(at, std::string::npos);
  expect_golden(kPage, page.substr(0, at + kMarker.size()) + config_knobs_markdown());
}

}  // namespace
}  // namespace ais::meta
