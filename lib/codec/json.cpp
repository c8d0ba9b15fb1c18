#include "codec/json.h"

#include <cmath>

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
#include "codec/msgpack.h"
#include "codec/utf8.h"

namespace ais::codec {
namespace {

using Value = rapidjson::Value;
constexpr int kDepthMax = 64;
constexpr unsigned kParseFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;

const Value* as_value(const void* p) { return static_cast<const Value*>(p); }
std::string_view text_of(const Value& value) { return {value.GetString(), value.GetStringLength()}; }

/// Half of a surrogate pair as an escape at `at`: "\ud800" to "\udbff" is a first half, "\udc00" to "\udfff" a second one.
enum class Surrogate { kNone, kFirst, kSecond };
Surrogate surrogate_at(std::string_view text, size_t at) {
  if (at + 3 >= text.size() || text[at + 1] != 'u' || (text[at + 2] | 0x20) != 'd') return Surrogate::kNone;
  const char digit = static_cast<char>(text[at + 3] | 0x20);
  if (digit >= 'c' && digit <= 'f') return Surrogate::kSecond;
  return text[at + 3] == '8' || text[at + 3] == '9' || digit == 'a' || digit == 'b' ? Surrogate::kFirst : Surrogate::kNone;
}

/// What the parser does not check itself: depth, NUL bytes, which it takes for the end of the text, and second halves of surrogate pairs
/// without their first, which it would turn into bytes that are no UTF-8.
Status check_shape(std::string_view text) {
  constexpr size_t kEscapeSize = 6;  // of "\ud800"
  int depth = 0;
  size_t second_half_at = 0;  // where the first half that was seen last wants its second
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\0') return make_status(Code::kInvalid, "malformed JSON: NUL byte at offset %zu", i);
    if (in_string) {
      if (c == '\\') {
        const Surrogate half = surrogate_at(text, i);
        if (half == Surrogate::kSecond && i != second_half_at)
          return make_status(Code::kInvalid, "malformed JSON: lone surrogate at offset %zu", i);
        if (half == Surrogate::kFirst) second_half_at = i + kEscapeSize;
        if (i + 1 < text.size() && text[i + 1] != '\0') ++i;
      } else if (c == '"') {
        in_string = false;
      }
      continue;
    }
    if (c == '"') in_string = true;
    if (c == ']' || c == '}') --depth;
    if ((c == '[' || c == '{') && ++depth > kDepthMax)
      return make_status(Code::kInvalid, "malformed JSON: nested deeper than %d levels", kDepthMax);
  }
  return {};
}

/// Shows the bytes of texts that are no UTF-8; JsonWriter does the same.
class EscapingWriter : public rapidjson::Writer<rapidjson::StringBuffer> {
 public:
  using Base = rapidjson::Writer<rapidjson::StringBuffer>;
  using Base::Base;
  bool String(const char* text, rapidjson::SizeType length, bool copy = false) {
    if (is_valid_utf8({text, length})) return Base::String(text, length, copy);
    const std::string escaped = escape_invalid_utf8({text, length});
    return Base::String(escaped.data(), static_cast<rapidjson::SizeType>(escaped.size()), copy);
  }
  bool Key(const char* text, rapidjson::SizeType length, bool copy = false) { return String(text, length, copy); }
};

/// Feeds a document with the values of a MessagePack text.
class MsgpackSource {
 public:
  explicit MsgpackSource(std::string_view bytes) : in_(bytes) {}
  bool operator()(rapidjson::Document& out) {
    status = value(out, 0);
    if (status.ok() && !in_.at_end()) status = Status(Code::kInvalid, "malformed MessagePack: bytes after the end");
    return status.ok();
  }
  Status status;
  bool is_utf8 = true;

 private:
  Status value(rapidjson::Document& out, int depth) {
    AIS_TRY(const MsgpackReader::Item item, in_.any());
    using Kind = MsgpackReader::Item::Kind;
    if (!std::isfinite(item.real)) return {Code::kInvalid, "malformed MessagePack: not a finite number"};
    switch (item.kind) {
      case Kind::kNil: out.Null(); break;
      case Kind::kBoolean: out.Bool(item.number != 0); break;
      case Kind::kUnsigned: out.Uint64(item.number); break;
      case Kind::kSigned: out.Int64(static_cast<int64_t>(item.number)); break;
      case Kind::kFloat: out.Double(item.real); break;
      case Kind::kText: out.String(item.text.data(), length_of(item.text), true); break;
      case Kind::kArray:
      case Kind::kMap: return container(out, item, depth + 1);
    }
    if (item.kind == Kind::kText) is_utf8 = is_utf8 && is_valid_utf8(item.text);
    return {};
  }
  Status container(rapidjson::Document& out, const MsgpackReader::Item& head, int depth) {
    if (depth > kDepthMax) return make_status(Code::kInvalid, "malformed MessagePack: nested deeper than %d levels", kDepthMax);
    const bool is_map = head.kind == MsgpackReader::Item::Kind::kMap;
    if (is_map) out.StartObject();
    else out.StartArray();
    const auto count = static_cast<rapidjson::SizeType>(head.number);
    for (rapidjson::SizeType i = 0; i < count; ++i) {
      if (is_map) AIS_RETURN_IF_ERROR(key(out));
      AIS_RETURN_IF_ERROR(value(out, depth));
    }
    if (is_map) out.EndObject(count);
    else out.EndArray(count);
    return {};
  }
  Status key(rapidjson::Document& out) {
    AIS_TRY(const MsgpackReader::Item item, in_.any());
    if (item.kind != MsgpackReader::Item::Kind::kText) return {Code::kInvalid, "malformed MessagePack: a key is not a text"};
    is_utf8 = is_utf8 && is_valid_utf8(item.text);
    out.Key(item.text.data(), length_of(item.text), true);
    return {};
  }
  static rapidjson::SizeType length_of(std::string_view text) { return static_cast<rapidjson::SizeType>(text.size()); }

  MsgpackReader in_;
};

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
  EscapingWriter writer(buffer);
  as_value(value_)->Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

struct JsonDocument::Impl {
  rapidjson::Document document;
  bool is_utf8 = true;
};

JsonDocument::JsonDocument(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;
bool JsonDocument::is_utf8() const { return impl_->is_utf8; }
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

Result<JsonDocument> JsonDocument::parse_msgpack(std::string_view bytes) {
  auto impl = std::make_unique<Impl>();
  MsgpackSource source(bytes);
  impl->document.Populate(source);
  AIS_RETURN_IF_ERROR(source.status);
  impl->is_utf8 = source.is_utf8;
  return JsonDocument(std::move(impl));
}

}  // namespace ais::codec
