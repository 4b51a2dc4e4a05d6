/** Where a script prints when nobody says otherwise: the console, a line at a time. */
export function consoleOutput(): (text: string) => void {
  let open = '';
  return (text) => {
    const lines = (open + text).split('\n');
    open = lines.pop() ?? '';
    for (const line of lines) console.log(line);
  };
}
