-- What wrk sends: each request is another customer's checkout, with an idempotency key of its own.
-- The first argument is the file with the customers. Every answer but a 201 ends the measurement.

local body = [[{"address": {"recipient": "Ada", "street": "Long Lane 1",
  "postal_code": "10115", "city": "Berlin", "country": "DE"}}]]
local waiting

local function abandon(reason)
  io.stderr:write(reason, "\n")
  os.exit(1)
end

function init(arguments)
  waiting = io.lines(arguments[1])
end

function request()
  local customer = waiting()
  if not customer then
    abandon("there are no more customers: give fewer --seconds")
  end
  return wrk.format("POST", nil, {
    ["Authorization"] = "Bearer " .. customer:match("%S+"),
    ["Content-Type"] = "application/json",
    ["Idempotency-Key"] = "bench",
  }, body)
end

function response(status, _, text)
  if status ~= 201 then
    abandon(status .. " " .. text)
  end
end
