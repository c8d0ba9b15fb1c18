#include "ais/command/compatibility.h"

#include <deque>
#include <string>
#include <vector>

namespace ais::cli {
namespace {

struct OtherNames {
  const char* of;
  const char* names;  // separated by commas
};

/// By a command's path.
constexpr OtherNames kCommands[] = {
    {"bucket ls", "object ls"},
    {"bucket summary", "storage summary,show storage summary"},
    {"bucket props show", "bucket show,bucket props,props,props show,show props"},
    {"bucket props set", "set props"},
    {"bucket props reset", "reset props"},
    {"object cp", "bucket cp"},
    {"object mv", "object rename"},
    {"object append", "object concat"},
    {"log rotate", "advanced rotate-logs"},
    {"cluster remove-node", "node rm,advanced remove-from-smap"},
    {"config cluster", "set config"},
    {"status", "cluster status"},
    {"config cli show", "config show cli,show config cli"},
    {"config cli reset", "config reset cli,reset config cli"},
};

/// By a flag's name, whichever command has it.
constexpr OtherNames kFlags[] = {
    {"check", "checksum"},
    {"checksum", "compute-checksum,compute-cksum"},
    {"exist-ok", "ignore-error"},
    {"missing-ok", "ignore-error"},
    {"no-recursion", "non-recursive,nr"},
    {"non-verbose", "nv"},
    {"parallel", "num-workers"},
    {"replace", "set-new-custom"},
};

/// Flags that change nothing here: of buckets of other providers, and of waiting, which these commands always do.
struct IgnoredFlags {
  const char* command;
  Flag flag;
};
constexpr const char* kIgnored = "accepted for AIStore scripts; has no effect";
constexpr Flag ignored(const char* name, const char* synonyms) { return with_synonyms({name, nullptr, kIgnored}, synonyms); }
constexpr Flag ignored_time(const char* synonyms) { return with_synonyms({"timeout", "TIME", kIgnored, 0, true}, synonyms); }
constexpr IgnoredFlags kIgnoredFlags[] = {
    {"bucket ls", ignored("paged", "all,cached,not-cached,skip-lookup,dont-wait,silent")},
    {"bucket props set", ignored("force", "")},
    {"object put", ignored("wait", "skip-vc,cont-on-err,skip-lookup,encode-objname")},
    {"object put", ignored_time("refresh,chunk-size")},
    {"object get", ignored("wait", "latest,cached,silent,skip-lookup,encode-objname")},
    {"object get", ignored_time("refresh")},
    {"object cat", ignored("force", "encode-objname")},
    {"object rm", ignored("wait", "skip-lookup,encode-objname")},
    {"object rm", ignored_time("refresh")},
    {"object cp", ignored("wait", "latest,sync,force,cont-on-err,skip-lookup")},
    {"object cp", ignored_time("refresh")},
    {"object mv", ignored("wait", "skip-lookup,encode-objname")},
    {"object mv", ignored_time("refresh")},
    {"object show", ignored("all", "")},
};

constexpr std::pair<const char*, const char*> kSpoken[] = {
    {"list", "ls"},      {"dir", "ls"},           {"delete", "rm"},        {"remove", "rm"},         {"destroy", "rm"},
    {"upload", "put"},   {"store", "put"},        {"write", "put"},        {"download", "get"},      {"fetch", "get"},
    {"read", "get"},     {"copy", "cp"},          {"rename", "mv"},        {"move", "mv"},           {"make", "create"},
    {"add", "create"},   {"print", "cat"},        {"properties", "props"}, {"stats", "performance"}, {"statistics", "performance"},
    {"disk", "storage"}, {"capacity", "storage"}, {"health", "status"},    {"logs", "log"},
};

const char* other_names(std::span<const OtherNames> list, std::string_view of) {
  for (const OtherNames& row : list)
    if (of == row.of) return row.names;
  return "";
}

}  // namespace

const std::string_view kAbsentWords =
    "archive archpath attach auth blob-download dashboard decommission detach download dsort etl evict gen-shards job lru-clean "
    "maintenance "
    "ml mpu nbi prefetch promote rebalance remote-attach remote-cluster remote-detach resilver scrub set-primary shutdown space-cleanup "
    "start stop tls wait";

std::span<const std::pair<const char*, const char*>> spoken_words() { return kSpoken; }

Command with_other_names(const Command& command) {
  static std::deque<std::vector<Flag>> tables;
  static std::deque<std::string> texts;
  Command out = command;
  if (const std::string names = other_names(kCommands, command.path); !names.empty())
    out.aliases = texts.emplace_back(command.aliases + std::string(*command.aliases ? "," : "") + names).c_str();
  std::vector<Flag> flags(command.flags.begin(), command.flags.end());
  for (Flag& flag : flags) flag.synonyms = other_names(kFlags, flag.name);
  for (const IgnoredFlags& row : kIgnoredFlags)
    if (std::string_view(command.path) == row.command) flags.push_back(row.flag);
  out.flags = tables.emplace_back(std::move(flags));
  return out;
}

}  // namespace ais::cli
