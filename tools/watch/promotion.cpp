#include "tools/watch/promotion.h"

#include <algorithm>
#include <thread>

#include "tools/watch/fence_command.h"

namespace tools::watch {
namespace {

using fabric::ServerStatus;
using fabric::base::Deadline;
using fabric::mysql::MysqlError;

constexpr std::chrono::milliseconds kPause{20};  // between two looks of a wait

}  // namespace

PromotionRun::PromotionRun(Round& round, const WatchedGroup& group)
    : round_(round), group_(group), promotion_(group.promotion.value_or(Promotion{})) {
  leaving_ = promotion_.leaving.empty() ? group.primary() : group.find(promotion_.leaving);
}

void PromotionRun::say(const Server* server, const std::string& text) {
  round_.log.say(group_.name, server == nullptr ? "" : name_of(*server), text);
}

void PromotionRun::run() {
  leave();
  fence_leaving();
  if (leaving_answers_ && promotion_.planned) catch_up();
  settle();
  const Server& successor = choose();
  if (&successor == leaving_) return reopen(successor);
  wait_applied(successor);
  take_over(successor);
  redirect_others(successor);
  round_.servers.link(successor).accept_writes(round_.step());
  round_.change("watch.publish", {group_.name, successor.uuid});
  say(&successor, "is the primary: published");
  // The next time it is news again.
  if (leaving_ != nullptr) round_.log.say_once(group_.name, name_of(*leaving_), "fence", "");
}

/// Clients stop using the old primary and wait from here on.
void PromotionRun::leave() {
  if (leaving_ != nullptr) {
    leaving_answers_ = round_.servers.state(*leaving_).known;
    if (!leaving_answers_ &&
        !round_.servers.evidence(*leaving_).dead(round_.options.thresholds, round_.clock.now())) {
      throw Held("the old primary " + name_of(*leaving_) +
                 " does not answer, and is not known to be dead yet");
    }
  }
  if (group_.primary() == nullptr) return;
  const bool planned = promotion_.planned && leaving_answers_;
  if (planned) say(leaving_, "leaves: a switch-over was asked for");
  round_.change("watch.begin", {group_.name, planned ? 0 : 1});
}

void PromotionRun::fence_leaving() {
  if (leaving_ == nullptr) return;
  ServerLink& link = round_.servers.link(*leaving_);
  if (!leaving_answers_) return run_fence_command();
  if (promotion_.planned) drain(link);
  if (link.state().read_only && !promotion_.planned) return;
  const int killed = link.fence(round_.step());
  say(leaving_, "fenced: read_only, " + std::to_string(killed) + " connections ended");
}

void PromotionRun::run_fence_command() {
  if (round_.options.fence_command.empty()) {
    round_.log.say_once(group_.name, name_of(*leaving_), "fence",
                        "NOT FENCED: it cannot be reached and there is no --fence-command; if it "
                        "lives, it may still take writes that will be lost");
    return;
  }
  static_cast<void>(round_.lease.epoch());
  const int status = run_command(round_.options.fence_command, *leaving_,
                                 Deadline::after(round_.clock, round_.options.apply_timeout));
  if (status != 0) {
    throw Held("the fence command ended with " + std::to_string(status) + ": nothing is promoted");
  }
  say(leaving_, "fenced by the command");
}

/// Open transactions get a moment to end by themselves; new work of clients already waits.
void PromotionRun::drain(ServerLink& link) {
  const Deadline deadline = Deadline::after(round_.clock, round_.options.drain);
  while (!deadline.passed(round_.clock.now()) && link.open_transactions(round_.step()) > 0) {
    std::this_thread::sleep_for(kPause);
  }
}

bool PromotionRun::may_take_over(const Server& server) const {
  const ServerState& state = round_.servers.state(server);
  const bool wanted = server.uuid == promotion_.wanted;
  const bool offered =
      server.status == ServerStatus::kSecondary && server.mode == fabric::ServerMode::kReadOnly;
  return &server != leaving_ && state.known && state.usable && (wanted || offered);
}

std::vector<const fabric::Server*> PromotionRun::candidates() const {
  std::vector<const Server*> found;
  for (const Server& server : group_.servers) {
    if (may_take_over(server)) found.push_back(&server);
  }
  return found;
}

bool PromotionRun::wait_until_applied(const Server& server, const GtidSet& wanted) {
  const Deadline deadline = Deadline::after(round_.clock, round_.options.apply_timeout);
  ServerLink& link = round_.servers.link(server);
  while (!deadline.passed(round_.clock.now())) {
    const ServerState state = link.look(round_.step());
    if (!state.known) throw Held(name_of(server) + " stopped answering: " + state.why);
    if (state.applied.contains(wanted)) return true;
    if (state.source && !state.source->applying && !state.source->trouble.empty()) {
      throw Held(name_of(server) + " cannot apply what it received: " + state.source->trouble);
    }
    if (state.source && !state.source->applying) link.start_applying(round_.step());
    std::this_thread::sleep_for(kPause);
  }
  return false;
}

void PromotionRun::catch_up() {
  const ServerState old = round_.servers.link(*leaving_).look(round_.step());
  if (!old.known) throw Held("the old primary stopped answering: " + old.why);
  for (const Server* server : candidates()) {
    if (!promotion_.wanted.empty() && server->uuid != promotion_.wanted) continue;
    if (wait_until_applied(*server, old.applied)) return;
    say(server, "did not catch up in time");
  }
  reopen(*leaving_);
  throw Held("no server caught up with the old primary, which goes on");
}

/// From here on no replica receives anything: what each holds is final, and an old primary that
/// could not be fenced gets no acknowledgement from them any more.
void PromotionRun::settle() {
  for (const Server& server : group_.servers) {
    if (&server == leaving_ || server.status == ServerStatus::kFaulty) continue;
    const ServerState& state = round_.servers.state(server);
    if (!state.known) {
      if (server.status != ServerStatus::kSecondary) continue;
      throw Held(name_of(server) + " does not answer (" + state.why +
                 "), and may have received more than the others: waiting until it does or is dead");
    }
    ServerLink& link = round_.servers.link(server);
    if (state.source) {
      // In this order: both stopped at once, MariaDB would throw away the relay log at the start.
      if (!state.source->applying && state.source->trouble.empty()) {
        link.start_applying(round_.step());
      }
      link.stop_receiving(round_.step());
    }
    if (!link.look(round_.step()).known) throw Held(name_of(server) + " stopped answering");
  }
}

const fabric::Server& PromotionRun::choose() const {
  std::vector<const Server*> found = candidates();
  // An old primary that is back before anybody has taken over has all there is.
  if (leaving_ != nullptr && leaving_answers_ && !promotion_.planned) {
    found.insert(found.begin(), leaving_);
  }
  if (found.empty()) {
    throw Held(
        "no secondary can take over: none answers, with GTIDs, log_bin and log_slave_updates");
  }
  const auto complete = [this, &found](const Server* one) {
    return std::all_of(found.begin(), found.end(), [this, one](const Server* other) {
      return round_.servers.state(*one).received.contains(round_.servers.state(*other).received);
    });
  };
  const auto wanted = std::find_if(found.begin(), found.end(), [this](const Server* one) {
    return one->uuid == promotion_.wanted;
  });
  if (wanted != found.end() && complete(*wanted)) return **wanted;
  const auto best = std::find_if(found.begin(), found.end(), complete);
  if (best == found.end()) {
    throw Held("the secondaries' histories have parted: none holds all that the others received");
  }
  return **best;
}

void PromotionRun::wait_applied(const Server& successor) {
  const GtidSet received = round_.servers.state(successor).received;
  say(&successor, "takes over: it holds " + received.text());
  if (!wait_until_applied(successor, received)) {
    throw Held(name_of(successor) + " has not applied what it received yet");
  }
}

void PromotionRun::take_over(const Server& successor) {
  ServerLink& link = round_.servers.link(successor);
  link.stop_replication(round_.step());
  if (link.state().semi_sync_replica) {
    link.set_semi_sync(ServerLink::SemiSync::kSource, round_.step());
  }
  if (group_.upstream) {
    const auto source = round_.current_primary(*group_.upstream);
    link.follow(source, round_.replication(), round_.step());
    say(&successor, "replicates from " + source.text() + ", as the old primary did");
  } else {
    link.follow_nobody(round_.step());
  }
}

/// Those who cannot be reached now follow in a later round.
void PromotionRun::redirect_others(const Server& successor) {
  const bool semi_sync = round_.servers.state(successor).semi_sync_replica ||
                         round_.servers.state(successor).semi_sync_source;
  for (const Server& server : group_.servers) {
    if (&server == &successor || &server == leaving_) continue;
    if (server.status == ServerStatus::kFaulty || !round_.servers.state(server).known) continue;
    ServerLink& link = round_.servers.link(server);
    try {
      if (!link.state().read_only) link.fence(round_.step());
      link.stop_replication(round_.step());
      if (semi_sync) link.set_semi_sync(ServerLink::SemiSync::kReplica, round_.step());
      link.follow(successor.endpoint, round_.replication(), round_.step());
      say(&server, "follows " + name_of(successor));
    } catch (const MysqlError& error) {
      say(&server, std::string("does not follow the new primary yet: ") + error.what());
    }
  }
}

void PromotionRun::reopen(const Server& server) {
  round_.servers.link(server).accept_writes(round_.step());
  round_.change("watch.publish", {group_.name, server.uuid});
  say(&server, "is the primary again: nobody had taken over");
}

}  // namespace tools::watch
