import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import type { HTMLAttributes } from 'preact';

// Registered while the head's script runs: the toolkit reads the theme on window `load` and never again after it.
provideVSCodeDesignSystem().register(
  vsCodeButton(),
  vsCodeCheckbox(),
  vsCodeDropdown(),
  vsCodeOption(),
  vsCodeTextField(),
);

type Custom<Props = object> = HTMLAttributes<HTMLElement> & Props;

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'vscode-button': Custom<{ appearance?: 'primary' | 'secondary' | 'icon'; disabled?: boolean }>;
      'vscode-checkbox': Custom<{ checked?: boolean; disabled?: boolean }>;
      'vscode-dropdown': Custom<{ disabled?: boolean; position?: 'above' | 'below' }>;
      'vscode-option': Custom<{ value?: string }>;
      'vscode-text-field': Custom<{
        value?: string;
        placeholder?: string;
        disabled?: boolean;
        readOnly?: boolean;
        maxlength?: number;
      }>;
    }
  }
}
