// ListFilter: which names of a listing are shown: --regex and --template.
#pragma once

#include <regex.h>

#include <memory>
#include <optional>
#include <string>

#include "ais/command/invocation.h"
#include "base/name_template.h"

namespace ais::cli {

class ListFilter {
 public:
  /// Usage errors: a pattern that is none.
  static Result<ListFilter> create(Invocation& invocation);
  bool wants(const std::string& name) const;
  /// What every wanted name begins with: saves listing the others.
  std::string prefix() const { return template_ ? template_->common_prefix() : std::string(); }
  bool wants_all() const { return !regex_ && !template_; }

 private:
  struct FreeRegex {
    void operator()(regex_t* regex) const;
  };
  std::unique_ptr<regex_t, FreeRegex> regex_;
  std::optional<NameTemplate> template_;
};

}  // namespace ais::cli
