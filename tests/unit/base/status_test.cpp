#include "base/status.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <set>

namespace ais {
namespace {

TEST(StatusTest, OkCarriesNothing) {
  Status status;
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(status.code(), Code::kOk);
  EXPECT_EQ(status.http_status(), 200);
  EXPECT_EQ(status.message(), "");
  EXPECT_EQ(status.to_string(), "OK");
  EXPECT_TRUE(status.with_context("reading").ok());
  EXPECT_TRUE(Status(Code::kOk, "ignored").ok());
}

TEST(StatusTest, CopiesAreDeepAndContextIsPrepended) {
  Status status(Code::kBusy, "disk");
  Status copy = status;
  Status wrapped = status.with_context("put").with_http_status(503);
  EXPECT_EQ(copy.message(), "disk");
  EXPECT_EQ(wrapped.message(), "put: disk");
  EXPECT_EQ(wrapped.http_status(), 503);
  EXPECT_EQ(status.http_status(), 409);
  EXPECT_EQ(wrapped.to_string(), "Busy: put: disk");
  copy = Status();
  EXPECT_TRUE(copy.ok());
}

TEST(StatusTest, ErrnoBecomesACode) {
  struct Row {
    int error;
    Code code;
  };
  for (Row row : {Row{ENOENT, Code::kNotFound}, Row{EEXIST, Code::kAlreadyExists}, Row{ENOSPC, Code::kCapacityExceeded},
                  Row{EDQUOT, Code::kCapacityExceeded}, Row{EACCES, Code::kPermissionDenied}, Row{ECONNREFUSED, Code::kConnectionFailed},
                  Row{EPIPE, Code::kConnectionClosed}, Row{ETIMEDOUT, Code::kTimeout}, Row{EIO, Code::kInputOutput}}) {
    Status status = Status::from_errno(row.error, "open x");
    EXPECT_EQ(status.code(), row.code);
    EXPECT_EQ(status.error_number(), row.error);
    EXPECT_TRUE(status.message().starts_with("open x: "));
  }
}

TEST(StatusTest, TableRowsAreDistinctAndSane) {
  std::set<int> numbers;
  std::set<std::string_view> names;
  for (Code code : {
#define AIS_CODE(name, number, status, type_name, retryable) Code::k##name,
#include "base/codes.def"
#undef AIS_CODE
       }) {
    EXPECT_TRUE(numbers.insert(static_cast<int>(code)).second);
    EXPECT_TRUE(names.insert(code_name(code)).second);
    EXPECT_TRUE(code == Code::kOk || code == Code::kNotModified || http_status_of(code) >= 400);
    EXPECT_FALSE(is_retryable(code) && http_status_of(code) == 404);
  }
  EXPECT_EQ(aistore_type_name(Code::kBucketNotFound), "ErrBckNotFound");
}

TEST(StatusTest, MakeStatusFormatsTextsOfAnyLength) {
  EXPECT_EQ(make_status(Code::kInvalid, "%d of %s", 3, "x").message(), "3 of x");
  std::string big(5000, 'a');
  EXPECT_EQ(make_status(Code::kInvalid, "<%s>", big.c_str()).message(), "<" + big + ">");
}

Result<int> half(int number) {
  if (number % 2 != 0) return Status(Code::kInvalid, "odd");
  return number / 2;
}
Result<int> quarter(int number) {
  AIS_TRY(int once, half(number));
  AIS_RETURN_IF_ERROR(half(once).status());
  return half(once);
}

TEST(ResultTest, MacrosPassErrorsUp) {
  EXPECT_EQ(quarter(8).value(), 2);
  EXPECT_EQ(quarter(6).code(), Code::kInvalid);
  EXPECT_EQ(quarter(7).status().message(), "odd");
  EXPECT_EQ(half(3).value_or(-1), -1);
  EXPECT_EQ(half(4).value_or(-1), 2);
}

TEST(ResultTest, HoldsMoveOnlyValues) {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(5));
  std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 5);
}

}  // namespace
}  // namespace ais
