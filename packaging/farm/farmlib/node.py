"""The Fabric node in SQL on the Galera cluster: installed, told of the farm, asked for roles."""

import hashlib
import pathlib
import time

from . import galera, plan, server, sql
from .report import FarmError

SOURCES = pathlib.Path(__file__).resolve().parents[3] / "fabric" / "node"
AGAIN = (1205, 1213)  # lock timeout and certification conflict end a CALL; it is to be sent again, whole
FABRIC_UUID = "5ca1ab1e-a007-feed-f00d-cab3fe13249e"  # in the first row of every answer


def install(farm):
    """Runs fabric/node/*.sql when they are new or have changed; grants the node user its two schemas."""
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
    user = sql.literal(plan.NODE_USER)
    server.query(farm, host, f"CREATE USER IF NOT EXISTS {user}@'%' IDENTIFIED BY {sql.literal(plan.NODE_PASSWORD)};"
                             f" GRANT EXECUTE ON dump.* TO {user}@'%'; GRANT EXECUTE ON threat.* TO {user}@'%';")
    farm.set_stage("node_sql", digest)


def call(farm, command):
    """One CALL on a node of the cluster; the rows after the info set. Raises with the node's own sentence."""
    for attempt in range(10):
        try:
            rows = server.query(farm, _asked(farm), f"CALL {command};")
            break
        except sql.SqlError as error:
            if error.number not in AGAIN or attempt == 9:
                raise
            time.sleep(0.05 * (attempt + 1))
    if rows and rows[0][0] == FABRIC_UUID:
        if rows[0][2] != "NULL":
            raise FarmError(f"The Fabric node refused CALL {command}: {rows[0][2]}")
        rows = rows[1:]
    return rows


def register(farm):
    """Tells the node of the groups, servers and shards. What was told once is never told again, so that
    promotions and weights set by hand stay."""
    for group, description in plan.GROUPS.items():
        _once(farm, f"`group`.`create`('{group}', {sql.literal(description)}, 'true')")
    _once(farm, f"`group`.set_kind('{plan.GALERA_GROUP}', 'GALERA', 'true')")
    for one in plan.SERVERS:
        _once(farm, f"server.register('{one.uuid}', '{farm.address(one.name)}')")
        _once(farm, f"`group`.`add`('{one.group}', '{farm.address(one.name)}', 5, 'false', 'true')")
    for one in plan.SERVERS:
        if one.primary:
            _once(farm, f"`group`.promote('{one.group}', '{one.uuid}', 'false', 'true')")
        elif one.weight != 1.0:
            _once(farm, f"server.set_weight('{one.uuid}', {one.weight}, 'true')")
    for kind, (table, column, shards) in plan.SHARDED.items():
        made = _once(farm, f"sharding.create_definition('{kind}', '{plan.GLOBAL_GROUP}', 'true')")
        mapping = made[0][3]
        _once(farm, f"sharding.add_table({mapping}, '{table}', '{column}', 'true')")
        _once(farm, f"sharding.add_shard({mapping}, '{shards}', 'ENABLED', 'true')")


def _once(farm, command):
    """call(), with its answer kept in farm.json: the second time it is only looked up."""
    answers = farm.data.setdefault("node_calls", {})
    if command not in answers:
        answers[command] = call(farm, command)
        farm.save()
    return answers[command]


def roles(farm):
    """{server name: (status, mode, weight)} as the node says; empty when no node answers."""
    by_uuid = {one.uuid: one.name for one in plan.SERVERS}
    found = {}
    try:
        for group in plan.GROUPS:
            for row in call(farm, f"`group`.lookup_servers('{group}', NULL, NULL, NULL)"):
                if row[0] in by_uuid:
                    found[by_uuid[row[0]]] = (row[2], row[3], row[4])
    except FarmError:
        return {}
    return found


def readmit(farm, one):
    """A running server that the node holds FAULTY becomes SPARE and then SECONDARY. Returns its status."""
    status = _status(farm, one)
    if status == "FAULTY":
        call(farm, f"server.set_status('{one.uuid}', 'SPARE', NULL, 'true')")
        status = "SPARE"
    if status == "SPARE":
        call(farm, f"server.set_status('{one.uuid}', 'SECONDARY', NULL, 'true')")
    if one.galera and not any(role[0] == "PRIMARY" for name, role in roles(farm).items()
                              if plan.server(name).galera):
        call(farm, f"`group`.promote('{one.group}', '{one.uuid}', 'false', 'true')")
    return _status(farm, one)


def _status(farm, one):
    return roles(farm).get(one.name, ("unknown",))[0]


def _asked(farm):
    """A cluster node that can answer now."""
    for one in plan.members(plan.GALERA_GROUP):
        if galera.synced(farm, one):
            return one
    raise FarmError(f"No node of {plan.GALERA_GROUP} answers as part of a majority, so the Fabric node is away:"
                    " `farm status` shows why, `farm start` or `farm up` brings one back.")
