"""The MkDocs side: the pages of a desk's site, and the plugin that makes them."""
