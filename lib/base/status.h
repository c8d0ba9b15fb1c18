// Status and Result<T>: how every function of this project reports expected trouble.
//
// A Status is a code of the table in codes.def plus a text for people. The OK status costs one null pointer. Neither type may
// be dropped silently ([[nodiscard]]); none of our functions throws. Broken invariants are AIS_ASSERT's business (assert.h).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace ais {

enum class Code : int {
#define AIS_CODE(name, number, status, type_name, retryable) k##name = number,
#include "base/codes.def"
#undef AIS_CODE
};

/// The enumerator's name without its k, e.g. "BucketNotFound".
std::string_view code_name(Code code);
/// HTTP status that an answer with this code carries by default.
int http_status_of(Code code);
/// AIStore's name of the error type (`tcode`), or "".
std::string_view aistore_type_name(Code code);
/// True when the same request may succeed later without a change by the caller.
bool is_retryable(Code code);

class [[nodiscard]] Status {
 public:
  Status() = default;  // OK
  Status(Code code, std::string message);
  Status(Status&&) noexcept = default;
  Status& operator=(Status&&) noexcept = default;
  Status(const Status& other) { *this = other; }
  Status& operator=(const Status& other) {
    if (this != &other) rep_ = other.rep_ ? std::make_unique<Rep>(*other.rep_) : nullptr;
    return *this;
  }

  static Status ok_status() { return {}; }
  /// From errno: ENOENT -> NotFound, ENOSPC/EDQUOT -> CapacityExceeded, EACCES/EPERM -> PermissionDenied, else InputOutput.
  /// The message is "<what>: <strerror>".
  static Status from_errno(int error_number, std::string_view what);

  bool ok() const { return !rep_; }
  explicit operator bool() const { return ok(); }
  Code code() const { return rep_ ? rep_->code : Code::kOk; }
  const std::string& message() const;
  /// errno that caused it, 0 when there is none.
  int error_number() const { return rep_ ? rep_->error_number : 0; }
  /// The status an HTTP answer carries: an explicit one set by with_http_status, else the table's.
  int http_status() const;

  /// A copy whose message is "<context>: <message>". OK stays OK.
  Status with_context(std::string_view context) const;
  /// A copy that answers with `status` instead of the table's.
  Status with_http_status(int status) const;

  /// "OK" or "Name: message".
  std::string to_string() const;

 private:
  struct Rep {
    Code code;
    int error_number;
    int http_status;  // 0 = the table's
    std::string message;
  };
  std::unique_ptr<Rep> rep_;
};

/// Status with a printf-formatted message.
Status make_status(Code code, const char* format, ...) __attribute__((format(printf, 2, 3)));

/// kNotImplemented in its one form, "<what> is not there in this version": for everything that AIStore has and we have not.
Status missing_feature(std::string_view what);

/// A value or the Status that says why there is none. Member names follow std::expected.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}         // NOLINT: implicit on purpose
  Result(Status status) : state_(std::in_place_index<1>, std::move(status)) {}  // NOLINT; status must not be OK

  bool has_value() const { return state_.index() == 0; }
  bool ok() const { return has_value(); }
  explicit operator bool() const { return has_value(); }

  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  T value_or(T other) const& { return has_value() ? value() : std::move(other); }

  /// The status: OK when there is a value.
  Status status() const { return has_value() ? Status() : std::get<1>(state_); }
  Status&& take_status() && { return std::get<1>(std::move(state_)); }
  Code code() const { return has_value() ? Code::kOk : std::get<1>(state_).code(); }

 private:
  std::variant<T, Status> state_;
};

}  // namespace ais

#define AIS_CONCAT_INNER(a, b) a##b
#define AIS_CONCAT(a, b) AIS_CONCAT_INNER(a, b)

/// Return from the function when the Status expression is not OK.
#define AIS_RETURN_IF_ERROR(expression)                                                  \
  do {                                                                                   \
    if (::ais::Status ais_status_ = (expression); !ais_status_.ok()) return ais_status_; \
  } while (0)

/// `AIS_TRY(auto fd, open_file(path));` binds the value or returns the status.
#define AIS_TRY(declaration, expression) AIS_TRY_IMPL(AIS_CONCAT(ais_result_, __COUNTER__), declaration, expression)
#define AIS_TRY_IMPL(name, declaration, expression)     \
  auto name = (expression);                             \
  if (!name.ok()) return std::move(name).take_status(); \
  declaration = std::move(name).value()

/// The same inside coroutines.
#define AIS_CO_RETURN_IF_ERROR(expression)                                                  \
  do {                                                                                      \
    if (::ais::Status ais_status_ = (expression); !ais_status_.ok()) co_return ais_status_; \
  } while (0)
#define AIS_CO_TRY(declaration, expression) AIS_CO_TRY_IMPL(AIS_CONCAT(ais_result_, __COUNTER__), declaration, expression)
#define AIS_CO_TRY_IMPL(name, declaration, expression)     \
  auto name = (expression);                                \
  if (!name.ok()) co_return std::move(name).take_status(); \
  declaration = std::move(name).value()
