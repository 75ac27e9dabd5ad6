// A peer that speaks through npm's `jszmq`: ZeroMQ over WebSocket written in JavaScript, without
// libzmq. See session.py for what it can be told.
//
// It knows only the bare subprotocol ZWS2.0. Bound, it echoes whatever subprotocol a client names
// first: whoever connects has to offer ZWS2.0 alone. Besides ws it speaks wss, with --certificate
// and --key (PEM files) to bind and --ca to connect.

"use strict"

const { once } = require("node:events")
const fs = require("node:fs")
const http = require("node:http")
const https = require("node:https")
const tls = require("node:tls")
const jszmq = require("jszmq")
const { Session, fromHex, parse, tell } = require("./session.js")

const TYPES = [
  ...["PAIR", "PUB", "SUB", "REQ", "REP", "DEALER"],
  ...["ROUTER", "PULL", "PUSH", "XPUB", "XSUB"],
]
const RECEIVE_ONLY = ["SUB", "PULL"]

/** Waits where jszmq throws: a REQ that still waits for its answer, a REP without a request. */
class PeerSocket {
  #type
  #socket
  #turn = null

  constructor(type, take) {
    this.#type = type
    this.#socket = jszmq.socket(type.toLowerCase())
    this.#socket.options.reconnectInterval = 20
    this.#socket.on("message", (...frames) => {
      take(frames)
      this.#turn?.()
    })
  }

  async open(options) {
    if (options.identity) this.#socket.options.routingId = options.identity
    for (const topic of fromHex(options.subscribe)) this.#socket.subscribe(topic)
    const endpoints = []
    for (const address of options.bind) endpoints.push(await this.#bind(address, options))
    if (options.ca) tls.setDefaultCACertificates([fs.readFileSync(options.ca, "utf8")])
    for (const address of options.connect) this.#connect(address)
    return endpoints
  }

  /** Listens itself: jszmq would take every interface, and no port 0. */
  async #bind(address, options) {
    const url = new URL(address.replace(/:\*(?=\/|$)/, ":0"))
    const server =
      url.protocol === "wss:"
        ? https.createServer({
            cert: fs.readFileSync(options.certificate),
            key: fs.readFileSync(options.key),
          })
        : http.createServer()
    server.listen(Number(url.port), url.hostname.replace(/[[\]]/g, ""))
    await once(server, "listening")
    url.port = server.address().port
    this.#socket.bind(url.href, server)
    return url.href
  }

  /** Nobody listening yet would be an uncaught error: jszmq leaves that event unheard. */
  #connect(address) {
    this.#socket.connect(address)
    const endpoint = this.#socket.endpoints.at(-1)
    const connect = endpoint.connect
    endpoint.connect = () => {
      connect()
      endpoint.socket.onerror = () => {}
    }
    endpoint.socket.onerror = () => {}
  }

  async send(frames) {
    if (RECEIVE_ONLY.includes(this.#type)) return false
    for (;;) {
      try {
        // A copy, since a ROUTER takes the routing id off what it is given.
        this.#socket.send([...frames])
        return true
      } catch (error) {
        if (!/^cannot send another/.test(error.message)) return false
        await new Promise((resolve) => (this.#turn = resolve))
      }
    }
  }
}

async function main() {
  const text = { type: "string", default: "" }
  const options = parse(TYPES, { certificate: text, key: text, ca: text })
  const socket = new PeerSocket(options.type, (frames) => session.received(frames))
  const session = new Session(socket, options.echo)
  tell({ ready: true, endpoints: await socket.open(options) })
  session.run()
}

main()
