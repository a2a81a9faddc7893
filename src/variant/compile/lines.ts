/** A program as it is written, line by line. */
export class Lines {
  readonly #lines: string[] = []
  #indent = ''

  add(...lines: readonly string[]): void {
    for (const line of lines) this.#lines.push(this.#indent + line)
  }

  open(line: string): void {
    this.add(line)
    this.#indent += '  '
  }

  close(line = '}'): void {
    this.#indent = this.#indent.slice(2)
    this.add(line)
  }

  /** Between two blocks: `} else {`. */
  turn(line: string): void {
    this.close(line)
    this.#indent += '  '
  }

  /** Keeps a place for lines that are known later. */
  hold(): (...lines: readonly string[]) => void {
    const indent = this.#indent
    const place = this.#lines.push('') - 1
    return (...lines) => {
      this.#lines[place] = lines.map((line) => indent + line).join('\n')
    }
  }

  get text(): string {
    return this.#lines.filter((line) => line.trim() !== '').join('\n')
  }
}
