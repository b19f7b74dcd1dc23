"""From what a member said to what is searched for, and from what was found to a reply.

`gate` decides whether to speak, `asking` turns an interaction into a query (with `cleaning`,
`kinds` and `topics`), `composing` turns evidence into a reply. All of it is pure functions.
`bot.service` calls `asking` and `composing`, the adapters call `gate`.
"""
