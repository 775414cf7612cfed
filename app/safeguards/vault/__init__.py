"""Keys, sealed parts and signatures: the only room that imports `cryptography`."""
