// Links in what the server wrote, and in pages made of it. Plain functions, without VS Code.
import * as path from 'node:path';
import type { Place } from './protocol';

/** Opens a page of the course: its argument is the page's address. */
export const openPageCommand = 'lectern.openPage';
/** Opens a place in the code: its arguments are a URI and a line from 0. */
export const openPlaceCommand = 'lectern.openPlace';
/** Shows the page before. */
export const backCommand = 'lectern.back';

/** The address of a command with arguments. */
export function commandLink(command: string, ...args: unknown[]): string {
  const encoded = encodeURIComponent(JSON.stringify(args)).replace(/[()']/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return `command:${command}?${encoded}`;
}

/**
 * Markdown in which links to pages of the course are links to a command: a hover lets no
 * other scheme through.
 */
export function withCommandLinks(markdown: string): string {
  return markdown.replace(/\]\((lectern:[^)\s]*)\)/g, (_, address: string) => `](${commandLink(openPageCommand, address)})`);
}

/**
 * The HTML of a page in which links to other pages are links to a command, and links that
 * lead neither to a page nor to the web are none. base is the page's own address.
 */
export function withPageLinks(html: string, base: string): string {
  return html.replace(/<a\s[^>]*>/g, (tag) => {
    const href = /\shref="([^"]*)"/.exec(tag)?.[1];
    const target = href === undefined ? undefined : linkTarget(unescapeHtml(href), base);
    return target === undefined ? '<a>' : `<a href="${escapeHtml(target)}">`;
  });
}

// Where a link of the page leads; undefined for nowhere.
function linkTarget(href: string, base: string): string | undefined {
  if (/^(https?|mailto):/i.test(href) || href.startsWith('#')) {
    return href;
  }
  if (href.startsWith('lectern:')) {
    return commandLink(openPageCommand, href);
  }
  if (/^[a-z][a-z0-9+.-]*:/i.test(href)) {
    return undefined;
  }
  const from = base.replace(/^lectern:/, '');
  return commandLink(openPageCommand, `lectern:${path.posix.join(path.posix.dirname(from), href)}`);
}

/** How many places a lesson lists. */
export const mostPlaces = 20;

/** The end of a lesson as HTML: the places in the workspace that it is about. */
export function placesHtml(places: Place[], total: number, relative: (uri: string) => string, title: (hint: string) => string): string {
  if (places.length === 0) {
    return '';
  }
  const items = places.slice(0, mostPlaces).map((p) => {
    const line = p.range.start.line;
    const name = escapeHtml(`${relative(p.uri)}:${line + 1}`);
    return `<li><a href="${escapeHtml(commandLink(openPlaceCommand, p.uri, line))}">${name}</a> ${escapeHtml(title(p.hint))}</li>`;
  });
  if (total > items.length) {
    items.push(`<li>and ${total - items.length} more in the Course view</li>`);
  }
  return `<h2 id="in-your-code">In your code</h2>\n<ul>${items.join('\n')}</ul>\n`;
}

export function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

function unescapeHtml(text: string): string {
  return text.replace(/&quot;/g, '"').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&#39;/g, "'").replace(/&amp;/g, '&');
}
