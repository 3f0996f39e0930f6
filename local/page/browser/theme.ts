/** Colours of the page as it looks now, for charts, which take no style sheet. */
export interface Palette {
  readonly ink: string;
  readonly muted: string;
  readonly grid: string;
  readonly card: string;
  readonly alarm: string;
  readonly series: readonly string[];
}

export function palette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: read('ink'),
    muted: read('muted'),
    grid: read('grid'),
    card: read('card'),
    alarm: read('alarm'),
    series: read('series').split(/\s+/),
  };
}

/** Keeps the page light or dark, as chosen or as the system is. @param changed is told when it has changed */
export function keepTheme(chooser: HTMLSelectElement, changed: () => void): void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    document.documentElement.dataset.theme = chooser.value || (system.matches ? 'dark' : 'light');
    changed();
  };
  chooser.value = localStorage.getItem('theme') ?? '';
  chooser.addEventListener('change', () => {
    localStorage.setItem('theme', chooser.value);
    apply();
  });
  system.addEventListener('change', apply);
  apply();
}
