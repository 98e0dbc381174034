#include "fabric/mysql/session.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <span>
#include <utility>

#include "fabric/mysql/error_traits.h"
#include "fabric/mysql/library.h"
#include "fabric/mysql/link_end.h"

namespace fabric::mysql {
namespace {

/// The session whose call this thread is in. The library's hook gets only a descriptor.
thread_local Session* waiting_session = nullptr;

/// Most answers come within that, long before a watchdog would do anything about their call, and
/// then it is spared them.
constexpr std::chrono::milliseconds kUnwatched{20};

int poll_socket(int fd, short events, int timeout_ms) {
  pollfd wanted{fd, events, 0};
  for (;;) {
    const int ready = poll(&wanted, 1, timeout_ms);
    if (ready >= 0 || errno != EINTR) return ready;
  }
}

/// 0 also after a signal.
int poll_once(int fd, short events, base::Duration wait) {
  const auto limit = std::chrono::ceil<std::chrono::milliseconds>(wait);
  pollfd wanted{fd, events, 0};
  const int ready = poll(&wanted, 1, static_cast<int>(limit.count()));
  return ready < 0 && errno == EINTR ? 0 : ready;
}

/// Takes the pending error of a socket, 0 if there is none.
int take_socket_error(int fd) {
  int error = 0;
  socklen_t size = sizeof error;
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

constexpr std::size_t kHeaderSize = 4;
constexpr std::uint8_t kErrorPacket = 0xFF;

std::string_view peek(int fd, std::span<char> room) {
  const ssize_t size = recv(fd, room.data(), room.size(), MSG_PEEK | MSG_DONTWAIT);
  return {room.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

/// On a TLS link the library reads from a blocking descriptor. So short a limit makes it come back
/// and wait by the hook instead.
void limit_blocking_reads(int fd) {
  const timeval limit{0, 2000};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
}

/// There the library writes without asking the hook first.
void limit_blocking_writes(int fd, base::Duration limit) {
  using std::chrono::duration_cast;
  if (limit <= base::Duration::zero()) return;
  const auto seconds = duration_cast<std::chrono::seconds>(limit);
  const auto rest = duration_cast<std::chrono::microseconds>(limit - seconds);
  const timeval time{seconds.count(), rest.count()};
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
}

/// True when the bytes are a whole greeting that does not offer TLS (protocol 10: version text,
/// connection id, 8 bytes of scramble, filler, lower half of the capabilities).
bool greets_without_tls(std::string_view packet) {
  constexpr std::size_t kAfterVersion = 4 + 8 + 1;
  constexpr unsigned kTlsOfferedHighByte = CLIENT_SSL >> 8;
  if (packet.size() < kHeaderSize + 1 || packet[kHeaderSize] != 10) return false;
  const std::size_t end_of_version = packet.find('\0', kHeaderSize + 1);
  const std::size_t high_byte = end_of_version + 1 + kAfterVersion + 1;
  if (end_of_version == packet.npos || packet.size() <= high_byte) return false;
  return (static_cast<std::uint8_t>(packet[high_byte]) & kTlsOfferedHighByte) == 0;
}

/// How the library gives up on bytes that are no answer.
bool says_nothing(unsigned number, std::string_view text) {
  return number == CR_UNKNOWN_ERROR && text.starts_with("Unknown or undefined");
}

/// An ERR packet (protocol 4.1): header, 0xFF, number, '#', state, text.
struct ErrorPacket {
  unsigned number = 0;
  std::string state, text;
};

ErrorPacket parse_error_packet(std::string_view packet) {
  ErrorPacket error;
  if (packet.size() < kHeaderSize + 3) return error;
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(packet[i]); };
  if (byte(kHeaderSize) != kErrorPacket) return error;
  error.number = byte(kHeaderSize + 1) | static_cast<unsigned>(byte(kHeaderSize + 2)) << 8;
  packet.remove_prefix(kHeaderSize + 3);
  if (packet.size() >= 6 && packet[0] == '#') {
    error.state = packet.substr(1, 5);
    packet.remove_prefix(6);
  }
  error.text = packet;
  return error;
}

}  // namespace

Session::Session(ConnectOptions options, Watchdog& watchdog)
    : options_(std::move(options)), watchdog_(watchdog) {
  start_client_library();
  mysql_ = mysql_init(nullptr);
  if (mysql_ == nullptr) throw std::bad_alloc();
  mysql_optionsv(mysql_, MARIADB_OPT_IO_WAIT, &Session::wait_hook);
}

Session::~Session() { close(); }

Session::Waiting::Waiting(Session& session, base::Deadline deadline, Use use)
    : session_(session), shield_(session.tls_tried_ && use == Use::kCommand) {
  session.deadline_ = deadline;
  if (session.encrypted_ && use == Use::kCommand && session.socket() >= 0) {
    session.whole_command_.emplace(
        session.watchdog_.arm(session.socket(), deadline, session.options_.liveness));
  }
  waiting_session = &session;
}

Session::Waiting::~Waiting() {
  waiting_session = nullptr;
  session_.settle();
}

int Session::wait_hook(my_socket fd, my_bool is_read, int) {
  Session* session = waiting_session;
  // Outside a call nobody may be kept waiting (closing, COM_QUIT).
  if (session == nullptr) return poll_socket(fd, is_read != 0 ? POLLIN : POLLOUT, 0);
  try {
    return session->wait(fd, is_read != 0);
  } catch (...) {  // out of memory; no exception may cross the library
    return -1;
  }
}

int Session::wait(int fd, bool is_read) {
  if (ended_ != Ended::kNo) return 0;
  if (options_.fabric_node && is_read) {
    const int on = 1;  // a node writes in tiny pieces and waits for each acknowledgement
    setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
  }
  if (!logged_in_ && tls_tried_) limit_blocking_reads(fd);
  if (is_read || connected_) watch_handshake(fd);
  const int ready = wait_watched(fd, is_read ? POLLIN : POLLOUT, link_timeout(is_read));
  if (logged_in_ || is_read || ready < 1) return ready;
  // Connecting: the library would report the errno of its own last call instead of the cause.
  connect_error_ = take_socket_error(fd);
  errno = connect_error_;
  if (connect_error_ != 0) return -1;
  connected_ = true;
  watch_handshake(fd);
  return tls_required_ ? check_greeting(fd) : ready;
}

/// The library reads and writes there without asking, and sets time limits of its own.
void Session::watch_handshake(int fd) {
  if (logged_in_ || !tls_tried_ || whole_command_) return;
  whole_command_.emplace(watchdog_.arm(fd, deadline_, options_.liveness));
}

bool Session::met_silence() const {
  return connected_ && !logged_in_ && mysql_get_server_info(mysql_) == nullptr;
}

base::Deadline Session::link_timeout(bool is_read) const {
  const LinkOptions& link = options_.credentials.link;
  const base::Duration limit = is_read ? link.read_timeout : link.write_timeout;
  if (!logged_in_ || limit <= base::Duration::zero()) return base::Deadline::never();
  return base::Deadline::after(watchdog_.clock(), limit);
}

int Session::wait_watched(int fd, short events, base::Deadline limit) {
  const base::Deadline due = earliest(deadline_, limit);
  base::Duration unwatched = kUnwatched;
  if (!due.is_never()) unwatched = std::min(unwatched, due.left(watchdog_.clock().now()));
  if (const int soon = poll_once(fd, events, unwatched); soon != 0) return soon;
  Watchdog::Call call = watchdog_.arm(fd, due, options_.liveness);
  const int ready = poll_socket(fd, events, -1);
  note(call.finish());
  if (ended_ == Ended::kDeadline && limit.time() < deadline_.time()) ended_ = Ended::kLinkTimeout;
  if (ended_ == Ended::kNo) return ready;
  errno = ETIMEDOUT;
  return 0;
}

int Session::check_greeting(int fd) {
  const int ready = wait_watched(fd, POLLIN, base::Deadline::never());
  if (ready < 1) return ready;
  std::array<char, 512> room;
  tls_missing_ = greets_without_tls(peek(fd, room));
  errno = EPROTO;
  return tls_missing_ ? -1 : 1;
}

void Session::note(Watchdog::Verdict verdict) {
  if (verdict == Watchdog::Verdict::kDeadline) ended_ = Ended::kDeadline;
  if (verdict == Watchdog::Verdict::kSilentServer) ended_ = Ended::kSilentServer;
}

void Session::settle() {
  if (!whole_command_) return;
  note(whole_command_->finish());
  whole_command_.reset();
  if (ended_ != Ended::kNo) broken_ = true;
}

void Session::expect_tls(bool tried, bool required) {
  tls_tried_ = tried;
  tls_required_ = required;
}

int Session::socket() const {
  if (mysql_ == nullptr || mysql_->net.pvio == nullptr) return -1;
  return static_cast<int>(mysql_get_socket(mysql_));
}

void Session::logged_in() {
  logged_in_ = true;
  encrypted_ = mysql_get_ssl_cipher(mysql_) != nullptr;
  tls_tried_ = encrypted_;
  if (encrypted_) limit_blocking_reads(socket());
  if (encrypted_) limit_blocking_writes(socket(), options_.credentials.link.write_timeout);
  fcntl(socket(), F_SETFD, FD_CLOEXEC);  // the application's children get no part of it
  answered();
}

bool Session::looks_alive() const {
  const int fd = socket();
  if (broken_ || fd < 0) return false;
  pollfd state{fd, POLLIN | POLLRDHUP, 0};
  if (poll(&state, 1, 0) <= 0) return true;
  // Behind TLS readable bytes need not be an answer: session tickets come unasked.
  return encrypted_ && (state.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) == 0;
}

bool Session::answer_waits(base::Duration wait) const {
  if (broken_ || mysql_ == nullptr || mysql_->net.pvio == nullptr) return false;
  const MARIADB_PVIO& link = *mysql_->net.pvio;
  if (link.cache != nullptr && link.cache + link.cache_size > link.cache_pos) return true;
  const auto limit = std::chrono::ceil<std::chrono::milliseconds>(wait);
  return poll_socket(socket(), POLLIN, static_cast<int>(limit.count())) > 0;
}

void Session::send(enum_server_command command, std::string_view bytes) {
  constexpr my_bool kAnswerLater = 1;
  // A packet that the kernel did not take whole cannot have been executed.
  if (mysql_->methods->db_command(mysql_, command, bytes.data(), bytes.size(), kAnswerLater,
                                  nullptr) != 0) {
    throw error(LinkLoss::kInSend);
  }
}

void Session::await_answer() {
  if (encrypted_ || mysql_->net.pvio == nullptr) return;  // behind TLS the library alone can read
  if (mysql_->net.remain_in_buf != 0) return;             // of what was compressed together
  MARIADB_PVIO& link = *mysql_->net.pvio;
  if (link.cache == nullptr || link.cache + link.cache_size > link.cache_pos) return;
  const int fd = socket();
  const auto read = [&] { return recv(fd, link.cache, PVIO_READ_AHEAD_CACHE_SIZE, MSG_DONTWAIT); };
  ssize_t size = read();
  if (size < 0 && errno == EAGAIN && wait(fd, true) > 0) size = read();
  if (size <= 0) return;  // the library meets the same
  link.cache_pos = link.cache;
  link.cache_size = static_cast<std::size_t>(size);
}

std::span<const std::uint8_t> Session::at_hand() const {
  const NET& net = mysql_->net;
  if (net.pvio == nullptr || net.compress != 0) return {};
  const MARIADB_PVIO& link = *net.pvio;
  const std::uint8_t* const end = link.cache + link.cache_size;
  if (end <= link.cache_pos) return {};
  return {link.cache_pos, end};
}

std::span<const std::uint8_t> Session::take_packet_at_hand() {
  const std::span<const std::uint8_t> held = at_hand();
  if (held.size() <= kHeaderSize) return {};
  static_assert(std::endian::native == std::endian::little);
  std::uint32_t header = 0;  // three bytes of length, one of order
  std::memcpy(&header, held.data(), sizeof header);
  const std::size_t size = header & 0xFFFFFFU;
  if (size == 0 || held.size() < kHeaderSize + size) return {};
  // The library notes an error, and skips MariaDB's report of progress, which looks like one.
  if (held[kHeaderSize] == kErrorPacket) return {};
  skip(kHeaderSize + size);
  return held.subspan(kHeaderSize, size);
}

void Session::prepare_to_send() {
  if (reply_open_) {
    throw base::Error(base::SqlState::kHY010,
                      "The connection still has rows to give: finish that result first");
  }
  if (!looks_alive()) throw_dead_link();
  for (MYSQL_STMT* statement : std::exchange(statements_to_close_, {})) {
    mysql_stmt_close(statement);
  }
}

void Session::throw_dead_link() {
  ErrorPacket farewell;
  const int fd = socket();
  if (fd >= 0 && !broken_ && !encrypted_) {
    std::array<char, 512> room;
    farewell = parse_error_packet(peek(fd, room));
  }
  mark_broken();
  if (farewell.number != 0) {
    throw MysqlError(farewell.number, farewell.state, farewell.text, LinkLoss::kBeforeSend);
  }
  throw MysqlError(CR_SERVER_GONE_ERROR, "HY000",
                   "The connection to " + options_.server.text() +
                       " was closed by the server or the network while it was idle",
                   LinkLoss::kBeforeSend);
}

void Session::mark_broken() {
  broken_ = true;
  const int fd = socket();
  if (fd >= 0) give_up_link(fd);
}

MysqlError Session::error(LinkLoss lost) {
  return error(mysql_errno(mysql_), mysql_sqlstate(mysql_), mysql_error(mysql_), lost);
}

MysqlError Session::error(unsigned number, const char* state, const char* text, LinkLoss lost) {
  settle();
  if (ended_ == Ended::kNo && (number == 0 || says_nothing(number, text))) {
    number = CR_MALFORMED_PACKET;
    text = "what it sent is no answer of a MySQL server";
  }
  const bool from_library = number >= CR_MIN_ERROR && number <= CR_MAX_ERROR;
  const bool link_gone = mysql_->net.pvio == nullptr || ended_ != Ended::kNo ||
                         (from_library && traits_of(number, text, state).connection_lost);
  if (!link_gone) {
    // The server has answered. Some answers are its last.
    if (traits_of(number, text, state).connection_lost) mark_broken();
    look_at_unread_ok();
    reply_open_ = false;
    answered();
    return MysqlError(number, state, text);
  }
  const std::string where = options_.server.text();
  std::string sentence;
  switch (ended_) {
    case Ended::kDeadline:
      sentence = "The server " + where + " did not answer before the deadline";
      break;
    case Ended::kLinkTimeout:
      sentence = "The server " + where + " sent or took nothing within READ_TIMEOUT or " +
                 "WRITE_TIMEOUT; raise it for statements that take longer";
      break;
    case Ended::kSilentServer:
      sentence = "The server " + where + " has fallen silent: it answers neither this call nor a " +
                 "probe";
      break;
    case Ended::kNo:
      sentence = "The connection to " + where + " was lost: " + text;
      if (lost == LinkLoss::kInSend) {
        sentence +=
            ", while a statement was being sent; a server cuts the connection where that "
            "is larger than its max_allowed_packet";
      }
      break;
  }
  mark_broken();
  reply_open_ = false;
  return MysqlError(number == 0 ? CR_SERVER_LOST : number, state, sentence, lost, ended_);
}

/// Of a LOAD DATA LOCAL that failed here: the library reads the server's OK and does not look at
/// it. Results of later statements behind it would be taken for those of the next command.
void Session::look_at_unread_ok() {
  // 0x00, no rows, no insert id (a byte each), the status (two).
  const unsigned char* const packet = mysql_->net.read_pos;
  if (packet == nullptr || packet[0] != 0 || packet[1] != 0 || packet[2] != 0) return;
  mysql_->server_status = packet[3] | static_cast<unsigned>(packet[4]) << 8U;
  if ((mysql_->server_status & SERVER_MORE_RESULTS_EXIST) != 0) mark_broken();
}

void Session::answered() {
  if (options_.liveness != nullptr) options_.liveness->answered(watchdog_.clock().now());
  const char* current = mysql_->db == nullptr ? "" : mysql_->db;
  if (database_ != current) database_ = current;
  if ((mysql_->server_status & SERVER_SESSION_STATE_CHANGED) != 0) note_last_gtid();
}

/// Told by a MariaDB server whose session_track_system_variables has last_gtid.
void Session::note_last_gtid() {
  const char* data = nullptr;
  std::size_t size = 0;
  bool named = false;
  for (int end =
           mysql_session_track_get_first(mysql_, SESSION_TRACK_SYSTEM_VARIABLES, &data, &size);
       end == 0;
       end = mysql_session_track_get_next(mysql_, SESSION_TRACK_SYSTEM_VARIABLES, &data, &size)) {
    const std::string_view text(data, size);
    if (named && last_gtid_ != text) last_gtid_ = text;
    named = !named && text == "last_gtid";
  }
}

void Session::close_statement(MYSQL_STMT* statement) {
  if (abandoned_) return;
  if (mysql_ != nullptr && reply_open_) {
    statements_to_close_.push_back(statement);
  } else {
    const SigpipeShield shield(encrypted_);
    mysql_stmt_close(statement);
  }
}

void Session::close() {
  if (mysql_ == nullptr) return;
  if (reply_open_) mark_broken();
  const SigpipeShield shield(encrypted_);
  for (MYSQL_STMT* statement : std::exchange(statements_to_close_, {})) {
    mysql_stmt_close(statement);
  }
  mysql_close(std::exchange(mysql_, nullptr));
}

void Session::abandon() noexcept {
  const int fd = socket();
  if (fd >= 0) ::close(fd);
  mysql_ = nullptr;  // left to the process's end: freeing it would speak on the shared link
  broken_ = true;
  abandoned_ = true;
}

}  // namespace fabric::mysql
