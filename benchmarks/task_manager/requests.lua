-- Sends the requests of a file in turn: a path, a tab, and a body, if there is one.

local requests = {}
local number = 0

function init(arguments)
  local headers = {
    ["Authorization"] = "Bearer " .. arguments[2],
    ["Content-Type"] = "application/json",
    ["If-Match"] = "*",
  }
  for line in io.lines(arguments[1]) do
    local path, body = line:match("^(.-)\t(.*)$")
    local method = body == "" and "GET" or "POST"
    table.insert(requests, wrk.format(method, path, headers, body ~= "" and body or nil))
  end
end

function request()
  number = number % #requests + 1
  return requests[number]
end
