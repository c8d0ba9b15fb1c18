#include "app/process_setup.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <malloc.h>
#include <net/if.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>

#include <memory>
#include <mutex>

#include "base/log.h"
#include "sys/fault_points.h"

namespace ais::app {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr size_t kThreadStack = 8 << 20;  // instrumented frames are many times larger
#else
constexpr size_t kThreadStack = 512 << 10;
#endif

void shrink_thread_stacks() {
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return;
  if (pthread_attr_setstacksize(&attributes, kThreadStack) == 0) pthread_setattr_default_np(&attributes);
  pthread_attr_destroy(&attributes);
}

std::string text_of(const sockaddr* address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address->sa_family == AF_INET) inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(address)->sin_addr, text, sizeof text);
  if (address->sa_family == AF_INET6) {
    const in6_addr& v6 = reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
    if (!IN6_IS_ADDR_LINKLOCAL(&v6)) inet_ntop(AF_INET6, &v6, text, sizeof text);  // means nothing on another machine
  }
  return text;
}

std::string first_address(int family) {
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return "";
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owner(list, freeifaddrs);
  for (const ifaddrs* item = list; item != nullptr; item = item->ifa_next) {
    if (item->ifa_addr == nullptr || item->ifa_addr->sa_family != family) continue;
    if ((item->ifa_flags & IFF_LOOPBACK) != 0 || (item->ifa_flags & IFF_UP) == 0) continue;
    if (std::string text = text_of(item->ifa_addr); !text.empty()) return text;
  }
  return "";
}

}  // namespace

void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) AIS_WARN("process", "cannot raise the limit of open descriptors");
}

void set_up_process() {
  static std::once_flag once;
  std::call_once(once, [] {
    signal(SIGPIPE, SIG_IGN);
    mallopt(M_ARENA_MAX, 2);
    raise_descriptor_limit();
    shrink_thread_stacks();
    sys::arm_fault_points_from_environment();
  });
}

std::string choose_public_host(const std::string& wanted, const std::string& bind_address) {
  if (!wanted.empty()) return wanted;
  const bool any_v4 = bind_address.empty() || bind_address == "0.0.0.0";
  if (!any_v4 && bind_address != "::") return bind_address;
  if (std::string host = first_address(AF_INET); !host.empty()) return host;
  std::string host = any_v4 ? "" : first_address(AF_INET6);
  return host.empty() ? "127.0.0.1" : host;
}

}  // namespace ais::app
