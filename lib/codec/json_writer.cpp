#include "codec/json.h"

#include <cmath>

#include "base/assert.h"
// The library adds offsets to the null pointer of a stack that is still empty: harmless, but a report of UBSan.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((no_sanitize("pointer-overflow"))), apply_to = function)
#endif
#define RAPIDJSON_ASSERT(x) AIS_ASSERT(x)
#include <rapidjson/document.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#if defined(__clang__)
#pragma clang attribute pop
#endif

#include "codec/utf8.h"

namespace ais::codec {
namespace {

constexpr size_t kShownMax = 256;  // bytes of a text in an error

rapidjson::SizeType length_of(std::string_view text) { return static_cast<rapidjson::SizeType>(text.size()); }

// Raw members have no indentation of their own, so the finished text is laid out as a whole.
std::string pretty(const rapidjson::StringBuffer& compact, int indent) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(compact.GetString(), compact.GetSize());
  if (document.HasParseError()) return {compact.GetString(), compact.GetSize()};
  rapidjson::StringBuffer buffer;
  rapidjson::PrettyWriter<rapidjson::StringBuffer> writer(buffer);
  writer.SetIndent(' ', static_cast<unsigned>(indent));
  document.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace

struct JsonWriter::Impl {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
  int indent = 0;
  std::string inexact;  // the first text that JSON cannot carry, for people
};

JsonWriter::JsonWriter() : impl_(std::make_unique<Impl>()) {}
JsonWriter::JsonWriter(int indent) : JsonWriter() { impl_->indent = indent; }
JsonWriter::~JsonWriter() = default;

JsonWriter& JsonWriter::begin_object() {
  impl_->writer.StartObject();
  return *this;
}
JsonWriter& JsonWriter::end_object() {
  impl_->writer.EndObject();
  return *this;
}
JsonWriter& JsonWriter::begin_array() {
  impl_->writer.StartArray();
  return *this;
}
JsonWriter& JsonWriter::end_array() {
  impl_->writer.EndArray();
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) { return value(name); }

JsonWriter& JsonWriter::value(std::string_view text) {
  if (is_valid_utf8(text)) {
    impl_->writer.String(text.empty() ? "" : text.data(), length_of(text));
    return *this;
  }
  const std::string escaped = escape_invalid_utf8(text);
  impl_->writer.String(escaped.data(), length_of(escaped));
  if (impl_->inexact.empty()) impl_->inexact = printable(text.substr(0, kShownMax));
  return *this;
}

JsonWriter& JsonWriter::value(bool flag) {
  impl_->writer.Bool(flag);
  return *this;
}
JsonWriter& JsonWriter::value(int64_t number) {
  impl_->writer.Int64(number);
  return *this;
}
JsonWriter& JsonWriter::value(uint64_t number) {
  impl_->writer.Uint64(number);
  return *this;
}
JsonWriter& JsonWriter::value(double number) {
  if (!std::isfinite(number)) return null();
  impl_->writer.Double(number);
  return *this;
}
JsonWriter& JsonWriter::null() {
  impl_->writer.Null();
  return *this;
}
JsonWriter& JsonWriter::quoted(int64_t number) { return value(std::to_string(number)); }
JsonWriter& JsonWriter::quoted(uint64_t number) { return value(std::to_string(number)); }

JsonWriter& JsonWriter::raw(std::string_view json) {
  impl_->writer.RawValue(json.data(), json.size(), rapidjson::kObjectType);
  return *this;
}

std::string JsonWriter::take() {
  AIS_ASSERT_MSG(impl_->writer.IsComplete(), "JSON text is not complete");
  std::string text =
      impl_->indent > 0 ? pretty(impl_->buffer, impl_->indent) : std::string(impl_->buffer.GetString(), impl_->buffer.GetSize());
  impl_->buffer.Clear();
  impl_->writer.Reset(impl_->buffer);
  impl_->inexact.clear();
  return text;
}

Result<std::string> JsonWriter::finish() {
  const std::string inexact = std::move(impl_->inexact);
  std::string text = take();
  if (inexact.empty()) return text;
  return Status(Code::kInvalid, "JSON cannot carry \"" + inexact + "\", which is not UTF-8");
}

}  // namespace ais::codec
