// A farm without a node: a topology file names servers and shards, and the servers themselves say
// what they are (Galera state, read_only, replication). The file is read again when it changes.
// Nobody takes reports. Used by one thread at a time (cancel(): any).
#pragma once

#include <sys/stat.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fabric/base/clock.h"
#include "fabric/mysql/connect_options.h"
#include "fabric/mysql/watchdog.h"
#include "fabric/server_look.h"
#include "fabric/topology_file.h"
#include "fabric/topology_source.h"

namespace fabric {

struct FileSourceOptions {
  std::string path;
  mysql::Credentials credentials;  ///< who asks the servers what they are
  base::Duration timeout = std::chrono::seconds(5);
  /// A server that has answered before is not waited for longer, and counts as it was ...
  base::Duration patience = std::chrono::milliseconds(300);
  /// ... until it has been silent for so long.
  base::Duration silence = std::chrono::seconds(3);
};

class FileSource final : public TopologySource {
 public:
  /// `watchdog` must outlive the source.
  FileSource(FileSourceOptions options, mysql::Watchdog& watchdog);
  ~FileSource() override;

  Topology::Content fetch(base::Deadline deadline) override;
  void report(const FaultReport& report, base::Deadline deadline) override;
  void cancel() noexcept override;
  void abandon_after_fork() noexcept override;

 private:
  struct Board;
  using Looks = std::map<base::Endpoint, std::shared_ptr<ServerLook>>;

  void read_file();
  void add_looks();
  void wait_for_looks(base::Deadline deadline);
  [[nodiscard]] ServerView view_of(const FileServer& server) const;
  void throw_if_nobody_answers() const;

  const FileSourceOptions options_;
  mysql::Watchdog& watchdog_;
  const base::Clock& clock_;
  const std::shared_ptr<Board> board_;
  std::optional<TopologyFile> file_;
  std::string file_problem_;  // of its newest state, when that cannot be used
  struct stat read_ {};       // the file's state that was read last
  bool settled_ = false;      // whatever is written now bears another time than that
  std::unique_ptr<const Looks> looks_ = std::make_unique<const Looks>();
  std::atomic<const Looks*> whole_{looks_.get()};  // for a forked child: never one being changed
  std::map<std::string, std::string> primaries_;   // by group
};

/// What a Farm takes. `watchdog` must outlive the sources.
std::function<std::unique_ptr<TopologySource>()> file_sources(FileSourceOptions options,
                                                              mysql::Watchdog& watchdog);

}  // namespace fabric
