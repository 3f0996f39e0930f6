import { count } from '../../cli/text.ts';

/** `3.2 MiB` */
export function bytes(number: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = number;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return unit === 0 ? `${count(number)} bytes` : `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}
