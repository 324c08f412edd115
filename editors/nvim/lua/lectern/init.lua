-- What a configuration calls: `require('lectern')`.
local M = {}

--- Starts Lectern for Rust files and Cargo.toml. With Neovim 0.11 or later it is the
--- same as `vim.lsp.config('lectern', config)` and `vim.lsp.enable('lectern')`; older
--- versions, which have neither, start the server by `vim.lsp.start`.
---@param config table? parts of the client's configuration, as for vim.lsp.config
function M.enable(config)
  if vim.lsp.enable then
    if config then
      vim.lsp.config('lectern', config)
    end
    vim.lsp.enable('lectern')
    return
  end
  require('lectern.client').start_on_filetype(config or {})
end

--- The state of the server for a status line: '' while all is well or no server runs,
--- else a word and what is the matter.
---@return string
function M.status()
  return require('lectern.client').status()
end

return M
