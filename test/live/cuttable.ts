import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** A web server whose connections can be cut without a word to either end. */
export async function cuttableServer() {
  const http = createServer()
  const sockets = new Set<Socket>()
  http.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  /** Cuts all that there are. */
  const cut = () => {
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  }
  return { http, sockets, cut, url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}` }
}
