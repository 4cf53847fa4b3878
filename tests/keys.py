"""The keys of the programs that tests make (``conftest.config_for``), and those that come after them."""

from tenants.crypto import Keyring

KEYRING = Keyring(keys={1: bytes(32)}, index_key=bytes(32))
NEWER = Keyring(keys={**KEYRING.keys, 2: b"2" * 32}, index_key=KEYRING.index_key)
ONLY_NEW = Keyring(keys={2: b"2" * 32}, index_key=KEYRING.index_key)
