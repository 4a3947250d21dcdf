import type { Page } from 'playwright-core';

/** The four kinds of theme VS Code has, with the colours of its built-in ones. */
export type ThemeKind =
  'vscode-dark' | 'vscode-light' | 'vscode-high-contrast' | 'vscode-high-contrast-light';

const fonts = {
  'font-family': '"Segoe WPC", "Segoe UI", system-ui, "Ubuntu", "Droid Sans", "Liberation Sans", sans-serif',
  'font-weight': 'normal',
  'font-size': '13px',
  'editor-font-family': '"Droid Sans Mono", "DejaVu Sans Mono", monospace',
  'editor-font-weight': 'normal',
  'editor-font-size': '14px',
};

const darkModern = {
  foreground: '#cccccc',
  descriptionForeground: '#9d9d9d',
  errorForeground: '#f85149',
  focusBorder: '#0078d4',
  'editor-background': '#1f1f1f',
  'editor-foreground': '#cccccc',
  'editorWidget-background': '#202020',
  'editorWarning-foreground': '#cca700',
  'editorInfo-foreground': '#3794ff',
  'editor-findMatchHighlightBackground': 'rgba(234, 92, 0, 0.33)',
  'panel-border': '#2b2b2b',
  'button-background': '#0078d4',
  'button-foreground': '#ffffff',
  'button-hoverBackground': '#026ec1',
  'button-border': 'rgba(255, 255, 255, 0.07)',
  'button-secondaryBackground': '#313131',
  'button-secondaryForeground': '#cccccc',
  'button-secondaryHoverBackground': '#3c3c3c',
  'input-background': '#313131',
  'input-foreground': '#cccccc',
  'input-border': '#3c3c3c',
  'input-placeholderForeground': '#989898',
  'inputValidation-errorBorder': '#be1100',
  'dropdown-background': '#313131',
  'dropdown-border': '#3c3c3c',
  'dropdown-foreground': '#cccccc',
  'checkbox-background': '#313131',
  'checkbox-border': '#3c3c3c',
  'checkbox-foreground': '#cccccc',
  'badge-background': '#616161',
  'badge-foreground': '#f8f8f8',
  'list-hoverBackground': '#2a2d2e',
  'list-activeSelectionBackground': '#04395e',
  'list-activeSelectionForeground': '#ffffff',
  'list-inactiveSelectionBackground': '#37373d',
  'textLink-foreground': '#4daafc',
  'textLink-activeForeground': '#4daafc',
  'charts-blue': '#3794ff',
  'charts-yellow': '#cca700',
  'charts-red': '#f14c4c',
  'charts-green': '#89d185',
  'scrollbarSlider-background': 'rgba(121, 121, 121, 0.4)',
};

const lightModern: typeof darkModern = {
  foreground: '#3b3b3b',
  descriptionForeground: '#3b3b3b',
  errorForeground: '#f85149',
  focusBorder: '#005fb8',
  'editor-background': '#ffffff',
  'editor-foreground': '#3b3b3b',
  'editorWidget-background': '#f8f8f8',
  'editorWarning-foreground': '#bf8803',
  'editorInfo-foreground': '#1a85ff',
  'editor-findMatchHighlightBackground': 'rgba(234, 92, 0, 0.33)',
  'panel-border': '#e5e5e5',
  'button-background': '#005fb8',
  'button-foreground': '#ffffff',
  'button-hoverBackground': '#0258a8',
  'button-border': 'rgba(0, 0, 0, 0.1)',
  'button-secondaryBackground': '#e5e5e5',
  'button-secondaryForeground': '#3b3b3b',
  'button-secondaryHoverBackground': '#cccccc',
  'input-background': '#ffffff',
  'input-foreground': '#3b3b3b',
  'input-border': '#cecece',
  'input-placeholderForeground': '#767676',
  'inputValidation-errorBorder': '#be1100',
  'dropdown-background': '#ffffff',
  'dropdown-border': '#cecece',
  'dropdown-foreground': '#3b3b3b',
  'checkbox-background': '#f8f8f8',
  'checkbox-border': '#cecece',
  'checkbox-foreground': '#3b3b3b',
  'badge-background': '#cccccc',
  'badge-foreground': '#3b3b3b',
  'list-hoverBackground': '#f2f2f2',
  'list-activeSelectionBackground': '#e8e8e8',
  'list-activeSelectionForeground': '#000000',
  'list-inactiveSelectionBackground': '#e4e6f1',
  'textLink-foreground': '#005fb8',
  'textLink-activeForeground': '#005fb8',
  'charts-blue': '#1a85ff',
  'charts-yellow': '#bf8803',
  'charts-red': '#e51400',
  'charts-green': '#388a34',
  'scrollbarSlider-background': 'rgba(100, 100, 100, 0.4)',
};

/** High contrast themes leave out what they do not colour: the page must not rely on it. */
const highContrast = {
  contrastBorder: '#6fc3df',
  contrastActiveBorder: '#f38518',
  foreground: '#ffffff',
  descriptionForeground: 'rgba(255, 255, 255, 0.7)',
  errorForeground: '#f48771',
  focusBorder: '#f38518',
  'editor-background': '#000000',
  'editor-foreground': '#ffffff',
  'editorWidget-background': '#0c141f',
  'editorWarning-foreground': '#ffd370',
  'editorInfo-foreground': '#3794ff',
  'panel-border': '#6fc3df',
  'button-foreground': '#ffffff',
  'button-border': '#6fc3df',
  'button-secondaryForeground': '#ffffff',
  'input-background': '#000000',
  'input-foreground': '#ffffff',
  'input-border': '#6fc3df',
  'input-placeholderForeground': 'rgba(255, 255, 255, 0.7)',
  'inputValidation-errorBorder': '#6fc3df',
  'dropdown-background': '#000000',
  'dropdown-border': '#6fc3df',
  'dropdown-foreground': '#ffffff',
  'checkbox-background': '#000000',
  'checkbox-border': '#6fc3df',
  'checkbox-foreground': '#ffffff',
  'badge-background': '#000000',
  'badge-foreground': '#ffffff',
  'list-hoverBackground': 'rgba(255, 255, 255, 0.1)',
  'textLink-foreground': '#21a6ff',
  'textLink-activeForeground': '#21a6ff',
  'charts-blue': '#3794ff',
  'charts-yellow': '#ffd370',
  'charts-red': '#f48771',
  'charts-green': '#89d185',
  'scrollbarSlider-background': 'rgba(111, 195, 223, 0.6)',
};

const highContrastLight: typeof highContrast = {
  contrastBorder: '#0f4a85',
  contrastActiveBorder: '#006bbd',
  foreground: '#292929',
  descriptionForeground: 'rgba(41, 41, 41, 0.7)',
  errorForeground: '#b5200d',
  focusBorder: '#006bbd',
  'editor-background': '#ffffff',
  'editor-foreground': '#292929',
  'editorWidget-background': '#ffffff',
  'editorWarning-foreground': '#895503',
  'editorInfo-foreground': '#1a85ff',
  'panel-border': '#0f4a85',
  'button-foreground': '#ffffff',
  'button-border': '#0f4a85',
  'button-secondaryForeground': '#292929',
  'input-background': '#ffffff',
  'input-foreground': '#292929',
  'input-border': '#0f4a85',
  'input-placeholderForeground': 'rgba(41, 41, 41, 0.7)',
  'inputValidation-errorBorder': '#0f4a85',
  'dropdown-background': '#ffffff',
  'dropdown-border': '#0f4a85',
  'dropdown-foreground': '#292929',
  'checkbox-background': '#ffffff',
  'checkbox-border': '#0f4a85',
  'checkbox-foreground': '#292929',
  'badge-background': '#0f4a85',
  'badge-foreground': '#ffffff',
  'list-hoverBackground': 'rgba(15, 74, 133, 0.1)',
  'textLink-foreground': '#0f4a85',
  'textLink-activeForeground': '#0f4a85',
  'charts-blue': '#1a85ff',
  'charts-yellow': '#895503',
  'charts-red': '#b5200d',
  'charts-green': '#374e06',
  'scrollbarSlider-background': 'rgba(15, 74, 133, 0.4)',
};

const colours: Readonly<Record<ThemeKind, Readonly<Record<string, string>>>> = {
  'vscode-dark': darkModern,
  'vscode-light': lightModern,
  'vscode-high-contrast': highContrast,
  // Buttons of this one theme have a colour of their own.
  'vscode-high-contrast-light': {
    ...highContrastLight,
    'button-background': '#0f4a85',
    'button-secondaryBackground': '#ffffff',
  },
};

/** Every kind of theme. */
export const themeKinds: readonly ThemeKind[] = [
  'vscode-dark',
  'vscode-light',
  'vscode-high-contrast',
  'vscode-high-contrast-light',
];

/** The page as VS Code hands it to the browser: its variables and default style first, its classes on the body. */
export function inTheme(html: string, theme: ThemeKind): string {
  const set = Object.entries(variables(theme)).map(([name, value]) => `${name}: ${value};`);
  const base = `html{${set.join('')}}
    body{margin:0;padding:0 20px;background:var(--vscode-editor-background);color:var(--vscode-editor-foreground);
    font-family:var(--vscode-font-family);font-weight:var(--vscode-font-weight);font-size:var(--vscode-font-size)}`;
  // A style before the policy is not bound by it.
  return html
    .replace('<head>', `<head><style>${base}</style>`)
    .replace('<body>', `<body class="${theme}" data-vscode-theme-kind="${theme}">`);
}

/** Changes the theme of an open page, as VS Code does when a person chooses another. */
export async function changeTheme(page: Page, theme: ThemeKind): Promise<void> {
  const unset = Object.fromEntries(
    themeKinds.flatMap((each) => Object.keys(variables(each)).map((name) => [name, 'initial'])),
  );
  await page.evaluate(putOn, { theme, values: { ...unset, ...variables(theme) } });
}

/** Runs in the page; ends when the controls, which are told of the class, have been drawn anew. */
function putOn({ theme, values }: { theme: string; values: Record<string, string> }): Promise<void> {
  for (const [name, value] of Object.entries(values)) document.documentElement.style.setProperty(name, value);
  document.body.dataset['vscodeThemeKind'] = theme;
  document.body.className = theme;
  return new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
  });
}

function variables(theme: ThemeKind): Record<string, string> {
  const all = Object.entries({ ...fonts, ...colours[theme] });
  return Object.fromEntries(all.map(([name, value]) => [`--vscode-${name}`, value]));
}
