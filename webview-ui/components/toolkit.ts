import {
  provideVSCodeDesignSystem,
  vsCodeBadge,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDivider,
  vsCodeDropdown,
  vsCodeLink,
  vsCodeOption,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import type { HTMLAttributes } from 'preact';

// Registered while the head's script runs: the toolkit reads the theme on window `load` and never again after it.
provideVSCodeDesignSystem().register(
  vsCodeBadge(),
  vsCodeButton(),
  vsCodeCheckbox(),
  vsCodeDivider(),
  vsCodeDropdown(),
  vsCodeLink(),
  vsCodeOption(),
  vsCodeTextField(),
);

type Custom<Props = object> = HTMLAttributes<HTMLElement> & Props;

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'vscode-badge': Custom;
      'vscode-button': Custom<{ appearance?: 'primary' | 'secondary' | 'icon'; disabled?: boolean }>;
      'vscode-checkbox': Custom<{ checked?: boolean; disabled?: boolean }>;
      'vscode-divider': Custom;
      'vscode-dropdown': Custom<{ disabled?: boolean; position?: 'above' | 'below' }>;
      'vscode-link': Custom<{ href?: string }>;
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
