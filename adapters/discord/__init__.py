"""Discord as a platform: events in, one message a request out.

`serving` starts and stops it, `client` takes the events. `translate` and `gathering` turn an
event into an `Interaction` with the conversation around it, `answering` calls the core once and
`render` lays the reply out, which `sending` brings to Discord. `buttons` and `pressing` are what
happens afterwards, `commands` and `admin` the slash commands. Matching, wording and storage are
the core's.
"""
