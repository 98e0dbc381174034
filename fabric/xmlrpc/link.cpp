#include "fabric/xmlrpc/link.h"

#include <random>
#include <utility>

#include "fabric/xmlrpc/codec.h"
#include "fabric/xmlrpc_link.h"

namespace fabric::xmlrpc {

namespace {

using Trouble = HttpError::Trouble;

std::string random_hex() {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::random_device device;
  std::string text;
  for (int i = 0; i < 16; ++i) text += kDigits[device() % 16];
  return text;
}

}  // namespace

Link::Link(base::Endpoint node, const mysql::Credentials& credentials, mysql::Watchdog& watchdog)
    : login_{credentials.user, credentials.password},
      http_(std::move(node), credentials.tls, watchdog, socket_) {}

RpcAnswer Link::call(const RpcCall& call, base::Deadline deadline) {
  procedure_ = call.procedure;
  HttpReply reply;
  try {
    reply = post_logged_in(encode_call(call), deadline);
  } catch (const HttpError& error) {
    throw http_failure(error, progress());
  }
  if (reply.status == 200) return decode_reply(reply.body, call.procedure);
  const HttpCall how = progress();
  challenge_.reset();
  throw http_failure(reply, how);
}

HttpReply Link::post_logged_in(const std::string& body, base::Deadline deadline) {
  for (bool fresh = false;;) {
    if (!login_.user.empty() && !login_off_ && !challenge_) {
      fetch_challenge(deadline);
      fresh = true;
    }
    std::optional<HttpReply> reply = post({body, authorization()}, deadline);
    const int status = reply ? reply->status : 0;
    const bool forgotten = (status == 0 || status == 401) && (challenge_ || login_off_) && !fresh;
    const bool realm = status == 400 && challenge_ && challenge_->realm != kFabricRealm;
    if (!forgotten && !realm) {
      if (reply) return std::move(*reply);
      throw HttpError(Trouble::kNoAnswer, "closed without a byte");
    }
    fixed_realm_ = fixed_realm_ || realm;
    challenge_.reset();
    login_off_ = false;
  }
}

/// By a request without a body: a node answers it without reading further, and closes.
void Link::fetch_challenge(base::Deadline deadline) {
  const std::optional<HttpReply> reply = post({}, deadline);
  if (!reply) throw HttpError(Trouble::kNoAnswer, "closed without a byte");
  if (reply->status == 400) {  // it looked for a method's name, and so for no login
    login_off_ = true;
    return;
  }
  if (reply->status != 401) throw http_failure(*reply, progress());
  challenge_ = parse_digest_challenge(reply->challenge);
  challenge_used_ = 0;
  if (!challenge_) throw unknown_challenge(*reply);
  if (fixed_realm_) challenge_->realm = kFabricRealm;
}

std::optional<HttpReply> Link::post(const HttpRequest& request, base::Deadline deadline) {
  throw_if_cancelled();
  try {
    return http_.post(request, deadline);
  } catch (const HttpError& error) {
    throw_if_cancelled();
    if (error.trouble() != Trouble::kNoAnswer) throw;
    return {};
  }
}

std::string Link::authorization() {
  if (!challenge_) return {};
  return digest_authorization(*challenge_, login_, ++challenge_used_, random_hex());
}

HttpCall Link::progress() const {
  return {.procedure = procedure_,
          .user = login_.user,
          .encrypted = http_.encrypted(),
          .logged_in = challenge_.has_value()};
}

}  // namespace fabric::xmlrpc

namespace fabric {

std::unique_ptr<NodeLink> xmlrpc_link(const base::Endpoint& node, const mysql::Credentials& login,
                                      mysql::Watchdog& watchdog) {
  return std::make_unique<xmlrpc::Link>(node, login, watchdog);
}

}  // namespace fabric
