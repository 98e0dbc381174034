#include "tests/support/fake_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <map>
#include <stdexcept>
#include <thread>
#include <utility>

#include "fabric/base/mutex.h"
#include "fabric/base/net.h"
#include "tests/support/child_process.h"

namespace test_support {
namespace {

using fabric::base::CondVar;
using fabric::base::Mutex;
using fabric::base::MutexLock;
using fabric::base::Socket;

enum Command : std::uint8_t {
  kQuit = 1,
  kInitDb = 2,
  kQuery = 3,
  kPing = 14,
  kChangeUser = 17,
  kResetConnection = 31
};

// LONG_PASSWORD, FOUND_ROWS, LONG_FLAG, CONNECT_WITH_DB, PROTOCOL_41, TRANSACTIONS,
// SECURE_CONNECTION, MULTI_STATEMENTS, MULTI_RESULTS, PS_MULTI_RESULTS, PLUGIN_AUTH
constexpr std::uint32_t kOrdinaryCapabilities = 0x000FA20F;
constexpr std::uint16_t kAutocommit = 2;
constexpr std::uint16_t kMoreResults = 8;
constexpr char kNativePassword[] = "mysql_native_password";

std::string little_endian(std::uint64_t value, unsigned bytes) {
  std::string out;
  for (unsigned i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
  return out;
}

std::string length_encoded(std::uint64_t value) {
  if (value < 251) return little_endian(value, 1);
  if (value < 1U << 16) return "\xFC" + little_endian(value, 2);
  if (value < 1U << 24) return "\xFD" + little_endian(value, 3);
  return "\xFE" + little_endian(value, 8);
}

std::string length_encoded(std::string_view text) {
  return length_encoded(text.size()).append(text);
}

std::string ok_payload(std::uint64_t affected_rows, std::uint64_t insert_id) {
  return std::string(1, '\0') + length_encoded(affected_rows) + length_encoded(insert_id) +
         little_endian(kAutocommit, 2) + little_endian(0, 2);
}

std::string error_payload(unsigned number, const std::string& sqlstate, const std::string& text) {
  return "\xFF" + little_endian(number, 2) + "#" + sqlstate + text;
}

std::string eof_payload(std::uint16_t status) {
  return "\xFE" + little_endian(0, 2) + little_endian(status, 2);
}

std::string column_payload(const std::string& name) {
  return length_encoded("def") + length_encoded("") + length_encoded("") + length_encoded("") +
         length_encoded(name) + length_encoded("") + little_endian(12, 1) + little_endian(45, 2) +
         little_endian(1020, 4) + little_endian(253, 1) + little_endian(0, 2) +
         little_endian(0, 1) + little_endian(0, 2);
}

std::string greeting(const FakeServer::Options& options, std::uint32_t connection_id) {
  const std::uint32_t capabilities =
      options.capabilities != 0 ? options.capabilities : kOrdinaryCapabilities;
  const std::string scramble = "abcdefghijklmnopqrst";
  std::string out = "\x0A" + options.version + '\0' + little_endian(connection_id, 4) +
                    scramble.substr(0, 8) + '\0' + little_endian(capabilities & 0xFFFF, 2) +
                    little_endian(45, 1) + little_endian(kAutocommit, 2) +
                    little_endian(capabilities >> 16, 2) + little_endian(21, 1) +
                    std::string(10, '\0') + scramble.substr(8) + '\0';
  if ((capabilities & 1U << 19) != 0) out += std::string(kNativePassword) + '\0';
  return out;
}

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool receive_all(int fd, char* to, std::size_t size) {
  while (size > 0) {
    const ssize_t got = recv(fd, to, size, 0);
    if (got <= 0) return false;
    to += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

std::string packet(std::string_view payload, std::uint8_t sequence) {
  return little_endian(payload.size(), 3) + static_cast<char>(sequence) + std::string(payload);
}

/// A whole payload and its sequence number; nothing at EOF.
std::optional<std::pair<std::string, std::uint8_t>> receive_packet(int fd) {
  char header[4];
  if (!receive_all(fd, header, sizeof header)) return std::nullopt;
  const auto byte = [&](int i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(header[i]));
  };
  std::string payload(byte(0) | byte(1) << 8 | byte(2) << 16, '\0');
  if (!receive_all(fd, payload.data(), payload.size())) return std::nullopt;
  return std::pair{std::move(payload), static_cast<std::uint8_t>(header[3])};
}

Socket listen_on(std::uint16_t port) {
  Socket listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  setsockopt(listener.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  if (bind(listener.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener.fd(), 128) != 0) {
    throw std::runtime_error("fake server: cannot listen on port " + std::to_string(port));
  }
  return listener;
}

}  // namespace

struct FakeServer::State {
  explicit State(Options its_options) : options(std::move(its_options)) {}

  void accept_loop(int listener);
  void serve(int fd, std::uint32_t id);
  bool log_in(int fd, std::uint32_t id);
  /// False when the connection is to be closed.
  bool answer(int fd, const std::string& command);
  FakeAnswer answer_to(const std::string& command);
  static bool send_answer(int fd, const FakeAnswer& answer, std::uint8_t sequence);
  void start();
  void stop();

  const Options options;
  mutable Mutex mutex;
  mutable CondVar changed;
  FakeServer::Counts counts GUARDED_BY(mutex);
  std::vector<std::string> statements GUARDED_BY(mutex);
  QueryHandler handler GUARDED_BY(mutex);
  LoginHandler login_handler GUARDED_BY(mutex);
  CommandHandler command_handler GUARDED_BY(mutex);
  std::optional<std::string> refusal GUARDED_BY(mutex);
  bool frozen GUARDED_BY(mutex) = false;
  bool stopping GUARDED_BY(mutex) = false;
  std::map<std::uint32_t, int> connections GUARDED_BY(mutex);
  std::uint32_t next_id GUARDED_BY(mutex) = 1;
  std::vector<std::thread> threads GUARDED_BY(mutex);
  std::thread acceptor;
  Socket listener;
  std::uint16_t port = 0;
};

void FakeServer::State::start() {
  if (port == 0) port = free_port();
  listener = listen_on(port);
  {
    MutexLock lock(mutex);
    stopping = false;
  }
  acceptor = std::thread([this, fd = listener.fd()] { accept_loop(fd); });
}

void FakeServer::State::stop() {
  std::vector<std::thread> ending;
  {
    MutexLock lock(mutex);
    stopping = true;
    for (const auto& [id, fd] : connections) shutdown(fd, SHUT_RDWR);
    changed.notify_all();
  }
  shutdown(listener.fd(), SHUT_RDWR);  // ends accept()
  if (acceptor.joinable()) acceptor.join();
  listener = Socket();
  {
    MutexLock lock(mutex);
    ending.swap(threads);
  }
  for (std::thread& thread : ending) thread.join();
}

void FakeServer::State::accept_loop(int listening) {
  for (;;) {
    const int fd = accept4(listening, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    MutexLock lock(mutex);
    if (stopping) {
      ::close(fd);
      return;
    }
    const std::uint32_t id = next_id++;
    connections.emplace(id, fd);
    ++counts.connects;
    ++counts.open;
    changed.notify_all();
    threads.emplace_back([this, fd, id] { serve(fd, id); });
  }
}

void FakeServer::State::serve(int fd, std::uint32_t id) {
  if (options.patience.count() > 0) {
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(options.patience);
    const timeval limit{micros.count() / 1000000, micros.count() % 1000000};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  if (log_in(fd, id)) {
    while (const auto command = receive_packet(fd)) {
      if (!answer(fd, command->first)) break;
    }
  }
  MutexLock lock(mutex);
  connections.erase(id);
  --counts.open;
  ::close(fd);
  changed.notify_all();
}

bool FakeServer::State::log_in(int fd, std::uint32_t id) {
  if (!options.greet) {
    char byte = 0;
    return receive_all(fd, &byte, 1) && false;
  }
  const std::string hello = options.greeting.empty() ? greeting(options, id) : options.greeting;
  if (!send_all(fd, packet(hello, 0))) return false;
  const auto reply = receive_packet(fd);
  if (!reply) return false;
  MutexLock lock(mutex);
  FakeAnswer answer = refusal ? FakeServer::raw({*refusal}, FakeAnswer::Then::kClose) : ok();
  const LoginHandler decide = login_handler;
  lock.unlock();
  if (decide) answer = decide(reply->first);
  lock.lock();
  if (answer.then == FakeAnswer::Then::kGoOn) ++counts.logins;
  changed.notify_all();
  lock.unlock();
  const bool sent = send_answer(fd, answer, static_cast<std::uint8_t>(reply->second + 1));
  lock.lock();
  return sent;
}

FakeAnswer FakeServer::State::answer_to(const std::string& command) {
  MutexLock lock(mutex);
  const std::uint8_t code = command.empty() ? 0 : static_cast<std::uint8_t>(command[0]);
  FakeAnswer answer = ok();
  QueryHandler handle;
  const CommandHandler special = code == kQuit ? nullptr : command_handler;
  switch (code) {
    case kQuit:
      ++counts.quits;
      answer = FakeServer::close();
      break;
    case kInitDb:
      ++counts.init_dbs;
      break;
    case kQuery:
      ++counts.queries;
      statements.push_back(command.substr(1));
      handle = handler;
      break;
    case kPing:
      ++counts.pings;
      break;
    case kChangeUser:
      ++counts.change_users;
      break;
    case kResetConnection:
      ++counts.resets;
      break;
    default:
      answer = error(1047, "08S01", "Unknown command");
  }
  changed.notify_all();
  lock.unlock();
  const auto own = special ? special(command) : std::nullopt;
  if (own) {
    answer = *own;
  } else if (handle) {
    answer = handle(std::string_view(command).substr(1));
  }
  lock.lock();
  while (frozen && !stopping) changed.wait(mutex);
  return answer;
}

bool FakeServer::State::answer(int fd, const std::string& command) {
  return send_answer(fd, answer_to(command), 1);
}

bool FakeServer::State::send_answer(int fd, const FakeAnswer& answer, std::uint8_t sequence) {
  std::string bytes;
  for (const std::string& payload : answer.payloads) bytes += packet(payload, sequence++);
  if (!bytes.empty() && !send_all(fd, bytes)) return false;
  if (answer.then == FakeAnswer::Then::kClose) return false;
  if (answer.then == FakeAnswer::Then::kGoOn) return true;
  char byte = 0;
  while (receive_all(fd, &byte, 1)) {
  }
  return false;
}

FakeServer::FakeServer() : FakeServer(Options()) {}

FakeServer::FakeServer(Options options) : state_(std::make_unique<State>(std::move(options))) {
  state_->start();
}

FakeServer::~FakeServer() { state_->stop(); }

fabric::base::Endpoint FakeServer::endpoint() const { return {"127.0.0.1", state_->port, {}}; }

FakeServer::Counts FakeServer::counts() const {
  MutexLock lock(state_->mutex);
  return state_->counts;
}

std::vector<std::string> FakeServer::statements() const {
  MutexLock lock(state_->mutex);
  return state_->statements;
}

void FakeServer::on_query(QueryHandler handler) {
  MutexLock lock(state_->mutex);
  state_->handler = std::move(handler);
}

void FakeServer::on_login(LoginHandler handler) {
  MutexLock lock(state_->mutex);
  state_->login_handler = std::move(handler);
}

void FakeServer::on_command(CommandHandler handler) {
  MutexLock lock(state_->mutex);
  state_->command_handler = std::move(handler);
}

void FakeServer::refuse_logins(unsigned number, std::string sqlstate, std::string text) {
  answer_logins(error_payload(number, sqlstate, text));
}

void FakeServer::answer_logins(std::string payload) {
  MutexLock lock(state_->mutex);
  state_->refusal = std::move(payload);
}

void FakeServer::accept_logins() {
  MutexLock lock(state_->mutex);
  state_->refusal.reset();
}

void FakeServer::freeze() {
  MutexLock lock(state_->mutex);
  state_->frozen = true;
}

void FakeServer::thaw() {
  MutexLock lock(state_->mutex);
  state_->frozen = false;
  state_->changed.notify_all();
}

void FakeServer::drop_connections() {
  MutexLock lock(state_->mutex);
  for (const auto& [id, fd] : state_->connections) shutdown(fd, SHUT_RDWR);
}

void FakeServer::kill() { state_->stop(); }

void FakeServer::restart() { state_->start(); }

void FakeServer::speak_unasked(const std::string& payload) {
  MutexLock lock(state_->mutex);
  for (const auto& [id, fd] : state_->connections) send_all(fd, packet(payload, 0));
}

bool FakeServer::wait_until(const std::function<bool(const Counts&)>& condition) const {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  MutexLock lock(state_->mutex);
  while (!condition(state_->counts)) {
    if (std::chrono::steady_clock::now() >= limit) return false;
    state_->changed.wait_until(state_->mutex, limit);
  }
  return true;
}

FakeAnswer FakeServer::ok(std::uint64_t affected_rows, std::uint64_t insert_id) {
  return {{ok_payload(affected_rows, insert_id)}, FakeAnswer::Then::kGoOn};
}

FakeAnswer FakeServer::error(unsigned number, const std::string& sqlstate,
                             const std::string& text) {
  return {{error_payload(number, sqlstate, text)}, FakeAnswer::Then::kGoOn};
}

FakeAnswer FakeServer::rows(const std::vector<std::string>& columns,
                            const std::vector<std::vector<Cell>>& rows, bool more_results) {
  FakeAnswer answer;
  answer.payloads.push_back(length_encoded(columns.size()));
  for (const std::string& column : columns) answer.payloads.push_back(column_payload(column));
  answer.payloads.push_back(eof_payload(kAutocommit));
  for (const std::vector<Cell>& row : rows) {
    std::string payload;
    for (const Cell& cell : row) payload += cell ? length_encoded(*cell) : "\xFB";
    answer.payloads.push_back(std::move(payload));
  }
  answer.payloads.push_back(
      eof_payload(static_cast<std::uint16_t>(kAutocommit | (more_results ? kMoreResults : 0))));
  return answer;
}

FakeAnswer FakeServer::close() { return {{}, FakeAnswer::Then::kClose}; }

FakeAnswer FakeServer::silence() { return {{}, FakeAnswer::Then::kStaySilent}; }

FakeAnswer FakeServer::raw(std::vector<std::string> payloads, FakeAnswer::Then then) {
  return {std::move(payloads), then};
}

}  // namespace test_support
