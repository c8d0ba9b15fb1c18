#include "ais/command/item_report.h"

#include <utility>

#include "cli/counted.h"
#include "cli/json_text.h"
#include "cli/text_width.h"

namespace ais::cli {

ItemReport::ItemReport(Invocation& invocation, std::string kind, std::string verb)
    : invocation_(invocation), kind_(std::move(kind)), verb_(std::move(verb)) {
  json_.begin_array();
}

void ItemReport::add(std::string_view name, const Status& status) {
  ++items_;
  text_field(json_.begin_object(), kind_, name);
  json_.field("ok", status.ok());
  if (!status.ok()) json_.field("error", status.message());
  json_.end_object();
  if (!status.ok()) ++failed_;
  if (!only_failure_.ok()) invocation_.complain(printable(std::exchange(only_failure_, Status()).message()));
  if (!status.ok() && items_ == 1) only_failure_ = status;
  else if (!status.ok()) invocation_.complain(printable(status.message()));
  else if (!invocation_.json()) invocation_.print_line(printable(kind_ + " " + std::string(name) + " " + verb_));
}

void ItemReport::changed(std::string_view name, const Assignments& values, const Assignments& before, bool dry_run) {
  ++items_;
  text_field(json_.begin_object(), kind_, name);
  json_.field(dry_run ? "dry_run" : "ok", true);
  for (const auto& [key, list] : {std::pair("changed", &values), std::pair("before", &before)}) {
    json_.key(key).begin_object();
    for (const auto& [property, value] : *list) json_.field(property, value);
    json_.end_object();
  }
  json_.end_object();
  if (!invocation_.json()) invocation_.print_line(printable(kind_ + " " + std::string(name) + (dry_run ? " would be " : " ") + verb_));
}

void ItemReport::existed(std::string_view name) {
  ++items_;
  text_field(json_.begin_object(), kind_, name);
  json_.field("ok", true).field("existed", true).end_object();
  if (!invocation_.json()) invocation_.print_line(printable(kind_ + " " + std::string(name) + " exists already"));
}

void ItemReport::would(std::string_view name) {
  text_field(json_.begin_object(), kind_, name);
  json_.field("dry_run", true).end_object();
  if (!invocation_.json()) invocation_.print_line(printable(kind_ + " " + std::string(name) + " would be " + verb_));
}

Status ItemReport::finish() {
  json_.end_array();
  if (invocation_.json()) invocation_.print_line(json_.take());
  if (failed_ == 0) return {};
  if (!only_failure_.ok()) return {only_failure_.code(), printable(only_failure_.message())};
  return {Code::kInternal, counted(failed_, kind_) + " failed"};
}

}  // namespace ais::cli
