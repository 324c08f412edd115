-- The language client: its configuration, and the requests that the commands make.
local M = {}

M.name = 'lectern'
local filetypes = { 'rust', 'toml' }
local markers = { 'lectern.yaml', 'Cargo.lock', 'Cargo.toml', '.git' }

-- What the server said last of its health, by client id.
local health = {}

--- The folder that a buffer belongs to, or nil where Lectern has nothing to say: of
--- TOML files it reads Cargo.toml alone.
---@param buf integer
---@return string?
function M.root(buf)
  local file = vim.api.nvim_buf_get_name(buf)
  if vim.bo[buf].buftype ~= '' or (vim.bo[buf].filetype == 'toml' and vim.fs.basename(file) ~= 'Cargo.toml') then
    return nil
  end
  for _, marker in ipairs(markers) do
    local root = vim.fs.root(buf, marker)
    if root then
      return root
    end
  end
  return file ~= '' and vim.fs.dirname(file) or vim.uv.cwd()
end

local function capabilities()
  return vim.tbl_deep_extend('force', vim.lsp.protocol.make_client_capabilities(), {
    workspace = { textDocumentContent = { dynamicRegistration = false }, diagnostics = { refreshSupport = true } },
    experimental = { serverStatusNotification = true },
  })
end

local handlers = {}

-- Lessons open in buffers of their own; every other document as Neovim does it.
handlers['window/showDocument'] = function(err, params, context)
  if params and vim.startswith(params.uri, 'lectern:') then
    return { success = require('lectern.page').open(params.uri) }
  end
  return vim.lsp.handlers['window/showDocument'](err, params, context)
end

handlers['workspace/textDocumentContent/refresh'] = function(_, params)
  require('lectern.page').refresh(params and params.uri)
  return vim.NIL
end

-- Neovim 0.12 asks for the diagnostics of the whole workspace then, and leaves those of
-- open buffers as they are.
handlers['workspace/diagnostic/refresh'] = function(_, _, context)
  local server = vim.lsp.get_client_by_id(context.client_id)
  for buf in pairs(server and server.attached_buffers or {}) do
    M.pull(server, buf)
  end
  return vim.NIL
end

handlers['experimental/serverStatus'] = function(_, params, context)
  health[context.client_id] = params
  vim.cmd.redrawstatus({ bang = true })
end

--- The client's configuration, as lsp/lectern.lua gives it.
---@return table
function M.config()
  return {
    cmd = { vim.g.lectern_server or 'lectern', 'serve' },
    filetypes = filetypes,
    root_dir = function(buf, found)
      local root = M.root(buf)
      if root then
        found(root)
      end
    end,
    capabilities = capabilities(),
    handlers = handlers,
    settings = { lectern = {} },
  }
end

--- Starts the server where Neovim has no vim.lsp.enable (before 0.11).
---@param config table
function M.start_on_filetype(config)
  vim.api.nvim_create_autocmd('FileType', {
    group = vim.api.nvim_create_augroup('lectern.start', {}),
    pattern = config.filetypes or filetypes,
    desc = 'Start Lectern',
    callback = function(event)
      local root = M.root(event.buf)
      if not root then
        return
      end
      local whole = vim.tbl_deep_extend('force', M.config(), config, { name = M.name })
      if type(whole.root_dir) ~= 'string' then
        whole.root_dir = root
      end
      vim.lsp.start(whole, { bufnr = event.buf })
    end,
  })
end

--- The running client that is nearest to a buffer: its own, else any.
---@param buf integer?
---@return table?
function M.get(buf)
  return vim.lsp.get_clients({ name = M.name, bufnr = buf or 0 })[1] or vim.lsp.get_clients({ name = M.name })[1]
end

--- The same, with a message where there is none.
---@param buf integer?
---@return table?
function M.need(buf)
  local client = M.get(buf)
  if not client then
    M.say('no server is running: open a Rust file of a project first, or see :checkhealth lectern', vim.log.levels.WARN)
  end
  return client
end

---@param message string
---@param level integer?
function M.say(message, level)
  vim.notify('lectern: ' .. message, level or vim.log.levels.INFO)
end

-- Neovim 0.11 made the methods of clients what they are; before, they took no self.
local modern = vim.fn.has('nvim-0.11') == 1

---@param client table
---@param method string
---@param params table
---@param answered (fun(err: table?, result: any))? Neovim's own handler when it is nil
---@param buf integer?
function M.request(client, method, params, answered, buf)
  local callback = answered and function(err, result)
    answered(err, result)
  end
  if modern then
    client:request(method, params, callback, buf)
  else
    client.request(method, params, callback, buf)
  end
end

--- Asks and waits for the answer; nil and a message when there is none.
---@param client table
---@param method string
---@param params table
---@param milliseconds integer
---@return any result
---@return string? err
function M.ask(client, method, params, milliseconds)
  local answer, err
  if modern then
    answer, err = client:request_sync(method, params, milliseconds)
  else
    answer, err = client.request_sync(method, params, milliseconds, 0)
  end
  if not answer then
    return nil, err or 'no answer'
  end
  if answer.err then
    return nil, answer.err.message
  end
  return answer.result
end

---@param client table
---@param method string
---@param params table
function M.notify(client, method, params)
  if modern then
    client:notify(method, params)
  else
    client.notify(method, params)
  end
end

--- Asks for the diagnostics of a buffer, if the server gives them on request.
---@param client table
---@param buf integer
function M.pull(client, buf)
  local provider = client.server_capabilities and client.server_capabilities.diagnosticProvider
  if provider then
    M.request(client, 'textDocument/diagnostic', {
      identifier = provider.identifier,
      textDocument = vim.lsp.util.make_text_document_params(buf),
    }, nil, buf)
  end
end

--- Runs one of the server's commands.
---@param client table
---@param command string
---@param arguments any[]
---@param answered fun(result: any)?
function M.execute(client, command, arguments, answered)
  M.request(client, 'workspace/executeCommand', { command = command, arguments = arguments }, function(err, result)
    if err then
      M.say(err.message, vim.log.levels.ERROR)
    elseif answered then
      answered(result)
    end
  end)
end

---@param client table
---@param force boolean?
function M.stop(client, force)
  if modern then
    client:stop(force)
  else
    client.stop(force)
  end
end

---@param client table
---@return boolean
function M.stopped(client)
  if modern then
    return client:is_stopped()
  end
  return client.is_stopped()
end

---@return string
function M.status()
  for _, client in ipairs(vim.lsp.get_clients({ name = M.name })) do
    local h = health[client.id]
    if h and h.health ~= 'ok' then
      return ('lectern %s: %s'):format(h.health, h.message or '')
    elseif h and not h.quiescent then
      return 'lectern: reading'
    end
  end
  return ''
end

return M
