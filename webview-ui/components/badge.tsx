/** A short word or number set apart. */
export function Badge({ text }: { readonly text: string | number }) {
  return <vscode-badge>{text}</vscode-badge>;
}
