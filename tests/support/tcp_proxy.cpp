#include "tests/support/tcp_proxy.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "fabric/base/mutex.h"
#include "fabric/base/net.h"
#include "tests/support/tcp.h"

namespace test_support {
namespace {

using fabric::base::CondVar;
using fabric::base::Endpoint;
using fabric::base::Mutex;
using fabric::base::MutexLock;
using fabric::base::Socket;

constexpr std::size_t kHeaderSize = 4;
constexpr std::size_t kRoom = 64 * 1024;  // bytes waiting for a slow reader

enum Command : std::uint8_t { kQuery = 3, kStmtPrepare = 22, kStmtExecute = 23 };

std::uint8_t byte_at(std::string_view text, std::size_t i) {
  return static_cast<std::uint8_t>(text[i]);
}

std::uint32_t number_at(std::string_view text, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i > 0; --i) value = value << 8 | byte_at(text, at + i - 1);
  return value;
}

/// The first packet of the buffer with its header, if it is whole.
std::optional<std::string> take_packet(std::string& buffer) {
  if (buffer.size() < kHeaderSize) return std::nullopt;
  const std::size_t size = kHeaderSize + (number_at(buffer, 0) & 0xFFFFFFU);
  if (buffer.size() < size) return std::nullopt;
  std::string packet = buffer.substr(0, size);
  buffer.erase(0, size);
  return packet;
}

bool is_eof(std::string_view packet) {
  return packet.size() < kHeaderSize + 9 && packet.size() > kHeaderSize &&
         byte_at(packet, kHeaderSize) == 0xFE;
}

Socket listen_anywhere() {
  Socket listener = bind_on_loopback();
  listen_on(listener);
  return listener;
}

}  // namespace

class TcpProxy::Loop {
 public:
  explicit Loop(Endpoint server)
      : server_(std::move(server)),
        listener_(listen_anywhere()),
        bell_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        thread_([this](const std::stop_token& stop) { run(stop); }) {}

  ~Loop() {
    thread_.request_stop();
    ring();
  }

  [[nodiscard]] std::uint16_t port() const { return port_of(listener_); }

  void on(std::string_view text, Rule rule) {
    MutexLock lock(mutex_);
    text_ = text;
    rule_ = rule;
  }

  void cut(Cut how) {
    MutexLock lock(mutex_);
    cut_wanted_ = how;
    ring();
    while (cut_wanted_) changed_.wait(mutex_);
  }

  struct Counts {
    std::size_t links = 0, accepted = 0, fired = 0;
  };
  [[nodiscard]] Counts counts() const {
    MutexLock lock(mutex_);
    return counts_;
  }
  [[nodiscard]] bool wait_until_fired(std::size_t times) const {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    MutexLock lock(mutex_);
    while (counts_.fired < times && std::chrono::steady_clock::now() < limit) {
      changed_.wait_until(mutex_, limit);
    }
    return counts_.fired >= times;
  }

 private:
  struct Link {
    Socket client, server;
    std::string from_client, to_server, from_server, to_client;
    std::map<std::uint32_t, std::string> prepared;
    std::optional<std::string> preparing;  ///< text whose statement id is awaited
    std::optional<Rule> rule;              ///< for the answer that is awaited
    bool in_rows = false;
    bool stalled = false;
  };
  /// What a step says of its link.
  enum class Fate : std::uint8_t { kStays, kReset, kFin };

  void ring() const {
    const std::uint64_t one = 1;
    static_cast<void>(!write(bell_.fd(), &one, sizeof one));
  }

  void run(const std::stop_token& stop);
  void serve(Link& link, short client_events, short server_events, Fate& fate);
  void accept_one();
  Fate forward_commands(Link& link);
  Fate forward_answers(Link& link);
  std::optional<Rule> take_rule(const std::string& text);
  static std::string text_of_command(Link& link, std::string_view packet);
  Fate fire(Cut how);
  void end(std::list<Link>::iterator link, Fate fate);
  void cut_if_wanted();

  const Endpoint server_;
  Socket listener_, bell_;
  std::list<Link> links_;  // the thread's own

  mutable Mutex mutex_;
  mutable CondVar changed_;
  std::string text_ GUARDED_BY(mutex_);
  Rule rule_ GUARDED_BY(mutex_){.times = 0};
  std::optional<Cut> cut_wanted_ GUARDED_BY(mutex_);
  Counts counts_ GUARDED_BY(mutex_);

  std::jthread thread_;
};

void TcpProxy::Loop::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::vector<pollfd> wanted{{listener_.fd(), POLLIN, 0}, {bell_.fd(), POLLIN, 0}};
    for (const Link& link : links_) {
      const auto events = [](bool reads, bool writes) {
        return static_cast<short>((reads ? POLLIN : 0) | (writes ? POLLOUT : 0));
      };
      wanted.push_back(
          {link.client.fd(), events(link.to_server.size() < kRoom, !link.to_client.empty()), 0});
      wanted.push_back(
          {link.server.fd(),
           events(link.to_client.size() < kRoom && !link.stalled, !link.to_server.empty()), 0});
    }
    poll(wanted.data(), wanted.size(), -1);
    std::size_t next = 2;
    for (auto link = links_.begin(); link != links_.end();) {
      Fate fate = Fate::kStays;
      serve(*link, wanted[next].revents, wanted[next + 1].revents, fate);
      next += 2;
      const auto done = link++;
      if (fate != Fate::kStays) end(done, fate);
    }
    if (wanted[0].revents != 0) accept_one();
    if (wanted[1].revents != 0) {
      std::uint64_t rung = 0;
      static_cast<void>(!read(bell_.fd(), &rung, sizeof rung));
    }
    cut_if_wanted();
  }
}

void TcpProxy::Loop::serve(Link& link, short client_events, short server_events, Fate& fate) {
  constexpr short kReadable = POLLIN | POLLHUP | POLLERR;
  const bool client_there =
      (client_events & kReadable) == 0 || receive(link.client.fd(), link.from_client);
  bool server_there = true;
  if (!link.stalled && (server_events & kReadable) != 0) {
    server_there = receive(link.server.fd(), link.from_server);
  }
  fate = forward_commands(link);
  if (fate == Fate::kStays) fate = forward_answers(link);
  if (!link.to_server.empty())
    server_there = send_some(link.server.fd(), link.to_server) && server_there;
  bool client_takes = true;
  if (!link.to_client.empty()) client_takes = send_some(link.client.fd(), link.to_client);
  if (fate != Fate::kStays) return;
  if (!client_there || !client_takes || (!server_there && link.to_client.empty()))
    fate = Fate::kFin;
}

void TcpProxy::Loop::accept_one() {
  Socket client(accept4(listener_.fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!client) return;
  const auto deadline =
      fabric::base::Deadline::at(std::chrono::steady_clock::now() + std::chrono::seconds(5));
  auto connected = fabric::base::connect_to(server_, deadline);
  if (!connected.socket) return reset_at_close(client);
  Link& link = links_.emplace_back();
  link.client = std::move(client);
  link.server = std::move(connected.socket);
  MutexLock lock(mutex_);
  ++counts_.accepted;
  counts_.links = links_.size();
}

std::string TcpProxy::Loop::text_of_command(Link& link, std::string_view packet) {
  const std::string_view payload = packet.substr(kHeaderSize);
  if (byte_at(packet, 3) != 0 || payload.empty()) return {};  // no command: part of a login
  switch (byte_at(payload, 0)) {
    case kQuery:
      return std::string(payload.substr(1));
    case kStmtPrepare:
      link.preparing = std::string(payload.substr(1));
      return "PREPARE " + *link.preparing;
    case kStmtExecute:
      return link.prepared[number_at(payload, 1)];
    default:
      return {};
  }
}

std::optional<TcpProxy::Rule> TcpProxy::Loop::take_rule(const std::string& text) {
  MutexLock lock(mutex_);
  const bool preparing = text.starts_with("PREPARE ") && !text_.starts_with("PREPARE ");
  if (rule_.times == 0 || preparing || text.find(text_) == text.npos) return std::nullopt;
  --rule_.times;
  return rule_;
}

TcpProxy::Loop::Fate TcpProxy::Loop::forward_commands(Link& link) {
  while (const auto packet = take_packet(link.from_client)) {
    const std::string text = text_of_command(link, *packet);
    link.rule = text.empty() ? std::nullopt : take_rule(text);
    link.in_rows = false;
    if (link.rule && link.rule->what == What::kCutBeforeServer) return fire(link.rule->how);
    link.to_server += *packet;
  }
  return Fate::kStays;
}

TcpProxy::Loop::Fate TcpProxy::Loop::forward_answers(Link& link) {
  while (const auto packet = take_packet(link.from_server)) {
    if (link.preparing && packet->size() > kHeaderSize + 4) {
      const std::uint32_t id = number_at(*packet, kHeaderSize + 1);
      if (byte_at(*packet, kHeaderSize) == 0) link.prepared[id] = std::move(*link.preparing);
      link.preparing.reset();
    }
    if (link.rule && link.rule->what == What::kCutBeforeAnswer) return fire(link.rule->how);
    if (link.rule && link.rule->what == What::kStall) {
      link.stalled = true;
      static_cast<void>(fire(link.rule->how));
      return Fate::kStays;
    }
    if (link.rule && link.in_rows && link.rule->rows-- == 0) return fire(link.rule->how);
    link.in_rows = link.in_rows || is_eof(*packet);
    link.to_client += *packet;
  }
  return Fate::kStays;
}

TcpProxy::Loop::Fate TcpProxy::Loop::fire(Cut how) {
  MutexLock lock(mutex_);
  ++counts_.fired;
  changed_.notify_all();
  return how == Cut::kReset ? Fate::kReset : Fate::kFin;
}

void TcpProxy::Loop::end(std::list<Link>::iterator link, Fate fate) {
  while (!link->to_client.empty() && send_some(link->client.fd(), link->to_client)) {
  }
  if (fate == Fate::kReset) reset_at_close(link->client);
  links_.erase(link);
  MutexLock lock(mutex_);
  counts_.links = links_.size();
}

void TcpProxy::Loop::cut_if_wanted() {
  std::optional<Cut> wanted;
  {
    MutexLock lock(mutex_);
    wanted = cut_wanted_;
  }
  if (!wanted) return;
  while (!links_.empty()) {
    end(links_.begin(), *wanted == Cut::kReset ? Fate::kReset : Fate::kFin);
  }
  MutexLock lock(mutex_);
  cut_wanted_.reset();
  changed_.notify_all();
}

TcpProxy::TcpProxy(Endpoint server) : loop_(std::make_unique<Loop>(std::move(server))) {}
TcpProxy::~TcpProxy() = default;

Endpoint TcpProxy::endpoint() const { return {"127.0.0.1", loop_->port(), {}}; }
void TcpProxy::on(std::string_view text, Rule rule) { loop_->on(text, rule); }
std::size_t TcpProxy::fired() const { return loop_->counts().fired; }
bool TcpProxy::wait_until_fired(std::size_t times) const { return loop_->wait_until_fired(times); }
void TcpProxy::cut(Cut how) { loop_->cut(how); }
std::size_t TcpProxy::links() const { return loop_->counts().links; }
std::size_t TcpProxy::accepted() const { return loop_->counts().accepted; }

}  // namespace test_support
