#include "ais/bucket/list_filter.h"

namespace ais::cli {

void ListFilter::FreeRegex::operator()(regex_t* regex) const {
  regfree(regex);
  delete regex;
}

Result<ListFilter> ListFilter::create(Invocation& invocation) {
  ListFilter out;
  if (invocation.has("template")) {
    Result<NameTemplate> names = NameTemplate::parse(invocation.get("template"));
    if (!names.ok()) return invocation.usage_error("--template: " + names.status().message());
    // A template without a range is a beginning, as a prefix is; but not when a range was meant.
    if (const std::string text = invocation.get("template"); !names->has_range() && text.find_first_of("{}") != std::string::npos)
      return invocation.usage_error("--template: \"" + text + "\" has braces that are not a range such as {1..9}");
    out.template_ = std::move(names).value();
  }
  if (!invocation.has("regex")) return out;
  auto regex = std::make_unique<regex_t>();
  int error = regcomp(regex.get(), invocation.get("regex").c_str(), REG_EXTENDED | REG_NOSUB);
  if (error == 0) {
    out.regex_.reset(regex.release());
    return out;
  }
  char text[128] = {};
  regerror(error, regex.get(), text, sizeof(text));
  return invocation.usage_error("--regex: \"" + invocation.get("regex") + "\": " + text);
}

bool ListFilter::wants(const std::string& name) const {
  if (template_ && !(template_->has_range() ? template_->contains(name) : name.starts_with(template_->at(0)))) return false;
  return !regex_ || regexec(regex_.get(), name.c_str(), 0, nullptr, 0) == 0;
}

}  // namespace ais::cli
