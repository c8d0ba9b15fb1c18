// What a program sets for its whole process before it starts threads, and where it is reachable.
#pragma once

#include <string>

namespace ais::app {

/// Once per process, further calls change nothing: descriptor limit raised to the hard limit, SIGPIPE ignored, few malloc arenas,
/// small thread stacks, fault points armed.
void set_up_process();
/// The first of these alone, for tools. Logs when it cannot be raised.
void raise_descriptor_limit();

/// Host that others reach this node by: `wanted`, else the bound address, else the first address that is not loopback, else
/// 127.0.0.1.
std::string choose_public_host(const std::string& wanted, const std::string& bind_address);

}  // namespace ais::app
