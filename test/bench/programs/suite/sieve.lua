-- The primes up to 5,000, by crossing out multiples.

local function countPrimes(flags, size)
  local count = 0
  for i = 2, size do
    if flags[i] then
      count = count + 1
      for k = i + i, size, i do flags[k] = false end
    end
  end
  return count
end

function run(times)
  local sum = 0
  for _ = 1, times do
    local flags = {}
    for i = 1, 5000 do flags[i] = true end
    sum = sum + countPrimes(flags, 5000)
  end
  return sum
end
