#include "cli/user_settings.h"

#include <cstdlib>

#include "base/strings.h"
#include "cli/properties.h"
#include "cli/spelling.h"
#include "cli/text_file.h"

namespace ais::cli {
namespace {

constexpr Setting kSettings[] = {
    {"cluster.url", "http://127.0.0.1:8080", "the gateway to talk to"},
    {"no_color", "false", "no colour, not even on a terminal"},
    {"timeout.http_timeout", "1m", "how long a node may stay silent, 0 for no limit"},
};

const Setting* find_setting(std::string_view name) {
  for (const Setting& setting : kSettings)
    if (name == setting.name) return &setting;
  return nullptr;
}

Status unknown_setting(std::string_view name) {
  std::vector<std::string> names;
  for (const Setting& setting : kSettings) names.emplace_back(setting.name);
  std::string best = nearest(name, names);
  return {Code::kInvalid, "no setting is named \"" + std::string(name) + "\", " +
                              (best.empty() ? "only " + join(names, ", ") : "did you mean \"" + best + "\"?")};
}

Status check_value(std::string_view name, const std::string& value) {
  std::string wanted;
  if (name == "cluster.url" && !value.starts_with("http://") && !value.starts_with("https://")) wanted = "http://HOST:PORT";
  if (name == "no_color" && value != "true" && value != "false") wanted = "true or false";
  if (name == "timeout.http_timeout") {
    std::optional<Nanoseconds> time = parse_duration(value);
    if (!time || time->count() < 0) wanted = "a time such as 30s, or 0s";
  }
  if (wanted.empty()) return {};
  return {Code::kInvalid, std::string(name) + ": want " + wanted + ", not \"" + value + "\""};
}

/// The variable of the environment that says what `name` is; "" when none does.
std::string variable_of(std::string_view name) {
  auto is_set = [](const char* variable) {
    const char* value = std::getenv(variable);
    return value && *value;
  };
  if (name == "no_color") return is_set("NO_COLOR") ? "NO_COLOR" : "";
  if (name != "cluster.url") return "";
  return is_set("AIS_ENDPOINT") ? "AIS_ENDPOINT" : is_set("AIS_URL") ? "AIS_URL" : "";
}

std::string text_of(codec::JsonView value) { return value.is_string() ? std::string(value.string_or("")) : value.to_text(); }

/// The object with `json` as the value of the dotted name, or without that name; everything else as it is.
void write_changed(codec::JsonWriter& out, codec::JsonView object, std::string_view name, const std::optional<std::string>& json) {
  const size_t dot = name.find('.');
  const std::string_view head = name.substr(0, dot), rest = dot == std::string_view::npos ? "" : name.substr(dot + 1);
  auto write_value = [&](codec::JsonView old) {
    if (rest.empty() && !json) return;
    out.key(head);
    if (rest.empty()) out.raw(*json);
    else write_changed(out, old, rest, json);
  };
  bool found = false;
  out.begin_object();
  if (object.is_object()) {
    Status visited = object.for_each([&](std::string_view key, codec::JsonView value) {
      if (key == head) write_value(value);
      else out.key(key).raw(value.to_text());
      found |= key == head;
      return Status();
    });
    static_cast<void>(visited.ok());  // the visitor never fails
  }
  if (!found && json) write_value(codec::JsonView());
  out.end_object();
}

}  // namespace

std::span<const Setting> all_settings() { return kSettings; }

std::string UserSettings::default_path() {
  if (const char* home = std::getenv("XDG_CONFIG_HOME"); home && *home) return std::string(home) + "/ais/cli/cli.json";
  if (const char* home = std::getenv("HOME"); home && *home) return std::string(home) + "/.config/ais/cli/cli.json";
  return "";
}

Result<UserSettings> UserSettings::load(const std::string& path) {
  UserSettings out;
  out.path_ = path;
  if (path.empty()) return out;
  AIS_TRY(std::optional<std::string> text, read_text_file(path));
  if (!text) return out;
  auto broken = [&path](const std::string& why) {
    return Status(Code::kInvalid, "settings: " + path + ": " + why + " (\"ais config cli reset\" removes them all)");
  };
  Result<codec::JsonDocument> document = codec::JsonDocument::parse(*text);
  if (!document.ok()) return broken(document.status().message());
  if (!document->root().is_object()) return broken("no JSON object");
  out.file_.emplace(std::move(document).value());
  for (const Setting& setting : kSettings)
    if (codec::JsonView value = section_of(out.file_->root(), setting.name); !value.is_null() && !text_of(value).empty())
      if (Status valid = check_value(setting.name, text_of(value)); !valid.ok()) return broken(valid.message());
  return out;
}

Result<UserSettings> UserSettings::of_user() {
  Result<UserSettings> settings = load(default_path());
  if (!settings.ok() && settings.status().error_number() != 0) return UserSettings();
  return settings;
}

SourcedText UserSettings::value(std::string_view name) const {
  const Setting* setting = find_setting(name);
  if (std::string variable = variable_of(name); !variable.empty())
    return {name == "no_color" ? "true" : std::getenv(variable.c_str()), variable};
  codec::JsonView in_file = file_ ? section_of(file_->root(), name) : codec::JsonView();
  if (!in_file.is_null() && !text_of(in_file).empty()) return {text_of(in_file), path_};
  return {setting ? setting->fallback : "", "the default"};
}

Nanoseconds UserSettings::timeout() const {
  constexpr Nanoseconds kAnyTime = std::chrono::hours(24 * 365);
  const Nanoseconds time = parse_duration(value("timeout.http_timeout").text).value_or(Nanoseconds(0));
  return time.count() == 0 ? kAnyTime : time;
}

Result<std::string> UserSettings::text_with(std::string_view name, std::optional<std::string> value) const {
  if (!find_setting(name)) return unknown_setting(name);
  if (value) {
    AIS_RETURN_IF_ERROR(check_value(name, *value));
    if (name != "no_color") value = codec::JsonWriter().value(*value).take();
  }
  codec::JsonWriter out(2);
  write_changed(out, file_ ? file_->root() : codec::JsonView(), name, value);
  return out.take() + "\n";
}

}  // namespace ais::cli
