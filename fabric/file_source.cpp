#include "fabric/file_source.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>
#include <utility>

#include "fabric/base/mutex.h"

namespace fabric {

namespace {

using base::MutexLock;

bool same_time(const timespec& a, const timespec& b) {
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

bool same_state(const struct stat& a, const struct stat& b) {
  return a.st_ino == b.st_ino && a.st_dev == b.st_dev && a.st_size == b.st_size &&
         same_time(a.st_mtim, b.st_mtim) && same_time(a.st_ctim, b.st_ctim);
}

/// A file system's clock ticks: what is written within a tick of our look bears the same time.
bool changed_just_now(const struct stat& state) {
  constexpr std::time_t kLongestTick = 2;
  return std::time(nullptr) - state.st_ctim.tv_sec <= kLongestTick;
}

std::string cannot_read(const std::string& path, int error) {
  return path + " cannot be read (" + std::strerror(error) +
         "): check FABRIC_NODES=file:PATH and the file's permissions";
}

/// A byte more than a topology file may have, which its parser refuses.
std::string text_of(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text(kLongestTopologyFile + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.is_open() || file.bad()) {
    throw base::Error(base::SqlState::k08001, cannot_read(path, errno));
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

}  // namespace

/// Rings when a look has ended. Shared with the looks.
struct FileSource::Board {
  base::Mutex mutex;
  base::CondVar changed;
  bool cancelled GUARDED_BY(mutex) = false;
};

FileSource::FileSource(FileSourceOptions options, mysql::Watchdog& watchdog)
    : options_(std::move(options)),
      watchdog_(watchdog),
      clock_(watchdog.clock()),
      board_(std::make_shared<Board>()) {}

FileSource::~FileSource() = default;

void FileSource::cancel() noexcept {
  MutexLock lock(board_->mutex);
  board_->cancelled = true;
  board_->changed.notify_all();
}

void FileSource::abandon_after_fork() noexcept {
  for (const auto& [server, look] : *whole_.load()) look->abandon_after_fork();
}

void FileSource::report(const FaultReport&, base::Deadline) {}

void FileSource::read_file() {
  struct stat now {};
  if (stat(options_.path.c_str(), &now) != 0) {
    file_problem_ = cannot_read(options_.path, errno);
  } else if (!S_ISREG(now.st_mode)) {  // a pipe or a device might never end, or never begin
    file_problem_ = options_.path + " is no ordinary file: check FABRIC_NODES=file:PATH";
  } else if (!file_ || !file_problem_.empty() || !settled_ || !same_state(now, read_)) {
    read_ = now;
    settled_ = !changed_just_now(now);
    try {
      file_ = parse_topology_file(text_of(options_.path), options_.path);
      file_problem_.clear();
    } catch (const base::Error& error) {
      file_problem_ = error.what();
    }
  }
  if (!file_) throw NodesRefused(file_problem_);
}

void FileSource::add_looks() {
  auto wanted = std::make_unique<Looks>();
  for (const FileGroup& group : file_->groups) {
    for (const FileServer& server : group.servers) {
      std::shared_ptr<ServerLook>& look = (*wanted)[server.endpoint];
      const auto known = looks_->find(server.endpoint);
      look = known != looks_->end()
                 ? known->second
                 : std::make_shared<ServerLook>(server.endpoint, options_.credentials, watchdog_,
                                                [board = board_] {
                                                  MutexLock lock(board->mutex);
                                                  board->changed.notify_all();
                                                });
    }
  }
  whole_ = wanted.get();
  looks_ = std::move(wanted);
}

void FileSource::wait_for_looks(base::Deadline deadline) {
  const base::SteadyTime started = clock_.now();
  const auto waits = [&](base::SteadyTime now) {
    return std::any_of(looks_->begin(), looks_->end(), [&](const auto& look) {
      const ServerLook::State state = look.second->state();
      if (!state.running) return false;
      return state.answered == base::SteadyTime{} || now < started + options_.patience;
    });
  };
  const base::Deadline last = earliest(deadline, base::Deadline::at(started + options_.timeout));
  MutexLock lock(board_->mutex);
  for (base::SteadyTime now = started; waits(now) && !board_->cancelled; now = clock_.now()) {
    if (last.passed(now)) break;
    const base::SteadyTime patient = started + options_.patience;
    board_->changed.wait_until(board_->mutex,
                               now < patient ? std::min(patient, last.time()) : last.time());
  }
}

ServerView FileSource::view_of(const FileServer& server) const {
  const ServerLook::State state = looks_->at(server.endpoint)->state();
  const bool silent = state.running && clock_.now() - state.answered > options_.silence;
  if (!silent) return state.view;
  ServerView view;
  view.trouble = "no answer in time";
  return view;
}

void FileSource::throw_if_nobody_answers() const {
  std::string text = "No server of " + options_.path + " answered:";
  bool refused = true;
  for (const FileGroup& group : file_->groups) {
    for (const FileServer& server : group.servers) {
      const ServerView view = view_of(server);
      if (view.answers) return;
      refused = refused && looks_->at(server.endpoint)->state().refused;
      text += ' ';
      text += server.endpoint.text() + ": " + view.trouble + ";";
    }
  }
  text.back() = '.';
  if (!refused) throw base::Error(base::SqlState::k08001, text);
  throw NodesRefused(text + " Set FABRIC_USER and FABRIC_PASSWORD, or UID and PWD", 0,
                     base::SqlState::k28000);
}

Topology::Content FileSource::fetch(base::Deadline deadline) {
  read_file();
  add_looks();
  const base::Deadline own = earliest(deadline, base::Deadline::after(clock_, options_.timeout));
  for (const auto& [server, look] : *looks_) look->start(own);
  wait_for_looks(deadline);
  throw_if_nobody_answers();
  Topology::Content content;
  content.ttl = file_->ttl;
  content.shard_maps = file_->shard_maps;
  content.sharding_problem = file_problem_;
  for (const FileGroup& group : file_->groups) {
    std::vector<ServerView> views;
    for (const FileServer& server : group.servers) views.push_back(view_of(server));
    GroupRoles roles = roles_of(group, views, primaries_[group.name]);
    for (Server& server : roles.servers) {
      if (server.writable()) primaries_[group.name] = server.uuid;
      content.servers.push_back(std::move(server));
    }
    if (content.sharding_problem.empty()) content.sharding_problem = roles.problem;
  }
  return content;
}

std::function<std::unique_ptr<TopologySource>()> file_sources(FileSourceOptions options,
                                                              mysql::Watchdog& watchdog) {
  return [options = std::move(options), &watchdog] {
    return std::make_unique<FileSource>(options, watchdog);
  };
}

}  // namespace fabric
