"""A Slack on loopback: our own state behind real sockets, for the real slack_sdk and Bolt.

`server` listens, `workspace` is what it knows and `methods` the Web API on that; `socketmode` and
`posting` bring events to the bot, `faults` breaks things on purpose, `contract` and `blockkit`
hold what the bot sent against Slack's documents, `people` are the members who talk to the bot and
`reading` is what they see. `echo` is a plain bot to try it with. Nothing in slack_sdk or Bolt is
replaced.
"""
