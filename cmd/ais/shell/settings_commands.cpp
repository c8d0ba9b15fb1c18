// ais config cli: the settings of the user, not of the cluster.
#include <unistd.h>

#include <cerrno>

#include "ais/command/aliases.h"
#include "ais/command/arguments.h"
#include "ais/command/commands.h"
#include "cli/properties.h"
#include "cli/text_file.h"
#include "cli/user_settings.h"
#include "codec/json.h"
#include "net/http_types.h"

namespace ais::cli {
namespace {

/// To be held while the file is read and replaced.
Result<DirectoryLock> lock_settings(const std::string& path) {
  if (path.empty()) return Status(Code::kInvalid, "no place for settings: neither XDG_CONFIG_HOME nor HOME is set");
  const std::string directory = path.substr(0, path.rfind('/'));
  AIS_RETURN_IF_ERROR(make_directories(directory));
  return DirectoryLock::take(directory);
}

/// --endpoint and --no-color go before all that settings know.
SourcedText value_now(Invocation& invocation, const UserSettings& settings, std::string_view name) {
  if (name == "cluster.url" && invocation.has("endpoint")) return {invocation.get("endpoint"), "--endpoint"};
  if (name == "no_color" && invocation.has("no-color")) return {"true", "--no-color"};
  return settings.value(name);
}

void print_settings_json(Invocation& invocation, const UserSettings& settings) {
  codec::JsonWriter out;
  out.begin_object().field("file", UserSettings::default_path()).field("aliases", Aliases::default_path()).key("settings").begin_object();
  for (const Setting& setting : all_settings()) {
    const SourcedText value = value_now(invocation, settings, setting.name);
    out.key(setting.name).begin_object().field("value", value.text).field("source", value.source).end_object();
  }
  invocation.print_line(out.end_object().end_object().take());
}

void print_settings(Invocation& invocation, const UserSettings& settings) {
  Table table({{"SETTING"}, {"VALUE"}, {"FROM"}, {"WHAT"}});
  for (const Setting& setting : all_settings()) {
    const SourcedText value = value_now(invocation, settings, setting.name);
    table.add({setting.name, value.text, value.source, setting.help});
  }
  invocation.print_table(table);
  if (!invocation.table_style().footers) return;
  invocation.print_line("\nfile: " + printable(UserSettings::default_path()) + "\naliases: " + printable(Aliases::default_path()));
}

void print_changes(Invocation& invocation, const Assignments& changes, const UserSettings& before, const UserSettings& after) {
  for (const auto& [name, value] : changes)
    invocation.print_line(printable(name + " is \"" + value + "\" now, was \"" + before.value(name).text + "\""));
  for (const auto& [name, value] : changes)
    if (const SourcedText used = value_now(invocation, after, name); used.source != UserSettings::default_path())
      invocation.print_line(printable("but " + used.source + " says \"" + used.text + "\", which goes before"));
}

Status reset_setting(Invocation& invocation, const std::string& path) {
  AIS_TRY(const UserSettings settings, UserSettings::load(path));
  Result<std::string> text = settings.text_with(invocation.argument(0), std::nullopt);
  if (!text.ok()) return invocation.usage_error(text.status().message());
  return invocation.has("dry-run") ? Status() : replace_text_file(path, *text);
}

Status remove_settings(Invocation& invocation, const std::string& path) {
  if (invocation.has("dry-run")) return {};
  AIS_RETURN_IF_ERROR(invocation.confirm("Remove " + printable(path) + "?"));
  if (unlink(path.c_str()) == 0 || errno == ENOENT) return {};
  return Status::from_errno(errno, "cannot remove " + path);
}

}  // namespace

async::Task<Status> show_settings(Invocation& invocation) {
  if (invocation.has("path")) {
    const std::string path = UserSettings::default_path();
    invocation.print_line(invocation.json() ? codec::JsonWriter().begin_object().field("file", path).end_object().take() : path);
    co_return Status();
  }
  Result<UserSettings> settings = UserSettings::load(UserSettings::default_path());
  if (!settings.ok() && settings.status().error_number() != 0) {
    invocation.warn(settings.status().message() + "; what follows is without that file");
    settings = UserSettings();
  }
  if (!settings.ok()) co_return settings.status();
  if (invocation.json()) print_settings_json(invocation, *settings);
  else print_settings(invocation, *settings);
  co_return Status();
}

async::Task<Status> set_settings(Invocation& invocation) {
  AIS_CO_TRY(const Assignments changes, assignments(invocation, invocation.arguments()));
  const std::string path = UserSettings::default_path();
  AIS_CO_TRY(DirectoryLock lock, lock_settings(path));
  AIS_CO_TRY(const UserSettings before, UserSettings::load(path));
  for (const auto& [name, value] : changes) {
    Status valid = before.text_with(name, value).status();
    if (valid.ok() && name == "cluster.url") valid = net::Url::parse(value).status().with_context("cluster.url");
    if (!valid.ok()) co_return invocation.usage_error(valid.message());
  }
  for (const auto& [name, value] : changes) {
    AIS_CO_TRY(const UserSettings settings, UserSettings::load(path));
    AIS_CO_TRY(const std::string text, settings.text_with(name, value));
    AIS_CO_RETURN_IF_ERROR(replace_text_file(path, text));
  }
  AIS_CO_TRY(const UserSettings after, UserSettings::load(path));
  if (invocation.json()) print_settings_json(invocation, after);
  else print_changes(invocation, changes, before, after);
  co_return Status();
}

async::Task<Status> reset_settings(Invocation& invocation) {
  const std::string path = UserSettings::default_path();
  AIS_CO_TRY(DirectoryLock lock, lock_settings(path));
  const bool all = invocation.arguments().empty();
  std::string done = all ? "all settings are set back" : invocation.argument(0) + " is set back";
  if (invocation.has("dry-run")) done = all ? printable(path) + " would be removed" : invocation.argument(0) + " would be set back";
  if (all) AIS_CO_RETURN_IF_ERROR(remove_settings(invocation, path));
  else AIS_CO_RETURN_IF_ERROR(reset_setting(invocation, path));
  if (!invocation.json()) {
    invocation.print_line(done);
    co_return Status();
  }
  AIS_CO_TRY(const UserSettings after, UserSettings::load(path));
  print_settings_json(invocation, after);
  co_return Status();
}

}  // namespace ais::cli
