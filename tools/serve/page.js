"use strict";
// Every text that a node or a server gave becomes a text node: none of it is ever read as markup.

const pollEvery = 1000, patience = 4000;  // milliseconds
const byId = (id) => document.getElementById(id);
const roles = {PRIMARY: "primary", SECONDARY: "secondary", SPARE: "spare", FAULTY: "faulty"};
const words = {ok: "well", warning: "warning", error: "error", unknown: "not asked yet"};

function make(tag, classes, ...children) {
  const element = document.createElement(tag);
  if (classes) element.className = classes;
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

const shown = new Map();  // what a place shows, as text: what has not changed is left alone
function fill(place, data, build) {
  const text = JSON.stringify(data);
  if (shown.get(place) === text) return;
  shown.set(place, text);
  place.replaceChildren(...build());
}

function setText(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

function clock(iso) {
  const time = iso instanceof Date ? iso : new Date(iso);
  const two = (number) => String(number).padStart(2, "0");
  const text = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(":");
  if (time.toDateString() === new Date().toDateString()) return text;
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${text}`;
}

function duration(milliseconds) {
  if (milliseconds < 1000) return `${milliseconds} ms`;
  if (milliseconds < 60000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${Math.floor(milliseconds / 60000)} min ${Math.round(milliseconds % 60000 / 1000)} s`;
}

const counted = (number, what) => `${number} ${what}${number === 1 ? "" : "s"}`;
const roleOf = (server) => server.unlisted_since ? "faulty" : roles[server.status] || "spare";
const roleText = (server) => server.unlisted_since ? "NOT LISTED" : server.status;
const groupPlace = (name) => "group-" + encodeURIComponent(name);
const healthOf = (server) => make("span", "health " + server.health, words[server.health]);

// How much of a group's reads comes to a server: they go to secondaries by weight.
function readsOf(server, group) {
  const serves = (one, status) => one.status === status && !one.unlisted_since && one.mode.startsWith("READ");
  const secondaries = group.servers.filter((one) => serves(one, "SECONDARY"));
  const serving = secondaries.length ? secondaries : group.servers.filter((one) => serves(one, "PRIMARY"));
  if (!serving.includes(server)) return 0;
  return server.weight / serving.reduce((sum, one) => sum + one.weight, 0);
}

function stateOf(server) {
  if (server.answers === undefined) return [];
  if (!server.answers) return [`no answer since ${clock(server.since)}`];
  const state = [];
  if (server.galera) {
    const quorum = server.galera.cluster === "Primary" ? `size ${server.galera.size}` : server.galera.cluster;
    state.push(`Galera ${server.galera.state}, ${quorum}`);
  }
  if (server.replication) {
    const runs = server.replication.receiving === "Yes" && server.replication.applying === "Yes";
    state.push(runs ? "replicates" : "does not replicate");
  }
  if (server.lags_longer) state.push("more than 2 s behind");
  else if (server.lag_ms !== null) state.push(server.lag_ms < 50 ? "up to date" : `${duration(server.lag_ms)} behind`);
  if (server.read_only) state.push(`read_only ${server.read_only}`);
  return state;
}

function connectionsOf(server) {
  if (!server.answers || server.connections === null) return null;
  return server.max_connections ? `${server.connections} of ${server.max_connections}` : String(server.connections);
}

function bar(share) {
  const inner = make("i");
  inner.style.setProperty("--share", `${Math.round(100 * share)}%`);
  const outer = make("span", "bar", inner);
  outer.setAttribute("aria-hidden", "true");
  return outer;
}

function serverTile(server, group, below) {
  const role = roleOf(server);
  const reads = readsOf(server, group);
  const shape = make("b", "shape " + role);
  shape.setAttribute("aria-hidden", "true");
  const facts = [make("span", "", reads ? bar(reads) : "", `weight ${server.weight}, ${reads ? `${Math.round(100 * reads)} % of` : "no"} reads`)];
  for (const one of stateOf(server)) facts.push(make("span", "", one));
  const connections = connectionsOf(server);
  if (connections) facts.push(make("span", "", `${connections} connections`));
  const mute = server.answers === false;
  const tile = make("li", `server ${server.health} ${role}${below ? " below" : ""}${mute ? " quiet" : ""}`,
    make("div", "line", make("span", "role", shape, roleText(server)), healthOf(server)), make("div", "address", server.address),
    make("div", "facts", ...facts));
  if (server.unlisted_since) tile.append(make("div", "said", `No node lists it since ${clock(server.unlisted_since)}: it is FAULTY, or was removed`));
  for (const finding of server.findings.filter((one) => one.level !== "note")) tile.append(make("div", "said", finding.text));
  tile.title = `${server.uuid}${server.version ? " - " + server.version : ""}, mode ${server.mode}`;
  return tile;
}

const tablesOf = (map) => map.tables.map((one) => one.table).join(", ") || `mapping ${map.mapping_id}`;

function holdsOf(name, maps) {
  const texts = [];
  for (const map of maps) {
    const shards = map.shards.filter((shard) => shard.group === name).map((shard) => shard.shard_id);
    if (shards.length) texts.push(`${shards.length === 1 ? "shard" : "shards"} ${shards.join(", ")} of ${tablesOf(map)}`);
  }
  const global = maps.filter((map) => map.global_group === name).length;
  if (global) texts.push(`global group of ${counted(global, "mapping")}`);
  return texts.join("; ") || "no shards";
}

function groupCard(group, maps) {
  const card = make("article", "group", make("h3", "", "Group " + group.group), make("p", "holds", holdsOf(group.group, maps)));
  card.id = groupPlace(group.group);
  if (group.without_primary_since) {
    card.append(make("p", "without", `No primary that works since ${clock(group.without_primary_since)}`));
  }
  const list = make("ul", "servers");
  list.setAttribute("aria-label", `Servers of group ${group.group}`);
  group.servers.forEach((server, place) => list.append(serverTile(server, group, place > 0)));
  card.append(list);
  return card;
}

function keysOf(map, place) {
  const lower = map.shards[place].lower_bound;
  const next = map.shards[place + 1];
  if (map.type === "HASH") return `hash from ${lower.slice(0, 8)}${lower.length > 8 ? "..." : ""}`;
  return next ? `${lower} to below ${next.lower_bound}` : `${lower} and above`;
}

function mapCard(map) {
  const columns = map.tables.map((one) => `${one.table} (${one.column})`).join(", ") || `mapping ${map.mapping_id}`;
  const global = map.global_group ? `, global group ${map.global_group}` : "";
  const strip = make("ol", map.shards.length > 8 ? "strip many" : "strip");
  map.shards.forEach((shard, place) => {
    const keys = make("span", "keys", keysOf(map, place));
    if (!shard.group) return strip.append(make("li", "disabled", keys, `shard ${shard.shard_id}, disabled`));
    const link = make("a", "", shard.group);
    link.href = "#" + groupPlace(shard.group);
    strip.append(make("li", "", keys, `shard ${shard.shard_id} in `, link));
  });
  return make("article", "map", make("h3", "", columns), make("p", "", map.type + global), strip,
    map.problem ? make("p", "said error", "Cannot be used: " + map.problem) : "");
}

function troubleItem(group, server, finding) {
  const item = make("li", finding.level, make("strong", "", `${server.address} (${roleText(server)} of ${group.group}) `), finding.text);
  if (finding.where) {
    item.append(make("details", "", make("summary", "", "What mends it"), make("div", "", finding.where + (finding.lines ? ":" : "")),
      finding.lines ? make("pre", "", finding.lines) : ""));
  }
  return item;
}

function troublesOf(data) {
  const troubles = [];
  for (const group of data.groups) {
    for (const server of group.servers) {
      for (const finding of server.findings) if (finding.level !== "note") troubles.push([group, server, finding]);
    }
  }
  const rank = ([, , finding]) => finding.level === "error" ? 0 : 1;
  return troubles.sort((a, b) => rank(a) - rank(b));
}

function summarize(data, troubles) {
  const servers = data.groups.flatMap((group) => group.servers);
  const without = data.groups.filter((group) => group.without_primary_since).length;
  const errors = troubles.filter(([, , finding]) => finding.level === "error").length;
  const parts = [];
  if (without) parts.push(`${counted(without, "group")} without a primary`);
  if (errors) parts.push(counted(errors, "error"));
  if (troubles.length - errors) parts.push(counted(troubles.length - errors, "warning"));
  const place = byId("summary");
  const whole = `${counted(servers.length, "server")} in ${counted(data.groups.length, "group")}`;
  if (!data.topology.known) setText(place, "No Fabric node has answered yet");
  else setText(place, parts.length ? `${parts.join(", ")}: ${whole}` : `${whole}, all well`);
  place.className = without || errors || !data.topology.known ? "error" : parts.length ? "warning" : "ok";
  document.title = `${parts.length ? `(${parts.join(", ")}) ` : ""}Farm ${data.farm}`;
}

const row = (...cells) => make("tr", "", ...cells.map((cell) => make("td", "", cell === null ? "-" : cell)));

function showFailovers(data) {
  byId("failovers").hidden = data.failovers.length === 0;
  byId("no-failovers").hidden = data.failovers.length !== 0;
  setText(byId("no-failovers"), `None since ${clock(data.began_at)}, when fabricctl serve began to watch.`);
  fill(byId("failover-rows"), data.failovers, () => data.failovers.map((one) =>
    row(clock(one.at), one.group, make("span", "address", one.from), make("span", "address", one.to),
      one.took_ms === null ? "switched over: the old primary worked" : duration(one.took_ms))));
}

function showTable(data) {
  const rows = data.groups.flatMap((group) => group.servers.map((server) => [group.group, server]));
  const steady = rows.map(([group, server]) => [group, {...server, asked_at: null}]);
  fill(byId("server-rows"), steady, () => rows.map(([group, server]) =>
    row(group, make("span", "address", server.address), roleText(server), server.mode, String(server.weight), healthOf(server),
      stateOf(server).join(", ") || "-", connectionsOf(server), server.version || null)));
}

function showGroups(data) {
  const place = byId("groups");
  const names = data.groups.map((group) => groupPlace(group.group));
  for (const card of [...place.children]) if (!names.includes(card.id)) card.remove();
  data.groups.forEach((group, index) => {
    const steady = {...group, servers: group.servers.map((server) => ({...server, asked_at: null}))};
    const text = JSON.stringify([steady, data.shard_maps]);
    const old = byId(groupPlace(group.group));
    if (old && old.shown === text) return;
    const card = groupCard(group, data.shard_maps);
    card.shown = text;
    if (old) old.replaceWith(card);
    else place.insertBefore(card, place.children[index] || null);
  });
}

function showNodes(data) {
  const {topology} = data;
  const since = topology.answered_at ? ` since ${clock(topology.answered_at)}` : "";
  const problem = topology.problem && `No fresh answer of a Fabric node${since}: ${topology.problem}. Groups and roles are as last told; the servers are asked all the same.`;
  const sharding = topology.sharding_problem && `What the nodes say of shards and roles cannot be used: ${topology.sharding_problem}`;
  byId("nodes").hidden = !problem && !sharding;
  setText(byId("nodes"), [problem, sharding].filter(Boolean).join(" "));
}

function show(data) {
  setText(byId("farm"), data.farm);
  const troubles = troublesOf(data);
  summarize(data, troubles);
  showNodes(data);
  byId("attention").hidden = troubles.length === 0;
  fill(byId("troubles"), troubles.map(([group, server, finding]) => [group.group, server.address, roleText(server), finding]),
    () => troubles.map((one) => troubleItem(...one)));
  showGroups(data);
  byId("sharding").hidden = data.shard_maps.length === 0;
  fill(byId("maps"), data.shard_maps, () => data.shard_maps.map(mapCard));
  showFailovers(data);
  showTable(data);
}

let lastContact = new Date();
let lost = false;

function contact(works) {
  if (works) lastContact = new Date();
  document.body.className = works ? "live" : "lost";
  setText(byId("contact-text"), works ? `live, ${clock(lastContact)}` : `no contact since ${clock(lastContact)}`);
  byId("lost").hidden = works;
  if (!works && !lost) {
    setText(byId("lost"), `No contact to fabricctl serve since ${clock(lastContact)}. What is shown below is from then. It comes back by itself once the program runs again.`);
  }
  lost = !works;
}

async function poll() {
  try {
    const answer = await fetch("snapshot.json", {cache: "no-store", signal: AbortSignal.timeout(patience)});
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    show(await answer.json());
    contact(true);
  } catch (error) {
    contact(false);
  }
  setTimeout(poll, pollEvery);
}
poll();
