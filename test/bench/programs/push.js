// The pusher: a map of messages of 1 KiB by number, each push adds one and drops the oldest.

const messages = new Map();

export function prepare() {
  messages.clear();
}

/** Keeps `limit` messages at most. */
export function pushMessage(number, limit) {
  const message = new Uint8Array(1024);
  message[0] = number;
  messages.set(number, message);
  if (number >= limit) messages.delete(number - limit);
}

/** The sum of the messages' first bytes. */
export function sum() {
  let total = 0;
  for (const message of messages.values()) total += message[0];
  return total;
}
