"""The Fabric node in SQL on the Galera cluster: installed, told of the farm, asked for roles."""

import contextlib
import hashlib
import pathlib
import time

from . import galera, plan, server, sql
from .report import FarmError

SOURCES = pathlib.Path(__file__).resolve().parents[3] / "fabric" / "node"
AGAIN = (1205, 1213)  # lock timeout and certification conflict end a CALL; it is to be sent again, whole
FABRIC_UUID = "5ca1ab1e-a007-feed-f00d-cab3fe13249e"  # in the first row of every answer


def install(farm):
    """Runs fabric/node/*.sql when they are new or have changed; grants the node's users what they may call."""
    files = sorted(SOURCES.glob("*.sql"))
    if not files:
        raise FarmError(f"The Fabric node's SQL files are not in {SOURCES}: is this clone complete?")
    texts = [file.read_text(encoding="utf-8") for file in files]
    digest = hashlib.sha256("\0".join(texts).encode()).hexdigest()
    if farm.stage("node_sql") == digest:
        return
    host = _asked(farm)
    for text in texts:
        server.query(farm, host, text, timeout=60)
    user, watch = sql.literal(plan.NODE_USER), sql.literal(plan.WATCH_USER)
    server.query(farm, host, f"CREATE USER IF NOT EXISTS {user}@'%' IDENTIFIED BY {sql.literal(plan.NODE_PASSWORD)};"
                             f" GRANT EXECUTE ON dump.* TO {user}@'%'; GRANT EXECUTE ON threat.* TO {user}@'%';"
                             f" GRANT EXECUTE ON PROCEDURE sharding.lookup_servers TO {user}@'%';"
                             f" CREATE USER IF NOT EXISTS {watch}@'%' IDENTIFIED BY {sql.literal(plan.WATCH_PASSWORD)};"
                             f" GRANT fabric_watch TO {watch}@'%'; SET DEFAULT ROLE fabric_watch FOR {watch}@'%';")
    farm.set_stage("node_sql", digest)


def call(farm, *commands):
    """CALLs, one after the other on one node of the cluster; their rows without the info sets.

    Raises with the node's own sentence when one is refused."""
    if not commands:
        return []
    text = "".join(f"CALL {command};\n" for command in commands)
    for attempt in range(10):
        try:
            rows = server.query(farm, _asked(farm), text)
            break
        except sql.SqlError as error:
            if error.number not in AGAIN or len(commands) > 1 or attempt == 9:
                raise
            time.sleep(0.05 * (attempt + 1))
    for command, info in zip(commands, (row for row in rows if row[0] == FABRIC_UUID)):
        if info[2] != "NULL":
            raise FarmError(f"The Fabric node refused CALL {command}: {info[2]}")
    return [row for row in rows if row[0] != FABRIC_UUID]


def register(farm):
    """Tells the node of the groups, servers and shards. What it knows is left alone, so that an interrupted
    registration is completed by the next."""
    masters = {row[0]: row[3] for row in call(farm, "`group`.lookup_groups(NULL)")}
    call(farm, *(f"`group`.`create`('{group}', {sql.literal(description)}, 'true')"
                 for group, description in plan.GROUPS.items() if group not in masters),
         f"`group`.set_kind('{plan.GALERA_GROUP}', 'GALERA', 'true')")
    known = roles(farm)
    commands = []
    for one in (one for one in plan.SERVERS if one.name not in known):
        commands += [f"server.register('{one.uuid}', '{farm.address(one.name)}')",
                     f"`group`.`add`('{one.group}', '{farm.address(one.name)}', 5, 'false', 'true')",
                     f"server.set_weight('{one.uuid}', {one.weight}, 'true')"]
    commands += [f"`group`.promote('{one.group}', '{one.uuid}', 'false', 'true')" for one in plan.SERVERS
                 if one.primary and masters.get(one.group, "NULL") == "NULL"]
    call(farm, *commands)
    _register_mappings(farm)


def _register_mappings(farm):
    mappings = {row[1]: row[0] for row in call(farm, "sharding.list_definitions()")}
    with_table = {row[3] for row in call(farm, "dump.shard_tables(0, '')")}
    with_shards = {row[1] for row in call(farm, "dump.shard_index(0, '')")}
    for kind, (table, column, shards) in plan.SHARDED.items():
        if kind not in mappings:
            mappings[kind] = call(farm, f"sharding.create_definition('{kind}', '{plan.GLOBAL_GROUP}', 'true')")[0][3]
        number = mappings[kind]
        add_table = f"sharding.add_table({number}, '{table}', '{column}', 'true')"
        add_shard = f"sharding.add_shard({number}, '{shards}', 'ENABLED', 'true')"
        call(farm, *([] if number in with_table else [add_table]), *([] if number in with_shards else [add_shard]))


def roles(farm):
    """{server name: (status, mode, weight)} as the node says; empty when no node answers."""
    by_uuid = {one.uuid: one.name for one in plan.SERVERS}
    try:
        rows = call(farm, *(f"`group`.lookup_servers('{group}', NULL, NULL, NULL)" for group in plan.GROUPS))
    except FarmError:
        return {}
    return {by_uuid[row[0]]: tuple(row[2:5]) for row in rows if row[0] in by_uuid}


def tell_of_deaths(farm, dead):
    """Reports dead servers of the cluster that the node takes for living, since no program may have met them: another
    one is the PRIMARY then. Of replicated groups a report says nothing, and promotes nobody."""
    for name in (one.name for one in dead if one.galera):
        if roles(farm).get(name, ("FAULTY",))[0] in ("PRIMARY", "SECONDARY"):
            with contextlib.suppress(FarmError):  # nobody could take over: the node holds it FAULTY all the same
                call(farm, f"threat.report_failure('{plan.server(name).uuid}', 'farm start', 'dead', NULL, 'true')")


def readmit(farm, servers):
    """Running servers of the cluster that the node holds FAULTY become SPARE and then SECONDARY; a cluster without
    a PRIMARY gets one. In replicated groups that is for `fabricctl watch` to do. Returns roles() after it."""
    before = roles(farm)
    for one in (one for one in servers if one.galera):
        status = before.get(one.name, ("",))[0]
        steps = {"FAULTY": ("SPARE", "SECONDARY"), "SPARE": ("SECONDARY",)}.get(status, ())
        for step in steps:
            call(farm, f"server.set_status('{one.uuid}', '{step}', NULL, 'true')")
    cluster = [one for one in servers if one.galera]
    primaries = [name for name, role in before.items() if plan.server(name).galera and role[0] == "PRIMARY"]
    if cluster and before and not primaries:
        call(farm, f"`group`.promote('{plan.GALERA_GROUP}', '{cluster[0].uuid}', 'false', 'true')")
    return roles(farm)


def _asked(farm):
    """A cluster node that can answer now."""
    for one in plan.members(plan.GALERA_GROUP):
        if galera.synced(farm, one):
            return one
    raise FarmError(f"No node of {plan.GALERA_GROUP} answers as part of a majority, so the Fabric node is away:"
                    " `farm status` shows why, `farm start` or `farm up` brings one back.")
