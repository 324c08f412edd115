-- :checkhealth lectern
local client = require('lectern.client')
local M = {}

local function check_neovim()
  if vim.fn.has('nvim-0.11') == 1 then
    vim.health.ok('Neovim ' .. tostring(vim.version()))
  elseif vim.fn.has('nvim-0.10') == 1 then
    vim.health.ok(("Neovim %s: start Lectern by require('lectern').enable()"):format(tostring(vim.version())))
  else
    vim.health.error('Neovim is older than 0.10', 'install Neovim 0.11 or later')
  end
end

local function command()
  local config = vim.lsp.config and vim.lsp.config[client.name] or client.config()
  return config and type(config.cmd) == 'table' and config.cmd or client.config().cmd
end

local function check_program()
  local program = command()[1]
  local path = vim.fn.exepath(program)
  if path == '' then
    vim.health.error(('the program `%s` is not found'):format(program), {
      'put `lectern` on the PATH (`go install ./cmd/lectern` in a checkout does)',
      "or name it: vim.g.lectern_server = '/path/to/lectern'",
    })
    return
  end
  local out = vim.system({ path, 'version' }, { text = true }):wait(5000)
  if out.code == 0 then
    vim.health.ok(('%s: %s'):format(path, vim.trim(out.stdout):gsub('\n.*', '')))
  else
    vim.health.error(('`%s version` failed: %s'):format(path, vim.trim(out.stderr or '')), 'is it really Lectern?')
  end
end

local function check_enabled()
  if vim.lsp.is_enabled then
    if vim.lsp.is_enabled(client.name) then
      vim.health.ok('enabled')
    else
      vim.health.warn('not enabled', "put vim.lsp.enable('lectern') into your configuration")
    end
  end
end

local function check_servers()
  local servers = vim.lsp.get_clients({ name = client.name })
  if #servers == 0 then
    vim.health.info('no server is running: it starts with the first Rust file or Cargo.toml')
  end
  for _, server in ipairs(servers) do
    local result, err = client.ask(server, 'workspace/executeCommand', { command = 'lectern.status', arguments = {} }, 5000)
    if not result then
      vim.health.error(('server %d does not answer: %s'):format(server.id, err), 'try :Lectern restart, then :Lectern log')
    else
      vim.health.ok(('server %d:\n%s'):format(server.id, vim.trim(result.text)))
      for _, folder in ipairs(result.folders) do
        for _, problem in ipairs(folder.problems) do
          vim.health.warn(problem)
        end
      end
    end
  end
end

function M.check()
  vim.health.start('lectern')
  check_neovim()
  check_program()
  check_enabled()
  check_servers()
end

return M
