#include "ais/cluster/documents.h"

#include <algorithm>

#include "ais/cluster/document_tables.h"
#include "ais/cluster/live.h"
#include "ais/cluster/node_argument.h"
#include "ais/cluster/node_report.h"
#include "ais/command/commands.h"
#include "base/strings.h"
#include "cli/spelling.h"
#include "cli/text_width.h"

namespace ais::cli {
namespace {

/// Where a document comes from.
enum class Source {
  kDaemon,   // GET /v1/daemon?what=, of any node
  kCluster,  // GET /v1/cluster?what=, of the gateway
  kDirect,   // a path of the node's own public address
};
enum class Form { kJson, kText };

struct Document {
  const char* word;
  Source source;
  const char* what;  // for kDirect the path
  Form form = Form::kJson;
};

constexpr Document kOfCluster[] = {
    {"smap", Source::kDaemon, "smap"},
    {"bmd", Source::kDaemon, "bmd"},
    {"sysinfo", Source::kCluster, "sysinfo"},
    {"node-stats", Source::kCluster, "node_stats"},
    {"mountpaths", Source::kCluster, "mountpaths"},
    {"backends", Source::kCluster, "backends"},
    {"remote", Source::kCluster, "remote"},
    {"suspects", Source::kCluster, "suspects"},
    {"jobs", Source::kCluster, "running_all"},
    {"target-ips", Source::kCluster, "target_ips", Form::kText},
};

constexpr Document kOfNode[] = {
    {"status", Source::kDaemon, "node_status"},
    {"stats", Source::kDaemon, "node_stats"},
    {"sysinfo", Source::kDaemon, "sysinfo"},
    {"snode", Source::kDaemon, "snode"},
    {"config", Source::kDaemon, "config"},
    {"smap", Source::kDaemon, "smap"},
    {"bmd", Source::kDaemon, "bmd"},
    {"mountpaths", Source::kDaemon, "mountpaths"},
    {"disk", Source::kDaemon, "disk"},
    {"remote", Source::kDaemon, "remote"},
    {"metric-names", Source::kDaemon, "metrics"},
    {"tls", Source::kDaemon, "tls_certificate"},
    {"version", Source::kDaemon, "software_version", Form::kText},
    {"health", Source::kDirect, "/v1/health?cii=true"},
    {"metrics", Source::kDirect, "/metrics", Form::kText},
};

template <size_t kCount>
const Document* find_document(const Document (&documents)[kCount], std::string_view word) {
  for (const Document& document : documents)
    if (word == document.word) return &document;
  return nullptr;
}

async::Task<Result<std::string>> fetch(Invocation& invocation, const Document& document, std::string node_text) {
  api::ClusterClient& cluster = invocation.cluster();
  if (document.source == Source::kCluster) co_return co_await cluster.cluster_query(document.what);
  if (node_text.empty()) co_return co_await cluster.daemon_query(document.what);
  AIS_CO_TRY(meta::ClusterMap map, co_await cluster.cluster_map());
  AIS_CO_TRY(const meta::Node* node, find_node(map, node_text));
  if (document.source == Source::kDaemon) co_return co_await ask_one_node(invocation, node->id, std::string("what=") + document.what);
  AIS_CO_TRY(api::ClusterClient direct, api::ClusterClient::create(cluster.http(), node->public_net.url()));
  co_return co_await direct.call(net::Method::kGet, document.what, "", "");
}

/// Lines of text with what could drive a terminal made visible.
std::string printable_lines(std::string_view text) {
  std::string out;
  for (std::string_view line : split(text, '\n')) out += printable(line) + "\n";
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

Result<Picture> picture_of(Invocation& invocation, const Document& document, std::string_view text) {
  Picture picture;
  if (document.form == Form::kText) {
    picture.json = codec::JsonWriter().value(trim(text)).take();
    picture.text = printable_lines(text);
    return picture;
  }
  AIS_TRY(codec::JsonDocument parsed, codec::JsonDocument::parse(text));
  picture.json = trim(text);
  if (!invocation.json()) {
    AIS_TRY(picture.text, document_text(document.word, parsed.root(), invocation.table_style()));
  }
  return picture;
}

class DocumentView : public LiveView {
 public:
  DocumentView(Invocation& invocation, const Document& document, std::string node)
      : invocation_(invocation), document_(document), node_(std::move(node)) {}
  async::Task<Result<Picture>> look() override {
    AIS_CO_TRY(const std::string text, co_await fetch(invocation_, document_, node_));
    co_return picture_of(invocation_, document_, text);
  }

 private:
  Invocation& invocation_;
  const Document& document_;
  const std::string node_;
};

Status unknown_document(Invocation& invocation, const std::string& word) {
  std::vector<std::string> known;
  for (const Document& document : kOfNode) known.emplace_back(document.word);
  std::string best = nearest(word, known);
  return invocation.usage_error("\"" + word + "\" is none of " + join(known, ", ") +
                                (best.empty() ? "" : ", did you mean \"" + best + "\"?"));
}

}  // namespace

bool is_cluster_document(std::string_view word) { return find_document(kOfCluster, word) != nullptr; }

async::Task<Status> show_cluster_document(Invocation& invocation) {
  const Document* document = find_document(kOfCluster, invocation.argument(0));
  const std::string node = invocation.arguments().size() > 1 ? invocation.argument(1) : "";
  if (!node.empty() && document->source == Source::kCluster)
    co_return invocation.usage_error(std::string("\"") + document->word +
                                     "\" belongs to the whole cluster; for one node use: ais show node");
  DocumentView view(invocation, *document, node);
  co_return co_await show_live(invocation, view);
}

async::Task<Status> show_node(Invocation& invocation) {
  const std::string word = invocation.arguments().size() > 1 ? invocation.argument(1) : "status";
  const Document* document = find_document(kOfNode, word);
  if (!document) co_return unknown_document(invocation, word);
  DocumentView view(invocation, *document, invocation.argument(0));
  co_return co_await show_live(invocation, view);
}

}  // namespace ais::cli
