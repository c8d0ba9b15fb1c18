// RootPage: what a person sees who opens the address of a node in a browser. Not part of the protocol.
#pragma once

#include <string>

#include "app/daemon.h"
#include "async/task.h"
#include "net/http_server.h"

namespace ais::app {

/// Whether a browser asks for "/" : GET or HEAD that accepts HTML. S3 clients ask for the same path and do not.
bool asks_for_root_page(const net::HttpRequest& request);

/// Answers with a page that says what this node is, where it tells more about itself, and where the documentation is. Nothing in it comes
/// from the request. Loop thread.
async::Task<void> serve_root_page(net::HttpExchange& exchange, meta::NodeType type, std::string display_name);

}  // namespace ais::app
