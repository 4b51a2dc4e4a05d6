// The kernel of a small operating system: tasks with priorities that send packets to one another.

const IDLER = 0;
const WORKER = 1;
const HANDLER_A = 2;
const HANDLER_B = 3;
const DEVICE_A = 4;
const DEVICE_B = 5;
const TASKS = 6;

const DEVICE_PACKET = 0;
const WORK_PACKET = 1;
const DATA_SIZE = 4;

class Packet {
  constructor(link, identity, kind) {
    this.link = link;
    this.identity = identity;
    this.kind = kind;
    this.datum = 0;
    this.data = new Array(DATA_SIZE).fill(0);
  }
}

/** The queue with the packet at its end. */
function append(packet, queue) {
  packet.link = null;
  if (queue === null) return packet;
  let last = queue;
  while (last.link !== null) last = last.link;
  last.link = packet;
  return queue;
}

// What each kind of task remembers.

class DeviceRecord {
  constructor() {
    this.pending = null;
  }
}

class HandlerRecord {
  constructor() {
    this.workIn = null;
    this.deviceIn = null;
  }
}

class IdleRecord {
  constructor() {
    this.control = 1;
    this.count = 10000;
  }
}

class WorkerRecord {
  constructor() {
    this.destination = HANDLER_A;
    this.count = 0;
  }
}

class TaskState {
  constructor(packetPending, waiting) {
    this.packetPending = packetPending;
    this.waiting = waiting;
    this.holding = false;
  }

  setRunning() {
    this.packetPending = false;
    this.waiting = false;
    this.holding = false;
  }

  setPacketPending() {
    this.packetPending = true;
    this.waiting = false;
    this.holding = false;
  }

  isHoldingOrWaiting() {
    return this.holding || (!this.packetPending && this.waiting);
  }

  isWaitingWithPacket() {
    return this.packetPending && this.waiting && !this.holding;
  }
}

class Task extends TaskState {
  constructor(link, identity, priority, input, waiting, record, work) {
    super(input !== null, waiting);
    this.link = link;
    this.identity = identity;
    this.priority = priority;
    this.input = input;
    this.record = record;
    this.work = work;
  }

  /** Takes a packet; the task that is to run then. */
  receive(packet, running) {
    if (this.input === null) {
      this.input = packet;
      this.packetPending = true;
      if (this.priority > running.priority) return this;
    } else {
      this.input = append(packet, this.input);
    }
    return running;
  }

  run() {
    let packet = null;
    if (this.isWaitingWithPacket()) {
      packet = this.input;
      this.input = packet.link;
      if (this.input === null) this.setRunning();
      else this.setPacketPending();
    }
    return this.work(packet, this.record);
  }
}

class Scheduler {
  constructor() {
    this.tasks = null;
    this.current = null;
    this.currentIdentity = 0;
    this.table = new Array(TASKS).fill(null);
    this.queued = 0;
    this.held = 0;
  }

  start() {
    this.createIdler(0);
    this.createWorker(1000, new Packet(new Packet(null, WORKER, WORK_PACKET), WORKER, WORK_PACKET));
    this.createHandler(HANDLER_A, 2000, devicePackets(DEVICE_A));
    this.createHandler(HANDLER_B, 3000, devicePackets(DEVICE_B));
    this.createDevice(DEVICE_A, 4000);
    this.createDevice(DEVICE_B, 5000);
    this.schedule();
  }

  schedule() {
    this.current = this.tasks;
    while (this.current !== null) {
      if (this.current.isHoldingOrWaiting()) {
        this.current = this.current.link;
      } else {
        this.currentIdentity = this.current.identity;
        this.current = this.current.run();
      }
    }
  }

  create(identity, priority, input, waiting, record, work) {
    this.tasks = new Task(this.tasks, identity, priority, input, waiting, record, work);
    this.table[identity] = this.tasks;
  }

  createIdler(priority) {
    this.create(IDLER, priority, null, false, new IdleRecord(), (_packet, record) => {
      record.count -= 1;
      if (record.count === 0) return this.holdSelf();
      if ((record.control & 1) === 0) {
        record.control >>= 1;
        return this.release(DEVICE_A);
      }
      record.control = (record.control >> 1) ^ 53256;
      return this.release(DEVICE_B);
    });
  }

  createWorker(priority, input) {
    this.create(WORKER, priority, input, true, new WorkerRecord(), (packet, record) => {
      if (packet === null) return this.waitSelf();
      record.destination = record.destination === HANDLER_A ? HANDLER_B : HANDLER_A;
      packet.identity = record.destination;
      packet.datum = 0;
      for (let i = 0; i < DATA_SIZE; i++) {
        record.count += 1;
        if (record.count > 26) record.count = 1;
        packet.data[i] = 65 + record.count - 1;
      }
      return this.queue(packet);
    });
  }

  createHandler(identity, priority, input) {
    this.create(identity, priority, input, true, new HandlerRecord(), (packet, record) => {
      if (packet !== null) {
        if (packet.kind === WORK_PACKET) record.workIn = append(packet, record.workIn);
        else record.deviceIn = append(packet, record.deviceIn);
      }
      const work = record.workIn;
      if (work === null) return this.waitSelf();
      const count = work.datum;
      if (count >= DATA_SIZE) {
        record.workIn = work.link;
        return this.queue(work);
      }
      const device = record.deviceIn;
      if (device === null) return this.waitSelf();
      record.deviceIn = device.link;
      device.datum = work.data[count];
      work.datum = count + 1;
      return this.queue(device);
    });
  }

  createDevice(identity, priority) {
    this.create(identity, priority, null, true, new DeviceRecord(), (packet, record) => {
      if (packet !== null) {
        record.pending = packet;
        return this.holdSelf();
      }
      const pending = record.pending;
      if (pending === null) return this.waitSelf();
      record.pending = null;
      return this.queue(pending);
    });
  }

  find(identity) {
    const task = this.table[identity];
    if (task === null) throw new Error(`there is no task ${identity}`);
    return task;
  }

  // Each of these returns the task that is to run next.

  holdSelf() {
    this.held += 1;
    this.current.holding = true;
    return this.current.link;
  }

  waitSelf() {
    this.current.waiting = true;
    return this.current;
  }

  queue(packet) {
    const task = this.find(packet.identity);
    this.queued += 1;
    packet.link = null;
    packet.identity = this.currentIdentity;
    return task.receive(packet, this.current);
  }

  release(identity) {
    const task = this.find(identity);
    task.holding = false;
    return task.priority > this.current.priority ? task : this.current;
  }
}

function devicePackets(device) {
  let queue = null;
  for (let i = 0; i < 3; i++) queue = new Packet(queue, device, DEVICE_PACKET);
  return queue;
}

/** Packets queued, times 100,000, and tasks held, of all runs together. */
export function run(times) {
  let sum = 0;
  for (let i = 0; i < times; i++) {
    const scheduler = new Scheduler();
    scheduler.start();
    sum += 100_000 * scheduler.queued + scheduler.held;
  }
  return sum;
}
