// A network that breaks as it is told, between a phone and the city: a TCP proxy. Pages come from `harness`
// untouched; what goes to the city's interface is cut.
//
// A connection is one or the other by its first request. So the connection of a page's file ends with its
// answer: a browser that kept it would send the city's next request by it, and nothing would cut that.
import net from 'node:net';

const PIECE = 1400;  // bytes

// The head of a request, asking that the connection end with the answer.
const lastRequest = (bytes) => {
  const head = bytes.toString('latin1');
  const last = head.replace(/^connection: .*$/mi, 'Connection: close');
  if (!last.includes('\r\n\r\n') || last === head) throw new Error(`not the whole head of a request: ${head}`);
  return Buffer.from(last, 'latin1');
};

export class CuttingNetwork {
  constructor(city, harnessPort) {
    this.city = city;
    this.harnessPort = harnessPort;
    this.plan = [];       // one entry for each connection: {up, down, replay, stall}; without one it holds
    this.sent = 0;        // bytes from the phone to the city's interface, headers and all
    this.onSent = null;   // called after each of its pieces, with the connection's cut
    this.slow = 0;        // ms for each PIECE from the phone; 0: as fast as it goes
    this.cuts = 0;
    this.replays = 0;
    this.sockets = new Set();
  }

  async start() {
    this.server = net.createServer((phone) => this.#accept(phone));
    await new Promise((resolve) => { this.server.listen(0, '127.0.0.1', resolve); });
    this.url = `http://127.0.0.1:${this.server.address().port}/`;
  }

  async stop() {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => { this.server.close(resolve); });
  }

  // From now on by this plan, with new connections.
  begin(plan) {
    this.plan = plan;
    for (const socket of this.sockets) socket.destroy();
  }

  #track(socket) {
    this.sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.sockets.delete(socket));
    return socket;
  }

  #accept(phone) {
    this.#track(phone);
    phone.once('data', (first) => {
      phone.pause();
      const forCity = /^[A-Z]+ \/(titik|lapor)\//.test(first.toString('latin1', 0, 200));
      const other = this.#track(net.connect(forCity ? this.city.port : this.harnessPort, '127.0.0.1'));
      phone.on('close', () => other.end());
      other.on('close', () => phone.destroy());
      if (forCity) this.#join(phone, other, first);
      else {
        other.write(lastRequest(first));
        phone.pipe(other);
        other.pipe(phone);
      }
      phone.resume();
    });
  }

  // up: the connection ends after so many bytes from the phone; down: after so many from the city;
  // stall: the answers wait so long (ms) before it ends; replay: what was sent is sent once more, by itself.
  #join(phone, city, first) {
    const { up = Infinity, down = Infinity, replay = false, stall = 0 } = this.plan.shift() ?? {};
    let sent = 0;
    let told = 0;
    let over = false;
    const kept = [];
    const cut = () => {
      if (over) return;
      over = true;
      this.cuts += 1;
      phone.destroy();
      city.end();  // what went through arrives
      if (replay) this.#replay(Buffer.concat(kept));
    };
    const fromPhone = (bytes) => {
      if (over) return;
      this.sent += bytes.length;
      const part = bytes.subarray(0, Math.max(0, up - sent));
      sent += bytes.length;
      kept.push(part);
      city.write(part);
      if (sent >= up) cut();
      else this.onSent?.(cut);
    };
    // A link of its own speed: what is not read yet has not left the phone.
    const take = (bytes) => {
      phone.pause();
      fromPhone(bytes.subarray(0, PIECE));
      const rest = bytes.subarray(PIECE);
      setTimeout(() => {
        if (over || phone.destroyed) return;
        if (rest.length) take(rest);
        else phone.resume();
      }, this.slow);
    };
    phone.on('data', (bytes) => (this.slow ? take(bytes) : fromPhone(bytes)));
    city.on('data', (bytes) => {
      if (over) return;
      const part = bytes.subarray(0, Math.max(0, down - told));
      told += bytes.length;
      if (told < down) phone.write(part);
      else if (stall) setTimeout(cut, stall);
      else phone.write(part, cut);
    });
    fromPhone(first);
  }

  #replay(bytes) {
    this.replays += 1;
    const again = this.#track(net.connect(this.city.port, '127.0.0.1'));
    again.on('data', () => {});
    again.end(bytes);
  }
}
