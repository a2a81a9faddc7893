// Diagrams in Mermaid, as pictures in the page: drawn when the site is built, without a browser, in the colours of the page.
import { renderMermaidSVG } from 'beautiful-mermaid'

/** The text with each Mermaid block as a figure. A diagram that cannot be drawn is an error. */
export function withDiagrams(text: string): string {
  return text.replace(/^```mermaid\n([\s\S]*?)^```$/gm, (_, source: string) => figureOf(source))
}

function figureOf(source: string): string {
  const svg = renderMermaidSVG(source)
    // It names fonts of another server and colours of its own: site.css has those of the page.
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/ style="[^"]*"/, '')
    // Turned round twice, the tip at the beginning of a line points into the line, and stands behind the box.
    .replaceAll('orient="auto-start-reverse"', 'orient="auto"')
    .replace('<svg ', `<svg role="img" aria-label="${labelsOf(source)}" `)
  // An empty line would end the HTML in Markdown.
  return `<figure class="diagram">${svg.replace(/\s*\n\s*/g, ' ')}</figure>`
}

/** What stands in the boxes and on the lines, for whoever hears the page. */
function labelsOf(source: string): string {
  const labels = [...source.matchAll(/\[([^\]]+)\]|\{([^}]+)\}|\|([^|]+)\||: (.+)$| as (.+)$/gm)].map(
    ([, ...found]) => {
      return found.find((label) => label !== undefined)!.replaceAll(/<br\/?>/g, ' ')
    },
  )
  return `Diagram: ${labels.join('; ')}`.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}
