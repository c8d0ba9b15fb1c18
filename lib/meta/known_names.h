// Which members of a document mean something: what a client misspells would otherwise do nothing and be answered with 200. Internal to
// lib/meta.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "base/status.h"
#include "codec/json.h"
#include "meta/config_schema.h"

namespace ais::meta {

/// The names of a description: visit it, then ask. Case does not matter.
class KnownNames : public PathVisitor {
 public:
  /// `kind` for errors: "configuration name", "bucket property".
  explicit KnownNames(std::string_view kind) : kind_(kind) {}
  void enter(std::string_view name, bool omit_empty) override;
  void field(const FieldSpec& spec, FieldPointer value) override;
  /// A member that is read in another way: nothing below it is judged.
  void add(std::string_view name);

  /// OK when every member has one of the names, or is null. kInvalid naming the first that has none; kNotImplemented where AIStore has
  /// it and this version nothing like it, unless all that is asked for there is false, 0 or empty.
  Status check(codec::JsonView document) const { return check_below(document, ""); }
  /// The same for one dotted name and its value as text. OK also says that the name may be passed over, see is_foreign.
  static Status check_foreign(std::string_view dotted_name, std::string_view text);
  /// True for a name that AIStore has and this version has not.
  static bool is_foreign(std::string_view dotted_name);

 private:
  Status check_below(codec::JsonView document, const std::string& prefix) const;

  std::string_view kind_;
  std::set<std::string, std::less<>> sections_, fields_;
};

}  // namespace ais::meta
