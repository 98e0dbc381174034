// What is known of the farm's servers where no node is asked: a topology file, a plain DSN.
#include <cerrno>
#include <cstring>

#include "driver/settings/farm_options.h"
#include "fabric/base/error.h"
#include "fabric/file_source.h"
#include "fabric/static_source.h"
#include "tools/doctor/checks.h"
#include "tools/doctor/examination.h"
#include "tools/file_text.h"

namespace tools::doctor {
namespace {

using fabric::base::Error;

/// The servers of the file, when none of them told what it is: they are looked at all the same.
fabric::Topology::Content as_written(const fabric::TopologyFile& file) {
  fabric::Topology::Content content;
  for (const fabric::FileGroup& group : file.groups) {
    for (const fabric::FileServer& server : group.servers) {
      content.servers.push_back({.uuid = server.endpoint.text(),
                                 .group = group.name,
                                 .endpoint = server.endpoint,
                                 .weight = server.weight});
    }
  }
  content.shard_maps = file.shard_maps;
  return content;
}

fabric::TopologyFile parsed(const std::string& path) {
  const auto text = text_of(path);
  if (!text) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): glibc's is per thread
    throw Error(fabric::base::SqlState::k08001, std::string("cannot be read: ") + strerror(errno));
  }
  return fabric::parse_topology_file(*text, path);
}

fabric::Topology::Content ask_file(Examination& examination, const std::string& path) {
  const Progress::Step step(examination.progress, "asking the servers of " + path);
  fabric::FileSourceOptions options = driver::settings::file_options(*examination.settings);
  options.timeout = examination.question.timeout;
  fabric::FileSource source(options, examination.watchdog);
  return source.fetch(examination.deadline());
}

void read_file(Examination& examination, const std::string& path) {
  const std::string subject = "file " + path;
  fabric::Topology::Content content;
  try {
    const fabric::TopologyFile file = parsed(path);
    examination.report.ok(subject, "is in order: " + std::to_string(file.groups.size()) +
                                       (file.groups.size() == 1 ? " group" : " groups"));
    content = as_written(file);
  } catch (const Error& error) {
    examination.report.error(subject, error.what(), {.where = "as it says, in " + path});
    examination.unusable = true;
    return;
  }
  try {
    content = ask_file(examination, path);
  } catch (const Error&) {  // why will be said of each server
    examination.roles_known = false;
  }
  examination.topology = std::make_shared<const fabric::Topology>(std::move(content), 1, false);
}

}  // namespace

void check_topology(Examination& examination) {
  const driver::settings::ConnectionSettings& settings = *examination.settings;
  if (!settings.fabric.topology_file.empty()) {
    return read_file(examination, settings.fabric.topology_file);
  }
  if (settings.has_fabric()) return;
  fabric::StaticSource source(settings.servers);
  examination.topology =
      std::make_shared<const fabric::Topology>(source.fetch(examination.deadline()), 1, false);
}

}  // namespace tools::doctor
