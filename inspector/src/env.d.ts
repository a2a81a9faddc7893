declare module 'virtual:error-docs' {
  /** The section of each error code in docs/error-codes.md, as Markdown. */
  const docs: Readonly<Record<string, string>>
  export default docs
}
declare module '*.css'
