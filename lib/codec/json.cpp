#include "codec/json.h"

#include "base/assert.h"
// The library adds offsets to the null pointer of a stack that is still empty: harmless, but a report of UBSan.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((no_sanitize("pointer-overflow"))), apply_to = function)
#endif
#define RAPIDJSON_ASSERT(x) AIS_ASSERT(x)
#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#if defined(__clang__)
#pragma clang attribute pop
#endif

#include "base/strings.h"

namespace ais::codec {
namespace {

using Value = rapidjson::Value;
constexpr int kDepthMax = 64;
constexpr unsigned kParseFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;

const Value* as_value(const void* p) { return static_cast<const Value*>(p); }
std::string_view text_of(const Value& value) { return {value.GetString(), value.GetStringLength()}; }

/// What the parser does not check itself: depth, and NUL bytes, which it takes for the end of the text.
Status check_shape(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\0') return make_status(Code::kInvalid, "malformed JSON: NUL byte at offset %zu", i);
    if (in_string) {
      if (c == '\\' && i + 1 < text.size() && text[i + 1] != '\0') ++i;
      else if (c == '"') in_string = false;
      continue;
    }
    if (c == '"') in_string = true;
    if (c == ']' || c == '}') --depth;
    if ((c == '[' || c == '{') && ++depth > kDepthMax)
      return make_status(Code::kInvalid, "malformed JSON: nested deeper than %d levels", kDepthMax);
  }
  return {};
}

Status type_error(std::string_view what, const char* expected) {
  return {Code::kInvalid, "invalid " + std::string(what) + ": expecting " + expected};
}

}  // namespace

bool JsonView::is_null() const { return value_ == nullptr || as_value(value_)->IsNull(); }
bool JsonView::is_bool() const { return value_ != nullptr && as_value(value_)->IsBool(); }
bool JsonView::is_number() const { return value_ != nullptr && as_value(value_)->IsNumber(); }
bool JsonView::is_string() const { return value_ != nullptr && as_value(value_)->IsString(); }
bool JsonView::is_array() const { return value_ != nullptr && as_value(value_)->IsArray(); }
bool JsonView::is_object() const { return value_ != nullptr && as_value(value_)->IsObject(); }

JsonView JsonView::operator[](std::string_view key) const {
  if (!is_object()) return {};
  const Value* folded = nullptr;
  for (const auto& member : as_value(value_)->GetObject()) {
    std::string_view name = text_of(member.name);
    if (name == key) return JsonView(&member.value);
    if (folded == nullptr && equals_ignore_case(name, key)) folded = &member.value;
  }
  return JsonView(folded);
}

JsonView JsonView::at(size_t index) const {
  if (!is_array() || index >= as_value(value_)->Size()) return {};
  return JsonView(&(*as_value(value_))[static_cast<rapidjson::SizeType>(index)]);
}

size_t JsonView::size() const {
  if (is_array()) return as_value(value_)->Size();
  return is_object() ? as_value(value_)->MemberCount() : 0;
}

Status JsonView::for_each(const std::function<Status(std::string_view key, JsonView value)>& visit) const {
  if (is_array())
    for (const Value& item : as_value(value_)->GetArray()) AIS_RETURN_IF_ERROR(visit({}, JsonView(&item)));
  if (is_object())
    for (const auto& member : as_value(value_)->GetObject()) AIS_RETURN_IF_ERROR(visit(text_of(member.name), JsonView(&member.value)));
  return {};
}

Result<std::optional<std::string>> JsonView::get_string(std::string_view what) const {
  if (is_null()) return std::optional<std::string>();
  if (!is_string()) return type_error(what, "a string");
  return std::optional<std::string>(text_of(*as_value(value_)));
}

Result<std::optional<int64_t>> JsonView::get_int(std::string_view what) const {
  if (is_null()) return std::optional<int64_t>();
  if (as_value(value_)->IsInt64()) return std::optional<int64_t>(as_value(value_)->GetInt64());
  std::optional<int64_t> parsed;
  if (is_string()) parsed = parse_int(text_of(*as_value(value_)));
  if (!parsed) return type_error(what, "an integer");
  return parsed;
}

Result<std::optional<uint64_t>> JsonView::get_uint(std::string_view what) const {
  if (is_null()) return std::optional<uint64_t>();
  if (as_value(value_)->IsUint64()) return std::optional<uint64_t>(as_value(value_)->GetUint64());
  std::optional<uint64_t> parsed;
  if (is_string()) parsed = parse_uint(text_of(*as_value(value_)));
  if (!parsed) return type_error(what, "an unsigned integer");
  return parsed;
}

Result<std::optional<bool>> JsonView::get_bool(std::string_view what) const {
  if (is_null()) return std::optional<bool>();
  if (is_bool()) return std::optional<bool>(as_value(value_)->GetBool());
  if (is_string()) {
    std::string_view text = text_of(*as_value(value_));
    if (equals_ignore_case(text, "true")) return std::optional<bool>(true);
    if (equals_ignore_case(text, "false")) return std::optional<bool>(false);
  }
  return type_error(what, "a boolean");
}

std::string JsonView::string_or(std::string_view fallback) const {
  return std::string(is_string() ? text_of(*as_value(value_)) : fallback);
}

int64_t JsonView::int_or(int64_t fallback) const {
  auto read = get_int("");
  return read.ok() ? read->value_or(fallback) : fallback;
}

uint64_t JsonView::uint_or(uint64_t fallback) const {
  auto read = get_uint("");
  return read.ok() ? read->value_or(fallback) : fallback;
}

bool JsonView::bool_or(bool fallback) const {
  auto read = get_bool("");
  return read.ok() ? read->value_or(fallback) : fallback;
}

double JsonView::double_or(double fallback) const { return is_number() ? as_value(value_)->GetDouble() : fallback; }

std::string JsonView::to_text() const {
  if (value_ == nullptr) return "null";
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  as_value(value_)->Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

struct JsonDocument::Impl {
  rapidjson::Document document;
};

JsonDocument::JsonDocument(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;
JsonView JsonDocument::root() const { return JsonView(static_cast<const Value*>(&impl_->document)); }

Result<JsonDocument> JsonDocument::parse(std::string_view text) {
  AIS_RETURN_IF_ERROR(check_shape(text));
  auto impl = std::make_unique<Impl>();
  impl->document.Parse<kParseFlags>(text.data(), text.size());
  if (impl->document.HasParseError())
    return make_status(Code::kInvalid, "malformed JSON at offset %zu: %s", impl->document.GetErrorOffset(),
                       rapidjson::GetParseError_En(impl->document.GetParseError()));
  return JsonDocument(std::move(impl));
}

}  // namespace ais::codec
