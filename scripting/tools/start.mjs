// Runs the command line with this process's arguments and streams.

/** Runs `main` of the tools that were loaded; the process's exit code says how it went. */
export async function start({ main }) {
  // Whoever read our output may stop, as `head` does: then there is nobody left to write for.
  process.stdout.on('error', (error) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  process.exitCode = await main(process.argv.slice(2), {
    out: (text) => process.stdout.write(text),
    error: (text) => process.stderr.write(text),
  });
}
