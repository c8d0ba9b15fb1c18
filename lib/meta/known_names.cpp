#include "meta/known_names.h"

#include "base/strings.h"

namespace ais::meta {
namespace {

// Of the original's configuration: what is not among our knobs at all.
constexpr std::pair<std::string_view, std::string_view> kForeign[] = {
    {"tracing", "exporting of traces"},
    {"fspaths", "changing of mountpaths"},
    {"ext", "extending of the configuration"},
    {"net.http.pub", "TLS"},
};

std::string_view foreign_feature(std::string_view name) {
  for (const auto& [section, feature] : kForeign) {
    const bool below = name.size() > section.size() && name[section.size()] == '.';
    if ((below || name.size() == section.size()) && equals_ignore_case(name.substr(0, section.size()), section)) return feature;
  }
  return {};
}

Status refuse_foreign(std::string_view name) { return missing_feature(std::string(name) + ": " + std::string(foreign_feature(name))); }

bool asks_for_nothing(std::string_view text) { return text.empty() || text == "false" || text == "0" || text == "0s"; }

/// The first leaf that asks for something, as a dotted name; "" without one.
std::string first_wish(codec::JsonView value, const std::string& name) {
  if (value.is_null()) return "";
  if (!value.is_object()) {
    const bool nothing = value.is_array() ? value.size() == 0 : asks_for_nothing(value.is_string() ? value.string_or("") : value.to_text());
    return nothing ? "" : name;
  }
  std::string found;
  const Status walked = value.for_each([&](std::string_view key, codec::JsonView member) -> Status {
    if (found.empty()) found = first_wish(member, name + "." + std::string(key));
    return {};
  });
  return walked.ok() ? found : name;
}

}  // namespace

void KnownNames::enter(std::string_view name, bool omit_empty) {
  sections_.insert(to_lower(path_of(name)));
  PathVisitor::enter(name, omit_empty);
}

void KnownNames::field(const FieldSpec& spec, FieldPointer) { fields_.insert(to_lower(path_of(spec.name))); }

void KnownNames::add(std::string_view name) { fields_.insert(to_lower(name)); }

Status KnownNames::check_below(codec::JsonView document, const std::string& prefix) const {
  return document.for_each([&](std::string_view key, codec::JsonView value) -> Status {
    const std::string name = prefix + std::string(key);
    const std::string lower = to_lower(name);
    if (value.is_null() || fields_.contains(lower)) return {};
    // A section that is no object is told where it is read.
    if (sections_.contains(lower)) return value.is_object() ? check_below(value, name + ".") : Status();
    if (!is_foreign(name)) return {Code::kInvalid, "unknown " + std::string(kind_) + " \"" + name + "\""};
    const std::string wish = first_wish(value, name);
    return wish.empty() ? Status() : refuse_foreign(wish);
  });
}

Status KnownNames::check_foreign(std::string_view dotted_name, std::string_view text) {
  return is_foreign(dotted_name) && !asks_for_nothing(text) ? refuse_foreign(dotted_name) : Status();
}

bool KnownNames::is_foreign(std::string_view dotted_name) { return !foreign_feature(dotted_name).empty(); }

}  // namespace ais::meta
