/** A line between groups. */
export function Divider() {
  return <vscode-divider role="presentation" />;
}
