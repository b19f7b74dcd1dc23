"""A Discord on loopback: simcord's backend behind real sockets, for the real discord.py.

`server` speaks REST and `gateway` the websocket; `faults` breaks things on purpose, `contract`
holds what the bot sent against Discord's OpenAPI document, and `people` are the members who
talk to the bot. Nothing in discord.py is replaced.
"""
