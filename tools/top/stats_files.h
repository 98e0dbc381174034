// The statistics files of the processes that live now. No state; any thread.
#pragma once

#include <string>
#include <vector>

#include "tools/top/stats_page.h"

namespace tools::top {

struct ProcessStats {
  int pid = 0;            ///< 0: the file's name does not tell it
  std::string program{};  ///< the process's name; empty: not known
  StatsPage page;
};

/// `given` as STATS_FILE takes it: with %p one file for each process, else one file. By process.
/// What was not written for a while belongs to a process that has ended, and is left out.
std::vector<ProcessStats> read_stats_files(const std::string& given);

}  // namespace tools::top
