import { randomBytes } from 'node:crypto';

/** What a webview page is made of; every address is one of the webview's own. */
export interface PanelPage {
  readonly title: string;
  /** `Webview.cspSource`. */
  readonly cspSource: string;
  readonly scriptUri: string;
  /** Theme first, then icons. */
  readonly styleUris: readonly string[];
  /** BCP 47 tag of the editor's language. */
  readonly language: string;
  /** `vscode.l10n.bundle`: English text to translation. */
  readonly bundle: Readonly<Record<string, string>>;
  /** What the page hands back when VS Code restores the panel; no secrets, no values. */
  readonly restore: unknown;
}

/** The page of a panel, under a nonce of its own. The script is deferred in the head: it must run before `load`. */
export function panelHtml(page: PanelPage, nonce: string = randomBytes(16).toString('base64')): string {
  const styles = page.styleUris.map((uri) => `<link rel="stylesheet" href="${escapeAttribute(uri)}">`);
  return `<!DOCTYPE html>
<html lang="${escapeAttribute(page.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeAttribute(contentSecurityPolicy(page.cspSource, nonce))}">
<meta property="csp-nonce" content="${nonce}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeAttribute(page.title)}</title>
${styles.join('\n')}
<script type="application/json" id="l10n">${jsonForHtml({ lang: page.language, bundle: page.bundle })}</script>
<script type="application/json" id="restore">${jsonForHtml(page.restore)}</script>
<script defer nonce="${nonce}" src="${escapeAttribute(page.scriptUri)}"></script>
</head>
<body>
<div id="app"></div>
</body>
</html>
`;
}

/** Nothing but the panel's own files; inline code and styles only under the nonce. */
export function contentSecurityPolicy(cspSource: string, nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `img-src ${cspSource} data:`,
    `font-src ${cspSource}`,
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** JSON that no HTML parser can leave: `<` is escaped, so neither a tag nor a comment can begin in it. */
function jsonForHtml(value: unknown): string {
  return JSON.stringify(value ?? null).replaceAll('<', '\\u003c');
}

function escapeAttribute(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
