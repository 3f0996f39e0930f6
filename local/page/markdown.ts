import markdownIt from 'markdown-it';

/**
 * Turns a text widget's markdown into HTML. HTML in it is shown, not obeyed, as in CloudWatch; links open apart.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/add_remove_text_dashboard.html
 */
export function renderMarkdown(text: string): string {
  return renderer.render(text);
}

const renderer = markdownIt({ html: false, linkify: true });

renderer.renderer.rules.link_open = (tokens, index, options, _, self) => {
  const token = tokens[index]!;
  token.attrSet('rel', 'noreferrer');
  if (!String(token.attrGet('href')).startsWith('#')) token.attrSet('target', '_blank');
  // CloudWatch draws `[button:text](link)` and `[button:primary:text](link)` as buttons.
  const label = tokens[index + 1];
  const [button, look] = label?.content.match(/^button:(?:(primary):)?/) ?? [];
  if (label !== undefined && button !== undefined) {
    label.content = label.content.slice(button.length);
    token.attrSet('class', look === undefined ? 'button' : 'button primary');
  }
  return self.renderToken(tokens, index, options);
};
