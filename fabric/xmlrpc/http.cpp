#include "fabric/xmlrpc/http.h"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SSLException.h>
#include <Poco/Net/StreamSocketImpl.h>
#include <fcntl.h>

#include <cstring>
#include <istream>
#include <utility>
#include <vector>

#include "fabric/xmlrpc/http_tls.h"

namespace fabric::xmlrpc {

namespace {

using Poco::Net::HTTPClientSession;
using Poco::Net::HTTPMessage;
using Poco::Net::HTTPRequest;
using Poco::Net::HTTPResponse;
using Trouble = HttpError::Trouble;

constexpr std::size_t kPiece = 16384;
constexpr std::size_t kLongestReason = 160;

/// A descriptor that Poco works with and never closes: it is watched until it is closed by us.
class BorrowedSocket final : public Poco::Net::StreamSocketImpl {
 public:
  explicit BorrowedSocket(int fd) : StreamSocketImpl(fd) {}
  void close() override {}

 protected:
  ~BorrowedSocket() override { reset(); }
};

HttpError no_connection(const base::ConnectResult& result) {
  switch (result.outcome) {
    case base::ConnectOutcome::kRefused:
      return {Trouble::kNoConnection, "nobody listens there", result.error};
    case base::ConnectOutcome::kTimedOut:
      return {Trouble::kLate, "no connection in time", result.error};
    default:
      return {Trouble::kNoConnection,
              result.error == 0 ? std::string("no such host") : std::strerror(result.error),
              result.error};
  }
}

/// What a node says of itself goes into messages: one line, and not a long one.
std::string printable(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return text.substr(0, kLongestReason);
}

HTTPRequest header_of(const HttpRequest& request, const base::Endpoint& node) {
  HTTPRequest header(HTTPRequest::HTTP_POST, "/RPC2", HTTPMessage::HTTP_1_1);
  header.setHost(node.host, node.port);
  header.setContentType("text/xml");
  header.setContentLength(static_cast<std::streamsize>(request.body.size()));
  header.setKeepAlive(false);
  if (!request.authorization.empty()) {
    header.set(HTTPRequest::AUTHORIZATION, request.authorization);
  }
  return header;
}

std::string read_body(std::istream& in, std::streamsize announced) {
  std::string body;
  std::vector<char> piece(kPiece);
  while (in.good()) {
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    body.append(piece.data(), static_cast<std::size_t>(in.gcount()));
    if (body.size() > HttpClient::kLongestBody) {
      throw HttpError(
          Trouble::kTooLong,
          "its answer is longer than " + std::to_string(HttpClient::kLongestBody >> 20U) + " MiB");
    }
  }
  if (announced >= 0 && body.size() < static_cast<std::size_t>(announced)) {
    throw HttpError(Trouble::kCutShort, "its answer ended after " + std::to_string(body.size()) +
                                            " of " + std::to_string(announced) + " bytes");
  }
  if (body.empty()) throw HttpError(Trouble::kCutShort, "its answer has no body");
  return body;
}

}  // namespace

HttpClient::HttpClient(base::Endpoint node, mysql::TlsOptions tls, mysql::Watchdog& watchdog,
                       base::SharedSocket& socket)
    : node_(std::move(node)), tls_(std::move(tls)), watchdog_(watchdog), socket_(socket) {}

HttpClient::~HttpClient() = default;

HttpReply HttpClient::post(const HttpRequest& request, base::Deadline deadline) {
  struct InUse {
    base::SharedSocket& shared;
    ~InUse() { shared.set(-1); }
  };
  if (encrypted() && context_.isNull()) context_ = tls_context(tls_);
  const base::ConnectResult link = base::connect_to(node_, deadline, &socket_);
  const InUse in_use{socket_};
  if (link.outcome != base::ConnectOutcome::kConnected) throw no_connection(link);
  const int fd = link.socket.fd();
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
  mysql::Watchdog::Call watched = watchdog_.arm(fd, deadline);
  // What ends a late exchange looks like the peer's end of it to the rest.
  const auto judged = [&](const HttpError& error) {
    if (watched.finish() == mysql::Watchdog::Verdict::kInTime) return error;
    return HttpError(Trouble::kLate, "no answer in time");
  };
  try {
    HttpReply reply = exchange(link.socket, request);
    if (watched.finish() == mysql::Watchdog::Verdict::kInTime) return reply;
    throw HttpError(Trouble::kLate, "no answer in time");
  } catch (const HttpError& error) {
    throw judged(error);
  } catch (const Poco::Net::NoMessageException&) {
    throw judged({Trouble::kNoAnswer, "it closed the connection"});
  } catch (const Poco::Net::SSLException& error) {
    throw judged({Trouble::kTls, printable(error.displayText())});
  } catch (const Poco::Net::MessageException& error) {
    throw judged({Trouble::kNotHttp, printable(error.message())});
  } catch (const Poco::IOException& error) {
    throw judged({Trouble::kNoAnswer, printable(error.displayText())});
  } catch (const Poco::Exception& error) {
    throw judged({Trouble::kNotHttp, printable(error.displayText())});
  }
}

HttpReply HttpClient::exchange(const base::Socket& socket, const HttpRequest& request) {
  Poco::Net::StreamSocket stream(new BorrowedSocket(socket.fd()));
  if (encrypted()) stream = start_tls(stream, node_.host, context_);
  HTTPClientSession session(stream);
  HTTPRequest header = header_of(request, node_);
  session.sendRequest(header) << request.body;  // one write: a node may close after the headers
  return receive(session);
}

HttpReply HttpClient::receive(HTTPClientSession& session) const {
  HTTPResponse response;
  std::istream& in = session.receiveResponse(response);
  HttpReply reply;
  reply.status = response.getStatus();
  reply.reason = printable(response.getReason());
  reply.challenge = response.get("WWW-Authenticate", "");
  reply.location = printable(response.get("Location", ""));
  if (reply.status == HTTPResponse::HTTP_OK) {
    if (response.get("Content-Encoding", "identity") != "identity") {
      throw HttpError(Trouble::kNotHttp, "an answer in an encoding that was not asked for");
    }
    reply.body = read_body(in, response.hasContentLength() ? response.getContentLength() : -1);
  }
  return reply;
}

}  // namespace fabric::xmlrpc
