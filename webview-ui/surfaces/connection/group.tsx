import type { ComponentChildren } from 'preact';

/** A part of the form under its name. */
export function Group({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <fieldset class="form-group">
      <legend>{title}</legend>
      <div class="form-fields">{children}</div>
    </fieldset>
  );
}
