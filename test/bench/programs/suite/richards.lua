-- The kernel of a small operating system: tasks with priorities that send packets to one another.

local IDLER, WORKER, HANDLER_A, HANDLER_B, DEVICE_A, DEVICE_B = 1, 2, 3, 4, 5, 6
local DEVICE_PACKET, WORK_PACKET = 0, 1
local DATA_SIZE = 4

local function packet(link, identity, kind)
  return { link = link, identity = identity, kind = kind, datum = 0, data = { 0, 0, 0, 0 } }
end

-- The queue with the packet at its end.
local function append(new, queue)
  new.link = nil
  if not queue then return new end
  local last = queue
  while last.link do last = last.link end
  last.link = new
  return queue
end

local Task = {}
Task.__index = Task

function Task.new(link, identity, priority, input, waiting, record, work)
  return setmetatable({
    link = link,
    identity = identity,
    priority = priority,
    input = input,
    packetPending = input ~= nil,
    waiting = waiting,
    holding = false,
    record = record,
    work = work,
  }, Task)
end

function Task:isHoldingOrWaiting()
  return self.holding or (not self.packetPending and self.waiting)
end

function Task:isWaitingWithPacket()
  return self.packetPending and self.waiting and not self.holding
end

-- Takes a packet; the task that is to run then.
function Task:receive(new, running)
  if self.input then
    self.input = append(new, self.input)
    return running
  end
  self.input = new
  self.packetPending = true
  if self.priority > running.priority then return self end
  return running
end

function Task:run()
  local taken = nil
  if self:isWaitingWithPacket() then
    taken = self.input
    self.input = taken.link
    self.packetPending = self.input ~= nil
    self.waiting = false
    self.holding = false
  end
  return self.work(taken, self.record)
end

local Scheduler = {}
Scheduler.__index = Scheduler

function Scheduler.new()
  return setmetatable({ tasks = nil, current = nil, currentIdentity = 0, table = {}, queued = 0, held = 0 }, Scheduler)
end

function Scheduler:schedule()
  self.current = self.tasks
  while self.current do
    if self.current:isHoldingOrWaiting() then
      self.current = self.current.link
    else
      self.currentIdentity = self.current.identity
      self.current = self.current:run()
    end
  end
end

function Scheduler:find(identity)
  return self.table[identity] or error('there is no task ' .. identity)
end

-- Each of these returns the task that is to run next.

function Scheduler:holdSelf()
  self.held = self.held + 1
  self.current.holding = true
  return self.current.link
end

function Scheduler:waitSelf()
  self.current.waiting = true
  return self.current
end

function Scheduler:queue(sent)
  local task = self:find(sent.identity)
  self.queued = self.queued + 1
  sent.link = nil
  sent.identity = self.currentIdentity
  return task:receive(sent, self.current)
end

function Scheduler:release(identity)
  local task = self:find(identity)
  task.holding = false
  if task.priority > self.current.priority then return task end
  return self.current
end

-- The tasks, with what each kind remembers.

function Scheduler:create(identity, priority, input, waiting, record, work)
  self.tasks = Task.new(self.tasks, identity, priority, input, waiting, record, work)
  self.table[identity] = self.tasks
end

function Scheduler:createIdler(priority)
  self:create(IDLER, priority, nil, false, { control = 1, count = 10000 }, function(_, record)
    record.count = record.count - 1
    if record.count == 0 then return self:holdSelf() end
    if record.control & 1 == 0 then
      record.control = record.control >> 1
      return self:release(DEVICE_A)
    end
    record.control = (record.control >> 1) ~ 53256
    return self:release(DEVICE_B)
  end)
end

function Scheduler:createWorker(priority, input)
  self:create(WORKER, priority, input, true, { destination = HANDLER_A, count = 0 }, function(given, record)
    if not given then return self:waitSelf() end
    record.destination = record.destination == HANDLER_A and HANDLER_B or HANDLER_A
    given.identity = record.destination
    given.datum = 0
    for i = 1, DATA_SIZE do
      record.count = record.count + 1
      if record.count > 26 then record.count = 1 end
      given.data[i] = 64 + record.count
    end
    return self:queue(given)
  end)
end

function Scheduler:createHandler(identity, priority, input)
  self:create(identity, priority, input, true, { workIn = nil, deviceIn = nil }, function(given, record)
    if given then
      if given.kind == WORK_PACKET then
        record.workIn = append(given, record.workIn)
      else
        record.deviceIn = append(given, record.deviceIn)
      end
    end
    local work = record.workIn
    if not work then return self:waitSelf() end
    local count = work.datum
    if count >= DATA_SIZE then
      record.workIn = work.link
      return self:queue(work)
    end
    local device = record.deviceIn
    if not device then return self:waitSelf() end
    record.deviceIn = device.link
    device.datum = work.data[count + 1]
    work.datum = count + 1
    return self:queue(device)
  end)
end

function Scheduler:createDevice(identity, priority)
  self:create(identity, priority, nil, true, { pending = nil }, function(given, record)
    if given then
      record.pending = given
      return self:holdSelf()
    end
    local pending = record.pending
    if not pending then return self:waitSelf() end
    record.pending = nil
    return self:queue(pending)
  end)
end

local function devicePackets(device)
  local queue = nil
  for _ = 1, 3 do queue = packet(queue, device, DEVICE_PACKET) end
  return queue
end

function Scheduler:start()
  self:createIdler(0)
  self:createWorker(1000, packet(packet(nil, WORKER, WORK_PACKET), WORKER, WORK_PACKET))
  self:createHandler(HANDLER_A, 2000, devicePackets(DEVICE_A))
  self:createHandler(HANDLER_B, 3000, devicePackets(DEVICE_B))
  self:createDevice(DEVICE_A, 4000)
  self:createDevice(DEVICE_B, 5000)
  self:schedule()
end

-- Packets queued, times 100,000, and tasks held, of all runs together.
function run(times)
  local sum = 0
  for _ = 1, times do
    local scheduler = Scheduler.new()
    scheduler:start()
    sum = sum + 100000 * scheduler.queued + scheduler.held
  end
  return sum
end
