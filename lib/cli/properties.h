// Bucket properties and configurations as dotted names, the way people write them: "mirror.copies=2".
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "codec/json.h"

namespace ais::cli {

/// Names and values, in the order in which they were given or stand in a document.
using Assignments = std::vector<std::pair<std::string, std::string>>;

/// The leaves of a document with their dotted names, in document order; arrays and empty objects are leaves in JSON.
Assignments flatten(codec::JsonView document);
/// Those whose name is `section` or begins with "section."; all when it is "".
Assignments in_section(const Assignments& all, std::string_view section);

/// The part of a document that a dotted name stands for, all of it for ""; null when there is none.
codec::JsonView section_of(codec::JsonView document, std::string_view section);
/// "no <kind> is named ..., did you mean ...?", where a section of `all` or one of its names is near enough.
std::string unknown_name(std::string_view kind, std::string_view name, const Assignments& all);

/// The value of a property or of a configuration's knob in words: features by name, a bucket's access as "rw", its creation as a date.
std::string value_text(std::string_view name, const std::string& value);
/// Such a word as the number that the cluster takes: "none" of features. kInvalid when it is neither; other values stay as they are.
Result<std::string> value_number(std::string_view name, const std::string& text);

/// The nested JSON document that sets bucket properties; each value has the JSON type that the property has. kInvalid on a name that
/// no property has, or a value that is not of its type.
Result<std::string> bucket_properties_json(const Assignments& changes);

}  // namespace ais::cli
