import { errorsOf } from '../errors.js'

export const RELAY_ERRORS = {
  RELAY_BAD_OPTION: (f) => `Option ${f['option']} is ${String(f['value'])}; ${f['expected']}`,
  RELAY_NO_IDENTITY: () =>
    'A relay must know who its peers are: give it tokens or authenticate, or insecure: true on a loopback address',
  RELAY_LISTEN_FAILED: (f) => `Cannot listen on ${f['address']}: ${f['reason']}`,
  RELAY_NATS_FAILED: (f) => `No connection to NATS at ${f['servers']}: ${f['reason']}`,
} as const satisfies Parameters<typeof errorsOf>[0]

export const relayError = errorsOf(RELAY_ERRORS)
