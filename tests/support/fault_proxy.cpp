#include "tests/support/fault_proxy.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <list>
#include <thread>
#include <utility>
#include <vector>

#include "fabric/base/mutex.h"
#include "tests/support/child_process.h"

namespace test_support {

using fabric::base::CondVar;
using fabric::base::Deadline;
using fabric::base::Endpoint;
using fabric::base::Mutex;
using fabric::base::MutexLock;
using fabric::base::Socket;
using Time = FaultFlow::Time;

class FaultProxy::Loop {
 public:
  explicit Loop(Endpoint server)
      : server_(std::move(server)),
        door_(bind_on_loopback(free_port())),  // it comes back to it after refusing
        port_(port_of(door_)),
        bell_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    listen_on(door_);
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }
  ~Loop() {
    thread_.request_stop();
    ring();
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }
  void set(const Faults& faults);
  void cut(Cut how);
  void half_close(Way way);

  struct Counts {
    std::size_t links = 0, accepted = 0;
  };
  [[nodiscard]] Counts counts() {
    Counts now;
    at_once([&] { now = {links_.size(), accepted_}; });
    return now;
  }

 private:
  struct Link {
    Link(Socket its_client, Socket its_server)
        : client(std::move(its_client)),
          server(std::move(its_server)),
          to_server(client.fd(), server.fd()),
          to_client(server.fd(), client.fd()) {}
    Socket client, server;
    FaultFlow to_server, to_client;
  };

  void ring() const {
    const std::uint64_t one = 1;
    static_cast<void>(!write(bell_.fd(), &one, sizeof one));
  }
  void at_once(const std::function<void()>& errand);
  void run_errand();
  void run(const std::stop_token& stop);
  [[nodiscard]] std::vector<pollfd> wanted(Time now, Time* wake) const;
  FaultFlow::Fate serve(Link& link, short client, short server);
  void accept_one();
  static void end(Link& link, Cut how);

  const Endpoint server_;
  Socket door_;
  const std::uint16_t port_;
  Socket bell_;
  Faults faults_;  // this and what follows: the thread's own
  std::list<Link> links_;
  std::size_t accepted_ = 0;

  Mutex mutex_;
  CondVar done_;
  const std::function<void()>* errand_ GUARDED_BY(mutex_) = nullptr;

  std::jthread thread_;
};

/// Runs it on the thread; returns after it.
void FaultProxy::Loop::at_once(const std::function<void()>& errand) {
  MutexLock lock(mutex_);
  while (errand_ != nullptr) done_.wait(mutex_);
  errand_ = &errand;
  ring();
  while (errand_ == &errand) done_.wait(mutex_);
}

void FaultProxy::Loop::run_errand() {
  std::uint64_t rung = 0;
  static_cast<void>(!read(bell_.fd(), &rung, sizeof rung));
  MutexLock lock(mutex_);
  if (errand_ == nullptr) return;
  (*errand_)();
  errand_ = nullptr;
  done_.notify_all();
}

void FaultProxy::Loop::set(const Faults& faults) {
  at_once([&] {
    if (faults.refuses != faults_.refuses) {
      door_ = {};
      door_ = bind_on_loopback(port_);
      if (!faults.refuses) listen_on(door_);
    }
    faults_ = faults;
  });
}

void FaultProxy::Loop::end(Link& link, Cut how) {
  if (how == Cut::kFin) return;
  reset_at_close(link.client);
  reset_at_close(link.server);
}

void FaultProxy::Loop::cut(Cut how) {
  at_once([&] {
    for (Link& link : links_) end(link, how);
    links_.clear();
  });
}

void FaultProxy::Loop::half_close(Way way) {
  at_once([&] {
    for (Link& link : links_) (way == Way::kToServer ? link.to_server : link.to_client).end_now();
  });
}

/// Sockets nobody wants to hear of are left out (-1), or poll() would tell of their end.
std::vector<pollfd> FaultProxy::Loop::wanted(Time now, Time* wake) const {
  const auto watch = [](const Socket& socket, bool reads, bool writes) {
    const auto events = static_cast<short>((reads ? POLLIN : 0) | (writes ? POLLOUT : 0));
    return pollfd{events == 0 ? -1 : socket.fd(), events, 0};
  };
  const bool enters = !faults_.refuses && !faults_.to_server.hold;
  std::vector<pollfd> all{watch(door_, enters, false), watch(bell_, true, false)};
  for (const Link& link : links_) {
    all.push_back(watch(link.client, link.to_server.reads(faults_.to_server),
                        link.to_client.writes(faults_.to_client, now)));
    all.push_back(watch(link.server, link.to_client.reads(faults_.to_client),
                        link.to_server.writes(faults_.to_server, now)));
    *wake = std::min({*wake, link.to_server.next(faults_.to_server, now),
                      link.to_client.next(faults_.to_client, now)});
  }
  return all;
}

FaultFlow::Fate FaultProxy::Loop::serve(Link& link, short client, short server) {
  constexpr short kReadable = POLLIN | POLLHUP | POLLERR;
  const Time now = std::chrono::steady_clock::now();
  const auto readable = [](short events) { return (events & kReadable) != 0; };
  if (readable(client) && link.to_server.reads(faults_.to_server))
    link.to_server.read(faults_.to_server, now);
  if (readable(server) && link.to_client.reads(faults_.to_client))
    link.to_client.read(faults_.to_client, now);
  return std::max(link.to_server.write(faults_.to_server, now),
                  link.to_client.write(faults_.to_client, now));
}

void FaultProxy::Loop::accept_one() {
  Socket client(accept4(door_.fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!client) return;
  auto connected = fabric::base::connect_to(
      server_, Deadline::at(std::chrono::steady_clock::now() + std::chrono::seconds(5)));
  if (!connected.socket) return reset_at_close(client);
  links_.emplace_back(std::move(client), std::move(connected.socket));
  ++accepted_;
}

void FaultProxy::Loop::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    Time wake = Time::max();
    std::vector<pollfd> all = wanted(std::chrono::steady_clock::now(), &wake);
    poll(all.data(), all.size(),
         wake == Time::max() ? -1 : fabric::base::poll_timeout(Deadline::at(wake)));
    std::size_t next = 2;
    for (auto link = links_.begin(); link != links_.end(); next += 2) {
      const auto fate = serve(*link, all[next].revents, all[next + 1].revents);
      const auto served = link++;
      const bool over = served->to_server.over() && served->to_client.over();
      if (fate == FaultFlow::Fate::kStays && !over) continue;
      end(*served, fate == FaultFlow::Fate::kReset ? Cut::kReset : Cut::kFin);
      links_.erase(served);
    }
    if (all[0].revents != 0) accept_one();
    if (all[1].revents != 0) run_errand();
  }
}

FaultProxy::FaultProxy(Endpoint server) : loop_(std::make_unique<Loop>(std::move(server))) {}
FaultProxy::~FaultProxy() = default;

Endpoint FaultProxy::endpoint() const { return {"127.0.0.1", loop_->port(), {}}; }
void FaultProxy::set(const Faults& faults) { loop_->set(faults); }
void FaultProxy::cut(Cut how) { loop_->cut(how); }
void FaultProxy::half_close(Way way) { loop_->half_close(way); }
std::size_t FaultProxy::links() const { return loop_->counts().links; }
std::size_t FaultProxy::accepted() const { return loop_->counts().accepted; }

FaultProxy::Faults FaultProxy::silent() {
  Faults faults;
  faults.to_server.hold = faults.to_client.hold = true;
  return faults;
}
FaultProxy::Faults FaultProxy::refusing() {
  Faults faults;
  faults.refuses = true;
  return faults;
}
FaultProxy::Faults FaultProxy::slow(std::chrono::milliseconds each_way) {
  Faults faults;
  faults.to_server.delay = faults.to_client.delay = each_way;
  return faults;
}
FaultProxy::Faults FaultProxy::narrow(std::size_t bytes_per_second) {
  Faults faults;
  faults.to_server.bytes_per_second = faults.to_client.bytes_per_second = bytes_per_second;
  return faults;
}

}  // namespace test_support
