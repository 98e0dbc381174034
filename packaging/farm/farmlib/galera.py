"""The Galera cluster: who begins, who joins, and how it comes back after any kind of stop."""

import re
import subprocess

from . import plan, server, sql
from .report import FarmError, tail

POSITION = re.compile(r"Recovered position: ([0-9a-f-]{36}):(-?\d+)")
NO_STATE = "00000000-0000-0000-0000-000000000000"


def status(farm, one):
    """The node's own words as a dict without the `wsrep_` prefix; empty when it does not answer."""
    if server.state(farm, one) != "running":
        return {}
    wanted = ("'wsrep_ready','wsrep_cluster_status','wsrep_cluster_size','wsrep_cluster_conf_id',"
              "'wsrep_local_state_comment'")
    try:
        rows = server.query(farm, one, f"SHOW GLOBAL STATUS WHERE Variable_name IN ({wanted})", timeout=5)
    except sql.SqlError:
        return {}
    return {name.removeprefix("wsrep_"): value for name, value in rows}


def synced(farm, one):
    return _is_synced(status(farm, one))


def _is_synced(now):
    return (now.get("ready") == "ON" and now.get("cluster_status") == "Primary"
            and now.get("local_state_comment") == "Synced")


def primary_component(farm):
    """The nodes that belong to a working cluster now."""
    return [one for one in plan.members(plan.GALERA_GROUP)
            if status(farm, one).get("cluster_status") == "Primary"]


def _knows_its_dead(farm, running):
    """Whether the nodes that run have seen the others go, and so whether a majority is left."""
    views = [status(farm, one) for one in running]
    return all(view.get("cluster_status") != "Primary" or int(view["cluster_size"]) <= len(running) for view in views)


def begin(farm, waits, dead):
    """Sees to a primary component; returns those of the nodes in `dead` that still have to join it."""
    alive = [one for one in plan.members(plan.GALERA_GROUP) if server.state(farm, one) == "running"]
    if dead and alive:
        with waits.waiting("the cluster to notice who is dead"):
            server.wait_until(farm, alive[0], lambda: _knows_its_dead(farm, alive))
    if not dead or primary_component(farm):
        return dead
    members = plan.members(plan.GALERA_GROUP)
    frozen = [one.name for one in members if server.state(farm, one) == "frozen"]
    if frozen:
        raise FarmError(f"The cluster has lost its majority and {', '.join(frozen)} is frozen:"
                        f" `farm thaw` or `farm kill` it first.")
    running = [one for one in members if server.state(farm, one) == "running"]
    if running:
        _bootstrap_survivor(farm, waits, running[0])
        return dead
    positions = {one.name: position(farm, one) for one in members}
    first = max(members, key=lambda one: (positions[one.name][1], one.primary))
    if first not in dead:
        raise FarmError(f"All nodes of {plan.GALERA_GROUP} are dead and {first.name} has the newest data:"
                        f" start it first, or all of them by `farm up`.")
    state, seqno = positions[first.name]
    _write_grastate(farm, first, state, seqno, safe=True)
    with waits.waiting(f"{first.name} to begin the cluster"):
        server.start(farm, first, "--wsrep-new-cluster", *_position_option(farm, first))
        server.wait_until(farm, first, lambda: synced(farm, first))
    return [one for one in dead if one is not first]


def one_synced(farm, waits):
    """Waits for a node that serves statements, and returns it: a donor serves none while it gives its data away."""
    members = plan.members(plan.GALERA_GROUP)
    alive = next((one for one in members if server.state(farm, one) == "running"), None)
    if alive is None:
        raise FarmError(f"No node of {plan.GALERA_GROUP} is left to answer: `farm thaw` the frozen ones first.")
    with waits.waiting("a node of the cluster to answer"):
        server.wait_until(farm, alive, lambda: any(synced(farm, one) for one in members))
    return next(one for one in members if synced(farm, one))


def join(farm, waits, nodes):
    """Starts dead nodes; returns when all that run are in the cluster and have its data."""
    for one in nodes:
        server.start(farm, one, *_position_option(farm, one))
    running = [one for one in plan.members(plan.GALERA_GROUP) if one in nodes or server.state(farm, one) == "running"]
    for one in running:
        with waits.waiting(f"{one.name} to join the cluster"):
            server.wait_until(farm, one, lambda one=one: synced(farm, one))
    if running:
        with waits.waiting("the nodes to agree who is in the cluster"):
            server.wait_until(farm, running[0], lambda: _agree(farm, running))


def _agree(farm, nodes):
    """A node that was frozen takes itself for a member until it hears that the others went on without it."""
    views = [status(farm, one) for one in nodes]
    return all(map(_is_synced, views)) and len({view["cluster_conf_id"] for view in views}) == 1


def _bootstrap_survivor(farm, waits, survivor):
    """A running node without majority may go on alone: the farm knows that all the others are dead."""
    with waits.waiting(f"{survivor.name} to go on without the dead nodes"):
        server.wait_until(farm, survivor, lambda: status(farm, survivor) != {})
        if status(farm, survivor)["cluster_status"] != "Primary":
            server.query(farm, survivor, "SET GLOBAL wsrep_provider_options='pc.bootstrap=YES'")
        server.wait_until(farm, survivor, lambda: synced(farm, survivor))


def position(farm, one):
    """(state uuid, seqno) of a dead node's data: from grastate.dat after a clean stop, else from InnoDB."""
    state, seqno = _read_grastate(farm, one)
    if seqno >= 0:
        return state, seqno
    server.write_config(farm, one)
    done = subprocess.run([*server.command(farm, one), "--wsrep-recover", "--skip-networking"],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", timeout=120,
                          check=False, **farm.account.options())
    with open(farm.error_log(one.name), "a", encoding="utf-8") as log:
        log.write(f"--- farm asks {one.name} for its position\n{done.stdout}")
    found = POSITION.findall(done.stdout)
    if not found:
        raise FarmError(f"{one.name} could not tell the position of its data. The end of"
                        f" {farm.error_log(one.name)}:\n{tail(farm.error_log(one.name))}")
    return found[-1][0], int(found[-1][1])


def _position_option(farm, one):
    """After an unclean stop the node is told its position, or it would fetch a whole copy."""
    if _read_grastate(farm, one)[1] >= 0:
        return []
    state, seqno = position(farm, one)
    return [] if seqno < 0 else [f"--wsrep-start-position={state}:{seqno}"]


def _grastate_path(farm, one):
    return farm.directory / "servers" / one.name / "data" / "grastate.dat"


def _read_grastate(farm, one):
    try:
        text = _grastate_path(farm, one).read_text(encoding="ascii")
    except OSError:
        return NO_STATE, -1
    fields = dict(re.findall(r"^(\w+):\s*(\S+)", text, re.MULTILINE))
    return fields.get("uuid", NO_STATE), int(fields.get("seqno", -1))


def _write_grastate(farm, one, state, seqno, safe):
    path = _grastate_path(farm, one)
    path.write_text("# GALERA saved state\nversion: 2.1\n"
                    f"uuid:    {state}\nseqno:   {seqno}\nsafe_to_bootstrap: {int(safe)}\n", encoding="ascii")
    farm.account.own(path)
