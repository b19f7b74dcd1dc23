"""Discord as a platform: events in, one message a request out.

`serving` starts and stops it, `client` takes the events. `translate` and `gathering` turn an
event into an `Interaction` with the conversation around it, `render` lays the reply out and
`sending` brings it to Discord. `buttons` and `pressing` are what happens afterwards, `commands`
and `admin` the slash commands. What every platform does alike is `adapters.messaging`'s; matching,
wording and storage are the core's.
"""
