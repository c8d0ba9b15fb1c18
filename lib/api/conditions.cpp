#include "api/conditions.h"

#include "api/http_date.h"
#include "base/strings.h"

namespace ais::api {
namespace {

constexpr std::string_view kIfMatch = "If-Match", kIfNoneMatch = "If-None-Match", kIfUnmodifiedSince = "If-Unmodified-Since",
                           kIfModifiedSince = "If-Modified-Since";

Status no_tag_list(std::string_view text) {
  return Status(Code::kInvalid, "invalid list of entity tags: " + std::string(text.substr(0, 256)));
}

// One tag at the beginning of `text`, and takes it off.
Result<meta::EntityTag> take_tag(std::string_view& text, std::string_view whole) {
  meta::EntityTag tag;
  tag.weak = text.starts_with("W/\"");
  if (tag.weak) text.remove_prefix(2);
  if (text.starts_with('"')) {
    const size_t end = text.find('"', 1);
    if (end == std::string_view::npos) return no_tag_list(whole);
    tag.value = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
    text = trim(text);
    if (!text.empty() && text.front() != ',') return no_tag_list(whole);
    return tag;
  }
  const size_t end = text.find(',');
  tag.value = trim(text.substr(0, end));
  text.remove_prefix(end == std::string_view::npos ? text.size() : end);
  if (tag.value.find_first_of(" \t\"*") != std::string::npos) return no_tag_list(whole);
  return tag;
}

Status read_tags(std::string_view text, std::optional<meta::TagCondition>& out) {
  const bool first = !out.has_value();
  if (first) out.emplace();
  const std::string_view whole = trim(text);
  text = whole;
  if (text == "*" && first) {
    out->any = true;
    return {};
  }
  if (out->any) return no_tag_list(whole);
  while (true) {
    while (!text.empty() && (text.front() == ',' || text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    if (text.empty()) break;
    AIS_TRY(meta::EntityTag tag, take_tag(text, whole));
    out->tags.push_back(std::move(tag));
  }
  return out->tags.empty() ? no_tag_list(whole) : Status();
}

void append_tags(std::string& out, std::string_view name, const std::optional<meta::TagCondition>& condition) {
  if (!condition) return;
  std::vector<std::string> texts;
  for (const meta::EntityTag& tag : condition->tags) texts.push_back(tag.text());
  out.append(name).append(": ").append(condition->any ? "*" : join(texts, ", ")).append("\r\n");
}

void append_date(std::string& out, std::string_view name, const std::optional<int64_t>& seconds) {
  if (seconds) out.append(name).append(": ").append(http_date(*seconds)).append("\r\n");
}

// Every request passes here: one look at three letters tells the headers that matter.
bool begins_with_if(std::string_view name) {
  return name.size() >= 8 && (name[0] == 'I' || name[0] == 'i') && (name[1] == 'F' || name[1] == 'f') && name[2] == '-';
}

}  // namespace

Result<meta::PreconditionPtr> read_precondition(const net::HeaderList& headers) {
  std::shared_ptr<meta::Precondition> condition;
  for (const net::Header& field : headers.all()) {
    if (!begins_with_if(field.name)) continue;
    const auto fill = [&]() -> meta::Precondition& {
      if (!condition) condition = std::make_shared<meta::Precondition>();
      return *condition;
    };
    if (equals_ignore_case(field.name, kIfMatch)) AIS_RETURN_IF_ERROR(read_tags(field.value, fill().if_match));
    else if (equals_ignore_case(field.name, kIfNoneMatch)) AIS_RETURN_IF_ERROR(read_tags(field.value, fill().if_none_match));
    else if (equals_ignore_case(field.name, kIfUnmodifiedSince)) fill().if_unmodified_since = parse_http_date(field.value);
    else if (equals_ignore_case(field.name, kIfModifiedSince)) fill().if_modified_since = parse_http_date(field.value);
  }
  return meta::PreconditionPtr(std::move(condition));
}

std::string precondition_headers(const meta::Precondition& condition) {
  std::string out;
  append_tags(out, kIfMatch, condition.if_match);
  append_tags(out, kIfNoneMatch, condition.if_none_match);
  append_date(out, kIfUnmodifiedSince, condition.if_unmodified_since);
  append_date(out, kIfModifiedSince, condition.if_modified_since);
  return out;
}

bool if_range_holds(std::string_view if_range, const meta::ObjectMetadata& metadata, int64_t mtime_ns) {
  if_range = trim(if_range);
  if (parse_http_date(if_range)) return false;
  std::string_view rest = if_range;
  const Result<meta::EntityTag> tag = take_tag(rest, if_range);
  return tag.ok() && rest.empty() && tag->strongly_equals(meta::entity_tag(metadata, mtime_ns));
}

std::string last_modified(const meta::ObjectMetadata& metadata, int64_t mtime_ns) {
  return http_date(meta::changed_second(metadata, mtime_ns));
}

std::string validator_headers(const meta::ObjectMetadata& metadata, int64_t mtime_ns) {
  std::string out = "ETag: ";
  out.append(meta::entity_tag(metadata, mtime_ns).text()).append("\r\nLast-Modified: ");
  return out.append(last_modified(metadata, mtime_ns)).append("\r\n");
}

}  // namespace ais::api
