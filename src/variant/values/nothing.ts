/** What Dictionaries become with `dictionaryAs: 'object'`. */
export interface Properties {
  [key: string]: unknown
}

/** The prototype of these objects: it has nothing, never will, and has no prototype itself. */
export const NOTHING: object = /* @__PURE__ */ Object.freeze(/* @__PURE__ */ Object.create(null))

/**
 * Makes objects that inherit nothing at all, so that no key means more than another. `Object.create(null)` makes such ones
 * too, but as hash tables: slow to fill and, for whoever decodes, slow to read.
 */
export const Nothing = /* @__PURE__ */ (() => {
  function VariantObject() {}
  VariantObject.prototype = NOTHING
  return VariantObject as unknown as new () => Properties
})()
