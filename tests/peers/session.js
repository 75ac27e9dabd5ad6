// What session.py does, for the peers that Node.js runs: commands as JSON on standard input, facts
// on standard output. See there for what a peer can be told.

"use strict"

const { parseArgs } = require("node:util")

const KEPT_MESSAGES = 200
const KEPT_FRAME_BYTES = 4096

function arguments_(types, more = {}) {
  const list = { type: "string", multiple: true, default: [] }
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      bind: list,
      connect: list,
      subscribe: list,
      group: list,
      identity: { type: "string", default: "" },
      set: list,
      user: list,
      "client-key": list,
      ipv6: { type: "boolean", default: false },
      echo: { type: "boolean", default: false },
      ...more,
    },
  })
  const [type, ...rest] = positionals
  if (!types.includes(type) || rest.length > 0) {
    throw new Error(`the type has to be one of ${types.join(", ")}`)
  }
  return { type, ...values }
}

function fromHex(frames = []) {
  return frames.map((frame) => Buffer.from(frame, "hex"))
}

function tell(fact) {
  process.stdout.write(JSON.stringify(fact) + "\n")
}

/** What was received: counted, its sequence numbers checked, the first ones kept. */
class Seen {
  messages = 0
  bytes = 0
  numbered = 0
  missing = 0
  misordered = 0
  kept = []
  #last = -1

  take(frames) {
    this.messages += 1
    this.bytes += frames.reduce((sum, frame) => sum + frame.length, 0)
    if (this.kept.length < KEPT_MESSAGES) {
      this.kept.push(frames.map((frame) => frame.toString("hex", 0, KEPT_FRAME_BYTES)))
    }
    const payload = frames[frames.length - 1]
    if (payload.length < 8) return
    const number = Number(payload.readBigUInt64BE(0))
    this.numbered += 1
    if (number <= this.#last) {
      this.misordered += 1
    } else {
      this.missing += number - this.#last - 1
      this.#last = number
    }
  }
}

/**
 * One socket and the commands about it. Its `send(frames)` resolves to true when the message is on
 * its way and to false when it was refused; until then nothing else is sent.
 */
class Session {
  #socket
  #echo
  #seen = new Seen()
  #out = []
  #awaited = []
  #flushes = 0
  #next = 0
  #sent = 0
  #refused = 0
  #lastId = Buffer.alloc(0)
  #isSending = false
  #input = ""

  constructor(socket, echo) {
    this.#socket = socket
    this.#echo = echo
  }

  run() {
    process.stdin.setEncoding("utf8")
    process.stdin.on("data", (chunk) => {
      const lines = (this.#input + chunk).split("\n")
      this.#input = lines.pop()
      for (const line of lines) {
        if (line.trim()) this.#obey(JSON.parse(line))
      }
    })
    process.stdin.on("end", () => {
      tell(this.#summary())
      process.exit(0)
    })
  }

  received(frames) {
    this.#seen.take(frames)
    this.#lastId = frames[0]
    if (this.#echo) this.#push(frames)
    this.#report()
  }

  #obey(command) {
    const to = command.to_last ? [this.#lastId] : []
    switch (command.do) {
      case "send": {
        const prefix = [...to, ...fromHex(command.prefix)]
        for (let left = command.count; left > 0; left -= 1) {
          const payload = Buffer.alloc(Math.max(8, command.size ?? 64))
          payload.writeBigUInt64BE(BigInt(this.#next))
          this.#next += 1
          this.#push([...prefix, payload])
        }
        break
      }
      case "say":
        this.#push([...to, ...fromHex(command.frames)])
        break
      case "await":
        this.#awaited.push([command.count, Boolean(command.any)])
        break
      case "flushed":
        this.#flushes += 1
        break
      default:
        throw new Error(`unknown command: ${JSON.stringify(command)}`)
    }
    this.#report()
  }

  #push(frames) {
    this.#out.push(frames)
    if (!this.#isSending) this.#send()
  }

  async #send() {
    this.#isSending = true
    while (this.#out.length > 0) {
      if (await this.#socket.send(this.#out[0])) this.#sent += 1
      else this.#refused += 1
      this.#out.shift()
    }
    this.#isSending = false
    this.#report()
  }

  #report() {
    while (this.#awaited.length > 0) {
      const [count, anyKind] = this.#awaited[0]
      const received = anyKind ? this.#seen.messages : this.#seen.numbered
      if (received < count) break
      this.#awaited.shift()
      tell({ received })
    }
    for (; this.#flushes > 0 && this.#out.length === 0; this.#flushes -= 1) {
      tell({ sent: this.#sent })
    }
  }

  #summary() {
    const { messages, kept, ...counts } = this.#seen
    return {
      sent: this.#sent,
      refused: this.#refused,
      unsent: this.#out.length,
      received: messages,
      ...counts,
      messages: kept,
    }
  }
}

module.exports = { Session, fromHex, parse: arguments_, tell }
