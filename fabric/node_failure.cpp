#include "fabric/node_failure.h"

#include "fabric/mysql/error_traits.h"
#include "fabric/mysql/refusal.h"

namespace fabric {

namespace {

using Kind = NodeFailure::Kind;
using mysql::Refusal;
using mysql::refusal_of;

constexpr const char* kPortHint =
    "; is that the MySQL-RPC port (32275 by default), and not the XML-RPC one (32274)? Of a node's "
    "XML-RPC port say FABRIC_PROTOCOL=xmlrpc";

std::string quoted(const std::string& text) { return "'" + text + "'"; }

std::string lost_sentence(const CallProgress& progress, const std::string& text) {
  if (progress.procedure.empty()) {
    return "it closed the connection during login" + std::string(kPortHint) +
           ". A node also does so when the password is empty (" + text + ")";
  }
  if (!progress.answering) {
    return "it closed the connection before it answered " + progress.procedure + " (" + text + ")";
  }
  return "the connection ended in the middle of the answer to " + progress.procedure + ", after " +
         std::to_string(progress.rows) +
         " rows; a MySQL Fabric node breaks off answers of more than about 240 rows and those with "
         "non-ASCII text (" +
         text + ")";
}

std::string right_to_call(const std::string& procedure) {
  return procedure.starts_with("watch.") ? "; give it the role fabric_watch"
                                         : "; grant it EXECUTE on dump.* and threat.*";
}

NodeFailure lost(const mysql::MysqlError& error, const CallProgress& progress) {
  if (error.ended() != mysql::Ended::kNo) {
    const bool connecting = progress.procedure.empty();
    return {Kind::kPassing,
            (connecting ? std::string("no answer to the login in time") + kPortHint
                        : "no answer to " + progress.procedure + " in time"),
            error.native()};
  }
  return {Kind::kLinkLost, lost_sentence(progress, error.what()), error.native()};
}

}  // namespace

NodeFailure node_failure(const mysql::MysqlError& error, const CallProgress& progress) {
  const std::string text = error.what();
  const auto say = [&](Kind kind, const std::string& sentence) {
    return NodeFailure(kind, sentence, error.native());
  };
  switch (refusal_of(error.number())) {
    case Refusal::kDatabaseDenied:
    case Refusal::kDenied:
      return say(Kind::kDenied, "it refused the login of user " + quoted(progress.user) +
                                    "; check FABRIC_USER and FABRIC_PASSWORD (" + text + ")");
    case Refusal::kPasswordExpired:
      return say(Kind::kRefused, "the password of user " + quoted(progress.user) +
                                     " has expired; let an administrator of the node renew it (" +
                                     text + ")");
    case Refusal::kAccountLocked:
      return say(Kind::kRefused, "the account of user " + quoted(progress.user) +
                                     " is locked; let an administrator of the node unlock it (" +
                                     text + ")");
    case Refusal::kNoRoom:
      return say(Kind::kPassing, "it has no connection to spare (" + text + ")");
    default:
      break;
  }
  switch (error.number()) {
    case 1046:
    case 1049:
    case 1106:
    case 1305:
      return say(Kind::kRefused, "it does not know " + progress.procedure +
                                     ", so it is no Fabric node; install fabric/node/*.sql there "
                                     "or name another node in FABRIC_NODES (" +
                                     text + ")");
    case 1149:
      return say(Kind::kRefused, "it did not understand " + progress.procedure +
                                     "; upgrade the node or this driver (" + text + ")");
    case 1142:
    case 1370:
      return say(Kind::kRefused, "user " + quoted(progress.user) + " may not call " +
                                     progress.procedure + right_to_call(progress.procedure) + " (" +
                                     text + ")");
    case 1047:
      return say(Kind::kPassing, "it has no quorum in its cluster (" + text + ")");
    case 1213:
      return say(Kind::kConflict, text);
    case 2026:
      if (error.ended() != mysql::Ended::kNo) return lost(error, progress);
      return say(Kind::kRefused,
                 "TLS cannot be agreed upon; check FABRIC_SSL_MODE, FABRIC_SSL_CA and that the "
                 "certificate names the host, FABRIC_SSL_CERT if it wants a client's (" +
                     text + ")");
    case 2007:
    case 2012:
    case 2027:
      if (progress.answering) return lost(error, progress);
      return say(Kind::kRefused, "it does not speak the MySQL protocol" + std::string(kPortHint) +
                                     " (" + text + ")");
    default:
      break;
  }
  if (error.loss() != mysql::LinkLoss::kNone || error.ended() != mysql::Ended::kNo) {
    const bool refused = mysql::traits_of(error.number(), text, "").cannot_connect;
    if (refused && error.ended() == mysql::Ended::kNo) return say(Kind::kPassing, text);
    return lost(error, progress);
  }
  return say(Kind::kPassing, text);
}

}  // namespace fabric
