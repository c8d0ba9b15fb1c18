// The visitors that write and read sections as JSON, and the one that checks rules.
#include "meta/config_schema.h"

namespace ais::meta {
namespace {
constexpr std::string_view kMaskedSecret = "**********";
}

void PathVisitor::enter(std::string_view name, bool) { path_.emplace_back(name); }
void PathVisitor::leave() { path_.pop_back(); }

std::string PathVisitor::path_of(std::string_view name) const {
  std::string path;
  for (const std::string& step : path_) path.append(step).append(".");
  return path.append(name);
}

void JsonFieldWriter::enter(std::string_view name, bool omit_empty) {
  Level level;
  level.name = name;
  level.opened = false;
  levels_.push_back(std::move(level));
  if (!omit_empty) open_pending();
}

void JsonFieldWriter::leave() {
  if (levels_.back().opened) out_.end_object();
  levels_.pop_back();
}

void JsonFieldWriter::open_pending() {
  for (Level& level : levels_) {
    if (level.opened) continue;
    out_.key(level.name).begin_object();
    level.opened = true;
  }
}

void JsonFieldWriter::field(const FieldSpec& spec, FieldPointer value) {
  bool empty = field_is_empty(value);
  if ((spec.flags & kOmitEmpty) != 0 && empty) return;
  open_pending();
  out_.key(spec.name);
  if ((spec.flags & kSecret) != 0 && secrets_ == Secrets::kMask && !empty) {
    out_.value(kMaskedSecret);
  } else {
    field_to_json(out_, value);
  }
}

void JsonFieldReader::enter(std::string_view name, bool omit_empty) {
  codec::JsonView view = views_.back()[name];
  if (!view.is_null() && !view.is_object() && status_.ok())
    status_ = Status(Code::kInvalid, "invalid " + path_of(name) + ": expecting an object");
  views_.push_back(view);
  PathVisitor::enter(name, omit_empty);
}

void JsonFieldReader::leave() {
  views_.pop_back();
  PathVisitor::leave();
}

void JsonFieldReader::field(const FieldSpec& spec, FieldPointer value) {
  if (!status_.ok()) return;
  codec::JsonView json = views_.back()[spec.name];
  if (json.is_null()) return;
  // A client that sends back what it was shown means no change.
  if ((spec.flags & kSecret) != 0 && json.string_or("") == kMaskedSecret) return;
  status_ = field_from_json(value, path_of(spec.name), json);
}

void RuleChecker::field(const FieldSpec& spec, FieldPointer value) {
  if (status_.ok()) status_ = check_rule(spec, value, path_of(spec.name));
}

}  // namespace ais::meta
