// Single knobs: text and JSON forms of each type, rules.
#include "meta/config_schema.h"

#include <algorithm>
#include <type_traits>

#include "base/strings.h"
#include "codec/utf8.h"
#include "meta/bucket.h"

namespace ais::meta {
namespace {

template <typename... Fs>
struct Overload : Fs... {
  using Fs::operator()...;
};
template <typename... Fs>
Overload(Fs...) -> Overload<Fs...>;

Status bad_value(std::string_view name, std::string_view text, std::string_view expected) {
  return {Code::kInvalid, "invalid " + std::string(name) + "=\"" + std::string(text) + "\": expecting " + std::string(expected)};
}

/// Stores what was parsed, or says that nothing could be.
template <typename T, typename Parsed>
Status store(T& target, std::optional<Parsed> parsed, std::string_view name, std::string_view text, std::string_view expected) {
  if (!parsed) return bad_value(name, text, expected);
  target = std::move(*parsed);
  return {};
}

std::optional<Duration> duration_of(std::string_view text) {
  auto parsed = parse_duration(text);
  return parsed ? std::optional<Duration>(Duration{*parsed}) : std::nullopt;
}

// Sizes beyond 2^63 have no meaning and would not fit the rules.
std::optional<Size> size_of(std::string_view text) {
  auto parsed = parse_size(text);
  return parsed && *parsed <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max()) ? std::optional<Size>(Size{*parsed})
                                                                                         : std::nullopt;
}

std::optional<bool> bool_of(std::string_view text) { return text.empty() ? std::nullopt : parse_bool(text); }

// Rounding a size for people must not change the configuration, so what has no short exact form is written in bytes.
std::string exact_size(Size size) {
  std::string text = format_size(size.bytes);
  return parse_size(text) == size.bytes ? text : std::to_string(size.bytes) + "B";
}

Status read_aliases(std::string_view provider, codec::JsonView json, BackendConfig::Aliases& out) {
  if (!json.is_object()) return {Code::kInvalid, "invalid backend." + std::string(provider) + ": expecting an object"};
  if (provider != "ais") return {};
  return json.for_each([&](std::string_view alias, codec::JsonView urls) -> Status {
    std::string name = "backend.ais." + std::string(alias);
    if (!urls.is_array()) return {Code::kInvalid, "invalid " + name + ": expecting a list of URLs"};
    std::vector<std::string>& list = out[std::string(alias)];
    return urls.for_each([&](std::string_view, codec::JsonView url) -> Status {
      if (!url.is_string()) return {Code::kInvalid, "invalid " + name + ": expecting a list of URLs"};
      list.push_back(url.string_or(""));
      return {};
    });
  });
}

Status read_backends(codec::JsonView json, BackendConfig& out) {
  if (!json.is_object()) return {Code::kInvalid, "invalid backend: expecting an object"};
  codec::JsonView providers = json["conf"].is_object() ? json["conf"] : json;  // tools send {"conf": {...}}
  BackendConfig fresh;
  AIS_RETURN_IF_ERROR(providers.for_each([&](std::string_view name, codec::JsonView conf) -> Status {
    AIS_TRY(std::string provider, normalize_provider(name));
    BackendConfig::Aliases& aliases = fresh.providers[provider];
    return conf.is_null() ? Status() : read_aliases(provider, conf, aliases);
  }));
  out = std::move(fresh);
  return {};
}

Status read_list(codec::JsonView json, std::string_view name, std::vector<std::string>& out) {
  Status bad(Code::kInvalid, "invalid " + std::string(name) + ": expecting a list of strings");
  if (!json.is_array()) return bad;
  std::vector<std::string> fresh;
  AIS_RETURN_IF_ERROR(json.for_each([&](std::string_view, codec::JsonView item) -> Status {
    fresh.push_back(item.string_or(""));
    return item.is_string() ? Status() : bad;
  }));
  out = std::move(fresh);
  return {};
}

void write_backends(codec::JsonWriter& out, const BackendConfig& backend) {
  out.begin_object();
  for (const auto& [provider, aliases] : backend.providers) {
    out.key(provider).begin_object();
    for (const auto& [alias, urls] : aliases) {
      out.key(alias).begin_array();
      for (const std::string& url : urls) out.value(url);
      out.end_array();
    }
    out.end_object();
  }
  out.end_object();
}

std::string number_to_text(int64_t number, FieldPointer value) {
  if (std::holds_alternative<Duration*>(value)) return format_duration(Nanoseconds(number));
  if (std::holds_alternative<Size*>(value)) return exact_size(Size{static_cast<uint64_t>(number)});
  return std::to_string(number);
}

std::optional<int64_t> as_number(FieldPointer value) {
  if (auto* number = std::get_if<int64_t*>(&value)) return **number;
  if (auto* duration = std::get_if<Duration*>(&value)) return (*duration)->value.count();
  if (auto* size = std::get_if<Size*>(&value))
    return static_cast<int64_t>(std::min<uint64_t>((*size)->bytes, static_cast<uint64_t>(std::numeric_limits<int64_t>::max())));
  return std::nullopt;
}

}  // namespace

std::string field_to_text(FieldPointer value) {
  return std::visit(Overload{[](bool* v) { return std::string(*v ? "true" : "false"); }, [](int64_t* v) { return std::to_string(*v); },
                             [](uint64_t* v) { return std::to_string(*v); }, [](std::string* v) { return *v; },
                             [](Duration* v) { return format_duration(v->value); }, [](Size* v) { return exact_size(*v); },
                             [](std::vector<std::string>* v) { return join(*v, ","); },
                             [](BackendConfig* v) {
                               codec::JsonWriter out;
                               write_backends(out, *v);
                               return out.take();
                             }},
                    value);
}

Status field_from_text(FieldPointer value, std::string_view name, std::string_view text) {
  // The configuration is a JSON document on every node.
  if (!codec::is_valid_utf8(text)) return {Code::kInvalid, "invalid " + std::string(name) + ": the text is not UTF-8"};
  return std::visit(Overload{[&](bool* v) { return store(*v, bool_of(text), name, text, "true or false"); },
                             [&](int64_t* v) { return store(*v, parse_int(text), name, text, "an integer"); },
                             [&](uint64_t* v) { return store(*v, parse_uint(text), name, text, "an unsigned integer"); },
                             [&](std::string* v) { return store(*v, std::optional<std::string>(text), name, text, ""); },
                             [&](Duration* v) { return store(*v, duration_of(text), name, text, "a duration, e.g. \"10s\""); },
                             [&](Size* v) { return store(*v, size_of(text), name, text, "a size, e.g. \"10MiB\""); },
                             [&](std::vector<std::string>* v) {
                               v->clear();
                               if (!text.empty())
                                 for (std::string_view item : split(text, ',')) v->emplace_back(trim(item));
                               return Status();
                             },
                             [&](BackendConfig* v) -> Status {
                               AIS_TRY(auto document, codec::JsonDocument::parse(text));
                               return read_backends(document.root(), *v);
                             }},
                    value);
}

Status field_from_json(FieldPointer value, std::string_view name, codec::JsonView json) {
  if (auto* backend = std::get_if<BackendConfig*>(&value)) return read_backends(json, **backend);
  if (auto* list = std::get_if<std::vector<std::string>*>(&value)) return read_list(json, name, **list);
  bool is_text = std::holds_alternative<std::string*>(value);
  bool fits = json.is_string() || (json.is_number() && !is_text && !std::holds_alternative<bool*>(value)) ||
              (json.is_bool() && std::holds_alternative<bool*>(value));
  if (!fits) return {Code::kInvalid, "invalid " + std::string(name) + ": expecting a " + std::string(type_name_of(value))};
  // Durations and sizes may be bare numbers (nanoseconds, bytes), numbers may be strings: text is the common form.
  return field_from_text(value, name, json.is_string() ? json.string_or("") : json.to_text());
}

void field_to_json(codec::JsonWriter& out, FieldPointer value) {
  std::visit(Overload{[&](bool* v) { out.value(*v); }, [&](int64_t* v) { out.value(*v); }, [&](uint64_t* v) { out.quoted(*v); },
                      [&](std::string* v) { out.value(*v); },
                      [&](std::vector<std::string>* v) {
                        out.begin_array();
                        for (const std::string& item : *v) out.value(item);
                        out.end_array();
                      },
                      [&](BackendConfig* v) { write_backends(out, *v); }, [&](auto* v) { out.value(field_to_text(v)); }},
             value);
}

bool field_is_empty(FieldPointer value) {
  return std::visit([](auto* v) { return *v == std::remove_pointer_t<decltype(v)>{}; }, value);
}

bool fields_equal(FieldPointer a, FieldPointer b) {
  return a.index() == b.index() && std::visit([&](auto* v) { return *v == *std::get<decltype(v)>(b); }, a);
}

Status check_rule(const FieldSpec& spec, FieldPointer value, std::string_view name) {
  const FieldRule& rule = spec.rule;
  bool fits = true;
  if (auto number = as_number(value)) fits = *number >= rule.low && *number <= rule.high;
  if (auto* text = std::get_if<std::string*>(&value)) {
    std::vector<std::string_view> words = split(rule.one_of, ' ');
    if (!rule.one_of.empty()) fits = std::find(words.begin(), words.end(), **text) != words.end();
    if (rule.accepts != nullptr) fits = rule.accepts(**text);
  }
  return fits ? Status() : bad_value(name, field_to_text(value), rule_to_text(rule, value));
}

std::string_view type_name_of(FieldPointer value) {
  constexpr std::string_view kNames[] = {"bool", "int", "bit mask", "string", "duration", "size", "list", "backends"};
  static_assert(std::size(kNames) == std::variant_size_v<FieldPointer>);
  return kNames[value.index()];
}

std::string rule_to_text(const FieldRule& rule, FieldPointer value) {
  if (!rule.syntax.empty()) return std::string(rule.syntax);
  if (!rule.one_of.empty()) {
    std::string text;
    for (std::string_view word : split(rule.one_of, ' ')) text.append(text.empty() ? "" : ", ").append(word);
    return text;
  }
  bool has_low = rule.low != std::numeric_limits<int64_t>::min();
  bool has_high = rule.high != std::numeric_limits<int64_t>::max();
  if (has_low && has_high) return number_to_text(rule.low, value) + " .. " + number_to_text(rule.high, value);
  return has_low ? "at least " + number_to_text(rule.low, value) : "";
}

}  // namespace ais::meta
