#include "cli/properties.h"

#include <algorithm>
#include <map>

#include "base/strings.h"
#include "cli/spelling.h"
#include "meta/bucket_metadata.h"
#include "meta/property_words.h"
#include "sys/clock.h"

namespace ais::cli {
namespace {

void flatten_into(Assignments& out, const std::string& name, codec::JsonView value) {
  if (!value.is_object() || value.size() == 0) {
    out.emplace_back(name, value.is_string() ? value.string_or("") : value.to_text());
    return;
  }
  Status visited = value.for_each([&](std::string_view key, codec::JsonView member) -> Status {
    flatten_into(out, name.empty() ? std::string(key) : name + "." + std::string(key), member);
    return {};
  });
  static_cast<void>(visited.ok());  // the visitor never fails
}

/// Names below these may be set although an unset one is not in the document.
bool is_open_section(std::string_view name) { return name.starts_with("extra.") || name.starts_with("backend_bck."); }

Result<std::string> value_json(const std::string& name, const std::string& given, codec::JsonView known) {
  codec::JsonWriter out;
  AIS_TRY(const std::string text, value_number(name, given));
  if (known.is_bool()) {
    if (text != "true" && text != "false") return Status(Code::kInvalid, name + ": expected true or false, not \"" + text + "\"");
    out.value(text == "true");
  } else if (known.is_number()) {
    std::optional<int64_t> number = parse_int(text);
    if (!number) return Status(Code::kInvalid, name + ": \"" + text + "\" is not a whole number");
    out.value(*number);
  } else {
    out.value(text);
  }
  return out.take();
}

/// Writes the values whose names share the first `depth` bytes as one object; `values` is sorted by name.
using Values = std::map<std::string, std::string>;
void write_level(codec::JsonWriter& out, Values::const_iterator begin, Values::const_iterator end, size_t depth) {
  out.begin_object();
  while (begin != end) {
    size_t dot = begin->first.find('.', depth);
    out.key(std::string_view(begin->first).substr(depth, dot == std::string::npos ? dot : dot - depth));
    if (dot == std::string::npos) {
      out.raw(begin->second);
      ++begin;
      continue;
    }
    std::string shared = begin->first.substr(0, dot + 1);
    auto stop = std::find_if(begin, end, [&](const auto& item) { return !item.first.starts_with(shared); });
    write_level(out, begin, stop, dot + 1);
    begin = stop;
  }
  out.end_object();
}

/// "backend_bck=none" takes the backend bucket away, "backend_bck=s3://b" names one.
Status add_backend(Values& values, const std::string& text) {
  meta::Bucket bucket{.name = "", .provider = "", .ns = {}};
  if (!text.empty() && text != "none") {
    AIS_TRY(meta::ObjectUri uri, meta::parse_object_uri(text));
    bucket = std::move(uri.bucket);
  }
  values["backend_bck.name"] = codec::JsonWriter().value(bucket.name).take();
  values["backend_bck.provider"] = codec::JsonWriter().value(bucket.provider).take();
  return {};
}

/// "mirror" is no property, but has some.
std::string no_value_of_section(std::string_view name, const Assignments& members) {
  std::vector<std::string> names;
  for (const auto& item : members) names.push_back(std::string(name) + "." + item.first);
  return "\"" + std::string(name) + "\" is a section: set " + join(names, ", ");
}

}  // namespace

Assignments flatten(codec::JsonView document) {
  Assignments out;
  if (document.size() > 0) flatten_into(out, "", document);
  return out;
}

Assignments in_section(const Assignments& all, std::string_view section) {
  Assignments out;
  std::string below = std::string(section) + ".";
  for (const auto& item : all)
    if (section.empty() || item.first == section || item.first.starts_with(below)) out.push_back(item);
  return out;
}

codec::JsonView section_of(codec::JsonView document, std::string_view section) {
  if (section.empty()) return document;
  for (std::string_view part : split(section, '.')) document = document[part];
  return document;
}

std::string unknown_name(std::string_view kind, std::string_view name, const Assignments& all) {
  std::vector<std::string> names;
  for (const auto& item : all) {
    names.push_back(item.first);
    names.push_back(item.first.substr(0, item.first.find('.')));
  }
  std::string best = nearest(name, names);
  return "no " + std::string(kind) + " is named \"" + std::string(name) + "\"" + (best.empty() ? "" : ", did you mean \"" + best + "\"?");
}

std::string value_text(std::string_view name, const std::string& value) {
  std::optional<uint64_t> number = parse_uint(value);
  if (!number) return value;
  if (name == "access") return meta::access_text(*number);
  if (name == "features") return meta::features_text(*number);
  if (name == "created") return *number == 0 ? "" : sys::utc_text(static_cast<int64_t>(*number));
  return value;
}

Result<std::string> value_number(std::string_view name, const std::string& text) {
  if (name != "access" && name != "features") return text;
  Result<uint64_t> number = name == "access" ? meta::parse_access(text) : meta::parse_features(text);
  if (!number.ok()) return number.status().with_context(name);
  return std::to_string(*number);
}

Result<std::string> bucket_properties_json(const Assignments& changes) {
  codec::JsonWriter defaults;
  meta::BucketProperties().write_json(defaults);
  AIS_TRY(codec::JsonDocument known, codec::JsonDocument::parse(defaults.take()));
  Values values;
  for (const auto& [name, text] : changes) {
    if (name == "backend_bck") {
      AIS_RETURN_IF_ERROR(add_backend(values, text));
      continue;
    }
    codec::JsonView value = section_of(known.root(), name);
    if (value.is_object() && value.size() > 0) return Status(Code::kInvalid, no_value_of_section(name, flatten(value)));
    if (!is_open_section(name) && (value.is_null() || value.is_object())) {
      return Status(Code::kInvalid, unknown_name("bucket property", name, flatten(known.root())));
    }
    AIS_TRY(values[name], value_json(name, text, value));
  }
  codec::JsonWriter out;
  write_level(out, values.begin(), values.end(), 0);
  return out.take();
}

}  // namespace ais::cli
