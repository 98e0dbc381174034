"""What each farm command does."""

import concurrent.futures
import os
import pathlib
import shlex
import signal
import time

from . import account, demo, galera, node, odbc, plan, ports, process, replication, server, state
from .report import FarmError


def up(directory, waits, driver=None):
    """Makes the farm, or starts what of it is dead; changes nothing when all runs."""
    began = time.monotonic()
    server.check_tools()
    farm = _made_or_opened(pathlib.Path(directory).resolve())
    account.check_reachable(farm.account, farm.directory)
    farm.make_folders()
    for one in plan.SERVERS:
        server.adopt(farm, one)
    chosen = odbc.choose_driver(farm, driver)
    if not pathlib.Path(chosen).is_file():
        waits.say(f"farm: no driver is at {chosen} yet: build it, or name another by --driver")
    odbc.write(farm, chosen)
    dead = [one for one in plan.SERVERS if server.state(farm, one) == "dead"]
    if len(dead) == len(plan.SERVERS):
        farm.drop_alias()
    farm.refresh_alias()
    farm.save()
    if dead:
        waits.say(f"farm: starting {', '.join(one.name for one in dead)} in {farm.directory}")
    _make_datadirs(farm, waits)
    _start_all(farm, waits, dead)
    node.readmit(farm, dead)
    frozen = [one.name for one in plan.SERVERS if server.state(farm, one) == "frozen"]
    if frozen:
        waits.say(f"farm: {', '.join(frozen)} frozen: `farm thaw` brings it back")
    waits.say(f"farm: up after {time.monotonic() - began:.1f} s" if dead else "farm: was up already")
    waits.say(status(directory))


def _made_or_opened(directory):
    if os.path.exists(directory / "farm.json"):  # Path.exists() raises where it may not look
        return state.open_farm(directory)
    chosen = account.choose()
    account.check_reachable(chosen, directory.parent)
    return state.create_farm(directory, chosen, ports.Reserved())


def _make_datadirs(farm, waits):
    if farm.stage("datadirs"):
        return
    with waits.waiting("a template of the datadirs"):
        template = server.make_template(farm)
        for one in plan.SERVERS:
            server.make_datadir(farm, one, template)
        server.remove_templates(farm)
    farm.set_stage("datadirs")


def _start_all(farm, waits, dead):
    """The cluster in a thread of its own, the single servers beside it."""
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        cluster = pool.submit(_start_cluster, farm, waits, [one for one in dead if one.galera])
        for one in dead:
            if not one.galera:
                server.start(farm, one)
        singles = [one for one in plan.SERVERS if not one.galera and server.state(farm, one) != "frozen"]
        for one in singles:
            with waits.waiting(f"{one.name} to accept connections"):
                server.wait_until(farm, one, lambda one=one: server.answers(farm, one))
        if not farm.stage("replication"):
            replication.configure(farm)
            farm.set_stage("replication")
        if not farm.stage("shards"):
            with waits.waiting("the demo data of the shards"):
                demo.fill_shards(farm, waits)
            farm.set_stage("shards")
        for one in dead:
            _rejoin(farm, waits, one)
        cluster.result()


def _start_cluster(farm, waits, dead):
    """The first node learns all before the others join, and so hands it to them in one piece."""
    rest = galera.begin(farm, waits, dead)
    first = galera.one_synced(farm, waits)
    with waits.waiting("the Fabric node's procedures"):
        node.install(farm)
    if not farm.stage("registered"):
        with waits.waiting("the Fabric node to learn of the farm"):
            node.register(farm)
        farm.set_stage("registered")
    if not farm.stage("demo"):
        demo.fill_cluster(farm, first)
        farm.set_stage("demo")
    galera.join(farm, waits, rest)


def _rejoin(farm, waits, one):
    """Replication of a started server and of those that follow it works again."""
    if one.name in plan.SOURCES:
        replication.resume(farm, one)
        replication.wait_caught_up(farm, waits, one.name)
    for replica in [one.name, *(name for name, source in plan.SOURCES.items() if source == one.name)]:
        if replica in plan.SOURCES and server.state(farm, plan.server(replica)) == "running":
            replication.wait_semi_sync(farm, waits, replica)


def down(directory, waits):
    """Stops all servers of the farm, one cluster node last so that it may begin the cluster again."""
    farm = state.open_farm(directory)
    for one in plan.SERVERS:
        server.adopt(farm, one)
    count = sum(server.state(farm, one) != "dead" for one in plan.SERVERS)
    last = next((one for one in plan.members(plan.GALERA_GROUP) if server.state(farm, one) == "running"), None)
    with waits.waiting("the servers to shut down"):
        with concurrent.futures.ThreadPoolExecutor(len(plan.SERVERS)) as pool:
            others = [one for one in plan.SERVERS if one is not last]
            clean = dict(zip(others, pool.map(lambda one: server.stop(farm, one), others)))
        if last is not None:
            clean[last] = server.stop(farm, last)
    farm.drop_alias()
    for one in (one for one, done in clean.items() if not done):
        waits.say(f"farm: {one.name} did not shut down within {server.STOP_LIMIT} s and was killed")
    waits.say(f"farm: stopped {count} servers of {farm.directory}" if count else "farm: nothing was running")


def kill(directory, name, waits):
    farm, one = _opened(directory, name)
    if server.state(farm, one) == "dead":
        waits.say(f"farm: {name} was dead already")
        return
    server.kill(farm, one)
    waits.say(f"farm: {name} killed")


def freeze(directory, name, waits):
    _signal(directory, name, signal.SIGSTOP, "frozen", waits)


def thaw(directory, name, waits):
    _signal(directory, name, signal.SIGCONT, "running", waits)
    waits.say(f"farm: if it was taken out meanwhile: `farm start {shlex.quote(directory)} {name}` brings it back in")


def _signal(directory, name, number, wanted, waits):
    farm, one = _opened(directory, name)
    now = server.state(farm, one)
    if now == "dead":
        raise FarmError(f"{name} is dead: `farm start {shlex.quote(str(farm.directory))} {name}` brings it back.")
    if now == wanted:
        waits.say(f"farm: {name} was {wanted} already")
        return
    process.send(farm.identity(name), number)
    while server.state(farm, one) == now:
        time.sleep(0.005)
    waits.say(f"farm: {name} {server.state(farm, one)}")


def start(directory, name, waits):
    """Brings a dead server back: process, data, replication, and the Fabric node's word."""
    farm, one = _opened(directory, name)
    if not (farm.stage("demo") and farm.stage("shards")):
        raise FarmError(f"The farm in {farm.directory} was never complete: run"
                        f" `farm up {shlex.quote(str(farm.directory))}` first.")
    now = server.state(farm, one)
    if now == "frozen":
        raise FarmError(f"{name} is frozen: `farm thaw {shlex.quote(str(farm.directory))} {name}` first.")
    began = time.monotonic()
    farm.refresh_alias()
    farm.save()
    if one.galera:
        joining = galera.begin(farm, waits, [one] if now == "dead" else [])
        node.tell_of_deaths(farm, joining)
        galera.join(farm, waits, joining)
    else:
        if now == "dead":
            server.start(farm, one)
        with waits.waiting(f"{name} to accept connections"):
            server.wait_until(farm, one, lambda: server.answers(farm, one))
    _rejoin(farm, waits, one)
    status_now = node.readmit(farm, [one]).get(name, ("unknown",))[0]
    waits.say(f"farm: {name} is back after {time.monotonic() - began:.1f} s, its status is {status_now}")


def _opened(directory, name):
    one = plan.server(name)
    if one is None:
        raise FarmError(f"No server is called {name}: there are {', '.join(s.name for s in plan.SERVERS)}.")
    farm = state.open_farm(directory)
    server.adopt(farm, one)
    return farm, one


def status(directory):
    """A table of the servers, as text."""
    farm = state.read_farm(directory)
    roles = node.roles(farm)
    rows = [("SERVER", "GROUP", "PORT", "PID", "STATE", "ROLE", "MODE", "WEIGHT", "GALERA")]
    for one in plan.SERVERS:
        now = server.state(farm, one)
        pid = str(farm.identity(one.name)["pid"]) if now != "dead" else "-"
        cluster = galera.status(farm, one) if one.galera else {}
        words = (f"{cluster['local_state_comment']}, {cluster['cluster_status']}, size {cluster['cluster_size']}"
                 if cluster else "-")
        rows.append((one.name, one.group, str(farm.port(one.name)), pid, now,
                     *roles.get(one.name, ("-", "-", "-")), words))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


def env(directory):
    return odbc.exports(state.read_farm(directory))
