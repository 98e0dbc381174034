#include "tools/watch/group_care.h"

namespace tools::watch {

using fabric::ServerStatus;
using fabric::mysql::MysqlError;

GroupCare::GroupCare(Round& round, const WatchedGroup& group)
    : round_(round), group_(group), primary_(*group.primary()) {}

void GroupCare::say(const Server& server, const std::string& text) {
  round_.log.say(group_.name, name_of(server), text);
}

void GroupCare::say_once(const Server& server, const std::string& subject,
                         const std::string& text) {
  round_.log.say_once(group_.name, name_of(server), subject, text);
}

void GroupCare::mark_dead(Round& round, const WatchedGroup& group) {
  for (const Server& server : group.servers) {
    const bool counts =
        server.status == ServerStatus::kSecondary || server.status == ServerStatus::kSpare;
    if (!counts ||
        !round.servers.evidence(server).dead(round.options.thresholds, round.clock.now())) {
      continue;
    }
    round.log.say(group.name, name_of(server),
                  "is dead: FAULTY (" + round.servers.state(server).why + ")");
    round.change("watch.mark", {server.uuid, "FAULTY", "dead says the watch"});
  }
}

void GroupCare::run() {
  tend_primary();
  for (const Server& server : group_.servers) {
    if (&server == &primary_) continue;
    const ServerState& state = round_.servers.state(server);
    const bool blind = state.outcome == fabric::ProbeOutcome::kAnswers && !state.known;
    say_once(server, "blind", blind ? "lives but cannot be looked at: " + state.why : "");
    if (!state.known) continue;
    try {
      tend(server);
      say_once(server, "failed", "");
    } catch (const MysqlError& error) {
      say_once(server, "failed", std::string("could not be brought in order: ") + error.what());
    }
  }
}

void GroupCare::tend(const Server& server) {
  keep_read_only(server);
  const ServerState& state = round_.servers.state(server);
  if (!state.usable) {
    return say_once(server, "usable",
                    "cannot follow: it needs GTIDs, log_bin and log_slave_updates");
  }
  if (!state.source || state.source->endpoint != primary_.endpoint) return make_follow(server);
  const bool stands = !state.source->receiving || !state.source->applying;
  say_once(server, "trouble", stands ? state.source->trouble : "");
  if (!stands && server.status == ServerStatus::kFaulty) rejoin(server);
}

void GroupCare::keep_read_only(const Server& server) {
  ServerLink& link = round_.servers.link(server);
  if (link.state().read_only) return;
  const int killed = link.fence(round_.step());
  say(server, "took writes and is not the primary: read_only, " + std::to_string(killed) +
                  " connections ended");
}

/// True when the server has executed what the primary never will: it must not follow.
bool GroupCare::holds_more(const Server& server) {
  ServerLink& link = round_.servers.link(server);
  link.stop_replication(round_.step());
  const ServerState own = link.look(round_.step());
  const ServerState other = round_.servers.link(primary_).look(round_.step());
  if (!own.known || !other.known) return true;  // the next round knows more
  const GtidSet more = own.history.without(other.history);
  say_once(server, "more",
           more.empty() ? ""
                        : "left out: it holds " + more.text() + ", which the primary " +
                              name_of(primary_) + " lacks; restore it from the primary");
  if (!more.empty() && server.status != ServerStatus::kFaulty) {
    round_.change("watch.mark", {server.uuid, "FAULTY", "holds what the primary lacks"});
  }
  return !more.empty();
}

void GroupCare::make_follow(const Server& server) {
  if (round_.options.rejoin == Rejoin::kOff && server.status == ServerStatus::kFaulty) return;
  if (holds_more(server)) return;
  ServerLink& link = round_.servers.link(server);
  if (round_.servers.state(primary_).semi_sync_source) {
    link.set_semi_sync(ServerLink::SemiSync::kReplica, round_.step());
  }
  link.follow(primary_.endpoint, round_.replication(), round_.step());
  say(server, "follows " + name_of(primary_));
}

void GroupCare::rejoin(const Server& server) {
  if (round_.options.rejoin == Rejoin::kOff) return;
  // All that the primary had when the round began; under load it has more by now.
  const GtidSet wanted = round_.servers.state(primary_).applied;
  if (!round_.servers.link(server).look(round_.step()).applied.contains(wanted)) return;
  round_.change("watch.mark", {server.uuid, "SPARE", "follows the primary"});
  if (round_.options.rejoin == Rejoin::kSecondary) {
    round_.change("watch.mark", {server.uuid, "SECONDARY", "has caught up"});
  }
  say(server, round_.options.rejoin == Rejoin::kSecondary ? "is a SECONDARY again" : "is a SPARE");
}

void GroupCare::tend_primary() {
  const ServerState& state = round_.servers.state(primary_);
  say_once(
      primary_, "read_only",
      state.read_only ? "is the primary and read_only; left so, as only a person does that" : "");
  if (!state.source) return note_upstream();
  const auto wanted = round_.current_primary(state.source->endpoint);
  if (wanted == primary_.endpoint) {
    say_once(primary_, "source",
             "is the primary, and replicates from " + state.source->endpoint.text() +
                 " of its own group");
    return;
  }
  if (wanted != state.source->endpoint) {
    try {
      round_.servers.link(primary_).follow(wanted, round_.replication(), round_.step());
      say(primary_, "replicates from " + wanted.text() + " now, the new primary there");
    } catch (const MysqlError& error) {
      say_once(primary_, "source", std::string("could not be redirected: ") + error.what());
    }
    return;
  }
  note_upstream();
}

void GroupCare::note_upstream() {
  const ServerState& state = round_.servers.state(primary_);
  if (state.source.has_value() == group_.upstream.has_value() &&
      (!state.source || state.source->endpoint == *group_.upstream)) {
    return;
  }
  const auto now = state.source ? state.source->endpoint : fabric::base::Endpoint{"", 0, {}};
  round_.change("watch.note_upstream", {group_.name, now.host, static_cast<int>(now.port)});
}

}  // namespace tools::watch
