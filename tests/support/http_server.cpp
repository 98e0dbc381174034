#include "tests/support/http_server.h"

#include <Poco/Net/Context.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/String.h>
#include <sys/socket.h>

#include <chrono>
#include <list>
#include <optional>
#include <thread>

#include "fabric/base/mutex.h"
#include "fabric/base/worker.h"
#include "tests/support/child_process.h"

namespace test_support {

namespace {

using fabric::base::MutexLock;
using Poco::Net::StreamSocket;

std::size_t content_length(const HttpServer::Request& request) {
  const std::string text = request.header("Content-Length");
  return text.empty() ? 0 : std::stoul(text);
}

/// False when the client has gone before its request was whole.
bool read_request(StreamSocket& socket, HttpServer::Request& request) {
  char piece[4096];
  std::string text;
  for (;;) {
    const std::size_t end = text.find("\r\n\r\n");
    if (end != std::string::npos) {
      request.head = text.substr(0, end + 4);
      request.body = text.substr(end + 4);
      if (request.body.size() >= content_length(request)) return true;
    }
    const int got = socket.receiveBytes(piece, sizeof piece);
    if (got <= 0) return false;
    text.append(piece, static_cast<std::size_t>(got));
  }
}

void send_all(StreamSocket& socket, const std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    sent += static_cast<std::size_t>(
        socket.sendBytes(bytes.data() + sent, static_cast<int>(bytes.size() - sent)));
  }
}

/// Until the client ends the connection, which throws or ends a read.
void go_on(StreamSocket& socket, const HttpAnswer& answer) {
  const bool drip = answer.then == HttpAnswer::Then::kDrip;
  const std::string more(drip ? 1 : 65536, answer.bytes.empty() ? ' ' : answer.bytes.back());
  for (;;) {
    if (drip) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    send_all(socket, more);
  }
}

void carry_out(StreamSocket& socket, const HttpAnswer& answer) {
  send_all(socket, answer.bytes);
  char rest[256];
  switch (answer.then) {
    case HttpAnswer::Then::kReset:
      socket.setLinger(true, 0);
      break;
    case HttpAnswer::Then::kStaySilent:
      while (socket.receiveBytes(rest, sizeof rest) > 0) {
      }
      break;
    case HttpAnswer::Then::kRepeat:
    case HttpAnswer::Then::kDrip:
      go_on(socket, answer);
      break;
    case HttpAnswer::Then::kClose:
      break;
  }
}

Poco::Net::Context::Ptr server_context(const HttpServer::Tls& tls) {
  using Poco::Net::Context;
  Context::Ptr context(
      new Context(Context::TLS_SERVER_USE, tls.key, tls.certificate, tls.client_ca,
                  tls.client_ca.empty() ? Context::VERIFY_NONE : Context::VERIFY_STRICT));
  context->enableExtendedCertificateVerification(false);  // of the client's name
  return context;
}

}  // namespace

struct HttpServer::State {
  explicit State(Poco::Net::ServerSocket socket)
      : listener(std::move(socket)), port(listener.address().port()) {}
  void accept_all();
  void serve(StreamSocket socket);

  Poco::Net::ServerSocket listener;
  const std::uint16_t port;
  fabric::base::Mutex mutex;
  fabric::base::CondVar changed;
  Handler handler GUARDED_BY(mutex);
  std::vector<Request> requests GUARDED_BY(mutex);
  std::size_t accepted GUARDED_BY(mutex) = 0;
  bool stopping GUARDED_BY(mutex) = false;
  std::list<StreamSocket> open GUARDED_BY(mutex);
  std::list<fabric::base::Worker> threads GUARDED_BY(mutex);
  fabric::base::Worker acceptor;
};

void HttpServer::State::serve(StreamSocket socket) {
  try {
    Request request;
    if (!read_request(socket, request)) return;
    Handler answer;
    {
      MutexLock lock(mutex);
      requests.push_back(request);
      answer = handler;
    }
    carry_out(socket, answer ? answer(request) : HttpAnswer());
  } catch (const Poco::Exception&) {  // the client has gone, or stop()
  }
}

void HttpServer::State::accept_all() {
  for (;;) {
    try {
      std::optional<StreamSocket> accepting = listener.acceptConnection();
      MutexLock lock(mutex);
      if (stopping) return;
      ++accepted;
      const auto place = open.insert(open.end(), *accepting);
      threads.emplace_back("http-server",
                           [this, socket = *accepting, place](const std::stop_token&) {
                             serve(socket);
                             MutexLock at_end(mutex);
                             try {
                               place->close();
                             } catch (const Poco::Exception&) {
                             }
                             open.erase(place);
                             changed.notify_all();
                           });
      accepting
          .reset();  // under the lock, as the thread's copy goes: Poco counts out of TSan's sight
      changed.notify_all();
    } catch (const Poco::Exception&) {
      MutexLock lock(mutex);
      if (stopping) return;
    }
  }
}

namespace {

Poco::Net::SocketAddress any_address() { return {"127.0.0.1", free_port()}; }

}  // namespace

HttpServer::HttpServer() : state_(std::make_unique<State>(Poco::Net::ServerSocket(any_address()))) {
  state_->acceptor = fabric::base::Worker(
      "http-accept", [state = state_.get()](const std::stop_token&) { state->accept_all(); });
}

HttpServer::HttpServer(const Tls& tls)
    : state_(std::make_unique<State>(
          Poco::Net::SecureServerSocket(any_address(), 64, server_context(tls)))) {
  state_->acceptor = fabric::base::Worker(
      "http-accept", [state = state_.get()](const std::stop_token&) { state->accept_all(); });
}

HttpServer::~HttpServer() { stop(); }

void HttpServer::stop() {
  std::list<fabric::base::Worker> threads;
  {
    MutexLock lock(state_->mutex);
    state_->stopping = true;
    shutdown(state_->listener.impl()->sockfd(), SHUT_RDWR);
    for (StreamSocket& socket : state_->open) shutdown(socket.impl()->sockfd(), SHUT_RDWR);
  }
  if (state_->acceptor.joinable()) state_->acceptor.join();
  MutexLock lock(state_->mutex);
  threads.swap(state_->threads);
  lock.unlock();
  threads.clear();
  state_->listener.close();
  lock.lock();
}

fabric::base::Endpoint HttpServer::endpoint() const { return {"127.0.0.1", state_->port, {}}; }

void HttpServer::on_request(Handler handler) {
  MutexLock lock(state_->mutex);
  state_->handler = std::move(handler);
}

std::vector<HttpServer::Request> HttpServer::requests() const {
  MutexLock lock(state_->mutex);
  return state_->requests;
}

std::size_t HttpServer::accepted() const {
  MutexLock lock(state_->mutex);
  return state_->accepted;
}

std::size_t HttpServer::open() const {
  MutexLock lock(state_->mutex);
  return state_->open.size();
}

bool HttpServer::wait_until_open(std::size_t connections) const {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  MutexLock lock(state_->mutex);
  while (state_->open.size() != connections) {
    if (std::chrono::steady_clock::now() >= end) return false;
    state_->changed.wait_until(state_->mutex, end);
  }
  return true;
}

std::string HttpServer::Request::header(const std::string& name) const {
  const std::string key = "\r\n" + name + ": ";
  const std::size_t found = head.find(key);
  if (found == std::string::npos) return {};
  const std::size_t start = found + key.size();
  return head.substr(start, head.find("\r\n", start) - start);
}

}  // namespace test_support
