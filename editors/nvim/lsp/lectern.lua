-- The configuration that `vim.lsp.enable('lectern')` uses (Neovim 0.11 and later).
-- `vim.lsp.config('lectern', { ... })` in your own configuration changes any part.
return require('lectern.client').config()
