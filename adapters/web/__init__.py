"""The pages in a browser: the reader of the documents, search, and what an operator looks at.

Works without a script, sets nothing on another host, and shows nothing as markup that came from
a document or from a member.
"""
