// What the servers of a topology file are, from what each says of itself. Pure.
#pragma once

#include <string>
#include <vector>

#include "fabric/topology_file.h"
#include "fabric/types.h"

namespace fabric {

/// What one server said, or why it said nothing.
struct ServerView {
  bool answers = false;
  std::string trouble{};  ///< when it does not answer
  bool read_only = false;
  bool galera = false;
  bool galera_live = false;  ///< a synced member of the primary component
  bool replica = false;      ///< as far as the probing user may know
  bool replicating = false;

  friend bool operator==(const ServerView&, const ServerView&) = default;
};

struct GroupRoles {
  std::vector<Server> servers;  ///< in the file's order
  std::string problem;          ///< why there is no primary though servers accept writes
};

/// `views` are of the group's servers, in order. `primary_before` is the address of the primary
/// that was known before, if any. In a Galera group the first live server of the file is PRIMARY;
/// elsewhere the one that accepts writes and replicates from nobody. Where several do, it is the
/// one that was before, or none: a guess might write to the wrong one.
GroupRoles roles_of(const FileGroup& group, const std::vector<ServerView>& views,
                    const std::string& primary_before);

}  // namespace fabric
