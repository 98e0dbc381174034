#include "tools/serve/page_server.h"

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/ThreadPool.h>

#include <random>
#include <utility>

#include "fabric/base/error.h"
#include "tools/serve/page_text.h"

namespace tools::serve {
namespace {

using Poco::Net::HTTPRequest;
using Poco::Net::HTTPResponse;
using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerResponse;

constexpr int kThreads = 8;
constexpr int kQueued = 32;
constexpr int kPatience = 5;  // seconds, for a client that says nothing
constexpr const char* kText = "text/plain; charset=utf-8";

struct Content {
  HTTPResponse::HTTPStatus status = HTTPResponse::HTTP_OK;
  std::string type = kText;
  std::string body{};
};

/// Of one answer: its page's own style and script, and nobody else's.
std::string new_nonce() {
  constexpr int kWords = 4;
  std::random_device random;
  std::string nonce;
  for (int i = 0; i < kWords; ++i) nonce += std::to_string(random());
  return nonce;
}

void send(HTTPServerResponse& response, const Content& content, const std::string& nonce) {
  const std::string own = "'nonce-" + nonce + "'";
  response.setStatusAndReason(content.status);
  response.setContentType(content.type);
  response.setKeepAlive(false);
  response.set("Cache-Control", "no-store");
  response.set("Content-Security-Policy",
               "default-src 'none'; script-src " + own + "; style-src " + own +
                   "; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
                   "frame-ancestors 'none'");
  response.set("X-Content-Type-Options", "nosniff");
  response.set("X-Frame-Options", "DENY");
  response.set("Referrer-Policy", "no-referrer");
  response.set("Cross-Origin-Resource-Policy", "same-origin");
  response.set("Cross-Origin-Opener-Policy", "same-origin");
  response.sendBuffer(content.body.data(), content.body.size());
}

class Handler final : public Poco::Net::HTTPRequestHandler {
 public:
  Handler(const Guard& guard, const std::function<std::string()>& snapshot)
      : guard_(guard), snapshot_(snapshot) {}

  void handleRequest(HTTPServerRequest& request, HTTPServerResponse& response) override {
    const std::string nonce = new_nonce();
    if (request.getMethod() != HTTPRequest::HTTP_GET) {
      response.set("Allow", "GET");
      return send(response,
                  {.status = HTTPResponse::HTTP_METHOD_NOT_ALLOWED, .body = "Only GET.\n"}, nonce);
    }
    send(response, content_of(request, nonce), nonce);
  }

 private:
  Content content_of(const HTTPServerRequest& request, const std::string& nonce) const {
    if (!guard_.takes(request.get("Host", ""))) {
      return {.status = HTTPResponse::HTTP_FORBIDDEN,
              .body =
                  "Not under this name: ask for localhost or an address, or start "
                  "fabricctl serve with --host-name.\n"};
    }
    const std::string& uri = request.getURI();
    const std::string path = uri.substr(0, uri.find('?'));
    if (path == "/") return {.type = "text/html; charset=utf-8", .body = page_text(nonce)};
    if (path == "/snapshot.json") return {.type = "application/json", .body = snapshot_()};
    return {.status = HTTPResponse::HTTP_NOT_FOUND, .body = "There is / and /snapshot.json.\n"};
  }

  const Guard& guard_;
  const std::function<std::string()>& snapshot_;
};

class Factory final : public Poco::Net::HTTPRequestHandlerFactory {
 public:
  Factory(Guard guard, std::function<std::string()> snapshot)
      : guard_(std::move(guard)), snapshot_(std::move(snapshot)) {}
  Poco::Net::HTTPRequestHandler* createRequestHandler(const HTTPServerRequest& request) override {
    static_cast<void>(request);
    return std::make_unique<Handler>(guard_, snapshot_).release();  // Poco deletes it
  }

 private:
  const Guard guard_;
  const std::function<std::string()> snapshot_;
};

Poco::Net::HTTPServerParams::Ptr limits() {
  auto limits = Poco::makeAuto<Poco::Net::HTTPServerParams>();
  limits->setMaxThreads(kThreads);
  limits->setMaxQueued(kQueued);
  limits->setTimeout(Poco::Timespan(kPatience, 0));
  limits->setKeepAlive(false);  // a connection that is kept would hold a thread
  return limits;
}

Poco::Net::ServerSocket listening(const PageServerOptions& options) {
  try {
    Poco::Net::ServerSocket socket;
    socket.bind(Poco::Net::SocketAddress(options.address, options.port), true, false);
    socket.listen(kQueued);
    return socket;
  } catch (const Poco::Exception& error) {
    throw fabric::base::Error(fabric::base::SqlState::kHY000,
                              "Cannot listen on " + options.address + ":" +
                                  std::to_string(options.port) + " (" + error.displayText() +
                                  "): choose another with --port, or 0 for any that is free");
  }
}

}  // namespace

struct PageServer::State {
  State(const PageServerOptions& options, std::function<std::string()> snapshot)
      : threads(1, kThreads),
        socket(listening(options)),
        server(Poco::makeShared<Factory>(options.guard, std::move(snapshot)), threads, socket,
               limits()) {}
  Poco::ThreadPool threads;
  Poco::Net::ServerSocket socket;
  Poco::Net::HTTPServer server;
};

PageServer::PageServer(const PageServerOptions& options, std::function<std::string()> snapshot)
    : state_(std::make_unique<State>(options, std::move(snapshot))) {
  state_->server.start();
}

PageServer::~PageServer() {
  state_->server.stopAll(true);
  state_->threads.joinAll();
}

std::string PageServer::url() const {
  return "http://" + state_->socket.address().toString() + "/";
}

}  // namespace tools::serve
