/**
 * Animations are pictures of one name and a number, `hero/run-1.png` and so on. Returns those of one, in the order of their
 * numbers; the numbers may begin anywhere, and leave some out.
 */
export function framesOf(animation: string, pictures: Iterable<string>): readonly string[] {
  const numbered = [...pictures].flatMap((name) => {
    const rest = name.startsWith(`${animation}-`) ? name.slice(animation.length + 1) : '';
    const [, number] = /^(\d+)\.png$/.exec(rest) ?? [];
    return number === undefined ? [] : [{ name, number: Number(number) }];
  });
  return numbered.sort((a, b) => a.number - b.number).map(({ name }) => name);
}
