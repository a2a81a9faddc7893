/** What the GodotSteam tutorial prints for each P2P_SESSION_ERROR. */
const REASONS: readonly string[] = [
  'no error given',
  'target user not running the same game',
  "local user doesn't own app / game",
  "target user isn't connected to Steam",
  'connection timed out',
  'unused',
]

/**
 * The line that the GodotSteam tutorial prints for a failed session, word for word: logs of a port can be compared.
 *
 * @param session_error as `p2p_session_connect_fail` gives it
 *
 * @example
 * ```ts
 * p2p.on('p2p_session_connect_fail', (id, error) => console.warn(p2pSessionFailureText(id, error)))
 * console.log(p2pSessionFailureText(76561197960287930n, P2P_SESSION_ERROR_TIMEOUT))
 * // WARNING: Session failure with 76561197960287930: connection timed out
 * ```
 */
export function p2pSessionFailureText(remote_steam_id: bigint, session_error: number): string {
  const reason = REASONS[session_error] ?? `unknown error ${session_error}`
  return `WARNING: Session failure with ${remote_steam_id}: ${reason}`
}
