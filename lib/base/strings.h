// String helpers that several modules need. Pure functions on bytes; no locale.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ais {

bool equals_ignore_case(std::string_view a, std::string_view b);
/// ASCII lower case.
std::string to_lower(std::string_view text);
/// Without leading and trailing blanks (space, tab, CR, LF).
std::string_view trim(std::string_view text);
/// ASCII control characters: bytes below the space, and DEL.
bool is_control(char c);
bool has_control_bytes(std::string_view text);
/// Splits at every `separator`; empty items are kept ("a,,b" -> 3 items, "" -> 1 empty item).
std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& items, std::string_view separator);

/// Whole-string decimal parse; nullopt on empty text, sign where none is allowed, overflow, or any other byte.
std::optional<uint64_t> parse_uint(std::string_view text);
std::optional<int64_t> parse_int(std::string_view text);
std::optional<double> parse_double(std::string_view text);
/// AIStore's lenient boolean: 1 t true y yes on (any case) are true, everything else false.
bool parse_bool_lenient(std::string_view text);

/// AIStore's strict boolean: those words and "" 0 f false n no off (any case); nullopt for everything else.
std::optional<bool> parse_bool(std::string_view text);

/// Lower-case hex of bytes, and back (nullopt on odd length or a non-hex byte; upper case accepted).
std::string to_hex(std::string_view bytes);
std::optional<std::string> from_hex(std::string_view hex);

/// RFC 3986 percent-decoding; nullopt on a truncated or non-hex escape. '+' stays '+'.
std::optional<std::string> percent_decode(std::string_view text);
/// Encodes all but unreserved bytes (A-Z a-z 0-9 - . _ ~) and those in `keep`.
std::string percent_encode(std::string_view text, std::string_view keep = "");

/// Appends the decimal text of a number: cheaper than std::to_string on hot paths.
void append_decimal(std::string& out, uint64_t value);

/// printf into a std::string.
std::string format(const char* format, ...) __attribute__((format(printf, 1, 2)));

}  // namespace ais
