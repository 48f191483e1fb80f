/** A code as people read it: 047 12 345. */
export function grouped(digits: string): string {
  return `${digits.slice(0, 3)} ${digits.slice(3, 5)} ${digits.slice(5)}`;
}

/** A code for a screen reader: each digit by itself. */
export function spoken(digits: string): string {
  return [...digits].join(" ");
}
