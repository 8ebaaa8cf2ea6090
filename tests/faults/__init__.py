"""Fault injection: kills, power loss, failing disks, damage, rival processes, plaintext."""
