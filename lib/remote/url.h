// A URL as a request needs it: checked, of http or https, with neither user nor fragment. By libcurl's parser, the one that later connects:
// two parsers that disagree about the host would undo every check.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"

namespace ais::remote {

class Url {
 public:
  /// kInvalid with a text that repeats nothing of the URL, since it may hold secrets.
  static Result<Url> parse(std::string_view text);
  /// What a Location header names, absolute or relative to this one.
  Result<Url> resolve(std::string_view location) const;

  const std::string& text() const { return text_; }
  /// "host:port", the port always said: how errors name the server.
  const std::string& authority() const { return authority_; }
  bool is_https() const { return https_; }
  /// Same scheme, host and port: may see what was meant for the other.
  bool is_same_origin(const Url& other) const { return https_ == other.https_ && authority_ == other.authority_; }

 private:
  static Result<Url> take_parts(void* handle);
  std::string text_;
  std::string authority_;
  bool https_ = false;
};

}  // namespace ais::remote
