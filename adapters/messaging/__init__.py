"""What every chat platform's adapter does alike; knows no platform.

`answering` answers a request, `recording` does what buttons ask for, `administering` what admins
ask for, `attending` tells what went wrong. Each brings views, which an adapter makes (`views`), to
posts, which an adapter sends (`posts`). `reports` and `guides` say what stands in a view that is
no reply. Matching, wording and storage are the core's.
"""
