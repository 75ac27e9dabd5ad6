// A peer that speaks through npm's `zeromq`, a libzmq with draft types: see session.py for what it
// can be told. The package shows no routing ids of a PEER; for that type there is libzmq_draft.py.

"use strict"

const dgram = require("node:dgram")
const { once } = require("node:events")
const zmq = require("zeromq")
const draft = require("zeromq/draft")
const { Session, fromHex, parse, tell } = require("./session.js")

const RECEIVE_HIGH_WATER_MARK = 24
const CHANNEL = 20

const CLASSES = {
  PAIR: zmq.Pair,
  PUB: zmq.Publisher,
  SUB: zmq.Subscriber,
  REQ: zmq.Request,
  REP: zmq.Reply,
  DEALER: zmq.Dealer,
  ROUTER: zmq.Router,
  PULL: zmq.Pull,
  PUSH: zmq.Push,
  XPUB: zmq.XPublisher,
  XSUB: zmq.XSubscriber,
  STREAM: zmq.Stream,
  SERVER: draft.Server,
  CLIENT: draft.Client,
  RADIO: draft.Radio,
  DISH: draft.Dish,
  GATHER: draft.Gather,
  SCATTER: draft.Scatter,
  DGRAM: draft.Datagram,
  // The package has no class for it.
  CHANNEL: class extends zmq.Socket {
    constructor() {
      super(CHANNEL)
    }
  },
}

const SEND_ONLY = ["PUB", "PUSH", "RADIO", "SCATTER"]
const RECEIVE_ONLY = ["SUB", "PULL", "DISH", "GATHER"]
const BODY_ONLY = ["CLIENT", "SCATTER", "CHANNEL"]

function routingId(frame) {
  return frame.length === 4 ? frame.readUInt32BE(0) : 0
}

/** Answers libzmq's questions about who may come in (RFC 27). */
async function letIn(users, keys) {
  const handler = new zmq.Reply()
  await handler.bind("inproc://zeromq.zap.01")
  const known = users.map((user) => user.split(":"))
  for (;;) {
    const [, id, , , , mechanism, ...shown] = await handler.receive()
    const isKnown =
      mechanism.toString() === "PLAIN"
        ? known.some(([name, word]) => name === `${shown[0]}` && word === `${shown[1]}`)
        : keys.includes(z85(shown[0]))
    // A user’s name would make libzmq’s REQ drop the connection.
    await handler.send(["1.0", id, isKnown ? "200" : "400", "", "", ""])
  }
}

const LETTERS =
  "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"

function z85(bytes) {
  let text = ""
  for (let at = 0; at < bytes.length; at += 4) {
    const value = bytes.readUInt32BE(at)
    for (let power = 4; power >= 0; power -= 1) {
      text += LETTERS[Math.floor(value / 85 ** power) % 85]
    }
  }
  return text
}

async function withPort(address) {
  if (!/^udp:.*:\*$/.test(address)) return address
  const free = dgram.createSocket("udp4").bind(0, "127.0.0.1")
  await once(free, "listening")
  const { port } = free.address()
  free.close()
  return address.replace(/\*$/, port)
}

/**
 * Whose turn it is at a REQ and a REP. The package gets stuck now and then when one of them waits to
 * send and to receive at the same time.
 */
class Turns {
  #turn
  #waiting = []

  constructor(type) {
    this.#turn = { REQ: "send", REP: "receive" }[type]
  }

  async until(turn) {
    while (this.#turn !== undefined && this.#turn !== turn) {
      await new Promise((resolve) => this.#waiting.push(resolve))
    }
  }

  pass(turn) {
    if (this.#turn !== undefined) this.#turn = turn
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

/** Makes frames of what the package keeps beside a message, as session.py wants it, and back. */
class PeerSocket {
  #type
  #socket
  #turns

  constructor(type) {
    this.#type = type
    this.#turns = new Turns(type)
    this.#socket = new CLASSES[type]()
    this.#socket.linger = 0
    this.#socket.reconnectInterval = 20
    this.#socket.setInt32Option(RECEIVE_HIGH_WATER_MARK, 0)
    if (type === "ROUTER") this.#socket.mandatory = true
    if (type === "PUB" || type === "XPUB") this.#socket.sendHighWaterMark = 0
  }

  async open(options) {
    const socket = this.#socket
    if (options.identity) socket.routingId = options.identity
    if (options.ipv6) socket.ipv6 = true
    if (options.subscribe.length > 0) socket.subscribe(...fromHex(options.subscribe))
    if (options.group.length > 0) socket.join(...fromHex(options.group))
    if (options.user.length + options["client-key"].length > 0) {
      letIn(options.user, options["client-key"])
    }
    for (const pair of options.set) {
      const [number, ...rest] = pair.split("=")
      const value = rest.join("=")
      if (value.startsWith("#")) socket.setBoolOption(Number(number), value === "#1")
      else socket.setStringOption(Number(number), value)
    }
    const endpoints = []
    for (const address of options.bind) {
      const wanted = await withPort(address)
      await socket.bind(wanted)
      // Of udp libzmq tells neither the scheme nor the port that it took.
      endpoints.push(wanted.startsWith("udp:") ? wanted : socket.lastEndpoint)
    }
    for (const address of options.connect) socket.connect(address)
    return endpoints
  }

  async send(frames) {
    try {
      switch (this.#type) {
        case "SERVER":
          if (frames.length !== 2) return false
          await this.#socket.send(frames[1], { routingId: routingId(frames[0]) })
          return true
        case "RADIO":
          if (frames.length !== 2) return false
          await this.#socket.send(frames[1], { group: frames[0] })
          return true
        default:
          if (RECEIVE_ONLY.includes(this.#type)) return false
          if (BODY_ONLY.includes(this.#type) && frames.length !== 1) return false
          await this.#turns.until("send")
          await this.#socket.send(frames)
          this.#turns.pass("receive")
          return true
      }
    } catch (error) {
      if (error.code === undefined) throw error
      return false
    }
  }

  async receiveAll(take) {
    if (SEND_ONLY.includes(this.#type)) return
    for (;;) {
      await this.#turns.until("receive")
      const parts = await this.#socket.receive()
      this.#turns.pass("send")
      if (this.#type === "SERVER") {
        const id = Buffer.alloc(4)
        id.writeUInt32BE(parts[1].routingId)
        take([id, parts[0]])
      } else if (this.#type === "DISH") {
        take([parts[1].group, parts[0]])
      } else {
        take(parts)
      }
    }
  }
}

async function main() {
  const options = parse(Object.keys(CLASSES))
  const socket = new PeerSocket(options.type)
  const session = new Session(socket, options.echo)
  tell({ ready: true, endpoints: await socket.open(options) })
  session.run()
  await socket.receiveAll((frames) => session.received(frames))
}

main()
