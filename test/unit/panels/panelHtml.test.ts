import assert from 'node:assert/strict';
import { panelHtml, type PanelPage } from '../../../src/extension/panels/panelHtml';

const page: PanelPage = {
  title: 'a "key" <b>&',
  cspSource: 'https://*.vscode-cdn.net',
  scriptUri: 'https://x.test/value.js',
  styleUris: ['https://x.test/theme.css'],
  language: 'de',
  bundle: { Save: '</script><script>alert(1)</script><!--' },
  restore: { key: '</script>' },
};

describe('The page of a panel', () => {
  it('lets in only its own files and what carries its nonce', () => {
    const html = panelHtml(page, 'N');
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1];
    assert.equal(
      policy,
      "default-src 'none'; script-src 'nonce-N'; style-src https://*.vscode-cdn.net 'nonce-N'; " +
        "img-src https://*.vscode-cdn.net data:; font-src https://*.vscode-cdn.net; connect-src 'none'; " +
        "base-uri 'none'; form-action 'none'",
    );
    assert.match(html, /<meta property="csp-nonce" content="N">/);
    assert.match(html, /<script defer nonce="N" src="https:\/\/x\.test\/value\.js">/);
  });

  it('has a nonce of its own each time', () => {
    const nonceOf = (): string => /csp-nonce" content="([^"]+)"/.exec(panelHtml(page))?.[1] ?? '';
    const first = nonceOf();
    assert.equal(Buffer.from(first, 'base64').length, 16);
    assert.notEqual(first, nonceOf());
  });

  it('cannot be left by a translation, a title or what is restored', () => {
    const html = panelHtml(page, 'N');
    assert.equal(html.match(/<script/g)?.length, 3);
    assert.equal(html.match(/<\/script>/g)?.length, 3);
    assert.ok(!html.includes('<!--'));
    assert.match(html, /<title>a &quot;key&quot; &lt;b&gt;&amp;<\/title>/);
  });

  it('carries translations that can be read back', () => {
    const json = /id="l10n">(.*?)<\/script>/.exec(panelHtml(page))?.[1] ?? '';
    assert.deepEqual(JSON.parse(json), { lang: 'de', bundle: page.bundle });
  });
});
