/** A link to a page outside; VS Code opens it after its own check. */
export function Link({ href, text }: { readonly href: string; readonly text: string }) {
  return <vscode-link href={href}>{text}</vscode-link>;
}
