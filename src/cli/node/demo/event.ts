/** What happens in the demo, as `--json` prints it. */
export type Event = { readonly who: string } & (
  | { readonly event: 'note'; readonly text: string }
  | {
      readonly event: 'send'
      readonly to: string
      readonly value: string
      /** As var_to_bytes writes it. */
      readonly bytes: number
      /** Compressed. */
      readonly wire: number
    }
  | { readonly event: 'request'; readonly from: string }
  | { readonly event: 'read'; readonly from: string; readonly value: string }
  | { readonly event: 'problem'; readonly text: string }
  | { readonly event: 'end'; readonly packets: number; readonly bytes: number; readonly wire: number }
)

export type Tell = (event: Event) => void
