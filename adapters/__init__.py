"""What stands between Counterpoint's core and the people who use it.

Each adapter translates an event into an `Interaction`, asks the core once and renders the
reply once. `cli` is the program that operators start; `console` is the platform that needs
nothing but a terminal. Adapters build on `bot.bootstrap` and the value types, never on what
lies below, and never on each other: only `cli`, which starts them, knows the others.
"""
