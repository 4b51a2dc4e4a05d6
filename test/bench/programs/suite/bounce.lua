-- Balls that move in a box and count how often they meet a wall.
local core = require 'core'

local LIMIT = 500

local Ball = {}
Ball.__index = Ball

function Ball.new(random)
  local x = random:next() % LIMIT
  local y = random:next() % LIMIT
  local vx = random:next() % 300 - 150
  local vy = random:next() % 300 - 150
  return setmetatable({ x = x, y = y, vx = vx, vy = vy }, Ball)
end

-- Moves, and is true where it met a wall.
function Ball:bounce()
  local bounced = false
  self.x = self.x + self.vx
  self.y = self.y + self.vy
  if self.x > LIMIT then
    self.x = LIMIT
    self.vx = -math.abs(self.vx)
    bounced = true
  end
  if self.x < 0 then
    self.x = 0
    self.vx = math.abs(self.vx)
    bounced = true
  end
  if self.y > LIMIT then
    self.y = LIMIT
    self.vy = -math.abs(self.vy)
    bounced = true
  end
  if self.y < 0 then
    self.y = 0
    self.vy = math.abs(self.vy)
    bounced = true
  end
  return bounced
end

local function bounces()
  local random = core.Random.new()
  local balls, count = {}, 0
  for i = 1, 100 do balls[i] = Ball.new(random) end
  for _ = 1, 50 do
    for _, ball in ipairs(balls) do
      if ball:bounce() then count = count + 1 end
    end
  end
  return count
end

function run(times)
  local sum = 0
  for _ = 1, times do sum = sum + bounces() end
  return sum
end
