import markdownIt from 'markdown-it';
import { localLink } from './local-words.ts';

/**
 * Turns a text widget's markdown into HTML. HTML in it is shown, not obeyed, as in CloudWatch; links open apart, but
 * those into the console, which lead to the same thing in the page.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/add_remove_text_dashboard.html
 */
export function renderMarkdown(text: string): string {
  return renderer.render(text);
}

const renderer = markdownIt({ html: false, linkify: true });

renderer.renderer.rules.link_open = (tokens, index, options, _, self) => {
  const token = tokens[index]!;
  const href = localLink(String(token.attrGet('href')));
  token.attrSet('href', href);
  token.attrSet('rel', 'noreferrer');
  if (!href.startsWith('#')) token.attrSet('target', '_blank');
  // CloudWatch draws `[button:text](link)` and `[button:primary:text](link)` as buttons.
  const label = tokens[index + 1];
  const [button, look] = label?.content.match(/^button:(?:(primary):)?/) ?? [];
  if (label !== undefined && button !== undefined) {
    label.content = label.content.slice(button.length);
    token.attrSet('class', look === undefined ? 'button' : 'button primary');
  }
  return self.renderToken(tokens, index, options);
};

renderer.renderer.rules.code_inline = (tokens, index) => {
  const { content } = tokens[index]!;
  const code = `<code>${renderer.utils.escapeHtml(content)}</code>`;
  return content === 'docs/runbook.md' ? `<a href="#runbook">${code}</a>` : code;
};
