// SimulatedCluster: a primary gateway, gateways and targets on virtual time. What they decide by is the code of the programs, in state
// machines without I/O (app/member_machine.h, app/document_rules.h, ais-proxy/admission.h, join_queue.h, failure_detector.h,
// distribution_plan.h); processes, disks and the network are pretended: messages are delayed, lost and overtake each other, processes
// are killed and started again with what their disk had.
//
// What must hold at every moment is checked when it could break, and fails the test that runs (gtest):
//  * On no disk does a version go back, and a version is one document wherever it lies.
//  * The primary suspects no node that it has heard from within its patience, and suspects a silent one in time.
//  * Only what the administrator has removed leaves the map.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "app/cluster_view.h"
#include "base/units.h"
#include "sim/simulation.h"

namespace ais::sim {

struct NetworkFaults {
  Nanoseconds delay_min = std::chrono::milliseconds(1), delay_max = std::chrono::milliseconds(30);
  unsigned loss_percent = 0;       // of messages, requests and answers alike
  unsigned duplicate_percent = 0;  // of requests
};

class SimulatedCluster {
 public:
  /// Of `hosts` machines: the first is the primary's, every tenth of the others a gateway's, the rest are targets'.
  SimulatedCluster(Simulation& simulation, size_t hosts);
  ~SimulatedCluster();

  size_t size() const;
  const std::string& id_of(size_t host) const;
  bool is_running(size_t host) const;
  /// Starts the host's process with what its disk has. All but the primary's listen on other ports than before.
  void start(size_t host);
  /// The process is gone, between any two of its steps. `silently`: calls to it are lost, as of a machine without power; else refused.
  void kill(size_t host, bool silently);
  void set_faults(NetworkFaults faults);
  /// Of the writes to the primary's disk.
  void set_store_failures(unsigned percent);

  /// The administrator, at the primary: a change of the bucket metadata, and the removal of a node. They fail where they may.
  void change_buckets();
  void remove(const std::string& id);

  /// What the host's disk has, also for set_back(): as a copy of a state directory.
  const app::ClusterSnapshot& disk_of(size_t host) const;
  void set_back(size_t host, const app::ClusterSnapshot& older);

  /// "" when all run and have the primary's documents, the map names them all at the addresses where they are, and nobody is suspect;
  /// else what is wrong first.
  std::string trouble() const;
  bool primary_in_quarantine() const;
  std::set<std::string> suspects() const;
  bool in_map(const std::string& id) const;

  /// Ends all processes, and waits until nothing of them is under way.
  void shut_down();

  struct Counts {
    uint64_t messages = 0, lost = 0, maps = 0, keepalives = 0, kills = 0, installs = 0, store_failures = 0;
  };
  const Counts& counts() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ais::sim
