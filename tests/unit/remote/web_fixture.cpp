#include "unit/remote/web_fixture.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "base/strings.h"

namespace ais::remote::test {
namespace {

bool is_installed(const char* program) { return system(("command -v " + std::string(program) + " >/dev/null 2>&1").c_str()) == 0; }

/// A listening socket of a free port, and the port.
int listen_anywhere(uint16_t& port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  EXPECT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&address), size), 0);
  EXPECT_EQ(listen(fd, 256), 0);
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  port = ntohs(address.sin_port);
  return fd;
}

int connect_to(uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  EXPECT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  return fd;
}

void pass_on(int from, int to) {
  char bytes[16 * 1024];
  ssize_t n;
  while ((n = recv(from, bytes, sizeof(bytes), 0)) > 0)
    if (send(to, bytes, static_cast<size_t>(n), MSG_NOSIGNAL) != n) break;
  shutdown(to, SHUT_WR);
}

constexpr const char* kConfiguration = R"(
daemon off; worker_processes 1; USER pid F/pid; error_log F/error.log warn;
events { worker_connections 2000; }
http {
  log_format short '$request_method $uri $status'; access_log F/access.log short;
  default_type application/octet-stream; client_max_body_size 0; keepalive_requests 1000000; client_body_buffer_size 64k;
  client_body_temp_path F/t1; proxy_temp_path F/t2; fastcgi_temp_path F/t3; uwsgi_temp_path F/t4; scgi_temp_path F/t5;
  ssl_certificate F/server.pem; ssl_certificate_key F/server.key;
  server {
    listen 127.0.0.1:HTTPS ssl http2;
    location /data/ { alias F/data/; }
    location /put/ { alias F/put/; dav_methods PUT DELETE; create_full_put_path on; }
    location /echo { return 200 "$request_method|$http_authorization|$http_cookie|$http_x_vault_token|$http_accept|$args"; }
    location /protocol { return 200 "$server_protocol"; }
    location /connection { return 200 "$connection"; }
    location /once { return 302 /echo?once; }
    location /relative/a { return 301 b?x=1; }
    location /relative/b { return 200 "$request_uri"; }
    location /see { return 303 /echo; }
    location /keep { return 307 $scheme://$http_host/put/kept; }
    location /endless { return 302 /endless; }
    location /nowhere { return 302 file:///etc/passwd; }
    location /login { return 302 https://user:secret@localhost:HTTPS/echo; }
    location /down { return 302 http://127.0.0.1:PLAIN/echo; }
    location /other { return 307 https://localhost:OTHER/echo; }
    location /missing { return 404 "no such thing"; }
    location /heads { add_header X-Long "LONG"; return 200 "x"; }
  }
  server {
    listen 127.0.0.1:OTHER ssl;
    location /echo { return 200 "$request_method|$http_authorization|$http_cookie|$http_x_vault_token|$http_accept|$args"; }
  }
  server {
    listen 127.0.0.1:PLAIN;
    location /data/ { alias F/data/; }
    location /echo { return 200 "plain"; }
    location /proxied/ { proxy_pass http://$http_host/echo; add_header X-Proxy "nginx"; }
  }
  server { listen 127.0.0.1:MISNAMED ssl; ssl_certificate F/other.pem; ssl_certificate_key F/other.key; return 200 "other"; }
  server {
    listen 127.0.0.1:MUTUAL ssl; ssl_client_certificate F/ca.pem; ssl_verify_client on;
    location / { return 200 "$ssl_client_s_dn"; }
  }
}
)";

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size()) text.replace(at, what.size(), with);
}

}  // namespace

Web* Web::get() {
  static const std::unique_ptr<Web> web(is_installed("nginx") && is_installed("openssl") ? new Web : nullptr);
  return web.get();
}

Web::Web() {
  std::string name = (std::filesystem::temp_directory_path() / "remote-XXXXXX").string();
  folder = mkdtemp(name.data());
  for (const char* inner : {"data", "put"}) std::filesystem::create_directory(folder / inner);
  EXPECT_TRUE(make_certificates());
  std::string block(1 << 20, '\0');
  std::ofstream large(file("data/large"), std::ios::binary);
  for (uint64_t offset = 0; offset < kLargeBytes; offset += block.size()) {
    for (size_t i = 0; i < block.size(); ++i) block[i] = large_byte(offset + i);
    large.write(block.data(), static_cast<std::streamsize>(block.size()));
  }
  std::ofstream(file("data/ten")) << "0123456789";
  std::vector<int> listeners;
  for (uint16_t* port : {&https_port, &other_https_port, &http_port, &misnamed_port, &mutual_port})
    listeners.push_back(listen_anywhere(*port));
  write_configuration();
  start(listeners);
}

Web::~Web() {
  if (nginx_ > 0) {
    kill(nginx_, SIGTERM);
    waitpid(nginx_, nullptr, 0);
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
}

bool Web::make_certificates() {
  const std::string head = "cd '" + folder.string() + "' && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 ";
  const auto signed_by_authority = [&](const std::string& name, const std::string& names) {
    return system((head + "-CA ca.pem -CAkey ca.key -keyout " + name + ".key -out " + name + ".pem -subj /CN=" + name +
                   " -addext subjectAltName=" + names + " -addext basicConstraints=CA:FALSE 2>>openssl.log")
                      .c_str()) == 0;
  };
  return system((head + "-keyout ca.key -out ca.pem -subj /CN=test-authority 2>openssl.log").c_str()) == 0 &&
         system((head + "-keyout stranger.key -out stranger.pem -subj /CN=stranger 2>>openssl.log").c_str()) == 0 &&
         signed_by_authority("server", "DNS:localhost,IP:127.0.0.1") && signed_by_authority("other", "DNS:other.example") &&
         signed_by_authority("client", "DNS:client.example");
}

void Web::write_configuration() {
  std::string text = kConfiguration;
  replace_all(text, "USER", geteuid() == 0 ? "user root;" : "");  // else its worker becomes one who cannot read the folder
  replace_all(text, "F/", folder.string() + "/");
  replace_all(text, "HTTPS", std::to_string(https_port));
  replace_all(text, "OTHER", std::to_string(other_https_port));
  replace_all(text, "PLAIN", std::to_string(http_port));
  replace_all(text, "MISNAMED", std::to_string(misnamed_port));
  replace_all(text, "MUTUAL", std::to_string(mutual_port));
  replace_all(text, "LONG", std::string(3000, 'l'));
  std::ofstream(file("nginx.conf")) << text;
}

// nginx inherits sockets that listen already, as it does from itself when its binary is replaced: no port can be taken by another one in
// between, and who connects before it is ready waits in the queue.
void Web::start(const std::vector<int>& listeners) {
  std::string inherited;
  for (int fd : listeners) inherited += std::to_string(fd) + ";";
  const std::string configuration = file("nginx.conf"), log = file("error.log"), prefix = folder.string();
  nginx_ = fork();
  if (nginx_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    for (int fd : listeners) fcntl(fd, F_SETFD, 0);
    setenv("NGINX", inherited.c_str(), 1);
    execlp("nginx", "nginx", "-p", prefix.c_str(), "-e", log.c_str(), "-c", configuration.c_str(), nullptr);
    _exit(127);
  }
  for (int fd : listeners) close(fd);
}

std::string Web::url(std::string_view scheme, std::string_view host, uint16_t port, std::string_view path) {
  return std::string(scheme) + "://" + std::string(host) + ":" + std::to_string(port) + std::string(path);
}

int Web::requests_of(std::string_view path) const {
  std::ifstream log(file("access.log"));
  int count = 0;
  for (std::string line; std::getline(log, line);) count += line.find(" " + std::string(path) + " ") != std::string::npos;
  return count;
}

Peer::Peer(std::function<void(int)> script) : script_(std::move(script)) {
  listener_ = listen_anywhere(port_);
  accepting_ = std::thread([this] { serve(); });
}

void Peer::serve() {
  while (true) {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    ++accepted_;
    connections_.push_back(fd);
    scripts_.emplace_back([this, fd] {
      script_(fd);
      shutdown(fd, SHUT_RDWR);
    });
  }
}

Peer::~Peer() {
  shutdown(listener_, SHUT_RDWR);
  accepting_.join();
  for (int fd : connections_) shutdown(fd, SHUT_RDWR);
  for (std::thread& script : scripts_) script.join();
  for (int fd : connections_) close(fd);
  close(listener_);
}

std::string receive_until(int fd, std::string_view end) {
  std::string text;
  char c;
  while (!text.ends_with(end)) {
    if (recv(fd, &c, 1, 0) != 1) return "";
    text += c;
  }
  return text;
}

void say(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    if (n <= 0) return;
    text.remove_prefix(static_cast<size_t>(n));
  }
}

std::function<void(int)> answers_in_turn(std::vector<std::string> answers) {
  auto next = std::make_shared<std::atomic<size_t>>(0);
  return [answers = std::move(answers), next](int fd) {
    while (!receive_until(fd, "\r\n\r\n").empty()) say(fd, answers[std::min(next->fetch_add(1), answers.size() - 1)]);
  };
}

std::function<void(int)> connect_proxy(std::vector<std::string>& seen) {
  return [&seen](int fd) {
    const std::string head = receive_until(fd, "\r\n\r\n");
    seen.push_back(head);
    const std::string_view target = std::string_view(head).substr(0, head.find(" HTTP/"));
    const auto port = parse_uint(target.substr(target.rfind(':') + 1));
    if (!head.starts_with("CONNECT ") || !port) return say(fd, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    const int server = connect_to(static_cast<uint16_t>(*port));
    say(fd, "HTTP/1.1 200 Connection established\r\nX-From: proxy\r\n\r\n");
    std::thread back([&] { pass_on(server, fd); });
    pass_on(fd, server);
    back.join();
    close(server);
  };
}

void wait_for_end(int fd) {
  char bytes[4096];
  while (recv(fd, bytes, sizeof(bytes), 0) > 0) {
  }
}

void RemoteTest::SetUp() {
  for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"}) unsetenv(name);
  web = Web::get();
  if (!web) GTEST_SKIP() << "nginx or the openssl tool is not installed";
  loop = *net::EventLoop::create("remote");
  use(trusting());
}

void RemoteTest::use(Options changed) {
  auto made = Client::create(*loop, std::move(changed), sys::Random(1));
  ASSERT_TRUE(made.ok()) << made.status().to_string();
  client = std::move(*made);
}

Options RemoteTest::trusting() const {
  Options options;
  options.tls.ca_file = web->file("ca.pem");
  return options;
}

async::Task<Answer> answer_of(Client& client, Request request) {
  Answer answer;
  Result<Response> response = co_await client.send(std::move(request));
  answer.code = response.code();
  if (!response.ok()) {
    answer.error = response.status().message();
    co_return answer;
  }
  answer.status = response->status();
  answer.headers = response->headers();
  Result<std::string> body = co_await response->read_all(128 << 20);
  answer.code = body.code();
  if (body.ok()) answer.body = *body;
  else answer.error = body.status().message();
  co_return answer;
}

Answer RemoteTest::ask(Request request) { return net::run_task(*loop, answer_of(*client, std::move(request))); }
Answer RemoteTest::get(std::string url) { return ask(quick(std::move(url))); }

Request RemoteTest::quick(std::string url) {
  Request request;
  request.url = std::move(url);
  request.retries.first_delay = milliseconds(1);
  request.timeouts.whole = seconds(60);
  return request;
}

}  // namespace ais::remote::test
