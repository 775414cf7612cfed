"""How long what we send may be: whoever gets an address or a header that is too long answers with an error for ever."""

LONGEST_ADDRESS = 4000  # bytes; our own proxies take 8 kB for a line, others may take half
LONGEST_HEADER = 4000


def fitting(address: str, otherwise: str) -> str:
    """Return an address that everybody takes, or another one."""
    return address if len(address.encode()) <= LONGEST_ADDRESS else otherwise


def require_short(value: str, most: int, what: str) -> str:
    """Return what is short enough to be sent; raises ValueError, which names what is not, and not its text."""
    if len(value.encode()) > most:
        raise ValueError(f"{what} is longer than {most} bytes")
    return value
