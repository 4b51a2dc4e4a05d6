/**
 * A built page that is opened as a file, without a server, stays empty: browsers load no modules then. A script of the old kind, which
 * they do load, says so in the page.
 */
import { posix } from 'node:path';
import type { HtmlTagDescriptor } from 'vite';

export const NOTICE_FILE = 'assets/opened-as-file.js';

export const NOTICE_CODE = `if (location.protocol === 'file:') {
  const notice = document.createElement('p');
  notice.setAttribute('role', 'alert');
  notice.textContent = 'This page was opened as a file, and browsers run games only from a server. ' +
    '"npm run preview" in the project of the game is one.';
  document.body.prepend(notice);
}
`;

/** The tag for a page at `path` (`/physics/index.html`), where the site lies under `base`. */
export function noticeTag(base: string, path: string): HtmlTagDescriptor {
  const relative = base === '' || base === './';
  const src = relative ? posix.relative(posix.dirname(path), `/${NOTICE_FILE}`) : base + NOTICE_FILE;
  return { tag: 'script', attrs: { src: relative ? `./${src}` : src, defer: true }, injectTo: 'head' };
}
