// JSON facade (RapidJSON inside json*.cpp only). Reading gives a JsonDocument with cheap JsonView cursors that match keys without
// regard to case, as AIStore's wire demands; writing streams into a string. No DOM value travels into other modules' structs:
// they read what they need and keep plain fields.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/function.h"
#include "base/status.h"

namespace ais::codec {

/// A cursor into a JsonDocument, valid as long as it. A missing member is a view for which is_null() holds: `null` equals absent.
class JsonView {
 public:
  JsonView() = default;
  bool is_null() const;
  bool is_bool() const;
  bool is_number() const;
  bool is_string() const;
  bool is_array() const;
  bool is_object() const;

  /// Member by name: exact first, else the first that matches ignoring case; a null view when absent or not an object.
  JsonView operator[](std::string_view key) const;
  /// Array element; a null view when out of range.
  JsonView at(size_t index) const;
  size_t size() const;  // of an array or object, else 0
  /// Visits members in document order; for arrays keys are empty. Stops at the first non-OK status and returns it.
  Status for_each(const std::function<Status(std::string_view key, JsonView value)>& visit) const;

  /// Typed reads. Absent (null) gives nullopt; another type is kInvalid naming `what`.
  /// Integers are also read from decimal strings (AIStore's str(int)); bools also from "true"/"false".
  Result<std::optional<std::string>> get_string(std::string_view what) const;
  Result<std::optional<int64_t>> get_int(std::string_view what) const;
  Result<std::optional<uint64_t>> get_uint(std::string_view what) const;
  Result<std::optional<bool>> get_bool(std::string_view what) const;
  /// Lenient reads with a default for absent or mistyped values.
  std::string string_or(std::string_view fallback) const;
  int64_t int_or(int64_t fallback) const;
  uint64_t uint_or(uint64_t fallback) const;
  bool bool_or(bool fallback) const;
  double double_or(double fallback) const;
  /// This value as compact JSON text. Texts that are no UTF-8 (they come from MessagePack only) are escaped as JsonWriter does: ask
  /// JsonDocument::is_utf8() first where they must stay as they are.
  std::string to_text() const;

 private:
  friend class JsonDocument;
  explicit JsonView(const void* value) : value_(value) {}
  const void* value_ = nullptr;
};

/// Owns a parsed text. Nesting deeper than 64 levels, invalid UTF-8, lone surrogates and trailing bytes are kInvalid.
class JsonDocument {
 public:
  static Result<JsonDocument> parse(std::string_view text);
  /// The same values from MessagePack; texts (str or bin) may be any bytes. kInvalid: a key that is no text, extensions, NaN, infinity.
  static Result<JsonDocument> parse_msgpack(std::string_view bytes);
  /// True when every key and text is UTF-8, so that JSON can carry the document. Always of what JSON was.
  bool is_utf8() const;
  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;
  ~JsonDocument();
  JsonView root() const;

 private:
  struct Impl;
  explicit JsonDocument(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Streams compact JSON (no HTML escaping). Calls must nest properly; asserted.
///
/// JSON cannot carry text that is no UTF-8. What cannot be carried is never replaced: its bytes are shown escaped ("\xff") in what take()
/// returns, which is for people, and finish() refuses the whole text. Data that must come back as it was goes through finish().
class JsonWriter {
 public:
  JsonWriter();
  /// `indent` blanks per level: for people.
  explicit JsonWriter(int indent);
  ~JsonWriter();
  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);
  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
  JsonWriter& value(bool flag);
  JsonWriter& value(int64_t number);
  JsonWriter& value(uint64_t number);
  JsonWriter& value(int number) { return value(static_cast<int64_t>(number)); }
  JsonWriter& value(unsigned number) { return value(static_cast<uint64_t>(number)); }
  JsonWriter& value(double number);
  JsonWriter& null();
  /// AIStore's str(int): the number inside a JSON string.
  JsonWriter& quoted(int64_t number);
  JsonWriter& quoted(uint64_t number);
  /// Already serialised JSON.
  JsonWriter& raw(std::string_view json);
  template <typename T>
  JsonWriter& field(std::string_view name, const T& v) {
    key(name);
    return value(v);
  }
  /// The text; the writer is empty afterwards.
  std::string take();
  /// The same where nothing had to be escaped; else kInvalid, which shows the first text that is no UTF-8.
  Result<std::string> finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ais::codec
