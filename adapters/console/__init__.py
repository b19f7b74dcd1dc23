"""The terminal as a platform: typed lines in, rendered replies out.

`conversation` translates lines into interactions, `chat` runs the loop, `render` lays a reply
out and `terminal` writes it. Nothing here asks the core more than once for a line. Started by
`adapters.cli`, which also renders single answers with `render`.
"""
