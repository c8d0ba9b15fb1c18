#include "cli/json_text.h"

#include <gtest/gtest.h>

namespace ais::cli {
namespace {

TEST(TextField, IsExactEitherWay) {
  codec::JsonWriter out;
  out.begin_object();
  text_field(out, "name", "caf\xc3\xa9\n");
  text_field(out, "other", "caf\xe9");
  out.end_object();
  EXPECT_EQ(*out.finish(), "{\"name\":\"caf\xc3\xa9\\n\",\"other_base64\":\"Y2Fm6Q==\"}");
}

}  // namespace
}  // namespace ais::cli
