#include "ais-proxy/redirect_location.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "api/names.h"
#include "api/query.h"
#include "base/strings.h"

namespace ais::proxy {

namespace {

// '+' in a query is a blank.
std::string decode_query_text(std::string_view text) {
  std::string plain(text);
  std::replace(plain.begin(), plain.end(), '+', ' ');
  return percent_decode(plain).value_or(std::string(text));
}

}  // namespace

bool needs_rebuild(std::string_view decoded_path) { return decoded_path.find_first_of("%?# +") != std::string_view::npos; }

void raw_location(std::string& out, const meta::Node& target, std::string_view raw_path, std::string_view raw_query, RedirectMarks marks) {
  out.assign(target.public_net.url());
  out.append(raw_path).push_back('?');
  if (!raw_query.empty()) out.append(raw_query).push_back('&');
  out.append("pid=").append(marks.proxy_id).append("&utm=");
  append_decimal(out, static_cast<uint64_t>(marks.unix_ns));
}

void rebuilt_location(std::string& out, const meta::Node& target, std::string_view bucket, std::string_view object,
                      std::string_view raw_query, RedirectMarks marks) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string_view item : split(raw_query, '&')) {
    if (item.empty()) continue;
    const size_t equals = item.find('=');
    const std::string_view value = equals == std::string_view::npos ? std::string_view() : item.substr(equals + 1);
    pairs.emplace_back(decode_query_text(item.substr(0, equals)), decode_query_text(value));
  }
  pairs.emplace_back(api::query::kProxyId, marks.proxy_id);
  pairs.emplace_back(api::query::kUnixTime, std::to_string(marks.unix_ns));
  std::stable_sort(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  api::QueryBuilder query;
  for (const auto& [name, value] : pairs) query.add(name, value);
  out.assign(target.public_net.url());
  out.append(api::object_target(bucket, object)).append("?").append(query.take());
}

}  // namespace ais::proxy
