#include "base/status.h"

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "base/assert.h"

namespace ais {
namespace {

struct CodeRow {
  Code code;
  const char* name;
  int status;
  const char* type_name;
  bool retryable;
};

constexpr CodeRow kRows[] = {
#define AIS_CODE(name, number, status, type_name, retryable) {Code::k##name, #name, status, type_name, retryable},
#include "base/codes.def"
#undef AIS_CODE
};

const CodeRow& row_of(Code code) {
  for (const CodeRow& row : kRows)
    if (row.code == code) return row;
  AIS_UNREACHABLE("code missing in codes.def");
}

}  // namespace

std::string_view code_name(Code code) { return row_of(code).name; }
int http_status_of(Code code) { return row_of(code).status; }
std::string_view aistore_type_name(Code code) { return row_of(code).type_name; }
bool is_retryable(Code code) { return row_of(code).retryable; }

Status::Status(Code code, std::string message) {
  if (code != Code::kOk) rep_ = std::make_unique<Rep>(Rep{code, 0, 0, std::move(message)});
}

Status Status::from_errno(int error_number, std::string_view what) {
  Code code = Code::kInputOutput;
  switch (error_number) {
    case ENOENT: code = Code::kNotFound; break;
    case EEXIST: code = Code::kAlreadyExists; break;
    case ENOSPC:
    case EDQUOT: code = Code::kCapacityExceeded; break;
    case EACCES:
    case EPERM: code = Code::kPermissionDenied; break;
    case EMFILE:  // descriptors: of this process, of the machine
    case ENFILE: code = Code::kUnavailable; break;
    case ENOMEM: code = Code::kOutOfMemory; break;
    case ECONNREFUSED:
    case EHOSTUNREACH:
    case ENETUNREACH: code = Code::kConnectionFailed; break;
    case ECONNRESET:
    case EPIPE: code = Code::kConnectionClosed; break;
    case ETIMEDOUT: code = Code::kTimeout; break;
    default: break;
  }
  Status status(code, std::string(what) + ": " + strerror(error_number));
  status.rep_->error_number = error_number;
  return status;
}

const std::string& Status::message() const {
  static const std::string kEmpty;
  return rep_ ? rep_->message : kEmpty;
}

int Status::http_status() const {
  if (!rep_) return 200;
  return rep_->http_status != 0 ? rep_->http_status : http_status_of(rep_->code);
}

Status Status::with_context(std::string_view context) const {
  Status copy = *this;
  if (copy.rep_) copy.rep_->message = std::string(context) + ": " + copy.rep_->message;
  return copy;
}

Status Status::with_http_status(int status) const {
  Status copy = *this;
  if (copy.rep_) copy.rep_->http_status = status;
  return copy;
}

std::string Status::to_string() const {
  if (ok()) return "OK";
  return std::string(code_name(code())) + ": " + message();
}

Status missing_feature(std::string_view what) { return {Code::kNotImplemented, std::string(what) + " is not there in this version"}; }

Status make_status(Code code, const char* format, ...) {
  char stack[512];
  va_list args;
  va_start(args, format);
  va_list again;
  va_copy(again, args);
  int length = vsnprintf(stack, sizeof(stack), format, args);
  va_end(args);
  std::string message;
  if (length >= 0 && static_cast<size_t>(length) < sizeof(stack)) {
    message.assign(stack, static_cast<size_t>(length));
  } else if (length > 0) {
    message.resize(static_cast<size_t>(length) + 1);
    vsnprintf(message.data(), message.size(), format, again);
    message.pop_back();
  }
  va_end(again);
  return {code, std::move(message)};
}

}  // namespace ais
