/** Free bytes in front of what is written. An enum, since its members become numbers where they are used. */
export enum Room {
  /** Wherever a value is put: what may take more makes room for itself. */
  VALUE = 16,
  /** For the String of a known key (8 bytes and up to LONGEST_KNOWN more), and a value behind it. */
  ENTRY = 88,
}
