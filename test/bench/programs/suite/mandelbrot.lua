-- The Mandelbrot set in size x size points, as a checksum of its bits.

-- 1 where the orbit of a point leaves the circle of radius 2 within 50 steps, else 0.
local function escapes(cr, ci)
  local zi, zrzr, zizi = 0.0, 0.0, 0.0
  for _ = 1, 50 do
    local zr = zrzr - zizi + cr
    zi = 2.0 * zr * zi + ci
    zrzr = zr * zr
    zizi = zi * zi
    if zrzr + zizi > 4.0 then return 1 end
  end
  return 0
end

function run(size)
  local sum, bits, count = 0, 0, 0
  for y = 0, size - 1 do
    local ci = 2.0 * y / size - 1.0
    for x = 0, size - 1 do
      local cr = 2.0 * x / size - 1.5
      bits = (bits << 1) + escapes(cr, ci)
      count = count + 1
      if count == 8 then
        sum = sum ~ bits
        bits, count = 0, 0
      elseif x == size - 1 then
        sum = sum ~ (bits << (8 - count))
        bits, count = 0, 0
      end
    end
  end
  return sum
end
