// Peers of the Guide's protocols through npm's `zeromq`: Majordomo (RFC 7, RFC 18), Titanic (RFC 9),
// Paranoid Pirate (RFC 6) and Clone (RFC 12). `guide.js ROLE ENDPOINT…` prints one JSON fact a line.

"use strict"

const zmq = require("zeromq")

const UUID = Buffer.from("000102030405060708090a0b0c0d0e0f", "hex")

function tell(fact) {
  process.stdout.write(`${JSON.stringify(fact)}\n`)
}

function ready(endpoints = []) {
  tell({ ready: true, endpoints })
}

function open(Type, endpoint, options = {}) {
  const socket = new Type({ linger: 0, ...options })
  socket.connect(endpoint)
  ready()
  return socket
}

function sequence(number) {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(number))
  return bytes
}

/** Asks for each service in turn: `service=body`, further bodies behind more equal signs. */
async function client1(endpoint, ...calls) {
  const socket = open(zmq.Request, endpoint)
  for (const call of calls) {
    const [service, ...bodies] = call.split("=")
    await socket.send(["MDPC01", service, ...bodies])
    const reply = await socket.receive()
    tell({ reply: reply.map(String) })
  }
}

async function client2(endpoint, service, body) {
  const socket = open(zmq.Dealer, endpoint)
  await socket.send(["MDPC02", Buffer.of(1), service, body])
  for (;;) {
    const reply = await socket.receive()
    tell({ reply: reply.slice(2).map(String) })
    if (reply[1][0] === 3) return
  }
}

/** Answers each request with its body turned around; of version 0.2 in two parts. */
async function worker(endpoint, service, version) {
  const socket = open(zmq.Dealer, endpoint)
  const front = version === "1" ? ["", "MDPW01"] : ["MDPW02"]
  const [heartbeat, disconnect] = version === "1" ? [4, 5] : [5, 6]
  await socket.send([...front, Buffer.of(1), service])
  for (;;) {
    const frames = (await socket.receive()).slice(front.length)
    const command = frames[0][0]
    if (command === heartbeat) await socket.send([...front, Buffer.of(heartbeat)])
    else if (command === disconnect) return tell({ ended: true })
    else {
      const [, client, , body] = frames
      const turned = [...String(body)].reverse().join("")
      if (version === "1") await socket.send([...front, Buffer.of(3), client, "", turned])
      else {
        await socket.send([...front, Buffer.of(3), client, "", turned.slice(0, 2)])
        await socket.send([...front, Buffer.of(4), client, "", turned.slice(2)])
      }
    }
  }
}

async function pirate(endpoint) {
  const socket = open(zmq.Dealer, endpoint, { routingId: "7A1C-04F2" })
  await socket.send([Buffer.of(1)])
  await socket.send([Buffer.of(2)])
  for (;;) await socket.receive()
}

/** Gives one snapshot, then publishes changes; then takes changes of a client. */
async function cloneServer(endpoint) {
  const snapshots = new zmq.Router({ linger: 0 })
  const publisher = new zmq.Publisher({ linger: 0 })
  const collector = new zmq.Subscriber({ linger: 0 })
  collector.subscribe()
  for (const socket of [snapshots, publisher, collector]) await socket.bind(endpoint)
  ready([snapshots.lastEndpoint, publisher.lastEndpoint, collector.lastEndpoint])
  const [id, , subtree] = await snapshots.receive()
  await snapshots.send([id, "/client/1", sequence(1), "", "", "one"])
  await snapshots.send([id, "KTHXBAI", sequence(1), "", "", subtree])
  await collector.receive()
  for (;;) {
    await publisher.send(["HUGZ", sequence(0), "", "", ""])
    await publisher.send(["/client/1", sequence(2), UUID, "ttl=30\n", "two"])
    await publisher.send(["/client/1", sequence(3), UUID, "", ""])
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const ROLES = { client1, client2, worker, pirate, cloneServer }
const [role, ...rest] = process.argv.slice(2)

ROLES[role](...rest)
