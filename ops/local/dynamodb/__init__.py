"""The DynamoDB calls that every message and every look at the console makes, on moto's tables but past its parsers.

moto parses each expression anew, and its expressions and responses cost milliseconds. What is unusual goes
to moto: it answers every call that this package declines with UnsupportedError.
"""
